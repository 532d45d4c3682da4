//! Every reference case that `pool` covers, at the tolerance stated in its file.
//!
//! The files in `tests/reference/data/` say in their headers which program made each value; how a
//! deviation is scaled is in `tests/reference/README.md`. A case is run as a user would run it: the
//! spec's words, the result document, the number looked up by its name.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use metaprop::report::json::{Layout, text};
use metaprop::spec::Request;
use metaprop::vocabulary::Choice;
use metaprop::{StudyTable, run};
use serde_json::Value;

/// How many cases of each file `pool` runs today. A case that is dropped, or a file that goes
/// missing, fails [`the_grid_of_cases_is_complete`].
const RUN: [(&str, usize); 17] = [
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

struct Dataset {
    name: String,
    table: StudyTable,
    absolute: f64,
    cases: Vec<Value>,
}

fn datasets() -> Vec<Dataset> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the reference data")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().filter_map(|file| dataset(&fs::read_to_string(file).expect("a reference file"))).collect()
}

fn dataset(text: &str) -> Option<Dataset> {
    let file: Value = serde_json::from_str(text).expect("JSON");
    let studies = file["studies"].as_array()?;
    let count = |study: &Value, key: &str| study[key].as_u64().expect("a count");
    let rows =
        studies.iter().map(|s| (s["study"].as_str().expect("a name"), count(s, "events"), count(s, "total")));
    Some(Dataset {
        name: file["dataset"].as_str().expect("a name").to_string(),
        table: StudyTable::from_counts(rows).expect("counts"),
        absolute: file["abs_tolerance"].as_f64().unwrap_or(0.0),
        cases: file["cases"].as_array().expect("cases").clone(),
    })
}

/// The case's spec as a request, or why `pool` has no such case.
fn request(case: &Value) -> Result<Request, String> {
    let mut request = Request::default();
    if case["extra"] == true {
        return Err("a word that the contract does not have".to_string());
    }
    for (key, value) in case["spec"].as_object().expect("a spec") {
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let unknown = |_| format!("{key} = {word}");
        match key.as_str() {
            "profile" => request.profile = Some(Choice::parse(&word).map_err(unknown)?),
            "measure" => request.measure = Some(Choice::parse(&word).map_err(unknown)?),
            "model" => request.model = Some(Choice::parse(&word).map_err(unknown)?),
            "tau2" => request.tau2 = Some(word.parse().map_err(unknown)?),
            "ci" => request.ci = Some(Choice::parse(&word).map_err(unknown)?),
            "prediction" => request.prediction = Some(Choice::parse(&word).map_err(unknown)?),
            "tau2-ci" => request.tau2_ci = Some(Choice::parse(&word).map_err(unknown)?),
            "i2" => request.i2 = Some(Choice::parse(&word).map_err(unknown)?),
            "study-ci" => request.study_ci = Some(Choice::parse(&word).map_err(unknown)?),
            "zero-cells" => request.zero_cells = Some(Choice::parse(&word).map_err(unknown)?),
            "amount" => request.zero_amount = value.as_f64(),
            "back-transform" => request.back_transform = Some(Choice::parse(&word).map_err(unknown)?),
            "level" => request.level = Some(word.parse().map_err(unknown)?),
            _ => return Err(format!("the key {key}")),
        }
    }
    Ok(request)
}

/// The value of a field in the result document; `None` where the document has no such field.
fn look_up(document: &Value, common: bool, field: &str) -> Option<Value> {
    let model = &document[if common { "common" } else { "random" }];
    let column = |key: &str| {
        Value::Array(
            document["studies"].as_array().expect("studies").iter().map(|s| s[key].clone()).collect(),
        )
    };
    if let Some(key) = field.strip_prefix("studies.") {
        return Some(column(key));
    }
    Some(match field {
        "weights_random" => column("weight_random"),
        "weights_common" => column("weight_common"),
        "prediction_lower" => document["prediction"]["lower"].clone(),
        "prediction_upper" => document["prediction"]["upper"].clone(),
        "prediction_df" => document["prediction"]["df"].clone(),
        "prediction_y" => document["prediction"]["ci_y"].clone(),
        "q" | "tau2" | "tau2_se" | "tau2_lower" | "tau2_upper" | "i2" | "i2_lower" | "i2_upper" | "h2"
        | "q_lrt" | "p_lrt" | "q_wald" | "rho" => document["heterogeneity"][field].clone(),
        "q_df" => document["heterogeneity"]["df"].clone(),
        "q_p" => document["heterogeneity"]["p"].clone(),
        "q_wald_p" => document["heterogeneity"]["p_wald"].clone(),
        "y" | "se" | "estimate" | "lower" | "upper" | "statistic" | "df" | "p" | "log_likelihood" | "aic"
        | "bic" | "ci_y" => model[field].clone(),
        "lower_y" => model["ci_y"][0].clone(),
        "upper_y" => model["ci_y"][1].clone(),
        _ => return None,
    })
}

/// What is allowed for one field of one case.
struct Allowance<'a> {
    field: &'a str,
    relative: f64,
    absolute: f64,
    stated: bool,
    se: f64,
}

impl Allowance<'_> {
    /// The deviation in units of what is allowed; infinite where the shapes differ.
    fn times(&self, got: &Value, want: &Value) -> f64 {
        match (got, want) {
            (Value::Array(got), Value::Array(want)) if got.len() == want.len() => {
                got.iter().zip(want).map(|(got, want)| self.times(got, want)).fold(0.0, f64::max)
            }
            (Value::Null, Value::Null) => 0.0,
            (Value::Number(got), Value::Number(want)) => {
                self.of_numbers(got.as_f64().expect("a number"), want.as_f64().expect("a number"))
            }
            _ => f64::INFINITY,
        }
    }

    fn of_numbers(&self, got: f64, want: f64) -> f64 {
        let fraction = matches!(
            self.field,
            "estimate"
                | "lower"
                | "upper"
                | "prediction_lower"
                | "prediction_upper"
                | "studies.lower"
                | "studies.upper"
        );
        let (got, want) = if fraction { (got.clamp(0.0, 1.0), want.clamp(0.0, 1.0)) } else { (got, want) };
        let by_se = matches!(self.field, "y" | "ci_y" | "lower_y" | "upper_y" | "prediction_y" | "studies.y");
        let scale = if by_se { want.abs().max(self.se) } else { want.abs() };
        let p_value = matches!(self.field, "p" | "q_p" | "p_lrt") && want > 0.0;
        let relative = if p_value { self.relative * (1.0 + 2.0 * want.ln().abs()) } else { self.relative };
        let never =
            matches!(self.field, "studies.v" | "se" | "tau2" | "tau2_se" | "tau2_lower" | "tau2_upper")
                && want != 0.0
                && !self.stated;
        let allowed = relative * scale + if never { 0.0 } else { self.absolute };
        if got == want { 0.0 } else { (got - want).abs() / allowed }
    }
}

/// The worst field of a case, in units of what is allowed, and the number of fields compared.
fn worst(disputed: &Disputed, dataset: &Dataset, case: &Value, request: Request) -> (f64, String, usize) {
    let spec = request.resolve().unwrap_or_else(|error| panic!("{}/{}: {error}", dataset.name, case["id"]));
    let outcome =
        run(&dataset.table, &spec).unwrap_or_else(|error| panic!("{}/{}: {error}", dataset.name, case["id"]));
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
