//! The reviews of `datasets/published/`: every printed figure is recomputed from the counts, the verdicts of those that
//! do not hold are kept here, and `reports/published.md` is what they say.
//!
//! `UPDATE_PUBLISHED=1 cargo test --test it printed_results` writes the page anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use metaprop::Project;
use metaprop::format::{fixed, significant};
use metaprop::model::Value;
use metaprop::options::Spec;
use metaprop::printed::{Consistency, Printed};
use metaprop::published::claim::{CheckedField, ClaimVerdict, Field, FieldVerdict, Verdict};
use metaprop::report::CheckReport;
use metaprop::report::markdown::escaped;

use crate::common::program::{Bench, fits_its_schema};

/// Every figure that does not hold by rounding: review, outcome, figure, verdict. SOURCES.md of each review says why.
const DO_NOT_HOLD: [(&str, &str, &str, Verdict); 27] = [
    ("catheter-infections", "standard-normal", "estimate", Verdict::HoldsTruncated),
    ("catheter-infections", "standard-normal", "upper", Verdict::Fails),
    ("meta-issue-35", "stata-random", "estimate", Verdict::Fails),
    ("meta-issue-35", "stata-random", "lower", Verdict::Fails),
    ("meta-issue-35", "stata-random", "upper", Verdict::Fails),
    ("occupation-ipf", "any", "estimate of Scott 1990", Verdict::HoldsTruncated),
    ("occupation-ipf", "metal", "tau2", Verdict::Fails),
    ("occupation-ipf", "wood", "tau2", Verdict::Fails),
    ("occupation-ipf", "agri", "tau2", Verdict::Fails),
    ("occupation-pap", "all-exposures-without-outliers", "tau2", Verdict::Fails),
    ("occupation-pap", "silica-without-outliers", "tau2", Verdict::Fails),
    ("occupation-pap", "all-exposures", "i2", Verdict::Fails),
    ("occupation-pap", "all-exposures", "q", Verdict::Fails),
    ("occupation-pap", "all-exposures", "lower of Kim 1999", Verdict::Fails),
    ("occupation-pap", "all-exposures", "upper of Kim 1999", Verdict::Fails),
    ("occupation-pap", "all-exposures", "estimate of Kim 1999", Verdict::Fails),
    ("occupation-pap", "all-exposures", "weight of Kim 1999", Verdict::Fails),
    ("occupation-pap", "all-exposures-logged", "tau2", Verdict::Fails),
    ("occupation-pap", "silica", "k", Verdict::Fails),
    ("occupation-pap", "silica", "i2", Verdict::Fails),
    ("occupation-pap", "silica", "q", Verdict::Fails),
    ("occupation-pap", "silica", "df", Verdict::Fails),
    ("occupation-pap", "silica", "upper of Kim 1999", Verdict::Fails),
    ("occupation-pap", "silica", "weight of Kim 1999", Verdict::Fails),
    ("occupation-pap", "silica-logged", "tau2", Verdict::Fails),
    ("p16-normal-smears", "p16", "tau2", Verdict::Fails),
    ("p16-normal-smears", "p16", "i2", Verdict::Fails),
];

/// A folder of `datasets/published/`, checked.
struct Review {
    name: String,
    title: String,
    checked: CheckReport,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The analysis files, in the order of their folders.
fn analyses() -> Vec<(String, PathBuf)> {
    let folder = root().join("datasets/published");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<(String, PathBuf)> = entries
        .filter(|path| path.is_dir())
        .map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
            (name.to_string(), path.join("analysis.toml"))
        })
        .collect();
    found.sort();
    found
}

fn reviews() -> Vec<Review> {
    let review = |(name, path): (String, PathBuf)| {
        let project = Project::open(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let checked = project.check().unwrap_or_else(|error| panic!("{name}: {error}"));
        Review { title: project.title().to_string(), name, checked }
    };
    analyses().into_iter().map(review).collect()
}

#[test]
fn every_figure_has_the_verdict_that_is_kept() {
    let reviews = reviews();
    assert!(reviews.len() >= 8, "{} reviews", reviews.len());
    let mut seen = Vec::new();
    for review in &reviews {
        for claim in review.checked.claims() {
            for field in claim.fields.iter().filter(|field| field.verdict != Verdict::Holds) {
                seen.push((review.name.as_str(), claim.outcome.as_str(), figure(field), field.verdict));
            }
        }
    }
    let seen: Vec<_> =
        seen.iter().map(|(name, of, figure, verdict)| (*name, *of, &**figure, *verdict)).collect();
    assert_eq!(seen, DO_NOT_HOLD);
}

#[test]
fn every_review_says_where_its_numbers_were_printed() {
    for (name, path) in analyses() {
        let sources = fs::read_to_string(path.with_file_name("SOURCES.md")).expect("SOURCES.md");
        assert!(sources.contains("where each number was printed"), "{name}");
    }
}

#[test]
fn the_program_says_the_same() {
    let bench = Bench::with(&[]);
    for (name, path) in analyses() {
        let fails = DO_NOT_HOLD.iter().any(|(of, _, _, verdict)| *of == name && *verdict == Verdict::Fails);
        let document = bench.json(i32::from(fails), &["check", path.to_str().expect("UTF-8")]);
        fits_its_schema(&document);
    }
}

#[test]
fn stata_has_four_times_the_tau2_of_the_freeman_tukey_scale() {
    let mut held = 0;
    for review in reviews().iter().filter(|review| review.name.starts_with("occupation-")) {
        let claims = review.checked.claims().iter().filter(|claim| claim.fields.len() == 1);
        for field in claims.flat_map(|claim| &claim.fields) {
            let Some(Value::Number(tau2)) = field.recomputed else { panic!("{}", figure(field)) };
            let printed: Printed = field.printed.to_string().parse().expect("a number");
            assert_eq!(printed.consistency(4.0 * tau2), Consistency::HalfUp, "{printed}: {tau2}");
            held += 1;
        }
    }
    assert_eq!(held, 7);
}

#[test]
fn the_page_is_as_committed() {
    let page = page(&reviews());
    let path = root().join("reports/published.md");
    if std::env::var_os("UPDATE_PUBLISHED").is_some() {
        fs::write(&path, &page).expect("a written file");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == committed,
        "reports/published.md is stale: look at what changed, then \
         UPDATE_PUBLISHED=1 cargo test --test it printed_results"
    );
}

const HEAD: &str = "\
# Printed results, recomputed

Reviews and examples whose counts and results are public: what was printed, what these counts give, and whether it
holds. A figure holds where the recomputed value rounds to the printed digits. `metaprop check
datasets/published/NAME/analysis.toml` prints every figure of a review; its title leads to where counts and figures were
printed.

This page is written by `UPDATE_PUBLISHED=1 cargo test --test it printed_results`, and a test fails where it is stale.
";

fn page(reviews: &[Review]) -> String {
    let mut page = HEAD.to_string();
    overview(&mut page, reviews);
    failures(&mut page, reviews);
    for review in reviews {
        section(&mut page, review);
    }
    page
}

/// How many figures of each review hold.
fn overview(page: &mut String, reviews: &[Review]) {
    page.push_str("\n| review | claims | figures | hold | with digits cut off | fail |\n| :-- | --: | --: | --: | --: | --: |\n");
    let mut sum = [0; 5];
    for review in reviews {
        let claims = review.checked.claims();
        let fields: Vec<_> = claims.iter().flat_map(|claim| &claim.fields).collect();
        let count = |verdict| fields.iter().filter(|field| field.verdict == verdict).count();
        let counts = [
            claims.len(),
            fields.len(),
            count(Verdict::Holds),
            count(Verdict::HoldsTruncated),
            count(Verdict::Fails),
        ];
        assert_eq!(
            counts[1],
            counts[2..].iter().sum::<usize>(),
            "{}: a figure cannot be checked",
            review.name
        );
        sum = std::array::from_fn(|index| sum[index] + counts[index]);
        row(page, &labelled(link(review), counts));
    }
    row(page, &labelled("together".to_string(), sum));
}

fn labelled(first: String, counts: [usize; 5]) -> Vec<String> {
    std::iter::once(first).chain(counts.map(|count| count.to_string())).collect()
}

/// What does not hold, a claim a row.
fn failures(page: &mut String, reviews: &[Review]) {
    page.push_str("\n## What does not hold\n\n");
    page.push_str(
        "| review | outcome | printed (recomputed) | verdict | why |\n| :-- | :-- | :-- | :-- | :-- |\n",
    );
    for review in reviews {
        for claim in review.checked.claims().iter().filter(|claim| claim.verdict != Verdict::Holds) {
            let fields = claim.fields.iter().filter(|field| field.verdict != Verdict::Holds);
            let said = fields
                .map(|field| format!("{} {} ({})", figure(field), field.printed, recomputed(field)))
                .collect::<Vec<_>>();
            let cells = [
                review.title.clone(),
                title(review, claim).to_string(),
                said.join("; "),
                claim.verdict.key().to_string(),
                why(claim),
            ];
            row(page, &cells.map(|cell| escaped(&cell)));
        }
    }
}

/// The note of a claim that fails, or else the reasons of its figures.
fn why(claim: &ClaimVerdict) -> String {
    if let (Verdict::Fails, Some(note)) = (claim.verdict, &claim.note) {
        return note.clone();
    }
    let fields = claim.fields.iter().filter(|field| field.verdict != Verdict::Holds);
    fields.filter_map(FieldVerdict::reason).collect::<Vec<_>>().join("; ")
}

/// A claim a row.
fn section(page: &mut String, review: &Review) {
    write!(page, "\n## {}\n\n", escaped(&review.title)).expect("a string");
    writeln!(page, "Printed in: {}. Counts and sources: {}.\n", printed_in(review), link(review))
        .expect("a string");
    page.push_str("| outcome | printed | recomputed | verdict | figures that hold | how |\n| :-- | :-- | :-- | :-- | --: | :-- |\n");
    for claim in review.checked.claims() {
        let holds = claim.fields.iter().filter(|field| field.verdict == Verdict::Holds).count();
        let cells = [
            title(review, claim).to_string(),
            summary(claim, |field| field.printed.to_string()),
            summary(claim, recomputed),
            claim.verdict.key().to_string(),
            format!("{holds} of {}", claim.fields.len()),
            how(review, claim),
        ];
        row(page, &cells.map(|cell| escaped(&cell)));
    }
    notes(page, review);
}

/// What is remarked on claims that hold, each remark once.
fn notes(page: &mut String, review: &Review) {
    let claims = review.checked.claims().iter().filter(|claim| claim.verdict != Verdict::Fails);
    let mut notes: Vec<&str> = claims.filter_map(|claim| claim.note.as_deref()).collect();
    notes.dedup();
    for note in notes {
        write!(page, "\nNote: {}.\n", escaped(note)).expect("a string");
    }
}

fn row(page: &mut String, cells: &[String]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("a string");
}

fn link(review: &Review) -> String {
    format!("[{}](../datasets/published/{}/SOURCES.md)", escaped(&review.title), review.name)
}

/// The sources of the claims, each once.
fn printed_in(review: &Review) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for claim in review.checked.claims() {
        if !sources.contains(&claim.source.as_str()) {
            sources.push(&claim.source);
        }
    }
    escaped(&sources.join("; "))
}

fn title<'r>(review: &'r Review, claim: &'r ClaimVerdict) -> &'r str {
    let of = review.checked.outcomes().iter().find(|outcome| outcome.id == claim.outcome);
    of.map_or(claim.outcome.as_str(), |outcome| outcome.title.as_str())
}

/// `estimate (limits)`, or the one figure that a claim has.
fn summary(claim: &ClaimVerdict, show: impl Fn(&FieldVerdict) -> String) -> String {
    match (claim.field("estimate"), claim.field("ci")) {
        (Some(estimate), Some(ci)) => format!("{} ({})", show(estimate), show(ci)),
        (Some(estimate), None) => show(estimate),
        _ => {
            let each = claim.fields.iter().map(|field| format!("{} {}", figure(field), show(field)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// `ci of Kim 1999`.
fn figure(field: &FieldVerdict) -> String {
    let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
    format!("{}{study}", field.field)
}

/// The computed value in the unit of the printed one.
fn recomputed(field: &FieldVerdict) -> String {
    let is_i2 = field.field == CheckedField::Field(Field::I2);
    let show = |value: f64| match field.printed.is_in_percent() || is_i2 {
        true => format!("{}%", significant(if is_i2 { value } else { 100.0 * value }, 5)),
        false if value.fract() == 0.0 => fixed(value, 0),
        false => significant(value, 5),
    };
    match field.recomputed.expect("every figure here is recomputed") {
        Value::Number(value) => show(value),
        Value::Count(value) => value.to_string(),
        Value::Limits([lower, upper]) => format!("{} to {}", show(lower), show(upper)),
        other => panic!("{other:?}"),
    }
}

/// `logit, random, tau2 pm, ci wald, i2 tau2 (profile metafor)`.
fn how(review: &Review, claim: &ClaimVerdict) -> String {
    let of = review.checked.outcomes().iter().find(|outcome| outcome.id == claim.outcome);
    let spec: &Spec = of.and_then(|outcome| outcome.spec.as_ref()).expect("an outcome with counts");
    let spec = serde_json::to_value(spec).expect("JSON");
    let word = |key: &str| spec[key].as_str().unwrap_or_default().to_string();
    let mut said = vec![word("measure"), word("model")];
    if word("model") != "common" || claim.field("tau2").is_some() {
        said.push(format!("tau2 {}", word("tau2")));
    }
    said.push(format!("ci {}", word("ci")));
    if claim.field("i2").is_some() {
        said.push(format!("i2 {}", word("i2")));
    }
    if spec["back_transform"].is_string() {
        said.push(format!("back-transform {}", word("back_transform")));
    }
    format!("{} (profile {})", said.join(", "), word("profile"))
}
