//! One study's marginal likelihood: an integral over its random effect, by the trapezoidal rule
//! around the integrand's mode.

use super::study::StudyLikelihood;
use super::sums::{PriorSums, StudySums, Sums};
use crate::model::likelihood::{Accuracy, Derivatives};
use crate::numeric::elementary::{exp, ln};

/// ln √(2π).
const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_8;
/// The step of the rule, in units of the integrand's own width, at which a Gaussian is exact: its error is
/// 2 exp(−2π²/step²) = 8e-14 and falls to its fourth power at half the step.
const STEP: f64 = 0.8;
/// Relative agreement of the rule with that of twice the step in ∫ f, ∫ t² f and ∫ t⁴ f, at which it is
/// right whatever the disagreement was before: a Gaussian's is 8e-14, 5e-12 and 1e-10 at half of [`STEP`].
const AGREE: [f64; 3] = [1e-12, 5e-11, 1e-9];
/// The relative error that may be left by the estimate from two disagreements. The rule's error is
/// a exp(−c/step) for the analytic integrands here; so two successive ones d₁ and d₂ leave d₂³/d₁².
const LEFT: f64 = 1e-14;
/// Where the integrand, relative to its mode, no longer counts: e⁻⁴⁴ = 8e-20, also times t⁴.
const NEGLIGIBLE: f64 = -44.0;
const MOST_HALVINGS: u32 = 16;
/// How much the prior's information may exceed the study's before the derivatives are those of the
/// study's likelihood rather than of the prior's density: each form cancels where the other does not.
const FORM_CHANGE: f64 = 0.25;

/// A study's log marginal likelihood relative to ln P(x | x/n), with derivatives in μ and τ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Integral {
    pub derivatives: Derivatives,
    /// The mode, as a coordinate of the study: where the next search may begin.
    pub mode: f64,
    /// Whether two rules agreed, where that was asked for.
    pub agreed: bool,
}

/// ln ∫ exp(ℓ(μ + τu)) φ(u) du with its derivatives in μ and τ > 0, where ℓ is the study's relative
/// log-likelihood; `start` is a guess of the mode.
///
/// The integrand is log-concave, so its mode û and curvature 1/s² are found by Newton's method; with
/// u = û + s t it is close to exp(−t²/2) and the trapezoidal rule in t converges geometrically
/// (Trefethen & Weideman 2014, doi:10.1137/130932132). At full accuracy the step is halved until the
/// rule agrees with the one before; narrow features of large τ merely take more halvings. All values
/// are relative to the mode's, so that nothing underflows.
pub(super) fn marginal(
    study: &StudyLikelihood,
    mu: f64,
    tau: f64,
    accuracy: Accuracy,
    start: f64,
) -> Integral {
    let mode = Mode::find(study, mu - study.origin, tau, start);
    let rule = Rule { study, mode: &mode, tau };
    if mode.information * tau * tau > FORM_CHANGE {
        let (sums, step, agreed) = rule.run::<PriorSums>(accuracy);
        rule.finish(sums.derivatives(mode.u, tau), sums.moments()[0] * step, agreed)
    } else {
        let (sums, step, agreed) = rule.run::<StudySums>(accuracy);
        rule.finish(sums.derivatives(&mode), sums.moments()[0] * step, agreed)
    }
}

/// The mode of the integrand.
pub(super) struct Mode {
    /// In standard deviations of the random effect.
    pub u: f64,
    /// As a coordinate of the study.
    z: f64,
    value: f64,
    /// ℓ′ there.
    pub slope: f64,
    /// −ℓ″ there.
    information: f64,
    /// The width s = 1/√(1 + τ² information).
    width: f64,
}

impl Mode {
    /// The root of τ ℓ′(μ + τu) = u, near enough: its distance from the mode changes the number of
    /// points the rule needs, not its value.
    fn find(study: &StudyLikelihood, offset: f64, tau: f64, start: f64) -> Self {
        let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut u = (start - offset) / tau;
        for _ in 0..200 {
            let z = offset + tau * u;
            let slope = study.slope(z);
            let gap = tau * slope.first - u;
            let precision = 1.0 - tau * tau * slope.second;
            let step = gap / precision;
            if step * step * precision < 0.01 || upper - lower < 1e-12 * u.abs() {
                let (slope, information) = (slope.first, -slope.second);
                return Self {
                    u,
                    z,
                    value: study.value(z),
                    slope,
                    information,
                    width: 1.0 / precision.sqrt(),
                };
            }
            if gap > 0.0 {
                lower = u
            } else {
                upper = u
            }
            let next = u + step;
            u = if lower < next && next < upper { next } else { 0.5 * (lower + upper) };
        }
        let (z, slope) = (offset + tau * u, study.slope(offset + tau * u));
        let precision = 1.0 - tau * tau * slope.second;
        Self {
            u,
            z,
            value: study.value(z),
            slope: slope.first,
            information: -slope.second,
            width: 1.0 / precision.sqrt(),
        }
    }
}

/// The trapezoidal rule around a mode.
struct Rule<'a> {
    study: &'a StudyLikelihood,
    mode: &'a Mode,
    tau: f64,
}

impl Rule<'_> {
    /// The sums of the rule, its step in t, and whether it agreed with the one before.
    fn run<S: Sums>(&self, accuracy: Accuracy) -> (S, f64, bool) {
        let (mut step, negligible, slack) = match accuracy {
            Accuracy::Coarse => (1.25, -14.0, 1e9),
            Accuracy::Close => (STEP, -24.0, 1e7),
            // Begun at twice the step, so that the second rule worth having has two disagreements.
            Accuracy::Full => (2.0 * STEP, NEGLIGIBLE, 1.0),
        };
        let mut sums = S::default();
        self.add(&mut sums, 0.0);
        let sides = self.sweep(&mut sums, step, step, negligible);
        if accuracy != Accuracy::Full && is_gaussian(sides, step) {
            return (sums, step, true);
        }
        // Of the first disagreement there is none before, and no comparison with NaN holds.
        let mut before = [f64::NAN; 3];
        for _ in 0..MOST_HALVINGS {
            let coarse = sums.moments();
            self.sweep(&mut sums, 0.5 * step, step, negligible);
            step *= 0.5;
            let fine = sums.moments();
            let now = [0, 1, 2].map(|i| (2.0 * coarse[i] - fine[i]).abs() / fine[i]);
            let is_right = |i: usize| {
                let ratio = now[i] / before[i];
                now[i] <= slack * AGREE[i] || (ratio < 0.1 && now[i] * ratio * ratio <= slack * LEFT)
            };
            if is_right(0) && is_right(1) && is_right(2) {
                return (sums, step, true);
            }
            before = now;
        }
        (sums, step, false)
    }

    /// Adds the points first, first + step, … on both sides, up to where the integrand is negligible; gives
    /// its logarithm at the first point of each side.
    fn sweep<S: Sums>(&self, sums: &mut S, first: f64, step: f64, negligible: f64) -> [f64; 2] {
        [1.0, -1.0].map(|direction| {
            let nearest = self.add(sums, direction * first);
            let (mut index, mut exponent) = (0.0, nearest);
            while exponent > negligible {
                index += 1.0;
                exponent = self.add(sums, direction * (first + index * step));
            }
            nearest
        })
    }

    /// Adds one point, at t; gives the integrand's logarithm relative to the mode.
    fn add<S: Sums>(&self, sums: &mut S, t: f64) -> f64 {
        let t = self.mode.width * t;
        let z = self.mode.z + self.tau * t;
        let exponent = (self.study.value(z) - self.mode.value) - t * (self.mode.u + 0.5 * t);
        sums.add(self.study, self.mode, z, t, exp(exponent));
        exponent
    }

    fn finish(&self, derivatives: Derivatives, area: f64, agreed: bool) -> Integral {
        let mode = self.mode;
        let value = mode.value - 0.5 * mode.u * mode.u + ln(area * mode.width) - LN_SQRT_2_PI;
        Integral { derivatives: Derivatives { value, ..derivatives }, mode: mode.z, agreed }
    }
}

/// Whether an integrand's logarithm one step to either side is near enough to a Gaussian's for the first step
/// to resolve it: a cut-off by a study of very many is not.
fn is_gaussian(sides: [f64; 2], step: f64) -> bool {
    let gaussian = -0.5 * step * step;
    sides.iter().all(|side| (0.4..2.5).contains(&(side / gaussian)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Counts;
    use crate::model::likelihood::Link;

    fn at(link: Link, x: u64, n: u64, mu: f64, tau: f64) -> Derivatives {
        let study = StudyLikelihood::new(link, Counts::new(x, n).unwrap());
        let integral = marginal(&study, mu, tau, Accuracy::Full, study.typical);
        assert!(integral.agreed);
        let Derivatives { value, .. } = integral.derivatives;
        Derivatives { value: value + study.saturated, ..integral.derivatives }
    }

    #[test]
    fn probit_of_one_person_is_a_normal_probability() {
        for (mu, tau) in [(0.3, 0.5), (-2.0, 3.0), (1.0, 40.0)] {
            let got = at(Link::Probit, 1, 1, mu, tau).value;
            let want = crate::numeric::normal::log_cdf(mu / f64::sqrt(1.0 + tau * tau));
            assert!((got - want).abs() < 1e-14 * (1.0 + want.abs()), "{mu} {tau}: {got} {want}");
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value_in_both_forms() {
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
    fn a_billion_people_and_a_wide_prior_agree() {
        // 1e9 people: the study's proportion is known, and what is left is the prior's density times
        // the width of the likelihood, √(2π/(n p q)).
        let (n, p): (f64, f64) = (1e9, 0.25);
        let d = at(Link::Logit, 250_000_000, 1_000_000_000, 0.0, 1.0);
        let eta = f64::ln(p / (1.0 - p));
        let saturated = -0.5 * (std::f64::consts::TAU * n * p * (1.0 - p)).ln();
        let want = saturated - 0.5 * eta * eta - 0.5 * (n * p * (1.0 - p)).ln();
        assert!((d.value - want).abs() < 1e-8, "{} {want}", d.value);
        assert!((d.location - eta).abs() < 1e-8 && (d.location2 + 1.0).abs() < 1e-7);
    }
}
