//! Intervals of τ².

use super::paule_mandel::solve;
use crate::error::Error;
use crate::numeric::chi_squared;

/// An interval of τ², cut at 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tau2Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// Whether both limits lie below 0, so that [0, 0] stands for an empty interval.
    pub empty: bool,
}

/// Viechtbauer 2007, doi:10.1002/sim.2514: the τ² at which Q(τ²) equals the upper and the lower
/// χ²(k − 1) quantile; `tail` is the probability of one tail.
///
/// # Errors
///
/// [`Error::NoConvergence`] where a limit cannot be bracketed.
pub fn q_profile(y: &[f64], v: &[f64], tail: f64) -> Result<Tau2Interval, Error> {
    let df = y.len() as f64 - 1.0;
    let lower = solve(y, v, chi_squared::upper_quantile(tail, df))?;
    let upper = solve(y, v, chi_squared::quantile(tail, df))?;
    Ok(Tau2Interval { lower: lower.tau2, upper: upper.tau2, empty: !upper.above_zero })
}
