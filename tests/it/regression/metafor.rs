//! The meta-regressions of `tests/reference/data`, whose values are metafor 5.1-12's.

use std::fs;
use std::path::PathBuf;

use metaprop::Dataset;
use metaprop::effect::EffectSizes;
use metaprop::model::{Coefficient, Design, Fit, ModelMatrix, Prepared, RegressionFit, Rows};
use metaprop::options::Request;
use metaprop::{Spec, model::Heterogeneity};
use serde::Deserialize;
use serde_json::Value;

/// The choices of a case that `pool` has too.
fn spec(case: &Value) -> Spec {
    let choices =
        case["spec"].as_object().expect("a spec").iter().filter_map(|(key, value)| match key.as_str() {
            "command" | "mods" => None,
            "amount" => Some(("zero-amount".to_string(), value.clone())),
            _ => Some((key.clone(), value.clone())),
        });
    Request::deserialize(Value::Object(choices.collect())).expect("choices").resolve().expect("a spec")
}

fn near(name: &str, got: f64, want: &Value, scale: f64) {
    let want = want.as_f64().unwrap_or_else(|| panic!("{name}: no number in the file"));
    assert!((got - want).abs() <= 1e-8 * scale.max(want.abs()) + 1e-13, "{name}: got {got}, want {want}");
}

fn compare(id: &str, fit: &RegressionFit<'_>, rest: &Heterogeneity, spec: &Spec, want: &Value) {
    let coefficients = fit.coefficients(spec).expect("coefficients");
    let column = |key: &str, of: fn(&Coefficient) -> Option<f64>| {
        for (index, coefficient) in coefficients.iter().enumerate() {
            let name = format!("{id}: {key} of {}", coefficient.term);
            near(&name, of(coefficient).expect("a value"), &want[key][index], coefficient.se);
        }
    };
    column("coefficients", |c| Some(c.estimate));
    column("se", |c| Some(c.se));
    column("statistic", |c| c.statistic);
    column("p", |c| c.p);
    column("lower_y", |c| c.lower);
    column("upper_y", |c| c.upper);
    let omnibus = fit.omnibus(spec).expect("a test").expect("moderators");
    near("qm", omnibus.statistic.expect("qm"), &want["qm"], 0.0);
    near("qm_p", omnibus.p.expect("p"), &want["qm_p"], 0.0);
    near("qm_df", omnibus.df1 as f64, &want["qm_df"][0], 0.0);
    let (q, tau2) = (rest.cochran.expect("q"), rest.tau2.expect("tau2"));
    near("qe", q.statistic, &want["qe"], 0.0);
    near("qe_p", q.p, &want["qe_p"], 0.0);
    assert_eq!(Some(rest.df), want["qe_df"].as_u64());
    near("tau2", tau2.estimate, &want["tau2"], tau2.se.unwrap_or(0.0));
    near("tau2_se", tau2.se.expect("se"), &want["tau2_se"], 0.0);
    near("i2", rest.i2.expect("i2").estimate, &want["i2"], 100.0);
    near("h2", rest.h2.expect("h2"), &want["h2"], 0.0);
    // The file has it for the likelihood estimators alone.
    if want.get("log_likelihood").is_some() {
        near("log_likelihood", fit.criteria().log_likelihood, &want["log_likelihood"], 1.0);
    }
}

#[test]
fn regressions_on_the_logarithm_of_the_total_agree_with_metafor() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut compared = 0;
    for entry in fs::read_dir(folder).expect("the reference data") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let (Some(studies), Some(cases)) = (file["studies"].as_array(), file["cases"].as_array()) else {
            continue;
        };
        let count = |study: &Value, key: &str| study[key].as_u64().expect("a count");
        let rows = studies
            .iter()
            .map(|s| (s["study"].as_str().expect("a name"), count(s, "events"), count(s, "total")));
        let data = Dataset::proportions(rows).expect("counts");
        for case in cases.iter().filter(|case| case["spec"]["mods"] == "log_total") {
            let spec = spec(case);
            let (sizes, _) = EffectSizes::new(data.studies(), &spec);
            let column =
                sizes.study.iter().map(|row| (count(&studies[*row as usize], "total") as f64).ln()).collect();
            let matrix = ModelMatrix::with_intercept([("log_total", column)]).expect("a matrix");
            let fit = Prepared::new(&sizes, data.studies())
                .fit(Rows::All, Design::Moderators(&matrix), &spec)
                .expect("a fit");
            let rest = fit.heterogeneity(&spec).expect("heterogeneity").0;
            let Fit::Regression(fit) = &fit else { unreachable!() };
            compare(case["id"].as_str().expect("an id"), fit, &rest, &spec, &case["expect"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
}
