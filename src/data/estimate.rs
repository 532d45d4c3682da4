//! An estimate with its variance.

use serde::Serialize;

/// An estimate and its variance on the scale on which estimates are pooled (a log hazard ratio, a mean, a
/// logit), with a finite estimate and a finite variance above 0: held by [`Estimate::new`].
///
/// ```
/// use metaprop::data::Estimate;
/// let estimate = Estimate::new(-0.3, 0.04).unwrap();
/// assert_eq!((estimate.y(), estimate.v()), (-0.3, 0.04));
/// assert!(Estimate::new(f64::NAN, 0.04).is_none() && Estimate::new(0.0, 0.0).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    y: f64,
    v: f64,
}

impl Estimate {
    /// An estimate, or nothing where it is not finite or its variance is not a finite number above 0.
    #[must_use]
    pub const fn new(y: f64, v: f64) -> Option<Self> {
        if y.is_finite() && v.is_finite() && v > 0.0 { Some(Self { y, v }) } else { None }
    }

    /// The estimate.
    #[must_use]
    pub const fn y(self) -> f64 {
        self.y
    }

    /// Its variance.
    #[must_use]
    pub const fn v(self) -> f64 {
        self.v
    }
}
