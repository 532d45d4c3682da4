//! A computation that differs from the one a specification defines, as some software or paper did it.

use serde::Serialize;

use crate::effect::EffectSizes;
use crate::model::MeanResiduals;
use crate::model::tau2::early_stop;
use crate::options::{Model, Spec, Tau2};

/// τ² where metafor's iteration stops under this specification; `None` where the model or the estimator has none.
pub(in crate::published) fn tau2_at_stop(spec: &Spec, sizes: &EffectSizes) -> Option<f64> {
    let Spec { model: Model::Random, tau2: Tau2::Estimated(method), .. } = *spec else { return None };
    early_stop(method, &MeanResiduals::new(&sizes.deviations, &sizes.v)).map(|stop| stop.tau2)
}

/// How a result was computed instead of as its specification says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "computation", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Computation {
    /// The iteration for τ² stopped as metafor's does, before it had converged.
    EarlyStop {
        /// τ² at the stop.
        tau2: f64,
        /// τ² where the iteration converges.
        converged: f64,
    },
    /// Freeman-Tukey values on the half-angle scale were taken back by sin²(y/2) instead of sin²(y).
    HalfAngle,
}
