//! Every number that stands in a sentence of the README, of the guide for reviewers and of the sources of the
//! demonstration is computed here from the data, or is listed as one that cannot be: a citation, a definition, a measured
//! time. A number that is neither fails.

use std::fs;
use std::path::Path;

use metaprop::format::grouped;
use metaprop::options::{Measure, Model, Request, Spec, SubgroupTau2};
use metaprop::printed::grim::grim;
use metaprop::printed::{Printed, Rule};
use metaprop::published::claim::Field;
use metaprop::report::Document;
use metaprop::{Dataset, MetaAnalysis, Project, fit};
use serde_json::Value;

use crate::common::program::Bench;
use crate::flagship::{CRISPIN, claim, nine, printed, readings, sourced, spec};
use crate::reference::RUN;

/// The sentences of a page, of which what is held is taken out.
struct Page {
    name: &'static str,
    text: String,
}

impl Page {
    /// Without blocks and pieces of code, which are examples that other tests run, and without links.
    fn read(name: &'static str) -> Self {
        let text = fs::read_to_string(root().join(name)).expect("a page");
        let fenced: Vec<&str> = text.split("```").step_by(2).collect();
        let plain: Vec<String> = fenced.iter().map(|part| part.split('`').step_by(2).collect()).collect();
        let mut text = plain.join(" ");
        for (open, close) in [("](", ")"), ("<http", ">")] {
            while let Some(start) = text.find(open) {
                let end = text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
                text.replace_range(start..end, " ");
            }
        }
        Self { name, text: text.split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// Takes out a piece that was computed.
    fn holds(&mut self, piece: &str) -> &mut Self {
        assert!(self.text.contains(piece), "{} lacks what is computed: {piece}", self.name);
        self.text = self.text.replace(piece, " ");
        self
    }

    /// Takes out pieces that cannot be computed from the data, each for the reason that is given.
    fn cites(&mut self, _why: &str, pieces: &[&str]) -> &mut Self {
        for piece in pieces {
            assert!(self.text.contains(piece), "{} no longer says: {piece}", self.name);
            self.text = self.text.replace(piece, " ");
        }
        self
    }

    /// Fails where a number is left.
    fn has_no_other(&self) {
        let stray: Vec<String> = self
            .text
            .match_indices(|c: char| c.is_ascii_digit())
            .map(|(at, _)| {
                let from = self.text[..at].char_indices().rev().nth(30).map_or(0, |(from, _)| from);
                self.text[from..].chars().take(60).collect()
            })
            .collect();
        assert!(stray.is_empty(), "{}: numbers that nothing computes, the first {:#?}", self.name, &stray[0]);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(name: &str) -> Value {
    let text = fs::read_to_string(root().join("tests/reference").join(name)).expect("a reference file");
    serde_json::from_str(&text).expect("JSON")
}

fn list(file: &Value, key: &str) -> usize {
    file[key].as_array().expect("a list").len()
}

fn number(file: &Value, key: &str) -> String {
    grouped(file[key].as_u64().expect("a whole number"))
}

/// What stands between two pieces of a text.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before}: {text}"));
    rest.split_once(behind).unwrap_or_else(|| panic!("{behind}: {text}")).0
}

/// The digits that `selftest` requires of each class of values.
fn required(class: &str) -> String {
    let said = Bench::with(&[]).ends(0, &["selftest"]);
    let mut rows = said.lines().filter(|line| line.split_whitespace().any(|word| word == class));
    let required = |line: &str| line.split_whitespace().last().expect("a number").to_string();
    let first = required(rows.next().expect("a row"));
    assert!(rows.all(|row| required(row) == first), "{class}");
    first
}

#[test]
fn every_number_of_the_readme() {
    let good = claim("analysis.toml", "good");
    let [series, counts, figures] = sourced();
    let count = |field: Field| good.count(field).expect("a count").to_string();
    let demonstration = Dataset::read("@tofacitinib-aa").expect("a data set");
    let result = fit(&demonstration, &spec()).expect("a result");
    let k = demonstration.k();
    let mut page = Page::read("README.md");
    page.holds(&format!(
        "prints {} good or complete regrowth from {} studies and {} patients",
        printed(&good),
        count(Field::K),
        count(Field::Total)
    ))
    .holds(&format!("The {series} series that are sourced, {counts}, give {figures}"))
    .holds(&format!("no table of {} studies has all {} of them", count(Field::K), nine().len()))
    .holds(&format!(
        "The {k} series of the demonstration are others, {} people, and give {:.1}%",
        demonstration.sums().expect("counts").1,
        100.0 * result.pooled().estimate
    ))
    .holds(&format!("Forest plot of {k} tofacitinib series"))
    .holds(&printed(&good).replace(" to ", "–"));
    how_right(&mut page);
    how_fast(&mut page, k);
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    page.holds(&format!("Rust {} or later", between(&manifest, "rust-version = \"", "\"")));
    page.cites("times and sizes that were measured on one machine", &[
        "took 4:04 from a fresh clone with the crates downloaded before, and 6:35 on another machine with their downloads; the second 3:48 at best, with 1.4 GB",
    ])
    .cites("names and definitions", &[
        "Guo et al. 2020",
        "a ratio with the test of 1 and a logarithmic axis",
        "5th and 95th percentile",
        "per 1,000 (or 100,000,",
        "exits 1",
        "SHA-256",
        "Apache-2.0",
        "[reports/guo-2020",
    ])
    .has_no_other();
}

/// What the README says of the comparison with other programs, from the files of the references.
fn how_right(page: &mut Page) {
    let certified = fs::read_dir(root().join("tests/reference/certified")).expect("a folder");
    let is_json = |file: &fs::DirEntry| file.path().extension().is_some_and(|end| end == "json");
    let certified = certified.filter(|file| is_json(file.as_ref().expect("a file"))).count();
    let digits = ["closed", "iterated", "quadrature"].map(required);
    page.holds(&format!("recomputes {certified} certified data sets"))
        .holds(&format!("(closed forms {}, iterated {}, integrals {})", digits[0], digits[1], digits[2]));
    let random = json("ten_thousand.json");
    page.holds(&format!(
        "{} random data sets, {} analyses, {} numbers",
        number(&random, "data_sets"),
        number(&random, "cases"),
        number(&random, "numbers_compared")
    ))
    .holds(&format!(
        "{:e}; {} differ, each for one of {} reasons",
        random["tolerance"].as_f64().expect("a tolerance"),
        number(&random, "differ"),
        random["reasons"].as_object().expect("reasons").len()
    ));
    let cases: usize = RUN.iter().map(|(_, cases)| cases).sum();
    let special = json("special_functions.json");
    let intervals = json("data/study_ci.json");
    let kinds = intervals["points"][0]["intervals"].as_object().expect("intervals").len();
    let disputed = list(&json("disputed.json"), "fields") + list(&json("disputed_intervals.json"), "fields");
    page.holds(&format!("{} pooled analyses on {} data sets", grouped(cases as u64), RUN.len()))
        .holds(&format!("{} values of distribution and special functions", list(&special, "points")))
        .holds(&format!("{} study intervals", list(&intervals, "points") * kinds))
        .holds(&format!("In {disputed} fields of the second"));
    page.cites(
        "measured beside R in one run: tests/reference/README.md has the table and the script",
        &[
            "metafor 3.8-1 on the same sets",
            "| 16.0, 14.8 | 16.0, 7.0 | 16.0, 7.0 |",
            "| 16.0, 11.5 | 14.8, 0.0 (6 failed) | 15.7, 0.0 (34 failed) |",
            "| 15.7, 11.0 | 9.3, 0.0 (8 failed) | 15.5, 0.0 (56 failed) |",
            "| 16.0, 11.1 | 13.9, 0.0 (10 failed) | 15.7, 0.1 (67 failed) |",
            "| 16.0, 11.5 | 11.9, 0.0 (8 failed) | 15.5, 0.0 (55 failed) |",
            "| 15.9, 14.2 | 15.0, 0.0 (1 failed) | 15.7, 1.4 (14 failed) |",
            "| 16.0, 11.4 | 8.9, 0.0 (20 failed) | 15.5, 0.0 (132 failed) |",
            "| 15.8, 14.4 | 15.1, 2.2 | 15.1, 2.2 |",
            "| 15.8, 12.2 | 12.8, 0.0 (2 failed) | 15.7, 0.0 (26 failed) |",
            "| 16.0, 12.4 | 5.3, 0.0 (2 failed) | 14.9, 0.0 (14 failed) |",
            "| 16.0, 11.9 | 13.2, 0.0 (4 failed) | 16.0, 0.0 (33 failed) |",
        ],
    )
    .cites(
        "versions, and the precision and tolerances of the programs that made the references",
        &[
            "R metafor 3.8-1, tightened",
            "R metafor 5.1-12 and meta 8.4-0 with tightened tolerances, 50-digit arithmetic",
            "mostly 1e-9 or tighter",
            "50-digit arithmetic | 1e-13 relative",
            "40-digit arithmetic | 1e-12",
            "about 1.3e-4",
            "120-digit arithmetic",
            "τ² near 0",
            "10⁹ people",
        ],
    );
}

fn how_fast(page: &mut Page, k: usize) {
    let searched = Bench::with(&[]).json(
        0,
        &[
            "reproduce",
            "@tofacitinib-aa",
            "--printed",
            "estimate=57.1%",
            "--as-read",
            "--replicates",
            "0",
            "--printed",
            "ci=45.8%,67.7%",
        ],
    );
    let tried = number(&searched, "tried");
    let subsets = grouped((1_u64 << k) - 1);
    page.holds(&format!("{tried} specifications on {k} studies"))
        .holds(&format!("REML of all {subsets} subsets"))
        .holds(&format!("on the {k} series of the demonstration"))
        .holds(&format!("on {k} studies, with the forest plot"));
    for what in ["DerSimonian-Laird", "REML", "binomial-normal model", "forest plot"] {
        page.holds(&format!("| {what}, {k} studies |"));
    }
    page.holds(&format!("each estimator at {k}, ")).cites(
        "measured times, sizes of made-up tables",
        &[
            "| 7 ms | 14 MB |",
            "on 1,000,000 studies from a 14 MB CSV, as text | 1.3 s | 180 MB |",
            "| 0.4 s |",
            "1,000,000 meta-analyses of 14 studies drawn and pooled, REML and Hartung-Knapp | 5.6 s | 15 MB |",
            "4.9 ms | 0.42 µs | 2,400,000 |",
            "6.3 ms | 2.0 µs | 500,000 |",
            "82 ms (, 7 nodes) | 0.41 ms, exact | 2,400 |",
            "| 133 s | 28 ms |",
            "| REML, 1,000 studies | 7.4 s | 54 µs |",
            "| REML, 1,000,000 studies | impossible: k × k matrices | 68 ms |",
            "15 ms | 0.35 ms |",
            "1,000 and 1,000,000 studies",
        ],
    );
}

/// The two studies of the guide.
fn pair(model: Model) -> MetaAnalysis {
    let data = Dataset::proportions([("A", 5, 119), ("B", 116, 170)]).expect("counts");
    let request = Request { measure: Some(Measure::Raw), model: Some(model), ..Request::default() };
    let request = match model {
        Model::Random => Request { profile: Some(metaprop::options::Profile::DlWald), ..request },
        _ => request,
    };
    fit(&data, &request.resolve().expect("a spec")).expect("a result")
}

fn figures(of: &MetaAnalysis, decimals: usize) -> String {
    let [lower, upper] =
        of.pooled().ci_y.expect("limits").map(|limit| format!("{limit:.decimals$}").replace('-', "−"));
    format!("{:.decimals$} [{lower}, {upper}]", of.pooled().estimate)
}

#[test]
fn every_number_of_the_guide() {
    let good = claim("analysis.toml", "good");
    let mut page = Page::read("docs/reviewing.md");
    page.holds(&format!("**common effect**, {}", figures(&pair(Model::Common), 4)))
        .holds(&format!("estimate with DerSimonian-Laird is {}", figures(&pair(Model::Random), 2)))
        .holds(&bounds_in_words("54.0%"))
        .holds(&asymmetry(&good));
    printed_alone(&mut page);
    the_multiverse(&mut page);
    rounded_twice(&mut page);
    let (tables, crispin) = (all_completions(&good), readings(&nine(), CRISPIN));
    page.holds(&format!("Liu 2017 is {}", readings(&nine(), "Liu 2017")))
        .holds(&format!("with all {} in, in any reading, none of the {tables} completions", nine().len()))
        .holds(&format!("gives {}", printed(&good)))
        .holds(&format!("Nor can the {crispin} stand beside"))
        .holds(&format!("tables with the {crispin} beside"))
        .holds(&format!("few or none of the tables have the {crispin}"))
        .holds(&format!("{} other series", Dataset::read("@tofacitinib-aa").expect("a data set").k()));
    let (before, behind) = page.text.split_once("| choice | share |").expect("the table of shares");
    // The unit tests of the shares hold its rows.
    let table = behind.split_once(" A weight or a percentage").expect("its end").0;
    page.text = format!("{before} {}", behind.replace(table, " "));
    page.cites(
        "what two sources print",
        &[
            "Guo et al. 2020 (doi 10.1111/jdv.15937)",
            "two studies, 5/119 and 116/170, whose authors printed 0.18 [0.14–0.21]",
            "Of 829 meta-analyses two thirds had at least one extraction error (Xu et al. 2022, BMJ)",
        ],
    )
    .cites(
        "numbers of sections, of rules and of lists, and the end of a range",
        &[
            "## 1.",
            "## 2.",
            "## 3.",
            "## 4.",
            "## 5.",
            "## 6.",
            " 1. Its",
            " 2. All",
            " 3. The words",
            " 4. It has",
            "1. **How",
            "2. **The edit",
            "3. **The computation",
            "4. **The chance",
            "between 0 and 1",
            "near 0 or 1",
        ],
    )
    .cites(
        "exit codes and limits of the program, which other tests hold",
        &[
            "exit code 1.",
            "Exit code 1 is",
            "exit code 130",
            "up to 20 studies",
            "in more than 5 % of redrawn data sets",
            "by 0.00001 or less",
        ],
    )
    .cites("examples", &["\"in 14 studies\"", "9 of the 12 series", "sin²(y/2)", "Guo 2020"])
    .has_no_other();
}

/// `54.0% is everything from 53.95% up to but not including 54.05%`.
fn bounds_in_words(text: &str) -> String {
    let printed: Printed = text.parse().expect("a number");
    let half = 50.0 / printed.steps() as f64;
    let value = 100.0 * printed.value().to_real();
    format!("{text} is everything from {:.2}% up to but not including {:.2}%", value - half, value + half)
}

/// Why the printed interval is not symmetric on the raw scale: twice the smallest estimate is more than the sum of the
/// limits can be.
fn asymmetry(good: &metaprop::published::claim::Claim) -> String {
    let half = |printed: &Printed| 50.0 / printed.steps() as f64;
    let value = |printed: &Printed| 100.0 * printed.value().to_real();
    let (estimate, pair) = (good.one(Field::Estimate).expect("one"), good.two(Field::Ci).expect("two"));
    assert!(!estimate.bounds(Rule::HalfUp).overlaps(&pair.lower.bounds(Rule::HalfUp)));
    let [lower, upper] = [&pair.lower, &pair.upper].map(|limit| value(limit) + half(limit));
    let smallest = value(estimate) - half(estimate);
    // The limits are less than these, so their sum is less than it.
    assert!(2.0 * smallest >= lower + upper - 1e-9);
    format!("2 · {smallest:.2} is more than {lower:.2} + {upper:.2}")
}

fn checked_reason() -> String {
    let project = Project::open(root().join("datasets/guo-2020/analysis.toml")).expect("an analysis");
    let checked: Value = serde_json::from_str(&project.check().expect("verdicts").json()).expect("JSON");
    checked["claims"][0]["fields"][1]["reason"].as_str().expect("a reason").to_string()
}

/// What the printed figures say by themselves.
fn printed_alone(page: &mut Page) {
    let reason = checked_reason();
    let people = between(&reason, "as of a single study of ", " people");
    let total = claim("analysis.toml", "good").count(Field::Total).expect("a total");
    page.holds(&format!("({people} of {total})"));
}

fn the_multiverse(page: &mut Page) {
    let series = root().join("datasets/guo-2020/good.csv").display().to_string();
    let found = Bench::with(&[]).json(0, &["multiverse", &series, "--conclusion", "lower > 50%"]);
    let summary = &found["summary"];
    let all = number(&found, "specifications");
    let holds = number(&summary["conclusion"], "holds");
    let percent = |value: &Value| format!("{:.1}", 100.0 * value.as_f64().expect("a fraction"));
    let [low, high] = [0, 1].map(|at| percent(&summary["estimate"][at]));
    let first = &summary["sway"][0];
    assert_eq!(first["choice"], "measure");
    page.holds(&format!(
        "over {all} specifications the pooled proportion runs from {low}% to {high}%, \"lower > 50%\" holds in {holds} of them, and what moves the estimate most is the measure, by {} points on average",
        percent(&first["mean"])
    ))
    .holds(&format!("A conclusion that holds in {holds} of {all} is one"));
}

/// 0.07247 rounds to 7.25% and not to 7.3%; 7.25% rounds to 7.3%.
fn rounded_twice(page: &mut Page) {
    let value = 7.247_f64;
    let once = (100.0 * value).round() / 100.0;
    let (twice, plainly) = ((10.0 * once).round() / 10.0, (10.0 * value).round() / 10.0);
    assert!(twice > plainly);
    page.holds(&format!("{:.5} became {once:.2}% in one print and {twice:.1}% in the next", value / 100.0));
}

fn all_completions(good: &metaprop::published::claim::Claim) -> String {
    use metaprop::published::reconstruct::{ReconstructQuery, reconstruct};
    let spec = spec();
    let query = ReconstructQuery { tries: 0, list: 1, ..ReconstructQuery::new(good, &spec, nine()) };
    let found = reconstruct(&query, |_, _| true).expect("a search");
    assert!(found.exhaustive && found.found == 0);
    grouped(found.table_count.expect("they are counted") as u64)
}

/// What the examples of `grim` say behind their commands.
#[test]
fn the_examples_of_grim_say_what_it_says() {
    let guide = fs::read_to_string(root().join("docs/reviewing.md")).expect("a page");
    let counts = |percent: &str, n: u64| {
        let found = grim(&percent.parse().expect("a percentage"), n).expect("an answer");
        (found.possible, found.events.clone())
    };
    let exact = |events: u64, n: u64| {
        let hundredths = events * 10_000 / n;
        let more = if (events * 10_000).is_multiple_of(n) { "" } else { "…" };
        format!("{events} of {n} is {}.{:02}{more}%", hundredths / 100, hundredths % 100)
    };
    assert!(!counts("58.4%", 90).0);
    let [one, other] = [52, 53].map(|events| exact(events, 90));
    assert_eq!(counts("33.8%", 80), (true, vec![27]));
    assert_eq!(counts("32%", 66), (true, vec![21]));
    assert_eq!(counts("0.5%", 200), (true, vec![1]));
    for line in [
        format!("metaprop grim 58.4% --n 90      # impossible: {one}, {other}"),
        format!("metaprop grim 33.8% --n 80      # possible: {}, a tie that rounds half up", exact(27, 80)),
        "metaprop grim 32% --n 66        # possible, and 21 is the only count".to_string(),
        "metaprop grim 0.5 --n 200       # without a sign it is a percentage: 0.5% of 200 is 1".to_string(),
    ] {
        assert!(guide.contains(&line), "docs/reviewing.md lacks: {line}");
    }
}

/// A row of the demonstration: what its sources print, and what follows.
#[test]
fn every_number_of_the_sources_of_the_demonstration() {
    let data = Dataset::read("@tofacitinib-aa").expect("a data set");
    let mut page = Page::read("datasets/tofacitinib-aa/SOURCES.md");
    let only = |percent: &str, n: u64| {
        let found = grim(&percent.parse().expect("a percentage"), n).expect("an answer");
        let [events] = found.events[..] else { panic!("{percent} of {n}: {:?}", found.events) };
        events
    };
    page.holds(&format!("{} series of patients", data.k()))
        .holds(&format!("these {} rows", data.k()))
        .holds(&format!("prints 66 patients and 32 % with at least 50 % improvement of the SALT score; {} is the only count of 66 that rounds to 32 %", only("32%", 66)))
        .holds(&format!("prints 18 patients and 44.4 % with 50 % improvement of the SALT score, which is {} of 18", only("44.4%", 18)))
        .holds(&format!("prints 97 patients and 69.1 % with more than 50 % improvement of the SALT score, which is {} of 97", only("69.1%", 97)))
        .holds(&format!("prints 35 patients and 51.4 % with at least 50 % regrowth, which is {} of 35", only("51.4%", 35)))
        .holds(&format!("prints 7 patients and 63.6 % with more than 50 % improvement of the SALT score; {} is 63.6 % of 11, so 11 of the 14 children", only("63.6%", 11)));
    // The only number of people of at most 14 of whom 7 are 63.6 %.
    let fitting: Vec<u64> = (7..=14).filter(|n| only_is("63.6%", *n, 7)).collect();
    assert_eq!(fitting, [11]);
    let count = |study: &str| {
        let row = data.counted().expect("counts").into_iter().find(|row| &*row.name == study).expect("a row");
        [row.counts.events(), row.counts.total()]
    };
    let [craiglow, dai] = ["Craiglow 2019", "Dai 2019"].map(count);
    page.holds(&format!(
        "prints {} of {} with at least 50 % improvement over two series together; less the {} of {} of Craiglow 2019 leaves {} of {}",
        craiglow[0] + dai[0],
        craiglow[1] + dai[1],
        craiglow[0],
        craiglow[1],
        dai[0],
        dai[1]
    ));
    let [akdogan, [_, children]] = [count("Akdogan 2019"), craiglow];
    page.holds(&format!("prints 2 complete regrowths and 1 of 62 %, of {children} children")).holds(
        &format!(
            "prints 1 complete (90 % or more) and 1 intermediate (51 to 90 %) regrowth of {} patients",
            akdogan[1]
        ),
    );
    assert_eq!((craiglow[0], akdogan[0]), (2 + 1, 1 + 1));
    for (study, said) in [
        ("Craiglow 2017", "prints {} of {} adolescents"),
        ("Jabbari 2018", "prints {} of {} with at least 50 % regrowth"),
        ("Zhang 2022 (tofacitinib arm)", "prints {} of {} in the tofacitinib arm with SALT50"),
        ("Monotherapy series (17 patients)", "prints {} of {} with at least 75 % regrowth"),
        ("Lin 2025", "prints {} of {} with a SALT score of 20"),
    ] {
        let [events, total] = count(study);
        let said = said.replacen("{}", &events.to_string(), 1).replacen("{}", &total.to_string(), 1);
        page.holds(&said);
    }
    let [all, of_all] = count("Castelo-Soccio 2017");
    assert_eq!(all, of_all);
    page.holds(&format!("prints that all {all} had more than 50 % regrowth"));
    for (row, line) in data.counted().expect("counts").into_iter().zip(2..) {
        page.holds(&format!("| {line} | {} | {} | {} |", row.name, row.counts.events(), row.counts.total()));
    }
    page.cites(
        "thresholds, doses and times as the sources define them, and the year of a name",
        &[
            "at least 50 % of the SALT score, one at least 75 % regrowth, one a SALT score of 20 or less",
            "raised from 5 to 10 mg twice daily",
            "by 5 months",
            "abstract of Jabbari 2018",
            "second series is Dai 2019",
        ],
    )
    .has_no_other();
}

fn only_is(percent: &str, n: u64, events: u64) -> bool {
    let found = grim(&percent.parse().expect("a percentage"), n).expect("an answer");
    found.events.contains(&events)
}

/// The note of the demonstration on age: the rows say no more than the levels of `age_group` do.
#[test]
fn what_the_rows_of_the_demonstration_say_of_age() {
    let data = Dataset::read("@tofacitinib-aa").expect("the demonstration");
    let result = fit(&data, &Spec::default()).expect("a result");
    let grouped = result.with_subgroups(&["age_group"], SubgroupTau2::Separate).expect("groups");
    let found = &grouped.subgroups()[0];
    let of = |name: &str| {
        let level = found.levels.iter().find(|level| level.of.level == name).expect("a level");
        let result = level.result.as_ref().expect("a result");
        (result.k(), format!("{:.1}%", 100.0 * result.pooled().estimate))
    };
    let [(young, of_young), (children, of_children), (adults, of_adults)] =
        ["adolescent", "preadolescent", "adult"].map(of);
    let p = found.between.as_ref().expect("a test").p;
    let note = format!(
        "{young} adolescent series give {of_young} and {children} preadolescent ones {of_children}, {adults} adult ones {of_adults}: younger is higher here, but the test does not tell the levels apart (p = {p:.3})"
    );
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/tofacitinib-aa/analysis.toml");
    let text = fs::read_to_string(file).expect("the analysis file");
    assert!(p > 0.05 && text.contains(&note), "{note}");
    assert!(text.contains(&format!("in none of the {} rows", data.k())));
}
