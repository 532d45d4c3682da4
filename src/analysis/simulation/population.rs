//! The distribution of true proportions: its median and mean, and draws from it.

use std::f64::consts::LN_2;

use super::study_sizes::StudySizes;
use crate::data::Counts;
use crate::effect::Transform;
use crate::numeric::beta;
use crate::numeric::elementary::{exp, ln, ln_1p};
use crate::numeric::quadrature::integrate;
use crate::numeric::random::Stream;
use crate::numeric::{normal, student_t};
use crate::options::{Link, Target, TrueDistribution};

/// The degrees of freedom of [`TrueDistribution::T`], and what gives its draws the variance 1.
const DF: f64 = 5.0;
const T_SCALE: f64 = 0.774_596_669_241_483_4; // √(3/5)
const ROOT_3: f64 = 1.732_050_807_568_877_2;
/// Of the mean, relative.
const TOLERANCE: f64 = 1e-10;

/// What is drawn from.
#[derive(Debug, Clone)]
pub(super) struct Population<'a> {
    k: usize,
    sizes: &'a StudySizes,
    p: f64,
    effects: Effects,
}

/// The true proportions.
#[derive(Debug, Clone, Copy)]
enum Effects {
    /// All the same.
    Equal,
    /// g(P) = centre + τ z.
    OnLink { transform: Transform, centre: f64, tau: f64, shape: Shape },
    /// P itself.
    Beta { a: f64, b: f64 },
}

/// The distribution of z, which has mean 0 and variance 1.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Normal,
    T,
    Uniform,
    Exponential,
}

impl<'a> Population<'a> {
    /// Of values that go together.
    pub fn new(
        k: usize,
        sizes: &'a StudySizes,
        p: f64,
        tau2: f64,
        link: Link,
        distribution: TrueDistribution,
    ) -> Self {
        let on_link = |shape| {
            let transform = Transform::new(link.measure());
            Effects::OnLink { transform, centre: transform.from_proportion(p), tau: tau2.sqrt(), shape }
        };
        let effects = match distribution {
            _ if tau2 == 0.0 => Effects::Equal,
            TrueDistribution::Normal => on_link(Shape::Normal),
            TrueDistribution::T => on_link(Shape::T),
            TrueDistribution::Uniform => on_link(Shape::Uniform),
            TrueDistribution::Skew => on_link(Shape::Exponential),
            TrueDistribution::Beta => {
                let size = p * (1.0 - p) / tau2 - 1.0;
                Effects::Beta { a: p * size, b: (1.0 - p) * size }
            }
        };
        Self { k, sizes, p, effects }
    }

    /// The number of studies of a table.
    pub const fn k(&self) -> usize {
        self.k
    }

    /// A table, in the memory of the last one.
    pub fn draw(&self, stream: &mut Stream, table: &mut Vec<Counts>) {
        table.clear();
        table.extend((0..self.k).map(|study| {
            let total = self.sizes.of(study, stream);
            let p = self.effects.draw(self.p, stream);
            let events = stream.binomial(total, p).unwrap_or(0);
            Counts::new(events, total).expect("at most all of at least one")
        }));
    }

    /// What estimates are compared with.
    pub fn value(&self, target: Target) -> f64 {
        match target {
            Target::Centre => self.p,
            Target::Median => self.median(),
            Target::Mean => self.mean(),
        }
    }

    fn median(&self) -> f64 {
        match self.effects {
            // The median of the exponential distribution is ln 2, its mean 1.
            Effects::OnLink { transform, centre, tau, shape: Shape::Exponential } => {
                transform.to_proportion(centre + tau * (LN_2 - 1.0))
            }
            Effects::Equal | Effects::OnLink { .. } => self.p,
            Effects::Beta { a, b } => beta::quantile(0.5, a, b),
        }
    }

    fn mean(&self) -> f64 {
        let Effects::OnLink { transform, centre, tau, shape } = self.effects else { return self.p };
        // Over the probability u below z, from both ends to the middle, so that neither tail loses its digits.
        let at = |z: f64| transform.to_proportion(centre + tau * z);
        let both = |u: f64| at(shape.lower_quantile(u)) + at(shape.upper_quantile(u));
        integrate(both, 0.0, 0.5, TOLERANCE).value
    }

    /// The probability of a true proportion of 0 or 1.
    pub fn at_ends(&self) -> f64 {
        let Effects::OnLink { transform, centre, tau, shape } = self.effects else { return 0.0 };
        let [least, most] = [0.0, 1.0].map(|p| (transform.from_proportion(p) - centre) / tau);
        let beyond = shape.cdf(least) + shape.sf(most);
        // The scale of the logarithm has no lower end, that of logits none at all.
        if beyond.is_finite() { beyond } else { 0.0 }
    }
}

impl Effects {
    fn draw(&self, p: f64, stream: &mut Stream) -> f64 {
        match self {
            Self::Equal => p,
            Self::OnLink { transform, centre, tau, shape } => {
                transform.to_proportion(centre + tau * shape.draw(stream))
            }
            Self::Beta { a, b } => stream.beta(*a, *b),
        }
    }
}

impl Shape {
    fn draw(self, stream: &mut Stream) -> f64 {
        match self {
            Self::Normal => stream.normal(),
            Self::T => {
                let z = stream.normal();
                T_SCALE * z / (stream.chi_squared(DF) / DF).sqrt()
            }
            Self::Uniform => ROOT_3 * (2.0 * stream.uniform() - 1.0),
            Self::Exponential => -ln(stream.uniform()) - 1.0,
        }
    }

    /// The z with this probability below it.
    fn lower_quantile(self, p: f64) -> f64 {
        match self {
            Self::Normal => normal::quantile(p),
            Self::T => T_SCALE * student_t::quantile(p, DF),
            Self::Uniform => ROOT_3 * (2.0 * p - 1.0),
            Self::Exponential => -ln_1p(-p) - 1.0,
        }
    }

    /// The z with this probability above it.
    fn upper_quantile(self, q: f64) -> f64 {
        match self {
            Self::Exponential => -ln(q) - 1.0,
            symmetric => -symmetric.lower_quantile(q),
        }
    }

    fn cdf(self, z: f64) -> f64 {
        match self {
            Self::Exponential if z <= -1.0 => 0.0,
            Self::Exponential => 1.0 - exp(-z - 1.0),
            symmetric => symmetric.sf(-z),
        }
    }

    fn sf(self, z: f64) -> f64 {
        match self {
            Self::Normal => normal::sf(z),
            Self::T => student_t::sf(z / T_SCALE, DF),
            Self::Uniform => (0.5 - z / (2.0 * ROOT_3)).clamp(0.0, 1.0),
            Self::Exponential if z <= -1.0 => 1.0,
            Self::Exponential => exp(-z - 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u32 = 40_000;

    fn population(
        sizes: &StudySizes,
        p: f64,
        tau2: f64,
        link: Link,
        distribution: TrueDistribution,
    ) -> Population<'_> {
        Population::new(1, sizes, p, tau2, link, distribution)
    }

    /// On every link and of every distribution: the draws have the median, the mean and the share at the ends that are stated,
    /// and on the scale of the link the mean g(p) and the variance τ².
    #[test]
    fn draws_are_as_they_are_stated() {
        let sizes = StudySizes::Listed(vec![1]);
        let cases = [
            (Link::Logit, 0.2, 1.0),
            (Link::Probit, 0.7, 0.3),
            (Link::Cloglog, 0.1, 0.1),
            (Link::Log, 0.6, 0.2),
            (Link::Arcsine, 0.1, 0.04),
            (Link::Raw, 0.3, 0.02),
        ];
        let shapes = [
            TrueDistribution::Normal,
            TrueDistribution::T,
            TrueDistribution::Uniform,
            TrueDistribution::Skew,
            TrueDistribution::Beta,
        ];
        let n = f64::from(DRAWS);
        for (link, p, tau2) in cases {
            for distribution in
                shapes.into_iter().filter(|shape| *shape != TrueDistribution::Beta || link == Link::Raw)
            {
                let of = population(&sizes, p, tau2, link, distribution);
                let mut stream = Stream::new(3, 0);
                let draws: Vec<f64> = (0..DRAWS).map(|_| of.effects.draw(p, &mut stream)).collect();
                let what = format!("{link:?} {distribution:?}");
                let mean = draws.iter().sum::<f64>() / n;
                let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / n;
                assert!(
                    (mean - of.mean()).abs() < 4.5 * (variance / n).sqrt(),
                    "{what}: {mean} {}",
                    of.mean()
                );
                let below = draws.iter().filter(|draw| **draw < of.median()).count() as f64 / n;
                assert!((below - 0.5).abs() < 4.5 * 0.5 / n.sqrt(), "{what}: {below}");
                let ends = draws.iter().filter(|draw| **draw == 0.0 || **draw == 1.0).count() as f64 / n;
                let share = of.at_ends();
                assert!((ends - share).abs() < 4.5 * (share / n).sqrt() + 1e-3 / n, "{what}: {ends} {share}");
                if share == 0.0 {
                    let transform = Transform::new(link.measure());
                    let values: Vec<f64> =
                        draws.iter().map(|draw| transform.from_proportion(*draw)).collect();
                    let mean = values.iter().sum::<f64>() / n;
                    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
                    let stated = transform.from_proportion(p);
                    assert!((mean - stated).abs() < 4.5 * (tau2 / n).sqrt(), "{what}: {mean} {stated}");
                    assert!((variance / tau2 - 1.0).abs() < 0.15, "{what}: {variance}");
                }
            }
        }
    }

    #[test]
    fn the_mean_is_that_of_a_closed_form_where_there_is_one() {
        let sizes = StudySizes::Listed(vec![1]);
        // E Φ(μ + τ z) = Φ(μ/√(1 + τ²)).
        let mean = population(&sizes, 0.9, 0.8, Link::Probit, TrueDistribution::Normal).mean();
        let closed = normal::cdf(normal::quantile(0.9) / 1.8_f64.sqrt());
        assert!((mean - closed).abs() < 1e-10, "{mean} {closed}");
        // Far from 1, E exp(μ + τ z) = exp(μ + τ²/2).
        let mean = population(&sizes, 1e-4, 0.3, Link::Log, TrueDistribution::Normal).mean();
        assert!((mean / (1e-4 * exp(0.15)) - 1.0).abs() < 1e-9, "{mean}");
    }
}
