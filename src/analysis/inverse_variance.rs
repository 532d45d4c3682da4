//! The models that weight estimates by their variances: common effect, random effects, IVhet.

use super::distribution::Distribution;
use super::fit::{Fit, Tau2Limits};
use super::{Heterogeneity, Prediction, Summary};
use crate::data::Dataset;
use crate::effect::{self, EffectSizes, Transform, freeman_tukey};
use crate::error::{Error, Problem};
use crate::model::ci::{bootstrap, henmi_copas, ivhet, kenward_roger, profile};
use crate::model::exceedance::Spread;
use crate::model::heterogeneity::inconsistency;
use crate::model::likelihood::normal::{Criteria, Likelihood};
use crate::model::prediction::predict;
use crate::model::prediction_bootstrap;
use crate::model::tau2::interval::{Tau2Interval, q_profile};
use crate::model::tau2::{self, Tau2Fit, generalised_q, sj_interval};
use crate::model::weighted_mean::fractions;
use crate::model::{Inference, Pooled, WeightedMean};
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;
use crate::options::{Ci, Measure, Model, PredictionMethod, Tau2Ci, Tau2Method};
use crate::options::{Spec, Tau2};

/// Pools the estimates of a table.
pub(super) fn fit(table: &Dataset, spec: &Spec) -> Result<Fit, Error> {
    let (effects, unusable) = effect::estimate(&table.studies, spec);
    if effects.y.is_empty() {
        let problem = Problem::new("no study has a finite estimate on the analysis scale")
            .at(table.provenance.data.clone(), None);
        return Err(Error::Data(vec![
            problem.help("use zero-cells = only0, or a measure that needs no correction, such as arcsine"),
        ]));
    }
    let sums = Sums::new(&effects, spec)?;
    let random_se = if spec.model == Model::Random { sums.random.se() } else { sums.common.se() };
    let transform = self::transform(table, &effects, spec, random_se);
    let of_common = self::transform(table, &effects, spec, sums.common.se());
    let weights_common = fractions(&effects.v, 0.0);
    let weights_random = match (spec.model, spec.ci) {
        (Model::Common, _) => Vec::new(),
        // Both keep the common-effect estimate.
        (Model::Ivhet, _) | (_, Ci::HenmiCopas) => weights_common.clone(),
        _ => fractions(&effects.v, sums.tau2.tau2),
    };
    let random = sums.random_summary(&effects, spec, &transform)?;
    Ok(Fit {
        weights_common,
        weights_random,
        common: sums.common_summary(&effects, spec, &of_common),
        distribution: random.as_ref().and_then(|random| sums.distribution(random, spec, &transform)),
        random,
        prediction: sums.prediction(&effects, spec, &transform)?,
        heterogeneity: sums.heterogeneity(spec),
        tau2_limits: match sums.interval {
            Some(interval) if interval.empty => Tau2Limits::Empty,
            _ => Tau2Limits::AsShown,
        },
        convergence: sums.tau2.convergence,
        transform,
        unusable,
        effects,
    })
}

/// The pooled value alone, on the analysis scale; `None` where it cannot be had.
pub(super) fn value_at(table: &Dataset, spec: &Spec) -> Option<f64> {
    let (effects, _) = effect::estimate(&table.studies, spec);
    let (y, v) = (&effects.deviations, &effects.v);
    let tau2 = match (spec.model, spec.tau2) {
        _ if y.is_empty() => return None,
        (Model::Common | Model::Ivhet, _) => 0.0,
        _ if y.len() == 1 || spec.ci == Ci::HenmiCopas => 0.0,
        (_, Tau2::Fixed(value)) => value,
        (_, Tau2::Estimated(method)) => tau2::fit(method, y, v).ok()?.tau2,
    };
    Some(effects.origin() + WeightedMean::at(y, v, tau2).mean)
}

/// The sums at τ² = 0 and at the fitted τ², from the origin of the effects: everything that is pooled here
/// moves along when every estimate does.
struct Sums {
    common: WeightedMean,
    random: WeightedMean,
    tau2: Tau2Fit,
    interval: Option<Tau2Interval>,
}

impl Sums {
    fn new(effects: &EffectSizes, spec: &Spec) -> Result<Self, Error> {
        let (y, v) = (&effects.deviations, &effects.v);
        let tau2 = match spec.tau2 {
            Tau2::Fixed(value) => given("fixed tau2", value),
            Tau2::Estimated(_) if y.len() == 1 => given("one study", 0.0),
            Tau2::Estimated(method) => tau2::fit(method, y, v)?,
        };
        let interval = if y.len() == 1 { None } else { tau2_interval(y, v, spec)? };
        Ok(Self {
            common: WeightedMean::at(y, v, 0.0),
            random: WeightedMean::at(y, v, tau2.tau2),
            tau2,
            interval,
        })
    }

    fn common_summary(&self, effects: &EffectSizes, spec: &Spec, transform: &Transform) -> Summary {
        let pooled = Pooled::new(&self.common, Ci::Wald);
        let criteria = Criteria::at(Likelihood::Full, &effects.deviations, &effects.v, 0.0, 1.0);
        let null = effects.deviation_of(spec.null, transform, spec.conventions);
        let inference = pooled.infer(spec.level.tail(), null).moved(effects.origin());
        Summary::new(None, &pooled.moved(effects.origin()), &inference, transform, Some(&criteria))
    }

    fn random_summary(
        &self,
        effects: &EffectSizes,
        spec: &Spec,
        transform: &Transform,
    ) -> Result<Option<Summary>, Error> {
        let (name, criteria) = match spec.model {
            Model::Common => return Ok(None),
            Model::Ivhet => ("ivhet", None),
            _ if spec.ci == Ci::HenmiCopas => ("random", None),
            _ => ("random", Some(self.criteria(effects, spec))),
        };
        let null = effects.deviation_of(spec.null, transform, spec.conventions);
        let (pooled, inference) = self.infer(effects, spec, null)?;
        let (pooled, inference) = (pooled.moved(effects.origin()), inference.moved(effects.origin()));
        Ok(Some(Summary::new(Some(name), &pooled, &inference, transform, criteria.as_ref())))
    }

    /// The pooled value, its standard error and its interval, by the kind of interval, from the origin.
    fn infer(&self, effects: &EffectSizes, spec: &Spec, null: f64) -> Result<(Pooled, Inference), Error> {
        let (y, v, tail, tau2) = (&effects.deviations, &effects.v, spec.level.tail(), self.tau2.tau2);
        let w = &self.random;
        let plain = |pooled: Pooled| (pooled, pooled.infer(tail, null));
        Ok(match spec.ci {
            // One study has no spread: its own standard error, whatever the interval.
            ci if w.k == 1 => plain(Pooled { se: w.se(), ..Pooled::new(w, ci) }),
            Ci::Wald if spec.model == Model::Ivhet => plain(ivhet::ivhet(&self.common, tau2)),
            Ci::T if spec.model == Model::Ivhet => {
                plain(Pooled { df: Some(w.df()), ..ivhet::ivhet(&self.common, tau2) })
            }
            Ci::Wald | Ci::T | Ci::Hk | Ci::HkFloor => plain(Pooled::new(w, spec.ci)),
            Ci::Kr => plain(kenward_roger::kenward_roger(w, v, tau2)),
            Ci::Profile => profile::profile(y, v, tail, null)?,
            Ci::HenmiCopas => henmi_copas::henmi_copas(y, v, tail, null)?,
            Ci::Bootstrap => {
                let Tau2::Estimated(method) = spec.tau2 else { return Ok(plain(Pooled::new(w, Ci::Wald))) };
                let refit = |y: &[f64], v: &[f64]| tau2::fit(method, y, v).map(|fit| fit.tau2);
                bootstrap::bootstrap(y, v, tau2, refit, bootstrap::DRAWS, spec.seed.unwrap_or(1), tail, null)?
            }
        })
    }

    fn criteria(&self, effects: &EffectSizes, spec: &Spec) -> Criteria {
        let (likelihood, parameters) = match spec.tau2 {
            Tau2::Estimated(Tau2Method::Reml) if self.random.k > 1 => (Likelihood::Restricted, 2.0),
            Tau2::Estimated(_) => (Likelihood::Full, 2.0),
            Tau2::Fixed(_) => (Likelihood::Full, 1.0),
        };
        Criteria::at(likelihood, &effects.deviations, &effects.v, self.tau2.tau2, parameters)
    }

    fn prediction(
        &self,
        effects: &EffectSizes,
        spec: &Spec,
        transform: &Transform,
    ) -> Result<Option<Prediction>, Error> {
        if spec.model != Model::Random || self.random.k == 1 {
            return Ok(None);
        }
        let tail = spec.level.tail();
        let interval = match spec.prediction {
            PredictionMethod::Bootstrap => {
                let seed = spec.seed.unwrap_or(1);
                Some(prediction_bootstrap::predict(
                    &effects.deviations,
                    &effects.v,
                    prediction_bootstrap::DRAWS,
                    seed,
                    tail,
                )?)
            }
            method => predict(method, spec.ci, &self.random, self.tau2.tau2, tail),
        };
        Ok(interval.map(|interval| {
            let ci_y = interval.ci_y.map(|y| y + effects.origin());
            Prediction::new(spec.prediction, interval.df, ci_y, transform)
        }))
    }

    /// N(y, τ²), with the standard error that the interval of y uses. Mean and spread are uncorrelated in the
    /// expected information of the normal model.
    fn distribution(&self, random: &Summary, spec: &Spec, transform: &Transform) -> Option<Distribution> {
        let (mean, se) = random.y.zip(random.se)?;
        // The other two keep the common-effect estimate: it is the mean of no fitted distribution.
        if spec.model != Model::Random || spec.ci == Ci::HenmiCopas || self.random.k == 1 {
            return None;
        }
        let spread = self.tau2.tau2.sqrt();
        // var τ = var(τ²)/(4τ²); a given τ² is known.
        let of_spread = self.tau2.se.map_or(0.0, |se| 0.5 * se / spread);
        let fitted = Spread { mean, spread, covariance: [se * se, of_spread * of_spread, 0.0] };
        Some(Distribution::normal(&fitted, random.estimate, spec, transform))
    }

    fn heterogeneity(&self, spec: &Spec) -> Heterogeneity {
        let df = self.common.df();
        if df == 0.0 {
            return Heterogeneity { q: Some(0.0), p: Some(1.0), ..Heterogeneity::default() };
        }
        let inconsistency =
            inconsistency(spec.i2, &self.common, self.tau2.tau2, self.interval, spec.level.tail());
        Heterogeneity {
            q: Some(self.common.q),
            df: self.common.k as u64 - 1,
            p: Some(chi_squared::sf(self.common.q, df)),
            tau2: Some(self.tau2.tau2),
            tau2_se: self.tau2.se,
            tau2_lower: self.interval.map(|interval| interval.lower),
            tau2_upper: self.interval.map(|interval| interval.upper),
            i2: inconsistency.i2,
            i2_lower: inconsistency.limits.map(|limits| limits[0]),
            i2_upper: inconsistency.limits.map(|limits| limits[1]),
            h2: inconsistency.h2,
            ..Heterogeneity::default()
        }
    }
}

/// The interval of τ² that the spec asks for, of at least two studies.
fn tau2_interval(y: &[f64], v: &[f64], spec: &Spec) -> Result<Option<Tau2Interval>, Error> {
    let tail = spec.level.tail();
    let likelihood = match spec.tau2 {
        Tau2::Estimated(Tau2Method::Reml) => Likelihood::Restricted,
        _ => Likelihood::Full,
    };
    match spec.tau2_ci {
        Tau2Ci::QProfile => q_profile(y, v, tail).map(Some),
        Tau2Ci::Profile => tau2::profile::profile(likelihood, y, v, tail).map(Some),
        Tau2Ci::Jackson => generalised_q::jackson(y, v, tail).map(Some),
        Tau2Ci::BiggerstaffJackson => generalised_q::biggerstaff_jackson(y, v, tail).map(Some),
        Tau2Ci::Sj => Ok(Some(sj_interval::sj_interval(y, v, tail))),
        Tau2Ci::None => Ok(None),
    }
}

fn given(algorithm: &'static str, tau2: f64) -> Tau2Fit {
    Tau2Fit { tau2, se: None, convergence: Convergence::closed_form(algorithm) }
}

/// The scale of a pooled value with this (Wald) standard error, which enters the n of the Freeman-Tukey
/// inverse by `inverse-variance`.
fn transform(table: &Dataset, effects: &EffectSizes, spec: &Spec, se: f64) -> Transform {
    let Some(choice) = spec.back_transform else { return Transform::new(spec.measure) };
    let totals = effects.index.iter().map(|&index| table.studies[index as usize].counts.total() as f64);
    match freeman_tukey::inverse_n(choice, totals, se) {
        Some(n) => Transform::freeman_tukey(n),
        None => Transform::new(Measure::FreemanTukey),
    }
}
