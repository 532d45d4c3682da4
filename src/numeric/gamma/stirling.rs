//! `ln Γ`, the error of Stirling's formula, factorials and binomial coefficients.

use std::f64::consts::TAU;

use crate::numeric::elementary::{ln, ln_1p, ln_abs_gamma};

/// `ln √(2π)`.
const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_741_78;

/// `ln Γ(x)` for `x > 0`; `∞` at 0, `NaN` below.
///
/// Relative error below 1e-15, absolute 1e-16 near the zeros at 1 and 2. Source: fdlibm's `lgamma_r`.
///
/// ```
/// use metaprop::numeric::gamma::ln_gamma;
/// assert!((ln_gamma(7.0) - 720.0_f64.ln()).abs() < 1e-15);
/// assert!(ln_gamma(-0.5).is_nan());
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { ln_abs_gamma(x) }
}

/// `δ(x) = ln Γ(x + 1) − ln(√(2πx) (x/e)ˣ)` for `x > 0`: the error of Stirling's formula; `NaN` for
/// `x ≤ 0`.
///
/// Relative error below 1e-15 for `x ≥ 12`, absolute error below 2e-15 for all smaller `x ≥ 1e-8`.
///
/// Source: Loader, C. (2000). *Fast and accurate computation of binomial probabilities*, section 3;
/// series DLMF 5.11.1.
///
/// ```
/// use metaprop::numeric::gamma::stirling_error;
/// assert!((stirling_error(1e6) - 8.333333333333056e-8).abs() < 1e-22);
/// assert!((stirling_error(1.0) - 0.08106146679532726).abs() < 2e-15);
/// ```
#[must_use]
pub fn stirling_error(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x >= SERIES_FROM {
        return stirling_series(x);
    }
    if x < 1.0 {
        return ln_gamma_1p(x) - (x + 0.5) * ln(x) + x - LN_SQRT_2_PI;
    }
    // Γ(x + m) = x (x + 1) … (x + m − 1) Γ(x), both gamma functions by Stirling's formula.
    let steps = (SERIES_FROM - x).ceil();
    let top = x + steps;
    let mut ratio = 1.0;
    let mut i = 0.0;
    while i < steps {
        ratio *= top / (x + i);
        i += 1.0;
    }
    stirling_series(top) + ((x - 0.5) * ln_1p(steps / x) + (ln(ratio) - steps))
}

/// From here on the series below is exact to double precision.
const SERIES_FROM: f64 = 12.0;

/// `Σ B₂ₖ / (2k (2k − 1) x^(2k−1))`, DLMF 5.11.1.
fn stirling_series(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let r = inverse * inverse;
    let tail = 1.0 / 156.0 * r;
    let tail = r * (1.0 / 1188.0 - r * (691.0 / 360_360.0 - tail));
    let tail = r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - tail));
    inverse * (1.0 / 12.0 - r * (1.0 / 360.0) + r * tail)
}

/// `ln Γ(1 + x)` for `x > −½`, without loss for small `x`.
///
/// Below ¼ the Taylor series DLMF 5.7.3: `−ln(1 + x) + (1 − γ) x + Σ (−1)ᵏ (ζ(k) − 1) xᵏ/k`.
pub(in crate::numeric) fn ln_gamma_1p(x: f64) -> f64 {
    if x.abs() > 0.25 {
        return ln_abs_gamma(1.0 + x);
    }
    let mut series = 0.0;
    for coefficient in ZETA_M1_OVER_K.iter().rev() {
        series = coefficient - x * series;
    }
    x * (ONE_MINUS_EULER + x * series) - ln_1p(x)
}

/// `1 − γ`, γ Euler's constant (OEIS A153810).
const ONE_MINUS_EULER: f64 = 0.422_784_335_098_467_139_39;

/// `(ζ(k) − 1)/k` for `k = 2 … 19` (mpmath, 40 digits).
const ZETA_M1_OVER_K: [f64; 18] = [
    0.322_467_033_424_113_218_24,
    0.067_352_301_053_198_095_133,
    0.020_580_808_427_784_547_879,
    0.007_385_551_028_673_985_266_3,
    0.002_890_510_330_741_523_285_8,
    0.001_192_753_911_703_260_977_1,
    5.096_695_247_424_304_242_2e-4,
    2.231_547_584_535_793_797_6e-4,
    9.945_751_278_180_853_371_5e-5,
    4.492_623_673_813_314_17e-5,
    2.050_721_277_567_069_155_3e-5,
    9.439_488_275_268_395_904e-6,
    4.374_866_789_907_487_804_2e-6,
    2.039_215_753_801_366_236_8e-6,
    9.551_412_130_407_419_832_9e-7,
    4.492_469_198_764_566_043_3e-7,
    2.120_718_480_555_466_586_9e-7,
    1.004_322_482_396_809_960_9e-7,
];

/// `ln Γ(x + a) − ln Γ(x)` for `x > 0`, `a ≥ 0`, without the cancellation of the difference.
pub(in crate::numeric) fn ln_gamma_ratio(x: f64, a: f64) -> f64 {
    ln_gamma_ratio_excess(x, a) + a * ln(x + a)
}

/// `ln Γ(x + a) − ln Γ(x) − a ln(x + a)`: small for small `a`, whatever `x`.
pub(in crate::numeric) fn ln_gamma_ratio_excess(x: f64, a: f64) -> f64 {
    // Shifted upwards by the recurrence of Γ to where the series applies.
    let mut recurrence = 0.0;
    let mut top = x;
    while top < SERIES_FROM {
        recurrence += ln_1p(a / top);
        top += 1.0;
    }
    let stirling = stirling_series(top + a) - stirling_series(top);
    let at_top = ((top - 0.5) * ln_1p(a / top) - a) + stirling;
    if top == x {
        return at_top;
    }
    at_top + (a * ln_1p((top - x) / (x + a)) - recurrence)
}

/// `ln n! = ln Γ(n + 1)` for real `n > −1`; `NaN` for `n < −1`. Error as [`ln_gamma`].
///
/// ```
/// let value = metaprop::numeric::gamma::ln_factorial(5.0);
/// assert!((value - 120.0_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_factorial(n: f64) -> f64 {
    ln_gamma(n + 1.0)
}

/// `ln C(n, k)` for real `0 ≤ k ≤ n`, without the cancellation of three log factorials; `NaN` outside.
///
/// Relative error below 1e-14 up to `n = 1e12` and beyond (absolute 1e-15 where the value is near 0).
///
/// Source: Loader (2000), eq. 2, solved for the coefficient:
/// `½ ln(n/(2π k (n−k))) + k ln(n/k) + (n−k) ln(n/(n−k)) + δ(n) − δ(k) − δ(n−k)`.
///
/// ```
/// use metaprop::numeric::gamma::ln_choose;
/// assert!((ln_choose(5.0, 2.0) - 10.0_f64.ln()).abs() < 1e-15);
/// assert_eq!(ln_choose(1e12, 0.0), 0.0);
/// assert!(ln_choose(2.0, 3.0).is_nan());
/// ```
#[must_use]
pub fn ln_choose(n: f64, k: f64) -> f64 {
    let rest = n - k;
    if !(k >= 0.0 && rest >= 0.0 && n.is_finite()) {
        return f64::NAN;
    }
    let (small, large) = if k < rest { (k, rest) } else { (rest, k) };
    if small == 0.0 {
        return 0.0;
    }
    if small < 1.0 {
        return ln_gamma_ratio(large + 1.0, small) - ln_gamma_1p(small);
    }
    let stirling = stirling_error(n) - stirling_error(large) - stirling_error(small);
    let entropy = small * ln(n / small) - large * ln_1p(-small / n);
    entropy + (stirling - 0.5 * ln(TAU * small * (large / n)))
}
