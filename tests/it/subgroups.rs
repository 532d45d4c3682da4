//! Subgroups: the reference cases, and what becomes of levels that are missing, empty or of one study.

use metaprop::analysis::{MISSING, MetaAnalysis, Subgroup, Subgroups};
use metaprop::data::Covariates;
use metaprop::options::SubgroupTau2;
use metaprop::report::Document;
use metaprop::report::json::{Layout, text};
use metaprop::report::{reread, schema};
use metaprop::{Dataset, Spec, fit};
use serde_json::Value;

use crate::common::program::{Bench, fits_its_schema};
use crate::further::{data_file, spec_of};

/// A table with a column.
fn grouped(rows: &[(&str, u64, u64)], levels: &[&str]) -> Dataset {
    let data = Dataset::proportions(rows.iter().copied()).unwrap();
    data.with_covariates(Covariates::new([("group", levels)]).unwrap()).unwrap()
}

const ROWS: [(&str, u64, u64); 6] =
    [("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 30, 40), ("F", 5, 9)];

fn by_group(result: &MetaAnalysis) -> &Subgroups {
    &result.subgroups()[0]
}

fn estimate(level: &Subgroup) -> f64 {
    level.result.as_ref().expect("a result").pooled().estimate
}

#[test]
fn the_reference_cases() {
    let file = data_file("tofacitinib_aa_sourced_good");
    let studies = file["studies"].as_array().unwrap();
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["spec"]["subgroup"].is_string()) {
        let column = case["spec"]["subgroup"].as_str().unwrap();
        let levels: Vec<&str> =
            studies.iter().map(|study| study[column].as_str().unwrap_or_default()).collect();
        let count = |study: &Value, key: &str| study[key].as_u64().unwrap();
        let rows =
            studies.iter().map(|s| (s["study"].as_str().unwrap(), count(s, "events"), count(s, "total")));
        let data = Dataset::proportions(rows).unwrap();
        let data = data.with_covariates(Covariates::new([(column, levels)]).unwrap()).unwrap();
        let tau2 = SubgroupTau2::try_from(case["spec"]["subgroup-tau2"].as_str().unwrap()).unwrap();
        let result = fit(&data, &spec_of(case)).unwrap().with_subgroups(&[column], tau2).unwrap();
        let tolerance = case["tolerance"].as_f64().unwrap();
        let mut close = |got: f64, want: &Value, what: &str| {
            let Some(want) = want.as_f64() else { return };
            assert!(
                (got - want).abs() <= tolerance * want.abs().max(1.0),
                "{} {what}: {got} {want}",
                case["id"]
            );
            compared += 1;
        };
        let expected = &case["expect"];
        let of = by_group(&result);
        assert_eq!(of.levels.len(), expected["subgroups"].as_array().unwrap().len());
        for (level, want) in of.levels.iter().zip(expected["subgroups"].as_array().unwrap()) {
            assert_eq!(want["level"], level.of.level.as_str());
            let result = level.result.as_ref().unwrap();
            let (pooled, common) = (result.pooled(), &result.common);
            close(result.k() as f64, &want["k"], "k");
            close(pooled.y.unwrap(), &want["y"], "y");
            close(pooled.se.unwrap(), &want["se"], "se");
            close(pooled.estimate, &want["estimate"], "estimate");
            close(pooled.lower.unwrap(), &want["lower"], "lower");
            close(pooled.upper.unwrap(), &want["upper"], "upper");
            close(common.y.unwrap(), &want["common_y"], "common_y");
            close(common.se.unwrap(), &want["common_se"], "common_se");
            if result.k() > 1 {
                close(result.heterogeneity.tau2.unwrap().estimate, &want["tau2"], "tau2");
                close(result.heterogeneity.cochran.unwrap().statistic, &want["q"], "q");
                close(result.heterogeneity.i2.unwrap().estimate, &want["i2"], "i2");
            }
        }
        let between = of.between.unwrap();
        close(between.q, &expected["between"]["q"], "between q");
        close(between.df as f64, &expected["between"]["df"], "between df");
        close(between.p, &expected["between"]["p"], "between p");
        close(between.common.unwrap().q, &expected["between_common"]["q"], "common q");
        close(between.common.unwrap().p, &expected["between_common"]["p"], "common p");
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn a_level_is_what_its_studies_give_alone() {
    let levels = ["x", "y", "x", "y", "x", "y"];
    for model in ["common", "random", "ivhet", "glmm", "beta-binomial"] {
        let analysis = || MetaAnalysis::of_proportions().model(model);
        let result = analysis().fit(&grouped(&ROWS, &levels)).unwrap();
        let result = result.with_subgroups(&["group"], SubgroupTau2::Separate).unwrap();
        for (level, rows) in by_group(&result).levels.iter().zip([[0, 2, 4], [1, 3, 5]]) {
            let alone = analysis().fit(&Dataset::proportions(rows.map(|row| ROWS[row])).unwrap()).unwrap();
            let level = level.result.as_ref().unwrap();
            assert!((level.pooled().estimate - alone.pooled().estimate).abs() < 1e-12, "{model}");
            assert_eq!(level.sums(), alone.sums());
            assert_eq!(level.prediction.is_some(), alone.prediction.is_some());
        }
        let between = by_group(&result).between.unwrap();
        assert_eq!(
            between.likelihood_ratio.map(|test| test.df),
            result.spec.model().is_of_counts().then_some(2)
        );
    }
}

#[test]
fn studies_without_a_value_are_a_level_and_take_no_part_in_the_test() {
    let data = grouped(&ROWS, &["x", "NA", "x", "y", "", "y"]);
    let result =
        fit(&data, &Spec::default()).unwrap().with_subgroups(&["group"], SubgroupTau2::Separate).unwrap();
    let of = by_group(&result);
    let names: Vec<_> =
        of.levels.iter().map(|level| (level.of.level.as_str(), level.of.studies.len())).collect();
    assert_eq!(names, [("x", 2), ("y", 2), (MISSING, 2)]);
    assert_eq!(of.between.unwrap().df, 1);
    assert!(result.text(false).contains("Studies without a value take no part in the test."));
}

#[test]
fn a_level_whose_studies_cannot_be_pooled_is_named() {
    // Without a correction a study without events has no logit.
    let data = grouped(&[("A", 0, 12), ("B", 9, 13), ("C", 21, 66)], &["x", "y", "y"]);
    let analysis = MetaAnalysis::of_proportions().zero_cells("none");
    let result = analysis.fit(&data).unwrap().with_subgroups(&["group"], SubgroupTau2::Separate).unwrap();
    let of = by_group(&result);
    assert_eq!((of.levels[0].of.level.as_str(), of.levels[0].result.is_none()), ("x", true));
    assert!(of.between.is_none());
    let page = result.text(false);
    assert!(
        page.contains("x: no study of it can be pooled") && page.contains("fewer than two subgroups"),
        "{page}"
    );
    assert!(result.forest().svg().contains("no study of it can be pooled"));
}

#[test]
fn a_common_variance_is_the_residual_one() {
    let data = grouped(&ROWS, &["x", "y", "x", "y", "x", "y"]);
    let result = fit(&data, &Spec::default()).unwrap();
    let common = result.clone().with_subgroups(&["group"], SubgroupTau2::Common).unwrap();
    let tau2 = |level: &Subgroup| level.result.as_ref().unwrap().heterogeneity.tau2.unwrap().estimate;
    let levels = &by_group(&common).levels;
    assert_eq!(tau2(&levels[0]), tau2(&levels[1]));
    let separate = result.clone().with_subgroups(&["group"], SubgroupTau2::Separate).unwrap();
    assert!(estimate(&levels[0]) != estimate(&by_group(&separate).levels[0]));
    // As many levels as studies leave nothing for a variance.
    let each = fit(&grouped(&ROWS, &["a", "b", "c", "d", "e", "f"]), &Spec::default()).unwrap();
    let error = each.with_subgroups(&["group"], SubgroupTau2::Common).unwrap_err().to_string();
    assert!(error.contains("6 levels takes more than 6 studies"), "{error}");
    for model in ["glmm", "beta-binomial", "common"] {
        let result = MetaAnalysis::of_proportions().model(model).fit(&data).unwrap();
        let error = result.with_subgroups(&["group"], SubgroupTau2::Common).unwrap_err().to_string();
        assert!(error.contains("use subgroup-tau2 = separate"), "{error}");
    }
    assert!(
        result.with_subgroups(&["grup"], SubgroupTau2::Separate).unwrap_err().to_string().contains("group")
    );
}

#[test]
fn a_document_with_subgroups_run_again_gives_the_same_bytes() {
    let data = grouped(&ROWS, &["x", "", "x", "y", "y", "z"]);
    for (model, tau2) in [("random", SubgroupTau2::Common), ("glmm", SubgroupTau2::Separate)] {
        let result = MetaAnalysis::of_proportions().model(model).fit(&data).unwrap();
        let result = result.with_subgroups(&["group"], tau2).unwrap();
        let first = text(&result, Layout::Indented);
        let again = reread::read(&first, "result.json").unwrap().fit().unwrap();
        assert_eq!(text(&again, Layout::Indented), first, "{model}");
        let mut wrong = Vec::new();
        let document: Value = serde_json::from_str(&first).unwrap();
        crate::fuzzed::schema::validate(&schema::result(), &document, model, &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let line = text(&result, Layout::Line);
        let edited = line.replace("\"studies\":[0,2]", "\"studies\":[0,9]");
        assert_ne!(edited, line);
        let error = reread::read(&edited, "result.json").unwrap_err().to_string();
        assert!(error.contains("subgroup 'x'"), "{error}");
    }
}

#[test]
fn the_program_and_the_analysis_file_have_them() {
    let table =
        "study,events,total,route,age\nA,8,12,oral,1\nB,9,13,oral,2\nC,21,66,topical,1\nD,8,18,topical,2\n";
    let file = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"t.csv\"\n[[outcome]]\nid = \"main\"\ntitle = \"M\"\nevents = \"events\"\ntotal = \"total\"\nsubgroup = \"route\"\n";
    let bench = Bench::with(&[("t.csv", table), ("a.toml", file)]);
    let document = |arguments: &[&str]| -> Value { serde_json::from_str(&bench.ends(0, arguments)).unwrap() };
    let pooled = document(&["pool", "t.csv", "--subgroup", "route", "--subgroup", "age", "--format", "json"]);
    assert_eq!(pooled["subgroups"].as_array().unwrap().len(), 4);
    assert_eq!((&pooled["between"]["df"], &pooled["tests_between"][1]["column"]), (&1.into(), &"age".into()));
    assert_eq!(
        document(&["subgroup", "t.csv", "--subgroup", "route", "--format", "json"])["between"],
        pooled["between"]
    );
    bench.complains(2, &["subgroup", "t.csv"]);
    bench.complains(2, &["subgroup", "t.csv", "--subgroup", "rout"]);
    let typed =
        bench.ends(0, &["pool", "t.csv", "--subgroup", "route", "--subgroup-tau2", "common", "--print-spec"]);
    assert!(typed.contains("subgroup = [\"route\"]") || typed.contains("subgroup = \"route\""), "{typed}");
    bench.ends(0, &["report", "a.toml", "-o", "out"]);
    let built: Value = serde_json::from_str(&bench.read("out/main/result.json")).unwrap();
    assert_eq!(built["between"], pooled["between"]);
    let figure = bench.read("out/main/forest.svg");
    assert!(figure.contains("Subtotal (2 studies)") && figure.contains("Test for subgroup differences"));
    assert!(bench.read("out/report.html").contains("Subgroups by route"));
    assert!(bench.read("out/report.md").contains("Subgroups by route"));
    bench.ends(0, &["report", "a.toml", "-o", "out", "--check"]);
}

#[test]
fn printed_figures_of_a_level_are_checked() {
    let table = "study,events,total,route\nA,8,12,oral\nB,9,13,oral\nC,21,66,topical\nD,8,18,topical\n";
    let head = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"t.csv\"\n[[outcome]]\nid = \"main\"\ntitle = \"M\"\nevents = \"events\"\ntotal = \"total\"\nsubgroup = \"route\"\n[[claim]]\noutcome = \"main\"\nsource = \"Table 2\"\n";
    let bench = Bench::with(&[("t.csv", table)]);
    let level = |name: &str| {
        let document = bench.json(0, &["pool", "t.csv", "--subgroup", "route"]);
        let levels = document["subgroups"].as_array().unwrap().clone();
        let found = levels.into_iter().find(|level| level["level"] == name).expect("a level");
        100.0 * found["random"]["estimate"].as_f64().unwrap()
    };
    let claim = |figures: &str| bench.file("a.toml", format!("{head}{figures}"));
    claim(&format!(
        "k = 4\nsubgroup.oral.estimate = \"{:.1}%\"\nsubgroup.oral.k = 2\nsubgroup.topical.estimate = \"{:.1}%\"\n",
        level("oral"),
        level("topical")
    ));
    let checked = bench.json(0, &["check", "a.toml"]);
    assert_eq!(checked["claims"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&checked["claims"][1]["subgroup"], &checked["claims"][1]["verdict"]),
        (&"oral".into(), &"holds".into())
    );
    fits_its_schema(&checked);
    claim(&format!("subgroup.topical.estimate = \"{:.1}%\"\n", level("oral")));
    let said = bench.ends(1, &["check", "a.toml"]);
    assert!(said.contains("main, topical: fails"), "{said}");
    claim("subgroup.iv.estimate = \"50%\"\n");
    let error = bench.complains(2, &["check", "a.toml"]);
    assert!(error.contains("no subgroup 'iv'") && error.contains("oral, topical"), "{error}");
    claim("subgroup = \"oral\"\n");
    assert!(bench.complains(2, &["check", "a.toml"]).contains("a table of tables"));
}
