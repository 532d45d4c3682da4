//! What must hold for any data, each where it holds.

use metaprop::analysis::Summary;
use metaprop::pool::Weighing;
use metaprop::spec::{Request, Tau2};
use metaprop::vocabulary::{Choice, Ci, Measure, Model, PredictionMethod, Profile, StudyCi, Tau2Method};
use metaprop::{Outcome, StudyTable, run};
use proptest::prelude::*;

/// Tables of 2 to 12 studies, boundaries included.
fn tables() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let study = (1u64..400).prop_flat_map(|total| (0..=total, Just(total)));
    prop::collection::vec(study, 2..12)
}

fn pool(rows: &[(u64, u64)], request: Request) -> Outcome {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    let table = StudyTable::from_counts(named).expect("counts");
    run(&table, &request.resolve().expect("a spec")).expect("an outcome")
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-10 * scale.max(a.abs()).max(1e-300)
}

fn every_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(Measure::ALL)
}

fn every_estimator() -> impl Strategy<Value = Tau2Method> {
    prop::sample::select(Tau2Method::ALL)
}

/// A pooled value and its standard error.
fn value(summary: &Summary) -> (f64, f64) {
    summary.y.zip(summary.se).expect("an inverse-variance value")
}

fn tau2(outcome: &Outcome) -> f64 {
    outcome.heterogeneity.tau2.expect("tau2 of two studies or more")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_studies_does_not_matter(rows in tables(), measure in every_measure(), method in every_estimator()) {
        let request = Request { measure: Some(measure), tau2: Some(Tau2::Estimated(method)), ..Request::default() };
        let backwards: Vec<_> = rows.iter().rev().copied().collect();
        let (one, two) = (pool(&rows, request), pool(&backwards, request));
        let (a, b) = (value(one.pooled()), value(two.pooled()));
        let unit = one.effects.v.iter().copied().fold(f64::INFINITY, f64::min);
        prop_assert!(near(a.0, b.0, a.1.max(b.1).max(unit.sqrt())), "{a:?} {b:?}");
        prop_assert!((tau2(&one) - tau2(&two)).abs() <= 1e-8 * (tau2(&one) + unit), "{} {}", tau2(&one), tau2(&two));
    }

    #[test]
    fn swapping_events_and_non_events_mirrors_the_result(rows in tables(), method in every_estimator()) {
        let swapped: Vec<_> = rows.iter().map(|&(events, total)| (total - events, total)).collect();
        for measure in [Measure::Raw, Measure::Logit, Measure::Probit, Measure::Arcsine, Measure::FreemanTukey] {
            let request = Request {
                measure: Some(measure),
                tau2: Some(Tau2::Estimated(method)),
                ci: Some(Ci::Wald),
                study_ci: Some(StudyCi::Wilson),
                ..Request::default()
            };
            let (one, two) = (pool(&rows, request), pool(&swapped, request));
            prop_assert!((one.pooled().estimate - (1.0 - two.pooled().estimate)).abs() < 1e-9, "{measure:?} {method:?}");
            prop_assert!((one.row(0).lower - (1.0 - two.row(0).upper)).abs() < 1e-12);
        }
    }

    #[test]
    fn copies_of_every_study_keep_the_common_estimate_and_shrink_its_error(rows in tables(), measure in every_measure(), m in 2usize..4) {
        let request = Request { measure: Some(measure), model: Some(Model::Common), ..Request::default() };
        let copies: Vec<_> = (0..m).flat_map(|_| rows.clone()).collect();
        let (one, many) = (pool(&rows, request), pool(&copies, request));
        let ((y, se), (many_y, many_se)) = (value(&one.common), value(&many.common));
        prop_assert!(near(y, many_y, se));
        prop_assert!(near(se, many_se * (m as f64).sqrt(), se));
    }

    #[test]
    fn copies_of_every_study_keep_tau2_by_ml_and_hunter_schmidt(rows in tables(), m in 2usize..4) {
        let copies: Vec<_> = (0..m).flat_map(|_| rows.clone()).collect();
        for method in [Tau2Method::Ml, Tau2Method::Hs] {
            let request = Request { tau2: Some(Tau2::Estimated(method)), ..Request::default() };
            let (one, many) = (pool(&rows, request), pool(&copies, request));
            let unit = one.effects.v.iter().copied().fold(f64::INFINITY, f64::min);
            prop_assert!((tau2(&one) - tau2(&many)).abs() <= 1e-7 * (tau2(&one) + unit), "{method:?}");
        }
    }

    #[test]
    fn q_profile_limits_invert_q(rows in tables(), measure in every_measure()) {
        let outcome = pool(&rows, Request { measure: Some(measure), ..Request::default() });
        let (y, v, df) = (&outcome.effects.y, &outcome.effects.v, outcome.k() as f64 - 1.0);
        for (limit, p) in [(outcome.heterogeneity.tau2_lower, 0.975), (outcome.heterogeneity.tau2_upper, 0.025)] {
            let limit = limit.expect("a limit");
            let target = metaprop::numeric::chi_squared::quantile(p, df);
            let q = Weighing::at(y, v, limit).q;
            let holds = if limit > 0.0 { (q - target).abs() < 1e-9 * target } else { q <= target * (1.0 + 1e-12) };
            prop_assert!(holds, "tau2 {limit}: Q is {q}, not {target}");
        }
    }

    #[test]
    fn paule_mandel_solves_its_equation_and_the_likelihoods_have_no_better_neighbour(rows in tables()) {
        use metaprop::pool::likelihood::Likelihood;
        let request = |method| Request { tau2: Some(Tau2::Estimated(method)), ..Request::default() };
        let pm = pool(&rows, request(Tau2Method::Pm));
        if tau2(&pm) > 0.0 {
            let q = Weighing::at(&pm.effects.y, &pm.effects.v, tau2(&pm)).q;
            prop_assert!((q - pm.heterogeneity.df as f64).abs() < 1e-9 * q);
        }
        for (method, likelihood) in [(Tau2Method::Ml, Likelihood::Full), (Tau2Method::Reml, Likelihood::Restricted)] {
            let fit = pool(&rows, request(method));
            let log = |at: f64| likelihood.log(&fit.effects.y, &fit.effects.v, at);
            let best = log(tau2(&fit));
            for factor in [0.0, 0.5, 0.9, 0.999, 1.001, 1.1, 2.0, 10.0, 100.0] {
                prop_assert!(log(tau2(&fit) * factor) <= best + 1e-9 * best.abs().max(1.0), "{method:?} at {factor}");
            }
            prop_assert!(log(0.01) <= best + 1e-9 * best.abs().max(1.0) && log(1.0) <= best + 1e-9 * best.abs().max(1.0));
        }
    }

    #[test]
    fn prediction_contains_the_interval_and_equals_it_without_heterogeneity(rows in tables(), measure in every_measure()) {
        for (ci, prediction) in [(Ci::Wald, PredictionMethod::Z), (Ci::T, PredictionMethod::T), (Ci::Hk, PredictionMethod::Hk), (Ci::HkFloor, PredictionMethod::Hk)] {
            let outcome = pool(&rows, Request { measure: Some(measure), ci: Some(ci), prediction: Some(prediction), ..Request::default() });
            let ([low, high], [lower, upper]) = (outcome.prediction.as_ref().expect("a prediction").ci_y, outcome.pooled().ci_y.expect("an interval"));
            let slack = 1e-12 * (1.0 + lower.abs() + upper.abs());
            prop_assert!(low <= lower + slack && upper <= high + slack);
            if tau2(&outcome) == 0.0 {
                prop_assert!((low - lower).abs() <= slack && (high - upper).abs() <= slack);
            }
        }
    }

    #[test]
    fn what_is_printed_as_a_proportion_is_one(rows in tables(), measure in every_measure(), method in every_estimator(), profile in prop::sample::select(Profile::ALL)) {
        let request = Request { profile: Some(profile), measure: Some(measure), tau2: Some(Tau2::Estimated(method)), ..Request::default() };
        let outcome = pool(&rows, request);
        let summaries = [Some(&outcome.common), outcome.random.as_ref()];
        let mut printed: Vec<f64> = summaries.into_iter().flatten().flat_map(|s| [Some(s.estimate), s.lower, s.upper]).flatten().collect();
        printed.extend(outcome.prediction.iter().flat_map(|p| [p.lower, p.upper]));
        printed.extend(outcome.rows().flat_map(|row| [row.proportion, row.lower, row.upper]));
        prop_assert!(printed.iter().all(|p| (0.0..=1.0).contains(p)), "{printed:?}");
        prop_assert!((outcome.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for row in outcome.rows() {
            prop_assert!(row.lower <= row.upper);
        }
    }
}
