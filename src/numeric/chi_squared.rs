//! The χ² distribution with real degrees of freedom.

use super::gamma::{self, IncompleteGamma};

/// The density `x^(ν/2−1) e^(−x/2) / (2^(ν/2) Γ(ν/2))`; 0 below 0, `NaN` for `ν ≤ 0`.
///
/// Relative error below 1e-14.
///
/// ```
/// let density = metaprop::numeric::chi_squared::pdf(2.0, 2.0);
/// assert!((density - 0.5 * (-1.0_f64).exp()).abs() < 1e-16);
/// ```
#[must_use]
pub fn pdf(x: f64, df: f64) -> f64 {
    if x.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if x < 0.0 || x == f64::INFINITY {
        return 0.0;
    }
    if x == 0.0 {
        return density_at_zero(df);
    }
    IncompleteGamma::new(0.5 * df).x_density(0.5 * x) / x
}

fn density_at_zero(df: f64) -> f64 {
    if df > 2.0 {
        0.0
    } else if df < 2.0 {
        f64::INFINITY
    } else {
        0.5
    }
}

/// The distribution function `P(ν/2, x/2)`; 0 below 0, `NaN` for `ν ≤ 0`.
///
/// Relative error below 1e-14, in the lower tail too, for `ν` up to 1e12 and any `x`. Source: DLMF 8.2.4;
/// see [`gamma::lower_regularized`].
///
/// ```
/// let p = metaprop::numeric::chi_squared::cdf(3.841458820694124, 1.0);
/// assert!((p - 0.95).abs() < 1e-15);
/// ```
#[must_use]
pub fn cdf(x: f64, df: f64) -> f64 {
    gamma::lower_regularized(0.5 * df, 0.5 * not_negative(x))
}

/// The survival function `Q(ν/2, x/2)`: the p-value of a heterogeneity test. Domain and error as [`cdf`].
///
/// ```
/// let p = metaprop::numeric::chi_squared::sf(1000.0, 2.0);
/// assert!((p / (-500.0_f64).exp() - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sf(x: f64, df: f64) -> f64 {
    gamma::upper_regularized(0.5 * df, 0.5 * not_negative(x))
}

/// The logarithm of [`sf`], finite far beyond its underflow; relative error below 1e-14.
///
/// ```
/// assert_eq!(metaprop::numeric::chi_squared::log_sf(1e12, 2.0), -5e11);
/// ```
#[must_use]
pub fn log_sf(x: f64, df: f64) -> f64 {
    gamma::log_upper_regularized(0.5 * df, 0.5 * not_negative(x))
}

/// The quantile `x` with `cdf(x) = p`; 0 and `∞` at 0 and 1, `NaN` outside `[0, 1]` or for `ν ≤ 0`.
///
/// Relative error below 1e-14 for `ν ≥ 1`; see [`gamma::lower_quantile`].
///
/// ```
/// let x = metaprop::numeric::chi_squared::quantile(0.95, 1.0);
/// assert!((x - 3.841458820694124).abs() < 1e-14);
/// ```
#[must_use]
pub fn quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma::lower_quantile(p, 0.5 * df)
}

/// The quantile `x` with `sf(x) = q`, accurate for the smallest `q`; else as [`quantile`].
///
/// ```
/// let x = metaprop::numeric::chi_squared::upper_quantile(1e-300, 2.0);
/// assert!((x - 1381.5510557964274).abs() < 1e-11);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, df: f64) -> f64 {
    2.0 * gamma::upper_quantile(q, 0.5 * df)
}

/// Negative `x` as 0, since the distribution has no mass below 0; `NaN` stays `NaN`.
fn not_negative(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}
