//! The binomial-normal model with moderators: against 30-digit arithmetic, and what must hold of it.

use metaprop::analysis::{Regression, RegressionOptions};
use metaprop::data::Covariates;
use metaprop::model::likelihood::{Link, glmm};
use metaprop::model::{HeterogeneityField, ModelMatrix};
use metaprop::options::{Choice, Measure};
use metaprop::{Counts, Dataset, MetaAnalysis};
use serde_json::Value;

const FILE: &str = include_str!("../reference/glmm_regression.json");

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().expect("numbers").iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// The studies of a set with their moderators as a table.
fn table(set: &Value) -> Dataset {
    let counts = set["counts"].as_array().expect("counts");
    let count = |row: &Value, at: usize| row[at].as_u64().expect("a count");
    let names: Vec<String> = (1..=counts.len()).map(|number| format!("S{number}")).collect();
    let rows = names.iter().zip(counts).map(|(name, row)| (name.as_str(), count(row, 0), count(row, 1)));
    let columns = set["columns"].as_object().expect("columns").iter().map(|(name, cells)| {
        (name.clone(), cells.as_array().expect("cells").iter().map(Value::to_string).collect::<Vec<_>>())
    });
    let covariates = Covariates::new(columns).expect("covariates");
    Dataset::proportions(rows).expect("studies").with_covariates(covariates).expect("as many rows")
}

fn formula(set: &Value) -> String {
    let names: Vec<&str> = set["columns"].as_object().expect("columns").keys().map(String::as_str).collect();
    names.join(" + ")
}

fn regress(data: &Dataset, measure: &str, ci: &str, mods: &str) -> Regression {
    let result = MetaAnalysis::of_proportions().measure(measure).model("glmm").ci(ci).fit(data);
    let result = result.expect("a result");
    result.regress(&mods.parse().expect("a formula"), &RegressionOptions::default()).expect("a regression")
}

#[test]
fn coefficients_and_limits_agree_with_30_digits() {
    let file: Value = serde_json::from_str(FILE).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 15);
    for case in cases {
        let (set, link) =
            (&file["sets"][case["set"].as_str().expect("a set")], case["link"].as_str().expect("a link"));
        let found = regress(&table(set), link, "profile", &formula(set));
        let se = numbers(&case["se"]);
        for ((got, want), se) in found.coefficients.iter().zip(numbers(&case["coefficients"])).zip(&se) {
            assert!((got.estimate - want).abs() < 1e-9 * se, "{}: {} {want}: {case}", got.term, got.estimate);
            assert!((got.se / se - 1.0).abs() < 1e-9, "{}: {} {se}: {case}", got.term, got.se);
        }
        let tau2 = found.residual.tau2.expect("a variance");
        let want = case["tau2"].as_f64().expect("a variance");
        assert!((tau2.estimate - want).abs() <= 1e-9 * want, "{} {want}: {case}", tau2.estimate);
        match case["tau2_se"].as_f64() {
            Some(want) => assert!((tau2.se.expect("one") / want - 1.0).abs() < 1e-9, "{tau2:?}: {case}"),
            None => assert_eq!((tau2.estimate, tau2.se), (0.0, None), "{case}"),
        }
        let want = case["log_likelihood"].as_f64().expect("a likelihood");
        assert!(
            (found.fit.log_likelihood / want - 1.0).abs() < 1e-12,
            "{}: {case}",
            found.fit.log_likelihood
        );
        if case["limits"].is_array() {
            let (slope, want) = (&found.coefficients[1], numbers(&case["limits"]));
            let got = [slope.lower.expect("a limit"), slope.upper.expect("a limit")];
            for (got, want) in got.iter().zip(want) {
                assert!((got - want).abs() < 1e-8 * se[1], "{got} {want}: {case}");
            }
        }
    }
}

fn counts(rows: &[(u64, u64)]) -> Vec<Counts> {
    rows.iter().map(|&(events, total)| Counts::new(events, total).expect("counts")).collect()
}

const ROWS: [(u64, u64); 8] = [(8, 32), (9, 30), (31, 66), (38, 60), (17, 40), (0, 12), (12, 25), (20, 20)];

/// A column of ones is the model without moderators, to the digits of both searches.
#[test]
fn ones_alone_are_the_model_without_moderators() {
    for link in [Link::Logit, Link::Probit, Link::Cloglog] {
        let counts = counts(&ROWS);
        let plain = glmm::fit(link, &counts).expect("a fit");
        let ones = glmm::fit_moderated(link, &counts, &ModelMatrix::ones(8).expect("ones")).expect("a fit");
        let se = plain.se.expect("a standard error");
        assert!((ones.coefficients[0] - plain.y.expect("a value")).abs() < 1e-11 * se);
        assert!((ones.tau2 / plain.tau2 - 1.0).abs() < 1e-10);
        assert!((ones.tau2_se.expect("one") / plain.tau2_se.expect("one") - 1.0).abs() < 1e-9);
        assert!((ones.log_likelihood - plain.log_likelihood).abs() < 1e-12);
        assert!((ones.residual_lrt / plain.common.q_lrt - 1.0).abs() < 1e-12);
        assert!((ones.standardised(&[1.0])[0].abs() / se - 1.0).abs() < 1e-10);
    }
}

/// A factor of two levels with a common τ²; scaling and moving a moderator change its coefficient alone; the order of
/// rows changes nothing but rounding.
#[test]
fn scale_origin_and_order_do_not_matter() {
    let dose = [5.0, 5.0, 10.0, 10.0, 5.0, 2.0, 8.0, 12.0];
    let fit = |rows: &[(u64, u64)], cells: Vec<f64>| {
        let matrix = ModelMatrix::with_intercept([("dose", cells)]).expect("a matrix");
        glmm::fit_moderated(Link::Logit, &counts(rows), &matrix).expect("a fit")
    };
    let plain = fit(&ROWS, dose.to_vec());
    let moved = fit(&ROWS, dose.iter().map(|dose| 1e4 + 1e-3 * dose).collect());
    assert!((moved.coefficients[1] * 1e-3 / plain.coefficients[1] - 1.0).abs() < 1e-9);
    assert!((moved.tau2 / plain.tau2 - 1.0).abs() < 1e-9);
    let at_five = plain.coefficients[0] + 5.0 * plain.coefficients[1];
    let moved_at_five = moved.coefficients[0] + (1e4 + 5e-3) * moved.coefficients[1];
    assert!((at_five - moved_at_five).abs() < 1e-7, "{at_five} {moved_at_five}");
    let reversed: Vec<(u64, u64)> = ROWS.iter().rev().copied().collect();
    let reversed = fit(&reversed, dose.iter().rev().copied().collect());
    assert!((reversed.coefficients[1] / plain.coefficients[1] - 1.0).abs() < 1e-10);
    assert!((reversed.log_likelihood - plain.log_likelihood).abs() < 1e-12);
}

/// With events and non-events exchanged, coefficients change their sign on a symmetric link.
#[test]
fn the_mirror_image_has_coefficients_of_the_other_sign() {
    let dose = || ModelMatrix::with_intercept([("dose", vec![5.0, 5.0, 10.0, 10.0, 5.0, 2.0, 8.0, 12.0])]);
    let mirrored: Vec<(u64, u64)> = ROWS.iter().map(|&(events, total)| (total - events, total)).collect();
    for link in [Link::Logit, Link::Probit] {
        let [plain, mirror] = [&ROWS[..], &mirrored]
            .map(|rows| glmm::fit_moderated(link, &counts(rows), &dose().expect("a matrix")).expect("a fit"));
        for (a, b) in plain.coefficients.iter().zip(&mirror.coefficients) {
            assert!((a + b).abs() < 1e-10 * a.abs(), "{a} {b}");
        }
        assert!((plain.tau2 / mirror.tau2 - 1.0).abs() < 1e-9);
    }
}

/// The Wald Q has no study at 0 or n in it, so that it stands in documents only where there is none, or where the package of
/// the profile prints it.
#[test]
fn a_wald_q_that_leaves_studies_out_is_not_in_documents() {
    let within: Vec<(u64, u64)> =
        ROWS.iter().copied().filter(|(events, total)| *events > 0 && events < total).collect();
    let q_wald = |rows: &[(u64, u64)], profile: Option<&str>| {
        let names: Vec<String> = (1..=rows.len()).map(|number| format!("S{number}")).collect();
        let studies = names.iter().zip(rows).map(|(name, &(events, total))| (name.as_str(), events, total));
        let dose: Vec<String> = (1..=rows.len()).map(|row| (row * row % 7).to_string()).collect();
        let data = Dataset::proportions(studies).expect("studies");
        let data =
            data.with_covariates(Covariates::new([("dose", dose)]).expect("columns")).expect("as many rows");
        let request = MetaAnalysis::of_proportions();
        let request = if let Some(profile) = profile { request.profile(profile) } else { request };
        let fitted = request.measure("logit").model("glmm").ci("wald").fit(&data).expect("a result");
        let mods = "dose".parse().expect("a formula");
        let found = fitted.regress(&mods, &RegressionOptions::default()).expect("a regression");
        serde_json::to_value(&found.residual).expect("JSON")["q_wald"].clone()
    };
    assert!(q_wald(&within, None).is_number());
    assert!(q_wald(&ROWS, None).is_null());
    assert!(q_wald(&ROWS, Some("metafor")).is_number());
}

/// A level whose studies have no events at all, and a slope that only such studies decide.
#[test]
fn moderators_that_separate_are_named() {
    let separated = [
        (vec![(0, 20), (0, 31), (8, 20), (9, 30), (12, 25)], vec![1.0, 1.0, 0.0, 0.0, 0.0]),
        (vec![(20, 20), (31, 31), (8, 20), (9, 30), (12, 25)], vec![1.0, 1.0, 0.0, 0.0, 0.0]),
        (vec![(0, 20), (0, 31), (30, 30), (12, 12)], vec![1.0, 2.0, 3.0, 4.0]),
        (vec![(0, 20), (10, 31), (30, 30), (12, 30)], vec![1.0, 2.0, 3.0, 2.0]),
    ];
    for (rows, cells) in separated {
        let matrix = ModelMatrix::with_intercept([("x", cells)]).expect("a matrix");
        let error = glmm::fit_moderated(Link::Logit, &counts(&rows), &matrix).unwrap_err().to_string();
        assert!(error.contains("'x'") && error.contains("rise without end"), "{rows:?}: {error}");
    }
    // Zero cells on both sides of the others separate nothing.
    let rows = [(0, 20), (10, 31), (0, 30), (12, 30)];
    let matrix = ModelMatrix::with_intercept([("x", vec![1.0, 2.0, 3.0, 2.0])]).expect("a matrix");
    assert!(glmm::fit_moderated(Link::Logit, &counts(&rows), &matrix).is_ok());
}

/// Nothing is left to tell τ² from 0, and every proportion is fitted as it is.
#[test]
fn as_many_coefficients_as_studies_fit_every_study() {
    let rows = [(3, 10), (40, 100), (9, 12)];
    let matrix = ModelMatrix::with_intercept([("a", vec![0.0, 1.0, 0.0]), ("b", vec![0.0, 0.0, 1.0])])
        .expect("a matrix");
    let fit = glmm::fit_moderated(Link::Logit, &counts(&rows), &matrix).expect("a fit");
    let logit = |p: f64| (p / (1.0 - p)).ln();
    assert!((fit.coefficients[0] - logit(0.3)).abs() < 1e-12);
    assert!((fit.coefficients[0] + fit.coefficients[1] - logit(0.4)).abs() < 1e-12);
    assert!((fit.coefficients[0] + fit.coefficients[2] - logit(0.75)).abs() < 1e-12);
    assert!(fit.tau2 == 0.0 && fit.residual_lrt.abs() < 1e-12 && fit.residual_lrt_p == 1.0);
}

/// The program's words for it: the likelihood ratio, medians, the comparison with the model without moderators.
#[test]
fn a_table_with_zero_cells_is_regressed_as_it_is() {
    let file: Value = serde_json::from_str(FILE).expect("JSON");
    let data = table(&file["sets"]["nine"]);
    let measure: Measure = Choice::parse("logit").expect("a measure");
    let found = regress(&data, measure.key(), "t", "dose");
    assert_eq!(found.rows.len(), 9);
    assert!(found.fit.likelihood_ratio.expect("a ratio") > 0.0);
    assert!(found.residual.get(HeterogeneityField::QLrt).is_some() && found.residual.cochran.is_none());
    assert_eq!(found.coefficients[1].df, Some(7.0));
}
