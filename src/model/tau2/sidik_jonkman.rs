//! Sidik & Jonkman's estimator, always above 0 unless all estimates are equal.

use super::Tau2Fit;
use super::moment::deviation;
use crate::model::WeightedMean;
use crate::numeric::convergence::Convergence;
use crate::numeric::sum::Sum;

/// Sidik & Jonkman 2005, eq. 5, doi:10.1111/j.1467-9876.2005.00489.x:
/// τ² = τ₀² Q(τ₀²)/(k − 1) with τ₀² = Σ(y − ȳ)²/k and weights 1/(v + τ₀²).
#[must_use]
pub fn sidik_jonkman(y: &[f64], v: &[f64]) -> Tau2Fit {
    let start = deviation(y) / y.len() as f64;
    let w = WeightedMean::at(y, v, start);
    let tau2 = start * w.q / w.df();
    let se = start / w.df() * spread(&w, v, start, tau2).sqrt();
    Tau2Fit { tau2, se: Some(se), convergence: Convergence::closed_form("Sidik-Jonkman") }
}

/// The variance of Q(τ₀²) for normal y with variances v + τ²:
/// 2 tr(PVPV) + 4 τ² tr(PVP) + 2 τ⁴ tr(P²), P = W − wwᵀ/S₁.
pub(super) fn spread(w: &WeightedMean, v: &[f64], start: f64, tau2: f64) -> f64 {
    let [mut vv2, mut vv3, mut v2, mut v3, mut cubes] = [Sum::default(); 5];
    for v in v {
        let weight = 1.0 / (v + start);
        let (square, cube) = (weight * weight, weight * weight * weight);
        vv2.add(square * v * v);
        vv3.add(cube * v * v);
        v2.add(square * v);
        v3.add(cube * v);
        cubes.add(cube);
    }
    let (s, v2) = (w.sum, v2.value());
    let pvpv = vv2.value() - 2.0 * vv3.value() / s + (v2 / s) * (v2 / s);
    let pvp = v2 - 2.0 * v3.value() / s + v2 * w.squares / (s * s);
    let pp = w.squares - 2.0 * cubes.value() / s + (w.squares / s) * (w.squares / s);
    2.0 * pvpv + 4.0 * tau2 * pvp + 2.0 * tau2 * tau2 * pp
}
