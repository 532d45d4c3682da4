//! Unevaluated sums of two doubles: about 106 bits, for the few places where 53 are not enough.
//!
//! Dekker, T. J. (1971). A floating-point technique for extending the available precision.
//! *Numerische Mathematik* 18, 224–242. doi:10.1007/BF01397083. Products use Dekker's splitting rather
//! than a fused multiply-add, so that every target computes the same bits.

use super::elementary;

/// The number `hi + lo`, with `|lo|` at most half a unit in the last place of `hi`.
#[derive(Clone, Copy, Debug)]
pub(super) struct DoubleDouble {
    pub hi: f64,
    pub lo: f64,
}

impl DoubleDouble {
    pub const fn new(value: f64) -> Self {
        Self { hi: value, lo: 0.0 }
    }

    /// `a + b` without rounding (Knuth's two-sum).
    pub const fn sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let of_b = hi - a;
        Self { hi, lo: (a - (hi - of_b)) + (b - of_b) }
    }

    /// `a + b` without rounding where `|a| >= |b|`.
    const fn sum_ordered(a: f64, b: f64) -> Self {
        let hi = a + b;
        Self { hi, lo: b - (hi - a) }
    }

    /// `a b` without rounding, for `|a|, |b| < 1e300`.
    pub const fn product(a: f64, b: f64) -> Self {
        let hi = a * b;
        let (a_high, a_low) = split(a);
        let (b_high, b_low) = split(b);
        let lo = ((a_high * b_high - hi) + a_high * b_low + a_low * b_high) + a_low * b_low;
        Self { hi, lo }
    }

    pub const fn plus(self, other: Self) -> Self {
        let high = Self::sum(self.hi, other.hi);
        let low = Self::sum(self.lo, other.lo);
        let joined = Self::sum_ordered(high.hi, high.lo + low.hi);
        Self::sum_ordered(joined.hi, joined.lo + low.lo)
    }

    pub const fn negated(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }

    pub const fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    pub const fn times(self, other: Self) -> Self {
        let product = Self::product(self.hi, other.hi);
        Self::sum_ordered(product.hi, product.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    /// The quotient, to about 100 bits.
    pub const fn over(self, other: Self) -> Self {
        let inverse = 1.0 / other.hi;
        let first = self.hi * inverse;
        let rest = self.minus(other.times_double(first));
        Self::sum_ordered(first, rest.hi * inverse)
    }

    /// The product with a plain double.
    pub const fn times_double(self, factor: f64) -> Self {
        let product = Self::product(self.hi, factor);
        Self::sum_ordered(product.hi, product.lo + self.lo * factor)
    }

    /// Multiplied by a power of two, which is exact.
    const fn scaled(self, power_of_two: f64) -> Self {
        Self { hi: self.hi * power_of_two, lo: self.lo * power_of_two }
    }

    /// Half of it, which is exact.
    pub const fn halved(self) -> Self {
        self.scaled(0.5)
    }

    pub const fn value(self) -> f64 {
        self.hi + self.lo
    }

    /// The natural logarithm, for a positive finite number; absolute error below 2⁻⁷³ (1 + |ln x|).
    pub fn log(self) -> Self {
        // Very small numbers are scaled up first: their low part may be subnormal.
        if self.hi < 1e-270 {
            let of_scaled = self.scaled(TWO_POW_200).scaled(TWO_POW_200).log();
            return of_scaled.minus(LN_2.times_double(400.0));
        }
        let bits = self.hi.to_bits();
        let exponent = (bits >> 52).cast_signed() - 1023;
        let inverse_power = f64::from_bits((1023 - exponent).cast_unsigned() << 52);
        let mantissa = self.scaled(inverse_power);
        let index = (bits >> 46) & 63;
        // The index is in 0..=63, so the casts are exact. The half step takes the middle of the interval.
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let (centre, of_centre) = (1.0 + (index as f64 + 0.5) / 64.0, LN_TABLE[index as usize]);
        let z = mantissa.minus(Self::new(centre)).over(Self::new(centre));
        #[allow(clippy::cast_precision_loss)]
        let of_power = LN_2.times_double(exponent as f64);
        of_power.plus(of_centre).plus(ln_1p_small(z))
    }

    /// `exp(−self)`.
    pub fn exp_negative(self) -> f64 {
        elementary::exp(-self.hi) * (1.0 - self.lo)
    }
}

const TWO_POW_200: f64 = 1_606_938_044_258_990_275_541_962_092_341_162_602_522_202_993_782_792_835_301_376.0;

/// `ln(1 + z)` for `|z| < 2⁻⁶`: `z − z²/2` in full, the rest in double precision.
fn ln_1p_small(z: DoubleDouble) -> DoubleDouble {
    let square = z.times(z).halved();
    z.minus(square).plus(DoubleDouble::new(ln_1p_cubic_rest(z.hi)))
}

/// `ln(1 + z) − z + z²/2 = z³/3 − z⁴/4 + …` for `|z| < 2⁻⁶`, relative error about 1e-16.
pub(super) fn ln_1p_cubic_rest(z: f64) -> f64 {
    let mut rest = 0.0;
    for n in [14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0] {
        rest = 1.0 / n - z * rest;
    }
    z * z * z * rest
}

/// Veltkamp's split of a double into two halves of 26 bits.
const fn split(value: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * value; // 2²⁷ + 1
    let high = scaled - (scaled - value);
    (high, value - high)
}

/// `2 artanh(numerator / denominator)` by its Taylor series, at compile time.
const fn twice_artanh(numerator: f64, denominator: f64) -> DoubleDouble {
    let t = DoubleDouble::new(numerator).over(DoubleDouble::new(denominator));
    let square = t.times(t);
    let mut power = t;
    let mut sum = t;
    let mut odd = 3.0;
    while power.hi > 1e-36 {
        power = power.times(square);
        sum = sum.plus(power.over(DoubleDouble::new(odd)));
        odd += 2.0;
    }
    sum.plus(sum)
}

/// `ln 2 = 2 artanh(1/3)`.
const LN_2: DoubleDouble = twice_artanh(1.0, 3.0);

/// `ln c = 2 artanh((c − 1)/(c + 1))` at the centres `c = 1 + (i + ½)/64`.
static LN_TABLE: [DoubleDouble; 64] = ln_table();

const fn ln_table() -> [DoubleDouble; 64] {
    let mut table = [DoubleDouble::new(0.0); 64];
    let mut index = 0;
    let mut twice_index_plus_1 = 1.0;
    while index < 64 {
        table[index] = twice_artanh(twice_index_plus_1, 256.0 + twice_index_plus_1);
        index += 1;
        twice_index_plus_1 += 2.0;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_has_more_than_seventy_bits() {
        // ln 10 to 34 digits (OEIS A002392): 2.302585092994045684017991454684364
        let ln_10 = DoubleDouble::new(10.0).log();
        let expected = DoubleDouble::sum(std::f64::consts::LN_10, -2.170_756_223_382_249_4e-16);
        assert!(ln_10.minus(expected).value().abs() < 1e-22, "{ln_10:?}");
        let third = DoubleDouble::new(1.0).over(DoubleDouble::new(3.0)).log();
        let three = DoubleDouble::new(3.0).log();
        assert!(third.plus(three).value().abs() < 1e-22);
    }

    #[test]
    fn logarithm_of_the_smallest_numbers() {
        let tiny = DoubleDouble::new(5e-324).log().value();
        assert!((tiny + 744.440_071_921_381_3).abs() < 1e-12, "{tiny}");
    }
}
