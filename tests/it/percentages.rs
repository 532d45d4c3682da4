//! Tables of percentages: counts derived, ambiguity told, the impossible refused.

use crate::common::program::{Bench, fits_its_schema};
use metaprop::Code;
use metaprop::io::read::{read_bytes, read_percentages};
use metaprop::options::{Decimal, ReadOptions};
use serde_json::Value;

const GOOD: &str = "study,percent,n\nBeta,16%,300\nGamma,33.8,80\nDelta,NA,50\nEps,58.4,65\nTotal,30,445\n";
const BAD: &str = "study,percent,n\nAlpha,58.4%,90\nGamma,33.8,80\nZeta,101,20\n";
const ANALYSIS: &str = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"t.csv\"\n[[outcome]]\nid = \"main\"\npercent = \"percent\"\ntotal = \"n\"\n";

fn events(csv: &str) -> Vec<u64> {
    let table = read_bytes(csv.as_bytes(), "t.csv", &ReadOptions::default()).expect("a table");
    table.counted().unwrap().iter().map(|study| study.counts.events()).collect()
}

#[test]
fn counts_are_derived_and_the_ambiguity_is_told() {
    let table = read_bytes(GOOD.as_bytes(), "t.csv", &ReadOptions::default()).expect("a table");
    let studies = table.counted().unwrap();
    let seen: Vec<_> =
        studies.iter().map(|study| (&*study.name, study.counts.events(), study.line)).collect();
    assert_eq!(seen, [("Beta", 48, 2), ("Gamma", 27, 3), ("Eps", 38, 5)]);
    assert_eq!(table.ledger().excluded[0].reason, "percentage missing");
    assert_eq!((&*table.columns().events, &*table.columns().percent), ("", "percent"));
    let codes: Vec<_> = table.advisories().iter().map(|advisory| advisory.code).collect();
    assert_eq!(codes, [Code::EventsDerived, Code::EventsAmbiguous, Code::PercentTruncated]);
    assert!(
        table.advisories()[1].message.contains("16% of 300 is any of 47 to 49, taken as 48 ('Beta', line 2)")
    );
}

#[test]
fn a_number_without_a_unit_is_a_percentage_unless_all_can_be_fractions() {
    assert_eq!(events("study,percent,n\nA,0.5,200\nB,1,100\n"), [1, 1]);
    assert_eq!(events("study,prop,n\nA,0.5,200\nB,0.25,100\n"), [100, 25]);
    // One of them cannot be, or has a sign: none is.
    assert_eq!(events("study,prevalence,n\nA,0.5,200\nB,25,100\n"), [1, 25]);
    assert_eq!(events("study,percent,n\nA,0.5,200\nB,25%,100\n"), [1, 25]);
    // Beside a sign a number up to 1 may be a fraction: where the counts say one and the name the other, it is refused.
    let mixed = read_bytes(b"study,prop,n\nA,0.5,200\nB,25%,100\n", "t.csv", &ReadOptions::default());
    let said = mixed.expect_err("both readings").to_string();
    assert!(
        said.contains("0.5 of 200 is 1 as a percentage") && said.contains("25% on line 3 has a sign"),
        "{said}"
    );
    assert_eq!(events("study,prop,n\nA,0.24,50\nB,17.5%,40\n"), [12, 7]);
    let options = ReadOptions { decimal: Some(Decimal::Comma), ..ReadOptions::default() };
    let table = read_bytes("study;percent;n\nA;12,5%;1.000\n".as_bytes(), "-", &options).expect("a table");
    assert_eq!(table.counts().unwrap()[0].events(), 125);
}

#[test]
fn counts_come_before_percentages_unless_one_is_named() {
    let csv = "study,events,percent,n\nA,3,50%,10\n";
    assert_eq!(events(csv), [3]);
    let options = ReadOptions { percent: Some("percent".into()), ..ReadOptions::default() };
    let table = read_bytes(csv.as_bytes(), "-", &options).expect("a table");
    assert_eq!(table.counts().unwrap()[0].events(), 5);
    let rows = read_percentages(csv.as_bytes(), "-", &ReadOptions::default()).expect("rows").rows;
    assert_eq!((rows.len(), rows[0].derived().map(|derived| derived.taken)), (1, Some(5)));
}

#[test]
fn every_true_percentage_gives_its_count_back() {
    for n in 1..=60_u64 {
        let mut csv = "study,percent,n\n".to_string();
        for x in 0..=n {
            // Rounded half up in whole numbers, to one decimal.
            let tenths = (2 * 1000 * x + n) / (2 * n);
            csv += &format!("S{x},{}.{},{n}\n", tenths / 10, tenths % 10);
        }
        assert_eq!(events(&csv), (0..=n).collect::<Vec<_>>(), "{n}");
    }
}

#[test]
fn the_impossible_is_an_error_with_what_is_near() {
    let bench = Bench::with(&[("bad.csv", BAD)]);
    let said = bench.complains(3, &["pool", "bad.csv"]);
    assert!(
        said.contains(
            "bad.csv:2: column 'percent': 58.4% is not a plain count of 90: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%"
        ),
        "{said}"
    );
    assert!(said.contains("bad.csv:4: column 'percent': 101% is not a plain count of 20"), "{said}");
    assert!(!said.contains("bad.csv:3"), "{said}");
    bench.file("odd.csv", "study,percent,n\nA,~50%,10\nB,<5%,10\nC,many,10\n");
    let said = bench.complains(3, &["pool", "odd.csv"]);
    for part in [
        "'~50%' says about how many",
        "'<5%' bounds the percentage",
        "'many' is not a percentage",
        "odd.csv:4",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn grim_lists_the_counts_of_a_table() {
    let bench = Bench::with(&[("bad.csv", BAD), ("good.csv", GOOD)]);
    let document = bench.json(1, &["grim", "bad.csv", "--percent", "percent", "--total", "n"]);
    fits_its_schema(&document);
    let possible: Vec<_> =
        document["rows"].as_array().expect("rows").iter().map(|row| row["possible"].as_bool()).collect();
    assert_eq!(possible, [Some(false), Some(true), Some(false)]);
    let csv = bench.ends(0, &["grim", "good.csv", "--format", "csv"]);
    assert!(csv.contains("Beta,2,16%,300,several counts,47,49,48\n"), "{csv}");
    assert!(
        bench
            .ends(0, &["grim", "good.csv", "--format", "md"])
            .contains("| Gamma | 3 | 33.8% | 80 | 27 | 27 | one count |")
    );
    assert!(bench.complains(2, &["grim", "58.4%"]).contains("of how many people?"));
    assert!(bench.complains(3, &["grim", "counts.csv"]).contains("no column of percentages is found"));
    bench.complains(2, &["grim", "58.4%", "--n", "90", "--percent", "x"]);
    bench.complains(2, &["grim", "58.4%", "--n", "90", "--format", "csv"]);
    bench.complains(3, &["pool", "good.csv", "--events", "n", "--percent", "percent"]);
}

#[test]
fn check_finds_the_impossible_rows() {
    let bench = Bench::with(&[("t.csv", BAD), ("a.toml", ANALYSIS)]);
    let claim = "[[claim]]\noutcome = \"main\"\nsource = \"x\"\nestimate = \"40%\"\n";
    let document = bench.json(1, &["check", "a.toml"]);
    fits_its_schema(&document);
    let fields = document["claims"][0]["fields"].as_array().expect("fields");
    assert_eq!((&fields[0]["verdict"], &fields[0]["study"]), (&Value::from("fails"), &Value::from("Alpha")));
    assert!(
        fields[0]["reason"]
            .as_str()
            .expect("a reason")
            .starts_with("line 2: 58.4% is not a plain count of 90")
    );
    bench.file("a.toml", format!("{ANALYSIS}{claim}"));
    let document = bench.json(1, &["check", "a.toml"]);
    assert_eq!(document["claims"][1]["verdict"], "not-checkable");
    bench.complains(3, &["report", "a.toml", "-o", "out"]);
    bench.file("t.csv", GOOD);
    bench.ends(0, &["report", "a.toml", "-o", "out"]);
    bench.ends(0, &["report", "a.toml", "-o", "out", "--check"]);
}

#[test]
fn the_choice_of_the_column_is_kept() {
    let bench = Bench::with(&[("t.csv", GOOD)]);
    let spec = bench.ends(0, &["pool", "t.csv", "--print-spec"]);
    assert!(spec.contains("percent = \"percent\"") && !spec.contains("events ="), "{spec}");
    bench.file("spec.toml", &spec);
    bench.ends(0, &["report", "spec.toml", "-o", "out"]);
    let document = bench.ends(0, &["pool", "t.csv", "--format", "json"]);
    bench.file("r.json", &document);
    assert_eq!(bench.ends(0, &["pool", "--from", "r.json", "--format", "json"]), document);
    assert!(document.contains("\"events-ambiguous\""));
    bench.file("both.toml", ANALYSIS.replace("total", "events = \"n\"\ntotal"));
    assert!(bench.complains(2, &["check", "both.toml"]).contains("both name the column 'n'"));
}

#[test]
fn a_total_beyond_exact_numbers_is_refused_where_it_stands() {
    let bench = Bench::with(&[("huge.csv", "study,percent,total\nA,50%,80\nB,50%,9007199254740993\n")]);
    for arguments in
        [["grim", "huge.csv", "--percent", "percent"], ["pool", "huge.csv", "--percent", "percent"]]
    {
        let said = bench.complains(3, &arguments);
        assert!(said.contains("huge.csv:3") && said.contains("total"), "{said}");
        assert!(said.contains("'9007199254740993' is above 2^53") && !said.contains("impossible"), "{said}");
    }
}

#[test]
fn every_bad_row_is_named_at_once() {
    let bench = Bench::with(&[("p.csv", "study,pct,n\nA,58.4,90\nF,120%,20\nI,abc,30\nB,50%,10\n")]);
    let said = bench.complains(3, &["pool", "p.csv", "--percent", "pct"]);
    for place in ["p.csv:2:", "p.csv:3:", "p.csv:4:"] {
        assert!(said.contains(place), "{place} is missing: {said}");
    }
}

#[test]
fn grim_says_which_rows_it_left_out() {
    let bench = Bench::with(&[("p.csv", "study,pct,n\nA,50,90\nF,NA,20\nI,20,0\n")]);
    for format in ["text", "csv", "md", "json"] {
        let said = bench.ends(0, &["grim", "p.csv", "--percent", "pct", "--format", format]);
        assert!(said.contains("percentage missing") && said.contains("total is 0"), "{format}: {said}");
    }
}
