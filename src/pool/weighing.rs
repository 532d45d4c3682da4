//! The sums that every estimator is made of, at a given τ².

use crate::numeric::sum::Sum;

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
}

impl Weighing {
    /// The sums at this τ², in two passes over the studies; compensated, in the order given.
    ///
    /// ```
    /// use metaprop::pool::Weighing;
    /// let w = Weighing::at(&[0.0, 1.0], &[1.0, 1.0], 0.0);
    /// assert_eq!((w.sum, w.mean, w.q), (2.0, 0.5, 0.5));
    /// ```
    #[must_use]
    pub fn at(y: &[f64], v: &[f64], tau2: f64) -> Self {
        let (mut sum, mut squares, mut shifted) = (Sum::default(), Sum::default(), Sum::default());
        // Deviations from the first study: the mean of nearly equal estimates keeps its digits.
        let origin = y.first().copied().unwrap_or(0.0);
        for (y, v) in y.iter().zip(v) {
            let w = 1.0 / (v + tau2);
            sum.add(w);
            squares.add(w * w);
            shifted.add(w * (y - origin));
        }
        let (sum, squares) = (sum.value(), squares.value());
        let offset = shifted.value() / sum;
        let (mut q, mut q_slope) = (Sum::default(), Sum::default());
        for (y, v) in y.iter().zip(v) {
            let w = 1.0 / (v + tau2);
            let residual = y - origin - offset;
            let term = w * residual * residual;
            q.add(term);
            q_slope.add(w * term);
        }
        Self { k: y.len(), sum, squares, mean: origin + offset, q: q.value(), q_slope: q_slope.value() }
    }

    /// k − 1.
    #[must_use]
    pub const fn df(&self) -> f64 {
        self.k.saturating_sub(1) as f64
    }

    /// The trace of the residual projection, S₁ − S₂/S₁.
    #[must_use]
    pub fn trace(&self) -> f64 {
        self.sum - self.squares / self.sum
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
    let total = crate::numeric::sum::sum(weights.iter().copied());
    weights.iter_mut().for_each(|w| *w /= total);
    weights
}
