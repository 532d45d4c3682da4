//! The three link functions of a binomial model: the proportion h(η) at a linear predictor η.

use std::f64::consts::LN_2;

use crate::data::Counts;
use crate::effect::exact_difference::{self, CorrectedCounts};
use crate::numeric::elementary::{exp, exp_m1, expit, ln, ln_1p, log1p_exp};
use crate::numeric::normal;
use crate::options::Measure;

/// 1/√(2π).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
/// From this |η| on, the inverse Mills ratio is computed by its asymptotic series.
const MILLS_SERIES_FROM: f64 = 30.0;
/// The derivatives of the cloglog link are evaluated at this η where η is larger: there 1 − h is 0 in any
/// case, and their squares would overflow.
const MAX_CLOGLOG_ETA: f64 = 300.0;

/// The function that gives the proportion from the linear predictor.
///
/// | link | proportion h(η) |
/// |---|---|
/// | logit | 1/(1 + e⁻ᶯ) |
/// | probit | Φ(η) |
/// | cloglog | 1 − exp(−eᶯ) |
///
/// ln h and ln(1 − h) are concave for all three, so every study's likelihood has a unique mode.
///
/// ```
/// use metaprop::model::likelihood::Link;
/// use metaprop::options::Measure;
///
/// assert_eq!(Link::from_measure(Measure::Probit), Some(Link::Probit));
/// assert_eq!(Link::from_measure(Measure::Raw), None);
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

/// The first and second derivatives of ln h and ln(1 − h) in η.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogDerivatives {
    /// h′/h, the derivative of ln h.
    pub event: f64,
    /// −h′/(1 − h), the derivative of ln(1 − h).
    pub none: f64,
    /// The second derivative of ln h, never positive.
    pub event2: f64,
    /// The second derivative of ln(1 − h), never positive.
    pub none2: f64,
}

impl Link {
    /// The link that corresponds to a measure, if there is one.
    #[must_use]
    pub const fn from_measure(measure: Measure) -> Option<Self> {
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

    /// The linear predictor at the proportion of x events and m non-events, which may be fractional. It is
    /// computed from the smaller of the two, so that proportions close to 1 lose no digits.
    pub(super) fn predictor(self, x: f64, m: f64) -> f64 {
        let n = x + m;
        match self {
            Self::Logit if 0.5 * m < x && x < 2.0 * m => ln_1p((x - m) / m),
            Self::Logit => ln(x / m),
            Self::Probit => normal::quantile_of(x, m),
            Self::Cloglog => ln(if x <= m { -ln_1p(-x / n) } else { -ln(m / n) }),
        }
    }

    /// The linear predictor at the proportion of these counts.
    pub(super) fn predictor_of(self, counts: Counts) -> f64 {
        let (x, n) = counts.as_reals();
        self.predictor(x, n - x)
    }

    /// The difference of the linear predictors of two studies.
    pub(super) fn difference(self, a: CorrectedCounts, b: CorrectedCounts) -> f64 {
        match self {
            Self::Logit => exact_difference::logit(a, b),
            Self::Probit => exact_difference::probit(a, b),
            Self::Cloglog => exact_difference::cloglog(a, b),
        }
    }

    /// h′ at the linear predictor of x events and m non-events.
    pub(super) fn density(self, x: f64, m: f64) -> f64 {
        let (p, q) = (x / (x + m), m / (x + m));
        match self {
            Self::Logit => p * q,
            Self::Probit => normal::density_at_tail(p.min(q), self.predictor(x, m)),
            Self::Cloglog => -q * if x <= m { ln_1p(-p) } else { ln(q) },
        }
    }

    /// ln h(η) and ln(1 − h(η)), both with full relative accuracy.
    pub(super) fn logs(self, eta: f64) -> [f64; 2] {
        match self {
            Self::Probit if eta.abs() <= MILLS_SERIES_FROM => {
                let tail = normal::sf(eta.abs());
                let (small, large) = (ln(tail), ln_1p(-tail));
                if eta < 0.0 { [small, large] } else { [large, small] }
            }
            Self::Cloglog => {
                let hazard = exp(eta);
                [ln_event_of_hazard(eta, hazard), -hazard]
            }
            _ => [self.ln_event(eta), self.ln_none(eta)],
        }
    }

    /// ln h(η) alone: the same bits as in [`logs`](Self::logs).
    pub(super) fn ln_event(self, eta: f64) -> f64 {
        match self {
            Self::Logit => -log1p_exp(-eta),
            Self::Probit => ln_normal_tail(eta),
            Self::Cloglog => ln_event_of_hazard(eta, exp(eta)),
        }
    }

    /// ln(1 − h(η)) alone: the same bits as in [`logs`](Self::logs).
    pub(super) fn ln_none(self, eta: f64) -> f64 {
        match self {
            Self::Logit => -log1p_exp(eta),
            Self::Probit => ln_normal_tail(-eta),
            Self::Cloglog => -exp(eta),
        }
    }

    /// The first and second derivatives of ln h and ln(1 − h).
    pub(super) fn log_derivatives(self, eta: f64) -> LogDerivatives {
        match self {
            Self::Logit => {
                let (p, q) = (expit(eta), expit(-eta));
                LogDerivatives { event: q, none: -p, event2: -p * q, none2: -p * q }
            }
            Self::Probit => probit_log_derivatives(eta),
            Self::Cloglog => {
                let hazard = exp(eta.min(MAX_CLOGLOG_ETA));
                let expm1_hazard = exp_m1(hazard);
                if expm1_hazard == 0.0 {
                    return LogDerivatives {
                        event: 1.0,
                        none: -hazard,
                        event2: -0.5 * hazard,
                        none2: -hazard,
                    };
                }
                // h′/h = H/(eᴴ − 1) for the hazard H = eᶯ.
                let event = if expm1_hazard.is_finite() { hazard / expm1_hazard } else { 0.0 };
                let event2 = -event * (hazard - 1.0 + event);
                LogDerivatives { event, none: -hazard, event2: event2.min(0.0), none2: -hazard }
            }
        }
    }
}

impl Link {
    /// κ = h″/h′ and its derivative.
    fn curvature(self, eta: f64, d: &LogDerivatives) -> [f64; 2] {
        match self {
            Self::Logit => [d.event + d.none, d.event2 + d.none2],
            Self::Probit => [-eta, -1.0],
            Self::Cloglog => {
                let hazard = exp(eta.min(MAX_CLOGLOG_ETA));
                [1.0 - hazard, -hazard]
            }
        }
    }

    /// The third derivatives of ln h and ln(1 − h): with a = h′/h, a′ = a (κ − a) and so a″ = a′ a′/a + a (κ′ − a′),
    /// and b = −h′/(1 − h) likewise.
    pub(super) fn third_derivatives(self, eta: f64) -> [f64; 2] {
        let d = self.log_derivatives(eta);
        let [_, slope] = self.curvature(eta, &d);
        [[d.event, d.event2], [d.none, d.none2]]
            .map(|[first, second]| second * log_slope(first, second) + first * (slope - second))
    }

    /// The expected information of one person on η, h′²/(h (1 − h)), with its first and second derivative.
    pub(super) fn information(self, eta: f64) -> [f64; 3] {
        let d = self.log_derivatives(eta);
        let [_, slope] = self.curvature(eta, &d);
        let information = -d.event * d.none;
        // Its logarithm is that of a and −b together.
        let first = log_slope(d.event, d.event2) + log_slope(d.none, d.none2);
        let second = 2.0 * slope - d.event2 - d.none2;
        [information, information * first, information * (first * first + second)]
    }
}

/// f′/f, and 0 where f has underflowed.
fn log_slope(value: f64, derivative: f64) -> f64 {
    if value == 0.0 { 0.0 } else { derivative / value }
}

/// ln Φ(η).
fn ln_normal_tail(eta: f64) -> f64 {
    if eta.abs() > MILLS_SERIES_FROM {
        return normal::log_cdf(eta);
    }
    let tail = normal::sf(eta.abs());
    if eta < 0.0 { ln(tail) } else { ln_1p(-tail) }
}

/// ln h of the cloglog link at the hazard H = eᶯ.
fn ln_event_of_hazard(eta: f64, hazard: f64) -> f64 {
    match () {
        // ln h = η − H/2 + O(H²); the hazard H may underflow.
        () if eta < -37.0 => eta - 0.5 * hazard,
        () if hazard < LN_2 => ln(-exp_m1(-hazard)),
        () => ln_1p(-exp(-hazard)),
    }
}

/// h′ = φ, and (ln h)″ = −(h′/h)(η + h′/h).
fn probit_log_derivatives(eta: f64) -> LogDerivatives {
    let z = eta.abs();
    // The density divided by the smaller tail (the probability of the rarer outcome) and by the larger one.
    let (rare, common) = if z > MILLS_SERIES_FROM {
        (inverse_mills(z), 0.0)
    } else {
        let (density, tail) = (FRAC_1_SQRT_2_PI * exp(-0.5 * z * z), normal::sf(z));
        (density / tail, density / (1.0 - tail))
    };
    let (rare2, common2) = (-rare * (rare - z).max(0.0), -common * (z + common));
    if eta < 0.0 {
        LogDerivatives { event: rare, none: -common, event2: rare2, none2: common2 }
    } else {
        LogDerivatives { event: common, none: -rare, event2: common2, none2: rare2 }
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
    fn log_derivatives_agree_with_differences() {
        for link in [Link::Logit, Link::Probit, Link::Cloglog] {
            for eta in [-33.0, -8.0, -2.5, -0.3, 0.0, 0.7, 1.6, 2.9] {
                let h = 1e-5;
                let (below, above) = (link.logs(eta - h), link.logs(eta + h));
                let [s, lower, upper] = [eta, eta - h, eta + h].map(|eta| link.log_derivatives(eta));
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
    fn mills_ratio_is_continuous_where_the_method_changes() {
        let z = MILLS_SERIES_FROM;
        let direct = FRAC_1_SQRT_2_PI * exp(-0.5 * z * z) / normal::sf(z);
        assert!((inverse_mills(z) / direct - 1.0).abs() < 1e-13);
    }
}
