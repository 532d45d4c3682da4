//! One study's marginal likelihood as packages approximate it: by Laplace's method, or by adaptive Gauss-Hermite
//! quadrature with few points.

use std::f64::consts::{PI, SQRT_2};
use std::sync::OnceLock;

use super::integral::Integral;
use super::jet::Jet;
use super::mode::Mode;
use super::study::StudyLikelihood;
use crate::numeric::elementary::ln;
use crate::numeric::quadrature::gauss_hermite;
use crate::options::Quadrature;

/// Points t with ln(w exp(t²/2)), w the weights for the mean over a standard normal distribution.
#[derive(Debug, Clone, Copy)]
pub(super) struct PointRule(&'static [[f64; 2]]);

impl PointRule {
    /// The points of an approximation; `None` for the integral itself.
    pub fn of(quadrature: Quadrature) -> Option<Self> {
        static SEVEN: OnceLock<Vec<[f64; 2]>> = OnceLock::new();
        match quadrature {
            Quadrature::Exact => None,
            // One point at the mode.
            Quadrature::Laplace => Some(Self(&[[0.0; 2]])),
            Quadrature::Aghq7 => Some(Self(SEVEN.get_or_init(seven_points))),
        }
    }
}

/// With the weight function exp(−x²) and t = √2 x: ∫ f(t) φ(t) dt = Σ (w/√π) f(t).
fn seven_points() -> Vec<[f64; 2]> {
    let (nodes, weights) = gauss_hermite(7);
    let point = |(x, w): (f64, f64)| [SQRT_2 * x, ln(w) - 0.5 * ln(PI) + x * x];
    nodes.into_iter().zip(weights).map(point).collect()
}

/// ln of the approximated ∫ exp(ℓ(μ + τu)) φ(u) du, with its derivatives in μ and τ > 0.
///
/// With û the mode of the integrand and s = 1/√(1 + τ² w(û)) it is ln s + ln Σ wⱼ exp(½ tⱼ² + ℓ(μ + τuⱼ) − ½ uⱼ²) at
/// uⱼ = û + s tⱼ (Liu & Pierce 1994, doi:10.1093/biomet/81.3.624); with one point that is Laplace's approximation. w is
/// the expected information on η, as in the iteratively reweighted least squares of lme4 (compared with version 1.1-31),
/// which for the logit is the observed one too. û and s move with μ and τ, and the
/// derivatives are those of what is printed, so the movement is part of them.
pub(super) fn approximate(
    study: &StudyLikelihood,
    mu: f64,
    tau: f64,
    rule: PointRule,
    start: f64,
) -> Integral {
    let offset = mu - study.origin;
    let mode = Mode::find(study, offset, tau, start).refined(study, offset, tau);
    let (location, spread) = (Jet::location(offset), Jet::spread(tau));
    let u = moving_mode(study, &mode, [location, spread]);
    let z = location + spread * u;
    let precision = Jet::constant(1.0) + spread * spread * z.apply(study.expected_information(mode.z));
    let width = precision.inverse_root();
    let exponents = rule.0.iter().map(|&[t, weight]| {
        let u = u + width.scaled(t);
        let z = location + spread * u;
        let slope = study.slope(z.value);
        z.apply([study.value(z.value), slope.first, slope.second]) - (u * u).scaled(0.5)
            + Jet::constant(weight)
    });
    let exponents: Vec<Jet> = exponents.collect();
    let largest = Jet::constant(exponents.iter().map(|jet| jet.value).fold(f64::NEG_INFINITY, f64::max));
    let sum = exponents.iter().fold(Jet::constant(0.0), |sum, &jet| sum + (jet - largest).exponential());
    let value = largest + sum.logarithm() + width.logarithm();
    let points = rule.0.len() as u32;
    Integral { derivatives: value.derivatives(), mode: mode.z, converged: true, points }
}

/// The mode û with its derivatives in μ and τ, from τ ℓ′(μ + τu) = u: each Newton step makes those of one order more
/// right.
fn moving_mode(study: &StudyLikelihood, mode: &Mode, [location, spread]: [Jet; 2]) -> Jet {
    let slope = study.slope(mode.z);
    let slopes = [slope.first, slope.second, study.third_derivative(mode.z)];
    let precision = 1.0 - spread.value * spread.value * slope.second;
    let start = Jet::constant(mode.u);
    (0..2).fold(start, |u, _| {
        let gap = spread * (location + spread * u).apply(slopes) - u;
        // The mode itself is right: only its derivatives are moved.
        u + (gap - Jet::constant(gap.value)).scaled(1.0 / precision)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Counts;
    use crate::model::likelihood::link::Link;
    use crate::model::likelihood::surface::Derivatives;

    fn at(quadrature: Quadrature, link: Link, x: u64, n: u64, mu: f64, tau: f64) -> Derivatives {
        let study = StudyLikelihood::new(link, Counts::new(x, n).unwrap());
        let rule = PointRule::of(quadrature).unwrap();
        let Derivatives { value, .. } = approximate(&study, mu, tau, rule, study.typical).derivatives;
        let d = approximate(&study, mu, tau, rule, study.typical).derivatives;
        Derivatives { value: value + study.saturated, ..d }
    }

    #[test]
    fn derivatives_agree_with_differences() {
        let h = 1e-5;
        for quadrature in [Quadrature::Aghq7, Quadrature::Laplace] {
            for link in [Link::Logit, Link::Probit, Link::Cloglog] {
                for (x, n, mu, tau) in [
                    (3, 10, 0.2, 0.05),
                    (3, 10, 0.2, 1.5),
                    (0, 20, -1.0, 2.0),
                    (700, 1000, 1.0, 0.4),
                    (5, 5, 0.5, 0.3),
                    (1, 400, -3.0, 4.0),
                ] {
                    let at = |mu, tau| at(quadrature, link, x, n, mu, tau);
                    let d = at(mu, tau);
                    let [left, right] = [-h, h].map(|h| at(mu + h, tau));
                    let [below, above] = [-h, h].map(|h| at(mu, tau + h));
                    for (got, want) in [
                        (d.location, (right.value - left.value) / (2.0 * h)),
                        (d.spread, (above.value - below.value) / (2.0 * h)),
                        (d.location2, (right.location - left.location) / (2.0 * h)),
                        (d.cross, (above.location - below.location) / (2.0 * h)),
                        (d.spread2, (above.spread - below.spread) / (2.0 * h)),
                    ] {
                        assert!(
                            (got - want).abs() < 1e-6 * (1.0 + want.abs()),
                            "{quadrature:?} {link:?} {x}/{n} {mu} {tau}: {got} {want}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn seven_points_of_a_narrow_random_effect_are_the_integral() {
        let study = StudyLikelihood::new(Link::Logit, Counts::new(30, 80).unwrap());
        let exact = super::super::integral::marginal(
            &study,
            0.1,
            0.2,
            crate::model::likelihood::surface::Accuracy::Full,
            0.0,
        );
        let rule = PointRule::of(Quadrature::Aghq7).unwrap();
        let seven = approximate(&study, 0.1, 0.2, rule, 0.0).derivatives;
        assert!((seven.value - exact.derivatives.value).abs() < 1e-10);
        assert!((seven.spread - exact.derivatives.spread).abs() < 1e-8);
    }
}
