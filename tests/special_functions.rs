//! Special functions and distributions against values of 40 digits and more (mpmath).
//!
//! `reference/special_functions.json` is the common ground, `reference/special_functions_extra.json` goes to
//! huge parameters and far tails; `reference/scripts/` holds the script of the second.

use std::collections::BTreeMap;

use metaprop::numeric::{beta, chi_squared, fisher_f, gamma, normal, student_t};

/// What each function must reach, relative to the value.
const RELATIVE: f64 = 1e-13;

/// A quantile near the zero of its function, and `ln Γ` near 1 and 2, are right to this besides.
const ABSOLUTE: f64 = 1e-16;

/// One ulp of a subnormal number.
const SMALLEST: f64 = 5e-324;

struct Point {
    function: String,
    arguments: Vec<f64>,
    expected: Option<f64>,
}

fn points(file: &str) -> Vec<Point> {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let read = |point: &serde_json::Value| Point {
        function: point["function"].as_str().unwrap().to_owned(),
        arguments: point["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_f64().unwrap())
            .collect(),
        expected: point["f64"].as_f64(),
    };
    document["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(read)
        .collect()
}

fn evaluate(function: &str, v: &[f64]) -> f64 {
    match function {
        "normal_cdf" => normal::cdf(v[0]),
        "normal_sf" => normal::sf(v[0]),
        "normal_log_sf" => normal::log_sf(v[0]),
        "normal_quantile" => normal::quantile(v[0]),
        "normal_upper_quantile" => normal::upper_quantile(v[0]),
        "t_sf" => student_t::sf(v[0], v[1]),
        "t_log_sf" => student_t::log_sf(v[0], v[1]),
        "t_quantile" => student_t::quantile(v[0], v[1]),
        "t_upper_quantile" => student_t::upper_quantile(v[0], v[1]),
        "chi2_cdf" => chi_squared::cdf(v[0], v[1]),
        "chi2_sf" => chi_squared::sf(v[0], v[1]),
        "chi2_log_sf" => chi_squared::log_sf(v[0], v[1]),
        "chi2_quantile" => chi_squared::quantile(v[0], v[1]),
        "chi2_upper_quantile" => chi_squared::upper_quantile(v[0], v[1]),
        "f_sf" => fisher_f::sf(v[0], v[1], v[2]),
        "f_cdf" => fisher_f::cdf(v[0], v[1], v[2]),
        "f_upper_quantile" => fisher_f::upper_quantile(v[0], v[1], v[2]),
        "beta_reg" => beta::regularized(v[0], v[1], v[2]),
        "beta_upper" => beta::upper_regularized(v[0], v[1], v[2]),
        "beta_quantile" => beta::quantile(v[0], v[1], v[2]),
        "beta_upper_quantile" => beta::upper_quantile(v[0], v[1], v[2]),
        "ln_beta" => beta::ln_beta(v[0], v[1]),
        "gamma_q" => gamma::upper_regularized(v[0], v[1]),
        "lgamma" => gamma::ln_gamma(v[0]),
        "ln_choose" => gamma::ln_choose(v[0], v[1]),
        "stirling_error" => gamma::stirling_error(v[0]),
        "digamma" => gamma::digamma(v[0]),
        "trigamma" => gamma::trigamma(v[0]),
        _ => panic!("no function {function}"),
    }
}

/// Checks every point, prints the worst relative error a function, and returns the counts.
fn check(file: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let mut worst: BTreeMap<String, (f64, Vec<f64>)> = BTreeMap::new();
    let mut failures = Vec::new();
    for point in points(file) {
        *counts.entry(point.function.clone()).or_insert(0) += 1;
        let got = evaluate(&point.function, &point.arguments);
        let Some(expected) = point.expected else {
            // The value under- or overflows: one smallest number is as good as none.
            if got > SMALLEST && got < f64::MAX {
                failures.push(format!("{} {:?}: {got:e}", point.function, point.arguments));
            }
            continue;
        };
        let error = (got - expected).abs();
        let relative = if error <= SMALLEST {
            0.0
        } else {
            error / expected.abs()
        };
        let record = worst
            .entry(point.function.clone())
            .or_insert((0.0, Vec::new()));
        if relative > record.0 && error > absolute_tolerance(&point.function) {
            *record = (relative, point.arguments.clone());
        }
        if !(relative <= RELATIVE || error <= absolute_tolerance(&point.function)) {
            failures.push(format!(
                "{} {:?}: {got:e}, not {expected:e} ({relative:.1e})",
                point.function, point.arguments
            ));
        }
    }
    for (function, (error, at)) in &worst {
        println!(
            "{function:22} {:4} points, worst {error:.1e} at {at:?}",
            counts[function]
        );
    }
    assert!(
        failures.is_empty(),
        "{} points:\n{}",
        failures.len(),
        failures.join("\n")
    );
    counts
}

/// The absolute error allowed besides, by function.
fn absolute_tolerance(function: &str) -> f64 {
    match function {
        "normal_quantile" | "normal_upper_quantile" | "t_quantile" | "lgamma" => ABSOLUTE,
        // Where they pass through 0 (1.4616; B = 1; δ is a correction to numbers of order 1).
        "digamma" | "ln_beta" | "stirling_error" => 2e-15,
        _ => 0.0,
    }
}

#[test]
fn common_points() {
    let expected = [
        ("beta_quantile", 10),
        ("beta_reg", 70),
        ("chi2_cdf", 90),
        ("chi2_quantile", 70),
        ("chi2_sf", 90),
        ("f_sf", 36),
        ("lgamma", 29),
        ("normal_cdf", 33),
        ("normal_quantile", 36),
        ("normal_sf", 33),
        ("t_quantile", 100),
        ("t_sf", 90),
    ];
    let counts = check("special_functions.json");
    let expected: BTreeMap<String, usize> = expected
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect();
    assert_eq!(counts, expected);
}
