//! The binomial-normal model as an outcome.

use super::super::distribution::Distribution;
use super::super::fit::{Fit, Tau2Limits};
use super::super::{Heterogeneity, Population, Prediction};
use super::{LikelihoodInputs, Location, tests};
use crate::effect::EffectSizes;
use crate::error::Error;
use crate::model::exceedance::Spread;
use crate::model::inference::quantile;
use crate::model::likelihood::binomial::typical_variance;
use crate::model::likelihood::glmm::{self, GlmmFit};
use crate::options::{I2Method, PredictionMethod, Tau2Ci};

pub(super) fn outcome(scene: &LikelihoodInputs<'_>, effects: EffectSizes) -> Result<Fit, Error> {
    let fit = glmm::fit(scene.link, scene.counts)?;
    let location = Location {
        y: fit.y,
        se: fit.se,
        estimate: fit.estimate,
        log_likelihood: fit.log_likelihood,
        parameters: 2.0,
    };
    let profile = scene.profile(fit.y, || glmm::profile_mean(scene.counts, &fit, scene.tail))?;
    let mut random = scene.summary(Some("glmm"), &location, scene.spec.ci, profile);
    random.population = fit.population.map(|mean| {
        let [lower, upper] = mean.interval(quantile(scene.tail, random.df));
        Population { estimate: mean.proportion, lower, upper }
    });
    let (interval, tau2_limits) = tau2_interval(scene, &fit);
    Ok(Fit {
        prediction: prediction(scene, &fit),
        heterogeneity: heterogeneity(scene, &fit, interval),
        distribution: distribution(scene, &fit),
        tau2_limits,
        ..scene.assemble(effects, &fit.common, random, fit.weights.clone(), fit.convergence.clone())
    })
}

/// Limits of τ², the upper of which may not exist.
type Limits = (f64, Option<f64>);

/// The profile interval, and what has to be said about it.
fn tau2_interval(scene: &LikelihoodInputs<'_>, fit: &GlmmFit) -> (Option<Limits>, Tau2Limits) {
    if scene.spec.tau2_ci != Tau2Ci::Profile {
        return (None, Tau2Limits::AsShown);
    }
    match glmm::profile_tau2(scene.counts, fit, scene.tail) {
        Ok(None) => (None, Tau2Limits::AsShown),
        Ok(Some((lower, None))) => (Some((lower, None)), Tau2Limits::Unbounded),
        Ok(found) => (found, Tau2Limits::AsShown),
        Err(error) => (None, Tau2Limits::NotFound(error.to_string())),
    }
}

fn prediction(scene: &LikelihoodInputs<'_>, fit: &GlmmFit) -> Option<Prediction> {
    let df = match scene.spec.prediction {
        PredictionMethod::None => return None,
        PredictionMethod::T => Some(scene.df()),
        PredictionMethod::Hts => Some(scene.df() - 1.0),
        _ => None,
    };
    if df.is_some_and(|df| df <= 0.0) {
        return None;
    }
    let ci_y = fit.prediction(quantile(scene.tail, df))?;
    Some(Prediction::new(scene.spec.prediction, df, ci_y, &scene.transform))
}

/// N(μ, τ²) on the link scale, with the whole covariance of the fit.
fn distribution(scene: &LikelihoodInputs<'_>, fit: &GlmmFit) -> Option<Distribution> {
    let maximum = fit.maximum.as_ref().filter(|_| fit.k > 1)?;
    let covariance = if fit.tau2 > 0.0 { maximum.derivatives.covariance() } else { [0.0; 3] };
    let fitted = Spread { mean: maximum.location, spread: maximum.spread, covariance };
    Some(Distribution::normal(&fitted, fit.estimate, scene.spec, &scene.transform))
}

fn heterogeneity(scene: &LikelihoodInputs<'_>, fit: &GlmmFit, interval: Option<Limits>) -> Heterogeneity {
    let tests =
        Heterogeneity { q_zero: Some(fit.lrt_tau2), p_zero: Some(fit.lrt_tau2_p), ..tests(&fit.common) };
    let Some(typical) = typical_variance(scene.link, scene.counts) else {
        return Heterogeneity { tau2: Some(fit.tau2), ..tests };
    };
    let percent = |tau2: f64| 100.0 * tau2 / (tau2 + typical);
    let own = Heterogeneity {
        tau2: Some(fit.tau2),
        tau2_se: fit.tau2_se,
        tau2_lower: interval.map(|(lower, _)| lower),
        tau2_upper: interval.and_then(|(_, upper)| upper),
        ..tests
    };
    match scene.spec.i2 {
        I2Method::Tau2 => Heterogeneity {
            i2: Some(percent(fit.tau2)),
            i2_lower: own.tau2_lower.map(percent),
            i2_upper: own.tau2_upper.map(percent),
            h2: Some(1.0 + fit.tau2 / typical),
            ..own
        },
        I2Method::Q => scene.of_wald_test(fit.common.q_wald, own),
    }
}
