//! What a funnel plot shows beside the studies.

use super::MetaAnalysis;
use crate::numeric::normal;

/// The regions around the pooled value in which studies are expected: m ± z s at the standard error s, with the normal
/// quantile z of the level (Sterne & Egger 2001, doi:10.1016/S0895-4356(01)00377-8; the regions as in Peters et al. 2008,
/// doi:10.1016/j.jclinepi.2007.11.010, around the pooled value instead of that of no effect).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FunnelLimits {
    /// The pooled value m on the analysis scale; `None` where a likelihood has no finite maximum.
    pub y: Option<f64>,
    /// The quantiles of 90, 95 and 99 %.
    pub regions: [f64; 3],
    /// The quantile of the level of the analysis: that of the pseudo confidence limits.
    pub z: f64,
}

impl MetaAnalysis {
    /// The limits of a funnel plot.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let limits = result.funnel_limits();
    /// assert_eq!((limits.y, limits.regions[1]), (result.pooled().y, limits.z));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn funnel_limits(&self) -> FunnelLimits {
        FunnelLimits {
            y: self.pooled().y.filter(|y| y.is_finite()),
            regions: [0.05, 0.025, 0.005].map(normal::upper_quantile),
            z: normal::upper_quantile(self.spec.level.tail()),
        }
    }
}
