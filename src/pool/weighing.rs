//! The sums that every estimator is made of, at a given τ².

use crate::numeric::sum::{Sum, sum};

/// Inverse-variance weights w = 1/(v + τ²) applied to the studies, as sums.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighing {
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

impl Weighing {
    /// The sums at this τ², in the order of the studies, compensated.
    ///
    /// Deviations are taken from the study with the largest weight, and its own share is the sum of
    /// the others', so that one study that dominates the rest costs no digits.
    ///
    /// ```
    /// use metaprop::pool::Weighing;
    /// let w = Weighing::at(&[0.0, 1.0], &[1.0, 1.0], 0.0);
    /// assert_eq!((w.sum, w.mean, w.q, w.trace), (2.0, 0.5, 0.5, 1.0));
    /// ```
    #[must_use]
    pub fn at(y: &[f64], v: &[f64], tau2: f64) -> Self {
        let heaviest = heaviest(v);
        let origin = y.get(heaviest).copied().unwrap_or(f64::NAN);
        let [mut others, mut squares, mut shifted] = [Sum::default(); 3];
        for (index, (y, v)) in y.iter().zip(v).enumerate() {
            let w = 1.0 / (v + tau2);
            squares.add(w * w);
            if index != heaviest {
                others.add(w);
                shifted.add(w * (y - origin));
            }
        }
        let most = 1.0 / (v.get(heaviest).copied().unwrap_or(f64::NAN) + tau2);
        let others = others.value();
        let sum = others + most;
        let offset = shifted.value() / sum;
        let [mut q, mut q_slope, mut trace] = [Sum::default(); 3];
        for (index, (y, v)) in y.iter().zip(v).enumerate() {
            let w = 1.0 / (v + tau2);
            let residual = y - origin - offset;
            let term = w * residual * residual;
            q.add(term);
            q_slope.add(w * term);
            trace.add(w * if index == heaviest { others / sum } else { (sum - w) / sum });
        }
        let (q, q_slope, trace) = (q.value(), q_slope.value(), trace.value());
        Self { k: y.len(), sum, squares: squares.value(), mean: origin + offset, q, q_slope, trace }
    }

    /// tr P² of the residual projection P = W − wwᵀ/S₁ at the τ² of these sums:
    /// Σ w²(1 − f)² + Σ f²(S₂ − w²), f = w/S₁; every term is positive.
    #[must_use]
    pub fn trace_of_square(&self, v: &[f64], tau2: f64) -> f64 {
        let heaviest = heaviest(v);
        let weights = || v.iter().map(|v| 1.0 / (v + tau2)).enumerate();
        let lighter = |power: fn(f64) -> f64| sum(weights().filter(|(index, _)| *index != heaviest).map(|(_, w)| power(w)));
        let (rest, rest_of_squares) = (lighter(|w| w), lighter(|w| w * w));
        sum(weights().map(|(index, w)| {
            let (share, others) = (w / self.sum, if index == heaviest { rest / self.sum } else { (self.sum - w) / self.sum });
            let squares = if index == heaviest { rest_of_squares } else { self.squares - w * w };
            w * w * others * others + share * share * squares
        }))
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
    let mut weights: Vec<f64> = v.iter().map(|v| 1.0 / (v + tau2)).collect();
    let total = sum(weights.iter().copied());
    weights.iter_mut().for_each(|w| *w /= total);
    weights
}

/// The study with the smallest variance; of several, the first.
fn heaviest(v: &[f64]) -> usize {
    let lighter = |best: usize, index: usize| if v[index] < v[best] { index } else { best };
    (0..v.len()).fold(0, lighter)
}
