//! The regularized incomplete gamma functions, their logarithms and inverses.

use std::f64::consts::TAU;

use super::{ln_gamma_1p, stirling_error};
use crate::numeric::deviance::deviance;
use crate::numeric::double_double::DoubleDouble;
use crate::numeric::elementary::{exp, exp_m1, ln};
use crate::numeric::quantile::{self, Trial};
use crate::numeric::tail::Tail;
use crate::numeric::{normal, temme};

/// `P(a, x) = 1/Γ(a) ∫₀ˣ t^(a−1) e⁻ᵗ dt`, for `a > 0`, `x ≥ 0`; `NaN` outside.
///
/// Relative error below 1e-14, wherever the value is not subnormal, for `a` from 1e-3 to 1e12 and more.
///
/// Source: DLMF 8.11.4 (series), 8.9.2 (continued fraction), Temme (1994) for `a ≥ 16`; prefactor by
/// Loader (2000).
///
/// ```
/// use metaprop::numeric::gamma::lower_regularized;
/// assert!((lower_regularized(1.0, 2.0) - (1.0 - (-2.0_f64).exp())).abs() < 1e-15);
/// assert_eq!(lower_regularized(3.0, 0.0), 0.0);
/// ```
#[must_use]
pub fn lower_regularized(a: f64, x: f64) -> f64 {
    IncompleteGamma::new(a).tail(x).probability(false)
}

/// `Q(a, x) = 1 − P(a, x)` without the cancellation; domain, error and source as [`lower_regularized`].
///
/// ```
/// use metaprop::numeric::gamma::upper_regularized;
/// assert!((upper_regularized(1.0, 600.0) / (-600.0_f64).exp() - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn upper_regularized(a: f64, x: f64) -> f64 {
    IncompleteGamma::new(a).tail(x).probability(true)
}

/// `ln Q(a, x)`, finite far beyond the underflow of [`upper_regularized`]; relative error below 1e-14.
///
/// ```
/// let log = metaprop::numeric::gamma::log_upper_regularized(1.0, 1e6);
/// assert!((log + 1e6).abs() < 1e-8);
/// ```
#[must_use]
pub fn log_upper_regularized(a: f64, x: f64) -> f64 {
    IncompleteGamma::new(a).tail(x).ln_probability(true)
}

/// `ln P(a, x)`, finite far beyond the underflow of [`lower_regularized`]; relative error below 1e-14.
///
/// ```
/// let log = metaprop::numeric::gamma::log_lower_regularized(1.0, 1e-30);
/// assert!((log - 1e-30_f64.ln()).abs() < 1e-13);
/// ```
#[must_use]
pub fn log_lower_regularized(a: f64, x: f64) -> f64 {
    IncompleteGamma::new(a).tail(x).ln_probability(false)
}

/// The `x` with `P(a, x) = p`; 0 and `∞` at 0 and 1, `NaN` outside `[0, 1]` or for `a ≤ 0`.
///
/// Relative error below 1e-14 / min(1, a): the condition number of the inverse is `1/a` for small `a`.
/// Source: Halley's iteration on the logarithm of the smaller tail.
///
/// ```
/// use metaprop::numeric::gamma::lower_quantile;
/// assert!((lower_quantile(0.5, 1.0) - 2.0_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn lower_quantile(p: f64, a: f64) -> f64 {
    if p > 0.5 {
        return IncompleteGamma::new(a).quantile(1.0 - p, true);
    }
    IncompleteGamma::new(a).quantile(p, false)
}

/// The `x` with `Q(a, x) = q`, accurate for the smallest `q`; else as [`lower_quantile`].
///
/// ```
/// use metaprop::numeric::gamma::upper_quantile;
/// assert!((upper_quantile(1e-300, 1.0) - 690.775_527_898_213_7).abs() < 1e-12);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, a: f64) -> f64 {
    if q > 0.5 {
        return IncompleteGamma::new(a).quantile(1.0 - q, false);
    }
    IncompleteGamma::new(a).quantile(q, true)
}

/// The gamma distribution with a given shape; what depends on the shape alone is computed once.
#[derive(Clone, Copy, Debug)]
pub(in crate::numeric) struct IncompleteGamma {
    shape: f64,
    /// `aᵃ e⁻ᵃ / Γ(a + 1) = exp(−δ(a)) / √(2πa)`.
    peak: f64,
}

impl IncompleteGamma {
    /// For a shape `a > 0`; with another shape every function gives `NaN`.
    pub fn new(shape: f64) -> Self {
        if !(shape > 0.0 && shape < 1e290) {
            return Self { shape: f64::NAN, peak: f64::NAN };
        }
        Self { shape, peak: exp(-stirling_error(shape)) / (TAU * shape).sqrt() }
    }

    /// Both tails at `x`.
    pub fn tail(&self, x: f64) -> Tail {
        let a = self.shape;
        if x.is_nan() || a.is_nan() || x < 0.0 {
            return Tail::from_probability(false, f64::NAN);
        }
        if x == 0.0 {
            return Tail::from_probability(false, 0.0);
        }
        if x >= 1e290 {
            return Tail::from_probability(true, 0.0);
        }
        self.inner_tail(x, deviance(DoubleDouble::new(x), a))
    }

    /// The tails at a positive finite `x` whose deviance is known.
    fn inner_tail(&self, x: f64, exponent: DoubleDouble) -> Tail {
        let a = self.shape;
        if temme::applies(a, exponent) {
            return temme::tail(&temme::GAMMA, a, exponent, x > a);
        }
        if x >= a.max(1.5) {
            let factor = self.peak * a * upper_fraction(a, x);
            return Tail { is_upper: true, exponent, factor };
        }
        let factor = self.peak * lower_series(a, x);
        let lower = Tail { is_upper: false, exponent, factor };
        if a > 1.0 || lower.probability(false) < 0.75 {
            return lower;
        }
        Tail::from_probability(true, upper_of_small_shape(a, x))
    }

    /// `x` times the density at `x`: `xᵃ e⁻ˣ / Γ(a)`.
    pub fn x_density(&self, x: f64) -> f64 {
        deviance(DoubleDouble::new(x), self.shape).exp_negative() * self.peak * self.shape
    }

    /// The `x` at which the lower or upper tail has this probability, at most ½.
    pub fn quantile(&self, probability: f64, upper: bool) -> f64 {
        if !(0.0..=0.5).contains(&probability) || self.shape.is_nan() {
            return f64::NAN;
        }
        if probability == 0.0 {
            return if upper { f64::INFINITY } else { 0.0 };
        }
        let start = self.start(probability, upper);
        if start == 0.0 {
            return 0.0;
        }
        let at = |x: f64| {
            let exponent = deviance(DoubleDouble::new(x), self.shape);
            Trial {
                tail: self.inner_tail(x, exponent),
                density: exponent.exp_negative() * self.peak * self.shape,
                slope: self.shape - x,
            }
        };
        let advance = |x: f64, step: f64| x * exp(step);
        quantile::solve(probability, upper, start, at, advance)
    }

    /// Wilson and Hilferty (1931), doi:10.1073/pnas.17.12.684, or the first term of the series at 0.
    fn start(&self, probability: f64, upper: bool) -> f64 {
        let a = self.shape;
        if !upper || a < 0.5 {
            let lower = if upper { 1.0 - probability } else { probability };
            let first = exp((ln(lower) + ln_gamma_1p(a)) / a);
            if first < 0.2 * (a + 1.0) {
                return first * exp(first / (a + 1.0));
            }
        }
        let z = if upper { -normal::quantile(probability) } else { normal::quantile(probability) };
        let ninth = 1.0 / (9.0 * a);
        let root = 1.0 - ninth + z * ninth.sqrt();
        let cubed = a * root * root * root;
        if cubed > 0.05 * a { cubed } else { 0.05 * a }
    }
}

/// `Σ xⁿ / ((a + 1) … (a + n))`, DLMF 8.11.4 divided by its prefactor; used where the terms decrease.
fn lower_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut denominator = a;
    while term > sum * 1e-17 {
        denominator += 1.0;
        term *= x / denominator;
        sum += term;
    }
    sum
}

/// The even part of the continued fraction DLMF 8.9.2 for `Γ(a, x) / (xᵃ e⁻ˣ)`, by Steed's method.
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut partial_denominator = x + 1.0 - a;
    let mut inverse = 1.0 / partial_denominator;
    let mut term = inverse;
    let mut sum = inverse;
    for n in 1..MAX_TERMS {
        let n = f64::from(n);
        let partial_numerator = n * (a - n);
        partial_denominator += 2.0;
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

/// `Q(a, x)` for `a ≤ 1`, `x ≤ 1.5`, without the cancellation of `1 − P` where `P` is close to 1.
///
/// DLMF 8.7.1: `P = xᵃ/Γ(a + 1) (1 + a Σ (−x)ⁿ / ((a + n) n!))`.
fn upper_of_small_shape(a: f64, x: f64) -> f64 {
    let mut power = 1.0;
    let mut sum = 0.0;
    let mut n = 1.0;
    while f64::abs(power) > 1e-17 {
        power *= -x / n;
        sum += power / (a + n);
        n += 1.0;
    }
    let ln_leading = a * ln(x) - ln_gamma_1p(a);
    -exp_m1(ln_leading) - exp(ln_leading) * a * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_is_continuous_where_the_method_changes() {
        for (a, x) in [(15.999_999, 16.0), (16.0, 37.7), (16.0, 4.8), (1.0, 1.5), (0.5, 1.5)] {
            let below = lower_regularized(a, x * (1.0 - 1e-12));
            let above = lower_regularized(a, x * (1.0 + 1e-12));
            let slope = IncompleteGamma::new(a).x_density(x) * 2e-12;
            assert!((above - below - slope).abs() < 5e-15 * above, "a {a} x {x}");
        }
    }

    #[test]
    fn arguments_outside_the_domain_give_nan() {
        assert!(lower_regularized(-1.0, 1.0).is_nan());
        assert!(upper_regularized(1.0, -1.0).is_nan());
        assert!(lower_quantile(1.5, 1.0).is_nan());
        assert_eq!(lower_quantile(1.0, 2.0), f64::INFINITY);
        assert_eq!(upper_regularized(2.0, f64::INFINITY), 0.0);
    }
}
