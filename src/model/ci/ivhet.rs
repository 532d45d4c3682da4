//! The inverse-variance heterogeneity (IVhet) model: common-effect weights, variance with heterogeneity.

use crate::model::{Pooled, WeightedMean};

/// Doi, Barendregt, Khan, Thalib & Williams 2015, doi:10.1016/j.cct.2015.05.009: the common-effect mean, with
/// variance Σ w²(v + τ²)/S₁² = 1/S₁ + τ² S₂/S₁², w = 1/v.
///
/// `common` are the sums at τ² = 0; the paper uses DerSimonian and Laird's τ². The interval is normal.
///
/// ```
/// use metaprop::model::{WeightedMean, ci::ivhet::ivhet};
/// let common = WeightedMean::at(&[0.0, 2.0], &[1.0, 1.0], 0.0);
/// let pooled = ivhet(&common, 1.0);
/// assert_eq!((pooled.y, pooled.se), (1.0, 1.0));
/// ```
#[must_use]
pub fn ivhet(common: &WeightedMean, tau2: f64) -> Pooled {
    let inflation = 1.0 + tau2 * common.squares / common.sum;
    Pooled { y: common.mean, se: (inflation / common.sum).sqrt(), df: None }
}
