//! The regularized incomplete beta function `I_x(a, b)` and its complement.

use std::f64::consts::TAU;

use super::complete::ln_shape_times_beta;
use crate::numeric::deviance::deviance;
use crate::numeric::double_double::DoubleDouble;
use crate::numeric::elementary::{exp, exp_m1, ln};
use crate::numeric::gamma::{ln_gamma_1p, ln_gamma_ratio_excess, stirling_error};
use crate::numeric::quantile::Trial;
use crate::numeric::tail::Tail;
use crate::numeric::temme::{self, Coefficients};

/// `I_x(a, b) = 1/B(a, b) ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt`, for `a, b > 0`, `0 ≤ x ≤ 1`; `NaN` outside.
///
/// Relative error below 1e-14 wherever the value is not subnormal, for parameters from 1e-3 to 1e12.
///
/// Source: DLMF 8.17.8 (series); the continued fraction of Didonato & Morris (1992), Algorithm 708,
/// *ACM TOMS* 18, 360–373, eq. 9, doi:10.1145/131766.131776; for `a, b ≥ 16` Temme's (1982) uniform
/// expansion; prefactor by Loader (2000).
///
/// ```
/// use metaprop::numeric::beta::regularized;
/// assert!((regularized(0.5, 1e7, 1e7) - 0.5).abs() < 1e-15);
/// assert!((regularized(0.25, 1.0, 2.0) - 0.4375).abs() < 1e-15);
/// ```
#[must_use]
pub fn regularized(x: f64, a: f64, b: f64) -> f64 {
    at(x, a, b).probability(false)
}

/// `1 − I_x(a, b) = I_{1−x}(b, a)` without the cancellation; domain, error, source as [`regularized`].
///
/// ```
/// use metaprop::numeric::beta::upper_regularized;
/// assert!((upper_regularized(1e-20, 3.0, 1.0) - 1.0).abs() < 1e-15);
/// assert!((upper_regularized(0.999, 1.0, 100.0) / 1e-300 - 1.0).abs() < 1e-11);
/// ```
#[must_use]
pub fn upper_regularized(x: f64, a: f64, b: f64) -> f64 {
    at(x, a, b).probability(true)
}

/// `ln I_x(a, b)`, finite far beyond the underflow of [`regularized`]; relative error below 1e-14.
///
/// ```
/// let log = metaprop::numeric::beta::log_regularized(0.5, 2000.0, 1.0);
/// assert!((log - 2000.0 * 0.5_f64.ln()).abs() < 1e-11);
/// ```
#[must_use]
pub fn log_regularized(x: f64, a: f64, b: f64) -> f64 {
    at(x, a, b).ln_probability(false)
}

/// `ln(1 − I_x(a, b))`, finite far beyond the underflow of [`upper_regularized`].
///
/// ```
/// let log = metaprop::numeric::beta::log_upper_regularized(0.5, 1.0, 2000.0);
/// assert!((log - 2000.0 * 0.5_f64.ln()).abs() < 1e-11);
/// ```
#[must_use]
pub fn log_upper_regularized(x: f64, a: f64, b: f64) -> f64 {
    at(x, a, b).ln_probability(true)
}

fn at(x: f64, a: f64, b: f64) -> Tail {
    if !(0.0..=1.0).contains(&x) {
        return Tail::from_probability(false, f64::NAN);
    }
    IncompleteBeta::new(a, b).tail(DoubleDouble::new(x), DoubleDouble::sum(1.0, -x))
}

/// The beta distribution with given shapes; what depends on the shapes alone is computed once.
#[derive(Clone, Debug)]
pub(in crate::numeric) struct IncompleteBeta {
    pub a: f64,
    pub b: f64,
    /// `a + b`, exactly.
    total: DoubleDouble,
    /// `xᵃ yᵇ / B(a, b)` at its peak: `√(ab/(2π(a+b))) exp(δ(a+b) − δ(a) − δ(b))`.
    peak: f64,
    uniform: Option<Coefficients>,
}

impl IncompleteBeta {
    /// For shapes `a, b > 0`; with other shapes every function gives `NaN`.
    pub fn new(a: f64, b: f64) -> Self {
        let total = DoubleDouble::sum(a, b);
        if !(a > 0.0 && b > 0.0 && total.hi < 1e290) {
            return Self { a: f64::NAN, b: f64::NAN, total, peak: f64::NAN, uniform: None };
        }
        let stirling = stirling_error(total.hi) - stirling_error(a) - stirling_error(b);
        let peak = (a / total.hi * b / TAU).sqrt() * exp(stirling);
        let smaller = a.min(b);
        let uniform = (smaller >= temme::SMALLEST_SHAPE).then(|| {
            let x0 = smaller / total.hi;
            let y0 = a.max(b) / total.hi;
            temme::coefficients((y0 - x0) / y0.sqrt(), -x0)
        });
        Self { a, b, total, peak, uniform }
    }

    /// Both tails at `x`, each to its own relative accuracy; `y = 1 − x` is passed as well so that neither
    /// loses digits.
    pub fn tail(&self, x: DoubleDouble, y: DoubleDouble) -> Tail {
        if self.a.is_nan() || x.hi.is_nan() || y.hi.is_nan() {
            return Tail::from_probability(false, f64::NAN);
        }
        if x.hi <= 0.0 {
            return Tail::from_probability(false, 0.0);
        }
        if y.hi <= 0.0 {
            return Tail::from_probability(true, 0.0);
        }
        self.inner_tail(x, y, self.exponent(x, y), self.gap(x, y))
    }

    /// The tails at an `x` in `(0, 1)` whose exponent and gap are known.
    fn inner_tail(&self, x: DoubleDouble, y: DoubleDouble, exponent: DoubleDouble, gap: f64) -> Tail {
        if let Some(tail) = self.uniform_tail(exponent, gap) {
            return tail;
        }
        let Self { a, b, .. } = *self;
        if is_small(a, b, x.hi) {
            return self.small_shape_tail(a, b, x.hi, exponent);
        }
        if is_small(b, a, y.hi) {
            return self.small_shape_tail(b, a, y.hi, exponent).mirrored();
        }
        if gap >= 0.0 {
            self.far_tail(a, b, x.hi, y.hi, gap, exponent)
        } else {
            self.far_tail(b, a, y.hi, x.hi, -gap, exponent).mirrored()
        }
    }

    /// `I_x` by the first term of its series, `xᵃ/(a B)`, for an `x` that would underflow.
    pub fn leading_tail(&self, ln_x: DoubleDouble) -> Tail {
        let factor = exp(-ln_shape_times_beta(self.a, self.b));
        let exponent = ln_x.times_double(self.a).negated();
        Tail { is_upper: false, exponent, factor }
    }

    /// `ln x` for an `I_x` so small that the first term of the series is exact.
    pub fn ln_leading_quantile(&self, probability: f64) -> DoubleDouble {
        let constant = DoubleDouble::new(ln_shape_times_beta(self.a, self.b));
        DoubleDouble::new(probability).log().plus(constant).over(DoubleDouble::new(self.a))
    }

    /// The tails at an `x` in `(0, 1)`, with the density `xᵃ yᵇ / B(a, b)` of `ln(x/y)` and the slope of
    /// its logarithm.
    pub fn trial(&self, x: DoubleDouble, y: DoubleDouble) -> Trial {
        let (exponent, gap) = (self.exponent(x, y), self.gap(x, y));
        Trial {
            tail: self.inner_tail(x, y, exponent, gap),
            density: exponent.exp_negative() * self.peak,
            slope: gap,
        }
    }

    /// `a y − b x`: positive below the mean.
    fn gap(&self, x: DoubleDouble, y: DoubleDouble) -> f64 {
        y.times_double(self.a).minus(x.times_double(self.b)).value()
    }

    fn exponent(&self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
        deviance(self.total.times(x), self.a).plus(deviance(self.total.times(y), self.b))
    }

    fn uniform_tail(&self, exponent: DoubleDouble, gap: f64) -> Option<Tail> {
        let coefficients = self.uniform.as_ref()?;
        let smaller = self.a.min(self.b);
        if !temme::applies(smaller, exponent) {
            return None;
        }
        Some(if self.a <= self.b {
            temme::tail(coefficients, smaller, exponent, gap < 0.0)
        } else {
            temme::tail(coefficients, smaller, exponent, gap > 0.0).mirrored()
        })
    }

    fn small_shape_tail(&self, a: f64, b: f64, x: f64, exponent: DoubleDouble) -> Tail {
        let factor = self.peak / a * lower_series(a, b, x);
        let lower = Tail { is_upper: false, exponent, factor };
        if lower.probability(false) < 0.75 {
            return lower;
        }
        Tail::from_probability(true, upper_of_small_shape(a, b, x))
    }

    fn far_tail(&self, a: f64, b: f64, x: f64, y: f64, gap: f64, exponent: DoubleDouble) -> Tail {
        let factor = if self.total.hi * x <= 0.5 * (a + 1.0) {
            lower_series(a, b, x) / a
        } else {
            lower_fraction(a, b, x, y, gap)
        };
        Tail { is_upper: false, exponent, factor: factor * self.peak }
    }
}

/// Whether the power series is used on both sides of the mean: for small `a` the continued fraction does
/// not converge well above it.
fn is_small(a: f64, b: f64, x: f64) -> bool {
    a <= 1.0 && x <= 0.5 && b * x <= 1.5
}

/// `Σ (a+b)ₙ/(a+1)ₙ xⁿ`, DLMF 8.17.8: all terms positive.
fn lower_series(a: f64, b: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = 0.0;
    while term > sum * 1e-17 {
        term *= (a + b + n) / (a + 1.0 + n) * x;
        sum += term;
        n += 1.0;
    }
    sum
}

/// `1 − I_x(a, b)` for `a ≤ 1` and small `x`, without cancellation where `I_x` is close to 1.
///
/// DLMF 8.17.7: `I_x = xᵃ/(a B) (1 + a Σ (1−b)ₙ xⁿ / (n! (a + n)))`.
fn upper_of_small_shape(a: f64, b: f64, x: f64) -> f64 {
    let mut power = 1.0;
    let mut sum = 0.0;
    let mut n = 1.0;
    while f64::abs(power) > 1e-17 {
        power *= (n - b) / n * x;
        sum += power / (a + n);
        n += 1.0;
    }
    // ln(xᵃ/(a B)) from ln(x (a + b)): the separate logarithms of a large b and a small x would cancel.
    let ln_leading = a * ln(x * (a + b)) + ln_gamma_ratio_excess(b, a) - ln_gamma_1p(a);
    -exp_m1(ln_leading) - exp(ln_leading) * a * sum
}

/// `I_x(a, b)` divided by `xᵃ yᵇ / B(a, b)`, for `x` below the mean: the continued fraction of Didonato &
/// Morris (1992), eq. 9, by Steed's method. `gap` is `a − (a + b) x`.
fn lower_fraction(a: f64, b: f64, x: f64, y: f64, gap: f64) -> f64 {
    let mut reciprocal = 1.0 / (a + 1.0); // 1/(a + 2n + 1)
    let mut inverse = 1.0 / (a * reciprocal * (gap + 1.0));
    let mut term = inverse;
    let mut sum = inverse;
    for n in 1..MAX_TERMS {
        let n = f64::from(n);
        let scaled = n * (b - n) * x * reciprocal; // still 1/(a + 2n − 1)
        let partial_numerator = (a + n - 1.0) * (a + b + n - 1.0) * reciprocal * scaled * x;
        reciprocal = 1.0 / (a + 2.0 * n + 1.0);
        let partial_denominator = n + scaled + (a + n) * reciprocal * (gap + 1.0 + n * (1.0 + y));
        let next = 1.0 / (partial_denominator + partial_numerator * inverse);
        term *= -partial_numerator * inverse * next;
        inverse = next;
        sum += term;
        if term.abs() <= sum.abs() * 1e-17 {
            break;
        }
    }
    sum
}

/// Only a safeguard against an endless loop: about 100 terms are enough.
const MAX_TERMS: u32 = 5000;
