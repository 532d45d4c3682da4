//! `docs/edge-cases.md`, line by line.

use crate::common::number;
use metaprop::data::Clusters;
use metaprop::options::{Choice, Ci, Measure, Model, PredictionMethod, Profile, Tau2Method, ZeroCells};
use metaprop::options::{Request, Tau2};
use metaprop::{Code, Dataset, Error, MetaAnalysis, fit};

fn pool(rows: &[(u64, u64)], request: Request) -> MetaAnalysis {
    fit(&table(rows), &request.resolve().expect("a spec")).expect("an outcome")
}

fn table(rows: &[(u64, u64)]) -> Dataset {
    let named =
        rows.iter().zip(1..).map(|(&(events, total), number)| (format!("Study {number}"), events, total));
    Dataset::proportions(named).expect("counts")
}

fn says(outcome: &MetaAnalysis, code: Code) -> bool {
    outcome.advisories.iter().any(|advisory| advisory.code == code)
}

/// Every number of an outcome that a document would hold.
fn numbers(outcome: &MetaAnalysis) -> Vec<f64> {
    let h = &outcome.heterogeneity;
    let mut all: Vec<f64> = [
        number(h, "q"),
        number(h, "p"),
        number(h, "q_lrt"),
        number(h, "q_wald"),
        number(h, "p_lrt"),
        number(h, "p_wald"),
        number(h, "rho"),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.extend(
        [
            number(h, "tau2"),
            number(h, "tau2_se"),
            number(h, "tau2_lower"),
            number(h, "tau2_upper"),
            number(h, "i2"),
            number(h, "i2_lower"),
            number(h, "i2_upper"),
            number(h, "h2"),
        ]
        .into_iter()
        .flatten(),
    );
    for summary in [Some(&outcome.common), outcome.random.as_ref()].into_iter().flatten() {
        all.extend([summary.y, summary.se, Some(summary.estimate)].into_iter().flatten());
        all.extend(
            [summary.lower, summary.upper, summary.statistic, summary.df, summary.p, summary.log_likelihood]
                .into_iter()
                .flatten(),
        );
        all.extend(summary.ci_y.into_iter().flatten());
    }
    all.extend(
        outcome
            .prediction
            .iter()
            .flat_map(|p| [p.lower, p.upper].into_iter().chain(p.ci_y.into_iter().flatten())),
    );
    all.extend(outcome.rows().flat_map(|row| [row.lower, row.upper]));
    all
}

#[test]
fn nothing_is_ever_nan() {
    let tables: [&[(u64, u64)]; 10] = [
        &[(3, 10)],
        &[(0, 1)],
        &[(1, 1)],
        &[(0, 1), (1, 1)],
        &[(0, 10), (0, 12)],
        &[(10, 10), (12, 12), (9, 9)],
        &[(1, 10), (2, 20), (3, 30)],
        &[(5, 1_000_000), (1, 2), (0, 3)],
        &[(400_000_000, 1_000_000_000), (1, 2)],
        &[(1, 2), (1, 2)],
    ];
    for rows in tables {
        for request in requests() {
            let Ok(spec) = request.resolve() else { continue };
            // Two rows a cluster, which the three-level model takes.
            let data = table(rows);
            let clusters = Clusters::new("c", (0..data.k()).map(|row| (row / 2).to_string()));
            match fit(&data.with_clusters(clusters).unwrap(), &spec) {
                Ok(outcome) => assert!(
                    numbers(&outcome).iter().all(|x| x.is_finite()),
                    "{rows:?} {request:?}: {outcome:?}"
                ),
                // Every study at 0 or n, of both kinds, has no finite maximum likelihood.
                Err(Error::NoConvergence(_)) => assert_eq!(spec.model(), Model::Glmm, "{rows:?} {request:?}"),
                Err(error) => panic!("{rows:?} {request:?}: {error}"),
            }
        }
    }
}

/// Every combination of model, measure, estimator, interval and prediction; those that do not apply
/// are refused by `resolve`.
fn requests() -> impl Iterator<Item = Request> {
    let models = Model::ALL
        .iter()
        .flat_map(|&model| Measure::OF_PROPORTIONS.iter().map(move |&measure| (model, measure)));
    let estimators = models.flat_map(|pair| Tau2Method::ALL.iter().map(move |&method| (pair, method)));
    let intervals = estimators
        .flat_map(|pair| Ci::ALL.iter().filter(|ci| **ci != Ci::Bootstrap).map(move |&ci| (pair, ci)));
    intervals.flat_map(|(((model, measure), method), ci)| {
        let predictions =
            PredictionMethod::ALL.iter().filter(|method| **method != PredictionMethod::Bootstrap);
        predictions.map(move |&prediction| Request {
            model: Some(model),
            measure: Some(measure),
            tau2: Some(Tau2::Estimated(method)),
            ci: Some(ci),
            prediction: Some(prediction),
            ..Request::default()
        })
    })
}

#[test]
fn one_study_is_its_own_estimate() {
    let outcome = pool(&[(3, 10)], Request::default());
    let random = outcome.random.as_ref().expect("a random-effects estimate");
    assert_eq!((outcome.common.y, random.y), (Some(outcome.y()[0]), Some(outcome.y()[0])));
    assert!((random.estimate - 0.3).abs() < 1e-15);
    assert_eq!((random.lower, random.df, random.p), (None, None, None));
    let h = &outcome.heterogeneity;
    assert_eq!((number(h, "q"), h.df, number(h, "p")), (Some(0.0), 0, Some(1.0)));
    assert_eq!(
        (number(h, "tau2"), number(h, "i2"), number(h, "h2"), number(h, "tau2_upper")),
        (None, None, None, None)
    );
    assert!(
        outcome.prediction.is_none() && outcome.common.lower.is_some() && says(&outcome, Code::SingleStudy)
    );
    let wald = pool(&[(3, 10)], Request { ci: Some(Ci::Wald), ..Request::default() });
    assert_eq!(wald.random.expect("random").ci_y, wald.common.ci_y);
}

#[test]
fn two_studies_have_no_hts_prediction() {
    let request = |prediction| Request { prediction: Some(prediction), ..Request::default() };
    for method in [PredictionMethod::Hts, PredictionMethod::HtsHk] {
        assert!(pool(&[(3, 10), (8, 10)], request(method)).prediction.is_none());
    }
    assert!(pool(&[(3, 10), (8, 10)], request(PredictionMethod::T)).prediction.is_some());
}

#[test]
fn equal_proportions_give_an_interval_without_width() {
    let outcome = pool(&[(1, 10), (2, 20), (3, 30), (4, 40)], Request::default());
    let random = outcome.random.as_ref().expect("random");
    assert_eq!((random.se, random.statistic, random.p), (Some(0.0), None, Some(0.0)));
    assert_eq!(random.lower, random.upper);
    assert!(says(&outcome, Code::HkDegenerate) && says(&outcome, Code::Tau2IntervalEmpty));
    assert_eq!(
        (number(&outcome.heterogeneity, "tau2_lower"), number(&outcome.heterogeneity, "tau2_upper")),
        (Some(0.0), Some(0.0))
    );
}

#[test]
fn none_and_all_are_mirror_images() {
    for measure in [Measure::Raw, Measure::Logit, Measure::Arcsine, Measure::FreemanTukey, Measure::Probit] {
        let request = Request { measure: Some(measure), ci: Some(Ci::Wald), ..Request::default() };
        let (none, all) = (pool(&[(0, 10), (0, 15)], request), pool(&[(10, 10), (15, 15)], request));
        let (none, all) = (none.pooled().clone(), all.pooled().clone());
        let near = |a: f64, b: f64| (a - b).abs() < 1e-14;
        assert!(
            near(none.estimate, 1.0 - all.estimate) && near(none.upper.unwrap(), 1.0 - all.lower.unwrap()),
            "{measure:?}"
        );
    }
    assert_eq!(
        pool(&[(0, 10), (0, 15)], Request { measure: Some(Measure::Arcsine), ..Request::default() })
            .pooled()
            .estimate,
        0.0
    );
}

#[test]
fn without_a_correction_boundary_studies_are_left_out_by_name() {
    let request = Request { zero_cells: Some(ZeroCells::None), ..Request::default() };
    let outcome = pool(&[(0, 10), (4, 12), (15, 15)], request);
    let left: Vec<_> = outcome.excluded.iter().map(|row| (row.study.as_str(), row.line)).collect();
    assert_eq!((outcome.k(), left), (1, vec![("Study 1", 2), ("Study 3", 4)]));
    assert!(says(&outcome, Code::StudiesExcluded));
    let nothing = fit(&table(&[(0, 10), (0, 9)]), &request.resolve().expect("a spec"));
    assert!(matches!(nothing, Err(Error::Data(_))));
}

#[test]
fn a_zero_at_the_boundary_of_the_log_scale_is_left_out_at_all_events() {
    // v = 1/x − 1/n is 0 at x = n, and a weight cannot be infinite.
    let request =
        Request { measure: Some(Measure::Log), zero_cells: Some(ZeroCells::None), ..Request::default() };
    let outcome = pool(&[(10, 10), (4, 12)], request);
    assert!(outcome.excluded[0].reason.contains("variance 0"), "{}", outcome.excluded[0].reason);
}

#[test]
fn limits_beyond_the_range_are_kept_on_the_scale_and_clipped_as_proportions() {
    let request =
        Request { profile: Some(Profile::DlWald), measure: Some(Measure::Raw), ..Request::default() };
    let outcome = pool(&[(0, 10), (1, 10), (1, 8)], request);
    let [low, _] = outcome.common.ci_y.expect("an interval");
    assert!(low < 0.0 && outcome.common.lower == Some(0.0) && says(&outcome, Code::OutsideRange));
}

#[test]
fn the_freeman_tukey_inverse_is_watched() {
    let rows = [(2, 200_000), (1, 16_000), (1, 700), (1, 45), (1, 30)];
    let request = Request {
        profile: Some(Profile::DlWald),
        measure: Some(Measure::FreemanTukey),
        ..Request::default()
    };
    let outcome = pool(&rows, request);
    assert_eq!(outcome.pooled().estimate, 0.0);
    assert!(says(&outcome, Code::FreemanTukeyInverse));
}

#[test]
fn a_common_effect_model_has_no_random_part() {
    let outcome = pool(&[(3, 10), (5, 12)], Request { model: Some(Model::Common), ..Request::default() });
    assert!(outcome.random.is_none() && outcome.prediction.is_none() && outcome.weights_random().is_empty());
    assert_eq!(outcome.common.df, None);
}

#[test]
fn huge_and_tiny_studies_pool_together() {
    let outcome = pool(&[(300_000_000, 1_000_000_000), (4, 20), (10, 25), (7, 30)], Request::default());
    assert!((outcome.common.estimate - 0.3).abs() < 1e-6);
    assert!((outcome.weights_common().iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn exact_models_answer_at_the_boundary() {
    for model in [Model::Glmm, Model::BetaBinomial] {
        let request = Request { model: Some(model), ..Request::default() };
        let (none, all) = (pool(&[(0, 10), (0, 15), (0, 20)], request), pool(&[(10, 10), (15, 15)], request));
        let random = none.random.as_ref().expect("an estimate");
        // 1 − exp(−χ²₁(0.95)/(2 · 45)), χ²₁(0.95) = 3.841458820694124.
        assert_eq!((random.y, random.estimate, random.lower), (None, 0.0, Some(0.0)));
        assert!((random.upper.unwrap() - 0.041_784_8).abs() < 1e-6, "{:?}", random.upper);
        let mirrored = all.random.as_ref().expect("an estimate");
        assert_eq!((mirrored.estimate, mirrored.upper), (1.0, Some(1.0)));
        let equal = pool(&[(1, 10), (2, 20), (3, 30), (4, 40)], request);
        assert_eq!(equal.pooled().estimate, 0.1);
        assert!(equal.pooled().lower.unwrap() < 0.1 && 0.1 < equal.pooled().upper.unwrap());
    }
}
