//! The binomial-normal model, fitted: what it says of location, heterogeneity and prediction.

use std::borrow::Cow;

use super::distribution::Distribution;
use super::heterogeneity::VarianceLimits;
use super::heterogeneity::{Component, Heterogeneity, Test};
use super::inference::quantile;
use super::likelihood::Link;
use super::likelihood::binomial::typical_variance;
use super::likelihood::glmm::{self, GlmmFit};
use super::likelihood_fit::{LikelihoodInputs, Location};
use super::proportion_above::FittedDistribution;
use super::summary::Population;
use super::{Prediction, Summary};
use crate::data::Counts;
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::options::{I2Method, PredictionMethod, Quadrature, Spec, Tau2Ci};

/// A fitted binomial-normal model.
#[derive(Debug, Clone)]
pub struct BinomialNormal<'a> {
    inputs: LikelihoodInputs<'a>,
    link: Link,
    fit: GlmmFit,
}

impl<'a> BinomialNormal<'a> {
    /// Maximises the likelihood of the counts with the link that the measure is.
    pub(super) fn fit(counts: Cow<'a, [Counts]>, spec: &Spec) -> Result<Self, Error> {
        // `Spec` lets only the three links through.
        let link = Link::from_measure(spec.measure).unwrap_or(Link::Logit);
        let fit = glmm::fit_by(link, &counts, spec.quadrature.unwrap_or(Quadrature::Exact))?;
        Ok(Self { inputs: LikelihoodInputs::new(counts, spec), link, fit })
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
        let tail = spec.level.tail();
        let limits = || glmm::profile_limits(&self.inputs.counts, &self.fit, tail);
        let profile = LikelihoodInputs::profile(self.fit.y, spec, limits)?;
        let mut pooled = self.inputs.summary(Some("glmm"), &location, spec.ci, profile, spec);
        pooled.population = self.fit.population.map(|mean| {
            let [lower, upper] = mean.interval(quantile(tail, pooled.df));
            Population { estimate: mean.proportion, lower, upper }
        });
        Ok(pooled)
    }

    pub(super) fn prediction(&self, spec: &Spec) -> Option<Prediction> {
        let df = match spec.prediction {
            PredictionMethod::None => return None,
            PredictionMethod::T => Some(self.inputs.df()),
            PredictionMethod::Hts => Some(self.inputs.df() - 1.0),
            _ => None,
        };
        if df.is_some_and(|df| df <= 0.0) {
            return None;
        }
        let ci_y = self.fit.prediction(quantile(spec.level.tail(), df))?;
        Some(Prediction::new(spec.prediction, df, ci_y, &self.inputs.scale))
    }

    /// N(μ, τ²) on the link scale, with the whole covariance of the fit.
    pub(super) fn distribution(&self, pooled: &Summary, spec: &Spec) -> Option<Distribution> {
        let maximum = self.fit.maximum.as_ref().filter(|_| self.fit.k > 1)?;
        let covariance = if self.fit.tau2 > 0.0 { maximum.derivatives.covariance() } else { [0.0; 3] };
        let fitted = FittedDistribution { mean: maximum.location, spread: maximum.spread, covariance };
        Some(Distribution::normal(&fitted, self.fit.estimate, pooled.df, spec, &self.inputs.scale))
    }

    pub(super) fn heterogeneity(&self, spec: &Spec) -> (Heterogeneity, VarianceLimits) {
        let (interval, limits) = self.tau2_interval(spec);
        (self.heterogeneity_within(interval, spec), limits)
    }

    fn heterogeneity_within(&self, interval: Option<Limits>, spec: &Spec) -> Heterogeneity {
        let against_zero = Some(Test { statistic: self.fit.lrt_tau2, p: self.fit.lrt_tau2_p });
        let tests = Heterogeneity { against_zero, ..self.inputs.tests(&self.fit.common, spec) };
        let tau2 = self.fit.tau2;
        let Some(typical) = typical_variance(self.link, &self.inputs.counts) else {
            return Heterogeneity { tau2: Some(Component::new(tau2)), ..tests };
        };
        let component = Component {
            estimate: tau2,
            se: self.fit.tau2_se,
            lower: interval.map(|(lower, _)| lower),
            upper: interval.and_then(|(_, upper)| upper),
        };
        let own = Heterogeneity { tau2: Some(component), ..tests };
        match spec.i2 {
            I2Method::Tau2 => {
                let percent = |tau2: f64| 100.0 * tau2 / (tau2 + typical);
                let estimate = percent(tau2);
                // Near 100 % rounding alone would put a limit on the wrong side.
                let i2 = Component {
                    estimate,
                    se: None,
                    lower: component.lower.map(|tau2| percent(tau2).min(estimate)),
                    upper: component.upper.map(|tau2| percent(tau2).max(estimate)),
                };
                Heterogeneity { i2: Some(i2), h2: Some(1.0 + tau2 / typical), ..own }
            }
            I2Method::Q => self.inputs.with_wald_inconsistency(self.fit.common.q_wald, spec, own),
        }
    }

    /// The profile interval, and what has to be said about it.
    fn tau2_interval(&self, spec: &Spec) -> (Option<Limits>, VarianceLimits) {
        if spec.tau2_ci != Tau2Ci::Profile {
            return (None, VarianceLimits::AsShown);
        }
        match glmm::profile_tau2(&self.inputs.counts, &self.fit, spec.level.tail()) {
            Ok(None) => (None, VarianceLimits::AsShown),
            Ok(Some((lower, None))) => (Some((lower, None)), VarianceLimits::Unbounded),
            Ok(found) => (found, VarianceLimits::AsShown),
            Err(error) => (None, VarianceLimits::NotFound(error.to_string())),
        }
    }
}

/// Limits of τ², the upper of which may not exist.
type Limits = (f64, Option<f64>);
