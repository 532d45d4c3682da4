//! The integral over a study's random effect by Gauss-Legendre rules on panels, for integrands that the
//! trapezoidal rule does not resolve in a few hundred points.
//!
//! With a large τ the integrand is as wide as a normal density in one place and changes within 1/τ in
//! another: a study without events allows every low proportion and excludes the high ones. A uniform step
//! would need τ times as many points. The panels are short near the mode and near where the study's
//! likelihood changes, and double in length away from both, so that their number grows with ln τ.

use std::sync::LazyLock;

use super::mode::Mode;
use super::study::StudyLikelihood;
use crate::numeric::quadrature::gauss_legendre;

/// The length on the link scale of the shortest panel around [`StudyLikelihood::typical`].
const SHORTEST: f64 = 1.0;
/// The length in standard deviations of the random effect of the longest panel.
const LONGEST: f64 = 2.0;
/// More panels than an integrand has at any τ below 1e9, each side.
const MAX_PANELS: u32 = 400;

/// A Gauss-Legendre rule on [−1, 1].
pub(super) struct PanelRule {
    nodes: Vec<f64>,
    weights: Vec<f64>,
}

impl PanelRule {
    /// 8 points.
    pub fn coarse() -> &'static Self {
        static RULE: LazyLock<PanelRule> = LazyLock::new(|| PanelRule::new(8));
        &RULE
    }

    /// 12 points.
    pub fn close() -> &'static Self {
        static RULE: LazyLock<PanelRule> = LazyLock::new(|| PanelRule::new(12));
        &RULE
    }

    /// 16 points.
    pub fn full() -> &'static Self {
        static RULE: LazyLock<PanelRule> = LazyLock::new(|| PanelRule::new(16));
        &RULE
    }

    fn new(points: usize) -> Self {
        let (nodes, weights) = gauss_legendre(points);
        Self { nodes, weights }
    }

    /// The points of the rule on a panel, with their weights.
    fn points(&self, [from, to]: [f64; 2]) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
        self.nodes.iter().zip(&self.weights).map(move |(x, w)| (centre + half * x, half.abs() * w))
    }
}

/// The panels of one integrand, in the distance t = u − û from its mode.
pub(super) struct Panels {
    /// Where the study's likelihood changes.
    change: f64,
    /// The lengths of the shortest panels around the mode and around `change`.
    shortest: [f64; 2],
    longest: f64,
}

impl Panels {
    /// `part` is the share of the usual lengths that the panels have.
    pub fn new(study: &StudyLikelihood, mode: &Mode, tau: f64, part: f64) -> Self {
        Self {
            change: (study.typical - mode.z) / tau,
            shortest: [part * mode.width, part * SHORTEST / tau],
            longest: part * LONGEST,
        }
    }

    /// Gives every point and weight to `add`, which returns the logarithm of the integrand relative to the
    /// mode, out to where that is below `negligible`. The integrand is log-concave, so it is negligible from
    /// there on.
    pub fn sweep(&self, rule: &PanelRule, negligible: f64, mut add: impl FnMut(f64, f64) -> f64) {
        for direction in [1.0, -1.0] {
            let mut from = 0.0;
            for _ in 0..MAX_PANELS {
                let to = from + direction * self.length(from, direction);
                let largest = rule
                    .points([from, to])
                    .map(|(t, weight)| add(t, weight))
                    .fold(f64::NEG_INFINITY, f64::max);
                if largest <= negligible {
                    break;
                }
                from = to;
            }
        }
    }

    /// The length of the panel that begins at t: twice the distance that it leaves behind, half of that to
    /// what it comes to.
    fn length(&self, t: f64, direction: f64) -> f64 {
        let ahead = direction * (self.change - t);
        let from_change = if ahead > 0.0 { 0.5 * ahead } else { -ahead };
        let [near_mode, near_change] = self.shortest;
        t.abs().max(near_mode).min(from_change.max(near_change)).min(self.longest)
    }
}
