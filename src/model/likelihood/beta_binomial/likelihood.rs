//! The beta-binomial likelihood of all studies, as a surface in the logit of the mean and
//! θ = 1/(α + β).
//!
//! With S = 1/θ, a = Sp, b = S(1 − p), A = x + a, B = n − x + b, N = n + S and r = A/N, a study's
//! log-likelihood ln C(n, x) + ln B(A, B) − ln B(a, b) is, by Stirling's formula with remainder,
//!
//! ```text
//! ln P(x | x/n) − n KL(x/n, r) − S KL(p, r) + Ω(A) + Ω(B) − Ω(N) − Ω(a) − Ω(b) + Ω(S),
//! Ω(z) = ln Γ(z) − z ln z + z = ½ ln(2π/z) + δ(z)
//! ```
//!
//! (own derivation). The large terms have been cancelled algebraically, so it is as accurate for n = 10⁹ as
//! for n = 10, and tends to the binomial as θ → 0. r minimises the sum of the two divergences, so the
//! derivatives have the same form, with κ = Ω′ = ψ − ln and χ = κ′ = ψ′ − 1/z.

use crate::data::Counts;
use crate::model::likelihood::binomial::{Homogeneity, saturated_term};
use crate::model::likelihood::divergence::{divergence, ln_ratio};
use crate::model::likelihood::surface::{Accuracy, Derivatives, Surface, ZeroSpread};
use crate::numeric::elementary::{expit, log1p_exp};
use crate::numeric::gamma::{digamma, stirling_error, trigamma};
use crate::numeric::sum::Sum;

/// From this argument on the asymptotic series of ψ and ψ′ are exact to double precision.
const SERIES_FROM: f64 = 12.0;

/// The beta-binomial likelihood of studies with at least one event and one non-event in total.
#[derive(Debug, Clone)]
pub(super) struct BetaBinomialLikelihood {
    studies: Vec<Study>,
    /// logit(Σx/Σn), and the log-likelihood there at θ = 0.
    common: (f64, f64),
    largest_n: f64,
}

#[derive(Debug, Clone, Copy)]
struct Study {
    events: f64,
    others: f64,
    saturated: f64,
}

impl BetaBinomialLikelihood {
    /// `common` must have a finite y.
    pub fn new(counts: &[Counts], common: &Homogeneity) -> Self {
        let study = |c: &Counts| {
            let (x, n) = c.as_reals();
            Study { events: x, others: n - x, saturated: saturated_term(*c) }
        };
        let largest_n = counts.iter().map(|c| c.as_reals().1).fold(1.0, f64::max);
        let common = (common.y.unwrap_or(0.0), common.log_likelihood);
        Self { studies: counts.iter().map(study).collect(), common, largest_n }
    }
}

impl Surface for BetaBinomialLikelihood {
    fn at(&mut self, logit: f64, theta: f64, _: Accuracy) -> Derivatives {
        let shape = Shape::new(logit, theta);
        let mut sums = [Sum::new(); 6];
        for study in &self.studies {
            let d = shape.derivatives(study);
            let terms = [d.value, d.location, d.spread, d.location2, d.cross, d.spread2];
            for (sum, term) in sums.iter_mut().zip(terms) {
                sum.add(term);
            }
        }
        let [value, location, spread, location2, cross, spread2] = sums.map(|sum| sum.value());
        Derivatives { value, location, spread, location2, cross, spread2 }
    }

    /// At θ = 0 the plain binomial; the slope in θ is
    /// ½ Σ (x(x − 1)/p + m(m − 1)/q − n(n − 1)), written with x/n − p.
    fn at_zero_spread(&self, logit: f64) -> ZeroSpread {
        let (p, q) = (expit(logit), expit(-logit));
        let variance = p * q;
        let mut sums = [Sum::new(); 4];
        for study in &self.studies {
            let n = study.events + study.others;
            let excess = study.excess(p, q);
            let fit = divergence([study.events / n, study.others / n], [p, q], -excess);
            let inward = n * excess * (n * excess - (q - p)) / variance - n;
            let terms = [study.saturated - n * fit, n * excess, -n * variance, 0.5 * inward];
            for (sum, term) in sums.iter_mut().zip(terms) {
                sum.add(term);
            }
        }
        let [value, location, location2, inward] = sums.map(|sum| sum.value());
        // At the common estimate the value from `Homogeneity` is more accurate.
        let value = if logit == self.common.0 { self.common.1 } else { value };
        ZeroSpread { value, location, location2, inward }
    }

    /// At ρ = 1 all persons of a study have the same outcome.
    fn at_infinite_spread(&self, logit: f64) -> Option<(f64, f64)> {
        let full = self.studies.iter().filter(|study| study.others == 0.0).count() as f64;
        let none = self.studies.iter().filter(|study| study.events == 0.0).count() as f64;
        (full + none == self.studies.len() as f64).then(|| {
            let value = -full * log1p_exp(-logit) - none * log1p_exp(logit);
            (value, full * expit(-logit) - none * expit(logit))
        })
    }

    fn common_location(&self) -> f64 {
        self.common.0
    }

    /// θ n is about the relative increase of the variance of a proportion, and 2 % is negligible; from θ = 10
    /// on the true proportions are practically 0 or 1.
    fn scan_range(&self) -> [f64; 2] {
        [0.02 / self.largest_n, 10.0]
    }

    fn scan_factor(&self) -> f64 {
        2.0
    }
}

impl Study {
    /// x/n − p, computed from the smaller of p and q, which loses no digits.
    fn excess(&self, p: f64, q: f64) -> f64 {
        let n = self.events + self.others;
        if p <= q { self.events / n - p } else { q - self.others / n }
    }
}

/// The parameters, in the forms in which they enter the terms.
struct Shape {
    p: f64,
    q: f64,
    /// S = α + β = 1/θ.
    size: f64,
    alpha: f64,
    beta: f64,
}

impl Shape {
    fn new(logit: f64, theta: f64) -> Self {
        let (p, q, size) = (expit(logit), expit(-logit), 1.0 / theta);
        Self { p, q, size, alpha: size * p, beta: size * q }
    }

    /// The log-likelihood of one study and its derivatives in logit p and θ.
    fn derivatives(&self, study: &Study) -> Derivatives {
        let Self { p, q, size, alpha, beta } = *self;
        let (x, m) = (study.events, study.others);
        let n = x + m;
        let posterior_size = n + size;
        let [r, s] = [(x + alpha) / posterior_size, (m + beta) / posterior_size];
        let excess = study.excess(p, q);
        let shift = n / posterior_size * excess;
        let from_mean = divergence([p, q], [r, s], shift);
        let from_study = divergence([x / n, m / n], [r, s], -size / posterior_size * excess);

        let event = Increment::new(alpha, x);
        let other = Increment::new(beta, m);
        let total = Increment::new(size, n);
        let omega = event.omega + other.omega - total.omega;
        let value = study.saturated - n * from_study - size * from_mean + omega;

        // ∂/∂α − ∂/∂β, and ∂/∂S at constant p.
        let tilt = ln_ratio(r / p, shift / p) - ln_ratio(s / q, -shift / q) + event.kappa - other.kappa;
        let growth = p * event.kappa + q * other.kappa - total.kappa - from_mean;
        let (trigamma_x, trigamma_m) = (event.trigamma(), other.trigamma());
        let by_p2 = size * size * (trigamma_x + trigamma_m);
        let by_p_size = tilt + size * (p * trigamma_x - q * trigamma_m);
        let explained = n * excess / posterior_size;
        let by_size2 =
            explained * explained / (posterior_size * r * s) + p * p * event.chi + q * q * other.chi
                - total.chi;

        let variance = p * q;
        let square = size * size;
        Derivatives {
            value,
            location: variance * size * tilt,
            spread: -square * growth,
            location2: variance * (variance * by_p2 + (q - p) * size * tilt),
            cross: -square * variance * by_p_size,
            spread2: square * size * (size * by_size2 + 2.0 * growth),
        }
    }
}

/// The increments of Ω, κ and χ from z to z + d.
struct Increment {
    omega: f64,
    kappa: f64,
    chi: f64,
    /// 1/(z + d) − 1/z.
    reciprocal: f64,
}

impl Increment {
    fn new(z: f64, d: f64) -> Self {
        if d == 0.0 {
            return Self { omega: 0.0, kappa: 0.0, chi: 0.0, reciprocal: 0.0 };
        }
        let end = z + d;
        let reciprocal = -d / (z * end);
        let ln_growth = ln_ratio(end / z, d / z);
        let omega = stirling_error(end) - stirling_error(z) - 0.5 * ln_growth;
        let (kappa, chi) = if z < SERIES_FROM {
            (digamma(end) - digamma(z) - ln_growth, trigamma(end) - trigamma(z) - reciprocal)
        } else {
            let (u, v) = (1.0 / end, 1.0 / z);
            let kappa = -0.5 * reciprocal + (kappa_rest(u) - kappa_rest(v));
            let chi = 0.5 * reciprocal * (u + v) + (chi_rest(u) - chi_rest(v));
            (kappa, chi)
        };
        Self { omega, kappa, chi, reciprocal }
    }

    /// ψ′(z + d) − ψ′(z).
    fn trigamma(&self) -> f64 {
        self.reciprocal + self.chi
    }
}

/// ψ(z) − ln z + 1/(2z) with u = 1/z: DLMF 5.11.2.
fn kappa_rest(u: f64) -> f64 {
    let r = u * u;
    let tail = r * (1.0 / 132.0 - r * (691.0 / 32_760.0 - r / 12.0));
    -r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0 - tail))))
}

/// ψ′(z) − 1/z − 1/(2z²) with u = 1/z: the derivative of DLMF 5.11.2.
fn chi_rest(u: f64) -> f64 {
    let r = u * u;
    let tail = r * (5.0 / 66.0 - r * (691.0 / 2730.0 - r * (7.0 / 6.0)));
    u * r * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r * (1.0 / 30.0 - tail))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::likelihood::Link;
    use crate::numeric::elementary::{ln, ln_1p};

    fn one_study(x: u64, n: u64) -> BetaBinomialLikelihood {
        let counts = [Counts::new(x, n).unwrap()];
        BetaBinomialLikelihood::new(&counts, &Homogeneity::test(Link::Logit, &counts))
    }

    /// By the definition, Σ ln(p + jθ) over the events and so on; accurate for small counts.
    fn by_rising_factors(x: u64, n: u64, logit: f64, theta: f64) -> f64 {
        let (p, q) = (expit(logit), expit(-logit));
        let rising = |start: f64, count: u64| (0..count).map(|j| ln(start + j as f64 * theta)).sum::<f64>();
        let choose = crate::numeric::gamma::ln_choose(n as f64, x as f64);
        choose + rising(p, x) + rising(q, n - x) - rising(1.0, n)
    }

    #[test]
    fn value_is_the_product_of_rising_factors() {
        for (x, n) in [(0, 5), (3, 10), (10, 10), (40, 300), (1, 1)] {
            for (logit, theta) in [(0.3, 0.1), (-3.0, 2.0), (2.0, 1e-5), (-1.0, 300.0), (0.0, 1e-9)] {
                let (got, want) = (
                    one_study(x, n).at(logit, theta, Accuracy::Full).value,
                    by_rising_factors(x, n, logit, theta),
                );
                assert!(
                    (got - want).abs() < 1e-12 * (1.0 + want.abs()),
                    "{x}/{n} {logit} {theta}: {got} {want}"
                );
            }
        }
    }

    #[test]
    fn derivatives_agree_with_differences() {
        for (x, n) in [(0, 5), (3, 10), (10, 10), (40, 300), (900, 100_000)] {
            for (logit, theta) in [(0.3, 0.1), (-3.0, 0.5), (2.0, 0.01), (-4.0, 3.0)] {
                let at = |logit, theta| one_study(x, n).at(logit, theta, Accuracy::Full);
                let (h, k) = (1e-5, 1e-5 * theta);
                let d = at(logit, theta);
                let [left, right] = [at(logit - h, theta), at(logit + h, theta)];
                let [below, above] = [at(logit, theta - k), at(logit, theta + k)];
                for (got, want) in [
                    (d.location, (right.value - left.value) / (2.0 * h)),
                    (d.spread, (above.value - below.value) / (2.0 * k)),
                    (d.location2, (right.location - left.location) / (2.0 * h)),
                    (d.cross, (above.location - below.location) / (2.0 * k)),
                    (d.spread2, (above.spread - below.spread) / (2.0 * k)),
                ] {
                    assert!(
                        (got - want).abs() < 2e-5 * (1.0 + want.abs()),
                        "{x}/{n} {logit} {theta}: {got} {want}"
                    );
                }
            }
        }
    }

    #[test]
    fn zero_spread_is_the_limit() {
        for (x, n) in [(0, 5), (3, 10), (500_000, 1_000_000)] {
            let (zero, near) =
                (one_study(x, n).at_zero_spread(0.1), one_study(x, n).at(0.1, 1e-13, Accuracy::Full));
            for (got, want) in
                [(near.value, zero.value), (near.location, zero.location), (near.spread, zero.inward)]
            {
                assert!((got - want).abs() < 1e-4 * want.abs(), "{x}/{n}: {got} {want}");
            }
        }
    }

    #[test]
    fn increments_are_continuous_where_the_method_changes() {
        let z = SERIES_FROM;
        let (below, above) = (Increment::new(z * (1.0 - 1e-15), 7.0), Increment::new(z, 7.0));
        assert!((below.kappa / above.kappa - 1.0).abs() < 1e-12);
        assert!((below.chi / above.chi - 1.0).abs() < 1e-12);
        assert!((ln_ratio(1.25, 0.25) - ln_1p(0.25)).abs() < 1e-16);
    }
}
