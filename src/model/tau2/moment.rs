//! Estimators in closed form: DerSimonian-Laird, Hedges, Hunter-Schmidt.

use super::Tau2Fit;
use crate::model::WeightedMean;
use crate::numeric::convergence::Convergence;
use crate::numeric::sum::sum;

/// DerSimonian & Laird 1986, eq. 8, doi:10.1016/0197-2456(86)90046-2: (Q − (k − 1))/(S₁ − S₂/S₁), cut at 0.
#[must_use]
pub fn der_simonian_laird(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let tau2 = ((w.q - w.df()) / w.trace).max(0.0);
    closed_form("DerSimonian-Laird", tau2, spread_of_q(&w, v, tau2).sqrt() / w.trace)
}

/// Hunter & Schmidt 2004: (Q − k)/S₁, cut at 0.
#[must_use]
pub fn hunter_schmidt(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let tau2 = ((w.q - w.k as f64) / w.sum).max(0.0);
    closed_form("Hunter-Schmidt", tau2, spread_of_q(&w, v, tau2).sqrt() / w.sum)
}

/// Hunter-Schmidt with the small-sample factor of Brannick et al. 2019, doi:10.1177/1094428117741966:
/// (Q k/(k − 1) − k)/S₁, cut at 0.
#[must_use]
pub fn hunter_schmidt_corrected(y: &[f64], v: &[f64]) -> Tau2Fit {
    let w = WeightedMean::at(y, v, 0.0);
    let k = w.k as f64;
    let factor = k / w.df();
    let tau2 = ((factor * w.q - k) / w.sum).max(0.0);
    closed_form(
        "Hunter-Schmidt with the small-sample correction",
        tau2,
        factor * spread_of_q(&w, v, tau2).sqrt() / w.sum,
    )
}

/// Hedges & Olkin 1985: Σ(y − ȳ)²/(k − 1) − v̄, cut at 0.
#[must_use]
pub fn hedges(y: &[f64], v: &[f64]) -> Tau2Fit {
    let (k, df) = (y.len() as f64, y.len() as f64 - 1.0);
    let (mean_v, squares_v) = (sum(v.iter().copied()) / k, sum(v.iter().map(|v| v * v)));
    let tau2 = (deviation(y) / df - mean_v).max(0.0);
    // Var(Σ(y − ȳ)²) for normal y with variances v + τ²: 2 tr(PV)² + 4 τ² tr(PV) + 2 τ⁴ (k − 1), P = I − 11ᵀ/k.
    let spread = 2.0 * (squares_v * (1.0 - 2.0 / k) + mean_v * mean_v)
        + 4.0 * tau2 * mean_v * df
        + 2.0 * tau2 * tau2 * df;
    closed_form("Hedges", tau2, spread.sqrt() / df)
}

/// Σ(y − ȳ)².
pub(super) fn deviation(y: &[f64]) -> f64 {
    let origin = y.first().copied().unwrap_or(0.0);
    let offset = sum(y.iter().map(|y| y - origin)) / y.len() as f64;
    sum(y.iter().map(|y| {
        let residual = y - origin - offset;
        residual * residual
    }))
}

/// The variance of Q = Σ w (y − μ)² for normal y with variances v + τ² and w = 1/v:
/// 2(k − 1) + 4 τ² tr P + 2 τ⁴ tr P²
/// (Biggerstaff & Tweedie 1997, doi:10.1002/(SICI)1097-0258(19970415)16:7<753::AID-SIM494>3.0.CO;2-G).
fn spread_of_q(w: &WeightedMean, v: &[f64], tau2: f64) -> f64 {
    2.0 * w.df() + 4.0 * tau2 * w.trace + 2.0 * tau2 * tau2 * w.trace_of_square(v, 0.0)
}

fn closed_form(algorithm: &'static str, tau2: f64, se: f64) -> Tau2Fit {
    Tau2Fit { tau2, se: Some(se), convergence: Convergence::closed_form(algorithm) }
}
