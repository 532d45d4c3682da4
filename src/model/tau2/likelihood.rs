//! Maximum and restricted maximum likelihood: the global maximum over τ² ≥ 0, with its certificate.

use super::certificate::{self, Alternative, BracketedMaximum, Certificate};
use super::estimate::Tau2Fit;
use super::score::Score;
use crate::error::Error;
use crate::model::Residuals;
use crate::model::likelihood::normal::Likelihood;
use crate::numeric::convergence::Convergence;

/// Maximum likelihood, Hardy & Thompson 1996; the standard error is from the expected information, √(2/S₂).
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified.
///
/// ```
/// use metaprop::model::{MeanResiduals, tau2::likelihood::maximum};
/// // Equal variances: the maximum is at Σ(y − ȳ)²/k − v.
/// let fit = maximum(&MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]))?;
/// assert!((fit.tau2 - (14.0 / 3.0 - 0.5)).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn maximum(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    fit(Likelihood::Full, residuals, "certified global maximum of the likelihood")
}

/// Restricted maximum likelihood, Viechtbauer 2005, doi:10.3102/10769986030003261; the standard error
/// is from the expected information, √(2/tr P²).
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified.
///
/// ```
/// use metaprop::model::{MeanResiduals, tau2::likelihood::restricted_maximum};
/// // Equal variances: the maximum is at Σ(y − ȳ)²/(k − 1) − v.
/// let fit = restricted_maximum(&MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]))?;
/// assert!((fit.tau2 - 6.5).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn restricted_maximum(residuals: &impl Residuals) -> Result<Tau2Fit, Error> {
    fit(Likelihood::Restricted, residuals, "certified global maximum of the restricted likelihood")
}

/// The global maximum of a likelihood over τ² ≥ 0, with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct CertifiedMaximum {
    /// The τ² ≥ 0 with the largest likelihood; of two with the same likelihood, the smaller.
    pub tau2: f64,
    /// The standard error from the expected information.
    pub se: f64,
    /// The proof that it is the global maximum.
    pub certificate: Certificate,
}

/// The global maximum over τ² ≥ 0 of the likelihood of more studies than there are coefficients.
///
/// # Errors
///
/// [`Error::NoConvergence`] where it cannot be certified.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::likelihood::normal::Likelihood;
/// use metaprop::model::tau2::likelihood::certified_maximum;
///
/// let residuals = MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]);
/// let found = certified_maximum(Likelihood::Restricted, &residuals)?;
/// let [lower, upper] = found.certificate.bracket;
/// assert!(lower <= found.tau2 && found.tau2 <= upper && upper - lower < 1e-12);
/// assert!(found.certificate.score[0] >= 0.0 && found.certificate.score[1] <= 0.0);
/// assert!(found.certificate.alternatives.is_empty());
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn certified_maximum(
    likelihood: Likelihood,
    residuals: &impl Residuals,
) -> Result<CertifiedMaximum, Error> {
    let score = residuals.score(likelihood);
    let found = certificate::find(&score)?;
    let (best, log_likelihood, alternatives) =
        global_maximum(&found.maxima, |tau2| residuals.log_likelihood(likelihood, tau2));
    let tau2 = best.tau2;
    // The expected information is half of −trace_slope, for both likelihoods.
    let se = (-2.0 / score.terms(tau2).trace_slope).sqrt();
    let certificate = Certificate {
        bracket: best.bracket,
        score: best.score,
        log_likelihood,
        alternatives,
        upper_bound: found.upper_bound.max(0.0),
        evaluations: found.evaluations,
    };
    Ok(CertifiedMaximum { tau2, se, certificate })
}

fn fit(
    likelihood: Likelihood,
    residuals: &impl Residuals,
    algorithm: &'static str,
) -> Result<Tau2Fit, Error> {
    let found = certified_maximum(likelihood, residuals)?;
    let [lower, upper] = found.certificate.bracket;
    let tolerance = if upper > 0.0 { (upper - lower) / upper } else { 0.0 };
    let alternatives = found.certificate.alternatives.iter().map(|maximum| maximum.tau2).collect();
    let convergence = Convergence::of_iteration(algorithm, found.certificate.evaluations, tolerance, true)
        .certified(found.certificate.bracket, found.certificate.score, alternatives);
    Ok(Tau2Fit { tau2: found.tau2, se: Some(found.se), convergence })
}

/// The local maximum with the largest log-likelihood, that log-likelihood, and the other maxima. With only
/// one maximum the log-likelihood is not computed.
fn global_maximum(
    maxima: &[BracketedMaximum],
    log_likelihood: impl Fn(f64) -> f64,
) -> (BracketedMaximum, Option<f64>, Vec<Alternative>) {
    if let [only] = maxima {
        return (*only, None, Vec::new());
    }
    let logs: Vec<f64> = maxima.iter().map(|maximum| log_likelihood(maximum.tau2)).collect();
    let mut best = 0;
    for (index, log) in logs.iter().enumerate() {
        if *log > logs[best] {
            best = index;
        }
    }
    let others = maxima.iter().zip(&logs).enumerate().filter(|(index, _)| *index != best);
    let alternatives =
        others.map(|(_, (maximum, log))| Alternative { tau2: maximum.tau2, log_likelihood: *log }).collect();
    (maxima[best], Some(logs[best]), alternatives)
}
