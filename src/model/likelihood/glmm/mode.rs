//! The mode of a study's integrand over its random effect.

use super::study::{Slope, StudyLikelihood};

const MAX_STEPS: u32 = 200;

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
        for _ in 0..MAX_STEPS {
            let z = offset + tau * u;
            let slope = study.slope(z);
            let gap = tau * slope.first - u;
            let precision = 1.0 - tau * tau * slope.second;
            let step = gap / precision;
            if step * step * precision < 0.01 || upper - lower < 1e-12 * u.abs() {
                return Self::new(study, tau, u, z, slope);
            }
            if gap > 0.0 {
                lower = u
            } else {
                upper = u
            }
            let next = u + step;
            u = if lower < next && next < upper { next } else { 0.5 * (lower + upper) };
        }
        let z = offset + tau * u;
        Self::new(study, tau, u, z, study.slope(z))
    }

    fn new(study: &StudyLikelihood, tau: f64, u: f64, z: f64, slope: Slope) -> Self {
        let precision = 1.0 - tau * tau * slope.second;
        let width = 1.0 / precision.sqrt();
        Self { u, z, value: study.value(z), slope: slope.first, information: -slope.second, width }
    }
}
