//! The iteration behind every quantile function here.

use super::elementary::{ln, ln_1p};
use super::tail::Tail;

/// A distribution at one point of the search coordinate `s` (`ln x`, or `ln(x/(1 − x))`).
pub(super) struct Trial {
    pub tail: Tail,
    /// The density with respect to `s`.
    pub density: f64,
    /// The derivative of the logarithm of that density with respect to `s`.
    pub slope: f64,
}

/// The point at which the tail has the given probability, in `(0, ½]`.
///
/// Halley's iteration on `g(s) = ln tail(s) − ln probability`. The densities here are log-concave in `s`,
/// hence so are both tails (Prékopa): a Newton step from the far side never passes the solution and one
/// from the near side passes it once, so no bracket is needed. The iteration ends with a step so small
/// that the remaining error, of third order in it, is below rounding.
///
/// `advance` moves a point by a step in `s`.
pub(super) fn solve<P: Copy>(
    probability: f64,
    upper: bool,
    start: P,
    at: impl Fn(P) -> Trial,
    advance: impl Fn(P, f64) -> P,
) -> P {
    let ln_probability = ln(probability);
    let mut point = start;
    for _ in 0..MAX_STEPS {
        let trial = at(point);
        let (step, relative) = halley_step(&trial, probability, ln_probability, upper);
        if step.is_nan() {
            break;
        }
        point = advance(point, step);
        if step.abs() < 1e-5 && relative.abs() < 1e-5 {
            break;
        }
    }
    point
}

/// About 4 are used; the most extreme starts need some tens.
const MAX_STEPS: u32 = 200;

/// The step in `s`, and the same relative to the length over which the tail changes.
fn halley_step(trial: &Trial, probability: f64, ln_probability: f64, upper: bool) -> (f64, f64) {
    let tail = trial.tail.probability(upper);
    let excess = (tail - probability) / probability;
    let hazard = trial.density / tail;
    let (gap, hazard) = if excess.abs() < 0.5 {
        (ln_1p(excess), hazard)
    } else if tail > 1e-290 {
        (ln(tail) - ln_probability, hazard)
    } else {
        // Density and tail both underflow; their ratio tends to minus the slope of the log density.
        (trial.tail.ln_probability(upper) - ln_probability, trial.slope.abs())
    };
    let (derivative, curvature) =
        if upper { (-hazard, trial.slope + hazard) } else { (hazard, trial.slope - hazard) };
    let newton = (-gap / derivative).clamp(-MAX_STEP, MAX_STEP);
    let halley = newton / (1.0 + 0.5 * newton * curvature).clamp(0.5, 2.0);
    (halley, halley * hazard.max(1.0))
}

/// Keeps `exp(step)` finite; a quantile of 1e-300 is still reached in a few steps.
const MAX_STEP: f64 = 200.0;
