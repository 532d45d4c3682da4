//! Moment estimators of τ² in closed form.
//!
//! All but Hedges' are functions of Q = Σ w (y − μ)². In the formulas S₁ = Σ w, S₂ = Σ w² and P = W − wwᵀ/S₁.

use super::estimate::Tau2Fit;
use crate::model::WeightedMean;
use crate::numeric::sum::{Sum, sum};

/// DerSimonian & Laird 1986, eq. 8, doi:10.1016/0197-2456(86)90046-2: (Q − (k − 1))/(S₁ − S₂/S₁), truncated
/// at 0.
#[must_use]
pub fn der_simonian_laird(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let tau2 = ((w.q - w.df()) / w.trace).max(0.0);
    Tau2Fit::closed_form("DerSimonian-Laird", tau2, variance_of_common_q(&w, v, tau2).sqrt() / w.trace)
}

/// Two-step DerSimonian-Laird, DerSimonian & Kacker 2007, eq. 6 and 10, doi:10.1016/j.cct.2006.04.004:
/// the generalised moment estimator (Q_a − Σ a v + Σ a² v/Σ a)/(Σ a − Σ a²/Σ a), truncated at 0, with the
/// weights a = 1/(v + τ²_DL).
///
/// With these weights Σ a v − Σ a² v/Σ a = (k − 1) − τ²_DL (Σ a − Σ a²/Σ a), so the estimate equals
/// τ²_DL + (Q_a − (k − 1))/(Σ a − Σ a²/Σ a): one step of the iteration that converges to Paule-Mandel. The
/// standard error is that of Q_a with its weights held fixed.
///
/// ```
/// use metaprop::model::tau2::moment::{der_simonian_laird, two_step};
/// // With equal variances the weights make no difference.
/// let (y, v) = ([1.0, 2.0, 6.0], [0.5; 3]);
/// assert!((two_step(&y, &v).tau2 - der_simonian_laird(&y, &v).tau2).abs() < 1e-14);
/// ```
#[must_use]
pub fn two_step(y: &[f64], v: &[f64]) -> Tau2Fit {
    let start = der_simonian_laird(y, v).tau2;
    let a = WeightedMean::at(y, v, start);
    let trace = a.trace;
    let tau2 = (start + (a.q - a.df()) / trace).max(0.0);
    let se = variance_of_q(&a, v, start, tau2).sqrt() / trace;
    Tau2Fit::closed_form("two-step DerSimonian-Laird", tau2, se)
}

/// Hunter & Schmidt 2004: (Q − k)/S₁, truncated at 0.
#[must_use]
pub fn hunter_schmidt(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let tau2 = ((w.q - w.k as f64) / w.sum).max(0.0);
    Tau2Fit::closed_form("Hunter-Schmidt", tau2, variance_of_common_q(&w, v, tau2).sqrt() / w.sum)
}

/// Hunter-Schmidt with the small-sample factor of Brannick et al. 2019, doi:10.1177/1094428117741966:
/// (Q k/(k − 1) − k)/S₁, truncated at 0.
#[must_use]
pub fn hunter_schmidt_corrected(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let k = w.k as f64;
    let factor = k / w.df();
    let tau2 = ((factor * w.q - k) / w.sum).max(0.0);
    let se = factor * variance_of_common_q(&w, v, tau2).sqrt() / w.sum;
    Tau2Fit::closed_form("Hunter-Schmidt with the small-sample correction", tau2, se)
}

/// Hedges & Olkin 1985: Σ(y − ȳ)²/(k − 1) − v̄, truncated at 0.
#[must_use]
pub fn hedges(y: &[f64], v: &[f64]) -> Tau2Fit {
    let (k, df) = (y.len() as f64, y.len() as f64 - 1.0);
    let (mean_v, squares_v) = (sum(v.iter().copied()) / k, sum(v.iter().map(|v| v * v)));
    let tau2 = (sum_of_squares(y) / df - mean_v).max(0.0);
    // The variance of Σ(y − ȳ)² for normal y with variances v + τ²: 2 tr(PV)² + 4 τ² tr(PV) + 2 τ⁴ (k − 1),
    // P = I − 11ᵀ/k.
    let variance = 2.0 * (squares_v * (1.0 - 2.0 / k) + mean_v * mean_v)
        + 4.0 * tau2 * mean_v * df
        + 2.0 * tau2 * tau2 * df;
    Tau2Fit::closed_form("Hedges", tau2, variance.sqrt() / df)
}

/// Sidik & Jonkman 2005, eq. 5, doi:10.1111/j.1467-9876.2005.00489.x:
/// τ² = τ₀² Q(τ₀²)/(k − 1) with τ₀² = Σ(y − ȳ)²/k and weights 1/(v + τ₀²).
///
/// It is above 0 unless all estimates are equal.
#[must_use]
pub fn sidik_jonkman(y: &[f64], v: &[f64]) -> Tau2Fit {
    let start = sum_of_squares(y) / y.len() as f64;
    let w = WeightedMean::at(y, v, start);
    let tau2 = start * w.q / w.df();
    let se = start / w.df() * variance_of_q(&w, v, start, tau2).sqrt();
    Tau2Fit::closed_form("Sidik-Jonkman", tau2, se)
}

/// Σ(y − ȳ)².
fn sum_of_squares(y: &[f64]) -> f64 {
    // Differences from the first estimate, so that estimates far from 0 do not cancel.
    let origin = y.first().copied().unwrap_or(0.0);
    let offset = sum(y.iter().map(|y| y - origin)) / y.len() as f64;
    sum(y.iter().map(|y| {
        let residual = y - origin - offset;
        residual * residual
    }))
}

/// The variance of Q with the weights w = 1/v, for normal y with variances v + τ²:
/// 2(k − 1) + 4 τ² tr P + 2 τ⁴ tr P²
/// (Biggerstaff & Tweedie 1997, doi:10.1002/(SICI)1097-0258(19970415)16:7<753::AID-SIM494>3.0.CO;2-G).
fn variance_of_common_q(w: &WeightedMean, v: &[f64], tau2: f64) -> f64 {
    2.0 * w.df() + 4.0 * tau2 * w.trace + 2.0 * tau2 * tau2 * w.trace_of_square(v, 0.0)
}

/// The variance of Q with the weights w = 1/(v + τ₀²), τ₀² = `start`, for normal y with variances v + τ²:
/// 2 tr(PVPV) + 4 τ² tr(PVP) + 2 τ⁴ tr(P²).
fn variance_of_q(w: &WeightedMean, v: &[f64], start: f64, tau2: f64) -> f64 {
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
