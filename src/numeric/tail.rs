//! The smaller of two complementary tail probabilities, with its exponent kept apart.

use super::double_double::DoubleDouble;
use super::elementary::{ln, ln_1p};

/// `probability = exp(−exponent) factor` of one tail; the other tail is one minus that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub is_upper: bool,
    pub exponent: DoubleDouble,
    pub factor: f64,
}

impl Tail {
    /// A tail whose probability is known as a plain number.
    pub const fn of(is_upper: bool, probability: f64) -> Self {
        Self { is_upper, exponent: DoubleDouble::new(0.0), factor: probability }
    }

    /// The same split seen from the other side, as when `x` and `1 − x` change places.
    pub const fn mirrored(self) -> Self {
        Self { is_upper: !self.is_upper, ..self }
    }

    fn stored(&self) -> f64 {
        let stored = self.exponent.exp_negative() * self.factor;
        // A few roundings above 1 are possible where the tail is all there is. (`min` would lose NaN.)
        if stored > 1.0 { 1.0 } else { stored }
    }

    /// The probability of the tail asked for.
    pub fn probability(&self, upper: bool) -> f64 {
        if upper == self.is_upper { self.stored() } else { 1.0 - self.stored() }
    }

    /// The logarithm of the probability of the tail asked for, finite where the probability underflows.
    pub fn ln_probability(&self, upper: bool) -> f64 {
        if upper != self.is_upper {
            return ln_1p(-self.stored());
        }
        let stored = self.stored();
        if stored > 1e-290 {
            // Near 1 the difference below would cancel.
            return ln(stored);
        }
        DoubleDouble::new(ln(self.factor)).minus(self.exponent).value()
    }
}
