//! The logarithm of the (complete) beta function.

use std::f64::consts::TAU;

use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::gamma::{ln_gamma, ln_gamma_1p, ln_gamma_ratio, stirling_error};

/// `ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b)` for `a, b > 0`, without the cancellation of the three
/// logarithms; `NaN` outside.
///
/// Relative error below 1e-14 (absolute 1e-15 where the value is near 0), for parameters up to 1e15.
///
/// Source: DLMF 5.12.1 with Stirling's formula, DLMF 5.11.1, its leading terms cancelled by hand.
///
/// ```
/// use metaprop::numeric::beta::ln_beta;
/// assert!((ln_beta(2.0, 3.0) + 12.0_f64.ln()).abs() < 1e-14);
/// // B(a, b) ≈ Γ(a) b⁻ᵃ, for large b.
/// assert!((ln_beta(1.0, 1e12) + 1e12_f64.ln()).abs() < 1e-13);
/// ```
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0) {
        return f64::NAN;
    }
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small < 10.0 {
        return ln_gamma(small) - ln_gamma_ratio(large, small);
    }
    let stirling = stirling_error(small) + stirling_error(large) - stirling_error(small + large);
    let entropy = large * ln_1p(small / large) + small * ln_1p(large / small);
    0.5 * ln(TAU * (1.0 / small + 1.0 / large)) + stirling - entropy
}

/// `ln(a B(a, b))`, which tends to 0 with `a`, for any `a, b > 0`.
pub(super) fn ln_shape_times_beta(a: f64, b: f64) -> f64 {
    if a <= b { ln_gamma_1p(a) - ln_gamma_ratio(b, a) } else { ln(a) + ln_beta(a, b) }
}
