//! A table with events and non-events exchanged has the mirrored result: 1 − the estimate, the limits exchanged, and
//! the same heterogeneity, weights and p-values.

use metaprop::Spec;
use metaprop::options::{Ci, Measure, PredictionMethod, Request};
use proptest::prelude::*;
use serde_json::Value;

use crate::any_request::{Rows, data, document, in_pairs, is_approximate, requests, tables, tolerance};

/// Scales on which 1 − p lies as far from the middle as p does. The log and the complementary log-log have no middle.
const SYMMETRIC: [Measure; 5] =
    [Measure::Raw, Measure::Logit, Measure::Arcsine, Measure::FreemanTukey, Measure::Probit];

/// The spec of the mirrored table: proportions of the spec are mirrored too. None where a mirrored table is no mirrored
/// analysis: a scale without a middle, and draws, which are the same numbers on both sides.
fn mirrored(request: &Request) -> Option<(Spec, Spec)> {
    let spec = request.resolve().ok()?;
    let draws = spec.ci() == Ci::Bootstrap || spec.prediction() == PredictionMethod::Bootstrap;
    if draws || !SYMMETRIC.contains(&spec.measure()) {
        return None;
    }
    let other = |proportion: f64| 1.0 - proportion;
    let mirrored = Request { null: request.null.map(other), cutoff: request.cutoff.map(other), ..*request };
    Some((spec, mirrored.resolve().ok()?))
}

/// What is compared, a list of places for each rule.
struct Places {
    /// The number of one table is 1 − the number at the second place of the other.
    opposite: Vec<(String, String)>,
    /// The same number in both.
    same: Vec<String>,
}

impl Places {
    fn of(document: &Value) -> Self {
        let mut opposite = Vec::new();
        let pair = |at: &str, one: &str, other: &str| (format!("{at}/{one}"), format!("{at}/{other}"));
        let studies = document["studies"].as_array().map_or(0, Vec::len);
        let rows: Vec<String> = (0..studies).map(|row| format!("/studies/{row}")).collect();
        for at in ["/common", "/random", "/prediction"].into_iter().chain(rows.iter().map(String::as_str)) {
            opposite.extend([
                pair(at, "estimate", "estimate"),
                pair(at, "lower", "upper"),
                pair(at, "upper", "lower"),
            ]);
        }
        opposite.push(pair("/distribution", "lower_5", "upper_95"));
        opposite.push(pair("/distribution", "upper_95", "lower_5"));
        for (one, other) in [("above", "above"), ("lower", "upper"), ("upper", "lower")] {
            opposite.push(pair("/distribution/cutoffs/0", one, other));
        }
        let weights =
            rows.iter().flat_map(|at| ["weight_common", "weight_random"].map(|key| format!("{at}/{key}")));
        let p = ["/common/p", "/random/p"].map(str::to_owned);
        let heterogeneity = document["heterogeneity"].as_object().into_iter().flat_map(serde_json::Map::keys);
        let same = heterogeneity.map(|key| format!("/heterogeneity/{key}")).chain(weights).chain(p).collect();
        Self { opposite, same }
    }
}

/// What in the document of the mirrored table is not the mirror of the other.
fn differences(one: &Value, other: &Value, spec: &Spec) -> Vec<String> {
    let (tolerance, needs_both) = (tolerance(spec), !is_approximate(spec));
    let number = |document: &Value, at: &str| document.pointer(at).and_then(Value::as_f64);
    let places = Places::of(one);
    let mut wrong = Vec::new();
    let mut hold = |at: &str, a: Option<f64>, b: Option<f64>, want: Option<f64>| {
        let scale = b.map_or(1.0, |b| 1.0 + b.abs());
        let apart = a.zip(want).map_or(0.0, |(a, want)| (a - want).abs());
        if (needs_both && a.is_some() != b.is_some()) || apart > tolerance * scale {
            wrong.push(format!("{at}: {a:?} and {b:?}"));
        }
    };
    for (at, opposite) in &places.opposite {
        let (a, b) = (number(one, at), number(other, opposite));
        hold(at, a, b, b.map(|b| 1.0 - b));
    }
    for at in &places.same {
        let (a, b) = (number(one, at), number(other, at));
        hold(at, a, b, b);
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_mirrored_table_has_the_mirrored_result(rows in tables(), request in requests()) {
        let Some((spec, mirrored)) = mirrored(&request) else { return Err(TestCaseError::reject("no mirror")) };
        let exchanged: Rows = rows.iter().map(|&(events, total)| (total - events, total)).collect();
        let (one, other) = (document(&in_pairs(data(&rows)), &spec), document(&in_pairs(data(&exchanged)), &mirrored));
        prop_assert!(one.is_some() == other.is_some() || is_approximate(&spec), "{rows:?} {spec:?}");
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        let wrong = differences(&one, &other, &spec);
        prop_assert_eq!(wrong, Vec::<String>::new(), "{:?} {:?}", rows, spec);
    }
}
