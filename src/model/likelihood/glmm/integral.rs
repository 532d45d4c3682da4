//! One study's marginal likelihood: an integral over its random effect, by the trapezoidal rule
//! around the integrand's mode.

use super::mode::Mode;
use super::panels::{PanelRule, Panels};
use super::posterior::{PosteriorSums, RandomEffectSums, ScoreSums};
use super::study::StudyLikelihood;
use crate::model::likelihood::surface::{Accuracy, Derivatives};
use crate::numeric::elementary::{exp, ln};

/// ln √(2π).
const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_8;
/// The step of the rule, in units of the width of the integrand. For a Gaussian its error is
/// 2 exp(−2π²/step²) = 8e-14, and at half the step the fourth power of that.
const STEP: f64 = 0.8;
/// The relative differences between the rules with a step and with half of it, in ∫ f, ∫ t² f and ∫ t⁴ f, at
/// which the result is accepted whatever the difference was before. For a Gaussian they are 8e-14, 5e-12 and
/// 1e-10 at half of [`STEP`].
const AGREEMENT: [f64; 3] = [1e-12, 5e-11, 1e-9];
/// The largest relative error accepted by extrapolation. The error of the rule is a exp(−c/step) for analytic
/// integrands such as these, so after two successive differences d₁ and d₂ the remaining error is d₂³/d₁².
const EXTRAPOLATED_ERROR: f64 = 1e-14;
/// The logarithm of the integrand, relative to the mode, below which it is negligible: e⁻⁴⁴ = 8e-20, also
/// times t⁴.
const NEGLIGIBLE: f64 = -44.0;
/// The logarithm of the integrand at the distance t from the mode, in units of t², above which that side is so
/// much wider than the curvature at the mode says that panels are used at once. A Gaussian has −0.5.
const WIDE: f64 = -0.15;
/// How far the logarithm of the integrand may be from that of a Gaussian, as a ratio, where the first step is
/// taken to resolve it. It is farther where a study cuts the integrand off on one side.
const GAUSSIAN: std::ops::Range<f64> = 0.4..2.5;
/// The share of their usual length below which panels are not halved again where two rules on them do not agree.
const SMALLEST_PART: f64 = 0.1;
/// The information of the study relative to that of the random-effects distribution (1/τ²) above which the
/// derivatives are computed from moments of the random effect, else from the study's score.
const FORM_CHANGE: f64 = 0.25;

/// The log marginal likelihood of a study relative to ln P(x | x/n), with derivatives in μ and τ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Integral {
    pub derivatives: Derivatives,
    /// The mode in the study's coordinate, a starting point for the next search.
    pub mode: f64,
    /// Whether two rules agreed to the requested accuracy.
    pub converged: bool,
    /// The points at which the integrand was evaluated.
    pub points: u32,
}

/// ln ∫ exp(ℓ(μ + τu)) φ(u) du with its derivatives in μ and τ > 0, where ℓ is the study's relative
/// log-likelihood; `start` is a guess of the mode.
///
/// The integrand is log-concave, so its mode û and curvature 1/s² are found by Newton's method. With
/// u = û + s t it is close to exp(−t²/2), and the trapezoidal rule in t converges geometrically (Trefethen &
/// Weideman 2014, doi:10.1137/130932132). At full accuracy the step is halved until two rules agree. The
/// narrow features that occur with a large τ would take thousands of points: there the integral is that of
/// Gauss-Legendre rules on [`Panels`]. All values are relative to that at the mode, so that nothing underflows.
pub(super) fn marginal(
    study: &StudyLikelihood,
    mu: f64,
    tau: f64,
    accuracy: Accuracy,
    start: f64,
) -> Integral {
    let mode = Mode::find(study, mu - study.origin, tau, start);
    let integrand = Integrand { study, mode: &mode, tau };
    if mode.information * tau * tau > FORM_CHANGE {
        let found = integrand.integrate::<RandomEffectSums>(accuracy);
        integrand.finish(found.sums.derivatives(mode.u, tau), &found)
    } else {
        let found = integrand.integrate::<ScoreSums>(accuracy);
        integrand.finish(found.sums.derivatives(&mode), &found)
    }
}

/// The integrand around its mode.
struct Integrand<'a> {
    study: &'a StudyLikelihood,
    mode: &'a Mode,
    tau: f64,
}

/// The sums of a rule.
struct Quadrature<S> {
    sums: S,
    /// The product of these and of Σ w is the integral over u: the step of the rule, and the unit of it.
    lengths: [f64; 2],
    converged: bool,
    /// The points at which the integrand was evaluated.
    points: u32,
}

/// Where the sums of a rule end, and how far two rules may differ.
struct Ends {
    /// The logarithm of the integrand, relative to the mode, below which it is negligible.
    negligible: f64,
    /// The multiple of [`AGREEMENT`] that is enough.
    slack: f64,
    /// The points of the trapezoidal rule after which panels are used instead. An integrand that is nearly
    /// Gaussian takes a quarter of them; one that takes more has narrow features, for which every halving
    /// doubles them.
    max_points: u32,
}

impl Ends {
    fn at(accuracy: Accuracy) -> Self {
        match accuracy {
            Accuracy::Coarse => Self { negligible: -18.0, slack: 1e8, max_points: 60 },
            Accuracy::Close => Self { negligible: -24.0, slack: 1e7, max_points: 120 },
            Accuracy::Full => Self { negligible: NEGLIGIBLE, slack: 1.0, max_points: 400 },
        }
    }
}

impl Integrand<'_> {
    /// By the trapezoidal rule, and where that takes too many points, on panels.
    fn integrate<S: PosteriorSums>(&self, accuracy: Accuracy) -> Quadrature<S> {
        let mut points = 0;
        match self.trapezoidal(accuracy, &mut points) {
            Some(found) => found,
            None => self.on_panels(accuracy, points),
        }
    }

    /// The trapezoidal rule; `None` where it takes more than [`Ends::max_points`].
    fn trapezoidal<S: PosteriorSums>(&self, accuracy: Accuracy, points: &mut u32) -> Option<Quadrature<S>> {
        let ends = Ends::at(accuracy);
        let slack = ends.slack;
        let mut step = match accuracy {
            Accuracy::Coarse => 1.25,
            Accuracy::Close => STEP,
            // Starts at twice the step, so that at half of `STEP` there are two differences to extrapolate
            // from.
            Accuracy::Full => 2.0 * STEP,
        };
        let width = self.mode.width;
        let done = |sums, step: f64, points| {
            Some(Quadrature { sums, lengths: [step, width], converged: true, points })
        };
        let mut sums = S::default();
        self.add(&mut sums, 0.0, 1.0);
        let is_gaussian = self.sweep(&mut sums, [step, step], &ends, points)?;
        if accuracy != Accuracy::Full && is_gaussian {
            return done(sums, step, *points);
        }
        // NaN, with which every comparison is false, until there is a previous difference.
        let mut before = [f64::NAN; 3];
        loop {
            let coarse = sums.moments();
            self.sweep(&mut sums, [0.5 * step, step], &ends, points)?;
            step *= 0.5;
            let fine = sums.moments();
            let now = [0, 1, 2].map(|i| (2.0 * coarse[i] - fine[i]).abs() / fine[i]);
            let converged = |i: usize| {
                let ratio = now[i] / before[i];
                now[i] <= slack * AGREEMENT[i]
                    || (ratio < 0.1 && now[i] * ratio * ratio <= slack * EXTRAPOLATED_ERROR)
            };
            if converged(0) && converged(1) && converged(2) {
                return done(sums, step, *points);
            }
            before = now;
        }
    }

    /// Adds the points first, first + step, … on both sides, up to where the integrand is negligible. Returns
    /// whether it is near a Gaussian at all of them; `None` after [`Ends::max_points`], and where a side is too
    /// [`WIDE`].
    fn sweep<S: PosteriorSums>(
        &self,
        sums: &mut S,
        [first, step]: [f64; 2],
        ends: &Ends,
        points: &mut u32,
    ) -> Option<bool> {
        let mut is_gaussian = true;
        for direction in [1.0, -1.0] {
            let (mut index, mut exponent) = (0.0, 0.0);
            while exponent > ends.negligible {
                let t = first + index * step;
                exponent = self.add(sums, direction * self.mode.width * t, 1.0);
                is_gaussian &= GAUSSIAN.contains(&(exponent / (-0.5 * t * t)));
                *points += 1;
                if *points > ends.max_points || (index == 0.0 && exponent > WIDE * first * first) {
                    return None;
                }
                index += 1.0;
            }
        }
        Some(is_gaussian)
    }

    /// Gauss-Legendre rules on panels, at full accuracy until two of them agree.
    fn on_panels<S: PosteriorSums>(&self, accuracy: Accuracy, mut points: u32) -> Quadrature<S> {
        let ends = Ends::at(accuracy);
        let mut on = |rule: &PanelRule, part: f64| {
            let mut sums = S::default();
            let panels = Panels::new(self.study, self.mode, self.tau, part);
            panels.sweep(rule, ends.negligible, |t, weight| {
                points += 1;
                self.add(&mut sums, t, weight)
            });
            sums
        };
        let (sums, converged) = match accuracy {
            Accuracy::Coarse => (on(PanelRule::coarse(), 1.0), true),
            Accuracy::Close => (on(PanelRule::close(), 1.0), true),
            Accuracy::Full => {
                let mut part = 1.0;
                loop {
                    let [coarse, fine] = [PanelRule::close(), PanelRule::full()].map(|rule| on(rule, part));
                    let agrees = agree(coarse.moments(), fine.moments());
                    if agrees || part < SMALLEST_PART {
                        break (fine, agrees);
                    }
                    part *= 0.5;
                }
            }
        };
        Quadrature { sums, lengths: [1.0; 2], converged, points }
    }

    /// Adds the point at t from the mode, in u. Returns the logarithm of the integrand, relative to the mode.
    fn add<S: PosteriorSums>(&self, sums: &mut S, t: f64, weight: f64) -> f64 {
        let z = self.mode.z + self.tau * t;
        let exponent = (self.study.value(z) - self.mode.value) - t * (self.mode.u + 0.5 * t);
        sums.add(self.study, self.mode, z, t, weight * exp(exponent));
        exponent
    }

    fn finish<S: PosteriorSums>(&self, derivatives: Derivatives, found: &Quadrature<S>) -> Integral {
        let mode = self.mode;
        let [step, unit] = found.lengths;
        let area = found.sums.moments()[0] * step * unit;
        let value = mode.value - 0.5 * mode.u * mode.u + ln(area) - LN_SQRT_2_PI;
        Integral {
            derivatives: Derivatives { value, ..derivatives },
            mode: mode.z,
            converged: found.converged,
            points: found.points,
        }
    }
}

/// Whether the moments of two rules are the same to [`AGREEMENT`].
fn agree(coarse: [f64; 3], fine: [f64; 3]) -> bool {
    (0..3).all(|i| (coarse[i] - fine[i]).abs() <= AGREEMENT[i] * fine[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Counts;
    use crate::model::likelihood::Link;

    fn at(link: Link, x: u64, n: u64, mu: f64, tau: f64) -> Derivatives {
        let study = StudyLikelihood::new(link, Counts::new(x, n).unwrap());
        let integral = marginal(&study, mu, tau, Accuracy::Full, study.typical);
        assert!(integral.converged);
        let Derivatives { value, .. } = integral.derivatives;
        Derivatives { value: value + study.saturated, ..integral.derivatives }
    }

    #[test]
    fn probit_likelihood_of_one_person_is_a_normal_probability() {
        for (mu, tau) in [(0.3, 0.5), (-2.0, 3.0), (1.0, 40.0)] {
            let got = at(Link::Probit, 1, 1, mu, tau).value;
            let want = crate::numeric::normal::log_cdf(mu / f64::sqrt(1.0 + tau * tau));
            assert!((got - want).abs() < 1e-14 * (1.0 + want.abs()), "{mu} {tau}: {got} {want}");
        }
    }

    #[test]
    fn derivatives_agree_with_differences_in_both_forms() {
        let h = 1e-5;
        for link in [Link::Logit, Link::Probit, Link::Cloglog] {
            for (x, n, mu, tau) in [
                (3, 10, 0.2, 0.05),
                (3, 10, 0.2, 1.5),
                (0, 20, -1.0, 2.0),
                (700, 1000, 1.0, 0.4),
                (5, 5, 0.5, 0.3),
            ] {
                let d = at(link, x, n, mu, tau);
                let [left, right] = [-h, h].map(|h| at(link, x, n, mu + h, tau));
                let [below, above] = [-h, h].map(|h| at(link, x, n, mu, tau + h));
                for (got, want) in [
                    (d.location, (right.value - left.value) / (2.0 * h)),
                    (d.spread, (above.value - below.value) / (2.0 * h)),
                    (d.location2, (right.location - left.location) / (2.0 * h)),
                    (d.cross, (above.location - below.location) / (2.0 * h)),
                    (d.spread2, (above.spread - below.spread) / (2.0 * h)),
                ] {
                    assert!(
                        (got - want).abs() < 1e-6 * (1.0 + want.abs()),
                        "{link:?} {x}/{n} {mu} {tau}: {got} {want}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_study_of_a_billion_people_has_the_likelihood_of_a_known_proportion() {
        // The marginal likelihood is the density of the random effect at the known proportion times the width
        // of the study's likelihood, √(2π/(n p q)).
        let (n, p): (f64, f64) = (1e9, 0.25);
        let d = at(Link::Logit, 250_000_000, 1_000_000_000, 0.0, 1.0);
        let eta = f64::ln(p / (1.0 - p));
        let saturated = -0.5 * (std::f64::consts::TAU * n * p * (1.0 - p)).ln();
        let want = saturated - 0.5 * eta * eta - 0.5 * (n * p * (1.0 - p)).ln();
        assert!((d.value - want).abs() < 1e-8, "{} {want}", d.value);
        assert!((d.location - eta).abs() < 1e-8 && (d.location2 + 1.0).abs() < 1e-7);
    }
}
