//! The number of digits in which a computed value agrees with the certified one.

use std::f64::consts::LN_10;

use crate::numeric::elementary::ln;

/// The largest number of digits that is counted: a double has no more.
pub(super) const MOST: f64 = 16.0;

/// What a deviation is divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// The certified value.
    Itself,
    /// The certified value, or its standard error where that is larger: the relative error of a value near 0
    /// says little.
    AtLeast(f64),
    /// p (1 + |ln p|) times this factor, for a tail probability p: a relative error ε of ln p is an error of
    /// about p |ln p| ε of p. The factor says how many times ε the error of ln p itself is.
    OfTail(f64),
}

/// The log relative error −log₁₀(|got − want|/scale) of a computed value, between 0 and [`MOST`], and
/// [`MOST`] where the two are equal (with the scale `Itself` the LRE of McCullough 1998,
/// doi:10.1080/00031305.1998.10480596). 0 for values that are not finite.
#[must_use]
pub(super) fn agreed(got: f64, want: f64, scale: Scale) -> f64 {
    if got == want {
        return MOST;
    }
    let unit = match scale {
        Scale::Itself => want.abs(),
        Scale::AtLeast(se) => want.abs().max(se),
        Scale::OfTail(loss) => want.abs() * (1.0 + ln(want).abs()) * loss,
    };
    // Where 0 is certified the deviation is not divided; below the smallest normal double a number has fewer
    // digits.
    let error = (got - want).abs() / if unit > 0.0 { unit.max(f64::MIN_POSITIVE) } else { 1.0 };
    let digits = -ln(error) / LN_10;
    if digits.is_nan() { 0.0 } else { digits.clamp(0.0, MOST) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_equal_close_and_missing_values() {
        assert_eq!(agreed(0.1, 0.1, Scale::Itself), 16.0);
        assert!((agreed(1.001, 1.0, Scale::Itself) - 3.0).abs() < 1e-9);
        assert!((agreed(0.001, 0.0, Scale::AtLeast(0.1)) - 2.0).abs() < 1e-9);
        assert_eq!(agreed(f64::NAN, 1.0, Scale::Itself), 0.0);
    }
}
