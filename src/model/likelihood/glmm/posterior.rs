//! The sums over the quadrature points of a study from which the derivatives of its log marginal likelihood
//! in μ and τ follow, as posterior expectations. There are two forms, because each cancels where the other
//! does not.

use super::mode::Mode;
use super::study::StudyLikelihood;
use crate::model::likelihood::surface::Derivatives;

/// Sums over the points of the quadrature rule, with the weights w.
pub(super) trait PosteriorSums: Default {
    /// Adds the point u = û + t, with the study's coordinate z.
    fn add(&mut self, study: &StudyLikelihood, mode: &Mode, z: f64, t: f64, weight: f64);
    /// Σ w, Σ t² w, Σ t⁴ w.
    fn moments(&self) -> [f64; 3];
}

/// Moments of u, for a study that is informative relative to the random-effects distribution.
///
/// μ and τ enter the integrand through the density of η only. With u = (η − μ)/τ and E the posterior
/// expectation, ∂ ln f/∂μ = E u/τ and ∂ ln f/∂τ = (E u² − 1)/τ.
#[derive(Default)]
pub(super) struct RandomEffectSums {
    /// Σ tⁱ w.
    moments: [f64; 5],
}

impl PosteriorSums for RandomEffectSums {
    #[inline]
    fn add(&mut self, _: &StudyLikelihood, _: &Mode, _: f64, t: f64, weight: f64) {
        let mut term = weight;
        for moment in &mut self.moments {
            *moment += term;
            term *= t;
        }
    }

    fn moments(&self) -> [f64; 3] {
        [self.moments[0], self.moments[2], self.moments[4]]
    }
}

impl RandomEffectSums {
    /// `u` is the mode. The value is left 0.
    pub fn derivatives(&self, u: f64, tau: f64) -> Derivatives {
        let [m1, m2, m3, m4] = [1, 2, 3, 4].map(|power: usize| self.moments[power] / self.moments[0]);
        let mean = u + m1;
        let square = u * u + 2.0 * u * m1 + m2;
        // Cov(u, u²) and Var(u²), from central moments of t.
        let (variance, skew) = (m2 - m1 * m1, m3 - m1 * m2);
        let covariance = 2.0 * u * variance + skew;
        let variance_of_square = 4.0 * u * (u * variance + skew) + (m4 - m2 * m2);
        Derivatives {
            value: 0.0,
            location: mean / tau,
            spread: (square - 1.0) / tau,
            location2: (variance - 1.0) / (tau * tau),
            cross: (covariance - 2.0 * mean) / (tau * tau),
            spread2: (1.0 - 3.0 * square + variance_of_square) / (tau * tau),
        }
    }
}

/// Moments of the study's score ℓ′, for a study that is not informative relative to the random-effects
/// distribution: ∂ ln f/∂μ = E ℓ′ and ∂ ln f/∂τ = E u ℓ′, which do not cancel as τ → 0.
#[derive(Default)]
pub(super) struct ScoreSums {
    /// Σ w, Σ t² w, Σ t⁴ w.
    moments: [f64; 3],
    /// Σ d w, Σ d² w with d = ℓ′ − ℓ′(û).
    score: [f64; 2],
    /// Σ e w, Σ e² w, Σ d e w with e = u ℓ′ − û ℓ′(û).
    product: [f64; 3],
    /// Σ uⁱ ℓ″ w.
    curvature: [f64; 3],
}

impl PosteriorSums for ScoreSums {
    #[inline]
    fn add(&mut self, study: &StudyLikelihood, mode: &Mode, z: f64, t: f64, weight: f64) {
        let slope = study.slope(z);
        let (u, d) = (mode.u + t, slope.first - mode.slope);
        let e = mode.slope * t + u * d;
        let square = t * t;
        for (sum, factor) in self.moments.iter_mut().zip([1.0, square, square * square]) {
            *sum += factor * weight;
        }
        for (sum, factor) in self.score.iter_mut().zip([d, d * d]) {
            *sum += factor * weight;
        }
        for (sum, factor) in self.product.iter_mut().zip([e, e * e, d * e]) {
            *sum += factor * weight;
        }
        for (sum, factor) in self.curvature.iter_mut().zip([1.0, u, u * u]) {
            *sum += factor * slope.second * weight;
        }
    }

    fn moments(&self) -> [f64; 3] {
        self.moments
    }
}

impl ScoreSums {
    /// The value is left 0.
    pub fn derivatives(&self, mode: &Mode) -> Derivatives {
        let mean = |sum: f64| sum / self.moments[0];
        let (d, e) = (mean(self.score[0]), mean(self.product[0]));
        Derivatives {
            value: 0.0,
            location: mode.slope + d,
            spread: mode.u * mode.slope + e,
            location2: mean(self.curvature[0]) + (mean(self.score[1]) - d * d),
            cross: mean(self.curvature[1]) + (mean(self.product[2]) - d * e),
            spread2: mean(self.curvature[2]) + (mean(self.product[1]) - e * e),
        }
    }
}
