//! Intervals of τ² that invert the distribution of a Q statistic. The profile-likelihood interval is in
//! [`profile`](super::profile).

use super::moment::sidik_jonkman;
use super::paule_mandel::solve;
use crate::error::Error;
use crate::model::Residuals;
use crate::model::quadratic_form::GeneralisedQ;
use crate::numeric::chi_squared;
use crate::numeric::elementary::ln;
use crate::numeric::root::{self, RootError};

/// An interval of τ², truncated at 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tau2Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// Whether both limits lie below 0, so that [0, 0] stands for an empty interval.
    pub empty: bool,
}

impl Tau2Interval {
    /// Between two limits that were found one by one: at a level of next to nothing they are equal but for rounding, which
    /// may put the upper one first.
    pub(super) fn between(lower: f64, upper: f64, empty: bool) -> Self {
        Self { lower: lower.min(upper), upper: upper.max(lower), empty }
    }
}

/// Viechtbauer 2007, doi:10.1002/sim.2514: the τ² at which Q(τ²) equals the upper and the lower
/// χ²(k − p) quantile, p the number of coefficients; `tail` is the probability of one tail.
///
/// # Errors
///
/// [`Error::NoConvergence`] where a limit cannot be bracketed.
pub fn q_profile(residuals: &impl Residuals, tail: f64) -> Result<Tau2Interval, Error> {
    let df = residuals.df();
    let lower = solve(residuals, chi_squared::upper_quantile(tail, df))?;
    let upper = solve(residuals, chi_squared::quantile(tail, df))?;
    Ok(Tau2Interval::between(lower.tau2, upper.tau2, !upper.above_zero))
}

/// Sidik & Jonkman 2005, section 4, doi:10.1111/j.1467-9876.2005.00489.x: (k − p) τ²_SJ divided by the upper and
/// the lower `tail` quantile of χ²(k − p).
///
/// It treats (k − p) τ²_SJ/τ² as χ²(k − p), which is accurate where τ² is large relative to the variances. The
/// lower limit is above 0 unless all residuals are 0.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::{interval, moment};
/// let residuals = MeanResiduals::new(&[-0.4, 0.1, 0.9], &[0.1, 0.2, 0.15]);
/// let limits = interval::sidik_jonkman_interval(&residuals, 0.025);
/// // χ²(2) is exponential: its 2.5 % quantile is −2 ln 0.975.
/// let expected = 2.0 * moment::sidik_jonkman(&residuals).tau2 / (-2.0 * 0.975_f64.ln());
/// assert!((limits.upper / expected - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sidik_jonkman_interval(residuals: &impl Residuals, tail: f64) -> Tau2Interval {
    let df = residuals.df();
    let scaled = df * sidik_jonkman(residuals).tau2;
    let (lower, upper) =
        (scaled / chi_squared::upper_quantile(tail, df), scaled / chi_squared::quantile(tail, df));
    Tau2Interval::between(lower, upper, false)
}

/// Jackson 2013, doi:10.1002/jrsm.1081: the τ² at which Q_a = Σ a (y − ȳ_a)² with a = 1/√v is at its
/// lower and upper `tail` quantile.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the distribution cannot be computed or a limit cannot be bracketed.
///
/// ```
/// use metaprop::model::quadratic_form::GeneralisedQ;
/// use metaprop::model::tau2::interval::jackson;
///
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let interval = jackson(&y, &v, 0.025)?;
/// let q = GeneralisedQ::new(v.iter().map(|v: &f64| 1.0 / v.sqrt()), &v);
/// assert!((q.distribution(interval.upper).tails(q.observed(&y)).0 - 0.025).abs() < 1e-14);
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
/// use metaprop::model::tau2::interval::{biggerstaff_jackson, jackson};
/// // With equal variances the weights make no difference.
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1; 4]);
/// let (one, other) = (jackson(&y, &v, 0.025)?, biggerstaff_jackson(&y, &v, 0.025)?);
/// assert!((one.upper / other.upper - 1.0).abs() < 1e-13);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn biggerstaff_jackson(y: &[f64], v: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    invert(&GeneralisedQ::new(v.iter().map(|v| 1.0 / v), v), y, tail)
}

/// The τ² at which the observed value has the probability `tail` above and below it. Q_a increases
/// stochastically with τ², so there is one of each, or none above 0.
fn invert(generalised_q: &GeneralisedQ, y: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    let q = generalised_q.observed(y);
    let (below, above) = generalised_q.distribution(0.0).tails(q);
    let start = typical_tau2(generalised_q, q);
    let solve = |side: fn((f64, f64)) -> f64, sign: f64| {
        let excess = |tau2: f64| sign * (ln(side(generalised_q.distribution(tau2).tails(q))) - ln(tail));
        let (lower, upper) = root::double_upward(excess, start).map_err(|e| not_found(&e))?;
        root::find(excess, lower, upper).map(|root| root.x).map_err(|e| not_found(&e))
    };
    let empty = below <= tail;
    let upper = if empty { 0.0 } else { solve(|tails| tails.0, -1.0)? };
    let lower = if above >= tail { 0.0 } else { solve(|tails| tails.1, 1.0)? };
    Ok(Tau2Interval::between(lower, upper, empty))
}

/// A τ² > 0 on the scale of the limits, from which to search: the moment estimate, but at least a tenth of
/// the typical variance for Q_a.
fn typical_tau2(generalised_q: &GeneralisedQ, q: f64) -> f64 {
    let (at_zero, per_tau2) = generalised_q.mean();
    let (moment, typical) = ((q - at_zero) / per_tau2, at_zero / per_tau2);
    moment.max(0.1 * typical)
}

fn not_found(problem: &RootError) -> Error {
    Error::NoConvergence(format!("the tau2 at a quantile of the generalised Q could not be found: {problem}"))
}
