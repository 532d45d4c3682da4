//! The binomial-normal and the beta-binomial model against their reference values, and what holds for
//! any data.
//!
//! `-exact` cases are by mpmath, and hold to the tolerance stated in their file; cases by R packages to
//! the tolerance measured for those packages. How a deviation is scaled: `tests/reference/README.md`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use metaprop::Counts;
use metaprop::numeric::elementary::expit;
use metaprop::numeric::{chi_squared, normal, student_t};
use metaprop::pool::exact::Link;
use metaprop::pool::exact::binomial::typical_variance;
use metaprop::pool::glmm::{self, GlmmFit};
use metaprop::vocabulary::{Choice, Measure};
use serde_json::Value;

const TAIL: f64 = 0.025;

type Numbers = BTreeMap<String, Option<f64>>;

struct Dataset {
    name: String,
    counts: Vec<Counts>,
    absolute: f64,
    cases: Vec<Value>,
}

fn datasets() -> Vec<Dataset> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().filter_map(|file| dataset(&std::fs::read_to_string(file).unwrap())).collect()
}

fn dataset(text: &str) -> Option<Dataset> {
    let file: Value = serde_json::from_str(text).unwrap();
    let count = |study: &Value, key: &str| study[key].as_u64().unwrap();
    let counts = file["studies"].as_array()?.iter();
    Some(Dataset {
        name: file["dataset"].as_str()?.to_string(),
        counts: counts.map(|s| Counts::new(count(s, "events"), count(s, "total")).unwrap()).collect(),
        absolute: file["abs_tolerance"].as_f64().unwrap_or(0.0),
        cases: file["cases"].as_array()?.clone(),
    })
}

fn word<'a>(case: &'a Value, key: &str) -> Option<&'a str> {
    case["spec"][key].as_str()
}

/// The numbers that a reference case may ask for, by its names.
fn glmm_numbers(dataset: &Dataset, case: &Value) -> Numbers {
    let link = Link::of(Measure::parse(word(case, "measure").unwrap()).unwrap()).unwrap();
    let counts = &dataset.counts;
    let fit = glmm::fit(link, counts).unwrap();
    let mut numbers = Numbers::new();
    let mut put = |name: &str, value: Option<f64>| {
        numbers.insert(name.to_string(), value);
    };
    let df = counts.len() as f64 - 1.0;
    let t = (word(case, "ci") == Some("t")).then_some(df);
    if word(case, "ci") == Some("profile") {
        let limits = glmm::profile_mean(counts, &fit, TAIL).unwrap();
        let (lower, upper) = glmm::profile_tau2(counts, &fit, TAIL).unwrap();
        for (name, value) in ["lower_y", "upper_y"].iter().zip(limits) {
            put(name, Some(value));
        }
        put("lower", Some(link.proportion(limits[0])));
        put("upper", Some(link.proportion(limits[1])));
        put("tau2_lower", Some(lower));
        put("tau2_upper", upper);
        return numbers;
    }
    location_numbers(&mut put, fit.y, fit.se, t, &|y| link.proportion(y), link_of_half(link));
    put("estimate", Some(fit.estimate));
    // Without a finite maximum, no tau2 is better than another.
    put("tau2", fit.y.map(|_| fit.tau2));
    put("tau2_se", fit.tau2_se);
    likelihood_numbers(&mut put, [fit.log_likelihood, fit.aic, fit.bic], &fit.common);
    put("lrt_tau2", Some(fit.lrt_tau2));
    put("lrt_tau2_p", Some(fit.lrt_tau2_p));
    let typical = typical_variance(link, counts);
    let by_q = word(case, "profile") == Some("meta");
    let q = (fit.common.q_wald, fit.common.df);
    put(
        "i2",
        typical.map(|v| {
            if by_q { (100.0 * (q.0 - q.1) / q.0).max(0.0) } else { 100.0 * fit.tau2 / (fit.tau2 + v) }
        }),
    );
    put("h2", typical.map(|v| 1.0 + fit.tau2 / v));
    let quantile = if word(case, "prediction") == Some("t") {
        student_t::upper_quantile(TAIL, df)
    } else {
        normal::upper_quantile(TAIL)
    };
    if let Some(limits) = fit.prediction(quantile) {
        put("prediction_y.0", Some(limits[0]));
        put("prediction_y.1", Some(limits[1]));
        put("prediction_lower", Some(link.proportion(limits[0])));
        put("prediction_upper", Some(link.proportion(limits[1])));
    }
    numbers
}

fn link_of_half(link: Link) -> f64 {
    match link {
        Link::Logit | Link::Probit => 0.0,
        Link::Cloglog => std::f64::consts::LN_2.ln(),
    }
}

fn location_numbers(
    put: &mut impl FnMut(&str, Option<f64>),
    y: Option<f64>,
    se: Option<f64>,
    t: Option<f64>,
    proportion: &dyn Fn(f64) -> f64,
    null: f64,
) {
    put("y", y);
    put("se", se);
    put("df", t);
    let (Some(y), Some(se)) = (y, se) else { return };
    let quantile = t.map_or_else(|| normal::upper_quantile(TAIL), |df| student_t::upper_quantile(TAIL, df));
    let statistic = (y - null) / se;
    let limits = [y - quantile * se, y + quantile * se];
    put("ci_y.0", Some(limits[0]));
    put("ci_y.1", Some(limits[1]));
    put("lower", Some(proportion(limits[0])));
    put("upper", Some(proportion(limits[1])));
    put("statistic", Some(statistic));
    put(
        "p",
        Some(t.map_or_else(|| normal::two_sided_p(statistic), |df| student_t::two_sided_p(statistic, df))),
    );
}

fn likelihood_numbers(
    put: &mut impl FnMut(&str, Option<f64>),
    [log_likelihood, aic, bic]: [f64; 3],
    common: &metaprop::pool::exact::Homogeneity,
) {
    for (name, value) in [
        ("log_likelihood", log_likelihood),
        ("aic", aic),
        ("bic", bic),
        ("log_likelihood_common", common.log_likelihood),
        ("q_lrt", common.q_lrt),
        ("q_lrt_df", common.df),
        ("p_lrt", common.p_lrt),
        ("q_wald", common.q_wald),
        ("q_wald_p", common.p_wald),
    ] {
        put(name, Some(value));
    }
    put("common_y", common.y);
}

const SCALED_BY_SE: [&str; 8] =
    ["y", "ci_y.0", "ci_y.1", "prediction_y.0", "prediction_y.1", "common_y", "lower_y", "upper_y"];
const P_VALUES: [&str; 6] = ["p", "q_wald_p", "p_lrt", "lrt_tau2_p", "lrt_rho_p", "q_p"];
const NEVER_ABSOLUTE: [&str; 5] = ["se", "tau2", "tau2_se", "tau2_lower", "tau2_upper"];

/// The deviation in units of what the case allows.
fn times_allowed(
    dataset: &Dataset,
    case: &Value,
    name: &str,
    field: &str,
    got: Option<f64>,
    want: Option<f64>,
) -> f64 {
    let (Some(got), Some(want)) = (got, want) else {
        return if got == want { 0.0 } else { f64::INFINITY };
    };
    if got == want {
        return 0.0;
    }
    let mut tolerance = case["tolerances"][field].as_f64().or(case["tolerance"].as_f64()).unwrap();
    let stated = case["abs_tolerances"][field].as_f64();
    let mut absolute = stated.unwrap_or(dataset.absolute);
    if NEVER_ABSOLUTE.contains(&name) && want != 0.0 && stated.is_none() {
        absolute = 0.0;
    }
    if P_VALUES.contains(&name) && want > 0.0 {
        tolerance *= 1.0 + 2.0 * want.ln().abs();
    }
    let se = case["expect"]["se"].as_f64().unwrap_or(0.0);
    let scale = if SCALED_BY_SE.contains(&name) { want.abs().max(se) } else { want.abs() };
    let allowed = tolerance * scale + absolute;
    if allowed > 0.0 { (got - want).abs() / allowed } else { f64::INFINITY }
}

/// Every expected number of a case against ours: what deviates most, and whether anything fails.
fn compare(dataset: &Dataset, case: &Value, numbers: &Numbers, report: &mut Report) {
    for (field, want) in case["expect"].as_object().unwrap() {
        let parts: Vec<(String, &Value)> = match want.as_array() {
            Some(list) => {
                list.iter().enumerate().map(|(index, want)| (format!("{field}.{index}"), want)).collect()
            }
            None => vec![(field.clone(), want)],
        };
        for (name, want) in parts {
            let place = format!("{}/{}: {name}", dataset.name, case["id"].as_str().unwrap());
            let got = *numbers.get(&name).unwrap_or_else(|| panic!("{place} is not compared"));
            let ratio = times_allowed(dataset, case, &name, field, got, want.as_f64());
            report.compared += 1;
            if ratio > report.worst.0 {
                report.worst = (ratio, place.clone());
            }
            if ratio > 1.0 {
                report
                    .failures
                    .push(format!("{place}: {ratio:.3e} times what is allowed: got {got:?}, want {want}"));
            }
        }
    }
    report.cases += 1;
}

#[derive(Default)]
struct Report {
    cases: usize,
    compared: usize,
    worst: (f64, String),
    failures: Vec<String>,
}

impl Report {
    fn conclude(&self, cases: usize) {
        println!(
            "{} cases, {} numbers, worst {:.3} at {}",
            self.cases, self.compared, self.worst.0, self.worst.1
        );
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n"));
        assert_eq!(self.cases, cases, "a case is missing");
    }
}

fn run(model: &str, exact: bool, numbers: impl Fn(&Dataset, &Value) -> Numbers) -> Report {
    let mut report = Report::default();
    for dataset in datasets() {
        for case in &dataset.cases {
            let of_mpmath = case["by"] == "mpmath";
            // `extra` cases hold what a peer prints where the exact answer is another or none.
            if word(case, "model") == Some(model) && of_mpmath == exact && case.get("extra").is_none() {
                compare(&dataset, case, &numbers(&dataset, case), &mut report);
            }
        }
    }
    report
}

#[test]
fn glmm_exact_values() {
    run("glmm", true, glmm_numbers).conclude(999);
}

#[test]
fn glmm_values_of_r_packages() {
    run("glmm", false, glmm_numbers).conclude(999);
}
