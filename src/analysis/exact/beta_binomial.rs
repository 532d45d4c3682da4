//! The beta-binomial model as an outcome.

use super::super::distribution::Distribution;
use super::super::fit::{Fit, Tau2Limits};
use super::super::{Heterogeneity, Prediction, Summary};
use super::{LikelihoodInputs, Location, tests};
use crate::effect::EffectSizes;
use crate::error::Error;
use crate::model::exceedance::Spread;
use crate::model::inference::quantile;
use crate::model::likelihood::beta_binomial::{self, BetaBinomialFit};
use crate::options::PredictionMethod;

pub(super) fn outcome(scene: &LikelihoodInputs<'_>, effects: EffectSizes) -> Result<Fit, Error> {
    let fit = beta_binomial::fit(scene.counts)?;
    let location = Location {
        y: fit.y,
        se: fit.se,
        estimate: fit.estimate,
        log_likelihood: fit.log_likelihood,
        parameters: 2.0,
    };
    let profile = scene.profile(fit.y, || beta_binomial::profile_mean(scene.counts, &fit, scene.tail))?;
    let random = scene.summary(Some("beta-binomial"), &location, scene.spec.ci, profile);
    let (limits, tau2_limits) = rho_interval(scene, &fit);
    let heterogeneity = Heterogeneity {
        rho: Some(fit.rho),
        rho_se: fit.rho_se,
        rho_lower: limits.map(|[lower, _]| lower),
        rho_upper: limits.map(|[_, upper]| upper),
        q_zero: Some(fit.lrt_rho),
        p_zero: Some(fit.lrt_rho_p),
        ..tests(&fit.common)
    };
    Ok(Fit {
        prediction: prediction(scene, &fit),
        tau2_limits,
        heterogeneity: match scene.counts {
            [_] => heterogeneity,
            _ => scene.of_wald_test(fit.common.q_wald, heterogeneity),
        },
        distribution: distribution(scene, &fit, &random),
        ..scene.assemble(effects, &fit.common, random, fit.weights.clone(), fit.convergence.clone())
    })
}

/// The profile interval of ρ, and what has to be said where there should be one and is none.
fn rho_interval(scene: &LikelihoodInputs<'_>, fit: &BetaBinomialFit) -> (Option<[f64; 2]>, Tau2Limits) {
    if fit.maximum.is_none() || fit.k < 2 {
        return (None, Tau2Limits::AsShown);
    }
    match beta_binomial::profile_rho(scene.counts, fit, scene.tail) {
        Ok(limits) => (limits, Tau2Limits::AsShown),
        Err(error) => (None, Tau2Limits::NotFound(error.to_string())),
    }
}

/// The interval is of the proportion; its ends are put on the logit scale for the document.
fn prediction(scene: &LikelihoodInputs<'_>, fit: &BetaBinomialFit) -> Option<Prediction> {
    if scene.spec.prediction == PredictionMethod::None {
        return None;
    }
    let [lower, upper] = fit.prediction(scene.tail, quantile(scene.tail, None))?;
    let ci_y = [lower, upper].map(|p| scene.transform.from_proportion(p));
    Some(Prediction { method: scene.spec.prediction, df: None, ci_y, lower, upper })
}

/// Beta(α, β) of the proportion itself; a point at ρ = 0, two points at ρ = 1.
fn distribution(
    scene: &LikelihoodInputs<'_>,
    fit: &BetaBinomialFit,
    random: &Summary,
) -> Option<Distribution> {
    let (Some(mean), true) = (fit.y, fit.k > 1) else { return None };
    let (spec, transform) = (scene.spec, &scene.transform);
    Some(match (&fit.maximum, fit.alpha.zip(fit.beta)) {
        (Some(maximum), Some((alpha, beta))) => {
            let covariance = maximum.derivatives.covariance();
            let fitted = Spread { mean, spread: maximum.spread, covariance };
            Distribution::beta(&fitted, [alpha, beta], spec, transform)
        }
        (Some(_), None) => {
            let point = Spread { mean, spread: 0.0, covariance: [0.0; 3] };
            Distribution::normal(&point, fit.estimate, spec, transform)
        }
        (None, _) => Distribution::yes_or_no(
            fit.estimate,
            random.lower.zip(random.upper).map(<[f64; 2]>::from),
            spec,
            transform,
        ),
    })
}
