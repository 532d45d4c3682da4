//! Estimators that solve Q(τ²) = constant: Paule-Mandel (which is also empirical Bayes), its median-unbiased
//! version, and the iterated DerSimonian-Laird and Sidik-Jonkman estimators, which converge to the same root.

use super::estimate::Tau2Fit;
use crate::error::Error;
use crate::model::{ResidualSums, Residuals};
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;
use crate::numeric::root;

/// A τ² at which Q has a given value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct QRoot {
    /// The root; 0 where Q(0) does not exceed the value.
    pub tau2: f64,
    /// Whether Q(0) exceeds the value, so that there is a root above 0.
    pub above_zero: bool,
    /// How often Q was evaluated.
    pub iterations: u32,
}

/// Solves Q(τ²) = `target` for τ² ≥ 0. Q decreases from Q(0) to 0, so there is one root or none.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
pub(super) fn solve(residuals: &impl Residuals, target: f64) -> Result<QRoot, Error> {
    let at_zero = residuals.at(0.0);
    if at_zero.q() <= target {
        return Ok(QRoot { tau2: 0.0, above_zero: false, iterations: 1 });
    }
    // 1/Q is nearly linear in τ², so the root of 1/target − 1/Q takes few steps.
    let excess = |tau2: f64| 1.0 / target - 1.0 / residuals.at(tau2).q();
    // Q is convex, so the Newton step from 0 falls short of the root; multiples of it reach beyond.
    let (mut lower, mut step) = (0.0, (at_zero.q() - target) / at_zero.q_slope());
    while excess(step) > 0.0 && step.is_finite() && step > 0.0 {
        (lower, step) = (step, 4.0 * step);
    }
    let root = root::find(excess, lower, step)
        .map_err(|problem| Error::NoConvergence(format!("the root of Q(tau2) = {target}: {problem}")))?;
    Ok(QRoot { tau2: root.x, above_zero: true, iterations: root.iterations })
}

/// Paule & Mandel 1982, doi:10.6028/jres.087.022: the root of Q(τ²) = k − p, which is also Morris' empirical
/// Bayes estimate (Viechtbauer, Lopez-Lopez, Sanchez-Meca & Marin-Martinez 2015, doi:10.1037/met0000023).
///
/// The standard error is that of the linearised estimating equation, √(2k²/(k − p))/S₁.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
pub fn paule_mandel(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    let root = solve(residuals, residuals.df())?;
    let algorithm = ["bracketed root of Q(tau2) = k - 1", "bracketed root of Q(tau2) = k - p"];
    Ok(estimating_equation(residuals, root, algorithm))
}

/// Median-unbiased Paule-Mandel, Viechtbauer 2021 (European Congress of Methodology, Valencia): the root of
/// Q(τ²) = the median of χ²(k − p); 0 where Q(0) is below it.
///
/// Q decreases in τ², so the estimate exceeds the true τ² exactly when Q at the true τ² exceeds its median,
/// which has probability ½. Standard error as [`paule_mandel`].
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::{MeanResiduals, Residuals, tau2::paule_mandel::median_unbiased};
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let residuals = MeanResiduals::new(&y, &v);
/// let tau2 = median_unbiased(&residuals)?.tau2;
/// // The median of χ²(3).
/// assert!((residuals.at(tau2).q - 2.3659738843753377).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn median_unbiased(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    let median = chi_squared::quantile(0.5, residuals.df());
    let root = solve(residuals, median)?;
    let algorithm = [
        "bracketed root of Q(tau2) = median of chi-squared(k - 1)",
        "bracketed root of Q(tau2) = median of chi-squared(k - p)",
    ];
    Ok(estimating_equation(residuals, root, algorithm))
}

/// With the standard error √(2k²/(k − p))/S₁.
fn estimating_equation(residuals: &impl Residuals, root: QRoot, algorithm: [&'static str; 2]) -> Tau2Fit {
    let w = residuals.at(root.tau2);
    of_root(root, estimating_equation_se(&w), &w, algorithm)
}

/// √(2k²/(k − p))/S₁.
pub(super) fn estimating_equation_se(w: &impl ResidualSums) -> f64 {
    (2.0 * w.k() * w.k() / w.df()).sqrt() / w.sum()
}

/// The record of a root; `algorithm` is its name for one mean and with moderators.
fn of_root(root: QRoot, se: f64, at_root: &impl ResidualSums, algorithm: [&'static str; 2]) -> Tau2Fit {
    let algorithm = if at_root.k() - at_root.df() > 1.0 { algorithm[1] } else { algorithm[0] };
    let convergence = Convergence::of_iteration(algorithm, root.iterations, f64::EPSILON, true);
    Tau2Fit { tau2: root.tau2, se: Some(se), convergence }
}

/// The fixed point of the DerSimonian-Laird estimator with its own result in the weights.
///
/// With w = 1/(v + t) the generalised moment estimator of DerSimonian & Kacker 2007, eq. 6,
/// doi:10.1016/j.cct.2006.04.004, is t + (Q(t) − (k − p))/tr P, truncated at 0. It reproduces t only
/// where Q(t) = k − p, or at 0 where Q(0) ≤ k − p. In either case that is the Paule-Mandel estimate, which is
/// computed here as the bracketed root, since the iteration itself may oscillate around it.
///
/// The standard error is that of the estimating equation, √(2(k − p))/tr P: the standard deviation of
/// Q(τ²), which is χ²(k − p), divided by the expected slope.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::paule_mandel::{iterated_der_simonian_laird, paule_mandel};
/// let residuals = MeanResiduals::new(&[-0.4, 0.1, 0.9, 1.6], &[0.1, 0.2, 0.15, 0.1]);
/// assert_eq!(iterated_der_simonian_laird(&residuals)?.tau2, paule_mandel(&residuals)?.tau2);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn iterated_der_simonian_laird(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    let algorithm = [
        "fixed point of the DerSimonian-Laird iteration: bracketed root of Q(tau2) = k - 1",
        "fixed point of the DerSimonian-Laird iteration: bracketed root of Q(tau2) = k - p",
    ];
    fixed_point(residuals, algorithm)
}

/// The fixed point of the Sidik-Jonkman estimator with its own result as the start.
///
/// One step is g(t) = t Q(t)/(k − p) (Sidik & Jonkman 2005, eq. 5, doi:10.1111/j.1467-9876.2005.00489.x;
/// iterated as "SJIT" in Viechtbauer 2010, doi:10.18637/jss.v036.i03). As t Q(t) increases and Q(t) decreases
/// with t, the steps approach the root of Q(t) = k − p from one side without passing it, or 0 where there is no
/// root; that limit is computed here as the bracketed root. Standard error as
/// [`iterated_der_simonian_laird`].
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::{MeanResiduals, Residuals};
/// use metaprop::model::tau2::{moment::sidik_jonkman, paule_mandel::iterated_sidik_jonkman};
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let residuals = MeanResiduals::new(&y, &v);
/// let mut t = sidik_jonkman(&residuals).tau2;
/// for _ in 0..100 {
///     t *= residuals.at(t).q / 3.0;
/// }
/// assert!((t - iterated_sidik_jonkman(&residuals)?.tau2).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn iterated_sidik_jonkman(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    let algorithm = [
        "limit of the Sidik-Jonkman iteration: bracketed root of Q(tau2) = k - 1",
        "limit of the Sidik-Jonkman iteration: bracketed root of Q(tau2) = k - p",
    ];
    fixed_point(residuals, algorithm)
}

fn fixed_point(residuals: &impl Residuals, algorithm: [&'static str; 2]) -> Result<Tau2Fit, Error> {
    let df = residuals.df();
    let root = solve(residuals, df)?;
    let w = residuals.at(root.tau2);
    let se = (2.0 * df).sqrt() / w.trace();
    Ok(of_root(root, se, &w, algorithm))
}
