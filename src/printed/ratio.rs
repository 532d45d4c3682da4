//! A ratio of whole numbers, compared exactly.

use std::cmp::Ordering;

/// A ratio of two whole numbers, each below 2⁶² in size, so that a product of two fits an `i128`.
///
/// ```
/// use metaprop::printed::Ratio;
/// let a_third = Ratio::new(1, 3).unwrap();
/// assert!(a_third < Ratio::new(34, 100).unwrap());
/// assert!(a_third == Ratio::new(2, 6).unwrap());
/// assert!(Ratio::new(1, 0).is_none());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

/// The relative distance within which a computed float counts as equal to a ratio.
///
/// A recomputed value carries the rounding of its computation, a few units of 2⁻⁵². If the exact result is
/// a tie, such as 0.3375, that error would decide to which side it is rounded. A value within this distance
/// of a tie is therefore treated as the tie, and the rounding rule decides.
pub const COMPUTED: f64 = 1e-12;

impl Ratio {
    const LIMIT: i64 = 1 << 62;

    /// The ratio; `None` where a part is too large or the denominator is not above 0.
    #[must_use]
    pub const fn new(numerator: i64, denominator: i64) -> Option<Self> {
        let fits = numerator < Self::LIMIT
            && numerator > -Self::LIMIT
            && denominator > 0
            && denominator < Self::LIMIT;
        if fits { Some(Self { numerator, denominator }) } else { None }
    }

    /// Numerator and denominator, not reduced.
    #[must_use]
    pub const fn parts(self) -> (i64, i64) {
        (self.numerator, self.denominator)
    }

    /// The ratio as a float, to within one unit in the last place.
    #[must_use]
    pub const fn to_real(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// How `value` compares with this ratio, exactly: a float is a whole number times a power of two. `None`
    /// for NaN.
    ///
    /// ```
    /// use metaprop::printed::Ratio;
    /// use std::cmp::Ordering::{Equal, Greater};
    /// let tenth = Ratio::new(1, 10).unwrap();
    /// assert_eq!(tenth.exact_cmp(0.1), Some(Greater)); // the float 0.1 is slightly above a tenth
    /// assert_eq!(tenth.cmp_computed(0.1), Some(Equal));
    /// ```
    #[must_use]
    pub fn exact_cmp(self, value: f64) -> Option<Ordering> {
        if value.is_nan() {
            return None;
        }
        let (sign, own) = (value.partial_cmp(&0.0)?, self.numerator.cmp(&0));
        if sign != own || sign == Ordering::Equal {
            return Some(sign.cmp(&own));
        }
        let sizes = size_cmp(value.abs(), self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        Some(if sign == Ordering::Less { sizes.reverse() } else { sizes })
    }

    /// As [`exact_cmp`](Self::exact_cmp) for a computed value: equal within the distance [`COMPUTED`].
    #[must_use]
    pub fn cmp_computed(self, value: f64) -> Option<Ordering> {
        let near = (value - self.to_real()).abs() <= COMPUTED * self.to_real().abs();
        if near { Some(Ordering::Equal) } else { self.exact_cmp(value) }
    }
}

/// Compares a positive float with a positive ratio.
fn size_cmp(value: f64, numerator: u64, denominator: u64) -> Ordering {
    if value.is_infinite() {
        return Ordering::Greater;
    }
    let (mantissa, exponent) = decompose(value);
    // At most 2⁵³ · 2⁶², so it does not overflow.
    let (left, right) = (u128::from(mantissa) * u128::from(denominator), u128::from(numerator));
    match exponent {
        // The value is at least 2⁵² · 2¹¹, more than any numerator.
        11.. => Ordering::Greater,
        0..=10 => (left << exponent).cmp(&right),
        _ => {
            let shift = exponent.unsigned_abs();
            let whole = left.checked_shr(shift).unwrap_or(0);
            let rest = if shift >= u128::BITS { left } else { left & ((1 << shift) - 1) };
            whole.cmp(&right).then(rest.cmp(&0))
        }
    }
}

/// The mantissa and exponent of a finite non-negative float: value = mantissa · 2^exponent.
const fn decompose(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (biased, fraction) = ((bits >> 52) as i32 & 0x7ff, bits & ((1 << 52) - 1));
    if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        left.cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extreme_floats_compare() {
        let one = Ratio::new(1, 1).unwrap();
        for (value, expected) in [
            (f64::INFINITY, Ordering::Greater),
            (f64::MAX, Ordering::Greater),
            (f64::MIN_POSITIVE / 8.0, Ordering::Less),
            (0.0, Ordering::Less),
            (-0.0, Ordering::Less),
            (1.0, Ordering::Equal),
            (-1.0, Ordering::Less),
            (1.0 + f64::EPSILON, Ordering::Greater),
        ] {
            assert_eq!(one.exact_cmp(value), Some(expected), "{value:e}");
        }
        assert_eq!(one.exact_cmp(f64::NAN), None);
        assert_eq!(Ratio::new(0, 5).unwrap().exact_cmp(-0.0), Some(Ordering::Equal));
    }

    proptest! {
        #[test]
        fn whole_floats_compare_like_integers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, scale in 1_i64..1_000_000) {
            let ratio = Ratio::new(b * scale, scale).unwrap();
            prop_assert_eq!(ratio.exact_cmp(a as f64), Some(a.cmp(&b)));
        }

        #[test]
        fn dyadic_floats_equal_their_ratios(m in -(1_i64 << 40)..(1_i64 << 40), shift in 0_u32..20) {
            let value = m as f64 / f64::from(1_u32 << shift);
            let ratio = Ratio::new(m, 1 << shift).unwrap();
            prop_assert_eq!(ratio.exact_cmp(value), Some(Ordering::Equal));
            let above = value + value.abs().max(1.0) * f64::EPSILON;
            prop_assert_eq!(ratio.exact_cmp(above), Some(Ordering::Greater));
        }
    }
}
