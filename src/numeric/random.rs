//! Reproducible random numbers: one stream for each seed and index, the same on every machine.
//!
//! Replicate `i` of a bootstrap or permutation test uses the stream `Stream::new(seed, i)`, so that the
//! result depends neither on the number of threads nor on the other replicates. Not for cryptography.

mod binomial;

use super::elementary::{ln, powf};
use super::normal;

/// A stream of random numbers: PCG XSL RR 128/64.
///
/// Each stream has the period 2¹²⁸. Different indices of one seed have different increments, hence different
/// sequences, and scrambled starting points.
///
/// Source: O'Neill, M. E. (2014). *PCG: A Family of Simple Fast Space-Efficient Statistically Good
/// Algorithms for Random Number Generation*, HMC-CS-2014-0905, section 6.3.
///
/// ```
/// use metaprop::numeric::random::Stream;
/// let (mut one, mut same) = (Stream::new(7, 0), Stream::new(7, 0));
/// assert_eq!(one.uniform(), same.uniform());
/// assert_ne!(one.uniform(), Stream::new(7, 1).uniform());
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    state: u128,
    increment: u128,
}

/// The multiplier of the 128-bit generator (O'Neill 2014, `PCG_DEFAULT_MULTIPLIER_128`).
const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;

impl Stream {
    /// The stream of this seed and index.
    ///
    /// ```
    /// let mut stream = metaprop::numeric::random::Stream::new(2024, 3);
    /// let u = stream.uniform();
    /// assert!(0.0 < u && u < 1.0);
    /// ```
    #[must_use]
    pub fn new(seed: u64, index: u64) -> Self {
        // Seed and index are hashed first, so that neighbouring values differ in all bits. The increment is
        // a bijection of the index: no two indices of a seed share a sequence.
        let mut seed_hash = SplitMix(seed);
        let mut state_hash = SplitMix(seed_hash.next() ^ SplitMix(index).next());
        let initial = join(state_hash.next(), state_hash.next());
        let sequence = join(seed_hash.next(), SplitMix(index).next());
        let mut stream = Self { state: 0, increment: (sequence << 1) | 1 };
        stream.advance();
        stream.state = stream.state.wrapping_add(initial);
        stream.advance();
        stream
    }

    fn advance(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    /// 64 random bits.
    ///
    /// ```
    /// let mut stream = metaprop::numeric::random::Stream::new(1, 1);
    /// assert_ne!(stream.bits(), stream.bits());
    /// ```
    #[allow(clippy::cast_possible_truncation)]
    pub fn bits(&mut self) -> u64 {
        self.advance();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// Uniform on the open interval `(0, 1)`: the odd multiples of 2⁻⁵³, all equally likely.
    ///
    /// ```
    /// let mut stream = metaprop::numeric::random::Stream::new(1, 1);
    /// assert!((0..1000).all(|_| { let u = stream.uniform(); 0.0 < u && u < 1.0 }));
    /// ```
    #[allow(clippy::cast_precision_loss)] // 53 bits are exact
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) | 1) as f64 * TWO_POW_MINUS_53
    }

    /// Uniform on `0, 1, …, bound − 1`, without bias; 0 for `bound` 0.
    ///
    /// Source: Lemire, D. (2019). Fast random integer generation in an interval. *ACM TOMACS* 29, 3.
    /// doi:10.1145/3230636.
    ///
    /// ```
    /// let mut stream = metaprop::numeric::random::Stream::new(1, 1);
    /// assert!((0..1000).all(|_| stream.below(6) < 6));
    /// ```
    #[allow(clippy::cast_possible_truncation)]
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let rejected_below = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= rejected_below {
                return (product >> 64) as u64;
            }
        }
    }

    /// Standard normal, by inversion: one uniform number gives one normal number.
    ///
    /// With 53 bits the values reach `±8.2`.
    ///
    /// ```
    /// assert!(metaprop::numeric::random::Stream::new(1, 1).normal().is_finite());
    /// ```
    pub fn normal(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    /// χ² with `df > 0` degrees of freedom; `NaN` otherwise.
    ///
    /// ```
    /// assert!(metaprop::numeric::random::Stream::new(1, 1).chi_squared(2.5) > 0.0);
    /// ```
    pub fn chi_squared(&mut self, df: f64) -> f64 {
        2.0 * self.gamma(0.5 * df)
    }

    /// Gamma with `shape > 0` and scale 1; `NaN` otherwise.
    ///
    /// Source: Marsaglia, G. & Tsang, W. W. (2000). A simple method for generating gamma variables.
    /// *ACM TOMS* 26, 363–372, section 3, and section 6 for shapes below 1. doi:10.1145/358407.358414.
    ///
    /// ```
    /// assert!(metaprop::numeric::random::Stream::new(1, 1).gamma(0.1) >= 0.0);
    /// ```
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if !(shape > 0.0 && shape.is_finite()) {
            return f64::NAN;
        }
        if shape < 1.0 {
            let boosted = self.gamma(shape + 1.0);
            return boosted * powf(self.uniform(), 1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let root = 1.0 + c * z;
            if root <= 0.0 {
                continue;
            }
            let cube = root * root * root;
            if ln(self.uniform()) < 0.5 * z * z + d * (1.0 - cube + ln(cube)) {
                return d * cube;
            }
        }
    }

    /// Beta with shapes `a, b > 0`; `NaN` otherwise.
    ///
    /// The ratio `X/(X + Y)` of two gammas: Devroye, L. (1986). *Non-Uniform Random Variate Generation*,
    /// chapter IX, theorem 4.1.
    ///
    /// ```
    /// let x = metaprop::numeric::random::Stream::new(1, 1).beta(2.0, 3.0);
    /// assert!(0.0 < x && x < 1.0);
    /// ```
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        let y = self.gamma(b);
        if x + y > 0.0 {
            return x / (x + y);
        }
        if (x + y).is_nan() {
            return f64::NAN;
        }
        // Both underflowed (shapes far below 1): the beta variable is then 1 with probability a/(a + b),
        // else 0, to within rounding.
        if self.uniform() * (a + b) < a { 1.0 } else { 0.0 }
    }
}

/// `2⁻⁵³`.
const TWO_POW_MINUS_53: f64 = 1.110_223_024_625_156_5e-16;

fn join(high: u64, low: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, *OOPSLA*, figure 17;
/// doi:10.1145/2660193.2660195. Used to hash seeds.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::sum::Sum;

    /// Mean and variance of `n` draws.
    fn moments(n: u32, mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let (mut sum, mut squares) = (Sum::new(), Sum::new());
        for _ in 0..n {
            let x = draw();
            sum.add(x);
            squares.add(x * x);
        }
        let mean = sum.value() / f64::from(n);
        (mean, squares.value() / f64::from(n) - mean * mean)
    }

    #[test]
    fn moments_agree_within_five_standard_errors() {
        let n = 100_000;
        let root_n = f64::from(n).sqrt();
        let mut stream = Stream::new(20_24, 0);
        let (mean, variance) = moments(n, || stream.uniform());
        assert!((mean - 0.5).abs() < 5.0 * 0.289 / root_n && (variance - 1.0 / 12.0).abs() < 0.002);
        let (mean, variance) = moments(n, || stream.normal());
        assert!(mean.abs() < 5.0 / root_n && (variance - 1.0).abs() < 5.0 * 1.42 / root_n);
        for df in [0.5, 1.0, 2.0, 13.0, 400.0] {
            let (mean, variance) = moments(n, || stream.chi_squared(df));
            assert!((mean - df).abs() < 5.0 * (2.0 * df).sqrt() / root_n, "{df}: {mean}");
            // The fourth central moment is 12 ν (ν + 4); the sampling variance of the variance is that minus
            // 4 ν², over n.
            let error = (8.0 * df * df + 48.0 * df).sqrt() / root_n;
            assert!((variance - 2.0 * df).abs() < 5.0 * error, "{df}: {variance}");
        }
        let (mean, variance) = moments(n, || stream.beta(2.0, 6.0));
        assert!((mean - 0.25).abs() < 5.0 * 0.145 / root_n && (variance - 1.0 / 48.0).abs() < 1e-3);
    }

    /// The numbers of a stream must never change: published bootstrap intervals depend on them.
    #[test]
    fn first_numbers_of_a_stream_are_fixed() {
        let mut stream = Stream::new(42, 0);
        let bits: Vec<u64> = (0..3).map(|_| stream.bits()).collect();
        assert_eq!(bits, [7_664_484_145_291_055_703, 12_208_954_427_874_801_476, 6_824_797_727_752_511_555]);
    }

    #[test]
    fn streams_of_one_seed_are_uncorrelated() {
        let n = 20_000;
        for other in [1, 2, 1 << 32, u64::MAX] {
            let (mut a, mut b) = (Stream::new(5, 0), Stream::new(5, other));
            let (mean, _) = moments(n, || a.normal() * b.normal());
            assert!(mean.abs() < 5.0 / f64::from(n).sqrt(), "{other}: {mean}");
        }
    }
}
