//! A printed estimate with its interval, and the scales on which the interval is symmetric about it.

use crate::effect::Transform;
use crate::options::{Level, Measure};
use crate::printed::{Bounds, Consistency, End, Pair, Printed, Rule};

/// What a paper prints of a pooled proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedSummary {
    /// The estimate.
    pub estimate: Printed,
    /// Its interval.
    pub ci: Pair,
    /// The number of studies.
    pub k: Option<u64>,
    /// The number of people.
    pub total: Option<u64>,
    /// The level of the interval.
    pub level: Level,
}

impl PrintedSummary {
    /// The same figures read as proportions: a number above 1 without a unit is a percentage.
    pub(super) fn as_proportions(&self) -> Self {
        Self { estimate: self.estimate.as_proportion(), ci: self.ci.as_proportions(), ..self.clone() }
    }

    /// The first rounding rule under which limits and estimate can be symmetric on a scale g: 2 g(e) = g(l) +
    /// g(u) for some e, l, u that are printed like this.
    ///
    /// The three are independent of each other and g is increasing, so both sides run over intervals, and the
    /// question is whether these overlap. On the raw scale that is decided in whole numbers, with open ends;
    /// on the others to within a few units of the last place.
    pub(super) fn symmetry(&self, measure: Measure) -> Consistency {
        Consistency::first(|rule| {
            let bounds = SummaryBounds::new(measure, self, rule);
            if measure == Measure::Raw {
                bounds.can_be_symmetric_exactly()
            } else {
                bounds.can_be_symmetric(measure)
            }
        })
    }
}

/// The numbers that the estimate and the limits may stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct SummaryBounds {
    pub estimate: Bounds,
    pub lower: Bounds,
    pub upper: Bounds,
}

impl SummaryBounds {
    /// Under one rounding rule.
    ///
    /// On a scale that can leave [0, 1], a limit printed as 0 or 1 may have been clipped, so it stands for
    /// everything beyond as well.
    pub fn new(measure: Measure, summary: &PrintedSummary, rule: Rule) -> Self {
        let (mut lower, mut upper) = (summary.ci.lower.bounds(rule), summary.ci.upper.bounds(rule));
        let below_0 = matches!(measure, Measure::Raw | Measure::Arcsine);
        let above_1 = matches!(measure, Measure::Raw | Measure::Arcsine | Measure::Log);
        if below_0 && is_equal(&summary.ci.lower, 0) {
            lower.lower = End::Unbounded;
        }
        if above_1 && is_equal(&summary.ci.upper, 1) {
            upper.upper = End::Unbounded;
        }
        Self { estimate: summary.estimate.bounds(rule), lower, upper }
    }

    /// By interval arithmetic in floats, on the scale.
    fn can_be_symmetric(&self, measure: Measure) -> bool {
        let [estimate, lower, upper] =
            [self.estimate, self.lower, self.upper].map(|bounds| on_scale(measure, &bounds));
        2.0 * estimate[0] <= lower[1] + upper[1] && lower[0] + upper[0] <= 2.0 * estimate[1]
    }

    /// On the raw scale, in whole numbers: each side is a sum of ratios, whose end is open where one of its
    /// terms is.
    fn can_be_symmetric_exactly(&self) -> bool {
        let Self { estimate, lower, upper } = self;
        is_at_most([estimate.lower, estimate.lower], [lower.upper, upper.upper])
            && is_at_most([lower.lower, upper.lower], [estimate.upper, estimate.upper])
    }
}

/// Whether a printed proportion is exactly 0 or 1.
fn is_equal(printed: &Printed, whole: u64) -> bool {
    u64::try_from(printed.mantissa()) == Ok(whole * printed.steps())
}

/// The ends of an interval of proportions on a scale; infinite where they lie outside it.
pub(super) fn on_scale(measure: Measure, bounds: &Bounds) -> [f64; 2] {
    let transform = Transform::new(measure);
    bounds.as_reals().map(|p| match p {
        _ if measure == Measure::Raw => p,
        _ if p.is_infinite() => p,
        // Rounding reaches below 0 and above 1; the scale ends there.
        p => transform.from_proportion(p.clamp(0.0, 1.0)),
    })
}

/// Whether the sum of two lower ends lies at or below the sum of two upper ends; below, if one of the four is
/// open.
fn is_at_most(low: [End; 2], high: [End; 2]) -> bool {
    let ends = [low[0], low[1], high[0], high[1]];
    let [Some(a), Some(b), Some(c), Some(d)] = ends.map(|end| end.at().map(|ratio| ratio.parts())) else {
        return true;
    };
    // Denominators are powers of 10: the largest is a multiple of the others, unless the units differ.
    let common = [a.1, b.1, c.1, d.1].into_iter().max().unwrap_or(1);
    let numerator = |(numerator, denominator): (i64, i64)| {
        (common % denominator == 0).then(|| i128::from(numerator) * i128::from(common / denominator))
    };
    let [Some(a), Some(b), Some(c), Some(d)] = [a, b, c, d].map(numerator) else {
        let real = |end: End| end.at().map_or(0.0, |ratio| ratio.to_real());
        return real(low[0]) + real(low[1]) <= real(high[0]) + real(high[1]);
    };
    let closed = ends.iter().all(|end| matches!(end, End::Closed(_)));
    if closed { a + b <= c + d } else { a + b < c + d }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_is_symmetric_on_the_logit_scale_and_just_not_on_the_raw_one() {
        let summary = PrintedSummary {
            estimate: "54.0%".parse().unwrap(),
            ci: "46.3%–61.5%".parse().unwrap(),
            k: None,
            total: None,
            level: "95".parse().unwrap(),
        };
        assert_eq!(summary.symmetry(Measure::Logit), Consistency::HalfUp);
        // 2 · 53.95 = 107.9 is the least, and 46.35 + 61.55 = 107.9 is excluded.
        assert_eq!(summary.symmetry(Measure::Raw), Consistency::No);
    }
}
