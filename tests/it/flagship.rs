//! What is said of Guo 2020, computed: every number of `FINDINGS.md`, of the page's opening and of the README.
//!
//! `FINDINGS.md` is the template `flagship/findings.md` with the computed values put in, and the template has no
//! number of its own; `UPDATE_FINDINGS=1` writes it again.

use std::collections::BTreeMap;

use metaprop::format::grouped;
use metaprop::options::{DEFAULT_SEED, Profile, ReadOptions, Request, Spec};
use metaprop::printed::grim::{Grim, grim};
use metaprop::published::claim::{Claim, Field};
use metaprop::published::reconstruct::joint::{
    JointQuery, JointReconstruction, KnownStudy, reconstruct_joint,
};
use metaprop::published::reconstruct::{KnownRow, ReconstructQuery, Reconstruction, reconstruct};
use metaprop::published::reproduce::{ReproduceQuery, reproduce};
use metaprop::{Dataset, fit};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/guo-2020");
pub(crate) const CRISPIN: &str = "Kennedy Crispin 2016";
/// The candidates of `both.csv` that are not among the nine.
const OTHERS: [&str; 4] = ["Bokhari 2018", "Liu 2018", "Cheng 2018 topical arm", "Scheinberg 2017"];
/// Those that are left out where the 21 of 66 stands beside five others.
const NOT_BESIDE: [&str; 3] = ["Castelo-Soccio 2017", "Craiglow 2019", "Akdogan 2019"];

pub(crate) fn read(name: &str, events: &str) -> Dataset {
    let options =
        ReadOptions { events: Some(events.into()), total: Some("n".into()), ..ReadOptions::default() };
    Dataset::read_with(&format!("{FOLDER}/{name}"), &options).expect("a table")
}

/// The claim of an outcome of an analysis file.
pub(crate) fn claim(file: &str, outcome: &str) -> Claim {
    let project = metaprop::Project::open(format!("{FOLDER}/{file}")).expect("an analysis file");
    project.claims().iter().find(|claim| claim.outcome == outcome).cloned().expect("a claim")
}

pub(crate) fn spec() -> Spec {
    Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve().expect("a spec")
}

/// The nine oral series, with every reading.
pub(crate) fn nine() -> Vec<KnownRow> {
    let mut rows = KnownRow::from_table(&read("both.csv", "good")).expect("rows");
    rows.retain(|row| !OTHERS.contains(&&*row.study));
    rows
}

/// Those of `good.csv`, as first read.
fn first_readings(without: &[&str]) -> Vec<KnownRow> {
    let mut rows = KnownRow::from_table(&read("good.csv", "events")).expect("rows");
    rows.retain(|row| !without.contains(&&*row.study));
    rows
}

fn search(printed: &Claim, known: Vec<KnownRow>, tries: u64) -> Reconstruction {
    let spec = spec();
    let query = ReconstructQuery { tries, list: 1, ..ReconstructQuery::new(printed, &spec, known) };
    reconstruct(&query, |_, _| true).expect("a search")
}

fn candidates() -> Vec<KnownStudy> {
    KnownStudy::from_tables(&read("both.csv", "good"), &read("both.csv", "partial")).expect("studies")
}

fn joint(known: Vec<KnownStudy>, tries: u64) -> JointReconstruction {
    let (good, partial, spec) = (claim("analysis.toml", "good"), claim("analysis.toml", "partial"), spec());
    let query = JointQuery { tries, ..JointQuery::new([&good, &partial], &spec, known) };
    reconstruct_joint(&query, |_, _| true).expect("a search")
}

fn optional(mut rows: Vec<KnownRow>, is_optional: impl Fn(&str) -> bool) -> Vec<KnownRow> {
    rows.iter_mut().for_each(|row| row.optional = is_optional(&row.study));
    rows
}

pub(crate) fn readings(rows: &[KnownRow], study: &str) -> String {
    let row = rows.iter().find(|row| row.study == study).expect("the study");
    let counts = row.readings.iter().map(|counts| format!("{} of {}", counts.events(), counts.total()));
    counts.collect::<Vec<_>>().join(" or ")
}

pub(crate) fn printed(claim: &Claim) -> String {
    format!("{} ({})", claim.one(Field::Estimate).expect("one"), claim.two(Field::Ci).expect("two"))
}

fn whole([low, high]: [u64; 2]) -> String {
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

fn percents([low, high]: [f64; 2]) -> String {
    format!("{low:.1} to {high:.1}%")
}

/// The values of the template.
fn values() -> BTreeMap<&'static str, String> {
    let (good, partial, mao) = (
        claim("analysis.toml", "good"),
        claim("analysis.toml", "partial"),
        claim("neighbours.toml", "mao-salt50"),
    );
    let count = |claim: &Claim, field: Field| claim.count(field).expect("a count").to_string();
    let mut values = BTreeMap::from([
        ("good", printed(&good)),
        ("partial", printed(&partial)),
        ("mao", printed(&mao)),
        ("k", count(&good, Field::K)),
        ("total", count(&good, Field::Total)),
        ("mao_k", count(&mao, Field::K)),
        ("mao_total", count(&mao, Field::Total)),
        ("amount", spec().zero_amount().to_string()),
        ("one", ReconstructQuery::new(&good, &spec(), Vec::new()).sizes[0].to_string()),
        ("seed", DEFAULT_SEED.to_string()),
        ("nine", nine().len().to_string()),
        ("crispin", readings(&nine(), CRISPIN)),
        ("liu", readings(&nine(), "Liu 2017")),
        ("liu_first", readings(&first_readings(&[]), "Liu 2017")),
        ("shin", readings(&nine(), "Shin 2019")),
    ]);
    proved(&good, &mut values);
    found(&good, &partial, &mut values);
    found_of_both(&mut values);
    not_found(&good, &mut values);
    values
}

fn proved(good: &Claim, values: &mut BTreeMap<&'static str, String>) {
    let all = search(good, nine(), 16);
    let [ways, out] = all.selections.expect("they are listed");
    assert!(all.exhaustive && all.found == 0 && ways == out, "{}", all.sentence());
    values.insert("all_readings", ways.to_string());
    values.insert("all_tables", grouped(all.table_count.expect("they are counted") as u64));
    values.insert("all_nearest", all.nearest.expect("one").figures());
    let others: Vec<KnownRow> = nine().into_iter().filter(|row| row.study != CRISPIN).collect();
    let proved = others.iter().filter(|left_out| {
        let rest = nine().into_iter().filter(|row| row.study != left_out.study).collect();
        let found = search(good, rest, 0);
        found.exhaustive && found.found == 0
    });
    let proved = proved.count();
    assert_eq!(proved, others.len(), "each of the eight");
    values.insert("left_out_proved", proved.to_string());
    let with = search(good, optional(nine(), |study| study != CRISPIN), 0);
    let [ways, out] = with.selections.expect("they are listed");
    values.insert("with_ways", ways.to_string());
    values.insert("with_proved", out.to_string());
}

fn found(good: &Claim, partial: &Claim, values: &mut BTreeMap<&'static str, String>) {
    let six = first_readings(&NOT_BESIDE);
    let people: u64 = six.iter().map(|row| row.readings[0].total()).sum();
    let beside = search(good, six, 64);
    let made_up = beside.tables[0].iter().filter(|row| !row.known);
    let rows: Vec<String> = made_up.map(|row| format!("{}/{}", row.events, row.total)).collect();
    // Recomputed by the same call as any analysis.
    let table = beside.tables[0].iter().map(|row| (row.study.clone(), row.events, row.total));
    let result = fit(&Dataset::proportions(table).expect("counts"), &spec()).expect("a result");
    let pooled = result.pooled();
    let [lower, upper] = pooled.shown_limits().map(|limit| 100.0 * limit.expect("a limit"));
    values.insert("six_people", people.to_string());
    values.insert("six_found", beside.found.to_string());
    values.insert("six_tries", beside.tries.to_string());
    values.insert("six_table", rows.join(", "));
    values.insert("six_figures", format!("{:.2}% ({lower:.2} to {upper:.2})", 100.0 * pooled.estimate));

    let eight = search(good, first_readings(&[CRISPIN]), 64);
    let common = eight.common.expect("tables were found");
    values.insert("eight_found", eight.found.to_string());
    values.insert("eight_tries", eight.tries.to_string());
    values.insert("eight_rows", whole(common.unknown_rows));
    values.insert("eight_unknown", whole(common.unknown_total));
    values.insert("eight_unknown_events", whole(common.unknown_events));
    values.insert("eight_events", whole(common.events));
    values.insert("eight_spread", percents(common.i2.expect("an I2")));

    let rows = KnownRow::from_table(&read("partial.csv", "events")).expect("rows");
    let alone = search(partial, rows.clone(), 32);
    values.insert("partial_found", alone.found.to_string());
    values.insert("partial_tries", alone.tries.to_string());
    values.insert("partial_spread", percents(alone.common.expect("tables were found").i2.expect("an I2")));
    let without = rows.iter().filter(|left_out| {
        let rest = rows.iter().filter(|row| row.study != left_out.study).cloned().collect();
        search(partial, rest, 32).found > 0
    });
    assert_eq!(without.count(), rows.len());
    values.insert("partial_left_out", "With each of them left out, tables are found as well.".to_string());
}

fn found_of_both(values: &mut BTreeMap<&'static str, String>) {
    let all = candidates();
    values.insert("candidates", all.len().to_string());
    for study in &all {
        assert!(joint(vec![study.clone()], 8).found > 0, "{}", study.study);
    }
    let together = joint(all.clone(), 0);
    assert!(together.exhaustive && together.found == 0, "{}", together.sentence());
    let without = |names: &[&str]| -> Vec<KnownStudy> {
        let oral = all.iter().filter(|study| !OTHERS.contains(&&*study.study));
        oral.filter(|study| !names.contains(&&*study.study)).cloned().collect()
    };
    let (eight, six) = (joint(without(&[CRISPIN]), 64), joint(without(&NOT_BESIDE), 64));
    let common = eight.common.expect("tables were found");
    values.insert("both_tries", eight.tries.to_string());
    values.insert("both_eight_found", eight.found.to_string());
    values.insert("both_six_found", six.found.to_string());
    values.insert("both_good_events", whole(common.outcomes[0].events));
    values.insert("both_partial_events", whole(common.outcomes[1].events));
    values.insert("both_neither", whole(common.neither));
    assert!(eight.found > 0 && six.found > 0);
}

fn not_found(good: &Claim, values: &mut BTreeMap<&'static str, String>) {
    let any = search(good, optional(nine(), |_| true), 64);
    let held = search(good, optional(nine(), |study| study != CRISPIN), 64);
    let known = any.common.expect("tables were found").known;
    let with = known.iter().find(|row| row.study == CRISPIN).expect("the row").tables;
    values.insert("any_found", any.found.to_string());
    values.insert("any_tries", any.tries.to_string());
    values.insert("any_with", with.to_string());
    values.insert("held_found", held.found.to_string());
    values.insert("held_tries", held.tries.to_string());
}

/// A text without the names that have a year in them, file names and links.
fn without_names(text: &str) -> String {
    let names = [
        "Guo 2020",
        "Liu 2017",
        "Shin 2019",
        CRISPIN,
        "Craiglow 2017",
        "Jabbari 2018",
        "Dai 2019",
        "Mao 2023",
        "guo-2020",
        "I²",
        "τ²",
    ];
    names.iter().fold(text.to_string(), |text, name| text.replace(name, ""))
}

#[test]
fn every_number_of_the_findings_is_computed() {
    let template = include_str!("flagship/findings.md");
    let stray = without_names(template).find(|character: char| character.is_ascii_digit());
    assert_eq!(stray, None, "the template has a number of its own");
    let values = values();
    let filled = values
        .iter()
        .fold(template.to_string(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
    assert!(!filled.contains('{'), "a value is missing: {filled}");
    let path = format!("{FOLDER}/FINDINGS.md");
    if std::env::var_os("UPDATE_FINDINGS").is_some() {
        std::fs::write(&path, &filled).expect("written");
    }
    let kept = std::fs::read_to_string(&path).expect("the findings");
    assert!(kept == filled, "FINDINGS.md says something else; UPDATE_FINDINGS=1 writes:\n{filled}");
}

/// What the sourced series give, for the sentences of other pages.
pub(crate) fn sourced() -> [String; 3] {
    let data = read("good.csv", "events");
    let result = fit(&data, &spec()).expect("a result");
    let (events, total) = data.sums().expect("counts");
    let pooled = result.pooled();
    let [lower, upper] = pooled.shown_limits().map(|limit| 100.0 * limit.expect("a limit"));
    let figures = format!("{:.1}% ({lower:.1}% to {upper:.1}%)", 100.0 * pooled.estimate);
    [data.k().to_string(), format!("{events} of {total} people"), figures]
}

/// How many specifications are tried on the sourced series, none of which gives the printed figures.
fn specifications_tried(good: &Claim) -> String {
    let (data, printed) = (read("good.csv", "events"), good.without_sizes());
    let explicit = Request { level: Some("95".parse().expect("a level")), ..Request::default() };
    let query = ReproduceQuery { explicit, ..ReproduceQuery::new(&data, &printed) };
    let found = reproduce(&query, |_, _| true).expect("a search");
    assert_eq!(found.complete, 0);
    grouped(found.tried)
}

#[test]
fn the_opening_of_the_page_is_computed() {
    let page = std::fs::read_to_string(format!("{FOLDER}/../../reports/guo-2020/report.md")).expect("a page");
    let good = claim("analysis.toml", "good");
    let (k, people) = (good.count(Field::K).expect("k"), good.count(Field::Total).expect("a total"));
    let [series, counts, figures] = sourced();
    let all = search(&good, nine(), 0);
    assert!(all.exhaustive && all.found == 0);
    let tried = specifications_tried(&good);
    let opening: Vec<&str> = page.lines().skip(2).take(7).collect();
    let lines = [
        format!("1. Printed in {}: {}, from {k} studies, {people} people.", good.source, printed(&good)),
        format!(
            "2. The counts of its {k} studies are not in this report: {}.",
            good.note.as_deref().expect("a note")
        ),
        format!(
            "3. The {series} series whose counts are sourced ({counts}) pool to {figures}, and none of {tried} specifications that were tried on them gives the printed figures."
        ),
        format!(
            "4. It is proved that no table of {k} studies and {people} people with all {} of them in any reading",
            nine().len()
        ),
        format!(
            "5. What would settle it is the table itself: the events and the people of each of the {k} studies."
        ),
    ];
    assert_eq!(
        opening[0],
        format!(
            "**Printed: {}**, {k} studies, {people} people. Not recomputed: none of {tried} specifications of {series} sourced series gives it.",
            printed(&good)
        )
    );
    for (line, expected) in opening[2..].iter().zip(&lines) {
        assert!(line.starts_with(expected.as_str()), "{line}\n{expected}");
    }
    let left_out = nine().len() - 1;
    assert!(opening[5].contains(&format!("for {left_out} of the {}", nine().len())), "{}", opening[5]);
    assert!(opening[5].contains(&format!("tables were found without {CRISPIN} (21/66)")), "{}", opening[5]);
    assert!(page.len() <= 300_000);
}

#[test]
fn the_first_screen_of_the_readme_is_computed() {
    let readme = include_str!("../../README.md").replace('\n', " ");
    let good = claim("analysis.toml", "good");
    let [series, counts, figures] = sourced();
    let k = good.count(Field::K).expect("k");
    let people = good.count(Field::Total).expect("a total");
    let demonstration = Dataset::read("@tofacitinib-aa").expect("a data set");
    let result = fit(&demonstration, &spec()).expect("a result");
    assert_eq!(demonstration.k() as u64, k);
    for sentence in [
        format!("prints {} good or complete regrowth from {k} studies and {people} patients", printed(&good)),
        format!("The {series} series that are sourced, {counts}, give {figures}"),
        format!("no table of {k} studies has all {} of them", nine().len()),
        format!(
            "The {} series of the demonstration are others, {} people, and give {:.1}%",
            demonstration.k(),
            demonstration.sums().expect("counts").1,
            100.0 * result.pooled().estimate
        ),
    ] {
        assert!(readme.contains(&sentence), "the README lacks: {sentence}");
    }
    let screen = readme.find("prints 54.0%").expect("the figure");
    assert!(screen < 1_600, "it stands in the first screen");
}

/// What `grim` says of each printed percentage of the sources, as `SOURCES.md` lists it.
#[test]
fn the_sources_say_what_grim_says_of_them() {
    let sources = include_str!("../../datasets/guo-2020/SOURCES.md");
    let table = std::fs::read_to_string(format!("{FOLDER}/percentages.csv")).expect("a table");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [study, figure, percent, n, used] = cells[..] else { panic!("{line}") };
        let found: Grim =
            grim(&percent.parse().expect("a percentage"), n.parse().expect("a number")).expect("an answer");
        let events: Vec<String> = found.events.iter().map(|events| events.to_string()).collect();
        let says = if found.possible {
            assert!(events.contains(&used.to_string()), "{line}");
            format!("{} of {n}", events.join(" or "))
        } else {
            assert_eq!(used, "", "{line}");
            "not a plain count".to_string()
        };
        let expected = format!("| {study} | {figure} | {percent} of {n} | {says} |");
        assert!(sources.contains(&expected), "SOURCES.md lacks: {expected}");
        rows += 1;
    }
    assert_eq!(rows, 11);
}

#[test]
fn the_parts_of_every_source_row_add_up() {
    for study in candidates() {
        for reading in &study.readings {
            let [good, partial] = reading.events.map(|events| events.unwrap_or(0));
            assert!(good + partial <= reading.total, "{}", study.study);
        }
    }
    // Any response as printed is the sum of the two.
    let of = |name: &str, reading: usize| {
        let study = candidates().into_iter().find(|study| study.study == name).expect("the study");
        let reading = study.readings[reading];
        (reading.events.map(|events| events.expect("events")).iter().sum::<u64>(), reading.total)
    };
    let table = std::fs::read_to_string(format!("{FOLDER}/percentages.csv")).expect("a table");
    let mut any = table.lines().filter(|line| line.contains("any response")).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[4].parse::<u64>().expect("events"), cells[3].parse::<u64>().expect("n"))
    });
    let sums = [of(CRISPIN, 0), of("Liu 2017", 0), of("Liu 2017", 1)];
    assert!(sums.iter().all(|sum| any.next() == Some(*sum)), "{sums:?}");
    // The files of one outcome have the counts of the file of both.
    for (file, outcome) in [("good.csv", 0), ("partial.csv", 1)] {
        for row in read(file, "events").counted().expect("counts") {
            let both = candidates().into_iter().find(|study| study.study == *row.name).expect("the study");
            let first = both.readings[0];
            assert_eq!((first.events[outcome], first.total), (Some(row.counts.events()), row.counts.total()));
        }
    }
}

#[test]
fn the_guide_claims_no_more_than_is_shown() {
    let guide = include_str!("../../docs/reviewing.md");
    let good = claim("analysis.toml", "good");
    let all = search(&good, nine(), 0);
    let tables = grouped(all.table_count.expect("they are counted") as u64);
    let beside = search(&good, first_readings(&NOT_BESIDE), 16);
    assert!(all.exhaustive && all.found == 0 && beside.found > 0);
    for sentence in [
        format!("Proved: with all {} in, in any reading, none of the {tables} completions", nine().len()),
        "nor with any seven of the other eight".to_string(),
        format!("Found: tables with the {} beside five others", readings(&nine(), CRISPIN)),
        "Only not found".to_string(),
    ] {
        assert!(guide.contains(&sentence), "docs/reviewing.md lacks: {sentence}");
    }
    assert!(!guide.contains("most of the rest were not in one table"));
}

/// Every percentage that the five documents print has a claim.
#[test]
fn every_percentage_of_the_seeds_is_claimed() {
    let claims = include_str!("../../datasets/seeds/analysis.toml");
    for printed in [
        "54.0%", "46.3%", "61.5%", "26.1%", "83.2%", "16%", "58.4%", "47.8%", "66.67%", "72.7%", "82%",
        "64%", "66.7%", "33.8%", "~25%", "~80%", "over 90%", "90%", "80%", "60%",
    ] {
        assert!(claims.contains(&format!("\"{printed}\"")), "{printed}");
    }
}
