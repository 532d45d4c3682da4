//! Every reference case that `pool` covers, at the tolerance stated in its file.
//!
//! The files in `tests/reference/data/` say in their headers which program made each value; how a
//! deviation is scaled is in `tests/reference/README.md`. A case is run as a user would run it: the
//! spec's words, the result document, the number looked up by its name.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::common::reference::{Allowance, look_up, request};
use metaprop::options::Request;
use metaprop::report::json::{Layout, text};
use metaprop::{Dataset, fit};
use serde_json::Value;

/// How many cases of each file `pool` runs today. A case that is dropped, or a file that goes
/// missing, fails [`the_grid_of_cases_is_complete`].
pub(crate) const RUN: [(&str, usize); 17] = [
    ("metafor_pft_extremes", 373),
    ("miller1978", 347),
    ("opioid_misuse_jordan2017", 347),
    ("pritz1997", 379),
    ("stijnen2010_crbsi_control", 373),
    ("stijnen2010_crbsi_treated", 377),
    ("syn_all_full", 367),
    ("syn_all_zero", 367),
    ("syn_dominating", 347),
    ("syn_equal", 348),
    ("syn_k1", 34),
    ("syn_k2", 320),
    ("syn_k60", 347),
    ("syn_rare", 347),
    ("syn_tiny", 377),
    ("tofacitinib_aa_sourced_good", 379),
    ("tsoumpou2009_p16_wnl", 373),
];

/// Fields whose reference value is not what it should be to its own tolerance, each with the right
/// one, from the files beside the data that say why and by which script.
struct Disputed(Vec<(Value, Value)>);

impl Disputed {
    fn read() -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
        let mut fields = Vec::new();
        for name in ["disputed.json", "disputed_intervals.json", "by_contract.json"] {
            let text = fs::read_to_string(folder.join(name)).expect("the disputed fields");
            let file: Value = serde_json::from_str(&text).expect("JSON");
            let tolerance = &file["tolerance"];
            fields.extend(
                file["fields"]
                    .as_array()
                    .expect("fields")
                    .iter()
                    .map(|field| (field.clone(), tolerance.clone())),
            );
        }
        Self(fields)
    }

    /// What a field should be and its tolerance: as the case states them, or the right value where the
    /// stated one is disputed.
    fn expectation(&self, dataset: &str, case: &Value, field: &str, want: &Value) -> (Value, Option<f64>) {
        let about = |d: &Value| d["dataset"] == dataset && d["case"] == case["id"] && d["field"] == field;
        match self.0.iter().find(|(dispute, _)| about(dispute)) {
            None => (want.clone(), case["tolerances"][field].as_f64().or(case["tolerance"].as_f64())),
            Some((dispute, tolerance)) => {
                assert_eq!(dispute["given"], *want, "the disputed value is the one in the file");
                (dispute["right"].clone(), tolerance.as_f64())
            }
        }
    }
}

struct ReferenceSet {
    name: String,
    table: Dataset,
    absolute: f64,
    cases: Vec<Value>,
}

fn datasets() -> Vec<ReferenceSet> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the reference data")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().filter_map(|file| dataset(&fs::read_to_string(file).expect("a reference file"))).collect()
}

fn dataset(text: &str) -> Option<ReferenceSet> {
    let file: Value = serde_json::from_str(text).expect("JSON");
    let studies = file["studies"].as_array()?;
    let count = |study: &Value, key: &str| study[key].as_u64().expect("a count");
    let rows =
        studies.iter().map(|s| (s["study"].as_str().expect("a name"), count(s, "events"), count(s, "total")));
    Some(ReferenceSet {
        name: file["dataset"].as_str().expect("a name").to_string(),
        table: Dataset::proportions(rows).expect("counts"),
        absolute: file["abs_tolerance"].as_f64().unwrap_or(0.0),
        cases: file["cases"].as_array().expect("cases").clone(),
    })
}

/// The worst field of a case, in units of what is allowed, and the number of fields compared.
fn worst(
    disputed: &Disputed,
    dataset: &ReferenceSet,
    case: &Value,
    request: Request,
) -> (f64, String, usize) {
    let spec = request.resolve().unwrap_or_else(|error| panic!("{}/{}: {error}", dataset.name, case["id"]));
    let outcome =
        fit(&dataset.table, &spec).unwrap_or_else(|error| panic!("{}/{}: {error}", dataset.name, case["id"]));
    let document: Value = serde_json::from_str(&text(&outcome, Layout::Line)).expect("a document");
    let common = case["spec"]["model"] == "common";
    let (mut worst, mut compared) = ((0.0, String::new()), 0);
    for (field, want) in case["expect"].as_object().expect("expectations") {
        let Some(got) = look_up(&document, common, field) else { continue };
        compared += 1;
        let stated = case["abs_tolerances"][field].as_f64();
        let (want, relative) = disputed.expectation(&dataset.name, case, field, want);
        let allowance = Allowance {
            field,
            relative: relative.expect("a tolerance"),
            absolute: stated.unwrap_or(dataset.absolute),
            stated: stated.is_some(),
            se: case["expect"]["se"].as_f64().unwrap_or(0.0),
        };
        let times = allowance.times(&got, &want);
        if times > worst.0 {
            worst = (times, format!("{field}: got {got} want {want}"));
        }
    }
    (worst.0, worst.1, compared)
}

#[test]
fn every_case_agrees_at_its_tolerance() {
    let disputed = Disputed::read();
    let (mut failures, mut passed) = (Vec::new(), 0);
    for dataset in datasets() {
        for case in &dataset.cases {
            let Ok(request) = request(case) else { continue };
            let (times, field, compared) = worst(&disputed, &dataset, case, request);
            if compared > 0 && times > 1.0 {
                failures.push(format!(
                    "{}/{}: {times:.3} times the tolerance: {field}",
                    dataset.name, case["id"]
                ));
            } else if compared > 0 {
                passed += 1;
            }
        }
    }
    println!("{passed} cases agree");
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        failures.len() + passed,
        failures[..failures.len().min(40)].join("\n")
    );
}

#[test]
fn the_grid_of_cases_is_complete() {
    let mut counted = BTreeMap::new();
    for dataset in datasets() {
        let run =
            dataset.cases.iter().filter(|case| request(case).is_ok() && has_a_known_field(case)).count();
        counted.insert(dataset.name, run);
    }
    let expected: BTreeMap<_, _> = RUN.iter().map(|(name, run)| ((*name).to_string(), *run)).collect();
    assert_eq!(counted, expected);
}

/// Whether the case expects something that the result document holds.
fn has_a_known_field(case: &Value) -> bool {
    let blank = serde_json::json!({ "studies": [] });
    case["expect"]
        .as_object()
        .expect("expectations")
        .keys()
        .any(|field| look_up(&blank, false, field).is_some())
}
