//! Intervals of τ² from the exact distribution of a generalised Cochran Q.

use super::interval::Tau2Interval;
use crate::error::Error;
use crate::model::quadratic_form::GeneralisedQ;
use crate::numeric::elementary::ln;
use crate::numeric::root::{self, RootError};

/// Jackson 2013, doi:10.1002/jrsm.1081: the τ² at which Q_a = Σ a (y − ȳ_a)² with a = 1/√v is at its
/// lower and upper `tail` quantile.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the distribution cannot be computed or a limit not be bracketed.
///
/// ```
/// use metaprop::model::quadratic_form::GeneralisedQ;
/// use metaprop::model::tau2::generalised_q::jackson;
///
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let interval = jackson(&y, &v, 0.025)?;
/// let q = GeneralisedQ::new(v.iter().map(|v: &f64| 1.0 / v.sqrt()), &v);
/// assert!((q.law(interval.upper).tails(q.observed(&y)).0 - 0.025).abs() < 1e-14);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn jackson(y: &[f64], v: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    invert(&GeneralisedQ::new(v.iter().map(|v| 1.0 / v.sqrt()), v), y, tail)
}

/// Biggerstaff & Jackson 2008, doi:10.1002/sim.3428: as [`jackson`] with a = 1/v, so that Q_a is Cochran's Q.
///
/// # Errors
///
/// As [`jackson`].
///
/// ```
/// use metaprop::model::tau2::generalised_q::{biggerstaff_jackson, jackson};
/// // Equal variances: the weights do not matter.
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1; 4]);
/// let (one, other) = (jackson(&y, &v, 0.025)?, biggerstaff_jackson(&y, &v, 0.025)?);
/// assert!((one.upper / other.upper - 1.0).abs() < 1e-13);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn biggerstaff_jackson(y: &[f64], v: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    invert(&GeneralisedQ::new(v.iter().map(|v| 1.0 / v), v), y, tail)
}

/// The τ² that leave `tail` above and below the observed value; Q_a grows stochastically with τ², so
/// there is one of each, or none above 0.
fn invert(law: &GeneralisedQ, y: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    let q = law.observed(y);
    let (below, above) = law.law(0.0).tails(q);
    let start = scale(law, q);
    let solve = |side: fn((f64, f64)) -> f64, sign: f64| {
        let excess = |tau2: f64| sign * (ln(side(law.law(tau2).tails(q))) - ln(tail));
        let (lower, upper) = root::double_upward(excess, start).map_err(|e| lost(&e))?;
        root::find(excess, lower, upper).map(|root| root.x).map_err(|e| lost(&e))
    };
    let empty = below <= tail;
    let upper = if empty { 0.0 } else { solve(|tails| tails.0, -1.0)? };
    let lower = if above >= tail { 0.0 } else { solve(|tails| tails.1, 1.0)? };
    Ok(Tau2Interval { lower, upper, empty })
}

/// A τ² > 0 of about the size of the answer: the moment estimate, or the variance typical for Q_a.
fn scale(law: &GeneralisedQ, q: f64) -> f64 {
    let (at_zero, per_tau2) = law.mean();
    let (moment, typical) = ((q - at_zero) / per_tau2, at_zero / per_tau2);
    moment.max(0.1 * typical)
}

fn lost(problem: &RootError) -> Error {
    Error::NoConvergence(format!("the tau2 at a quantile of the generalised Q could not be found: {problem}"))
}
