//! One of two complementary tail probabilities, with its exponent kept separate.

use super::double_double::DoubleDouble;
use super::elementary::{ln, ln_1p};

/// A tail probability `exp(−exponent) factor`; the other tail is 1 minus that.
///
/// The exponent is kept separate so that the logarithm of the probability is available where the
/// probability itself underflows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub is_upper: bool,
    pub exponent: DoubleDouble,
    pub factor: f64,
}

impl Tail {
    pub const fn from_probability(is_upper: bool, probability: f64) -> Self {
        Self { is_upper, exponent: DoubleDouble::new(0.0), factor: probability }
    }

    /// The same value as the opposite tail, for when `x` and `1 − x` are exchanged.
    pub const fn mirrored(self) -> Self {
        Self { is_upper: !self.is_upper, ..self }
    }

    fn stored_probability(&self) -> f64 {
        let probability = self.exponent.exp_negative() * self.factor;
        // Rounding can take it slightly above 1 where the other tail is next to 0. (`min` would turn NaN
        // into 1.)
        if probability > 1.0 { 1.0 } else { probability }
    }

    pub fn probability(&self, upper: bool) -> f64 {
        if upper == self.is_upper { self.stored_probability() } else { 1.0 - self.stored_probability() }
    }

    /// The logarithm of [`probability`](Self::probability), finite where that underflows.
    pub fn ln_probability(&self, upper: bool) -> f64 {
        let stored = self.stored_probability();
        if upper != self.is_upper {
            return ln_1p(-stored);
        }
        if stored > 1e-290 {
            // For a probability near 1 the difference below would cancel.
            return ln(stored);
        }
        DoubleDouble::new(ln(self.factor)).minus(self.exponent).value()
    }
}
