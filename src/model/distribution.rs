//! The fitted distribution of the true proportions of studies like these: how far they spread, and how
//! many lie above a cut-off.

use serde::Serialize;

use super::inference::quantile;
use super::proportion_above::{FittedDistribution, ProportionAbove};
use crate::effect::Scale;
use crate::numeric::{beta, normal};
use crate::options::Spec;

/// The percentiles between which nine in ten true proportions lie.
const TAIL: f64 = 0.05;

/// The true proportions as the random-effects model has them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Distribution {
    /// What is spread, and on which scale.
    pub shape: Shape,
    /// The 5th and the 95th percentile on the analysis scale, never clipped; `None` where the scale has no
    /// finite value.
    pub percentiles_y: Option<[f64; 2]>,
    /// The 5th percentile, a fraction clipped to [0, 1].
    pub lower_5: f64,
    /// The 95th percentile, a fraction clipped to [0, 1].
    pub upper_95: f64,
    /// The share above each cut-off that was asked for.
    pub cutoffs: Vec<Cutoff>,
}

/// The kind of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// N(y, τ²) on the analysis scale.
    Normal,
    /// A beta distribution of the proportion itself.
    Beta,
    /// No spread: every study has the same true proportion.
    Point,
}

/// The share of the true proportions above a cut-off. Fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cutoff {
    /// The proportion that is asked about.
    pub cutoff: f64,
    /// The share of the true proportions above it.
    pub above: f64,
    /// Its lower limit; `None` where τ² is 0.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// How the interval was made, where there is one.
    pub method: Option<&'static str>,
}

/// The delta method on the probit scale: see [`proportion_above`](super::proportion_above).
const METHOD: &str = "probit-delta";

impl Cutoff {
    fn new(cutoff: f64, share: ProportionAbove) -> Self {
        let limit = |end: usize| share.limits.map(|limits| limits[end]);
        let method = share.limits.map(|_| METHOD);
        Self { cutoff, above: share.estimate, lower: limit(0), upper: limit(1), method }
    }
}

impl Distribution {
    /// Of a fitted normal distribution on the analysis scale; a point where τ is 0. `df` are the degrees of freedom of the
    /// interval of the pooled value: with `None` its quantile is normal, and so is that of the share's interval.
    ///
    /// Mass beyond the end of a scale that has one (raw, log, arcsine, Freeman-Tukey) counts as lying at the
    /// end. A cut-off is taken to the scale by the transform of the pooled value: of Freeman-Tukey, with the
    /// n of its inverse.
    pub(in crate::model) fn normal(
        fitted: &FittedDistribution,
        estimate: f64,
        df: Option<f64>,
        spec: &Spec,
        scale: &Scale,
    ) -> Self {
        let FittedDistribution { mean, spread, .. } = *fitted;
        let quantile = quantile(spec.level.tail(), df);
        let share = |cutoff: f64| {
            let at = scale.from_natural(cutoff);
            let share = match spread {
                0.0 => ProportionAbove::homogeneous(mean, at),
                _ => ProportionAbove::normal(fitted, at, quantile),
            };
            Cutoff::new(cutoff, share)
        };
        let reach = spread * normal::upper_quantile(TAIL);
        let percentiles = [mean - reach, mean + reach];
        let [lower_5, upper_95] = match spread {
            0.0 => [estimate; 2],
            _ => percentiles.map(|y| scale.to_natural(y)),
        };
        Self {
            shape: if spread == 0.0 { Shape::Point } else { Shape::Normal },
            percentiles_y: Some(percentiles),
            lower_5,
            upper_95,
            cutoffs: spec.cutoff.into_iter().map(share).collect(),
        }
    }

    /// Of a fitted beta distribution with this θ = 1/(α + β), above 0; `df` as for the normal one.
    pub(in crate::model) fn beta(
        fitted: &FittedDistribution,
        [alpha, beta]: [f64; 2],
        df: Option<f64>,
        spec: &Spec,
        scale: &Scale,
    ) -> Self {
        let quantile = quantile(spec.level.tail(), df);
        let share = |cutoff: f64| Cutoff::new(cutoff, ProportionAbove::beta(fitted, cutoff, quantile));
        let percentiles = [beta::quantile(TAIL, alpha, beta), beta::upper_quantile(TAIL, alpha, beta)];
        Self::of_proportions(percentiles, spec.cutoff.map(share), scale)
    }

    /// The beta distribution at ρ = 1: a study says yes or no, and any cut-off parts the two. The share above
    /// it is the mean proportion, with its interval.
    pub(in crate::model) fn yes_or_no(
        mean: f64,
        limits: Option<[f64; 2]>,
        spec: &Spec,
        scale: &Scale,
    ) -> Self {
        let percentiles = [TAIL, 1.0 - TAIL].map(|p| if p <= 1.0 - mean { 0.0 } else { 1.0 });
        let share = |cutoff| Cutoff {
            method: limits.map(|_| "of-the-mean"),
            ..Cutoff::new(cutoff, ProportionAbove { estimate: mean, limits })
        };
        Self::of_proportions(percentiles, spec.cutoff.map(share), scale)
    }

    fn of_proportions([lower_5, upper_95]: [f64; 2], cutoff: Option<Cutoff>, scale: &Scale) -> Self {
        let on_scale = [lower_5, upper_95].map(|p| scale.from_natural(p));
        Self {
            shape: Shape::Beta,
            percentiles_y: on_scale.iter().all(|y| y.is_finite()).then_some(on_scale),
            lower_5,
            upper_95,
            cutoffs: cutoff.into_iter().collect(),
        }
    }
}
