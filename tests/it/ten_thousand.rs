//! A sample of ten thousand random data sets against R, at the tolerance of the whole run.
//!
//! `ten_thousand_sample.json` holds R's numbers of every 50th data set and the first few cases in which R
//! differs, each with its reason and, from 40-digit arithmetic, the right value. How the run is made again, and
//! what it found, is in `tests/reference/README.md`.

use std::fs;
use std::path::PathBuf;

use crate::common::reference::{Allowance, look_up, request};
use metaprop::report::json::{Layout, text};
use metaprop::{Dataset, fit};
use serde_json::Value;

fn read(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    serde_json::from_str(&fs::read_to_string(file).expect("a reference file")).expect("JSON")
}

fn table(set: &Value) -> Dataset {
    let rows = set["studies"].as_array().expect("studies").iter().zip(1..).map(|(row, number)| {
        let count = |at: usize| row[at].as_u64().expect("a count");
        (format!("s{number}"), count(0), count(1))
    });
    Dataset::proportions(rows).expect("counts")
}

/// The result document of a case.
fn document(set: &Value, case: &Value) -> Value {
    let spec = request(case).expect("a request").resolve().expect("a spec");
    let outcome = fit(&table(set), &spec).unwrap_or_else(|error| panic!("{}: {error}", case["id"]));
    serde_json::from_str(&text(&outcome, Layout::Line)).expect("a document")
}

/// The deviation of a field from a value, in units of the tolerance.
fn times(document: &Value, case: &Value, field: &str, want: &Value, relative: f64) -> f64 {
    let got = look_up(document, case["spec"]["model"] == "common", field)
        .unwrap_or_else(|| panic!("the document has no {field}"));
    let se = case["expect"]["se"].as_f64().unwrap_or(0.0);
    Allowance { field, relative, absolute: 0.0, stated: true, se }.times(&got, want)
}

#[test]
fn every_number_of_the_sample_agrees() {
    let sample = read("ten_thousand_sample.json");
    let tolerance = sample["tolerance"].as_f64().expect("a tolerance");
    let (mut compared, mut failures) = (0, Vec::new());
    for set in sample["sets"].as_array().expect("sets") {
        for case in set["cases"].as_array().expect("cases") {
            let document = document(set, case);
            for (field, want) in case["expect"].as_object().expect("expectations") {
                compared += 1;
                let times = times(&document, case, field, want, tolerance);
                if times > 1.0 {
                    failures.push(format!("{}: {field}: {times:.1} times the tolerance", case["id"]));
                }
            }
        }
    }
    assert!(compared > 9_000, "only {compared} numbers");
    assert!(failures.is_empty(), "{} of {compared}:\n{}", failures.len(), failures.join("\n"));
}

/// Where R differs, the right value is ours, and R's is still not: a reason that no longer holds fails.
#[test]
fn where_r_differs_the_right_value_is_ours() {
    let sample = read("ten_thousand_sample.json");
    let tolerance = sample["tolerance"].as_f64().expect("a tolerance");
    let mut compared = 0;
    for set in sample["sets"].as_array().expect("sets") {
        for case in set["cases"].as_array().expect("cases") {
            let document = document(set, case);
            for differs in case["differs"].as_array().unwrap_or(&Vec::new()) {
                compared += 1;
                let field = differs["field"].as_str().expect("a field");
                let off = |value: &str| times(&document, case, field, &differs[value], tolerance);
                // What the rounding of the estimates decides is right to that only.
                let rounding = differs["reason"].as_str().expect("a reason").starts_with("ill-conditioned");
                let (ours, theirs) = (off("right"), off("metafor"));
                assert!(rounding || ours <= 1.0, "{}: {field}: {ours:.1} times the tolerance", case["id"]);
                assert!(theirs > 1.0, "{}: {field} is metafor's", case["id"]);
            }
        }
    }
    assert!(compared > 60, "only {compared} differences");
}

#[test]
fn nothing_of_the_whole_run_is_left_unexplained() {
    let summary = read("ten_thousand.json");
    assert_eq!(summary["unexplained"], 0);
    assert_eq!(summary["data_sets"], 10_000);
    let reasons = summary["reasons"].as_object().expect("reasons");
    let sum: u64 = reasons.values().map(|count| count.as_u64().expect("a count")).sum();
    assert_eq!(summary["differ"], sum);
    assert!(!reasons.contains_key("unexplained"));
}
