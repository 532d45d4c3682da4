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

use super::{ResidualSums, Residuals};
use crate::error::Error;
use crate::options::{IteratedTau2Se, Tau2Method};

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

/// [`standard_error`] by a convention: that of `dlit` and `sjit` is another in metafor.
///
/// With w = 1/(v + τ²) and P = W − WX(XᵀWX)⁻¹XᵀW, `rma.uni` of metafor (compared with version 3.8-1) gives
///
/// - for `dlit` √(2(k − p) + 4 τ² tr P + 2 τ⁴ tr P²)/tr P, the formula of `dl`
///   (Biggerstaff & Tweedie 1997, doi:10.1002/(SICI)1097-0258(19970415)16:7<753::AID-SIM494>3.0.CO;2-G), which is right for
///   weights 1/v: with τ² in the weights, Q is χ²(k − p), and its variance 2(k − p);
/// - for `sjit` √(2k²/(k − p))/Σ w, that of `pm`.
///
/// metafor's τ² is where its iteration stops (`early_stop`); here it is the converged one.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::{fit, standard_error_by};
/// use metaprop::options::{IteratedTau2Se, Tau2Method};
///
/// let residuals = MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]);
/// let estimate = fit(Tau2Method::Dlit, &residuals)?;
/// let by = |convention| standard_error_by(convention, Tau2Method::Dlit, &residuals, &estimate).unwrap();
/// assert!(by(IteratedTau2Se::Metafor) > by(IteratedTau2Se::EstimatingEquation));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn standard_error_by(
    convention: IteratedTau2Se,
    method: Tau2Method,
    residuals: &impl Residuals,
    fit: &Tau2Fit,
) -> Option<f64> {
    let tau2 = fit.tau2;
    match (convention, method) {
        (IteratedTau2Se::Metafor, Tau2Method::Dlit) => {
            let w = residuals.at(tau2);
            let variance = 2.0 * w.df()
                + 4.0 * tau2 * w.trace()
                + 2.0 * tau2 * tau2 * residuals.trace_of_square(&w, tau2);
            Some(variance.sqrt() / w.trace())
        }
        (IteratedTau2Se::Metafor, Tau2Method::Sjit) => {
            let w = residuals.at(tau2);
            Some(paule_mandel::estimating_equation_se(&w))
        }
        _ => standard_error(method, residuals, fit),
    }
}
