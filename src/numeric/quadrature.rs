//! Gaussian quadrature rules, and adaptive integration.
//!
//! Source of the rules: Newton's iteration on the three-term recurrence of the orthonormal polynomials;
//! weights by DLMF 3.5.28. Davis & Rabinowitz (1984), *Methods of Numerical Integration*, section 2.7.

mod adaptive;

use std::f64::consts::PI;

use super::elementary::{cos, powf, sin};
use super::sum::Sum;

pub use adaptive::{Integral, integrate};

/// Nodes (ascending) and weights of the `n`-point rule for `∫ f(x) exp(−x²) dx` over the real line.
///
/// Exact for polynomials of degree `2n − 1`. Nodes to 1e-15 (relative; absolute below 1), weights to 5e-14
/// relative, 1e-15 absolute, for `n ≤ 100`. The outermost weights underflow from `n ≈ 370` on; do not use the
/// rule beyond `n = 700`. `n = 0` gives an empty rule.
///
/// For the mean of `f` over a normal distribution with mean `μ` and variance `τ²`, evaluate
/// `Σ wᵢ/√π f(μ + √2 τ xᵢ)`.
///
/// ```
/// let (nodes, weights) = metaprop::numeric::quadrature::gauss_hermite(5);
/// let second: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x * x).sum();
/// assert!((second - std::f64::consts::PI.sqrt() / 2.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn gauss_hermite(n: usize) -> (Vec<f64>, Vec<f64>) {
    let order = as_float(n);
    let mut positive = Vec::with_capacity(n / 2);
    for index in 0..n / 2 {
        let start = hermite_start(order, as_float(index));
        let node = newton(start, |x| {
            let (last, before, _) = hermite(n, x);
            last / ((2.0 * order).sqrt() * before)
        });
        positive.push((node, 1.0 / hermite(n, node).2));
    }
    let at_zero = (n % 2 == 1).then(|| 1.0 / hermite(n, 0.0).2);
    mirrored(&positive, at_zero)
}

/// Nodes (ascending) and weights of the `n`-point rule for `∫ f(x) dx` over `[−1, 1]`.
///
/// Exact for polynomials of degree `2n − 1`. Nodes and weights to 1e-15 absolute for `n ≤ 100`; the
/// smallest weights to 2e-13 relative.
///
/// ```
/// let (nodes, weights) = metaprop::numeric::quadrature::gauss_legendre(3);
/// let fourth: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x * x * x * x).sum();
/// assert!((fourth - 0.4).abs() < 1e-15);
/// ```
#[must_use]
pub fn gauss_legendre(n: usize) -> (Vec<f64>, Vec<f64>) {
    let order = as_float(n);
    let mut positive = Vec::with_capacity(n / 2);
    for index in 0..n / 2 {
        // The leading term of DLMF 18.16.8.
        let start = cos(PI * (as_float(index) + 0.75) / (order + 0.5));
        let node = newton(start, |x| {
            let (last, before) = legendre(n, x);
            last * (1.0 - x * x) / (order * (before - x * last))
        });
        positive.push((node, legendre_weight(n, node)));
    }
    let at_zero = (n % 2 == 1).then(|| legendre_weight(n, 0.0));
    mirrored(&positive, at_zero)
}

/// `h_n`, `h_{n−1}` and `Σ_{k<n} h_k²` at `x`, for the orthonormal Hermite polynomials of `exp(−x²)`.
fn hermite(n: usize, x: f64) -> (f64, f64, f64) {
    let mut last = FRAC_1_PI_POW_QUARTER;
    let mut before = 0.0;
    let mut squares = Sum::new();
    let mut k = 0.0;
    for _ in 0..n {
        squares.add(last * last);
        let next = x * (2.0 / (k + 1.0_f64)).sqrt() * last - (k / (k + 1.0_f64)).sqrt() * before;
        (before, last) = (last, next);
        k += 1.0;
    }
    (last, before, squares.value())
}

/// `π^(−1/4)`.
const FRAC_1_PI_POW_QUARTER: f64 = 0.751_125_544_464_942_482_86;

/// The `index`-th node from the largest, `√ν cos θ` with `ν = 2n + 1` and
/// `2θ − sin 2θ = (4 index + 3) π/ν`: Tricomi's asymptotic form, Szegő (1975), *Orthogonal Polynomials*,
/// section 8.22; within a fiftieth of the spacing for every `n`.
fn hermite_start(order: f64, index: f64) -> f64 {
    let nu = 2.0 * order + 1.0;
    let target = (4.0 * index + 3.0) * PI / nu;
    let theta = newton(powf(0.75 * target, 1.0 / 3.0), |theta| {
        (2.0 * theta - sin(2.0 * theta) - target) / (4.0 * sin(theta) * sin(theta))
    });
    nu.sqrt() * cos(theta)
}

/// `P_n` and `P_{n−1}` at `x`.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut last, mut before) = (1.0, 0.0);
    let mut k = 0.0;
    for _ in 0..n {
        let next = ((2.0 * k + 1.0) * x * last - k * before) / (k + 1.0);
        (before, last) = (last, next);
        k += 1.0;
    }
    (last, before)
}

/// `2 (1 − x²) / (n (P_{n−1} − x P_n))²` at a zero `x` of `P_n`. The term `x P_n` is 0 in exact arithmetic,
/// but it makes the denominator stationary in `x`; without it the rounding of `x` would cost four digits.
fn legendre_weight(n: usize, x: f64) -> f64 {
    let (last, before) = legendre(n, x);
    let scaled = as_float(n) * (before - x * last);
    2.0 * (1.0 - x) * (1.0 + x) / (scaled * scaled)
}

/// Newton's iteration until the step is below rounding.
fn newton(start: f64, step: impl Fn(f64) -> f64) -> f64 {
    let mut x = start;
    for _ in 0..100 {
        let step = step(x);
        x -= step;
        if step.abs() <= 1e-14 * x.abs() {
            break;
        }
    }
    x
}

/// The complete rule from its positive half (largest node first) and the weight at 0, if 0 is a node.
fn mirrored(positive: &[(f64, f64)], at_zero: Option<f64>) -> (Vec<f64>, Vec<f64>) {
    let below = positive.iter().map(|&(x, w)| (-x, w));
    let above = positive.iter().rev().copied();
    below.chain(at_zero.map(|w| (0.0, w))).chain(above).unzip()
}

/// The size of a rule is far below 2⁵³, so the conversion is exact.
#[allow(clippy::cast_precision_loss)]
fn as_float(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::exp;
    use crate::numeric::sum::sum;

    #[test]
    fn outermost_hermite_nodes_and_weights() {
        // mpmath, 40 digits: the largest zero of H_n and its weight.
        for (n, node, weight) in [
            (20, 5.387_480_890_011_232_9, 2.229_393_645_534_151_3e-13),
            (100, 13.406_487_338_144_910, 5.908_067_865_031_206_8e-79),
        ] {
            let (nodes, weights) = gauss_hermite(n);
            assert!((nodes[n - 1] / node - 1.0).abs() < 1e-15, "{n}: {:e}", nodes[n - 1]);
            assert!((weights[n - 1] / weight - 1.0).abs() < 1e-12, "{n}: {:e}", weights[n - 1]);
        }
    }

    #[test]
    fn rules_of_every_order_integrate_exactly() {
        for n in 1..=150 {
            let (nodes, weights) = gauss_hermite(n);
            assert!(nodes.len() == n && nodes.windows(2).all(|w| w[0] < w[1]), "{n}");
            assert!((sum(weights.iter().copied()) / PI.sqrt() - 1.0).abs() < 2e-15, "{n}");
            let (nodes, weights) = gauss_legendre(n);
            assert!(nodes.len() == n && nodes.windows(2).all(|w| w[0] < w[1]), "{n}");
            assert!((sum(weights.iter().copied()) - 2.0).abs() < 4e-15, "order {n}");
            let sines = nodes.iter().zip(&weights).map(|(x, w)| w * exp(*x));
            let exact = exp(1.0) - exp(-1.0);
            assert!(n < 8 || (sum(sines) / exact - 1.0).abs() < 4e-15, "order {n}");
        }
    }
}
