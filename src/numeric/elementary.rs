//! Elementary functions from pure-Rust `libm`, which no other file names.
//!
//! The platform's `ln`, `exp`, `pow` and `sin` differ in the last bit from system to system; these do not.

/// The natural logarithm `ln x`; `−∞` at 0, `NaN` below.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::ln(1.0), 0.0);
/// ```
#[must_use]
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)` with full relative accuracy for small `x`; `−∞` at −1, `NaN` below.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::ln_1p(1e-20), 1e-20);
/// ```
#[must_use]
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// The exponential `eˣ`.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::exp(0.0), 1.0);
/// ```
#[must_use]
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `eˣ − 1` with full relative accuracy for small `x`.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::exp_m1(1e-20), 1e-20);
/// ```
#[must_use]
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// The sine of an angle in radians.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::sin(0.0), 0.0);
/// ```
#[must_use]
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// The cosine of an angle in radians.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::cos(0.0), 1.0);
/// ```
#[must_use]
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The arc sine, in `[−π/2, π/2]`; `NaN` outside `[−1, 1]`.
///
/// ```
/// use std::f64::consts::FRAC_PI_2;
/// assert_eq!(metaprop::numeric::elementary::asin(1.0), FRAC_PI_2);
/// ```
#[must_use]
#[inline]
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The arc tangent, in `(−π/2, π/2)`.
///
/// ```
/// use std::f64::consts::FRAC_PI_4;
/// assert_eq!(metaprop::numeric::elementary::atan(1.0), FRAC_PI_4);
/// ```
#[must_use]
#[inline]
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}

/// The angle of the point `(x, y)`, in `[−π, π]`.
///
/// ```
/// use std::f64::consts::FRAC_PI_2;
/// assert_eq!(metaprop::numeric::elementary::atan2(2.0, 0.0), FRAC_PI_2);
/// ```
#[must_use]
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// `xⁿ` by repeated squaring: the same bits everywhere, about `2 log₂ n` roundings.
///
/// ```
/// use metaprop::numeric::elementary::powi;
/// assert_eq!(powi(3.0, 5), 243.0);
/// assert_eq!(powi(2.0, -2), 0.25);
/// ```
#[must_use]
pub fn powi(x: f64, n: i32) -> f64 {
    let mut square = x;
    let mut remaining = n.unsigned_abs();
    let mut power = 1.0;
    while remaining > 0 {
        if remaining & 1 == 1 {
            power *= square;
        }
        square *= square;
        remaining >>= 1;
    }
    if n < 0 { 1.0 / power } else { power }
}

/// `xʸ` for real `y`; `NaN` for a negative `x` with a `y` that is not an integer.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::powf(4.0, 0.5), 2.0);
/// ```
#[must_use]
#[inline]
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The complementary error function `erfc x = 2/√π ∫ₓ^∞ exp(−t²) dt`; relative error below 1e-15.
///
/// ```
/// assert_eq!(metaprop::numeric::elementary::erfc(0.0), 1.0);
/// ```
#[must_use]
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// `ln |Γ(x)|`; use [`ln_gamma`](super::gamma::ln_gamma), which states its domain.
#[inline]
pub(super) fn ln_abs_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The log odds `ln(p / (1 − p))`; `∓∞` at 0 and 1, `NaN` outside `[0, 1]`.
///
/// Relative error below 1e-15, also near `p = ½`, where the value passes through 0. For a `p` close to 1
/// the rounding of `p` itself dominates: if the complement `q` is known, use `−logit(q)`.
///
/// ```
/// use metaprop::numeric::elementary::logit;
/// assert_eq!(logit(0.5), 0.0);
/// assert!((logit(0.25) + 3.0_f64.ln()).abs() < 1e-15);
/// assert!(logit(1.5).is_nan());
/// ```
#[must_use]
pub fn logit(p: f64) -> f64 {
    // Between ¼ and ¾ the difference d = 2p − 1 is exact, and ln(1 + 2d/(1 − d)) keeps the relative
    // accuracy that ln(p/(1 − p)) loses around ½.
    if (0.25..=0.75).contains(&p) {
        let d = (p - 0.5) + (p - 0.5);
        return ln_1p(2.0 * d / (1.0 - d));
    }
    if p < 0.25 { ln(p) - ln_1p(-p) } else { ln(p) - ln(1.0 - p) }
}

/// The inverse of [`logit`]: `1 / (1 + e⁻ʸ)`, with full relative accuracy where it is close to 0.
///
/// ```
/// use metaprop::numeric::elementary::expit;
/// assert_eq!(expit(0.0), 0.5);
/// assert!((expit(-700.0) / (-700.0_f64).exp() - 1.0).abs() < 1e-13);
/// assert_eq!(expit(f64::NEG_INFINITY), 0.0);
/// ```
#[must_use]
pub fn expit(y: f64) -> f64 {
    if y >= 0.0 {
        1.0 / (1.0 + exp(-y))
    } else {
        let odds = exp(y);
        odds / (1.0 + odds)
    }
}

/// `ln(1 + eʸ)` ("softplus") without overflow, with full relative accuracy at both ends.
///
/// `−log1p_exp(−y)` is `ln expit(y)`, the log-likelihood of one event.
///
/// ```
/// use metaprop::numeric::elementary::log1p_exp;
/// assert_eq!(log1p_exp(1000.0), 1000.0);
/// assert_eq!(log1p_exp(-40.0), (-40.0_f64).exp());
/// ```
#[must_use]
pub fn log1p_exp(y: f64) -> f64 {
    if y > 0.0 { y + ln_1p(exp(-y)) } else { ln_1p(exp(y)) }
}
