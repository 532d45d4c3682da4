//! The test that most tables fail.
//!
//! With DerSimonian-Laird, a fixed τ² or the common effect, τ² follows from four sums over the rows;
//! with Wald and t limits the printed digits bound mean and standard error on the analysis scale. So a
//! row more costs four additions, and only where τ² can be right are the rows looked at again.

use super::evaluate::Evaluator;
use super::target::{Range, Target};
use crate::effect::Transform;
use crate::options::Tau2;
use crate::options::{Ci, Measure, Model, Tau2Method, ZeroCells};

/// What rounding errors may move a sum by, relative to its size; the digits themselves are decided by
/// the claim check.
const SLACK: f64 = 1e-9;

/// The sums of the common-effect weights, with y from an origin near the mean so that no digit is lost.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::published) struct Sums {
    w: f64,
    ww: f64,
    wy: f64,
    wyy: f64,
}

impl Sums {
    /// With one row more.
    pub fn with(self, [y, v]: [f64; 2]) -> Self {
        let w = 1.0 / v;
        Self { w: self.w + w, ww: self.ww + w * w, wy: self.wy + w * y, wyy: self.wyy + w * y * y }
    }

    /// Of the rows of both.
    pub fn plus(self, other: Self) -> Self {
        Self {
            w: self.w + other.w,
            ww: self.ww + other.ww,
            wy: self.wy + other.wy,
            wyy: self.wyy + other.wyy,
        }
    }

    /// Cochran's Q.
    fn q(&self) -> f64 {
        if self.w > 0.0 { self.wyy - self.wy * self.wy / self.w } else { 0.0 }
    }
}

/// What the printed digits ask of mean and standard error.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Screen {
    /// `None`: by DerSimonian-Laird.
    tau2: Option<f64>,
    /// What y is counted from.
    pub origin: f64,
    /// The mean and both limits, from the origin.
    headline: [[f64; 2]; 3],
    /// The weights' sum at τ².
    weight: [f64; 2],
}

impl Screen {
    /// `None` where the specification needs more, or where estimate and interval were not both printed.
    pub fn new(evaluator: &Evaluator, target: &Target, k: usize) -> Option<Self> {
        let spec = &evaluator.spec;
        let tau2 = match (spec.model, spec.tau2) {
            (Model::Common, _) => Some(0.0),
            (Model::Random, Tau2::Fixed(value)) => Some(value),
            (Model::Random, Tau2::Estimated(Tau2Method::Dl)) => None,
            _ => return None,
        };
        let simple = matches!(spec.ci, Ci::Wald | Ci::T)
            && spec.measure != Measure::FreemanTukey
            && spec.zero_cells != ZeroCells::If0All;
        if !simple || k < 2 {
            return None;
        }
        let transform = Transform::new(spec.measure);
        let headline = target.headline()?.map(|range| on_scale(&transform, range));
        let origin = 0.5 * (headline[0][0] + headline[0][1]);
        if !origin.is_finite() {
            return None;
        }
        let headline = headline.map(|range| [range[0] - origin - SLACK, range[1] - origin + SLACK]);
        let [mean, lower, upper] = headline;
        let quantile = evaluator.quantile(k);
        // Half the width, and what lies on either side of the estimate, are all q·se.
        let least =
            (0.5 * (upper[0] - lower[1])).max(mean[0] - lower[1]).max(upper[0] - mean[1]).max(0.0) / quantile;
        let most = (0.5 * (upper[1] - lower[0])).min(mean[1] - lower[0]).min(upper[1] - mean[0]) / quantile;
        let weight =
            if most > 0.0 { [1.0 / (most * most), 1.0 / (least * least)] } else { [f64::INFINITY, 0.0] };
        Some(Self { tau2, origin, headline, weight: [weight[0] * (1.0 - SLACK), weight[1] * (1.0 + SLACK)] })
    }

    /// τ² of k rows with these sums.
    pub fn tau2(&self, sums: &Sums, k: f64) -> f64 {
        self.tau2.unwrap_or_else(|| ((sums.q() - (k - 1.0)) / (sums.w - sums.ww / sums.w)).max(0.0))
    }

    /// What τ² of k rows is at least, of which some have these sums and the rest at most this weight.
    ///
    /// A row more never lowers Q. The divisor S₁ − S₂/S₁ rises with the weight of the rest when S₂ is
    /// the least it can be, that is with the rest's weight in equal parts.
    pub fn least_tau2(&self, sums: &Sums, rest: f64, rows: f64, k: f64) -> f64 {
        self.tau2.unwrap_or_else(|| {
            let most = sums.w + rest;
            let squares = sums.ww + if rows > 0.0 { rest * rest / rows } else { 0.0 };
            let least = (sums.q() * (1.0 - SLACK) - (k - 1.0)) / (most - squares / most) * (1.0 - SLACK);
            if least > 0.0 { least } else { 0.0 }
        })
    }

    /// Whether weights of at most this sum make the interval wider than it was printed.
    pub const fn is_too_light(&self, weight: f64) -> bool {
        weight < self.weight[0]
    }

    /// The τ² at which rows with variances between `least` and `most` can have the standard error that
    /// was printed; both sums of weights fall in τ², so the ends are found by bisection.
    pub fn window(&self, least: &[f64], most: &[f64]) -> [f64; 2] {
        let sum = |variances: &[f64], tau2: f64| variances.iter().map(|v| 1.0 / (v + tau2)).sum::<f64>();
        [
            falls_to(self.weight[1], |tau2| sum(most, tau2))[0],
            falls_to(self.weight[0], |tau2| sum(least, tau2))[1],
        ]
    }

    /// Whether mean and limits at τ² can be printed so; `y` is counted from the origin.
    pub fn accepts(&self, tau2: f64, y: &[f64], v: &[f64], quantile: f64) -> bool {
        let (mut sum, mut shifted) = (0.0, 0.0);
        for (y, v) in y.iter().zip(v) {
            let w = 1.0 / (v + tau2);
            sum += w;
            shifted += w * y;
        }
        if sum < self.weight[0] || sum > self.weight[1] {
            return false;
        }
        let (mean, margin) = (shifted / sum, quantile / sum.sqrt());
        let inside = |value: f64, range: [f64; 2]| range[0] <= value && value <= range[1];
        inside(mean, self.headline[0])
            && inside(mean - margin, self.headline[1])
            && inside(mean + margin, self.headline[2])
    }
}

/// The printed range on the analysis scale; a limit at 0 or 1 may have been cut there.
fn on_scale(transform: &Transform, range: Range) -> [f64; 2] {
    [
        if range.low <= 0.0 { f64::NEG_INFINITY } else { transform.from_proportion(range.low.min(1.0)) },
        if range.high >= 1.0 { f64::INFINITY } else { transform.from_proportion(range.high.max(0.0)) },
    ]
}

/// Where a falling function of τ² ≥ 0 comes down to a value: an enclosure; infinite where it never does.
fn falls_to(value: f64, of: impl Fn(f64) -> f64) -> [f64; 2] {
    if of(0.0) <= value {
        return [0.0, 0.0];
    }
    let mut high = 1.0;
    while of(high) > value {
        high *= 4.0;
        if high > 1e12 {
            return [high, f64::INFINITY];
        }
    }
    let mut low = 0.0;
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if of(middle) > value { low = middle } else { high = middle }
    }
    [low, high]
}
