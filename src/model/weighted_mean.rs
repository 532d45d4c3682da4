//! The sums that every estimator is made of, at a given τ².

use rayon::prelude::*;

use crate::effect::exact_difference::most_precise;
use crate::numeric::sum::{of_each, over_pairs};

/// So many weights are computed one after the other before another core is asked.
const AT_ONCE: usize = 1 << 14;

/// Inverse-variance weights w = 1/(v + τ²) applied to the studies, as sums.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMean {
    /// The number of studies.
    pub k: usize,
    /// S₁ = Σ w.
    pub sum: f64,
    /// S₂ = Σ w².
    pub squares: f64,
    /// μ = Σ w y / Σ w.
    pub mean: f64,
    /// Q = Σ w (y − μ)².
    pub q: f64,
    /// Σ w² (y − μ)²: minus the slope of Q in τ².
    pub q_slope: f64,
    /// The trace of the residual projection W − wwᵀ/S₁: S₁ − S₂/S₁.
    pub trace: f64,
}

impl WeightedMean {
    /// The sums at this τ², in the order of the studies, compensated.
    ///
    /// Deviations are taken from the study with the largest weight, and its own share is the sum of
    /// the others', so that one study that dominates the rest costs no digits.
    ///
    /// ```
    /// use metaprop::model::WeightedMean;
    /// let w = WeightedMean::at(&[0.0, 1.0], &[1.0, 1.0], 0.0);
    /// assert_eq!((w.sum, w.mean, w.q, w.trace), (2.0, 0.5, 0.5, 1.0));
    /// ```
    #[must_use]
    pub fn at(y: &[f64], v: &[f64], tau2: f64) -> Self {
        let Others { y: ys, v: vs, heaviest: Some((origin, least)) } = Others::of(y, v) else {
            return Self { k: 0, sum: 0.0, squares: 0.0, mean: f64::NAN, q: 0.0, q_slope: 0.0, trace: 0.0 };
        };
        let most = 1.0 / (least + tau2);
        let [others, squares, shifted] = over_both(ys, vs, |y, v| {
            let w = 1.0 / (v + tau2);
            [w, w * w, w * (y - origin)]
        });
        let sum = others + most;
        let offset = shifted / sum;
        let [q, q_slope, trace] = over_both(ys, vs, |y, v| {
            let w = 1.0 / (v + tau2);
            let residual = y - origin - offset;
            let term = w * residual * residual;
            [term, w * term, w * ((sum - w) / sum)]
        });
        let term = most * offset * offset;
        Self {
            k: y.len(),
            sum,
            squares: squares + most * most,
            mean: origin + offset,
            q: q + term,
            q_slope: q_slope + most * term,
            trace: trace + most * (others / sum),
        }
    }

    /// tr P² of the residual projection P = W − wwᵀ/S₁ at the τ² of these sums:
    /// Σ w²(1 − f)² + Σ f²(S₂ − w²), f = w/S₁; every term is positive.
    #[must_use]
    pub fn trace_of_square(&self, v: &[f64], tau2: f64) -> f64 {
        let Others { v: vs, heaviest: Some((_, least)), .. } = Others::of(v, v) else { return 0.0 };
        let most = 1.0 / (least + tau2);
        let [others, squares] = over_both(vs, vs, |_, v| {
            let w = 1.0 / (v + tau2);
            [w, w * w]
        });
        let (total, total_of_squares) = (self.sum, self.squares);
        let square = |w: f64, others: f64, squares: f64| {
            let share = w / total;
            w * w * (others / total) * (others / total) + share * share * squares
        };
        let [rest] = over_both(vs, vs, |_, v| {
            let w = 1.0 / (v + tau2);
            [square(w, total - w, total_of_squares - w * w)]
        });
        rest + square(most, others, squares)
    }

    /// k − 1.
    #[must_use]
    pub const fn df(&self) -> f64 {
        self.k.saturating_sub(1) as f64
    }

    /// The standard error of the mean, 1/√S₁.
    #[must_use]
    pub fn se(&self) -> f64 {
        1.0 / self.sum.sqrt()
    }
}

/// Weights at this τ² as fractions that sum to 1.
#[must_use]
pub fn fractions(v: &[f64], tau2: f64) -> Vec<f64> {
    let total = of_each(v, |v| 1.0 / (v + tau2));
    let fraction = |v: &f64| 1.0 / (v + tau2) / total;
    if v.len() < 2 * AT_ONCE {
        return v.iter().map(fraction).collect();
    }
    v.par_iter().with_min_len(AT_ONCE).map(fraction).collect()
}

/// The studies before and after the one with the smallest variance (of several, the first), and that one.
struct Others<'a> {
    y: [&'a [f64]; 2],
    v: [&'a [f64]; 2],
    heaviest: Option<(f64, f64)>,
}

impl<'a> Others<'a> {
    fn of(y: &'a [f64], v: &'a [f64]) -> Self {
        let at = most_precise(v).unwrap_or(0);
        let (Some(&own_y), Some(&own_v)) = (y.get(at), v.get(at)) else {
            return Self { y: [&[]; 2], v: [&[]; 2], heaviest: None };
        };
        Self { y: [&y[..at], &y[at + 1..]], v: [&v[..at], &v[at + 1..]], heaviest: Some((own_y, own_v)) }
    }
}

/// Sums over the studies before and after.
fn over_both<const N: usize>(
    y: [&[f64]; 2],
    v: [&[f64]; 2],
    terms: impl Fn(f64, f64) -> [f64; N] + Sync,
) -> [f64; N] {
    let (before, after) = (over_pairs(y[0], v[0], &terms), over_pairs(y[1], v[1], &terms));
    std::array::from_fn(|index| before[index] + after[index])
}
