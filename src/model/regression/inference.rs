//! What a meta-regression says: coefficients, their joint test, predicted values.

use serde::Serialize;

use crate::effect::Scale;
use crate::model::prediction::PredictionInterval;
use crate::model::{Inference, Pooled, Prediction};
use crate::options::PredictionMethod;

/// A coefficient with its interval and its test against 0, on the analysis scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Coefficient {
    /// The name of its column in the model matrix.
    pub term: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// estimate/se; `None` where the standard error is 0, or with no degrees of freedom.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// The two-sided p-value; `None` with no degrees of freedom.
    pub p: Option<f64>,
    /// The lower limit; `None` with no degrees of freedom.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl Coefficient {
    pub(super) fn new(term: String, value: &Pooled, inference: &Inference) -> Self {
        Self {
            term,
            estimate: value.y,
            se: value.se,
            statistic: inference.statistic,
            df: value.df.filter(|df| *df > 0.0),
            p: inference.p,
            lower: inference.ci_y.map(|ci| ci[0]),
            upper: inference.ci_y.map(|ci| ci[1]),
        }
    }
}

/// The test that all coefficients but the intercept are 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Omnibus {
    /// χ² on `df1` degrees of freedom, or F on `df1` and `df2`; `None` where the covariance of the coefficients is
    /// singular, as with a Hartung-Knapp standard error of 0.
    pub statistic: Option<f64>,
    /// How many coefficients are tested.
    pub df1: u64,
    /// The denominator degrees of freedom of F; `None` for χ².
    pub df2: Option<f64>,
    /// The p-value; `None` with no degrees of freedom.
    pub p: Option<f64>,
}

/// The statistics of the tests of a meta-regression, as [`Coefficient`] and [`Omnibus`] have them: what a permutation test
/// compares.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TestStatistics {
    /// Of the joint test.
    pub omnibus: Option<f64>,
    /// Of each coefficient.
    pub coefficients: Vec<Option<f64>>,
}

/// The expected value at one row of moderators. `y`, `se` and `ci_y` are on the analysis scale; `estimate`, `lower`
/// and `upper` on the one that is shown: fractions clipped to [0, 1] for proportions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PredictedValue {
    /// The expected value.
    pub y: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// Its interval, never clipped; `None` with no degrees of freedom.
    pub ci_y: Option<[f64; 2]>,
    /// The expected value as it is shown.
    pub estimate: f64,
    /// The lower limit as it is shown.
    pub lower: Option<f64>,
    /// The upper limit as it is shown.
    pub upper: Option<f64>,
    /// Where the value of another study with these moderators is expected; `None` for the common-effect model.
    pub prediction: Option<Prediction>,
}

impl PredictedValue {
    pub(super) fn new(
        value: &Pooled,
        tail: f64,
        method: PredictionMethod,
        prediction: Option<PredictionInterval>,
        scale: &Scale,
    ) -> Self {
        let ci_y = value.interval(tail);
        let limit = |end: usize| ci_y.map(|ci_y| scale.to_natural(ci_y[end]));
        Self {
            y: value.y,
            se: value.se,
            df: value.df.filter(|df| *df > 0.0),
            ci_y,
            estimate: scale.to_natural(value.y),
            lower: limit(0),
            upper: limit(1),
            prediction: prediction.map(|interval| Prediction::new(method, interval.df, interval.ci_y, scale)),
        }
    }

    /// With this interval of the expected value.
    pub(super) fn with_interval(self, ci_y: Option<[f64; 2]>, scale: &Scale) -> Self {
        let limit = |end: usize| ci_y.map(|ci_y| scale.to_natural(ci_y[end]));
        Self { ci_y, lower: limit(0), upper: limit(1), ..self }
    }
}
