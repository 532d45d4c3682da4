//! `metaprop scan`: results of a part of the studies, held against subgroups, leave-one-out and meta-regressions.

use metaprop::data::{Manuscript, ManuscriptFormat};
use metaprop::published::scan::{PartKind, ScannedResult};
use metaprop::report::ScanReport;
use metaprop::{MetaAnalysis, Project};

use crate::common::program::{Bench, fits_its_schema};

const SERIES: &str = "study,events,total,subtype,design,dose\n\
    Rossi 2011,8,32,alopecia totalis,retrospective,5\nBlanco 2012,9,30,alopecia totalis,prospective,5\n\
    Weiss 2013,7,28,alopecia totalis,retrospective,10\nNoir 2014,14,40,alopecia totalis,prospective,10\n\
    Verde 2015,12,38,alopecia totalis,retrospective,15\nGrau 2016,11,25,alopecia totalis,prospective,15\n\
    Silva 2017,31,66,patchy,retrospective,5\nKuroda 2018,18,30,patchy,prospective,10\n\
    Lindt 2019,22,35,patchy,retrospective,10\nMoreau 2020,28,52,patchy,prospective,15\n\
    Novak 2021,19,41,patchy,retrospective,20\n";
const ANALYSIS: &str = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"series.csv\"\n[analysis]\nprofile = \"dl-wald\"\n\
    [[outcome]]\nid = \"good\"\ntitle = \"Good regrowth\"\nevents = \"events\"\ntotal = \"total\"\n\
    subgroup = [\"subtype\", \"design\"]\nmods = [\"dose\"]\n";

fn bench() -> Bench {
    Bench::with(&[("series.csv", SERIES), ("a.toml", ANALYSIS)])
}

fn project(bench: &Bench) -> Project {
    Project::open(bench.path().join("a.toml")).expect("an analysis")
}

/// `35.2% (95% CI 20.1-52.0)`.
fn printed(of: &MetaAnalysis) -> String {
    let [lower, upper] = of.pooled().shown_limits().map(|limit| 100.0 * limit.expect("a limit"));
    format!("{:.1}% (95% CI {lower:.1}-{upper:.1})", 100.0 * of.pooled().estimate)
}

fn scanned(project: &Project, text: &str) -> ScanReport {
    let manuscript = Manuscript::parse(text.as_bytes(), "a.txt", ManuscriptFormat::Text).expect("a text");
    project.scan(&manuscript).expect("a report")
}

/// The verdict, the kind of part and its name, of the one result of a text.
fn verdict(project: &Project, text: &str) -> (String, Option<(PartKind, String)>) {
    let report = scanned(project, text);
    let [one]: &[ScannedResult] = report.results() else { panic!("{text}: {report}") };
    (one.verdict.key().to_string(), one.part.as_ref().map(|part| (part.kind, part.name.clone())))
}

fn about(kind: PartKind, name: &str) -> Option<(PartKind, String)> {
    Some((kind, name.to_string()))
}

#[test]
fn a_level_of_subgroups_is_known_by_its_name_and_its_figures() {
    let bench = bench();
    let project = project(&bench);
    let result = &project.results().expect("results")[0];
    let totalis = result.subgroups()[0].levels[0].result.as_ref().expect("a result");
    let right = printed(totalis);
    let level = about(PartKind::Level, "alopecia totalis");
    let of = |text: &str| verdict(&project, text);
    assert_eq!(of(&format!("In alopecia totalis: {right}, k = 6.")), ("holds".into(), level.clone()));
    assert_eq!(of(&format!("One group of them had {right}.")), ("holds".into(), level.clone()));
    // One figure of three is wrong; the number of studies is; all three are stale.
    let swapped = right.replace("(95% CI ", "(95% CI 1");
    assert_eq!(of(&format!("In alopecia totalis: {swapped}.")).0, "fails", "{swapped}");
    let k = format!("In alopecia totalis: {right}, k = 7.");
    assert_eq!(of(&k), ("fails".into(), level.clone()));
    let stale = "In alopecia totalis: 12.3% (95% CI 5.0-20.1), k = 6.";
    assert_eq!(of(stale), ("fails".into(), level.clone()));
    let called = "The subgroup estimate in alopecia totalis was 12.3% (95% CI 5.0-20.1).";
    assert_eq!(of(called), ("fails".into(), level));
    // Nothing says that it is ours.
    let passing = "In alopecia totalis others found 12.3% (95% CI 5.0-20.1).";
    assert_eq!(of(passing), ("not-checkable".into(), None));
    // All studies come first.
    assert_eq!(of(&format!("Good regrowth in alopecia totalis and patchy: {}.", printed(result))).1, None);
}

#[test]
fn a_pooled_result_that_matches_nothing_says_so() {
    let bench = bench();
    let report = scanned(&project(&bench), "The pooled rate was 77.0% (95% CI 70.0-83.0).");
    assert_eq!(report.results()[0].verdict.key(), "not-checkable");
    let text = report.to_string();
    assert!(text.contains("no outcome or level of its subgroups has its figures"), "{text}");
    assert!(text.contains("is a pooled result that matches no outcome or level"), "{text}");
    bench.file("m.txt", "The pooled rate was 77.0% (95% CI 70.0-83.0).");
    bench.ends(1, &["scan", "m.txt", "a.toml", "--strict", "-q"]);
}

#[test]
fn a_test_between_subgroups_is_held_against_the_tests() {
    let bench = bench();
    let project = project(&bench);
    let result = &project.results().expect("results")[0];
    let p = |column: usize| result.subgroups()[column].between.expect("a test").p;
    let of = |text: &str| verdict(&project, text);
    let test = about(PartKind::Test, "design");
    assert_eq!(of(&format!("The p for subgroup difference = {:.3}.", p(1))), ("holds".into(), test.clone()));
    let by_design = "Test for subgroup differences by design: Chi² = 9.53, df = 1 (P = 0.0001), I² = 77.9%.";
    assert_eq!(of(by_design), ("fails".into(), test));
    assert_eq!(of("P for interaction = 0.9876."), ("not-checkable".into(), None));
    // Its Q and I² are not taken for those of the result before.
    let text = format!(
        "Good regrowth: {}. Test for subgroup differences by design: Chi² = 9.53, df = 1, I² = 77.9% (P = {:.3}).",
        printed(result),
        p(1)
    );
    let report = scanned(&project, &text);
    assert_eq!((report.summary().holds, report.summary().fails), (2, 0), "{report}");
}

#[test]
fn a_result_without_a_study_and_a_coefficient_are_held_too() {
    let bench = bench();
    let project = project(&bench);
    let result = &project.results().expect("results")[0];
    let without = result.leave_one_out().expect("rows").rows.swap_remove(6);
    assert_eq!(without.omitted, "Silva 2017");
    let [lower, upper] = without.result.limits().expect("limits").map(|limit| 100.0 * limit);
    let figures = format!(
        "{:.1}% (95% CI {lower:.1}-{upper:.1})",
        100.0 * without.result.estimate.expect("an estimate")
    );
    let of = |text: &str| verdict(&project, text);
    let part = about(PartKind::Without, "Silva 2017");
    assert_eq!(of(&format!("Excluding Silva 2017 it was {figures}.")), ("holds".into(), part.clone()));
    assert_eq!(of("Excluding Silva 2017 it was 12.3% (95% CI 5.0-20.1)."), ("fails".into(), part));
    let regression = result.regress(&"dose".parse().expect("a formula"), &Default::default()).expect("a fit");
    let dose = regression.coefficients.iter().find(|one| one.term == "dose").expect("a coefficient");
    let text = |estimate: f64| {
        let [lower, upper] = [dose.lower, dose.upper].map(|limit| limit.expect("a limit"));
        format!("The coefficient of dose was {estimate:.4} (95% CI {lower:.4} to {upper:.4}).")
    };
    let part = about(PartKind::Coefficient, "dose");
    assert_eq!(of(&text(dose.estimate)), ("holds".into(), part.clone()));
    assert_eq!(of(&text(dose.estimate + 0.001)), ("fails".into(), part));
}

#[test]
fn parts_and_what_is_not_read_stand_in_the_document() {
    let bench = bench();
    let totalis = project(&bench).results().expect("results")[0].subgroups()[0].levels[0].result.clone();
    let right = printed(totalis.as_ref().expect("a result"));
    bench.file(
        "m.txt",
        format!("In alopecia totalis: {right}, k = 6, as in 54% [46-62], against 2% [4-6].\n"),
    );
    let scanned = bench.json(0, &["scan", "m.txt", "a.toml"]);
    fits_its_schema(&scanned);
    let part = &scanned["results"][0]["part"];
    assert_eq!((part["kind"].as_str(), part["column"].as_str()), (Some("level"), Some("subtype")));
    assert_eq!(scanned["results"][1]["read"]["lower"], "46%", "{scanned}");
    let not_read = &scanned["not_read"][0];
    assert_eq!(not_read["text"], "2% [4-6");
    assert!(not_read["reason"].as_str().is_some_and(|why| why.contains("2% does not lie between them")));
    let text = bench.ends(0, &["scan", "m.txt", "a.toml"]);
    assert!(text.contains("about 'good', subtype = alopecia totalis, by its figures"), "{text}");
}
