//! The mode of a study's integrand over its random effect.

use super::study::{Slope, StudyLikelihood};

const MAX_STEPS: u32 = 200;
/// Newton steps from the guess after which a bracket is computed and halved in every second step: far out on the steep
/// side of a cloglog likelihood Newton's method moves by 1 a step.
const FAST_STEPS: u32 = 12;
/// Newton steps from a mode that is known to a tenth of the width, which converge quadratically.
const MAX_REFINEMENTS: u32 = 20;

/// The approximate mode of exp(ℓ(μ + τu)) φ(u) in u, with what the quadrature around it needs.
pub(super) struct Mode {
    /// In standard deviations of the random effect.
    pub u: f64,
    /// In the study's coordinate.
    pub z: f64,
    /// The study's log-likelihood ℓ.
    pub value: f64,
    /// ℓ′.
    pub slope: f64,
    /// −ℓ″.
    pub information: f64,
    /// The width s = 1/√(1 − τ² ℓ″) of the integrand, in u.
    pub width: f64,
}

impl Mode {
    /// The root of τ ℓ′(μ + τu) = u, to about a tenth of the width: its error changes the number of points
    /// that the quadrature needs, not the integral. `offset` is μ and `start` a guess, both in the study's
    /// coordinate.
    pub fn find(study: &StudyLikelihood, offset: f64, tau: f64, start: f64) -> Self {
        let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut u = (start - offset) / tau;
        for taken in 0..MAX_STEPS {
            if taken == FAST_STEPS {
                let around = Self::bracket(study, offset, tau);
                (lower, upper) = (f64::max(lower, around[0]), f64::min(upper, around[1]));
                u = u.clamp(lower, upper.max(lower));
            }
            let z = offset + tau * u;
            let slope = study.slope(z);
            let gap = tau * slope.first - u;
            let precision = 1.0 - tau * tau * slope.second;
            let step = gap / precision;
            if step * step * precision < 0.01 || upper - lower <= 1e-12 * u.abs() {
                return Self::new(study, tau, u, z, slope);
            }
            if gap > 0.0 {
                lower = u
            } else {
                upper = u
            }
            let next = u + step;
            let is_trusted = taken < FAST_STEPS || taken % 2 == 0;
            u = if is_trusted && lower < next && next < upper { next } else { 0.5 * (lower + upper) };
        }
        let z = offset + tau * u;
        Self::new(study, tau, u, z, study.slope(z))
    }

    /// The same to rounding accuracy, by Newton steps from where it is near.
    pub fn refined(self, study: &StudyLikelihood, offset: f64, tau: f64) -> Self {
        let (mut u, mut slope) = (self.u, study.slope(self.z));
        for _ in 0..MAX_REFINEMENTS {
            let precision = 1.0 - tau * tau * slope.second;
            let step = (tau * slope.first - u) / precision;
            u += step;
            slope = study.slope(offset + tau * u);
            // The next step would be about the square of this one.
            if step * step * precision < 1e-20 {
                break;
            }
        }
        Self::new(study, tau, u, offset + tau * u, slope)
    }

    /// Two values of u between which the mode lies. The slope ℓ′ decreases, so that τ ℓ′ − u has one root: below
    /// it the gap is positive, above it negative. Beyond u = 0 the root is nearer than τ ℓ′ there.
    fn bracket(study: &StudyLikelihood, offset: f64, tau: f64) -> [f64; 2] {
        let at_centre = tau * study.slope(offset).first;
        let typical = (study.typical - offset) / tau;
        let (mut lower, mut upper) = (at_centre.min(0.0), at_centre.max(0.0));
        if tau * study.slope(study.typical).first > typical {
            lower = lower.max(typical);
        } else {
            upper = upper.min(typical);
        }
        [lower, upper]
    }

    fn new(study: &StudyLikelihood, tau: f64, u: f64, z: f64, slope: Slope) -> Self {
        let precision = 1.0 - tau * tau * slope.second;
        let width = 1.0 / precision.sqrt();
        Self { u, z, value: study.value(z), slope: slope.first, information: -slope.second, width }
    }
}
