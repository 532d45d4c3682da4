//! The confidence distribution of τ².

use rayon::prelude::*;

use crate::error::Error;
use crate::model::quadratic_form::GeneralisedQ;
use crate::numeric::elementary::{exp_m1, ln, ln_1p};
use crate::numeric::root::{self, RootError};

/// H(τ²) = P(Q > q), Q Cochran's statistic at τ² and q its observed value: as a function of τ² a
/// distribution on τ² ≥ 0 with the mass H(0) at 0, whose quantiles are one-sided confidence limits.
///
/// Nagashima, Noma & Furukawa 2019, eq. 6, doi:10.1177/0962280218773520. The distribution of Q is exact
/// ([`GeneralisedQ`]). Its inverse is a monotone cubic through points of ln(1 + τ²/s) against the log
/// odds of H, close enough for six digits of p from 0.001 to 0.999.
#[derive(Debug, Clone)]
pub struct Confidence {
    /// H(0).
    at_zero: f64,
    /// s: a typical variance.
    scale: f64,
    /// The log odds of H, increasing.
    odds: Vec<f64>,
    /// ln(1 + τ²/s) at these, evenly spaced.
    points: Vec<f64>,
    /// The slopes of the second in the first.
    slopes: Vec<f64>,
}

/// Both tails beyond this are left to the last point: a uniform number has 53 bits.
const LEAST_TAIL: f64 = 5e-17;
/// The largest distance of two points of ln(1 + τ²/s), and the fewest and the most points.
const STEP: f64 = 0.07;
const POINTS: [f64; 2] = [160.0, 1200.0];

impl Confidence {
    /// Of at least two studies.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where the distribution of Q cannot be computed.
    ///
    /// ```
    /// use metaprop::model::tau2::{confidence::Confidence, generalised_q::biggerstaff_jackson};
    /// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
    /// let confidence = Confidence::new(&y, &v)?;
    /// let interval = biggerstaff_jackson(&y, &v, 0.025)?;
    /// assert!((confidence.quantile(0.975) / interval.upper - 1.0).abs() < 1e-6);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn new(y: &[f64], v: &[f64]) -> Result<Self, Error> {
        let law = GeneralisedQ::new(v.iter().map(|v| 1.0 / v), v);
        let q = law.observed(y);
        let (lower, at_zero) = law.law(0.0).tails(q);
        // The variance typical for Q: below it H hardly knows τ² from 0, above it τ² counts by its logarithm.
        let (mean, per_tau2) = law.mean();
        let scale = mean / per_tau2;
        if lower < LEAST_TAIL {
            // Less heterogeneity than any τ² explains: all the mass is at 0.
            return Ok(Self {
                at_zero: 1.0,
                scale,
                odds: Vec::new(),
                points: Vec::new(),
                slopes: Vec::new(),
            });
        }
        let tail = |side: fn((f64, f64)) -> f64, tau2: f64| side(law.law(tau2).tails(q));
        let end = reach(|tau2| tail(|tails| tails.0, tau2), scale).map_err(|e| lost(&e))?;
        let start = if at_zero >= LEAST_TAIL {
            0.0
        } else {
            beginning(|tau2| tail(|tails| tails.1, tau2), scale).map_err(|e| lost(&e))?
        };
        let (first, last) = (ln_1p(start / scale), ln_1p(end / scale));
        let count = ((last - first) / STEP).ceil().clamp(POINTS[0], POINTS[1]);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between the two POINTS
        let indices = 0..=count as u32;
        let known: Vec<(f64, f64)> = indices
            .into_par_iter()
            .map(|index| {
                let point = first + (last - first) * (f64::from(index) / count);
                let (lower, upper) = law.law(scale * exp_m1(point)).tails(q);
                (ln(upper) - ln(lower), point)
            })
            .collect();
        Self::through(at_zero, scale, known)
    }

    fn through(at_zero: f64, scale: f64, known: Vec<(f64, f64)>) -> Result<Self, Error> {
        if !known.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Err(Error::NoConvergence(
                "the confidence distribution of tau2 is not increasing".to_string(),
            ));
        }
        let (odds, points): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
        let step = (points[points.len() - 1] - points[0]) / (points.len() as f64 - 1.0);
        let slopes = monotone_slopes(&odds, step);
        Ok(Self { at_zero, scale, odds, points, slopes })
    }

    /// The τ² with H(τ²) = p; 0 where p is up to H(0).
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if p <= self.at_zero {
            return 0.0;
        }
        let odds = ln(p) - ln_1p(-p);
        let right = self.odds.partition_point(|known| *known < odds).clamp(1, self.odds.len() - 1);
        let (a, b) = (right - 1, right);
        let width = self.odds[b] - self.odds[a];
        let t = ((odds - self.odds[a]) / width).clamp(0.0, 1.0);
        // Hermite's cubic.
        let s = 1.0 - t;
        let value = s * s * (1.0 + 2.0 * t) * self.points[a] + t * t * (3.0 - 2.0 * t) * self.points[b];
        let slope = width * s * t * (s * self.slopes[a] - t * self.slopes[b]);
        self.scale * exp_m1(value + slope)
    }
}

/// dy/dx of a curve given at evenly spaced y: differences of x of fourth order, limited so that
/// the cubic stays monotone (Fritsch & Carlson 1980, doi:10.1137/0717021).
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

/// A τ² so large that the lower tail is all but 0.
fn reach(lower_tail: impl Fn(f64) -> f64, scale: f64) -> Result<f64, RootError> {
    let excess = |tau2: f64| ln(LEAST_TAIL) - ln(lower_tail(tau2));
    let (lower, upper) = root::double_upward(excess, scale)?;
    near(excess, lower, upper)
}

/// A τ² so small that the upper tail is all but 0, where 0 itself is far below that.
fn beginning(upper_tail: impl Fn(f64) -> f64, scale: f64) -> Result<f64, RootError> {
    let excess = |tau2: f64| ln(upper_tail(tau2)) - ln(LEAST_TAIL);
    let (lower, upper) = root::double_upward(excess, scale)?;
    near(excess, lower, upper)
}

/// The root; where a tail underflows to 0 its logarithm still has its sign.
fn near(excess: impl Fn(f64) -> f64, lower: f64, upper: f64) -> Result<f64, RootError> {
    root::find(excess, lower, upper).map(|root| root.x)
}

fn lost(problem: &RootError) -> Error {
    Error::NoConvergence(format!("the confidence distribution of tau2: {problem}"))
}
