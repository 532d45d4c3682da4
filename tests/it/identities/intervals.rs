//! What an interval contains, and what it is contained in.

use metaprop::data::Clusters;
use metaprop::effect::study_interval::interval;
use metaprop::options::{Choice, Ci, Measure, Model, PredictionMethod, Profile, StudyCi, Tau2Method};
use metaprop::options::{Request, Tau2};
use metaprop::{Counts, fit};
use proptest::prelude::*;

use super::shared::{named, pool, printed, tables, tables_of, tau2};

fn every_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(Measure::OF_PROPORTIONS)
}

fn every_estimator() -> impl Strategy<Value = Tau2Method> {
    prop::sample::select(Tau2Method::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn prediction_contains_the_interval_and_equals_it_without_heterogeneity(rows in tables(), measure in every_measure()) {
        for (ci, prediction) in [(Ci::Wald, PredictionMethod::Z), (Ci::T, PredictionMethod::T), (Ci::Hk, PredictionMethod::Hk), (Ci::HkFloor, PredictionMethod::Hk)] {
            let outcome = pool(&rows, Request { measure: Some(measure), ci: Some(ci), prediction: Some(prediction), ..Request::default() });
            let ([low, high], [lower, upper]) = (outcome.prediction.as_ref().expect("a prediction").ci_y.expect("limits"), outcome.pooled().ci_y.expect("an interval"));
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
        let printed = printed(&outcome);
        prop_assert!(printed.iter().all(|p| (0.0..=1.0).contains(p)), "{printed:?}");
        prop_assert!((outcome.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for row in outcome.rows() {
            prop_assert!(row.lower <= row.upper);
        }
    }

    #[test]
    fn clopper_pearson_contains_mid_p(rows in tables_of(100_000)) {
        for (events, total) in rows {
            let of = |method| interval(method, Counts::new(events, total).expect("counts"), 0.025);
            let ([low, high], [lower, upper]) = (of(StudyCi::ClopperPearson), of(StudyCi::MidP));
            prop_assert!(low <= lower && upper <= high, "{events} of {total}");
        }
    }
}

proptest! {
    // Most combinations are refused.
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever goes together, the likelihood models included.
    #[test]
    fn every_choice_prints_proportions(
        rows in tables_of(60),
        measure in every_measure(),
        model in prop::sample::select(Model::ALL),
        ci in prop::sample::select(Ci::ALL),
        prediction in prop::sample::select(PredictionMethod::ALL),
        study_ci in prop::sample::select(StudyCi::ALL),
    ) {
        let request = Request {
            measure: Some(measure),
            model: Some(model),
            ci: Some(ci),
            prediction: Some(prediction),
            study_ci: Some(study_ci),
            cutoff: Some(0.3),
            ..Request::default()
        };
        // What does not go together is refused before anything is computed; a bootstrap takes seconds.
        let drawn = ci == Ci::Bootstrap || prediction == PredictionMethod::Bootstrap;
        let Some(spec) = request.resolve().ok().filter(|_| !drawn) else { return Ok(()) };
        // Two rows a cluster, which the three-level model takes.
        let clusters = Clusters::new("c", (0..rows.len()).map(|row| (row / 2).to_string()));
        let outcome = match fit(&named(&rows).with_clusters(clusters).expect("as many"), &spec) {
            Ok(outcome) => outcome,
            Err(error) => {
                // The one fit that has no answer: see `docs/edge-cases.md`.
                let split = rows.iter().all(|&(events, total)| events == 0 || events == total);
                prop_assert!(model == Model::Glmm && split, "{error}: {spec:?}");
                return Ok(());
            }
        };
        let printed = printed(&outcome);
        prop_assert!(printed.iter().all(|p| (0.0..=1.0).contains(p)), "{printed:?}");
    }
}
