//! An estimate with its variance.

use serde::Serialize;

/// An estimate and its variance on the scale on which estimates are pooled (a log hazard ratio, a mean, a
/// logit). Both are of a size whose squares and cubes a double holds: the estimate at most 10⁵⁰ in size, the variance
/// from 10⁻¹⁰⁰ to 10¹⁰⁰; [`Estimate::new`] holds that.
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
    /// What the table has for `y`, where it came from one: the exponential of a logarithm is off in the last bit.
    #[serde(skip)]
    in_table: Option<f64>,
}

impl Estimate {
    /// The largest estimate.
    pub const LARGEST: f64 = 1e50;
    /// The least and the largest variance.
    pub const VARIANCES: [f64; 2] = [1e-100, 1e100];

    /// An estimate, or nothing where one of the two is no number of the size that is described above.
    #[must_use]
    pub const fn new(y: f64, v: f64) -> Option<Self> {
        let [least, largest] = Self::VARIANCES;
        let held = y.abs() <= Self::LARGEST && v >= least && v <= largest;
        if held { Some(Self { y, v, in_table: None }) } else { None }
    }

    /// The same, which stands as this number in its table.
    #[must_use]
    pub const fn in_table(self, number: Option<f64>) -> Self {
        Self { in_table: number, ..self }
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

    /// What its table has for it, where it came from one.
    #[must_use]
    pub const fn table_value(self) -> Option<f64> {
        self.in_table
    }
}
