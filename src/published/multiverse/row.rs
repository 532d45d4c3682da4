//! One specification, what it gives, and its choices in words.

use serde::Serialize;

use crate::options::{BackTransform, Choice, Ci, Measure, Model, Tau2Method, ZeroCells};
use crate::options::{LogDenominator, RawCorrection, Spec};

/// A specification and what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The specification.
    pub spec: Spec,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance on the analysis scale; `None` for the common-effect model.
    pub tau2: Option<f64>,
}

/// The choices that differ between specifications, in the order they are told.
pub const CHOICES: [&str; 7] = [
    Measure::NAME,
    Model::NAME,
    Tau2Method::NAME,
    Ci::NAME,
    ZeroCells::NAME,
    "conventions",
    BackTransform::NAME,
];

/// The word of each of the [`CHOICES`]; `None` where the choice does not apply.
///
/// ```
/// use metaprop::{Spec, published::multiverse::words};
/// let seen = words(&Spec::default());
/// assert_eq!(seen[0].as_deref(), Some("logit"));
/// assert_eq!(seen[6], None); // only Freeman-Tukey has a choice of n
/// ```
#[must_use]
pub fn words(spec: &Spec) -> [Option<String>; CHOICES.len()] {
    let random = spec.model != Model::Common;
    let likelihood = matches!(spec.model, Model::Glmm | Model::BetaBinomial);
    let corrects = !likelihood && !matches!(spec.measure, Measure::Arcsine | Measure::FreemanTukey);
    [
        Some(spec.measure.key().to_string()),
        Some(spec.model.key().to_string()),
        random.then(|| spec.tau2.key()),
        random.then(|| spec.ci.key().to_string()),
        corrects.then(|| spec.zero_cells.key().to_string()),
        conventions(spec).map(str::to_string),
        spec.back_transform.map(|choice| choice.key().to_string()),
    ]
}

/// Whose conventions a correction follows, on the two scales where packages differ.
fn conventions(spec: &Spec) -> Option<&'static str> {
    if spec.zero_cells == ZeroCells::None {
        return None;
    }
    match spec.measure {
        Measure::Raw => Some(if spec.conventions.raw_correction == RawCorrection::EstimateAndVariance {
            "metafor"
        } else {
            "meta"
        }),
        Measure::Log => {
            Some(if spec.conventions.log_denominator == LogDenominator::Both { "metafor" } else { "meta" })
        }
        _ => None,
    }
}
