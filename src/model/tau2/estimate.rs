//! An estimate of τ².

use crate::numeric::convergence::Convergence;

/// An estimate of τ², on the squared analysis scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Tau2Fit {
    /// The estimate, at least 0.
    pub tau2: f64,
    /// Its standard error, where an iteration gives it with the estimate;
    /// [`standard_error`](super::standard_error) has that of every method.
    pub(crate) se: Option<f64>,
    /// How it was found.
    pub convergence: Convergence,
}

impl Tau2Fit {
    /// Of a closed form, or a value that was given.
    pub(crate) fn closed_form(algorithm: &'static str, tau2: f64) -> Self {
        Self { tau2, se: None, convergence: Convergence::closed_form(algorithm) }
    }
}
