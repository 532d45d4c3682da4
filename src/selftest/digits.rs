//! How many digits of a computed value are right.

use std::f64::consts::LN_10;

use crate::numeric::elementary::ln;

/// The most digits that are counted: a double holds no more.
pub const MOST: f64 = 16.0;

/// What a deviation is measured against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// The value itself.
    Itself,
    /// The value, or where it is smaller the standard error beside it: a pooled value near 0 has no
    /// relative accuracy to lose.
    AtLeast(f64),
    /// A probability p that is small because a number on a logarithmic scale is large: p (1 + |ln p|), the
    /// accuracy which that number gives it, times a factor where that number has lost digits itself.
    OfTail(f64),
}

/// The log relative error of `got`: −log₁₀(|got − want|/scale), between 0 and [`MOST`], and [`MOST`] where
/// they are equal (McCullough 1998, doi:10.1080/00031305.1998.10480596, whose LRE this is, for the scale
/// `Itself`). What is not finite has no digit.
///
/// ```
/// use metaprop::selftest::digits::{Scale, agreed};
/// assert_eq!(agreed(0.1, 0.1, Scale::Itself), 16.0);
/// assert!((agreed(1.001, 1.0, Scale::Itself) - 3.0).abs() < 1e-9);
/// assert!((agreed(0.001, 0.0, Scale::AtLeast(0.1)) - 2.0).abs() < 1e-9);
/// assert_eq!(agreed(f64::NAN, 1.0, Scale::Itself), 0.0);
/// ```
#[must_use]
pub fn agreed(got: f64, want: f64, scale: Scale) -> f64 {
    if got == want {
        return MOST;
    }
    let unit = match scale {
        Scale::Itself => want.abs(),
        Scale::AtLeast(se) => want.abs().max(se),
        Scale::OfTail(loss) => want.abs() * (1.0 + ln(want).abs()) * loss,
    };
    // Beside a 0 that should be exact, the deviation itself counts; below the smallest normal double there are
    // no more digits to have.
    let error = (got - want).abs() / if unit > 0.0 { unit.max(f64::MIN_POSITIVE) } else { 1.0 };
    let digits = -ln(error) / LN_10;
    if digits.is_nan() { 0.0 } else { digits.clamp(0.0, MOST) }
}
