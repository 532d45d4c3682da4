//! Maximum and restricted maximum likelihood: the global maximum over τ² ≥ 0, with its certificate.

use super::Tau2Fit;
use super::certificate::{self, Certificate, Maximum};
use super::slopes::{Studies, Target};
use crate::error::Error;
use crate::model::likelihood::normal::Likelihood;
use crate::numeric::convergence::Convergence;

/// Maximum likelihood, Hardy & Thompson 1996; the standard error is from the expected information, √(2/S₂).
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified.
///
/// ```
/// use metaprop::model::tau2::likelihood::maximum;
/// // Equal variances: the maximum is at Σ(y − ȳ)²/k − v.
/// let fit = maximum(&[1.0, 2.0, 6.0], &[0.5; 3])?;
/// assert!((fit.tau2 - (14.0 / 3.0 - 0.5)).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn maximum(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    fit(Likelihood::Full, y, v, "certified global maximum of the likelihood")
}

/// Restricted maximum likelihood, Viechtbauer 2005, doi:10.3102/10769986030003261; the standard error
/// is from the expected information, √(2/tr P²).
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified.
///
/// ```
/// use metaprop::model::tau2::likelihood::restricted_maximum;
/// // Equal variances: the maximum is at Σ(y − ȳ)²/(k − 1) − v.
/// let fit = restricted_maximum(&[1.0, 2.0, 6.0], &[0.5; 3])?;
/// assert!((fit.tau2 - 6.5).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn restricted_maximum(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    fit(Likelihood::Restricted, y, v, "certified global maximum of the restricted likelihood")
}

/// A maximum with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Certified {
    /// The τ² ≥ 0 with the largest likelihood; of two equals, the smaller.
    pub tau2: f64,
    /// The standard error from the expected information.
    pub se: f64,
    /// Why it is the maximum.
    pub certificate: Certificate,
}

/// The global maximum over τ² ≥ 0 of a likelihood of at least two studies.
///
/// # Errors
///
/// [`Error::NoConvergence`] where it cannot be certified.
///
/// ```
/// use metaprop::model::likelihood::normal::Likelihood;
/// use metaprop::model::tau2::likelihood::certified;
///
/// let found = certified(Likelihood::Restricted, &[1.0, 2.0, 6.0], &[0.5; 3])?;
/// let [lower, upper] = found.certificate.bracket;
/// assert!(lower <= found.tau2 && found.tau2 <= upper && upper - lower < 1e-12);
/// assert!(found.certificate.score[0] >= 0.0 && found.certificate.score[1] <= 0.0);
/// assert!(found.certificate.alternatives.is_empty());
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn certified(likelihood: Likelihood, y: &[f64], v: &[f64]) -> Result<Certified, Error> {
    let studies = Studies::new(y, v);
    let target = match likelihood {
        Likelihood::Full => Target::Full,
        Likelihood::Restricted => Target::Restricted,
    };
    let found = certificate::find(&studies, target)?;
    let (best, log_likelihood, alternatives) = best_of(&found.peaks, |tau2| likelihood.log(y, v, tau2));
    let tau2 = best.tau2;
    // Both are √(2/(−slope of the expected half of the score)).
    let se = (-2.0 / studies.slopes(target, tau2).fall_slope).sqrt();
    let certificate = Certificate {
        bracket: best.bracket,
        score: best.score,
        log_likelihood,
        alternatives,
        beyond: found.beyond.max(0.0),
        evaluations: found.evaluations,
    };
    Ok(Certified { tau2, se, certificate })
}

fn fit(likelihood: Likelihood, y: &[f64], v: &[f64], algorithm: &'static str) -> Result<Tau2Fit, Error> {
    let found = certified(likelihood, y, v)?;
    let [lower, upper] = found.certificate.bracket;
    let tolerance = if upper > 0.0 { (upper - lower) / upper } else { 0.0 };
    let alternatives = found.certificate.alternatives.iter().map(|maximum| maximum.tau2).collect();
    let convergence = Convergence::of_iteration(algorithm, found.certificate.evaluations, tolerance, true)
        .certified(found.certificate.bracket, found.certificate.score, alternatives);
    Ok(Tau2Fit { tau2: found.tau2, se: Some(found.se), convergence })
}

/// The peak with the largest log-likelihood, that, and the other peaks; one alone needs no logarithm.
pub(crate) fn best_of(
    peaks: &[certificate::Peak],
    log: impl Fn(f64) -> f64,
) -> (certificate::Peak, Option<f64>, Vec<Maximum>) {
    if let [only] = peaks {
        return (*only, None, Vec::new());
    }
    let logs: Vec<f64> = peaks.iter().map(|peak| log(peak.tau2)).collect();
    let mut best = 0;
    for (index, log) in logs.iter().enumerate() {
        if *log > logs[best] {
            best = index;
        }
    }
    let others = peaks.iter().zip(&logs).enumerate().filter(|(index, _)| *index != best);
    let alternatives =
        others.map(|(_, (peak, log))| Maximum { tau2: peak.tau2, log_likelihood: *log }).collect();
    (peaks[best], Some(logs[best]), alternatives)
}
