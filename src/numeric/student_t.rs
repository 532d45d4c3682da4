//! Student's t distribution with real degrees of freedom.
//!
//! Everything is computed from the two-sided tail `P(|T| > |t|) = I_x(ν/2, ½)` at `x = ν/(ν + t²)`
//! (Abramowitz & Stegun 26.7.1; `I_x` as in DLMF 8.17), both `x` and `1 − x` taken to double-double accuracy.

use super::beta::IncompleteBeta;
use super::double_double::DoubleDouble;
use super::elementary::{exp_m1, ln_1p};
use super::normal;
use super::tail::Tail;

/// From this ν on the relative difference to the normal distribution, `t⁴/(4ν)`, is below rounding wherever
/// the tail is not 0.
const NORMAL_FROM: f64 = 1e25;

/// The distribution function; `NaN` for `ν ≤ 0`, the normal distribution for `ν = ∞`.
///
/// Relative error below 1e-14, in the lower tail too, for every real `ν ≥ 0.01`.
///
/// ```
/// use metaprop::numeric::student_t::cdf;
/// assert_eq!(cdf(0.0, 3.5), 0.5);
/// assert!((cdf(1.0, 1.0) - 0.75).abs() < 1e-15);
/// assert!((cdf(-1e10, 1.0) / 3.183098861837907e-11 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn cdf(t: f64, df: f64) -> f64 {
    sf(-t, df)
}

/// The survival function `P(T > t)`; domain and error as [`cdf`], in the upper tail.
///
/// ```
/// let q = metaprop::numeric::student_t::sf(2.160368656462791, 13.0);
/// assert!((q - 0.025).abs() < 1e-15);
/// ```
#[must_use]
pub fn sf(t: f64, df: f64) -> f64 {
    if df >= NORMAL_FROM {
        return normal::sf(t);
    }
    let half = 0.5 * two_sided(t, df).probability(false);
    if t > 0.0 { half } else { 1.0 - half }
}

/// The logarithm of [`sf`], finite beyond its underflow; relative error below 1e-14 for `ν < 1e25`.
///
/// ```
/// let log = metaprop::numeric::student_t::log_sf(1e5, 200.0);
/// assert!((log + 1776.3227055406115).abs() < 1e-11);
/// ```
#[must_use]
pub fn log_sf(t: f64, df: f64) -> f64 {
    if df >= NORMAL_FROM {
        return normal::log_sf(t);
    }
    let tail = two_sided(t, df);
    if t > 0.0 {
        tail.ln_probability(false) - std::f64::consts::LN_2
    } else {
        ln_1p(-0.5 * tail.probability(false))
    }
}

/// The two-sided p-value `P(|T| > |t|)`; domain and error as [`cdf`].
///
/// ```
/// let p = metaprop::numeric::student_t::two_sided_p(-2.160368656462791, 13.0);
/// assert!((p - 0.05).abs() < 1e-15);
/// ```
#[must_use]
pub fn two_sided_p(t: f64, df: f64) -> f64 {
    if df >= NORMAL_FROM {
        return normal::two_sided_p(t);
    }
    two_sided(t, df).probability(false)
}

/// The quantile `t` with `cdf(t) = p`; `∓∞` at 0 and 1, `NaN` outside `[0, 1]` or for `ν ≤ 0`.
///
/// Relative error below 1e-14 for `ν ≥ 1`, near `p = ½` too; for `ν < 1` it grows with the condition number
/// `1/ν`.
///
/// Source: Halley's iteration on the logarithm of the smaller tail of [`beta`](super::beta), started from
/// Wallace (1959), doi:10.1214/aoms/1177706202.
///
/// ```
/// use metaprop::numeric::student_t::quantile;
/// assert!((quantile(0.975, 13.0) - 2.160368656462791).abs() < 1e-14);
/// assert!((quantile(0.975, 1e6) - 1.9599663568141066).abs() < 1e-14);
/// ```
#[must_use]
pub fn quantile(p: f64, df: f64) -> f64 {
    if p > 0.5 { upper_quantile(1.0 - p, df) } else { -upper_quantile(p, df) }
}

/// The quantile `t` with `sf(t) = q`, accurate for the smallest `q`; else as [`quantile`].
///
/// ```
/// let t = metaprop::numeric::student_t::upper_quantile(1e-300, 1.0);
/// assert!((t / 3.183098861837907e299 - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&q) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if df >= NORMAL_FROM {
        return normal::upper_quantile(q);
    }
    if q > 0.5 {
        return -upper_quantile(1.0 - q, df);
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    positive_quantile(q, df)
}

/// The quantile of an upper tail `0 < q ≤ ½`.
fn positive_quantile(q: f64, df: f64) -> f64 {
    let beta = IncompleteBeta::new(0.5 * df, 0.5);
    let ln_x = beta.ln_leading_quantile(2.0 * q);
    if ln_x.hi < -80.0 {
        // x = ν/t² is negligible beside 1: t = √(ν/x) from the first term of the series.
        return df.sqrt() * ln_x.halved().exp_negative();
    }
    let start = if ln_x.hi < -3.0 {
        let x = ln_x.negated().exp_negative();
        (x, 1.0 - x)
    } else {
        wallace(q, df)
    };
    // For q above ¼ the complement 1 − 2q is the smaller tail, and it is exact.
    let (x, y) = if q <= 0.25 {
        beta.quantile(2.0 * q, false, Some(start))
    } else {
        beta.quantile(1.0 - 2.0 * q, true, Some(start))
    };
    (df * (y / x)).sqrt()
}

/// Wallace (1959): `t² ≈ ν (exp(z² c²/ν) − 1)`, `c = (8ν + 3)/(8ν + 1)`, as the pair `(x, 1 − x)`.
fn wallace(q: f64, df: f64) -> (f64, f64) {
    let z = normal::upper_quantile(q) * (8.0 * df + 3.0) / (8.0 * df + 1.0);
    let odds = exp_m1((z * z / df).min(300.0));
    (1.0 / (1.0 + odds), odds / (1.0 + odds))
}

/// The two-sided tail as the lower tail of a beta distribution.
fn two_sided(t: f64, df: f64) -> Tail {
    let beta = IncompleteBeta::new(0.5 * df, 0.5);
    if t.is_nan() {
        return Tail::from_probability(false, f64::NAN);
    }
    let size = t.abs();
    if size > 1e100 {
        // t² may overflow, but x = ν/t² is so small that the first term of the series is exact. (For a ν
        // near t² the tail is 0 in either computation.)
        if size == f64::INFINITY {
            return Tail::from_probability(false, if beta.a.is_nan() { f64::NAN } else { 0.0 });
        }
        let ln_t = DoubleDouble::new(size).log();
        return beta.leading_tail(DoubleDouble::new(df).log().minus(ln_t.plus(ln_t)));
    }
    let square = DoubleDouble::product(t, t);
    let total = square.plus(DoubleDouble::new(df));
    beta.tail(DoubleDouble::new(df).over(total), square.over(total))
}
