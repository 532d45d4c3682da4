//! The three links of a binomial model: a proportion h(η) at a linear predictor η.

use std::f64::consts::LN_2;

use crate::data::Counts;
use crate::effect::exact_difference::{self, CorrectedCounts};
use crate::numeric::elementary::{exp, exp_m1, expit, ln, ln_1p, log1p_exp};
use crate::numeric::normal;
use crate::options::Measure;

/// 1/√(2π).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
/// From here on, φ/Φ in the tail comes from its asymptotic series.
const MILLS_SERIES_FROM: f64 = 30.0;

/// From here on, the slopes of the cloglog link stay what they are.
const FARTHEST: f64 = 300.0;

/// How a proportion depends on the linear predictor.
///
/// | link | proportion h(η) |
/// |---|---|
/// | logit | 1/(1 + e⁻ᶯ) |
/// | probit | Φ(η) |
/// | cloglog | 1 − exp(−eᶯ) |
///
/// ln h and ln(1 − h) are concave for all three, on which the uniqueness of every mode rests.
///
/// ```
/// use metaprop::model::likelihood::Link;
/// use metaprop::options::Measure;
///
/// assert_eq!(Link::of(Measure::Probit), Some(Link::Probit));
/// assert_eq!(Link::of(Measure::Raw), None);
/// assert_eq!(Link::Logit.proportion(0.0), 0.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The log odds.
    Logit,
    /// The normal quantile.
    Probit,
    /// The complementary log-log.
    Cloglog,
}

/// The slopes in η of ln h and ln(1 − h), and the log-derivative of h′.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) struct Slopes {
    /// h′/h.
    pub event: f64,
    /// −h′/(1 − h).
    pub none: f64,
    /// The second derivative of ln h, never positive.
    pub event2: f64,
    /// The second derivative of ln(1 − h), never positive.
    pub none2: f64,
}

impl Link {
    /// The link of a measure, where the measure is one.
    #[must_use]
    pub const fn of(measure: Measure) -> Option<Self> {
        match measure {
            Measure::Logit => Some(Self::Logit),
            Measure::Probit => Some(Self::Probit),
            Measure::Cloglog => Some(Self::Cloglog),
            _ => None,
        }
    }

    /// The proportion h(η).
    #[must_use]
    pub fn proportion(self, eta: f64) -> f64 {
        match self {
            Self::Logit => expit(eta),
            Self::Probit => normal::cdf(eta),
            Self::Cloglog => -exp_m1(-exp(eta)),
        }
    }

    /// The linear predictor of x events and m non-events, both possibly fractional; the smaller of the
    /// two keeps its digits.
    pub(in crate::model) fn predictor(self, x: f64, m: f64) -> f64 {
        let n = x + m;
        match self {
            Self::Logit if 0.5 * m < x && x < 2.0 * m => ln_1p((x - m) / m),
            Self::Logit => ln(x / m),
            Self::Probit => normal::quantile_of(x, m),
            Self::Cloglog => ln(if x <= m { -ln_1p(-x / n) } else { -ln(m / n) }),
        }
    }

    /// The linear predictor of some counts.
    pub(in crate::model) fn predictor_of(self, counts: Counts) -> f64 {
        let (x, n) = counts.as_reals();
        self.predictor(x, n - x)
    }

    /// The difference of two linear predictors.
    pub(in crate::model) fn difference(self, a: CorrectedCounts, b: CorrectedCounts) -> f64 {
        match self {
            Self::Logit => exact_difference::logit(a, b),
            Self::Probit => exact_difference::probit(a, b),
            Self::Cloglog => exact_difference::cloglog(a, b),
        }
    }

    /// h′ at the linear predictor of x events and m non-events.
    pub(in crate::model) fn density(self, x: f64, m: f64) -> f64 {
        let (p, q) = (x / (x + m), m / (x + m));
        match self {
            Self::Logit => p * q,
            Self::Probit => normal::density_at_tail(p.min(q), self.predictor(x, m)),
            Self::Cloglog => -q * if x <= m { ln_1p(-p) } else { ln(q) },
        }
    }

    /// ln h(η) and ln(1 − h(η)), both with full relative accuracy.
    pub(in crate::model) fn logs(self, eta: f64) -> [f64; 2] {
        match self {
            Self::Logit => [-log1p_exp(-eta), -log1p_exp(eta)],
            Self::Probit => {
                if eta.abs() > MILLS_SERIES_FROM {
                    return [normal::log_cdf(eta), normal::log_sf(eta)];
                }
                let tail = normal::sf(eta.abs());
                let (small, large) = (ln(tail), ln_1p(-tail));
                if eta < 0.0 { [small, large] } else { [large, small] }
            }
            Self::Cloglog => {
                let hazard = exp(eta);
                let event = match () {
                    // Here h and the hazard are one, and the hazard may underflow.
                    () if eta < -37.0 => eta - 0.5 * hazard,
                    () if hazard < LN_2 => ln(-exp_m1(-hazard)),
                    () => ln_1p(-exp(-hazard)),
                };
                [event, -hazard]
            }
        }
    }

    /// The first and second derivatives of ln h and ln(1 − h).
    pub(in crate::model) fn slopes(self, eta: f64) -> Slopes {
        match self {
            Self::Logit => {
                let (p, q) = (expit(eta), expit(-eta));
                Slopes { event: q, none: -p, event2: -p * q, none2: -p * q }
            }
            Self::Probit => probit_slopes(eta),
            Self::Cloglog => {
                // Beyond this no probability is left, and squares of the slopes would overflow.
                let hazard = exp(eta.min(FARTHEST));
                let grown = exp_m1(hazard);
                if grown == 0.0 {
                    return Slopes { event: 1.0, none: -hazard, event2: -0.5 * hazard, none2: -hazard };
                }
                // h′/h = H/(eᴴ − 1); the difference from 1 without cancellation in the second one.
                let event = if grown.is_finite() { hazard / grown } else { 0.0 };
                let event2 = -event * (hazard - 1.0 + event);
                Slopes { event, none: -hazard, event2: event2.min(0.0), none2: -hazard }
            }
        }
    }
}

/// h′ = φ, and (ln h)″ = −(h′/h)(η + h′/h).
fn probit_slopes(eta: f64) -> Slopes {
    let z = eta.abs();
    let (small, large) = if z > MILLS_SERIES_FROM {
        (inverse_mills(z), 0.0)
    } else {
        let (density, tail) = (FRAC_1_SQRT_2_PI * exp(-0.5 * z * z), normal::sf(z));
        (density / tail, density / (1.0 - tail))
    };
    // `small` belongs to the outcome that is rare at this η.
    let (small2, large2) = (-small * (small - z).max(0.0), -large * (z + large));
    if eta < 0.0 {
        Slopes { event: small, none: -large, event2: small2, none2: large2 }
    } else {
        Slopes { event: large, none: -small, event2: large2, none2: small2 }
    }
}

/// φ(z)/(1 − Φ(z)) for z ≥ 30: z + 1/z − 2/z³ + 10/z⁵ − 74/z⁷ + 706/z⁹ − 8162/z¹¹, the reciprocal of
/// DLMF 7.12.1; the next term is below 1e-17.
fn inverse_mills(z: f64) -> f64 {
    let r = 1.0 / (z * z);
    z * (1.0 + r * (1.0 - r * (2.0 - r * (10.0 - r * (74.0 - r * (706.0 - r * 8162.0))))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_logs() {
        for link in [Link::Logit, Link::Probit, Link::Cloglog] {
            for eta in [-33.0, -8.0, -2.5, -0.3, 0.0, 0.7, 1.6, 2.9] {
                let h = 1e-5;
                let (below, above) = (link.logs(eta - h), link.logs(eta + h));
                let (s, lower, upper) = (link.slopes(eta), link.slopes(eta - h), link.slopes(eta + h));
                for (got, want) in [
                    (s.event, (above[0] - below[0]) / (2.0 * h)),
                    (s.none, (above[1] - below[1]) / (2.0 * h)),
                    (s.event2, (upper.event - lower.event) / (2.0 * h)),
                    (s.none2, (upper.none - lower.none) / (2.0 * h)),
                ] {
                    assert!((got - want).abs() < 1e-8 * (1.0 + want.abs()), "{link:?} {eta}: {got} {want}");
                }
            }
        }
    }

    #[test]
    fn predictor_and_proportion_are_inverse() {
        for link in [Link::Logit, Link::Probit, Link::Cloglog] {
            for (x, m) in [(1.0, 1e9), (3.0, 7.0), (1.0, 1.0), (9.0, 2.0)] {
                let p = link.proportion(link.predictor(x, m));
                assert!((p * (x + m) / x - 1.0).abs() < 1e-13, "{link:?} {x} {m}");
            }
        }
    }

    #[test]
    fn mills_ratio_meets_its_series() {
        let z = MILLS_SERIES_FROM;
        let direct = FRAC_1_SQRT_2_PI * exp(-0.5 * z * z) / normal::sf(z);
        assert!((inverse_mills(z) / direct - 1.0).abs() < 1e-13);
    }
}
