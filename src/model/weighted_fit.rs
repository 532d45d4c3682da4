//! The models that weight estimates by their variances: common effect, random effects, IVhet.

use std::borrow::Cow;

use super::ci::{bootstrap, henmi_copas, ivhet, kenward_roger, profile};
use super::distribution::Distribution;
use super::heterogeneity::Heterogeneity;
use super::heterogeneity::VarianceLimits;
use super::likelihood::normal::{Criteria, Likelihood};
use super::prediction::predict;
use super::prediction_bootstrap;
use super::proportion_above::FittedDistribution;
use super::tau2::interval::{self, Tau2Interval, q_profile};
use super::tau2::{self, Tau2Fit};
use super::watch::Watch;
use super::weighted_mean::fractions;
use super::{Inference, MeanResiduals, Pooled, Prediction, Residuals, Summary, WeightedMean};
use crate::data::Counts;
use crate::effect::{EffectSizes, Scale};
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::options::{
    Ci, DEFAULT_SEED, IteratedTau2Se, Model, PredictionMethod, Spec, Tau2, Tau2Ci, Tau2Method,
};

/// A weighted mean at τ² = 0 and at the fitted τ².
///
/// Everything is computed from the origin of the effect sizes and moved to the analysis scale at the end, so
/// that estimates that agree in most of their digits lose none. What a method takes from the spec it is given
/// is the interval, the level, the prediction, the definition of I² and the n of the Freeman-Tukey inverse; the
/// model and its τ² are those of the fit.
#[derive(Debug, Clone)]
pub struct WeightedFit<'a> {
    sizes: Cow<'a, EffectSizes>,
    counts: Option<&'a [Counts]>,
    model: Model,
    estimator: Tau2,
    common: WeightedMean,
    random: WeightedMean,
    tau2: Tau2Fit,
    watch: Watch<'a>,
}

impl<'a> WeightedFit<'a> {
    /// Estimates τ² as the spec says, and forms the sums at it.
    pub(super) fn new(
        sizes: Cow<'a, EffectSizes>,
        counts: Option<&'a [Counts]>,
        spec: &Spec,
    ) -> Result<Self, Error> {
        let (y, v) = (&sizes.deviations, &sizes.v);
        let residuals = MeanResiduals::new(y, v);
        let tau2 = match spec.tau2 {
            Tau2::Fixed(value) => Tau2Fit::closed_form("fixed tau2", value),
            Tau2::Estimated(_) if y.len() == 1 => Tau2Fit::closed_form("one study", 0.0),
            Tau2::Estimated(method) => tau2::fit(method, &residuals)?,
        };
        let (common, random) = (residuals.at(0.0), residuals.at(tau2.tau2));
        let (model, estimator, watch) = (spec.model, spec.tau2, Watch::default());
        Ok(Self { sizes, counts, model, estimator, common, random, tau2, watch })
    }

    /// With a function that is given how far a bootstrap is.
    pub(super) fn watched(self, watch: Watch<'a>) -> Self {
        Self { watch, ..self }
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.common.k
    }

    /// The estimate of τ².
    #[must_use]
    pub fn tau2(&self) -> f64 {
        self.tau2.tau2
    }

    /// Its standard error; `None` where τ² was given, and for one study.
    fn tau2_se(&self, convention: IteratedTau2Se) -> Option<f64> {
        match self.estimator {
            Tau2::Estimated(method) if self.k() > 1 => {
                tau2::standard_error_by(convention, method, &self.residuals(), &self.tau2)
            }
            _ => None,
        }
    }

    fn residuals(&self) -> MeanResiduals<'_> {
        MeanResiduals::with_sums(&self.sizes.deviations, &self.sizes.v, self.common)
    }

    /// The sums at τ² = 0.
    #[must_use]
    pub fn sums(&self) -> &WeightedMean {
        &self.common
    }

    /// The sums of the model's weights.
    #[must_use]
    pub fn model_sums(&self) -> &WeightedMean {
        if self.model == Model::Random { &self.random } else { &self.common }
    }

    /// The pooled value alone, on the analysis scale: what the interval of the spec is around.
    #[must_use]
    pub fn location(&self, spec: &Spec) -> f64 {
        let keeps_common = self.keeps_common_weights(spec.ci);
        self.sizes.origin() + if keeps_common { self.common.mean } else { self.random.mean }
    }

    /// Whether the pooled value has the common-effect weights: that of IVhet and of Henmi and Copas has.
    fn keeps_common_weights(&self, ci: Ci) -> bool {
        self.model != Model::Random || ci == Ci::HenmiCopas
    }

    /// How τ² was found.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        &self.tau2.convergence
    }

    /// From the analysis scale to what is shown. The Wald standard error of the model enters the n of the
    /// Freeman-Tukey inverse by `inverse-variance`.
    #[must_use]
    pub fn scale(&self, spec: &Spec) -> Scale {
        self.sizes.scale(self.counts, spec, self.model_sums().se())
    }

    pub(super) fn common(&self, spec: &Spec) -> Summary {
        let scale = self.sizes.scale(self.counts, spec, self.common.se());
        let pooled = Pooled::new(&self.common, Ci::Wald);
        let criteria = Criteria::at(Likelihood::Full, &self.sizes.deviations, &self.sizes.v, 0.0, 1.0);
        let null = self.sizes.deviation_of_null(spec.null, &scale, spec.conventions);
        let inference = pooled.infer(spec.level.tail(), null).moved(self.sizes.origin());
        Summary::new(None, &pooled.moved(self.sizes.origin()), &inference, &scale, Some(&criteria))
    }

    pub(super) fn pooled(&self, spec: &Spec) -> Result<Option<Summary>, Error> {
        let (name, criteria) = match self.model {
            Model::Common => return Ok(None),
            Model::Ivhet => ("ivhet", None),
            _ if spec.ci == Ci::HenmiCopas => ("random", None),
            _ => ("random", Some(self.criteria())),
        };
        let scale = self.scale(spec);
        let (pooled, inference) = self.inference(spec, &scale)?;
        Ok(Some(Summary::new(Some(name), &pooled, &inference, &scale, criteria.as_ref())))
    }

    /// The pooled value of the model on the analysis scale, with the interval of the spec and the test against
    /// its null; of the common effect the Wald interval.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn inference(&self, spec: &Spec, scale: &Scale) -> Result<(Pooled, Inference), Error> {
        let null = self.sizes.deviation_of_null(spec.null, scale, spec.conventions);
        let (pooled, inference) = self.centred_inference(spec, null)?;
        let origin = self.sizes.origin();
        Ok((pooled.moved(origin), inference.moved(origin)))
    }

    /// The estimate of the model in full: of the common-effect model the common one.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn summary(&self, spec: &Spec) -> Result<Summary, Error> {
        Ok(self.pooled(spec)?.unwrap_or_else(|| self.common(spec)))
    }

    /// The pooled value of the model and its interval, without the test. `quantile` is that of the interval,
    /// where it is known beforehand.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn limits(&self, spec: &Spec, quantile: Option<f64>) -> Result<(Pooled, Option<[f64; 2]>), Error> {
        let origin = self.sizes.origin();
        let (pooled, ci_y) = match (self.plain(spec.ci), quantile) {
            (Some(pooled), Some(quantile)) => (pooled, pooled.interval_at(quantile)),
            (Some(pooled), None) => (pooled, pooled.interval(spec.level.tail())),
            (None, _) => {
                let (pooled, inference) = self.centred_inference(spec, 0.0)?;
                (pooled, inference.ci_y)
            }
        };
        Ok((pooled.moved(origin), ci_y.map(|ci_y| ci_y.map(|y| y + origin))))
    }

    /// What a refit to some of the studies is asked for: the pooled value with its limits, as [`limits`](Self::limits) has
    /// them, and Q, τ² and I² without their own errors.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub(crate) fn brief(
        &self,
        spec: &Spec,
        quantile: Option<f64>,
    ) -> Result<(Summary, Heterogeneity), Error> {
        let (pooled, ci_y) = self.limits(spec, quantile)?;
        let inference = Inference { ci_y, statistic: None, p: None };
        let heterogeneity = Heterogeneity::of_sums(&self.common, (self.tau2.tau2, None), None, spec);
        Ok((Summary::of_limits(&pooled, &inference, &self.scale(spec)), heterogeneity))
    }

    /// Which study of the data each row is; imputed rows, which come last, are none.
    #[must_use]
    pub fn studies(&self) -> &[u32] {
        &self.sizes.study
    }

    /// The weight of a row in the model, a fraction.
    #[must_use]
    pub fn weight(&self, row: usize) -> f64 {
        let tau2 = if self.model == Model::Random { self.tau2.tau2 } else { 0.0 };
        1.0 / (self.sizes.v[row] + tau2) / self.model_sums().sum
    }

    /// The pooled value from the origin where the interval is it ± a quantile × a standard error.
    fn plain(&self, ci: Ci) -> Option<Pooled> {
        let (w, tau2) = (&self.random, self.tau2.tau2);
        Some(match ci {
            _ if self.model == Model::Common => Pooled::new(&self.common, Ci::Wald),
            // One study has no spread: its own standard error, whatever the interval.
            ci if w.k == 1 => Pooled { se: w.se(), ..Pooled::new(w, ci) },
            Ci::Wald if self.model == Model::Ivhet => ivhet::ivhet(&self.common, tau2),
            Ci::T if self.model == Model::Ivhet => {
                Pooled { df: Some(w.df()), ..ivhet::ivhet(&self.common, tau2) }
            }
            Ci::Wald | Ci::T | Ci::Hk | Ci::HkFloor => Pooled::new(w, ci),
            Ci::Kr => kenward_roger::kenward_roger(w, &self.sizes.v, tau2),
            Ci::Bootstrap if matches!(self.estimator, Tau2::Fixed(_)) => Pooled::new(w, Ci::Wald),
            Ci::Profile | Ci::HenmiCopas | Ci::Bootstrap | Ci::ClusterRobust => return None,
        })
    }

    /// The same as [`inference`](Self::inference), from the origin of the effect sizes.
    fn centred_inference(&self, spec: &Spec, null: f64) -> Result<(Pooled, Inference), Error> {
        let (y, v, tail, tau2) = (&self.sizes.deviations, &self.sizes.v, spec.level.tail(), self.tau2.tau2);
        if let Some(pooled) = self.plain(spec.ci) {
            return Ok((pooled, pooled.infer(tail, null)));
        }
        match (spec.ci, self.estimator) {
            (Ci::Profile, _) => profile::profile(y, v, tail, null),
            (Ci::Bootstrap, Tau2::Estimated(method)) => {
                let (draws, seed) = (bootstrap::DRAWS, spec.seed.unwrap_or(DEFAULT_SEED));
                let steps = self.watch.steps(draws);
                let refit = |y: &[f64], v: &[f64]| {
                    steps.next();
                    tau2::fit(method, &MeanResiduals::new(y, v)).map(|fit| fit.tau2)
                };
                bootstrap::bootstrap(y, v, tau2, refit, draws, seed, tail, null)
            }
            _ => henmi_copas::henmi_copas(y, v, tail, null),
        }
    }

    fn criteria(&self) -> Criteria {
        let (likelihood, parameters) = match self.estimator {
            Tau2::Estimated(Tau2Method::Reml) if self.random.k > 1 => (Likelihood::Restricted, 2.0),
            Tau2::Estimated(_) => (Likelihood::Full, 2.0),
            Tau2::Fixed(_) => (Likelihood::Full, 1.0),
        };
        Criteria::at(likelihood, &self.sizes.deviations, &self.sizes.v, self.tau2.tau2, parameters)
    }

    /// The prediction interval of the spec, where the model has one.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where the bootstrap's distribution of τ² is not found.
    pub fn prediction(&self, spec: &Spec) -> Result<Option<Prediction>, Error> {
        if self.model != Model::Random || self.random.k == 1 {
            return Ok(None);
        }
        let tail = spec.level.tail();
        let interval = match spec.prediction {
            PredictionMethod::Bootstrap => {
                let (draws, seed) = (prediction_bootstrap::DRAWS, spec.seed.unwrap_or(DEFAULT_SEED));
                let (y, v, steps) = (&self.sizes.deviations, &self.sizes.v, self.watch.steps(draws));
                Some(prediction_bootstrap::predict_watched(y, v, draws, seed, tail, &steps)?)
            }
            method => predict(method, spec.ci, &self.random, self.tau2.tau2, tail),
        };
        let scale = self.scale(spec);
        Ok(interval.map(|interval| {
            let ci_y = interval.ci_y.map(|y| y + self.sizes.origin());
            Prediction::new(spec.prediction, interval.df, ci_y, &scale)
        }))
    }

    /// N(y, τ²), with the standard error that the interval of y uses. Mean and spread are uncorrelated in the
    /// expected information of the normal model.
    pub(super) fn distribution(&self, pooled: &Summary, spec: &Spec) -> Option<Distribution> {
        let (mean, se) = pooled.y.zip(pooled.se)?;
        // The common-effect estimate is the mean of no fitted distribution.
        if self.keeps_common_weights(spec.ci) || self.random.k == 1 {
            return None;
        }
        let spread = self.tau2.tau2.sqrt();
        // var τ = var(τ²)/(4τ²); a given τ² is known.
        let of_spread = self.tau2_se(spec.conventions.iterated_tau2_se).map_or(0.0, |se| 0.5 * se / spread);
        let fitted = FittedDistribution { mean, spread, covariance: [se * se, of_spread * of_spread, 0.0] };
        Some(Distribution::normal(&fitted, pooled.estimate, pooled.df, spec, &self.scale(spec)))
    }

    pub(super) fn heterogeneity(&self, spec: &Spec) -> Result<(Heterogeneity, VarianceLimits), Error> {
        let interval = if self.k() == 1 { None } else { self.tau2_interval(spec)? };
        Ok((self.heterogeneity_within(interval, spec), VarianceLimits::of(interval)))
    }

    /// Tests, τ² and I² with this interval of τ².
    #[must_use]
    pub fn heterogeneity_within(&self, interval: Option<Tau2Interval>, spec: &Spec) -> Heterogeneity {
        let se = self.tau2_se(spec.conventions.iterated_tau2_se);
        Heterogeneity::of_sums(&self.common, (self.tau2.tau2, se), interval, spec)
    }

    /// The interval of τ² that the spec asks for, of at least two studies.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn tau2_interval(&self, spec: &Spec) -> Result<Option<Tau2Interval>, Error> {
        let (y, v, tail) = (&self.sizes.deviations, &self.sizes.v, spec.level.tail());
        let residuals = self.residuals();
        let likelihood = match self.estimator {
            Tau2::Estimated(Tau2Method::Reml) => Likelihood::Restricted,
            _ => Likelihood::Full,
        };
        match spec.tau2_ci {
            Tau2Ci::QProfile => q_profile(&residuals, tail).map(Some),
            Tau2Ci::Profile => tau2::profile::profile(likelihood, &residuals, tail).map(Some),
            Tau2Ci::Jackson => interval::jackson(y, v, tail).map(Some),
            Tau2Ci::BiggerstaffJackson => interval::biggerstaff_jackson(y, v, tail).map(Some),
            Tau2Ci::Sj => Ok(Some(interval::sidik_jonkman_interval(&residuals, tail))),
            Tau2Ci::None => Ok(None),
        }
    }

    pub(super) fn weights(&self, spec: &Spec) -> [Vec<f64>; 2] {
        let common = fractions(&self.sizes.v, 0.0);
        let random = match self.model {
            Model::Common => Vec::new(),
            _ if self.keeps_common_weights(spec.ci) => common.clone(),
            _ => fractions(&self.sizes.v, self.tau2.tau2),
        };
        [common, random]
    }
}
