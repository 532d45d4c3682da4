//! A log-likelihood in two parameters: a location on the whole line and a spread ≥ 0.

use crate::error::Error;

/// A log-likelihood with its first and second derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Derivatives {
    /// The log-likelihood.
    pub value: f64,
    /// Its derivative in the location.
    pub location: f64,
    /// Its derivative in the spread.
    pub spread: f64,
    /// Its second derivative in the location.
    pub location2: f64,
    /// Its mixed second derivative.
    pub cross: f64,
    /// Its second derivative in the spread.
    pub spread2: f64,
}

impl Derivatives {
    /// What is given for a likelihood that is not computed any more.
    pub(super) const NONE: Self = Self {
        value: f64::NAN,
        location: f64::NAN,
        spread: f64::NAN,
        location2: f64::NAN,
        cross: f64::NAN,
        spread2: f64::NAN,
    };

    /// The derivative of the profile log-likelihood in the spread, to second order in the distance from the
    /// best location.
    #[must_use]
    pub fn profile_slope(&self) -> f64 {
        self.spread - self.cross * self.location / self.location2
    }

    /// The Newton step in the location at this spread; `None` where the curvature is not negative.
    #[must_use]
    pub fn location_step(&self) -> Option<f64> {
        (self.location2 < 0.0).then(|| -self.location / self.location2)
    }

    /// The Newton step in the location, at most 4 units; where the curvature is not negative, a step of one
    /// unit uphill.
    #[must_use]
    pub fn bounded_location_step(&self, unit: f64) -> f64 {
        match self.location_step() {
            Some(step) => step.clamp(-4.0 * unit, 4.0 * unit),
            None if self.location == 0.0 => 0.0,
            None => unit * self.location.signum(),
        }
    }

    /// Whether a step in the location, squared and in standard errors, is below `bound`. It is not where the curvature is
    /// positive, as that of an approximated likelihood can be: the step is then no distance from the best location.
    pub(super) fn is_within(&self, step: f64, bound: f64) -> bool {
        self.location2 <= 0.0 && step * step * -self.location2 < bound
    }

    /// The Newton step in both parameters; `None` where the observed information is not positive definite.
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

    /// The variances of location and spread and their covariance: the inverse of the observed information.
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
        // From the determinant, because half_trace − root would cancel.
        [self.determinant() / larger, larger]
    }
}

/// A log-likelihood at spread 0, where both models are the plain binomial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZeroSpread {
    /// The log-likelihood.
    pub value: f64,
    /// Its derivative in the location.
    pub location: f64,
    /// Its second derivative in the location.
    pub location2: f64,
    /// Its one-sided derivative in the direction of larger spreads: in τ² for the binomial-normal model (the
    /// derivative in τ is 0), in θ for the beta-binomial.
    pub inward: f64,
}

/// The accuracy with which a likelihood is evaluated; closed forms ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// About 1e-8, enough for the sign of a derivative.
    Coarse,
    /// About 1e-9, enough to approach an optimum.
    Close,
    /// Refined until two quadrature rules agree, so that only rounding errors are left.
    Full,
}

/// A log-likelihood in a location and a spread.
pub trait Surface {
    /// The value and derivatives at a positive spread.
    fn at(&mut self, location: f64, spread: f64, accuracy: Accuracy) -> Derivatives;

    /// The value and derivatives at spread 0.
    fn at_zero_spread(&self, location: f64) -> ZeroSpread;

    /// The limit of the log-likelihood as the spread grows without end, and its derivative in the location; `None`
    /// where it is −∞.
    fn at_infinite_spread(&self, _location: f64) -> Option<(f64, f64)> {
        None
    }

    /// The location that maximises the likelihood at spread 0, in closed form.
    fn common_location(&self) -> f64;

    /// Where a scan along the spread starts and the least spread to which it goes: below the first the spread
    /// is negligible for every study; above the second it exceeds all differences between studies.
    fn scan_range(&self) -> [f64; 2];

    /// The factor from one point of the scan to the next.
    fn scan_factor(&self) -> f64;

    /// The length in which a step of the location is bounded at this spread.
    fn location_unit(&self, _spread: f64) -> f64 {
        1.0
    }

    /// The largest spread to which an upper limit is searched.
    fn max_spread(&self) -> f64 {
        1e9
    }

    /// Whether every evaluation so far has reached the requested accuracy.
    fn is_accurate(&self) -> bool {
        true
    }

    /// The work that was done so far.
    fn work(&self) -> Work {
        Work::default()
    }

    /// What a search on this surface found, or why that is no result: a search that has used up its work was
    /// given numbers that are none.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`].
    fn finished<T>(&self, found: Result<T, String>) -> Result<T, Error> {
        let work = self.work();
        if work.is_used_up() {
            return Err(Error::NoConvergence(format!(
                "the likelihood of a study was computed at {} points, and no more are allowed for one number",
                work.allowed
            )));
        }
        found.map_err(Error::NoConvergence)
    }
}

/// How often the likelihood of a study was computed at a point, and how often it may be: counted, so that the same
/// data give the same answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// The points so far.
    pub points: u64,
    /// How many are allowed.
    pub allowed: u64,
}

impl Work {
    /// Nothing done yet, for so many studies: no fewer points than for 100.
    pub(super) fn allowed_for(studies: usize) -> Self {
        const POINTS_PER_STUDY: u64 = 60_000;
        Self { points: 0, allowed: POINTS_PER_STUDY * studies.max(100) as u64 }
    }

    /// Whether more was done than is allowed.
    pub(super) fn is_used_up(&self) -> bool {
        self.points > self.allowed
    }
}
