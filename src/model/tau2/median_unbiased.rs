//! Paule and Mandel's estimator aimed at the median of Q instead of its mean.

use super::Tau2Fit;
use super::paule_mandel::solve;
use crate::error::Error;
use crate::model::WeightedMean;
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;

/// Median-unbiased Paule-Mandel, Viechtbauer 2021 (European Congress of Methodology, Valencia): the root of
/// Q(τ²) = the median of χ²(k − 1), 0 where Q(0) is below it.
///
/// Q falls in τ², so the estimate lies above the true τ² exactly when Q at the true τ² lies above its
/// median: half of the time. Standard error as Paule-Mandel, √(2k²/(k − 1))/S₁.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the root cannot be bracketed.
///
/// ```
/// use metaprop::model::{WeightedMean, tau2::median_unbiased::median_unbiased};
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let tau2 = median_unbiased(&y, &v)?.tau2;
/// // The median of χ²(3).
/// assert!((WeightedMean::at(&y, &v, tau2).q - 2.3659738843753377).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn median_unbiased(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    let median = chi_squared::quantile(0.5, y.len() as f64 - 1.0);
    let root = solve(y, v, median)?;
    let w = WeightedMean::at(y, v, root.tau2);
    let k = w.k as f64;
    let se = (2.0 * k * k / w.df()).sqrt() / w.sum;
    let algorithm = "bracketed root of Q(tau2) = median of chi-squared(k - 1)";
    Ok(Tau2Fit {
        tau2: root.tau2,
        se: Some(se),
        convergence: Convergence::of_iteration(algorithm, root.iterations, f64::EPSILON, true),
    })
}
