//! Closed-form estimators iterated until they reproduce themselves: both end at Paule-Mandel's root.

use super::Tau2Fit;
use super::paule_mandel::solve;
use crate::error::Error;
use crate::model::WeightedMean;
use crate::numeric::convergence::Convergence;

/// DerSimonian & Laird's estimator with its own result in the weights, until nothing changes.
///
/// With w = 1/(v + t) the generalised moment estimator of DerSimonian & Kacker 2007, eq. 6,
/// doi:10.1016/j.cct.2006.04.004, is t + (Q(t) − (k − 1))/(S₁ − S₂/S₁), cut at 0. It reproduces t only
/// where Q(t) = k − 1, or at 0 where Q(0) ≤ k − 1: one τ² in either case, Paule & Mandel's, which is
/// computed here as the bracketed root. (The iteration itself may circle around it.)
///
/// The standard error is that of the estimating equation, √(2(k − 1))/(S₁ − S₂/S₁): the spread of
/// Q(τ²), which is χ²(k − 1), over its mean slope.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::tau2::{iterated::der_simonian_laird, paule_mandel::paule_mandel};
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// assert_eq!(der_simonian_laird(&y, &v)?.tau2, paule_mandel(&y, &v)?.tau2);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn der_simonian_laird(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    fixed_point(y, v, "fixed point of the DerSimonian-Laird iteration: bracketed root of Q(tau2) = k - 1")
}

/// Sidik & Jonkman's estimator with its own result in place of its start, until nothing changes.
///
/// One step is g(t) = t Q(t)/(k − 1) (Sidik & Jonkman 2005, eq. 5, doi:10.1111/j.1467-9876.2005.00489.x;
/// iterated as "SJIT" in Viechtbauer 2010, doi:10.18637/jss.v036.i03). As t Q(t) grows and Q(t) falls
/// with t, the steps approach the root of Q(t) = k − 1 from one side without passing it, or 0 where
/// there is none; that limit is computed here as the bracketed root. Standard error as
/// [`der_simonian_laird`].
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::WeightedMean;
/// use metaprop::model::tau2::{iterated::sidik_jonkman, sidik_jonkman::sidik_jonkman as once};
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let mut t = once(&y, &v).tau2;
/// for _ in 0..100 {
///     t *= WeightedMean::at(&y, &v, t).q / 3.0;
/// }
/// assert!((t - sidik_jonkman(&y, &v)?.tau2).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn sidik_jonkman(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    fixed_point(y, v, "limit of the Sidik-Jonkman iteration: bracketed root of Q(tau2) = k - 1")
}

fn fixed_point(y: &[f64], v: &[f64], algorithm: &'static str) -> Result<Tau2Fit, Error> {
    let df = y.len() as f64 - 1.0;
    let root = solve(y, v, df)?;
    let se = (2.0 * df).sqrt() / WeightedMean::at(y, v, root.tau2).trace;
    let convergence = Convergence::of_iteration(algorithm, root.iterations, f64::EPSILON, true);
    Ok(Tau2Fit { tau2: root.tau2, se: Some(se), convergence })
}
