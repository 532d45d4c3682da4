//! The F distribution with real degrees of freedom.
//!
//! `P(F > f) = I_x(ν₂/2, ν₁/2)` at `x = ν₂/(ν₂ + ν₁ f)` (Abramowitz & Stegun 26.6.2), both `x` and `1 − x`
//! taken to double-double accuracy.

use super::beta::IncompleteBeta;
use super::chi_squared;
use super::double_double::DoubleDouble;
use super::tail::Tail;

/// The distribution function; 0 below 0, `NaN` for a `ν ≤ 0`, a scaled χ² for `ν₂ = ∞`.
///
/// Relative error below 1e-14, in the lower tail too.
///
/// ```
/// // For ν₁ = ν₂ = 2: f/(1 + f).
/// let p = metaprop::numeric::fisher_f::cdf(3.0, 2.0, 2.0);
/// assert!((p - 0.75).abs() < 1e-15);
/// ```
#[must_use]
pub fn cdf(f: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi_squared::cdf(f * df1, df1);
    }
    upper_as_lower(f, df1, df2).probability(true)
}

/// The survival function `P(F > f)`; domain and error as [`cdf`], in the upper tail.
///
/// ```
/// let p = metaprop::numeric::fisher_f::sf(1e12, 2.0, 2.0);
/// assert!((p * (1.0 + 1e12) - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sf(f: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi_squared::sf(f * df1, df1);
    }
    upper_as_lower(f, df1, df2).probability(false)
}

/// The quantile `f` with `sf(f) = q`; `∞` and 0 at 0 and 1, `NaN` outside `[0, 1]` or for a `ν ≤ 0`.
///
/// Relative error below 1e-14 for `ν₁, ν₂ ≥ 2`, and `2/ν` times that below.
///
/// ```
/// let f = metaprop::numeric::fisher_f::upper_quantile(0.25, 2.0, 2.0);
/// assert!((f - 3.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi_squared::upper_quantile(q, df1) / df1;
    }
    let beta = IncompleteBeta::new(0.5 * df2, 0.5 * df1);
    let (x, y) = if q > 0.5 { beta.quantile(1.0 - q, true, None) } else { beta.quantile(q, false, None) };
    y / x * (df2 / df1)
}

/// The quantile `f` with `cdf(f) = p`; else as [`upper_quantile`].
///
/// ```
/// let f = metaprop::numeric::fisher_f::quantile(0.75, 2.0, 2.0);
/// assert!((f - 3.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn quantile(p: f64, df1: f64, df2: f64) -> f64 {
    // F(ν₁, ν₂) and 1/F(ν₂, ν₁) have the same distribution.
    if df2 == f64::INFINITY {
        return chi_squared::quantile(p, df1) / df1;
    }
    1.0 / upper_quantile(p, df2, df1)
}

/// The upper tail of F as the lower tail of a beta distribution.
fn upper_as_lower(f: f64, df1: f64, df2: f64) -> Tail {
    let beta = IncompleteBeta::new(0.5 * df2, 0.5 * df1);
    if f.is_nan() || beta.a.is_nan() {
        return Tail::from_probability(false, f64::NAN);
    }
    if f <= 0.0 {
        return Tail::from_probability(true, 0.0);
    }
    if f == f64::INFINITY {
        return Tail::from_probability(false, 0.0);
    }
    let df2_exact = DoubleDouble::new(df2);
    if f > 1e150 {
        let ln_scaled = DoubleDouble::new(f).log().plus(DoubleDouble::new(df1).log());
        return beta.leading_tail(df2_exact.log().minus(ln_scaled));
    }
    let scaled = DoubleDouble::product(f, df1);
    let total = scaled.plus(df2_exact);
    beta.tail(df2_exact.over(total), scaled.over(total))
}
