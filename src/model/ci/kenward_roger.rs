//! The Kenward-Roger standard error and degrees of freedom, for restricted maximum likelihood.

use crate::model::{Pooled, WeightedMean};
use crate::numeric::sum::sum;

/// Kenward & Roger 1997, doi:10.2307/2533558, for one mean and one variance component, with the
/// expected information: `w` are the sums at the REML τ², `v` the variances.
///
/// I = ½ tr P² = ½ S₂ − S₃/S₁ + ½ (S₂/S₁)², var = (1 + 2 (S₃/S₁ − (S₂/S₁)²)/I)/S₁ and
/// df = 2 I/(var S₂)², as in Partlett & Riley 2017, doi:10.1002/sim.7140, and in R meta.
///
/// ```
/// use metaprop::model::{WeightedMean, ci::kenward_roger::kenward_roger};
/// // With equal variances the correction is 0, and there are k − 1 degrees of freedom.
/// let v = [0.5; 4];
/// let w = WeightedMean::at(&[1.0, 2.0, 6.0, 3.0], &v, 1.5);
/// let pooled = kenward_roger(&w, &v, 1.5);
/// assert!((pooled.se - w.se()).abs() < 1e-15 && (pooled.df.unwrap() - 3.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn kenward_roger(w: &WeightedMean, v: &[f64], tau2: f64) -> Pooled {
    let information = 0.5 * w.trace_of_square(v, tau2);
    let mean = w.squares / w.sum;
    // S₃/S₁ − (S₂/S₁)² is the variance of the weights, weighted by the weights themselves.
    let weight_variance = sum(v.iter().map(|v| {
        let weight = 1.0 / (v + tau2);
        weight / w.sum * (weight - mean) * (weight - mean)
    }));
    let variance = (1.0 + 2.0 * weight_variance / information) / w.sum;
    let scaled = variance * w.squares;
    Pooled { y: w.mean, se: variance.sqrt(), df: Some(2.0 * information / (scaled * scaled)) }
}
