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

/// Read by hand, because a JSON reader may round a number of 17 digits to the neighbouring float, which
/// at a million degrees of freedom is an error of 1e-11 in a tail.
fn points(file: &str) -> Vec<Point> {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\"function\":").skip(1).map(point).collect()
}

fn point(record: &str) -> Point {
    let arguments = between(record, "[", "]").split(',');
    Point {
        function: between(record, "\"", "\"").to_owned(),
        arguments: arguments.map(|number| number.trim().parse().unwrap()).collect(),
        expected: match between(record, "\"f64\":", "}").trim() {
            "null" => None,
            number => Some(number.parse().unwrap()),
        },
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
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
        let relative = if error <= SMALLEST { 0.0 } else { error / expected.abs() };
        let record = worst.entry(point.function.clone()).or_insert((0.0, Vec::new()));
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
        println!("{function:22} {:4} points, worst {error:.1e} at {at:?}", counts[function]);
    }
    assert!(failures.is_empty(), "{} points:\n{}", failures.len(), failures.join("\n"));
    counts
}

/// The absolute error allowed besides, by function.
fn absolute_tolerance(function: &str) -> f64 {
    match function {
        "normal_quantile" | "normal_upper_quantile" | "t_quantile" | "lgamma" => ABSOLUTE,
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
    let expected: BTreeMap<String, usize> =
        expected.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    assert_eq!(counts, expected);
}

#[test]
fn points_beyond() {
    let expected = [
        ("beta_quantile", 50),
        ("beta_reg", 77),
        ("beta_upper", 77),
        ("beta_upper_quantile", 27),
        ("chi2_cdf", 64),
        ("chi2_log_sf", 4),
        ("chi2_quantile", 35),
        ("chi2_sf", 64),
        ("chi2_upper_quantile", 40),
        ("digamma", 12),
        ("f_cdf", 25),
        ("f_sf", 25),
        ("f_upper_quantile", 20),
        ("gamma_q", 6),
        ("ln_beta", 7),
        ("ln_choose", 13),
        ("normal_log_sf", 10),
        ("normal_upper_quantile", 10),
        ("stirling_error", 12),
        ("t_log_sf", 16),
        ("t_sf", 70),
        ("t_upper_quantile", 80),
        ("trigamma", 12),
    ];
    let counts = check("special_functions_extra.json");
    let expected: BTreeMap<String, usize> =
        expected.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    assert_eq!(counts, expected);
}

mod properties {
    use metaprop::numeric::{beta, chi_squared, fisher_f, normal, student_t};
    use proptest::prelude::*;

    /// A number of any magnitude between `10^low` and `10^high`.
    fn magnitude(low: f64, high: f64) -> impl Strategy<Value = f64> {
        (low..high).prop_map(|exponent| 10.0_f64.powf(exponent))
    }

    /// `x` inverts the decreasing `sf` at `q`, to 1e-13 in `x` or in `q`.
    fn inverts(sf: impl Fn(f64) -> f64, x: f64, q: f64) -> bool {
        const WITHIN: f64 = 1e-13;
        let (low, high) = if x < 0.0 { (1.0 + WITHIN, 1.0 - WITHIN) } else { (1.0 - WITHIN, 1.0 + WITHIN) };
        sf(x * low) >= q * (1.0 - WITHIN) && sf(x * high) <= q * (1.0 + WITHIN)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn normal_inverts(q in magnitude(-307.0, -0.0001)) {
            prop_assert!(inverts(normal::sf, normal::upper_quantile(q), q));
            prop_assert_eq!(normal::quantile(q), -normal::upper_quantile(q));
        }

        #[test]
        fn student_t_inverts(q in magnitude(-300.0, -0.31), df in magnitude(0.0, 9.0)) {
            prop_assert!(inverts(|t| student_t::sf(t, df), student_t::upper_quantile(q, df), q));
        }

        #[test]
        fn chi_squared_inverts(q in magnitude(-300.0, -0.0001), df in magnitude(-1.0, 8.0)) {
            prop_assert!(inverts(|x| chi_squared::sf(x, df), chi_squared::upper_quantile(q, df), q));
        }

        #[test]
        fn chi_squared_inverts_below(p in magnitude(-30.0, -0.0001), df in magnitude(0.0, 8.0)) {
            let x = chi_squared::quantile(p, df);
            prop_assert!(chi_squared::cdf(x * (1.0 - 1e-13), df) <= p * (1.0 + 1e-13));
            prop_assert!(chi_squared::cdf(x * (1.0 + 1e-13), df) >= p * (1.0 - 1e-13));
        }

        #[test]
        fn fisher_f_inverts(
            q in magnitude(-100.0, -0.01), df1 in magnitude(0.0, 6.0), df2 in magnitude(0.0, 6.0)
        ) {
            let f = fisher_f::upper_quantile(q, df1, df2);
            prop_assert!(inverts(|f| fisher_f::sf(f, df1, df2), f, q));
        }

        #[test]
        fn beta_inverts(
            p in magnitude(-30.0, -0.0001), a in magnitude(-0.5, 9.0), b in magnitude(-0.5, 9.0)
        ) {
            let x = beta::quantile(p, a, b);
            prop_assert!((0.0..=1.0).contains(&x));
            prop_assert!(beta::regularized(x * (1.0 - 1e-13), a, b) <= p * (1.0 + 1e-13));
            let above = (x * (1.0 + 1e-13)).min(1.0);
            prop_assert!(beta::regularized(above, a, b) >= p * (1.0 - 1e-13));
        }

        #[test]
        fn beta_tails_complement_and_mirror(
            x in 0.0..1.0, a in magnitude(-2.0, 9.0), b in magnitude(-2.0, 9.0)
        ) {
            let (lower, upper) = (beta::regularized(x, a, b), beta::upper_regularized(x, a, b));
            prop_assert!((lower + upper - 1.0).abs() < 1e-14);
            // 1 − x is exact from ½ on.
            if x >= 0.5 {
                let mirrored = beta::regularized(1.0 - x, b, a);
                prop_assert!((mirrored - upper).abs() <= 1e-13 * upper);
            }
        }

        #[test]
        fn distributions_are_monotone(
            z in 1e-3..40.0, step in magnitude(-12.0, 0.0), df in magnitude(-1.0, 8.0)
        ) {
            let x = df * (1.0 + z * (2.0 / df).sqrt());
            let further = 1.0 + step;
            prop_assert!(chi_squared::sf(x * further, df) <= chi_squared::sf(x, df));
            prop_assert!(chi_squared::log_sf(x * further, df) <= chi_squared::log_sf(x, df));
            prop_assert!(student_t::sf(z * further, df) <= student_t::sf(z, df));
            prop_assert!(student_t::cdf(z * further, df) >= student_t::cdf(z, df));
            prop_assert!(normal::log_sf(z * further) < normal::log_sf(z));
        }
    }
}
