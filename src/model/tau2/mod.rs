//! Estimators and intervals of the between-study variance τ².
//!
//! To add an estimator: a row in [`Tau2Method`], a function from [`Residuals`] to a [`Tau2Fit`]
//! in the file of its kind, and its line in the match of [`fit`].

pub mod certificate;
pub mod confidence;
mod early_stop;
mod estimate;
pub mod interval;
pub mod likelihood;
pub mod moment;
pub mod paule_mandel;
pub mod profile;
pub(crate) mod score;

pub use early_stop::{EarlyStop, early_stop};
pub use estimate::Tau2Fit;

use super::Residuals;
use crate::error::Error;
use crate::options::Tau2Method;

/// Estimates τ² from the residuals of more studies than there are coefficients.
///
/// # Errors
///
/// [`Error::NoConvergence`] where an iteration finds no bracketed optimum.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::fit;
/// use metaprop::options::Tau2Method;
///
/// let residuals = MeanResiduals::new(&[-0.4, 0.1, 0.9, 1.6], &[0.1, 0.2, 0.15, 0.1]);
/// let paule_mandel = fit(Tau2Method::Pm, &residuals)?.tau2;
/// let empirical_bayes = fit(Tau2Method::Eb, &residuals)?.tau2;
/// assert!((paule_mandel - empirical_bayes).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(method: Tau2Method, residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    match method {
        Tau2Method::Dl => Ok(moment::der_simonian_laird(residuals)),
        Tau2Method::Dlit => paule_mandel::iterated_der_simonian_laird(residuals),
        Tau2Method::Dl2 => Ok(moment::two_step(residuals)),
        Tau2Method::He => Ok(moment::hedges(residuals)),
        Tau2Method::Hs => Ok(moment::hunter_schmidt(residuals)),
        Tau2Method::Hsk => Ok(moment::hunter_schmidt_corrected(residuals)),
        Tau2Method::Sj => Ok(moment::sidik_jonkman(residuals)),
        Tau2Method::Sjit => paule_mandel::iterated_sidik_jonkman(residuals),
        Tau2Method::Ml => likelihood::maximum(residuals),
        Tau2Method::Reml => likelihood::restricted_maximum(residuals),
        Tau2Method::Eb | Tau2Method::Pm => paule_mandel::paule_mandel(residuals),
        Tau2Method::Pmm => paule_mandel::median_unbiased(residuals),
    }
}

/// The standard error of an estimate of τ² that [`fit`] made of these residuals by this method.
///
/// It is apart from the estimate because that of a closed form costs as much as the estimate, and most callers need
/// none.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::{fit, standard_error};
/// use metaprop::options::Tau2Method;
///
/// let residuals = MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]);
/// let estimate = fit(Tau2Method::Dl, &residuals)?;
/// // With equal variances v + tau2 is estimated with k - 1 degrees of freedom.
/// let se = standard_error(Tau2Method::Dl, &residuals, &estimate).unwrap();
/// assert!((se - (estimate.tau2 + 0.5)).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn standard_error(method: Tau2Method, residuals: &impl Residuals, fit: &Tau2Fit) -> Option<f64> {
    fit.se.or_else(|| moment::standard_error(method, residuals, fit.tau2))
}
