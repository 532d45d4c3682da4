//! The profile-likelihood interval of τ².

use super::certificate::Certificate;
use super::interval::Tau2Interval;
use super::likelihood::certified_maximum;
use crate::error::Error;
use crate::model::likelihood::normal::Likelihood;
use crate::model::{ResidualSums, Residuals};
use crate::numeric::chi_squared;
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::root::{self, RootError};
use crate::numeric::sum::sum;

/// Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A: the τ² for
/// which 2(ℓ(τ̂²) − ℓ(τ²)) is at most the χ²(1) quantile with upper tail probability 2 `tail`; ℓ is the full
/// or the restricted log-likelihood.
///
/// The search for the upper limit is not cut off: the restricted likelihood of two studies decreases like
/// (τ²)^(−1/2), so the limit may be hundreds of times τ̂². Where ℓ has several maxima the set may have gaps;
/// the limits are its two ends.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified or a limit cannot be bracketed.
///
/// ```
/// use metaprop::model::likelihood::normal::Likelihood;
/// use metaprop::model::tau2::{likelihood::maximum, profile::profile};
/// use metaprop::model::{MeanResiduals, Residuals};
///
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let residuals = MeanResiduals::new(&y, &v);
/// let interval = profile(Likelihood::Full, &residuals, 0.025)?;
/// let log = |tau2| residuals.log_likelihood(Likelihood::Full, tau2);
/// let deviance = 2.0 * (log(maximum(&residuals)?.tau2) - log(interval.upper));
/// assert!((deviance - 3.841458820694124).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile(likelihood: Likelihood, residuals: &impl Residuals, tail: f64) -> Result<Tau2Interval, Error> {
    let best = certified_maximum(likelihood, residuals)?;
    let deviance = Deviance::new(likelihood, residuals, best.tau2);
    let limit = chi_squared::upper_quantile(2.0 * tail, 1.0);
    let excess = |tau2: f64| deviance.at(tau2) - limit;
    let maxima = local_maxima(&best.certificate, best.tau2);
    let lower = lower_limit(excess, &maxima, best.tau2).map_err(|e| not_found(&e))?;
    let upper = upper_limit(excess, &maxima, best.tau2, best.se).map_err(|e| not_found(&e))?;
    Ok(Tau2Interval::between(lower, upper, false))
}

/// The τ² of all local maxima, in order.
fn local_maxima(certificate: &Certificate, tau2: f64) -> Vec<f64> {
    let mut points: Vec<f64> = certificate.alternatives.iter().map(|maximum| maximum.tau2).collect();
    points.push(tau2);
    points.sort_by(f64::total_cmp);
    points
}

/// The smallest τ² in the set: 0, or the root to the left of the first local maximum in the set, between it
/// and the last maximum (or 0) outside the set.
fn lower_limit(excess: impl Fn(f64) -> f64, maxima: &[f64], best: f64) -> Result<f64, RootError> {
    if excess(0.0) <= 0.0 {
        return Ok(0.0);
    }
    let mut outside = 0.0;
    for &maximum in maxima.iter().filter(|maximum| **maximum <= best) {
        if excess(maximum) <= 0.0 {
            return root::find(&excess, outside, maximum).map(|root| root.x);
        }
        outside = maximum;
    }
    Ok(best)
}

/// The largest τ² in the set: the root to the right of the last local maximum in the set.
fn upper_limit(excess: impl Fn(f64) -> f64, maxima: &[f64], best: f64, se: f64) -> Result<f64, RootError> {
    let mut outside = None;
    for &maximum in maxima.iter().rev().filter(|maximum| **maximum > best) {
        if excess(maximum) <= 0.0 {
            return root_to_the_right(excess, maximum, outside, se);
        }
        outside = Some(maximum);
    }
    root_to_the_right(excess, best, outside, se)
}

/// The root above the maximum `inside`: below the next maximum `outside` the set if there is one, else found
/// by doubling steps of the size of the standard error.
fn root_to_the_right(
    excess: impl Fn(f64) -> f64,
    inside: f64,
    outside: Option<f64>,
    se: f64,
) -> Result<f64, RootError> {
    let (lower, upper) = match outside {
        Some(outside) => (inside, outside),
        None => {
            let (lower, upper) = root::double_upward(|step| excess(inside + step), se)?;
            (inside + lower, inside + upper)
        }
    };
    root::find(excess, lower, upper).map(|root| root.x)
}

/// 2(ℓ(τ̂²) − ℓ(τ²)) from logarithms of ratios, since near τ̂² the two log-likelihoods would cancel.
struct Deviance<'a, R: Residuals> {
    likelihood: Likelihood,
    residuals: &'a R,
    best: f64,
    at_best: R::At,
}

impl<'a, R: Residuals> Deviance<'a, R> {
    fn new(likelihood: Likelihood, residuals: &'a R, best: f64) -> Self {
        Self { likelihood, residuals, best, at_best: residuals.at(best) }
    }

    fn at(&self, tau2: f64) -> f64 {
        let w = self.residuals.at(tau2);
        let full = log_ratios(self.residuals.variances(), tau2, self.best) + (w.q() - self.at_best.q());
        match self.likelihood {
            Likelihood::Full => full,
            Likelihood::Restricted => full + self.residuals.log_determinant_ratio(&w, &self.at_best),
        }
    }
}

/// Σ ln((v + τ²)/(v + τ₀²)), τ₀² = `other`, accurate also where the ratios are close to 1.
pub(crate) fn log_ratios(v: &[f64], tau2: f64, other: f64) -> f64 {
    sum(v.iter().map(|v| {
        let relative = (tau2 - other) / (v + other);
        if relative.abs() < 0.5 { ln_1p(relative) } else { ln((v + tau2) / (v + other)) }
    }))
}

fn not_found(problem: &RootError) -> Error {
    Error::NoConvergence(format!("a limit of the profile likelihood of tau2 could not be found: {problem}"))
}
