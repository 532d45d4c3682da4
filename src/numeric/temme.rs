//! Temme's uniform expansion of the incomplete gamma and beta functions for large parameters.
//!
//! With `E` the deviance of the density's exponent and `a` the (smaller) shape, `ζ = ±√(2E/a)`, both
//! functions are
//!
//! `upper tail = ½ erfc(ζ √(a/2)) + exp(−E) / √(2πa) · S(ζ)`,
//! `S = Σ bₙ ζⁿ / (1 + b₁/a)`, `bₙ₋₁ = fₙ + (n + 1) bₙ₊₁ / a` downwards from `b_N = 0`,
//!
//! where `Σ fₙ ζⁿ` is the Taylor series of `ζ / v`, and `v` is the scaled distance of the variable from
//! its centre, the solution of `v v′ = ζ (1 + p v + q v²)`, `v ≈ ζ`. Gamma: `p = 1, q = 0`. Beta with
//! `x₀ = a/(a+b) ≤ ½`, `y₀ = 1 − x₀`: `p = (y₀ − x₀)/√y₀, q = −x₀`.
//!
//! Sources: Temme, N. M. (1979). The asymptotic expansion of the incomplete gamma functions. *SIAM J.
//! Math. Anal.* 10, 757–766, doi:10.1137/0510071; Temme (1994), A set of algorithms for the incomplete
//! gamma functions, *Probab. Eng. Inform. Sci.* 8, 291–307, doi:10.1017/S0269964800003417 (the downward
//! recursion); Temme (1982), The uniform asymptotic expansion of a class of integrals related to
//! cumulative distribution functions, *SIAM J. Math. Anal.* 13, 239–253, doi:10.1137/0513017 (beta).
//! The recursion for `v` is the differential equation above, compared power by power.

use super::double_double::DoubleDouble;
use super::normal::scaled_erfc;
use super::tail::Tail;

/// Terms kept. The coefficients decrease like `(2√π)⁻ⁿ` for every `x₀`: with 30 of them the truncation error
/// is below 1e-16 where [`applies`] is true (compared with 50-digit arithmetic; 2e-16 at the extremes).
const TERMS: usize = 30;

/// [`TERMS`] as a float.
const HIGHEST_ORDER: f64 = 30.0;

/// The coefficients `f₀ … f_N`.
pub(super) type Coefficients = [f64; TERMS + 1];

/// The smallest shape for which the downward recursion has converged at [`TERMS`].
pub(super) const SMALLEST_SHAPE: f64 = 16.0;

/// Whether the expansion is accurate at this shape and deviance: `a ≥ 16`, `|ζ| ≤ 1`.
pub(super) fn applies(shape: f64, exponent: DoubleDouble) -> bool {
    shape >= SMALLEST_SHAPE && 2.0 * exponent.hi <= shape
}

/// The series of the incomplete gamma function.
pub(super) static GAMMA: Coefficients = coefficients(1.0, 0.0);

/// The Taylor coefficients of `ζ / v` for given `p` and `q`.
pub(super) const fn coefficients(p: f64, q: f64) -> Coefficients {
    // v = Σ v[n] ζⁿ, v² = Σ square[n] ζⁿ; from v v′ = (v²)′/2:
    // n square[n] / 2 = [n = 2] + p v[n−2] + q square[n−2].
    let mut v = [0.0; TERMS + 2];
    let mut square = [0.0; TERMS + 3];
    v[1] = 1.0;
    square[2] = 1.0;
    let mut order = 3.0;
    let mut n = 3;
    while n < TERMS + 3 {
        square[n] = 2.0 * (p * v[n - 2] + q * square[n - 2]) / order;
        // The products v[i] v[n − i] with both indices above 1; the other two contain the unknown v[n − 1].
        let mut inner = 0.0;
        let mut i = 2;
        while 2 * i < n {
            inner += 2.0 * v[i] * v[n - i];
            i += 1;
        }
        if 2 * i == n && i > 1 {
            inner += v[i] * v[i];
        }
        v[n - 1] = (square[n] - inner) / 2.0;
        order += 1.0;
        n += 1;
    }
    ratio_from(&v, p, q)
}

/// `ζ/v = v′ − p ζ − q ζ v`: the differential equation solved for the series of `ζ/v`.
const fn ratio_from(v: &[f64; TERMS + 2], p: f64, q: f64) -> Coefficients {
    let mut f = [0.0; TERMS + 1];
    let mut n = 0;
    let mut order = 1.0;
    while n <= TERMS {
        f[n] = order * v[n + 1];
        if n == 1 {
            f[n] -= p;
        }
        if n > 1 {
            f[n] -= q * v[n - 1];
        }
        order += 1.0;
        n += 1;
    }
    f
}

/// The smaller tail: the upper one where the variable lies `above` the centre, else the lower one.
pub(super) fn tail(f: &Coefficients, shape: f64, exponent: DoubleDouble, above: bool) -> Tail {
    let deviance = exponent.value();
    let distance = (2.0 * deviance / shape).sqrt();
    let zeta = if above { distance } else { -distance };
    let inverse_shape = 1.0 / shape;
    let (mut next, mut after_next) = (0.0, 0.0);
    let mut series = 0.0;
    let mut order = HIGHEST_ORDER;
    for coefficient in f[1..].iter().rev() {
        let current = coefficient + (order + 1.0) * after_next * inverse_shape;
        (after_next, next) = (next, current);
        series = series * zeta + current;
        order -= 1.0;
    }
    // `after_next` is now b₁.
    let normaliser = 1.0 + after_next * inverse_shape;
    let correction = series / (normaliser * (std::f64::consts::TAU * shape).sqrt());
    let signed = if above { correction } else { -correction };
    let factor = 0.5 * scaled_erfc(deviance.sqrt()) + signed;
    Tail { is_upper: above, exponent, factor }
}
