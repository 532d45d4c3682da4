//! The binomial-normal and the beta-binomial model against their reference values, and what holds for
//! any data.
//!
//! `-exact` cases are by mpmath, and hold to the tolerance stated in their file; cases by R packages to
//! the tolerance measured for those packages. How a deviation is scaled: `tests/reference/README.md`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use metaprop::Counts;
use metaprop::model::likelihood::beta_binomial;
use metaprop::model::likelihood::binomial::typical_variance;
use metaprop::model::likelihood::glmm::{self, GlmmFit};
use metaprop::model::likelihood::{Link, one_sided};
use metaprop::numeric::elementary::expit;
use metaprop::numeric::{chi_squared, normal, student_t};
use metaprop::options::{Choice, Measure};
use proptest::prelude::*;
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
    let link = Link::from_measure(Measure::parse(word(case, "measure").unwrap()).unwrap()).unwrap();
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
        let (lower, upper) = glmm::profile_tau2(counts, &fit, TAIL).unwrap().unwrap();
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
    common: &metaprop::model::likelihood::Homogeneity,
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

/// Numbers of a case that are not what the model gives, and why.
const SET_ASIDE: [(&str, &str, &[&str]); 1] = [
    // rma.glmm refuses equal proportions ("Cannot fit ML model"); meta then prints its common-effect interval,
    // which is a z interval, where t was asked for.
    ("syn_equal", "meta-glmm-t", &["lower", "upper"]),
];

fn run(model: &str, exact: bool, numbers: impl Fn(&Dataset, &Value) -> Numbers) -> Report {
    let mut report = Report::default();
    for dataset in datasets() {
        for case in &dataset.cases {
            let of_mpmath = case["by"] == "mpmath";
            // `extra` cases hold what a peer prints where the exact answer is another or none.
            if word(case, "model") == Some(model) && of_mpmath == exact && case.get("extra").is_none() {
                let mut case = case.clone();
                let aside =
                    SET_ASIDE.iter().filter(|(data, id, _)| *data == dataset.name && case["id"] == *id);
                for field in aside.flat_map(|(_, _, fields)| fields.iter()).collect::<Vec<_>>() {
                    case["expect"].as_object_mut().unwrap().remove(*field).unwrap();
                }
                compare(&dataset, &case, &numbers(&dataset, &case), &mut report);
            }
        }
    }
    report
}

/// The numbers that a beta-binomial case may ask for, by its names.
fn beta_binomial_numbers(dataset: &Dataset, case: &Value) -> Numbers {
    let fit = beta_binomial::fit(&dataset.counts).unwrap();
    let mut numbers = Numbers::new();
    let mut put = |name: &str, value: Option<f64>| {
        numbers.insert(name.to_string(), value);
    };
    assert_eq!(word(case, "ci"), Some("wald"));
    location_numbers(&mut put, fit.y, fit.se, None, &expit, 0.0);
    likelihood_numbers(&mut put, [fit.log_likelihood, fit.aic, fit.bic], &fit.common);
    for (name, value) in [
        ("estimate", Some(fit.estimate)),
        ("rho", Some(fit.rho)),
        ("rho_se", fit.rho_se),
        ("alpha", fit.alpha),
        ("beta", fit.beta),
        ("lrt_rho", Some(fit.lrt_rho)),
        ("lrt_rho_p", Some(fit.lrt_rho_p)),
    ] {
        put(name, value);
    }
    numbers
}

#[test]
fn glmm_exact_values() {
    run("glmm", true, glmm_numbers).conclude(55);
}

#[test]
fn glmm_values_of_r_packages() {
    run("glmm", false, glmm_numbers).conclude(66);
}

#[test]
fn beta_binomial_exact_values() {
    run("beta-binomial", true, beta_binomial_numbers).conclude(17);
}

const LINKS: [Link; 3] = [Link::Logit, Link::Probit, Link::Cloglog];

fn counts(pairs: &[(u64, u64)]) -> Vec<Counts> {
    pairs.iter().map(|&(events, total)| Counts::new(events, total).unwrap()).collect()
}

fn mirrored(counts: &[Counts]) -> Vec<Counts> {
    counts.iter().map(|c| Counts::new(c.total() - c.events(), c.total()).unwrap()).collect()
}

#[track_caller]
fn assert_close(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs().max(got.abs()), "got {got:e}, want {want:e}");
}

const PRITZ: [(u64, u64); 14] = [
    (16, 17),
    (10, 12),
    (4, 8),
    (43, 58),
    (10, 10),
    (25, 42),
    (13, 14),
    (12, 12),
    (22, 41),
    (4, 5),
    (5, 6),
    (18, 23),
    (58, 68),
    (6, 10),
];

#[test]
fn the_order_of_the_studies_does_not_matter() {
    let (forward, mut backward) = (counts(&PRITZ), counts(&PRITZ));
    backward.reverse();
    for link in LINKS {
        let (a, b) = (glmm::fit(link, &forward).unwrap(), glmm::fit(link, &backward).unwrap());
        assert_close(a.y.unwrap(), b.y.unwrap(), 1e-12);
        assert_close(a.tau2, b.tau2, 1e-11);
        assert_close(a.weights[0], b.weights[13], 1e-11);
    }
    let (a, b) = (beta_binomial::fit(&forward).unwrap(), beta_binomial::fit(&backward).unwrap());
    assert_close(a.rho, b.rho, 1e-11);
}

#[test]
fn events_and_non_events_may_change_places() {
    let (events, others) = (counts(&PRITZ), mirrored(&counts(&PRITZ)));
    for link in [Link::Logit, Link::Probit] {
        let (a, b) = (glmm::fit(link, &events).unwrap(), glmm::fit(link, &others).unwrap());
        assert_close(a.y.unwrap(), -b.y.unwrap(), 1e-12);
        assert_close(a.se.unwrap(), b.se.unwrap(), 1e-12);
        assert_close(a.tau2, b.tau2, 1e-12);
        let mean = |fit: &GlmmFit| fit.population.unwrap().logit;
        assert_close(mean(&a), -mean(&b), 1e-12);
        let [low, high] = glmm::profile_mean(&events, &a, TAIL).unwrap();
        let [mirror_low, mirror_high] = glmm::profile_mean(&others, &b, TAIL).unwrap();
        assert_close(low, -mirror_high, 1e-10);
        assert_close(high, -mirror_low, 1e-10);
    }
    let (a, b) = (beta_binomial::fit(&events).unwrap(), beta_binomial::fit(&others).unwrap());
    assert_close(a.y.unwrap(), -b.y.unwrap(), 1e-12);
    assert_close(a.rho, b.rho, 1e-12);
    assert_close(a.alpha.unwrap(), b.beta.unwrap(), 1e-11);
}

#[test]
fn copies_of_every_study_keep_the_estimate() {
    let (once, thrice) = (counts(&PRITZ), counts(&PRITZ.repeat(3)));
    for link in LINKS {
        let (a, b) = (glmm::fit(link, &once).unwrap(), glmm::fit(link, &thrice).unwrap());
        assert_close(a.y.unwrap(), b.y.unwrap(), 1e-12);
        assert_close(a.tau2, b.tau2, 1e-11);
        assert_close(a.se.unwrap() / 3.0_f64.sqrt(), b.se.unwrap(), 1e-12);
        assert_close(3.0 * a.log_likelihood, b.log_likelihood, 1e-14);
    }
    let (a, b) = (beta_binomial::fit(&once).unwrap(), beta_binomial::fit(&thrice).unwrap());
    assert_close(a.rho, b.rho, 1e-11);
    assert_close(a.se.unwrap() / 3.0_f64.sqrt(), b.se.unwrap(), 1e-12);
}

#[test]
fn without_heterogeneity_the_estimate_is_the_pooled_proportion() {
    for pairs in [
        &[(3, 11), (6, 17), (10, 21), (1, 6)][..],
        &[(1, 10), (2, 20), (3, 30)],
        &[(7, 25)],
        &[(0, 1), (1, 1), (1, 1)],
    ] {
        let counts = counts(pairs);
        let (x, n) = pairs.iter().fold((0, 0), |(x, n), pair| (x + pair.0, n + pair.1));
        for link in LINKS {
            let fit = glmm::fit(link, &counts).unwrap();
            assert_eq!((fit.tau2, fit.estimate), (0.0, x as f64 / n as f64), "{pairs:?}");
            assert_eq!((fit.lrt_tau2, fit.lrt_tau2_p, fit.tau2_se), (0.0, 1.0, None));
            for (weight, pair) in fit.weights.iter().zip(pairs) {
                // The logit's information is n p q; the others' observed one depends on x too.
                if link == Link::Logit {
                    assert_close(*weight, pair.1 as f64 / n as f64, 1e-13);
                }
            }
            let mean = fit.population.unwrap();
            assert_close(mean.proportion, fit.estimate, 1e-14);
            assert!(glmm::profile_mean(&counts, &fit, TAIL).is_ok());
        }
        let fit = beta_binomial::fit(&counts).unwrap();
        assert_eq!((fit.rho, fit.estimate, fit.alpha), (0.0, x as f64 / n as f64, None));
    }
}

#[test]
fn no_events_and_nothing_but_events_have_a_one_sided_limit() {
    let zero = counts(&[(0, 10), (0, 15), (0, 20)]);
    let upper = 1.0 - (-3.841_458_820_694_124_f64 / 90.0).exp();
    for link in LINKS {
        let fit = glmm::fit(link, &zero).unwrap();
        assert_eq!((fit.y, fit.se, fit.estimate, fit.tau2), (None, None, 0.0, 0.0));
        let limits = one_sided(&zero, TAIL).unwrap();
        assert_eq!(limits[0], 0.0);
        assert_close(limits[1], upper, 1e-13);
        assert!(glmm::profile_mean(&zero, &fit, TAIL).is_err() && fit.prediction(1.96).is_none());
        let full = glmm::fit(link, &mirrored(&zero)).unwrap();
        assert_eq!((full.y, full.estimate), (None, 1.0));
        assert_close(one_sided(&mirrored(&zero), TAIL).unwrap()[0], 1.0 - upper, 1e-13);
        assert_eq!(one_sided(&counts(&PRITZ), TAIL), None);
    }
    let fit = beta_binomial::fit(&zero).unwrap();
    assert_eq!((fit.y, fit.estimate, fit.rho), (None, 0.0, 0.0));
    assert_close(one_sided(&zero, TAIL).unwrap()[1], upper, 1e-13);
}

#[test]
fn nothing_between_no_events_and_all_events() {
    let separated = counts(&[(0, 10), (10, 10), (0, 5), (7, 7)]);
    // No τ is large enough; and at ρ = 1 each study is one observation.
    let problem = glmm::fit(Link::Logit, &separated).unwrap_err();
    assert_eq!(problem.exit_code(), 4);
    assert!(problem.to_string().contains("without end"), "{problem}");
    let fit = beta_binomial::fit(&separated).unwrap();
    assert_eq!((fit.rho, fit.estimate, fit.y), (1.0, 0.5, Some(0.0)));
    assert_close(fit.log_likelihood, -4.0 * std::f64::consts::LN_2, 1e-15);
    assert_close(fit.se.unwrap(), 1.0, 1e-15);
}

#[test]
fn no_study_is_an_error() {
    assert_eq!(glmm::fit(Link::Logit, &[]).unwrap_err().exit_code(), 3);
    assert_eq!(beta_binomial::fit(&[]).unwrap_err().exit_code(), 3);
}

#[test]
fn the_population_mean_of_the_probit_is_a_closed_form() {
    let fit = glmm::fit(Link::Probit, &counts(&PRITZ)).unwrap();
    let want = normal::cdf(fit.y.unwrap() / (1.0 + fit.tau2).sqrt());
    assert_close(fit.population.unwrap().proportion, want, 1e-14);
    // With a proportion above one half, the mean is nearer to it than the median.
    assert!(want < fit.estimate);
    let [lower, upper] = fit.population.unwrap().interval(1.96);
    assert!(lower < want && want < upper);
}

#[test]
fn weights_are_fractions() {
    for link in LINKS {
        let fit = glmm::fit(link, &counts(&PRITZ)).unwrap();
        assert!(fit.weights.iter().all(|weight| *weight > 0.0));
        assert_close(fit.weights.iter().sum(), 1.0, 1e-14);
    }
}

#[test]
fn a_certificate_says_why() {
    let fit = glmm::fit(Link::Logit, &counts(&PRITZ)).unwrap();
    let maximum = fit.maximum.as_ref().unwrap();
    let certificate = &maximum.certificate;
    assert!(certificate.gradient < 1e-12);
    assert!(certificate.eigenvalues[0] > 0.0 && certificate.eigenvalues[0] < certificate.eigenvalues[1]);
    assert!(certificate.bracket[0] < maximum.spread && maximum.spread < certificate.bracket[1]);
    assert!(certificate.slopes[0] > 0.0 && certificate.slopes[1] <= 0.0);
    assert!(certificate.slope_at_zero > 0.0 && certificate.value_at_zero < maximum.value);
    assert_eq!(certificate.maxima.len(), 1);
}

/// In the document the certificate is in the parameter that is reported: τ², or ρ.
#[test]
fn a_record_brackets_what_is_reported() {
    let glmm = glmm::fit(Link::Logit, &counts(&PRITZ)).unwrap();
    let beta = beta_binomial::fit(&counts(&PRITZ)).unwrap();
    for (found, record) in [(glmm.tau2, &glmm.convergence), (beta.rho, &beta.convergence)] {
        let ([lower, upper], [rising, falling]) = (record.bracket.unwrap(), record.at_bracket.unwrap());
        assert!(lower < found && found < upper, "{record:?}");
        assert!(rising > 0.0 && falling <= 0.0, "{record:?}");
        assert!(record.alternatives.is_empty());
    }
    // At the boundary the likelihood falls into the interior.
    let equal = counts(&[(1, 10), (2, 20), (3, 30)]);
    let record = glmm::fit(Link::Logit, &equal).unwrap().convergence;
    assert_eq!(record.bracket, Some([0.0, 0.0]));
    assert!(record.at_bracket.unwrap()[0] < 0.0);
    // Nothing was searched for.
    assert_eq!(glmm::fit(Link::Logit, &counts(&[(7, 25)])).unwrap().convergence.bracket, None);
}

/// Fits of vicious data to 20 digits: `tests/reference/scripts/likelihood_extremes.py`.
#[test]
fn extremes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/likelihood_extremes.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut compared, mut worst) = (0, (0.0, String::new()));
    for set in file["sets"].as_array().unwrap() {
        let pairs = set["counts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c[0].as_u64().unwrap(), c[1].as_u64().unwrap()));
        let counts = counts(&pairs.collect::<Vec<_>>());
        for case in set["cases"].as_array().unwrap() {
            let want = |field: &str| case["expect"][field].as_str().unwrap().parse::<f64>().unwrap();
            let numbers = if case["model"] == "glmm" {
                let fit =
                    glmm::fit(Link::from_measure(Measure::parse(word_of(case)).unwrap()).unwrap(), &counts)
                        .unwrap();
                [fit.y, fit.se, Some(fit.tau2), fit.tau2_se, Some(fit.log_likelihood)]
            } else {
                let fit = beta_binomial::fit(&counts).unwrap();
                [fit.y, fit.se, Some(fit.rho), fit.rho_se, Some(fit.log_likelihood)]
            };
            let spread = if case["model"] == "glmm" { ["tau2", "tau2_se"] } else { ["rho", "rho_se"] };
            for (field, got) in ["y", "se", spread[0], spread[1], "log_likelihood"].into_iter().zip(numbers) {
                let scale = if field == "y" { want("y").abs().max(want("se")) } else { want(field).abs() };
                let error = (got.unwrap() - want(field)).abs() / scale;
                let place = format!("{} {} {}: {field}", set["name"], case["model"], case["measure"]);
                assert!(error < 1e-10, "{place}: {got:?}, relative error {error:e}");
                compared += 1;
                if error > worst.0 {
                    worst = (error, place);
                }
            }
        }
    }
    println!("extremes: {compared} numbers, largest relative error {:.1e} at {}", worst.0, worst.1);
    assert_eq!(compared, 140);
}

fn word_of(case: &Value) -> &str {
    case["measure"].as_str().unwrap()
}

/// A local maximum that lies just beyond the two spreads of the scan between which the slope changed its sign; the
/// global one is at 0.
#[test]
fn a_maximum_beside_its_bracket_is_seen() {
    let counts = [(87, 191), (0, 5)].map(|(x, n)| Counts::new(x, n).unwrap());
    let fit = beta_binomial::fit(&counts).unwrap();
    let maxima = fit.maximum.unwrap().certificate.maxima;
    assert_eq!((fit.rho, maxima.len()), (0.0, 2));
    assert!((maxima[1].spread - 0.235_551_7).abs() < 1e-6 && maxima[1].value < maxima[0].value);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is counted, there is an answer or an error that says why, and the answer is sound.
    #[test]
    fn any_counts_are_answered(pairs in prop::collection::vec((0.0..=1.0_f64, 1_u64..2_000_000_000, 0_u32..9), 1..7)) {
        let counts: Vec<_> = pairs.iter().map(|&(share, total, scale)| {
            let total = (total / 10_u64.pow(scale)).max(1);
            // Extremes often: the corners are where the trouble is.
            let share = if share < 0.1 { 0.0 } else if share > 0.9 { 1.0 } else { (share - 0.1) / 0.8 };
            Counts::new((share * share * total as f64) as u64, total).unwrap()
        }).collect();
        for link in LINKS {
            match glmm::fit(link, &counts) {
                Ok(fit) => {
                    prop_assert!((0.0..=1.0).contains(&fit.estimate) && fit.tau2 >= 0.0);
                    prop_assert!(fit.lrt_tau2 >= 0.0 && fit.log_likelihood >= fit.common.log_likelihood - 1e-9 * fit.common.log_likelihood.abs());
                    prop_assert!((fit.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                    prop_assert_eq!(fit.y.is_some(), fit.se.is_some_and(|se| se > 0.0 && se.is_finite()));
                }
                Err(problem) => prop_assert!(counts.iter().all(|c| c.at_boundary()), "{:?}: {}", counts, problem),
            }
        }
        let fit = beta_binomial::fit(&counts).unwrap();
        prop_assert!((0.0..=1.0).contains(&fit.rho) && fit.lrt_rho >= 0.0);
        prop_assert!(fit.prediction(TAIL, 1.96).is_none_or(|[lower, upper]| lower <= upper));
    }
}

proptest! {
    // Each case is some twenty maximisations: few of them, and the extremes in the reference data.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Profile intervals hold the estimate.
    #[test]
    fn profile_intervals_hold_the_estimate(pairs in prop::collection::vec((0.0..=1.0_f64, 1_u64..300), 2..7)) {
        let counts: Vec<_> = pairs.iter().map(|&(share, total)| {
            let share = if share < 0.2 { 0.0 } else { (share - 0.2) / 0.8 };
            Counts::new((share * total as f64).round() as u64, total).unwrap()
        }).collect();
        for link in LINKS {
            let Ok(fit) = glmm::fit(link, &counts) else { continue };
            let Some(y) = fit.y else { continue };
            let [low, high] = glmm::profile_mean(&counts, &fit, 0.1).unwrap();
            prop_assert!(low < y && y < high);
            if counts.iter().any(|c| c.total() > 1) {
                let (below, above) = glmm::profile_tau2(&counts, &fit, 0.1).unwrap().unwrap();
                prop_assert!(below <= fit.tau2 && above.is_none_or(|above| fit.tau2 < above));
                // The likelihood ratio against 0 decides whether 0 is inside.
                prop_assert_eq!(below == 0.0, fit.lrt_tau2 <= chi_squared::upper_quantile(0.2, 1.0));
            }
        }
        let fit = beta_binomial::fit(&counts).unwrap();
        if fit.maximum.is_some() && counts.iter().any(|c| c.total() > 1) {
            let [low, high] = beta_binomial::profile_mean(&counts, &fit, TAIL).unwrap();
            prop_assert!(low < fit.y.unwrap() && fit.y.unwrap() < high);
            let [below, above] = beta_binomial::profile_rho(&counts, &fit, TAIL).unwrap().expect("an interval");
            prop_assert!(below <= fit.rho && fit.rho < above && above <= 1.0);
        }
    }
}
