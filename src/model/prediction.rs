//! Where the value of another study like these is expected to lie.

use super::WeightedMean;
use super::inference::{hartung_knapp_se, quantile};
use crate::options::{Ci, PredictionMethod};

/// A prediction interval on the analysis scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictionInterval {
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// The limits, never clipped.
    pub ci_y: [f64; 2],
}

/// μ ± q √(se² + τ²), by the method's quantile and standard error; `None` where the degrees of
/// freedom do not exist.
///
/// `ci` says whether the Hartung-Knapp standard error is floored.
#[must_use]
pub fn predict(
    method: PredictionMethod,
    ci: Ci,
    w: &WeightedMean,
    tau2: f64,
    tail: f64,
) -> Option<PredictionInterval> {
    let (df, se) = match method {
        // The bootstrap has draws of its own: `prediction_bootstrap`.
        PredictionMethod::None | PredictionMethod::Bootstrap => return None,
        PredictionMethod::Z => (None, w.se()),
        PredictionMethod::T => (Some(w.df()), w.se()),
        PredictionMethod::Hts => (Some(w.df() - 1.0), w.se()),
        PredictionMethod::Hk => (Some(w.df()), hartung_knapp_se(w, ci == Ci::HkFloor)),
    };
    // One study predicts nothing, whatever the quantile.
    if w.k < 2 || df.is_some_and(|df| df <= 0.0) {
        return None;
    }
    let margin = quantile(tail, df) * (se * se + tau2).sqrt();
    Some(PredictionInterval { df, ci_y: [w.mean - margin, w.mean + margin] })
}
