//! What an estimate of τ² solves, and what solves the same.

use crate::common::number;
use metaprop::fit;
use metaprop::model::WeightedMean;
use metaprop::options::{Measure, Model, Tau2Ci, Tau2Method};
use metaprop::options::{Request, Tau2};
use proptest::prelude::*;

use super::shared::{named, pool, tables, tables_of, tau2, unit};

fn every_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(Measure::OF_PROPORTIONS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn q_profile_limits_invert_q(rows in tables(), measure in every_measure()) {
        let outcome = pool(&rows, Request { measure: Some(measure), ..Request::default() });
        let (y, v, df) = (&outcome.y(), &outcome.v(), outcome.k() as f64 - 1.0);
        for (limit, p) in [(number(&outcome.heterogeneity, "tau2_lower"), 0.975), (number(&outcome.heterogeneity, "tau2_upper"), 0.025)] {
            let limit = limit.expect("a limit");
            let target = metaprop::numeric::chi_squared::quantile(p, df);
            let q = WeightedMean::at(y, v, limit).q;
            let holds = if limit > 0.0 { (q - target).abs() < 1e-9 * target } else { q <= target * (1.0 + 1e-12) };
            prop_assert!(holds, "tau2 {limit}: Q is {q}, not {target}");
        }
    }

    #[test]
    fn paule_mandel_solves_its_equation_and_the_likelihoods_have_no_better_neighbour(rows in tables()) {
        use metaprop::model::likelihood::normal::Likelihood;
        let request = |method| Request { tau2: Some(Tau2::Estimated(method)), ..Request::default() };
        let pm = pool(&rows, request(Tau2Method::Pm));
        if tau2(&pm) > 0.0 {
            let q = WeightedMean::at(pm.y(), pm.v(), tau2(&pm)).q;
            prop_assert!((q - pm.heterogeneity.df as f64).abs() < 1e-9 * q);
        }
        for (method, likelihood) in [(Tau2Method::Ml, Likelihood::Full), (Tau2Method::Reml, Likelihood::Restricted)] {
            let fit = pool(&rows, request(method));
            let log = |at: f64| likelihood.log(fit.y(), fit.v(), at);
            let best = log(tau2(&fit));
            for factor in [0.0, 0.5, 0.9, 0.999, 1.001, 1.1, 2.0, 10.0, 100.0] {
                prop_assert!(log(tau2(&fit) * factor) <= best + 1e-9 * best.abs().max(1.0), "{method:?} at {factor}");
            }
            prop_assert!(log(0.01) <= best + 1e-9 * best.abs().max(1.0) && log(1.0) <= best + 1e-9 * best.abs().max(1.0));
        }
    }

    /// Two names of one equation, and an iteration that ends at its root: three ways to it, so equal to rounding
    /// and, of the iteration, to its stopping rule.
    #[test]
    fn empirical_bayes_and_iterated_der_simonian_laird_are_paule_mandel(rows in tables(), measure in every_measure()) {
        let by = |method| pool(&rows, Request { measure: Some(measure), tau2: Some(Tau2::Estimated(method)), ..Request::default() });
        let [pm, eb, dlit] = [Tau2Method::Pm, Tau2Method::Eb, Tau2Method::Dlit].map(by);
        let scale = tau2(&pm) + unit(&pm);
        prop_assert!((tau2(&pm) - tau2(&eb)).abs() <= 1e-14 * scale);
        prop_assert!((tau2(&pm) - tau2(&dlit)).abs() <= 1e-11 * scale, "{} {}", tau2(&pm), tau2(&dlit));
    }
}

proptest! {
    // A fit takes a millisecond.
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// At no spread both likelihoods are the plain binomial, whose maximum is the share of all events.
    #[test]
    fn likelihood_models_without_spread_pool_all_people(rows in tables_of(40)) {
        for model in [Model::Glmm, Model::BetaBinomial] {
            let request = Request { model: Some(model), tau2_ci: Some(Tau2Ci::None), ..Request::default() };
            let Ok(outcome) = fit(&named(&rows), &request.resolve().expect("a spec")) else { continue };
            let spread = number(&outcome.heterogeneity, "tau2").or(number(&outcome.heterogeneity, "rho")).expect("a spread");
            if spread == 0.0 {
                let (events, total) = rows.iter().fold((0, 0), |(x, n), row| (x + row.0, n + row.1));
                prop_assert_eq!(outcome.pooled().estimate, events as f64 / total as f64);
            }
        }
    }
}
