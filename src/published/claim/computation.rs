//! A computation that differs from the one a specification defines, as some software or paper did it.

use serde::Serialize;

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
