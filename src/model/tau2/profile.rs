//! The profile-likelihood interval of τ².

use super::certificate::Certificate;
use super::interval::Tau2Interval;
use super::likelihood::certified;
use crate::error::Error;
use crate::model::WeightedMean;
use crate::model::likelihood::normal::Likelihood;
use crate::numeric::chi_squared;
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::root::{self, RootError};
use crate::numeric::sum::sum;

/// Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A: the τ²
/// with 2(ℓ(τ̂²) − ℓ(τ²)) up to the χ²(1) quantile with `tail` + `tail` above it, ℓ the full or the restricted likelihood.
///
/// The limits are the true ones however far out (the restricted likelihood of two studies falls like
/// (τ²)^(−1/2), so the upper limit may be hundreds of times τ̂²). Where ℓ has several maxima the set may
/// have gaps: the limits are its two ends.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the maximum cannot be certified or a limit not be bracketed.
///
/// ```
/// use metaprop::model::likelihood::normal::Likelihood;
/// use metaprop::model::tau2::{likelihood::maximum, profile::profile};
///
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let interval = profile(Likelihood::Full, &y, &v, 0.025)?;
/// let log = |tau2| Likelihood::Full.log(&y, &v, tau2);
/// let fall = 2.0 * (log(maximum(&y, &v)?.tau2) - log(interval.upper));
/// assert!((fall - 3.841458820694124).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile(likelihood: Likelihood, y: &[f64], v: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    let best = certified(likelihood, y, v)?;
    let deviance = Deviance::new(likelihood, y, v, best.tau2);
    let limit = chi_squared::upper_quantile(2.0 * tail, 1.0);
    let excess = |tau2: f64| deviance.at(tau2) - limit;
    let turns = turning_points(&best.certificate, best.tau2);
    let lower = lower_limit(excess, &turns, best.tau2).map_err(|e| lost(&e))?;
    let upper = upper_limit(excess, &turns, best.tau2, best.se).map_err(|e| lost(&e))?;
    Ok(Tau2Interval { lower, upper, empty: false })
}

/// Where the likelihood has its maxima.
fn turning_points(certificate: &Certificate, tau2: f64) -> Vec<f64> {
    let mut points: Vec<f64> = certificate.alternatives.iter().map(|maximum| maximum.tau2).collect();
    points.push(tau2);
    points.sort_by(f64::total_cmp);
    points
}

/// The least τ² in the set: 0, or the root left of the first maximum that belongs to the set. Left of
/// that one the likelihood rises, apart from maxima that do not belong.
fn lower_limit(excess: impl Fn(f64) -> f64, turns: &[f64], best: f64) -> Result<f64, RootError> {
    if excess(0.0) <= 0.0 {
        return Ok(0.0);
    }
    let mut outside = 0.0;
    for &turn in turns.iter().filter(|turn| **turn <= best) {
        if excess(turn) <= 0.0 {
            return root::find(&excess, outside, turn).map(|root| root.x);
        }
        outside = turn;
    }
    Ok(best)
}

/// The largest τ² in the set: right of the last maximum that belongs to it. From there the likelihood
/// only falls, or rises again to a maximum that does not belong.
fn upper_limit(excess: impl Fn(f64) -> f64, turns: &[f64], best: f64, se: f64) -> Result<f64, RootError> {
    let mut outside = None;
    for &turn in turns.iter().rev().filter(|turn| **turn > best) {
        if excess(turn) <= 0.0 {
            return falling(excess, turn, outside, se);
        }
        outside = Some(turn);
    }
    falling(excess, best, outside, se)
}

fn falling(
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

/// 2(ℓ(τ̂²) − ℓ(τ²)), as sums of ratios: near τ̂² the difference of two log-likelihoods would cancel.
struct Deviance<'a> {
    likelihood: Likelihood,
    y: &'a [f64],
    v: &'a [f64],
    best: f64,
    at_best: WeightedMean,
}

impl<'a> Deviance<'a> {
    fn new(likelihood: Likelihood, y: &'a [f64], v: &'a [f64], best: f64) -> Self {
        Self { likelihood, y, v, best, at_best: WeightedMean::at(y, v, best) }
    }

    fn at(&self, tau2: f64) -> f64 {
        let w = WeightedMean::at(self.y, self.v, tau2);
        let fall = log_ratios(self.v, tau2, self.best) + (w.q - self.at_best.q);
        match self.likelihood {
            Likelihood::Full => fall,
            Likelihood::Restricted => fall + ln(w.sum / self.at_best.sum),
        }
    }
}

/// Σ ln((v + τ²)/(v + τ₀²)), accurate also where every ratio is close to 1.
pub(crate) fn log_ratios(v: &[f64], tau2: f64, other: f64) -> f64 {
    sum(v.iter().map(|v| {
        let relative = (tau2 - other) / (v + other);
        if relative.abs() < 0.5 { ln_1p(relative) } else { ln((v + tau2) / (v + other)) }
    }))
}

fn lost(problem: &RootError) -> Error {
    Error::NoConvergence(format!("a limit of the profile likelihood of tau2 could not be found: {problem}"))
}
