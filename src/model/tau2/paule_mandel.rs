//! The root of Q(τ²) = k − 1: Paule and Mandel's estimator, which is also empirical Bayes.

use super::Tau2Fit;
use crate::error::Error;
use crate::model::WeightedMean;
use crate::numeric::convergence::Convergence;
use crate::numeric::root;

/// Paule & Mandel 1982, doi:10.6028/jres.087.022; the same root is Morris' empirical Bayes estimate
/// (Viechtbauer, Lopez-Lopez, Sanchez-Meca & Marin-Martinez 2015, doi:10.1037/met0000023).
///
/// Its standard error is that of the linearised estimating equation, √(2k²/(k − 1))/S₁.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
pub fn paule_mandel(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    let root = solve(y, v, y.len() as f64 - 1.0)?;
    let w = WeightedMean::at(y, v, root.tau2);
    let k = w.k as f64;
    let se = (2.0 * k * k / w.df()).sqrt() / w.sum;
    Ok(Tau2Fit {
        tau2: root.tau2,
        se: Some(se),
        convergence: Convergence::of_iteration(
            "bracketed root of Q(tau2) = k - 1",
            root.iterations,
            f64::EPSILON,
            true,
        ),
    })
}

/// A τ² at which Q has a given value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QRoot {
    /// The root, or 0 where Q(0) does not reach the value.
    pub tau2: f64,
    /// Whether Q(0) reaches the value.
    pub above_zero: bool,
    /// Evaluations of Q.
    pub iterations: u32,
}

/// Solves Q(τ²) = `target` for τ² ≥ 0. Q falls from Q(0) to 0, so there is one root or none.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
pub fn solve(y: &[f64], v: &[f64], target: f64) -> Result<QRoot, Error> {
    let none = QRoot { tau2: 0.0, above_zero: false, iterations: 1 };
    let at_zero = WeightedMean::at(y, v, 0.0);
    if at_zero.q <= target {
        return Ok(none);
    }
    // 1/Q is close to a straight line in τ², so the root of 1/target − 1/Q takes few steps.
    let excess = |tau2: f64| 1.0 / target - 1.0 / WeightedMean::at(y, v, tau2).q;
    // Q is convex, so Newton's step from 0 falls short of the root and its multiples pass it.
    let (mut lower, mut step) = (0.0, (at_zero.q - target) / at_zero.q_slope);
    while excess(step) > 0.0 && step.is_finite() {
        (lower, step) = (step, 4.0 * step);
    }
    let root = root::find(excess, lower, step)
        .map_err(|problem| Error::NoConvergence(format!("the root of Q(tau2) = {target}: {problem}")))?;
    Ok(QRoot { tau2: root.x, above_zero: true, iterations: root.iterations })
}
