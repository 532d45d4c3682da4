//! The beta-binomial model, fitted: what it says of location, heterogeneity and prediction.

use std::borrow::Cow;

use super::distribution::Distribution;
use super::heterogeneity::VarianceLimits;
use super::heterogeneity::{Component, Heterogeneity, Test};
use super::inference::quantile;
use super::likelihood::beta_binomial::{self, BetaBinomialFit};
use super::likelihood_fit::{LikelihoodInputs, Location};
use super::proportion_above::FittedDistribution;
use super::{Prediction, Summary};
use crate::data::Counts;
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary;
use crate::options::{PredictionMethod, Spec};

/// A fitted beta-binomial model.
#[derive(Debug, Clone)]
pub struct BetaBinomial<'a> {
    inputs: LikelihoodInputs<'a>,
    fit: BetaBinomialFit,
}

/// The logit of a proportion, from the smaller of it and its complement.
fn logit([proportion, complement]: [f64; 2]) -> f64 {
    if proportion <= complement { elementary::logit(proportion) } else { -elementary::logit(complement) }
}

impl<'a> BetaBinomial<'a> {
    /// Maximises the likelihood of the counts.
    pub(super) fn fit(counts: Cow<'a, [Counts]>, spec: &Spec) -> Result<Self, Error> {
        let fit = beta_binomial::fit(&counts)?;
        Ok(Self { inputs: LikelihoodInputs::new(counts, spec), fit })
    }

    pub(super) fn k(&self) -> usize {
        self.inputs.counts.len()
    }

    pub(super) fn convergence(&self) -> &Convergence {
        &self.fit.convergence
    }

    pub(super) fn weights(&self) -> [Vec<f64>; 2] {
        [self.inputs.common_weights(), self.fit.weights.clone()]
    }

    pub(super) fn common(&self, spec: &Spec) -> Summary {
        self.inputs.common(&self.fit.common, spec)
    }

    pub(super) fn pooled(&self, spec: &Spec) -> Result<Summary, Error> {
        let location = Location {
            y: self.fit.y,
            se: self.fit.se,
            estimate: self.fit.estimate,
            log_likelihood: self.fit.log_likelihood,
            parameters: 2.0,
        };
        let limits = || beta_binomial::profile_limits(&self.inputs.counts, &self.fit, spec.level.tail());
        let profile = LikelihoodInputs::profile(self.fit.y, spec, limits)?;
        Ok(self.inputs.summary(Some("beta-binomial"), &location, spec.ci, profile, spec))
    }

    /// The interval is of the proportion; its ends are put on the logit scale for the document.
    pub(super) fn prediction(&self, spec: &Spec) -> Option<Prediction> {
        if spec.prediction == PredictionMethod::None {
            return None;
        }
        let tail = spec.level.tail();
        let limits = self.fit.prediction_limits(tail, quantile(tail, None))?;
        let ci_y = Some(limits.map(logit)).filter(|ci_y| ci_y.iter().all(|y| y.is_finite()));
        let [lower, upper] = limits.map(|[proportion, _]| proportion);
        Some(Prediction { method: spec.prediction, df: None, ci_y, lower, upper })
    }

    pub(super) fn heterogeneity(&self, spec: &Spec) -> (Heterogeneity, VarianceLimits) {
        let (interval, limits) = self.rho_interval(spec);
        let rho = Component {
            estimate: self.fit.rho,
            se: self.fit.rho_se,
            lower: interval.map(|[lower, _]| lower),
            upper: interval.map(|[_, upper]| upper),
        };
        let own = Heterogeneity {
            rho: Some(rho),
            against_zero: Some(Test { statistic: self.fit.lrt_rho, p: self.fit.lrt_rho_p }),
            ..self.inputs.tests(&self.fit.common, spec)
        };
        let own = match self.k() {
            1 => own,
            _ => self.inputs.with_wald_inconsistency(self.fit.common.q_wald, spec, own),
        };
        (own, limits)
    }

    /// The profile interval of ρ, and what has to be said where there should be one and is none.
    fn rho_interval(&self, spec: &Spec) -> (Option<[f64; 2]>, VarianceLimits) {
        if self.fit.maximum.is_none() || self.fit.k < 2 {
            return (None, VarianceLimits::AsShown);
        }
        match beta_binomial::profile_rho(&self.inputs.counts, &self.fit, spec.level.tail()) {
            Ok(limits) => (limits, VarianceLimits::AsShown),
            Err(error) => (None, VarianceLimits::NotFound(error.to_string())),
        }
    }

    /// Beta(α, β) of the proportion itself; a point at ρ = 0, two points at ρ = 1.
    pub(super) fn distribution(&self, pooled: &Summary, spec: &Spec) -> Option<Distribution> {
        let (Some(mean), true) = (self.fit.y, self.fit.k > 1) else { return None };
        let (fit, scale) = (&self.fit, &self.inputs.scale);
        Some(match (&fit.maximum, fit.alpha.zip(fit.beta)) {
            (Some(maximum), Some((alpha, beta))) => {
                let covariance = maximum.derivatives.covariance();
                let fitted = FittedDistribution { mean, spread: maximum.spread, covariance };
                Distribution::beta(&fitted, [alpha, beta], pooled.df, spec, scale)
            }
            (Some(_), None) => {
                let point = FittedDistribution { mean, spread: 0.0, covariance: [0.0; 3] };
                Distribution::normal(&point, fit.estimate, pooled.df, spec, scale)
            }
            (None, _) => Distribution::yes_or_no(fit.estimate, pooled.limits(), spec, scale),
        })
    }
}
