//! The scale of an analysis: from pooled values to what is printed, and back.

use super::Transform;
use crate::numeric::elementary::{exp, expit, ln, logit, sin};
use crate::options::{InputScale, Measure};

/// How values on the scale of the analysis are shown, and which of them exist.
///
/// ```
/// use metaprop::effect::{Scale, Transform};
/// use metaprop::options::{InputScale, Measure};
///
/// let proportion = Scale::Proportion(Transform::new(Measure::Raw));
/// assert_eq!((proportion.to_natural(1.2), proportion.unclipped(1.2)), (1.0, 1.2));
/// let ratio = Scale::Generic(InputScale::Log);
/// assert_eq!((ratio.to_natural(0.0), ratio.null(0.5)), (1.0, 0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Scale {
    /// Proportions, shown as fractions clipped to [0, 1].
    Proportion(Transform),
    /// Estimates of anything else, shown on the scale of the table they came from.
    Generic(InputScale),
}

impl Scale {
    /// The scale of this measure; for Freeman-Tukey with the plain arcsine inverse.
    #[must_use]
    pub const fn new(measure: Measure, input: InputScale) -> Self {
        match measure {
            Measure::Generic => Self::Generic(input),
            measure => Self::Proportion(Transform::new(measure)),
        }
    }

    /// What is shown for `y`: a proportion clipped to [0, 1], or the value on the table's scale.
    #[must_use]
    pub fn to_natural(&self, y: f64) -> f64 {
        match self {
            Self::Proportion(transform) => transform.to_proportion(y),
            Self::Generic(InputScale::Identity) => y,
            Self::Generic(InputScale::Log) => exp(y),
            Self::Generic(InputScale::Logit) => expit(y),
        }
    }

    /// The value on the analysis scale that is shown as `value`; infinite where there is none.
    #[must_use]
    pub fn from_natural(&self, value: f64) -> f64 {
        match self {
            Self::Proportion(transform) => transform.from_proportion(value),
            Self::Generic(InputScale::Identity) => value,
            Self::Generic(InputScale::Log) => ln(value),
            Self::Generic(InputScale::Logit) => logit(value),
        }
    }

    /// What software shows for `y` that does not clip to [0, 1]; sin² folds back.
    #[must_use]
    pub fn unclipped(&self, y: f64) -> f64 {
        let Self::Proportion(transform) = self else { return self.to_natural(y) };
        match transform.measure() {
            Measure::Raw => y,
            Measure::Log => exp(y),
            Measure::Arcsine => sin(y) * sin(y),
            _ => transform.to_proportion(y),
        }
    }

    /// Whether `y` is shown as it is: false where [`to_natural`](Self::to_natural) clips.
    #[must_use]
    pub fn is_inside(&self, y: f64) -> bool {
        match self {
            Self::Proportion(transform) => transform.is_inside(y),
            Self::Generic(_) => true,
        }
    }

    /// The value under test on the analysis scale: that of the proportion `null`, and 0 for other estimates.
    #[must_use]
    pub fn null(&self, null: f64) -> f64 {
        match self {
            Self::Proportion(transform) => transform.from_proportion(null),
            Self::Generic(_) => 0.0,
        }
    }

    /// What is pooled, in a word.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        if self.is_proportion() { "proportion" } else { "estimate" }
    }

    /// What a study estimates, as the field calls it.
    #[must_use]
    pub const fn true_value(&self) -> &'static str {
        if self.is_proportion() { "true proportion" } else { "true effect" }
    }

    /// The value under test as it is shown: the proportion `null`, or what is shown for 0.
    ///
    /// ```
    /// use metaprop::effect::Scale;
    /// use metaprop::options::InputScale;
    /// assert_eq!(Scale::Generic(InputScale::Log).shown_null(0.0), 1.0);
    /// ```
    #[must_use]
    pub fn shown_null(&self, null: f64) -> f64 {
        match self {
            Self::Proportion(_) => null,
            Self::Generic(_) => self.to_natural(self.null(null)),
        }
    }

    /// Whether proportions are pooled.
    #[must_use]
    pub const fn is_proportion(&self) -> bool {
        matches!(self, Self::Proportion(_))
    }

    /// The n of the Freeman-Tukey inverse, where one enters.
    #[must_use]
    pub const fn inverse_n(&self) -> Option<f64> {
        match self {
            Self::Proportion(transform) => transform.n(),
            Self::Generic(_) => None,
        }
    }
}
