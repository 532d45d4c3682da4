//! The first two derivatives of `ln Γ`.

use crate::numeric::elementary::ln;

/// From here on the asymptotic series below are exact to double precision.
const SERIES_FROM: f64 = 12.0;

/// `ψ(x) = d/dx ln Γ(x)` for `x > 0`; `NaN` for `x ≤ 0`.
///
/// Error below 1e-15 (1 + |ψ(x)|): relative, but absolute near the zero at 1.4616.
///
/// Source: recurrence DLMF 5.5.2 up to `x ≥ 12`, then the asymptotic series DLMF 5.11.2.
///
/// ```
/// let minus_euler = metaprop::numeric::gamma::digamma(1.0);
/// assert!((minus_euler + 0.5772156649015329).abs() < 1e-15);
/// ```
#[must_use]
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let mut top = x;
    let mut recurrence = 0.0;
    while top < SERIES_FROM {
        recurrence += 1.0 / top;
        top += 1.0;
    }
    let r = 1.0 / (top * top);
    let tail = r * (5.0 / 660.0 - r * (691.0 / 32_760.0 - r / 12.0));
    let tail = r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0 - tail)));
    (ln(top) - recurrence) - 0.5 / top - r * (1.0 / 12.0 - tail)
}

/// `ψ′(x) = d²/dx² ln Γ(x)` for `x > 0`; `NaN` for `x ≤ 0`. Relative error below 2e-15.
///
/// Source: recurrence DLMF 5.15.5 up to `x ≥ 12`, then the derivative of DLMF 5.11.2.
///
/// ```
/// use std::f64::consts::PI;
/// assert!((metaprop::numeric::gamma::trigamma(1.0) - PI * PI / 6.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let mut top = x;
    let mut recurrence = 0.0;
    while top < SERIES_FROM {
        recurrence += 1.0 / (top * top);
        top += 1.0;
    }
    let inverse = 1.0 / top;
    let r = inverse * inverse;
    let tail = r * (5.0 / 66.0 - r * (691.0 / 2730.0 - r * (7.0 / 6.0)));
    let tail = r * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r * (1.0 / 30.0 - tail))));
    recurrence + inverse * (1.0 + (0.5 * inverse + tail))
}
