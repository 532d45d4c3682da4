//! What an estimator of τ² takes from the model of the mean: quadratic forms in the residuals, and traces.
//!
//! With weights W = diag(w), w = 1/(v + τ²), and a model matrix X of k rows and p columns,
//! P = W − WX(XᵀWX)⁻¹XᵀW takes the estimates to their weighted residuals. Every estimator of τ² is made of
//! yᵀPy, yᵀP²y, tr P and tr P², whatever X is, so that it is written once for [`Residuals`]: for one mean
//! ([`MeanResiduals`], X a column of ones) these are sums in O(k), for moderators
//! ([`RegressionResiduals`](super::regression::RegressionResiduals)) they cost O(k p²).

use std::cell::OnceCell;

use super::WeightedMean;
use super::likelihood::normal::Likelihood;
use super::tau2::score::{CentredStudies, MeanScore, Score, Target};
use crate::numeric::elementary::ln;
use crate::numeric::sum::{Sum, sum};

/// Sums over the residuals at one τ².
pub trait ResidualSums {
    /// The number of studies, as a real number.
    fn k(&self) -> f64;
    /// k − p.
    fn df(&self) -> f64;
    /// S₁ = Σ w.
    fn sum(&self) -> f64;
    /// Q = yᵀPy = Σ w r², r the residuals.
    fn q(&self) -> f64;
    /// yᵀP²y = Σ w² r²: minus the slope of Q in τ².
    fn q_slope(&self) -> f64;
    /// tr P.
    fn trace(&self) -> f64;
}

/// Estimates with their variances and the model of their mean, as the estimators of τ² see them.
pub trait Residuals {
    /// The sums at one τ².
    type At: ResidualSums;

    /// The sums at this τ² ≥ 0.
    fn at(&self, tau2: f64) -> Self::At;

    /// The variances v.
    fn variances(&self) -> &[f64];

    /// tr P² at the τ² of these sums.
    fn trace_of_square(&self, at: &Self::At, tau2: f64) -> f64;

    /// The variance of Q with the weights 1/(v + τ₀²) of these sums, τ₀² = `weights`, for normal estimates with
    /// variances v + τ²: 2 tr(PUPU), U = diag(v + τ²).
    fn variance_of_q(&self, at: &Self::At, weights: f64, tau2: f64) -> f64;

    /// ln|XᵀWX| at one τ² less that at another.
    fn log_determinant_ratio(&self, at: &Self::At, other: &Self::At) -> f64;

    /// The residuals of the unweighted fit.
    fn unweighted(&self) -> Unweighted;

    /// Σ(y − ȳ)²/k, whatever the model of the mean is.
    fn spread(&self) -> f64;

    /// The log-likelihood at this τ², at the coefficients that maximise it.
    fn log_likelihood(&self, likelihood: Likelihood, tau2: f64) -> f64;

    /// The slope of the log-likelihood in τ².
    fn score(&self, likelihood: Likelihood) -> impl Score;

    /// k − p.
    fn df(&self) -> f64;
}

/// Quadratic form and traces of the unweighted fit, P = I − X(XᵀX)⁻¹Xᵀ and V = diag(v).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unweighted {
    /// yᵀPy, the sum of squares of the residuals.
    pub sum_of_squares: f64,
    /// tr(PV)/(k − p), the mean of v for one mean.
    pub mean_variance: f64,
    /// tr(PVPV).
    pub trace_of_square: f64,
}

/// Residuals about one weighted mean.
///
/// ```
/// use metaprop::model::{MeanResiduals, ResidualSums, Residuals};
/// let residuals = MeanResiduals::new(&[0.0, 1.0], &[1.0, 1.0]);
/// let at_zero = residuals.at(0.0);
/// assert_eq!((at_zero.q(), at_zero.trace(), residuals.trace_of_square(&at_zero, 0.0)), (0.5, 1.0, 1.0));
/// ```
#[derive(Debug, Clone)]
pub struct MeanResiduals<'a> {
    y: &'a [f64],
    v: &'a [f64],
    /// The sums at τ² = 0, once they were asked for: some estimators never do, a fit always.
    at_zero: OnceCell<WeightedMean>,
}

impl<'a> MeanResiduals<'a> {
    /// Of these estimates with their variances.
    #[must_use]
    pub const fn new(y: &'a [f64], v: &'a [f64]) -> Self {
        Self { y, v, at_zero: OnceCell::new() }
    }

    /// The same, with their sums at τ² = 0, where these were formed before.
    pub(super) fn with_sums(y: &'a [f64], v: &'a [f64], at_zero: WeightedMean) -> Self {
        Self { y, v, at_zero: OnceCell::from(at_zero) }
    }
}

impl ResidualSums for WeightedMean {
    fn k(&self) -> f64 {
        self.k as f64
    }

    fn df(&self) -> f64 {
        Self::df(self)
    }

    fn sum(&self) -> f64 {
        self.sum
    }

    fn q(&self) -> f64 {
        self.q
    }

    fn q_slope(&self) -> f64 {
        self.q_slope
    }

    fn trace(&self) -> f64 {
        self.trace
    }
}

impl Residuals for MeanResiduals<'_> {
    type At = WeightedMean;

    fn at(&self, tau2: f64) -> WeightedMean {
        let sums = || WeightedMean::at(self.y, self.v, tau2);
        if tau2 == 0.0 { *self.at_zero.get_or_init(sums) } else { sums() }
    }

    fn variances(&self) -> &[f64] {
        self.v
    }

    fn trace_of_square(&self, at: &WeightedMean, tau2: f64) -> f64 {
        at.trace_of_square(self.v, tau2)
    }

    /// 2 tr(PVPV) + 4 τ² tr(PVP) + 2 τ⁴ tr(P²).
    fn variance_of_q(&self, at: &WeightedMean, weights: f64, tau2: f64) -> f64 {
        let [mut vv2, mut vv3, mut v2, mut v3, mut cubes] = [Sum::default(); 5];
        for v in self.v {
            let weight = 1.0 / (v + weights);
            let (square, cube) = (weight * weight, weight * weight * weight);
            vv2.add(square * v * v);
            vv3.add(cube * v * v);
            v2.add(square * v);
            v3.add(cube * v);
            cubes.add(cube);
        }
        let (s, v2) = (at.sum, v2.value());
        let pvpv = vv2.value() - 2.0 * vv3.value() / s + (v2 / s) * (v2 / s);
        let pvp = v2 - 2.0 * v3.value() / s + v2 * at.squares / (s * s);
        let pp = at.squares - 2.0 * cubes.value() / s + (at.squares / s) * (at.squares / s);
        2.0 * pvpv + 4.0 * tau2 * pvp + 2.0 * tau2 * tau2 * pp
    }

    fn log_determinant_ratio(&self, at: &WeightedMean, other: &WeightedMean) -> f64 {
        ln(at.sum / other.sum)
    }

    /// P = I − 11ᵀ/k: tr(PVPV) = Σ v² (1 − 2/k) + v̄².
    fn unweighted(&self) -> Unweighted {
        let k = self.v.len() as f64;
        let (mean, squares) = (sum(self.v.iter().copied()) / k, sum(self.v.iter().map(|v| v * v)));
        Unweighted {
            sum_of_squares: sum_of_squares(self.y),
            mean_variance: mean,
            trace_of_square: squares * (1.0 - 2.0 / k) + mean * mean,
        }
    }

    fn spread(&self) -> f64 {
        sum_of_squares(self.y) / self.y.len() as f64
    }

    fn log_likelihood(&self, likelihood: Likelihood, tau2: f64) -> f64 {
        likelihood.log(self.y, self.v, tau2)
    }

    fn score(&self, likelihood: Likelihood) -> impl Score {
        let target = match likelihood {
            Likelihood::Full => Target::Full,
            Likelihood::Restricted => Target::Restricted,
        };
        MeanScore { studies: CentredStudies::new(self.y, self.v), target }
    }

    fn df(&self) -> f64 {
        self.y.len() as f64 - 1.0
    }
}

/// Σ(y − ȳ)².
pub(super) fn sum_of_squares(y: &[f64]) -> f64 {
    // Differences from the first estimate, so that estimates far from 0 do not cancel.
    let origin = y.first().copied().unwrap_or(0.0);
    let offset = sum(y.iter().map(|y| y - origin)) / y.len() as f64;
    sum(y.iter().map(|y| {
        let residual = y - origin - offset;
        residual * residual
    }))
}
