//! Studies in another order, events for non-events.

use metaprop::options::{Choice, Ci, Measure, Model, StudyCi, Tau2Ci, Tau2Method};
use metaprop::options::{Request, Tau2};
use metaprop::{Error, MetaAnalysis, fit};
use proptest::prelude::*;

use super::shared::{mirrored, named, near, pool, tables, tables_of, tau2, unit, value};

fn result_of(rows: &[(u64, u64)], request: Request) -> Result<MetaAnalysis, Error> {
    fit(&named(rows), &request.resolve().expect("a spec"))
}

fn every_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(Measure::OF_PROPORTIONS)
}

fn every_estimator() -> impl Strategy<Value = Tau2Method> {
    prop::sample::select(Tau2Method::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_studies_does_not_matter(rows in tables(), measure in every_measure(), method in every_estimator()) {
        let request = Request { measure: Some(measure), tau2: Some(Tau2::Estimated(method)), ..Request::default() };
        let backwards: Vec<_> = rows.iter().rev().copied().collect();
        let (one, two) = (pool(&rows, request), pool(&backwards, request));
        let (a, b) = (value(one.pooled()), value(two.pooled()));
        let unit = unit(&one);
        prop_assert!(near(a.0, b.0, a.1.max(b.1).max(unit.sqrt())), "{a:?} {b:?}");
        prop_assert!((tau2(&one) - tau2(&two)).abs() <= 1e-8 * (tau2(&one) + unit), "{} {}", tau2(&one), tau2(&two));
    }

    #[test]
    fn swapping_events_and_non_events_mirrors_the_result(rows in tables(), method in every_estimator()) {
        let swapped = mirrored(&rows);
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
}

proptest! {
    // A fit takes a millisecond.
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The likelihood models, with one-sided limits where there is no finite value.
    #[test]
    fn exchanging_events_and_non_events_mirrors_the_likelihood_models(rows in tables_of(60)) {
        let swapped = mirrored(&rows);
        let models = [(Model::Glmm, Measure::Logit), (Model::Glmm, Measure::Probit), (Model::BetaBinomial, Measure::Logit)];
        for (model, measure) in models {
            let request = Request { model: Some(model), measure: Some(measure), tau2_ci: Some(Tau2Ci::None), ..Request::default() };
            let (Ok(one), Ok(two)) = (result_of(&rows, request), result_of(&swapped, request)) else {
                // Every study at 0 or n, of both kinds, has no maximum: on neither side.
                prop_assert!(result_of(&rows, request).is_err() && result_of(&swapped, request).is_err());
                continue;
            };
            // A maximum is where the slope is 0, known to about the root of what rounds the likelihood.
            prop_assert!((one.pooled().estimate - (1.0 - two.pooled().estimate)).abs() < 1e-7, "{measure:?} {one:?}");
            let (lower, upper) = (one.pooled().lower, two.pooled().upper.map(|upper| 1.0 - upper));
            prop_assert!(lower.zip(upper).is_none_or(|(a, b)| (a - b).abs() < 1e-6), "{measure:?} {lower:?} {upper:?}");
        }
    }
}

/// Two scales look at events and non-events differently: there the mirror must not hold.
#[test]
fn log_and_cloglog_are_not_symmetric() {
    let rows = [(3, 40), (8, 30), (11, 25), (2, 50)];
    let pairs =
        [(Model::Random, Measure::Log), (Model::Random, Measure::Cloglog), (Model::Glmm, Measure::Cloglog)];
    for (model, measure) in pairs {
        let request = Request {
            model: Some(model),
            measure: Some(measure),
            study_ci: Some(StudyCi::Transform),
            ..Request::default()
        };
        let (one, two) = (pool(&rows, request), pool(&mirrored(&rows), request));
        assert!((one.pooled().estimate - (1.0 - two.pooled().estimate)).abs() > 1e-3, "{measure:?}");
        assert!((one.row(0).lower - (1.0 - two.row(0).upper)).abs() > 1e-3, "{measure:?}");
    }
}
