//! The binomial log-likelihood of one study as a function of its linear predictor.

use crate::data::Counts;
use crate::model::likelihood::binomial::saturated_term;
use crate::model::likelihood::link::Link;
use crate::numeric::elementary::{exp, exp_m1, ln, ln_1p, log1p_exp};

/// Terms of the series around the study's own estimate. The radius of convergence is at least π/2 (cloglog;
/// logit π, probit 2.8), so they are accurate to 1e-17 within [`NEAR`].
const TERMS: usize = 15;
/// The |z| below which the series replaces the logarithms.
const NEAR: f64 = 0.125;
/// The least number of events and of non-events for which the series is used; with fewer, the logarithms are
/// accurate enough.
const LARGE: f64 = 64.0;

/// ln P(x | η) of one study relative to its maximum over η, in the coordinate z = η − `origin`.
///
/// For a study with events and non-events the origin is its own estimate g(x/n), where the relative
/// log-likelihood and its slope are 0. Near it the log-likelihood is computed without the terms of order n
/// that would cancel, so n = 10⁹ loses no more digits than n = 10. For a study with 0 or n events there is no
/// finite estimate; its log-likelihood is a single term, and the origin is 0.
#[derive(Debug, Clone)]
pub(super) struct StudyLikelihood {
    link: Link,
    events: f64,
    others: f64,
    /// The smaller of x/n and 1 − x/n.
    rarer: f64,
    /// ln(x/n) and ln(1 − x/n).
    ln_proportions: [f64; 2],
    /// The link-scale value at z = 0.
    pub origin: f64,
    /// A coordinate z where the likelihood is large: 0, or for a study with 0 or n events the estimate with ½
    /// added to both.
    pub typical: f64,
    /// ln P(x | x/n).
    pub saturated: f64,
    /// Coefficients of z¹, z², … of the slope, for a study that is [`LARGE`].
    series: Option<Box<[f64; TERMS]>>,
}

/// First and second derivative of a study's log-likelihood in its linear predictor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slope {
    pub first: f64,
    /// Never positive.
    pub second: f64,
}

impl StudyLikelihood {
    pub fn new(link: Link, counts: Counts) -> Self {
        let (x, n) = counts.as_reals();
        let m = n - x;
        let boundary = counts.at_boundary();
        let near = if boundary { link.predictor(x + 0.5, m + 0.5) } else { link.predictor(x, m) };
        let (origin, typical) = if boundary { (0.0, near) } else { (near, 0.0) };
        let series = (x >= LARGE && m >= LARGE).then(|| Box::new(slope_series(link, x, m)));
        let saturated = saturated_term(counts);
        let (p, q) = (x / n, m / n);
        let ln_proportions =
            [if q < 0.5 { ln_1p(-q) } else { ln(p) }, if p < 0.5 { ln_1p(-p) } else { ln(q) }];
        Self {
            link,
            events: x,
            others: m,
            rarer: p.min(q),
            ln_proportions,
            origin,
            typical,
            saturated,
            series,
        }
    }

    /// One person with or without the event: `events` is 1 or 0.
    pub fn one_person(link: Link, events: f64) -> Self {
        let others = 1.0 - events;
        let typical = link.predictor(events + 0.5, others + 0.5);
        Self {
            link,
            events,
            others,
            rarer: 0.0,
            ln_proportions: [0.0; 2],
            origin: 0.0,
            typical,
            saturated: 0.0,
            series: None,
        }
    }

    /// The expected number of people in the state that nobody of this study is in, at this η; `None` where people are in
    /// both.
    pub fn expected_otherwise(&self, eta: f64) -> Option<f64> {
        let [event, none] = self.link.logs(eta);
        let other = if self.events == 0.0 { event } else { none };
        self.at_boundary().then(|| (self.events + self.others) * exp(other))
    }

    fn at_boundary(&self) -> bool {
        self.events == 0.0 || self.others == 0.0
    }

    /// ln P(x | η) − ln P(x | x/n), at most 0.
    pub fn value(&self, z: f64) -> f64 {
        match &self.series {
            Some(series) if z.abs() < NEAR => z * z * integral_of(series, z),
            _ => self.value_directly(z),
        }
    }

    fn value_directly(&self, z: f64) -> f64 {
        match (self.link, self.at_boundary()) {
            (Link::Logit, false) => self.logit_value(z),
            (Link::Logit, true) => {
                let total = self.events + self.others;
                -total * log1p_exp(if self.events == 0.0 { z } else { -z })
            }
            (link, true) if self.events == 0.0 => self.others * link.ln_none(self.origin + z),
            (link, true) => self.events * link.ln_event(self.origin + z),
            (link, false) => {
                let [event, none] = link.logs(self.origin + z);
                let [ln_p, ln_q] = self.ln_proportions;
                self.events * (event - ln_p) + self.others * (none - ln_q)
            }
        }
    }

    /// n [p z − ln(1 + p (eᶻ − 1))], with p the proportion of the rarer outcome and z positive towards it.
    fn logit_value(&self, z: f64) -> f64 {
        let total = self.events + self.others;
        let p = self.rarer;
        let z = if self.events <= self.others { z } else { -z };
        // An equivalent form for large z, where eᶻ would overflow. p is at least 1e-16, so p eᶻ is of order 1
        // or larger from z = 36 on.
        let bracket = if z > 36.0 {
            let q = 1.0 - p;
            -q * z - ln(p + q * exp(-z))
        } else {
            // Away from 0 the plain functions are accurate and faster.
            let growth = p * if z.abs() > 0.5 { exp(z) - 1.0 } else { exp_m1(z) };
            p * z - if growth.abs() > 0.3 { ln(1.0 + growth) } else { ln_1p(growth) }
        };
        total * bracket
    }

    /// The derivatives in η.
    pub fn slope(&self, z: f64) -> Slope {
        if let Some(series) = self.series.as_ref().filter(|_| z.abs() < NEAR) {
            let (first, second) = value_and_slope(series, z);
            return Slope { first: z * first, second: first + z * second };
        }
        let (x, m) = (self.events, self.others);
        if self.link == Link::Logit {
            let eta = self.origin + z;
            let odds = exp(-eta.abs());
            let (likely, rare) = (1.0 / (1.0 + odds), odds / (1.0 + odds));
            let (p, q) = if eta < 0.0 { (rare, likely) } else { (likely, rare) };
            // x q − m p equals x − n p, but does not cancel for a study with 0 or n events.
            return Slope { first: x * q - m * p, second: -(x + m) * p * q };
        }
        let d = self.link.log_derivatives(self.origin + z);
        Slope { first: x * d.event + m * d.none, second: x * d.event2 + m * d.none2 }
    }
}

impl StudyLikelihood {
    /// The third derivative in η of the log-likelihood.
    pub fn third_derivative(&self, z: f64) -> f64 {
        let [event3, none3] = self.link.third_derivatives(self.origin + z);
        self.events * event3 + self.others * none3
    }

    /// The expected information on η, n h′²/(h (1 − h)), and its first and second derivative in η.
    pub fn expected_information(&self, z: f64) -> [f64; 3] {
        let total = self.events + self.others;
        self.link.information(self.origin + z).map(|one| total * one)
    }
}

/// The Taylor coefficients of the slope x a(z) + m b(z) around the study's own estimate, from z¹ on (the
/// constant term is 0). a = h′/h and b = −h′/(1 − h) satisfy a′ = a (κ − a) and b′ = b (κ − b), with
/// κ = h″/h′: a + b for the logit, −η for the probit, 1 − eᶯ for the cloglog.
fn slope_series(link: Link, x: f64, m: f64) -> [f64; TERMS] {
    let n = x + m;
    let eta = link.predictor(x, m);
    let density = link.density(x, m);
    let (mut a, mut b, mut kappa) = ([0.0; TERMS + 1], [0.0; TERMS + 1], [0.0; TERMS + 1]);
    a[0] = density * (n / x);
    b[0] = -density * (n / m);
    match link {
        Link::Logit => kappa[0] = a[0] + b[0],
        Link::Probit => (kappa[0], kappa[1]) = (-eta, -1.0),
        Link::Cloglog => {
            let mut term = -exp(eta);
            kappa[0] = 1.0 + term;
            for (index, coefficient) in kappa.iter_mut().enumerate().skip(1) {
                term /= index as f64;
                *coefficient = term;
            }
        }
    }
    for order in 0..TERMS {
        let next = (order + 1) as f64;
        let product =
            |f: &[f64]| (0..=order).map(|i| f[i] * (kappa[order - i] - f[order - i])).sum::<f64>() / next;
        (a[order + 1], b[order + 1]) = (product(&a), product(&b));
        if link == Link::Logit {
            kappa[order + 1] = a[order + 1] + b[order + 1];
        }
    }
    std::array::from_fn(|index| x * a[index + 1] + m * b[index + 1])
}

/// Σ cᵢ zⁱ/(i + 2): the integral of z Σ cᵢ zⁱ over z².
fn integral_of(series: &[f64; TERMS], z: f64) -> f64 {
    series.iter().enumerate().rev().fold(0.0, |sum, (index, c)| sum * z + c / (index as f64 + 2.0))
}

/// Σ cᵢ zⁱ and its derivative.
fn value_and_slope(series: &[f64; TERMS], z: f64) -> (f64, f64) {
    series.iter().rev().fold((0.0, 0.0), |(value, slope), c| (value * z + c, slope * z + value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: [Link; 3] = [Link::Logit, Link::Probit, Link::Cloglog];

    #[test]
    fn series_and_logarithms_agree_where_the_method_changes() {
        for link in LINKS {
            for (x, n) in [(70, 140), (64, 900), (500, 600), (100, 100_000)] {
                let study = StudyLikelihood::new(link, Counts::new(x, n).unwrap());
                for z in [-0.124, -0.06, 0.11] {
                    let (series, direct) = (study.value(z), study.value_directly(z));
                    assert!(
                        (series - direct).abs() < 1e-12 * (1.0 + direct.abs()),
                        "{link:?} {x} {z}: {series} {direct}"
                    );
                }
                let plain = StudyLikelihood { series: None, ..study.clone() };
                let (near, far) = (study.slope(0.1), plain.slope(0.1));
                assert!((near.first / far.first - 1.0).abs() < 1e-11, "{link:?} {x} {n}");
                assert!((near.second / far.second - 1.0).abs() < 1e-11, "{link:?} {x} {n}");
            }
        }
    }

    #[test]
    fn slopes_agree_with_differences() {
        for link in LINKS {
            for (x, n) in [(0, 10), (10, 10), (3, 10), (9, 11), (80, 200)] {
                let study = StudyLikelihood::new(link, Counts::new(x, n).unwrap());
                for z in [-1.5, -0.1, 0.05, 0.9] {
                    let h = 1e-5;
                    let first = (study.value(z + h) - study.value(z - h)) / (2.0 * h);
                    let second = (study.slope(z + h).first - study.slope(z - h).first) / (2.0 * h);
                    let slope = study.slope(z);
                    assert!((slope.first - first).abs() < 1e-7 * (1.0 + first.abs()), "{link:?} {x}/{n} {z}");
                    assert!(
                        (slope.second - second).abs() < 1e-7 * (1.0 + second.abs()),
                        "{link:?} {x}/{n} {z}"
                    );
                }
            }
        }
    }
}
