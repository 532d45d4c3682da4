//! The integral of a study by Gauss-Legendre rules on panels, for random effects so wide that the study's likelihood
//! changes within a small part of them.

use std::sync::LazyLock;

use super::mode::Mode;
use super::study::StudyLikelihood;
use crate::numeric::quadrature::gauss_legendre;

/// The smallest panel around the place where the likelihood changes, on the link scale.
const SMALLEST: f64 = 1.0 / 64.0;
/// The largest panel, in standard deviations of the random effect.
const LARGEST: f64 = 1.0;
/// The logarithm of the integrand, relative to the mode, below which it is negligible.
const NEGLIGIBLE: f64 = -44.0;

/// A rule: nodes and weights on [−1, 1].
type GaussLegendre = (Vec<f64>, Vec<f64>);

static RULES: LazyLock<[GaussLegendre; 3]> = LazyLock::new(|| [8, 16, 24].map(gauss_legendre));

/// How many points a panel has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Points {
    Eight,
    Sixteen,
    TwentyFour,
}

/// Panels in t = u − û that cover the integrand, their sizes doubling away from the place where the likelihood changes.
pub(super) struct Panels {
    edges: Vec<f64>,
}

impl Panels {
    /// The panels of a study; `exponent` is the logarithm of the integrand at t, relative to the mode.
    pub fn new(study: &StudyLikelihood, mode: &Mode, tau: f64, exponent: impl Fn(f64) -> f64) -> Self {
        let end = |sign: f64| {
            let mut end = 8.0 * mode.width;
            while exponent(sign * end) > NEGLIGIBLE {
                end *= 1.5;
            }
            sign * end
        };
        let (first, last) = (end(-1.0), end(1.0));
        let centre = ((study.typical - mode.z) / tau).clamp(first, last);
        let smallest = (SMALLEST / tau).min(0.25 * mode.width);
        let side = |end: f64| {
            let (sign, length) = ((end - centre).signum(), (end - centre).abs());
            let (mut edges, mut distance, mut size) = (Vec::new(), 0.0, smallest);
            while distance + size < length {
                distance += size;
                edges.push(centre + sign * distance);
                size = (2.0 * size).min(LARGEST);
            }
            edges
        };
        let below = side(first).into_iter().rev();
        let edges = std::iter::once(first).chain(below).chain([centre]).chain(side(last)).chain([last]);
        let mut edges: Vec<f64> = edges.collect();
        edges.dedup();
        Self { edges }
    }

    /// Every point t of the rule with its weight.
    pub fn for_each(&self, points: Points, mut take: impl FnMut(f64, f64)) {
        let (nodes, weights) = &RULES[points as usize];
        for panel in self.edges.windows(2) {
            let (middle, half) = (0.5 * (panel[0] + panel[1]), 0.5 * (panel[1] - panel[0]));
            for (node, weight) in nodes.iter().zip(weights) {
                take(middle + half * node, half * weight);
            }
        }
    }
}
