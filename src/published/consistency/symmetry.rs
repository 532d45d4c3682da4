//! Whether a printed interval is symmetric about its estimate on a scale.

use super::PrintedSummary;
use crate::effect::Transform;
use crate::options::Measure;
use crate::printed::{Bounds, Consistency, End, Printed, Rule};

/// The numbers a printed figure stands for, with what a clipped limit may hide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub estimate: Bounds,
    pub lower: Bounds,
    pub upper: Bounds,
}

impl Figures {
    /// Under one rounding rule.
    ///
    /// On a scale that can leave [0, 1], a limit printed as 0 or 1 may have been cut there, so it
    /// stands for everything beyond as well.
    pub fn new(measure: Measure, summary: &PrintedSummary, rule: Rule) -> Self {
        let (mut lower, mut upper) = (summary.ci.lower.bounds(rule), summary.ci.upper.bounds(rule));
        if matches!(measure, Measure::Raw | Measure::Arcsine) && is_whole(&summary.ci.lower, 0) {
            lower.lower = End::Unbounded;
        }
        if matches!(measure, Measure::Raw | Measure::Arcsine | Measure::Log) && is_whole(&summary.ci.upper, 1)
        {
            upper.upper = End::Unbounded;
        }
        Self { estimate: summary.estimate.bounds(rule), lower, upper }
    }
}

/// Whether a printed proportion is exactly 0 or 1.
fn is_whole(printed: &Printed, whole: u64) -> bool {
    u64::try_from(printed.mantissa()) == Ok(whole * printed.steps())
}

/// The first rounding rule under which limits and estimate can be symmetric: 2 g(e) = g(l) + g(u)
/// for some e, l, u that are printed so.
///
/// The three are free of each other and g rises, so both sides run over intervals and the answer is
/// whether those meet. On the raw scale that is decided in whole numbers, open ends included; on
/// the others an end is decided to within a few units of the last place.
///
/// ```
/// use metaprop::published::consistency::{symmetry::symmetric, PrintedSummary};
/// use metaprop::printed::Consistency;
/// use metaprop::options::Measure;
/// let of = |measure| symmetric(measure, &PrintedSummary {
///     estimate: "54.0%".parse().unwrap(),
///     ci: "46.3%–61.5%".parse().unwrap(),
///     k: None,
///     total: None,
///     level: "95".parse().unwrap(),
/// });
/// assert_eq!(of(Measure::Logit), Consistency::HalfUp);
/// // 2 · 53.95 = 107.9 is the least, and 46.35 + 61.55 = 107.9 is just out of reach.
/// assert_eq!(of(Measure::Raw), Consistency::No);
/// ```
#[must_use]
pub fn symmetric(measure: Measure, summary: &PrintedSummary) -> Consistency {
    Consistency::first(|rule| {
        let figures = Figures::new(measure, summary, rule);
        if measure == Measure::Raw { meets_exactly(&figures) } else { meets(measure, &figures) }
    })
}

/// Interval arithmetic in floats, on the scale.
fn meets(measure: Measure, figures: &Figures) -> bool {
    let [estimate, lower, upper] =
        [figures.estimate, figures.lower, figures.upper].map(|bounds| on_scale(measure, &bounds));
    2.0 * estimate[0] <= lower[1] + upper[1] && lower[0] + upper[0] <= 2.0 * estimate[1]
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

/// The same question in whole numbers: each side is a sum of ratios with an end that is open where
/// one of its parts is.
fn meets_exactly(figures: &Figures) -> bool {
    let Figures { estimate, lower, upper } = figures;
    let low_side = reaches([estimate.lower, estimate.lower], [lower.upper, upper.upper]);
    let high_side = reaches([lower.lower, upper.lower], [estimate.upper, estimate.upper]);
    low_side && high_side
}

/// Whether a sum of lower ends lies at or below a sum of upper ends.
fn reaches(low: [End; 2], high: [End; 2]) -> bool {
    let ends = [low[0], low[1], high[0], high[1]];
    let [Some(a), Some(b), Some(c), Some(d)] = ends.map(|end| end.at().map(|ratio| ratio.parts())) else {
        return true;
    };
    // Decimal denominators: the largest is a multiple of the others, unless the units differ.
    let common = [a.1, b.1, c.1, d.1].into_iter().max().unwrap_or(1);
    let whole = |(numerator, denominator): (i64, i64)| {
        (common % denominator == 0).then(|| i128::from(numerator) * i128::from(common / denominator))
    };
    let [Some(a), Some(b), Some(c), Some(d)] = [a, b, c, d].map(whole) else {
        let real = |end: End| end.at().map_or(0.0, |ratio| ratio.to_real());
        return real(low[0]) + real(low[1]) <= real(high[0]) + real(high[1]);
    };
    let closed = ends.iter().all(|end| matches!(end, End::Closed(_)));
    if closed { a + b <= c + d } else { a + b < c + d }
}
