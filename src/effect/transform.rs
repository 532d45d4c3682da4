//! From the analysis scale to proportions and back.

use super::freeman_tukey;
use crate::numeric::elementary::{exp, exp_m1, expit, ln, ln_1p, logit, sin};
use crate::numeric::normal;
use crate::options::Measure;

/// The scale of an analysis: forward from a proportion, back to one.
///
/// ```
/// use metaprop::effect::Transform;
/// use metaprop::options::Measure;
///
/// let logit = Transform::new(Measure::Logit);
/// assert_eq!(logit.to_proportion(0.0), 0.5);
/// let raw = Transform::new(Measure::Raw);
/// assert_eq!(raw.to_proportion(1.2), 1.0); // clipped
/// assert!(!raw.is_inside(1.2)); // and it can be asked
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    measure: Measure,
    /// The n of the Freeman-Tukey inverse; `None` is the plain arcsine inverse.
    n: Option<f64>,
}

impl Transform {
    /// The scale of this measure; Freeman-Tukey with the plain arcsine inverse.
    #[must_use]
    pub const fn new(measure: Measure) -> Self {
        Self { measure, n: None }
    }

    /// The Freeman-Tukey scale with this n in the inverse.
    #[must_use]
    pub const fn freeman_tukey(n: f64) -> Self {
        Self { measure: Measure::FreemanTukey, n: Some(n) }
    }

    /// The measure of this scale.
    #[must_use]
    pub const fn measure(&self) -> Measure {
        self.measure
    }

    /// The n of the Freeman-Tukey inverse, where one enters.
    #[must_use]
    pub const fn n(&self) -> Option<f64> {
        self.n
    }

    /// The proportion at `y`, a fraction clipped to [0, 1].
    ///
    /// Arcsine and Freeman-Tukey fold back outside their range, so there `y` is cut to the end of
    /// the range before it is transformed.
    #[must_use]
    pub fn to_proportion(&self, y: f64) -> f64 {
        let [least, most] = self.range();
        let p = match self.measure {
            _ if y <= least => 0.0,
            _ if y >= most => 1.0,
            Measure::Raw | Measure::Generic => y,
            Measure::Log => exp(y),
            Measure::Logit => expit(y),
            Measure::Probit => normal::cdf(y),
            Measure::Cloglog => -exp_m1(-exp(y)),
            Measure::Arcsine => sin(y) * sin(y),
            Measure::FreemanTukey => match self.n {
                Some(n) => freeman_tukey::inverse(y, n),
                None => sin(y) * sin(y),
            },
        };
        p.clamp(0.0, 1.0)
    }

    /// The value at a proportion `p` in [0, 1]; infinite where the scale has no value there.
    #[must_use]
    pub fn from_proportion(&self, p: f64) -> f64 {
        match self.measure {
            Measure::Raw | Measure::Generic => p,
            Measure::Log => ln(p),
            Measure::Logit => logit(p),
            Measure::Probit => normal::quantile(p),
            Measure::Cloglog => ln(-ln_1p(-p)),
            Measure::Arcsine => freeman_tukey::angle(p, 1.0 - p),
            Measure::FreemanTukey => match self.n {
                Some(n) => freeman_tukey::forward(p * n, n),
                None => freeman_tukey::angle(p, 1.0 - p),
            },
        }
    }

    /// Whether `y` is the value of some proportion: false where [`to_proportion`](Self::to_proportion) clips.
    #[must_use]
    pub fn is_inside(&self, y: f64) -> bool {
        let [least, most] = self.range();
        least <= y && y <= most
    }

    /// The values at the proportions 0 and 1.
    fn range(&self) -> [f64; 2] {
        match self.measure {
            Measure::Logit | Measure::Probit | Measure::Cloglog => [f64::NEG_INFINITY, f64::INFINITY],
            _ => [self.from_proportion(0.0), self.from_proportion(1.0)],
        }
    }
}
