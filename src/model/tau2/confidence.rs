//! The confidence distribution of τ².

use rayon::prelude::*;

use crate::error::Error;
use crate::model::quadratic_form::GeneralisedQ;
use crate::numeric::elementary::{exp_m1, ln, ln_1p};
use crate::numeric::root::{self, RootError};

/// H(τ²) = P(Q > q), where Q is Cochran's statistic given τ² and q its observed value. As a function of τ² it
/// is a distribution function on τ² ≥ 0 with the mass H(0) at 0; its quantiles are one-sided confidence
/// limits.
///
/// Nagashima, Noma & Furukawa 2019, eq. 6, doi:10.1177/0962280218773520. The distribution of Q is exact
/// ([`GeneralisedQ`]). The quantile function is interpolated by a monotone cubic through points of
/// ln(1 + τ²/s) against the log odds of H, accurate to six digits for p from 0.001 to 0.999.
#[derive(Debug, Clone)]
pub struct Confidence {
    /// H(0).
    at_zero: f64,
    /// s, a typical variance.
    scale: f64,
    /// The log odds of H at the nodes, increasing.
    log_odds: Vec<f64>,
    /// ln(1 + τ²/s) at the nodes, evenly spaced.
    nodes: Vec<f64>,
    /// The derivative of ln(1 + τ²/s) with respect to the log odds at the nodes.
    slopes: Vec<f64>,
}

/// The nodes extend to this probability in both tails; a uniform random number has only 53 bits.
const MIN_TAIL: f64 = 5e-17;
/// The largest distance between two nodes, and the smallest and largest number of intervals between nodes.
const MAX_STEP: f64 = 0.07;
const INTERVALS: [f64; 2] = [160.0, 1200.0];

impl Confidence {
    /// From at least two studies.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where the distribution of Q cannot be computed.
    ///
    /// ```
    /// use metaprop::model::tau2::{confidence::Confidence, interval::biggerstaff_jackson};
    /// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
    /// let confidence = Confidence::new(&y, &v)?;
    /// let interval = biggerstaff_jackson(&y, &v, 0.025)?;
    /// assert!((confidence.quantile(0.975) / interval.upper - 1.0).abs() < 1e-6);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn new(y: &[f64], v: &[f64]) -> Result<Self, Error> {
        let generalised_q = GeneralisedQ::new(v.iter().map(|v| 1.0 / v), v);
        let q = generalised_q.observed(y);
        let (lower, at_zero) = generalised_q.distribution(0.0).tails(q);
        // H depends on τ² only weakly below this variance, and on its logarithm above.
        let (mean, per_tau2) = generalised_q.mean();
        let scale = mean / per_tau2;
        if lower < MIN_TAIL {
            // Q is so small that all the mass is at 0.
            let [log_odds, nodes, slopes] = [Vec::new(), Vec::new(), Vec::new()];
            return Ok(Self { at_zero: 1.0, scale, log_odds, nodes, slopes });
        }
        let lower_tail = |tau2: f64| generalised_q.distribution(tau2).tails(q).0;
        let upper_tail = |tau2: f64| generalised_q.distribution(tau2).tails(q).1;
        let end = largest_node(lower_tail, scale).map_err(|e| not_found(&e))?;
        let start = if at_zero >= MIN_TAIL {
            0.0
        } else {
            smallest_node(upper_tail, scale).map_err(|e| not_found(&e))?
        };
        let (first, last) = (ln_1p(start / scale), ln_1p(end / scale));
        let count = ((last - first) / MAX_STEP).ceil().clamp(INTERVALS[0], INTERVALS[1]);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within INTERVALS
        let indices = 0..=count as u32;
        let known: Vec<(f64, f64)> = indices
            .into_par_iter()
            .map(|index| {
                let node = first + (last - first) * (f64::from(index) / count);
                let (lower, upper) = generalised_q.distribution(scale * exp_m1(node)).tails(q);
                (ln(upper) - ln(lower), node)
            })
            .collect();
        Self::through(at_zero, scale, known)
    }

    /// The interpolant through pairs of log odds and node.
    fn through(at_zero: f64, scale: f64, known: Vec<(f64, f64)>) -> Result<Self, Error> {
        if !known.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Err(Error::NoConvergence(
                "the confidence distribution of tau2 is not increasing".to_string(),
            ));
        }
        let (log_odds, nodes): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
        let step = (nodes[nodes.len() - 1] - nodes[0]) / (nodes.len() as f64 - 1.0);
        let slopes = monotone_slopes(&log_odds, step);
        Ok(Self { at_zero, scale, log_odds, nodes, slopes })
    }

    /// The τ² with H(τ²) = p; 0 for p ≤ H(0).
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if p <= self.at_zero {
            return 0.0;
        }
        let x = ln(p) - ln_1p(-p);
        let right = self.log_odds.partition_point(|known| *known < x).clamp(1, self.log_odds.len() - 1);
        let (a, b) = (right - 1, right);
        let width = self.log_odds[b] - self.log_odds[a];
        let t = ((x - self.log_odds[a]) / width).clamp(0.0, 1.0);
        // The cubic Hermite interpolant.
        let s = 1.0 - t;
        let value = s * s * (1.0 + 2.0 * t) * self.nodes[a] + t * t * (3.0 - 2.0 * t) * self.nodes[b];
        let slope = width * s * t * (s * self.slopes[a] - t * self.slopes[b]);
        self.scale * exp_m1(value + slope)
    }
}

/// dy/dx of a curve x(y) given at evenly spaced y with distance `step`: by differences of fourth order,
/// limited so that the cubic is monotone (Fritsch & Carlson 1980, doi:10.1137/0717021).
fn monotone_slopes(x: &[f64], step: f64) -> Vec<f64> {
    let last = x.len() - 1;
    let weighted = |from: usize, weights: [f64; 5]| {
        weights.iter().zip(&x[from..]).map(|(weight, x)| weight * x).sum::<f64>() / 12.0
    };
    (0..=last)
        .map(|index| {
            let change = match (index, last - index) {
                (0, _) => weighted(0, [-25.0, 48.0, -36.0, 16.0, -3.0]),
                (1, _) => weighted(0, [-3.0, -10.0, 18.0, -6.0, 1.0]),
                (_, 0) => weighted(last - 4, [3.0, -16.0, 36.0, -48.0, 25.0]),
                (_, 1) => weighted(last - 4, [-1.0, 6.0, -18.0, 10.0, 3.0]),
                _ => weighted(index - 2, [1.0, -8.0, 0.0, 8.0, -1.0]),
            };
            let (left, right) = (index.saturating_sub(1), (index + 1).min(last));
            let widest = (x[index] - x[left]).max(x[right] - x[index]);
            step / change.max(widest / 3.0)
        })
        .collect()
}

/// The τ² at which the lower tail is [`MIN_TAIL`].
fn largest_node(lower_tail: impl Fn(f64) -> f64, scale: f64) -> Result<f64, RootError> {
    root_above_zero(|tau2| ln(MIN_TAIL) - ln(lower_tail(tau2)), scale)
}

/// The τ² at which the upper tail is [`MIN_TAIL`], if it is below that at 0.
fn smallest_node(upper_tail: impl Fn(f64) -> f64, scale: f64) -> Result<f64, RootError> {
    root_above_zero(|tau2| ln(upper_tail(tau2)) - ln(MIN_TAIL), scale)
}

/// A tail that underflows to 0 has the logarithm −∞, whose sign is still right.
fn root_above_zero(excess: impl Fn(f64) -> f64, scale: f64) -> Result<f64, RootError> {
    let (lower, upper) = root::double_upward(&excess, scale)?;
    root::find(excess, lower, upper).map(|root| root.x)
}

fn not_found(problem: &RootError) -> Error {
    Error::NoConvergence(format!("the confidence distribution of tau2: {problem}"))
}
