//! What the two exact likelihood models share: the search for the global maximum of a likelihood in a
//! location and a spread, its certificate, profile intervals, and the binomial it is tested against.
//!
//! Both models have a location on the whole line (the median or the mean proportion, transformed) and
//! a spread from 0 upwards (τ, or the beta-binomial's θ = 1/(α + β)), and at spread 0 both are the plain
//! binomial. For a given spread both likelihoods have one maximum in the location:
//!
//! - binomial-normal: each study's likelihood is the integral over u of a function that is
//!   log-concave in (μ, u) jointly, hence log-concave in μ (Prékopa 1973, Acta Sci. Math. 34, 335–343);
//! - beta-binomial: a sum of ln(p + jθ) and ln(1 − p + jθ), concave in p.
//!
//! So several maxima can only lie along the spread, and one scan of the profile likelihood's slope
//! along it sees them all, down to the resolution of the scan.

pub mod beta_binomial;
pub mod binomial;
pub(super) mod boundary;
pub(super) mod deviance;
pub mod glmm;
pub mod interval;
pub mod link;
pub mod maximum;
pub mod normal;
mod search;

pub use binomial::{Homogeneity, Link};
pub use boundary::one_sided;
pub use maximum::{Certificate, Local, Maximum};

/// A log-likelihood with its first and second derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Derivatives {
    /// The log-likelihood.
    pub value: f64,
    /// Its slope in the location.
    pub location: f64,
    /// Its slope in the spread.
    pub spread: f64,
    /// Its second derivative in the location.
    pub location2: f64,
    /// Its mixed second derivative.
    pub cross: f64,
    /// Its second derivative in the spread.
    pub spread2: f64,
}

impl Derivatives {
    /// The slope of the profile likelihood in the spread, to second order in the distance from the
    /// best location.
    #[must_use]
    pub fn profile_slope(&self) -> f64 {
        self.spread - self.cross * self.location / self.location2
    }

    /// Newton's step in the location at this spread; `None` where the curvature is not negative.
    #[must_use]
    pub fn location_step(&self) -> Option<f64> {
        (self.location2 < 0.0).then(|| -self.location / self.location2)
    }

    /// Newton's step in both; `None` where the observed information is not positive definite.
    #[must_use]
    pub fn joint_step(&self) -> Option<(f64, f64)> {
        let determinant = self.determinant();
        (self.location2 < 0.0 && determinant > 0.0).then(|| {
            let location = (self.cross * self.spread - self.spread2 * self.location) / determinant;
            let spread = (self.cross * self.location - self.location2 * self.spread) / determinant;
            (location, spread)
        })
    }

    /// The determinant of the observed information.
    #[must_use]
    pub fn determinant(&self) -> f64 {
        self.location2 * self.spread2 - self.cross * self.cross
    }

    /// The variances of location and spread and their covariance: the inverse of the observed
    /// information.
    #[must_use]
    pub fn covariance(&self) -> [f64; 3] {
        let determinant = self.determinant();
        [-self.spread2 / determinant, -self.location2 / determinant, self.cross / determinant]
    }

    /// The eigenvalues of the observed information, the smaller first.
    #[must_use]
    pub fn eigenvalues(&self) -> [f64; 2] {
        let half_trace = -0.5 * (self.location2 + self.spread2);
        let half_gap = 0.5 * (self.location2 - self.spread2);
        let root = (half_gap * half_gap + self.cross * self.cross).sqrt();
        let larger = half_trace + root;
        // The product is the determinant: no cancellation in the smaller one.
        [self.determinant() / larger, larger]
    }
}

/// How carefully a likelihood is evaluated; closed forms ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// About 1e-8: to see the sign of a slope.
    Coarse,
    /// About 1e-9: to come close to an optimum.
    Close,
    /// Refined until two rules agree: rounding is what is left.
    Full,
}

/// A likelihood at spread 0, where the models are the plain binomial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The log-likelihood.
    pub value: f64,
    /// Its slope in the location.
    pub location: f64,
    /// Its second derivative in the location.
    pub location2: f64,
    /// Its slope into the interior: in τ² for the binomial-normal model, in θ for the beta-binomial.
    pub inward: f64,
}

/// A log-likelihood in a location and a spread.
pub trait Surface {
    /// Its value and derivatives at a positive spread.
    fn at(&mut self, location: f64, spread: f64, accuracy: Accuracy) -> Derivatives;

    /// The same at spread 0.
    fn edge(&self, location: f64) -> Edge;

    /// The location that maximises the likelihood at spread 0, in closed form.
    fn edge_location(&self) -> f64;

    /// Where the scan along the spread begins and how far it goes at least: below the first, no study
    /// sees the spread; above the second, it exceeds every difference between the studies.
    fn scan_range(&self) -> [f64; 2];

    /// The factor from one point of the scan to the next.
    fn scan_factor(&self) -> f64;

    /// A spread beyond which no upper limit is looked for.
    fn farthest_spread(&self) -> f64 {
        1e9
    }

    /// Whether every evaluation so far reached the accuracy asked for.
    fn is_settled(&self) -> bool {
        true
    }
}
