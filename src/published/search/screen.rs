//! A fast test that rejects most tables.
//!
//! With DerSimonian-Laird, a fixed τ² or the common effect, τ² follows from four sums over the rows, so one
//! more row costs four additions; with Wald and t limits the printed digits bound mean and standard error on
//! the analysis scale. A table that passes may still not fit; one that fails does not.

use super::evaluate::Evaluator;
use super::target::{PrintedRange, Target};
use crate::effect::Transform;
use crate::options::Tau2;
use crate::options::{Ci, Measure, Model, Tau2Method, ZeroCells};

/// How far rounding errors may move a sum, relative to its size, and a mean. It only lets more tables pass.
const SLACK: f64 = 1e-9;

/// Sums over rows with w = 1/v: of w, w², w y and w y². y is measured from an origin near the mean, so that
/// no digits cancel in Q.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::published) struct Sums {
    w: f64,
    ww: f64,
    wy: f64,
    wyy: f64,
}

impl Sums {
    /// With one more row.
    pub fn with(self, [y, v]: [f64; 2]) -> Self {
        let w = 1.0 / v;
        Self { w: self.w + w, ww: self.ww + w * w, wy: self.wy + w * y, wyy: self.wyy + w * y * y }
    }

    /// The sums over the rows of both.
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

/// The means and standard errors that give the printed digits.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Screen {
    /// τ² where it does not depend on the table; `None` with DerSimonian-Laird.
    tau2: Option<f64>,
    /// The origin of y on the analysis scale.
    pub origin: f64,
    /// The ranges of the mean and of both limits, measured from the origin.
    ranges: [[f64; 2]; 3],
    /// The range of the sum of the weights 1/(v + τ²).
    weight: [f64; 2],
}

impl Screen {
    /// For tables of k rows; `None` where estimate and interval were not both printed, or where the
    /// specification has other estimators or intervals than those above, or a row whose effect depends on
    /// other rows.
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
        let ranges = target.estimate_and_limits()?.map(|range| on_scale(&transform, range));
        let origin = 0.5 * (ranges[0][0] + ranges[0][1]);
        if !origin.is_finite() {
            return None;
        }
        let ranges = ranges.map(|range| [range[0] - origin - SLACK, range[1] - origin + SLACK]);
        let [mean, lower, upper] = ranges;
        let quantile = evaluator.quantile(k);
        // Half the width, mean − lower and upper − mean are all q·se.
        let least =
            (0.5 * (upper[0] - lower[1])).max(mean[0] - lower[1]).max(upper[0] - mean[1]).max(0.0) / quantile;
        let most = (0.5 * (upper[1] - lower[0])).min(mean[1] - lower[0]).min(upper[1] - mean[0]) / quantile;
        let weight =
            if most > 0.0 { [1.0 / (most * most), 1.0 / (least * least)] } else { [f64::INFINITY, 0.0] };
        Some(Self { tau2, origin, ranges, weight: [weight[0] * (1.0 - SLACK), weight[1] * (1.0 + SLACK)] })
    }

    /// τ² of a table of k rows with these sums.
    pub fn tau2(&self, sums: &Sums, k: f64) -> f64 {
        self.tau2.unwrap_or_else(|| ((sums.q() - (k - 1.0)) / (sums.w - sums.ww / sums.w)).max(0.0))
    }

    /// A lower bound of τ² of a table of k rows: some rows have these sums, the other `rows` rows have a sum
    /// of weights of at most `rest`.
    ///
    /// One more row never decreases Q. With S₁ = Σw and S₂ = Σw², the divisor S₁ − S₂/S₁ is largest where S₂
    /// is least, which is with equal weights of the other rows, and then it increases with `rest`.
    pub fn least_tau2(&self, sums: &Sums, rest: f64, rows: f64, k: f64) -> f64 {
        self.tau2.unwrap_or_else(|| {
            let most = sums.w + rest;
            let squares = sums.ww + if rows > 0.0 { rest * rest / rows } else { 0.0 };
            let least = (sums.q() * (1.0 - SLACK) - (k - 1.0)) / (most - squares / most) * (1.0 - SLACK);
            if least > 0.0 { least } else { 0.0 }
        })
    }

    /// Whether a sum of weights of at most `weight` makes the interval wider than it was printed.
    pub const fn is_too_wide(&self, weight: f64) -> bool {
        weight < self.weight[0]
    }

    /// The range of τ² in which rows with variances between `least` and `most` can have the printed standard
    /// error. Both sums of weights decrease in τ², so the ends are found by bisection.
    pub fn tau2_range(&self, least: &[f64], most: &[f64]) -> [f64; 2] {
        let sum = |variances: &[f64], tau2: f64| variances.iter().map(|v| 1.0 / (v + tau2)).sum::<f64>();
        [
            where_decreases_to(self.weight[1], |tau2| sum(most, tau2))[0],
            where_decreases_to(self.weight[0], |tau2| sum(least, tau2))[1],
        ]
    }

    /// Whether mean and limits at τ² give the printed digits; `y` is measured from the origin.
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
        inside(mean, self.ranges[0])
            && inside(mean - margin, self.ranges[1])
            && inside(mean + margin, self.ranges[2])
    }
}

/// The printed range on the analysis scale; a range that includes 0 or 1 is unbounded there, because the
/// value may have been clipped.
fn on_scale(transform: &Transform, range: PrintedRange) -> [f64; 2] {
    [
        if range.low <= 0.0 { f64::NEG_INFINITY } else { transform.from_proportion(range.low.min(1.0)) },
        if range.high >= 1.0 { f64::INFINITY } else { transform.from_proportion(range.high.max(0.0)) },
    ]
}

/// An interval of τ² ≥ 0 around the point where a decreasing function falls to `value`; unbounded above where
/// it has not done so at 10¹².
fn where_decreases_to(value: f64, function: impl Fn(f64) -> f64) -> [f64; 2] {
    if function(0.0) <= value {
        return [0.0, 0.0];
    }
    let mut high = 1.0;
    while function(high) > value {
        high *= 4.0;
        if high > 1e12 {
            return [high, f64::INFINITY];
        }
    }
    let mut low = 0.0;
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if function(middle) > value { low = middle } else { high = middle }
    }
    [low, high]
}
