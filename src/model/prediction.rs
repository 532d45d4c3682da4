//! Where the value of another study like these is expected to lie.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::WeightedMean;
use super::inference::{hartung_knapp_se, quantile};
use super::statistic::fields;
use crate::effect::Scale;
use crate::options::{Ci, PredictionMethod};

/// Where the proportion, or the estimate, of another study like these is expected to lie.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// How it was made.
    pub method: PredictionMethod,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// On the analysis scale, never clipped; `None` where a limit has no finite value there: in a beta-binomial model in
    /// which a study says yes or no, proportions of 0 and 1.
    pub ci_y: Option<[f64; 2]>,
    /// The lower limit as it is shown: a fraction clipped to [0, 1] for proportions.
    pub lower: f64,
    /// The upper limit as it is shown.
    pub upper: f64,
}

fields! {
    /// A number of a prediction interval.
    PredictionField of Prediction {
        document {
            Df "df", "The degrees of freedom of t" => |p| p.df;
            CiY "ci_y", "The interval on the analysis scale" => |p| p.ci_y;
            Lower "lower", "The lower limit as it is shown" => |p| p.lower;
            Upper "upper", "The upper limit as it is shown" => |p| p.upper;
        }
        derived {
            Interval "interval", "Both limits as they are shown" => |p| [p.lower, p.upper];
        }
    }
}

impl Prediction {
    /// The lower and the upper limit as people are shown them: none where they are one value, which is no interval.
    #[must_use]
    pub fn shown_limits(&self) -> [Option<f64>; 2] {
        let [lower, upper] = self.ci_y.unwrap_or([self.lower, self.upper]);
        if lower == upper { [None; 2] } else { [Some(self.lower), Some(self.upper)] }
    }

    /// Of an interval on the analysis scale.
    pub(super) fn new(method: PredictionMethod, df: Option<f64>, ci_y: [f64; 2], scale: &Scale) -> Self {
        let [lower, upper] = ci_y.map(|y| scale.to_natural(y));
        Self { method, df, ci_y: Some(ci_y), lower, upper }
    }
}

impl Serialize for Prediction {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("method", &self.method)?;
        self.write_fields(&mut map)?;
        map.end()
    }
}

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
    let se = [w.se(), hartung_knapp_se(w, ci == Ci::HkFloor)];
    predict_about(method, w.mean, se, w.df(), tau2, tail)
}

/// The interval about `y`, given with its Wald and its Hartung-Knapp standard error; `df` are the degrees
/// of freedom of the residuals, k − 1 or k − p.
pub(super) fn predict_about(
    method: PredictionMethod,
    y: f64,
    [wald, hartung_knapp]: [f64; 2],
    df: f64,
    tau2: f64,
    tail: f64,
) -> Option<PredictionInterval> {
    // With no degrees of freedom nothing is known of τ², whatever the quantile.
    if df <= 0.0 {
        return None;
    }
    let (df, se) = match method {
        // The bootstrap has draws of its own: `prediction_bootstrap`.
        PredictionMethod::None | PredictionMethod::Bootstrap => return None,
        PredictionMethod::Z => (None, wald),
        PredictionMethod::T => (Some(df), wald),
        PredictionMethod::Hts => (Some(df - 1.0), wald),
        PredictionMethod::Hk => (Some(df), hartung_knapp),
        PredictionMethod::HtsHk => (Some(df - 1.0), hartung_knapp),
    };
    if df.is_some_and(|df| df <= 0.0) {
        return None;
    }
    let margin = quantile(tail, df) * (se * se + tau2).sqrt();
    Some(PredictionInterval { df, ci_y: [y - margin, y + margin] })
}
