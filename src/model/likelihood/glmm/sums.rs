//! What the quadrature sums to get a study's likelihood with its derivatives in μ and τ, in two forms: each
//! cancels where the other does not.

use super::integral::Mode;
use super::study::StudyLikelihood;
use crate::model::likelihood::Derivatives;

/// What is summed over the points of the rule.
pub(super) trait Sums: Default {
    /// Adds the point at u = û + t with this weight.
    fn add(&mut self, study: &StudyLikelihood, mode: &Mode, z: f64, t: f64, weight: f64);
    /// Σ w, Σ t² w, Σ t⁴ w.
    fn moments(&self) -> [f64; 3];
}

/// For a study that says more than the prior: moments of u alone, since μ and τ enter by the prior's
/// density. With u = (η − μ)/τ, ∂ ln f/∂μ = E u/τ and ∂ ln f/∂τ = (E u² − 1)/τ under the posterior.
#[derive(Default)]
pub(super) struct PriorSums {
    /// Σ tⁱ w.
    moments: [f64; 5],
}

impl Sums for PriorSums {
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

impl PriorSums {
    pub fn derivatives(&self, u: f64, tau: f64) -> Derivatives {
        let [m1, m2, m3, m4] = [1, 2, 3, 4].map(|power: usize| self.moments[power] / self.moments[0]);
        let mean = u + m1;
        let square = u * u + 2.0 * u * m1 + m2;
        // Of u with u², and of u²: from the central parts of t.
        let (variance, skew) = (m2 - m1 * m1, m3 - m1 * m2);
        let covariance = 2.0 * u * variance + skew;
        let of_square = 4.0 * u * (u * variance + skew) + (m4 - m2 * m2);
        Derivatives {
            value: 0.0,
            location: mean / tau,
            spread: (square - 1.0) / tau,
            location2: (variance - 1.0) / (tau * tau),
            cross: (covariance - 2.0 * mean) / (tau * tau),
            spread2: (1.0 - 3.0 * square + of_square) / (tau * tau),
        }
    }
}

/// For a study that says less than the prior: ∂ ln f/∂μ = E ℓ′ and ∂ ln f/∂τ = E u ℓ′, which do not
/// cancel as τ → 0.
#[derive(Default)]
pub(super) struct StudySums {
    moments: [f64; 3],
    /// Σ d w, Σ d² w with d = ℓ′ − ℓ′(û).
    slope: [f64; 2],
    /// Σ e w, Σ e² w, Σ d e w with e = u ℓ′ − û ℓ′(û).
    product: [f64; 3],
    /// Σ uⁱ ℓ″ w.
    curvature: [f64; 3],
}

impl Sums for StudySums {
    #[inline]
    fn add(&mut self, study: &StudyLikelihood, mode: &Mode, z: f64, t: f64, weight: f64) {
        let slope = study.slope(z);
        let (u, d) = (mode.u + t, slope.first - mode.slope);
        let e = mode.slope * t + u * d;
        let square = t * t;
        for (sum, factor) in self.moments.iter_mut().zip([1.0, square, square * square]) {
            *sum += factor * weight;
        }
        for (sum, factor) in self.slope.iter_mut().zip([d, d * d]) {
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

impl StudySums {
    pub fn derivatives(&self, mode: &Mode) -> Derivatives {
        let mean = |sum: f64| sum / self.moments[0];
        let (d, e) = (mean(self.slope[0]), mean(self.product[0]));
        Derivatives {
            value: 0.0,
            location: mode.slope + d,
            spread: mode.u * mode.slope + e,
            location2: mean(self.curvature[0]) + (mean(self.slope[1]) - d * d),
            cross: mean(self.curvature[1]) + (mean(self.product[2]) - d * e),
            spread2: mean(self.curvature[2]) + (mean(self.product[1]) - e * e),
        }
    }
}
