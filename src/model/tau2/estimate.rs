//! An estimate of τ².

use crate::numeric::convergence::Convergence;

/// An estimate of τ², on the squared analysis scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Tau2Fit {
    /// The estimate, at least 0.
    pub tau2: f64,
    /// Its standard error; `None` where τ² was given.
    pub se: Option<f64>,
    /// How it was found.
    pub convergence: Convergence,
}

impl Tau2Fit {
    pub(super) fn closed_form(algorithm: &'static str, tau2: f64, se: f64) -> Self {
        Self { tau2, se: Some(se), convergence: Convergence::closed_form(algorithm) }
    }
}
