//! Compensated sums in the order given.
//!
//! A plain sum of a million terms can lose six digits to rounding; these sums lose none. The order of the
//! terms is fixed, so the bits are the same on every machine and with any number of threads.

use rayon::prelude::*;

use super::double_double::DoubleDouble;
use super::elementary::ln;

/// From this many terms on they are computed on all cores, in pieces whose sums are then added in order: the bits do not
/// depend on the number of threads.
const MANY: usize = 1 << 17;

/// So many terms are computed one after the other before another core is asked.
const AT_ONCE: usize = 1 << 14;

/// A running sum with Neumaier's correction term.
///
/// Error at most one rounding of the exact sum plus `n² u²` times the sum of absolute values, with
/// `u = 2⁻⁵³`. A non-finite term makes the value non-finite (`∞`, or `NaN` where infinities meet).
///
/// Source: Neumaier, A. (1974). Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen.
/// *ZAMM* 54, 39–51, algorithm IV. doi:10.1002/zamm.19740540106.
///
/// ```
/// use metaprop::numeric::sum::Sum;
/// let mut sum = Sum::new();
/// for term in [1e100, 1.0, -1e100] {
///     sum.add(term);
/// }
/// assert_eq!(sum.value(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    total: f64,
    correction: f64,
}

impl Sum {
    /// An empty sum: 0.
    ///
    /// ```
    /// assert_eq!(metaprop::numeric::sum::Sum::new().value(), 0.0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { total: 0.0, correction: 0.0 }
    }

    /// Adds one term.
    ///
    /// ```
    /// let mut sum = metaprop::numeric::sum::Sum::new();
    /// sum.add(2.5);
    /// assert_eq!(sum.value(), 2.5);
    /// ```
    #[inline]
    pub fn add(&mut self, term: f64) {
        // Knuth's two-sum gives the same rounding error as Neumaier's comparison, without a branch.
        let total = self.total + term;
        let of_term = total - self.total;
        self.correction += (self.total - (total - of_term)) + (term - of_term);
        self.total = total;
    }

    /// Adds the terms of another sum, behind its own.
    fn absorb(&mut self, other: Self) {
        self.add(other.total);
        self.correction += other.correction;
    }

    /// The sum so far.
    ///
    /// ```
    /// let mut sum = metaprop::numeric::sum::Sum::new();
    /// sum.add(f64::INFINITY);
    /// assert_eq!(sum.value(), f64::INFINITY);
    /// ```
    #[must_use]
    #[inline]
    pub fn value(&self) -> f64 {
        // After an overflow the correction is NaN and is ignored.
        if self.total.is_finite() { self.total + self.correction } else { self.total }
    }
}

impl Extend<f64> for Sum {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, terms: I) {
        for term in terms {
            self.add(term);
        }
    }
}

/// The sum of the terms, in the order given; accuracy as for [`Sum`]. An empty sum is 0.
///
/// ```
/// use metaprop::numeric::sum;
/// assert_eq!(sum::sum((0..10).map(|_| 0.1)), 1.0);
/// ```
#[must_use]
pub fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Sum::new();
    sum.extend(terms);
    sum.value()
}

/// The sum of a function of each value, as [`sum`] has it.
///
/// ```
/// use metaprop::numeric::sum;
/// assert_eq!(sum::of_each(&[1.0, 2.0, 3.0], |x| x * x), 14.0);
/// ```
#[must_use]
pub fn of_each(values: &[f64], term: impl Fn(f64) -> f64 + Sync) -> f64 {
    if values.len() < MANY {
        return sum(values.iter().map(|value| term(*value)));
    }
    let pieces = values.par_chunks(AT_ONCE).map(|piece| {
        let mut sum = Sum::new();
        sum.extend(piece.iter().map(|value| term(*value)));
        sum
    });
    let mut total = Sum::new();
    pieces.collect::<Vec<_>>().into_iter().for_each(|piece| total.absorb(piece));
    total.value()
}

/// `Σ ln(vᵢ + t)` for values above `−t`; accuracy as for [`sum`] of the logarithms.
///
/// Of very many values the product of the mantissas of sixteen at a time is taken, which needs one logarithm in place of
/// sixteen, and their exponents are added as whole numbers.
///
/// ```
/// use metaprop::numeric::sum;
/// assert_eq!(sum::of_logs(&[0.5, 1.5], 0.5), 2.0_f64.ln());
/// ```
#[must_use]
pub fn of_logs(values: &[f64], t: f64) -> f64 {
    if values.len() < MANY {
        return of_each(values, |value| ln(value + t));
    }
    let pieces = values.par_chunks(AT_ONCE).map(|piece| {
        let (mut logs, mut exponents) = (Sum::new(), 0);
        for values in piece.chunks(16) {
            let (log, exponent) = log_of_product(values.iter().map(|value| value + t));
            logs.add(log);
            exponents += exponent;
        }
        (logs, exponents)
    });
    let (mut total, mut exponents) = (Sum::new(), 0);
    for (logs, exponent) in pieces.collect::<Vec<_>>() {
        total.absorb(logs);
        exponents += exponent;
    }
    total.add(exponents as f64 * std::f64::consts::LN_2);
    total.value()
}

/// The logarithm of the product of at most sixteen numbers, in two parts: a logarithm, and a power of 2.
fn log_of_product(numbers: impl Iterator<Item = f64> + Clone) -> (f64, i64) {
    const MANTISSA: u64 = (1 << 52) - 1;
    let (mut product, mut exponents) = (1.0, 0);
    for number in numbers.clone() {
        let (bits, exponent) = (number.to_bits(), (number.to_bits() >> 52) as i64);
        // 0, numbers below 2⁻¹⁰²², infinities, NaN and negative numbers.
        if !(1..2047).contains(&exponent) {
            return (sum(numbers.map(ln)), 0);
        }
        product *= f64::from_bits((bits & MANTISSA) | 1.0_f64.to_bits());
        exponents += exponent - 1023;
    }
    (ln(product), exponents)
}

/// The terms divided by their sum.
///
/// ```
/// assert_eq!(metaprop::numeric::sum::fractions([1.0, 3.0].into_iter()), [0.25, 0.75]);
/// ```
#[must_use]
pub fn fractions(terms: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total = sum(terms.clone());
    terms.map(|term| term / total).collect()
}

/// `a b − c d` with about one rounding: the products and their difference are formed to 106 bits. For
/// magnitudes below 1e150.
///
/// ```
/// use metaprop::numeric::sum::difference_of_products;
/// assert_eq!(difference_of_products(1e9 + 1.0, 1e9 - 1.0, 1e9, 1e9), -1.0);
/// ```
#[must_use]
#[inline]
pub const fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    DoubleDouble::product(a, b).minus(DoubleDouble::product(c, d)).value()
}

/// The inner product `Σ aᵢ bᵢ`: the products are rounded, their sum is compensated.
///
/// Relative error at most 2⁻⁵³ for terms of one sign. Slices of different lengths give `NaN`.
///
/// ```
/// use metaprop::numeric::sum;
/// assert_eq!(sum::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// assert!(sum::dot(&[1.0], &[1.0, 2.0]).is_nan());
/// ```
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::NAN;
    }
    sum(a.iter().zip(b).map(|(a, b)| a * b))
}

/// The sums over pairs of several terms each, `Σ f(aᵢ, bᵢ)`, in one pass over two slices.
///
/// Blocks of 64 pairs are summed in four lanes, so that the compiler can use SIMD instructions, and the
/// blocks are added with compensation. The order depends on the lengths alone, so the bits are the same
/// everywhere. Relative error for terms of one sign: at most 18 · 2⁻⁵³, whatever their number. Pairs beyond
/// the end of the shorter slice are ignored.
///
/// ```
/// use metaprop::numeric::sum;
/// let [products, squares] = sum::over_pairs(&[1.0, 2.0], &[3.0, 4.0], |a, b| [a * b, a * a]);
/// assert_eq!((products, squares), (11.0, 5.0));
/// ```
#[must_use]
#[inline]
pub fn over_pairs<const N: usize>(
    a: &[f64],
    b: &[f64],
    terms: impl Fn(f64, f64) -> [f64; N] + Sync,
) -> [f64; N] {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut totals = [Sum::default(); N];
    let mut add = |block: [f64; N]| totals.iter_mut().zip(block).for_each(|(total, sum)| total.add(sum));
    if length < MANY {
        a.chunks(BLOCK).zip(b.chunks(BLOCK)).for_each(|(a, b)| add(of_block(a, b, &terms)));
    } else {
        let blocks = a.par_chunks(BLOCK).zip(b.par_chunks(BLOCK)).with_min_len(AT_ONCE / BLOCK);
        let blocks: Vec<[f64; N]> = blocks.map(|(a, b)| of_block(a, b, &terms)).collect();
        blocks.into_iter().for_each(add);
    }
    totals.map(|total| total.value())
}

/// The plain sums of a block of pairs.
#[inline]
fn of_block<const N: usize>(a: &[f64], b: &[f64], terms: &impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
    in_lanes(a, b, terms).map(|lanes| (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
}

/// Pairs in a block: enough to fill the lanes, few enough for the plain sum within a block to be accurate.
const BLOCK: usize = 64;
const LANES: usize = 4;

#[inline]
fn in_lanes<const N: usize>(
    a: &[f64],
    b: &[f64],
    terms: &impl Fn(f64, f64) -> [f64; N],
) -> [[f64; LANES]; N] {
    let mut lanes = [[0.0; LANES]; N];
    let ((fours_a, rest_a), (fours_b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in fours_a.iter().zip(fours_b) {
        for lane in 0..LANES {
            for (sums, term) in lanes.iter_mut().zip(terms(a[lane], b[lane])) {
                sums[lane] += term;
            }
        }
    }
    for (lane, (&a, &b)) in rest_a.iter().zip(rest_b).enumerate() {
        for (sums, term) in lanes.iter_mut().zip(terms(a, b)) {
            sums[lane] += term;
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_tenths_sum_exactly() {
        assert_eq!(sum(std::iter::repeat_n(0.1, 1_000_000)), 100_000.0);
    }

    #[test]
    fn many_terms_have_the_bits_of_terms_added_one_after_the_other() {
        let a: Vec<f64> = (0..MANY as u32 + 77).map(|i| f64::from(i).sin()).collect();
        let b: Vec<f64> = a.iter().map(|a| a * a + 0.1).collect();
        let mut one_by_one = Sum::new();
        for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
            let [block] = of_block(a, b, &|a, b| [a / b]);
            one_by_one.add(block);
        }
        assert_eq!(over_pairs(&a, &b, |a, b| [a / b]), [one_by_one.value()]);
        assert_eq!(of_each(&a, f64::exp), sum(a.iter().map(|a| a.exp())));
    }

    #[test]
    fn many_logarithms_are_those_of_products() {
        let mut v: Vec<f64> =
            (0..MANY as u32 + 77).map(|i| f64::from(i % 1000).exp2().sqrt() * 1e-90).collect();
        let of_each = |v: &[f64]| sum(v.iter().map(|v| ln(v + 1e-200)));
        let (one_by_one, together) = (of_each(&v), of_logs(&v, 1e-200));
        assert!((one_by_one / together - 1.0).abs() < 1e-15, "{one_by_one} {together}");
        for (value, log) in [(0.0, f64::NEG_INFINITY), (f64::INFINITY, f64::INFINITY)] {
            v[99] = value;
            assert_eq!(of_logs(&v, 0.0), log);
        }
        v[99] = 5e-324;
        assert!((of_each(&v) / of_logs(&v, 1e-200) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn non_finite_terms_make_the_sum_non_finite() {
        assert_eq!(sum([1.0, f64::NEG_INFINITY, 2.0]), f64::NEG_INFINITY);
        assert!(sum([f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert!(sum([1.0, f64::NAN]).is_nan());
    }
}
