//! The weighted mean of a few effect sizes, for analyses that fit hundreds of thousands of subsets.

use super::heterogeneity::inconsistency;
use super::{MeanResiduals, Residuals, tau2};
use crate::error::Error;
use crate::options::{Model, Spec, Tau2};

/// What a model of a weighted mean gives for some effect sizes, without limits and standard error of τ².
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SubsetMean {
    /// The mean, from the origin of the estimates.
    pub mean: f64,
    /// 1/√Σw.
    pub se: f64,
    /// τ²; of one study it does not exist.
    pub tau2: Option<f64>,
    /// Cochran's Q.
    pub q: f64,
    /// I², in percent.
    pub i2: Option<f64>,
}

impl SubsetMean {
    /// Of these estimates, as deviations from any origin, and their variances.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where an estimate of τ² is not found.
    pub fn fit(y: &[f64], v: &[f64], spec: &Spec) -> Result<Self, Error> {
        let residuals = MeanResiduals::new(y, v);
        let has_spread = y.len() > 1;
        let tau2 = match spec.tau2 {
            Tau2::Fixed(value) => value,
            Tau2::Estimated(_) if !has_spread => 0.0,
            Tau2::Estimated(method) => tau2::fit(method, &residuals)?.tau2,
        };
        let common = residuals.at(0.0);
        let pooled = if spec.model == Model::Random { residuals.at(tau2) } else { common };
        let i2 =
            has_spread.then(|| inconsistency(spec.i2, &common, tau2, None, spec.level.tail()).i2).flatten();
        Ok(Self {
            mean: pooled.mean,
            se: pooled.se(),
            tau2: has_spread.then_some(tau2),
            q: if has_spread { common.q } else { 0.0 },
            i2,
        })
    }
}
