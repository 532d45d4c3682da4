//! Prediction intervals that no program of the reference files has, held by 50-digit arithmetic.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::common::program::Bench;
use metaprop::options::{Ci, PredictionMethod, Profile, Request};
use metaprop::report::json::{Layout, text};
use metaprop::{Dataset, MetaAnalysis, fit};
use serde::Deserialize;
use serde_json::Value;

fn reference(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    serde_json::from_str(&fs::read_to_string(file).expect("a reference file")).expect("JSON")
}

/// The data sets of the reference cases, by name.
fn datasets() -> BTreeMap<String, Dataset> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let names =
        fs::read_dir(folder).expect("the reference data").map(|entry| entry.expect("an entry").file_name());
    names
        .filter_map(|name| {
            let file = reference(&format!("data/{}", name.to_string_lossy()));
            let rows = file["studies"].as_array()?.iter().map(|study| {
                let count = |key: &str| study[key].as_u64().expect("a count");
                (study["study"].as_str().expect("a name"), count("events"), count("total"))
            });
            Some((file["dataset"].as_str()?.to_string(), Dataset::proportions(rows).ok()?))
        })
        .collect()
}

#[test]
fn hts_hk_agrees_with_50_digits() {
    let (file, datasets) = (reference("prediction_hts_hk.json"), datasets());
    let tolerance = file["tolerance"].as_f64().expect("a tolerance");
    let (mut compared, mut none, mut worst) = (0, 0, (0.0, String::new()));
    for case in file["cases"].as_array().expect("cases") {
        let asked = Request::deserialize(&case["spec"]).expect("a request");
        let asked = Request { profile: Some(Profile::Metafor), ..asked };
        let table = &datasets[case["dataset"].as_str().expect("a name")];
        let result = fit(table, &asked.resolve().expect("a spec")).expect("a result");
        let document: Value = serde_json::from_str(&text(&result, Layout::Line)).expect("a document");
        let (got, want) = (&document["prediction"], &case["expect"]);
        if want.is_null() {
            assert!(got.is_null() && result.k() == 2, "{case}");
            none += 1;
            continue;
        }
        assert_eq!(got["method"], "hts-hk");
        assert_eq!(got["df"].as_f64(), want["df"].as_f64(), "{case}");
        // A limit is y ± a margin, and keeps the digits of the larger of the two.
        let margin = (want["ci_y"][1].as_f64().expect("y") - want["ci_y"][0].as_f64().expect("y")) / 2.0;
        for path in ["/ci_y/0", "/ci_y/1", "/lower", "/upper"] {
            let at = |of: &Value| of.pointer(path).and_then(Value::as_f64).expect("a limit");
            let scale = if path.starts_with("/ci_y") { at(want).abs().max(margin) } else { 1.0 };
            let off = (at(got) - at(want)).abs() / scale;
            if off > worst.0 {
                worst = (off, format!("{path}: {} for {}: {case}", at(got), at(want)));
            }
            compared += 1;
        }
    }
    assert!(worst.0 < tolerance, "{:e} off: {}", worst.0, worst.1);
    assert!(compared > 1000 && none == 18, "{compared} limits were compared, {none} do not exist");
}

#[test]
fn hts_hk_is_hk_with_a_degree_of_freedom_less() {
    let table =
        Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)]).expect("counts");
    let with = |ci: Ci, method: PredictionMethod| {
        let result = MetaAnalysis::of_proportions().ci(ci).prediction(method).fit(&table).expect("a result");
        let [low, high] = result.prediction.as_ref().expect("an interval").ci_y.expect("limits");
        (high - low, result.prediction.and_then(|interval| interval.df))
    };
    for ci in [Ci::Wald, Ci::Hk, Ci::HkFloor] {
        let ((wide, less), (narrow, more)) =
            (with(ci, PredictionMethod::HtsHk), with(ci, PredictionMethod::Hk));
        assert_eq!((less, more), (Some(2.0), Some(3.0)));
        // t(2) and t(3) above 2.5 %.
        assert!((wide / narrow - 4.302_652_729_749_464 / 3.182_446_305_283_71).abs() < 1e-14, "{ci:?}");
    }
    assert!(with(Ci::HkFloor, PredictionMethod::HtsHk).0 >= with(Ci::Hk, PredictionMethod::HtsHk).0);
}

#[test]
fn hts_hk_belongs_to_random_effects_and_is_found_again() {
    let bench = Bench::with(&[]);
    for model in ["common", "glmm", "beta-binomial", "ivhet"] {
        let said = bench.complains(2, &["pool", "counts.csv", "--model", model, "--prediction", "hts-hk"]);
        assert!(said.contains("prediction = hts-hk does not apply"), "{said}");
    }
    let choices = ["--profile", "meta7", "--ci", "hk", "--prediction", "hts-hk"];
    let printed = bench.json(0, &[&["pool", "counts.csv"][..], &choices].concat());
    let limit = |key: &str| format!("{:.2}%", 100.0 * printed["prediction"][key].as_f64().expect("a limit"));
    let prediction = format!("prediction={},{}", limit("lower"), limit("upper"));
    let estimate =
        format!("estimate={:.2}%", 100.0 * printed["random"]["estimate"].as_f64().expect("a value"));
    let found = bench.json(
        0,
        &[
            "reproduce",
            "counts.csv",
            "--printed",
            &estimate,
            "--printed",
            &prediction,
            "--as-read",
            "--ci",
            "hk",
        ],
    );
    assert_eq!(found["matches"][0]["spec"]["prediction"], "hts-hk");
    assert_eq!(found["matches"][0]["spec"]["tau2"], "reml");
}
