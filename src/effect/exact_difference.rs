//! The difference of two studies on the analysis scale, with full relative accuracy.
//!
//! Two studies of 10⁹ people can have estimates that agree in five digits. Their difference, formed from the
//! rounded estimates, has lost those digits, and with them Q, τ² and I². Formed from the counts it has lost
//! none: ln(x/m) − ln(x'/m') = ln(1 + (x m' − m x')/(m x')), where the difference of the products is exact.

use crate::data::Counts;
use crate::numeric::elementary::{asin, exp, ln, ln_1p};
use crate::numeric::normal;
use crate::numeric::quadrature::integrate;
use crate::numeric::sum::difference_of_products;
use crate::options::Measure;
use crate::options::{Conventions, LogDenominator, RawCorrection};

/// A study as it enters the formulas: its counts and what is added to its events and non-events.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CorrectedCounts {
    /// Events.
    pub events: f64,
    /// Non-events.
    pub rest: f64,
    /// The amount added to both for zero cells; 0 for none.
    pub amount: f64,
    /// The rounded estimate on the analysis scale.
    pub y: f64,
}

/// Events and non-events with what is added to each, kept apart: a million with 0.1 added is rounded, the two
/// numbers are not.
#[derive(Debug, Clone, Copy)]
struct Parts {
    events: f64,
    rest: f64,
    added: [f64; 2],
}

/// Which study has the smallest variance, of several the first; `None` where there is none.
///
/// ```
/// use metaprop::effect::exact_difference::most_precise;
/// assert_eq!(most_precise(&[0.3, 0.1, 0.1]), Some(1));
/// ```
#[must_use]
pub fn most_precise<'a>(v: impl IntoIterator<Item = &'a f64>) -> Option<usize> {
    let least = v.into_iter().enumerate().reduce(|best, other| if other.1 < best.1 { other } else { best });
    least.map(|(index, _)| index)
}

/// y(`a`) − y(`b`) on the scale of `measure`, to a few units in the last place of the difference.
///
/// ```
/// use metaprop::effect::exact_difference::{CorrectedCounts, exact_difference};
/// use metaprop::{Counts, Spec};
/// use metaprop::options::Measure;
///
/// let cell = |events: u64, total: u64| {
///     let y = (events as f64 / (total - events) as f64).ln();
///     CorrectedCounts::of_counts(Counts::new(events, total).unwrap(), 0.0, y)
/// };
/// let (a, b) = (cell(300_000_001, 1_000_000_000), cell(300_000_000, 1_000_000_000));
/// let d = exact_difference(a, b, Measure::Logit, Spec::default().conventions());
/// // ln(1 + 1e9/(3e8 · 699999999)), where the rounded estimates have lost half of the digits.
/// assert!((d / 4.761_904_757_369_6e-9 - 1.0).abs() < 1e-13 && (a.y - b.y) / d != 1.0);
/// ```
#[must_use]
pub fn exact_difference(
    a: CorrectedCounts,
    b: CorrectedCounts,
    measure: Measure,
    conventions: Conventions,
) -> f64 {
    match measure {
        Measure::Raw => risk_difference(a.raw(conventions), b.raw(conventions)),
        Measure::Log => log_risk_ratio(a.risk(conventions), b.risk(conventions)),
        Measure::Logit => logit(a, b),
        Measure::Arcsine => arcsine(a.with([0.0; 2]), b.with([0.0; 2])).unwrap_or(a.y - b.y),
        Measure::FreemanTukey => freeman_tukey(a, b),
        Measure::Probit => probit(a, b),
        Measure::Cloglog => cloglog(a, b),
        Measure::Generic => a.y - b.y,
    }
}

/// logit p − logit q, the log odds ratio.
#[must_use]
pub fn logit(a: CorrectedCounts, b: CorrectedCounts) -> f64 {
    let [a, b] = [a, b].map(CorrectedCounts::corrected);
    log_of_quotient(a.x() * b.m(), a.m() * b.x(), a.cross(b))
}

/// Φ⁻¹(p) − Φ⁻¹(q): one step of Newton's method from the rounded difference, on the probability between the two,
/// which the counts give without loss.
#[must_use]
pub fn probit(a: CorrectedCounts, b: CorrectedCounts) -> f64 {
    let (start, y) = (a.y - b.y, b.y);
    if start.abs() > CLOSE * y.abs().max(1.0) {
        return start;
    }
    let [a, b] = [a, b].map(CorrectedCounts::corrected);
    // Both sides over φ(y).
    let target = risk_difference(a, b) / normal::density_at_tail(b.x().min(b.m()) / b.n(), y);
    let height = |t: f64| exp(-t * (y + 0.5 * t));
    start - (integrate(height, 0.0, start, 1e-15).value - target) / height(start)
}

/// ln(H/G) = ln(1 + (H − G)/G), H = −ln(1 − p) and G = −ln(1 − q), whose difference is the logarithm of a quotient.
#[must_use]
pub fn cloglog(a: CorrectedCounts, b: CorrectedCounts) -> f64 {
    let plain = a.y - b.y;
    if plain.abs() > CLOSE * b.y.abs().max(1.0) {
        return plain;
    }
    let [a, b] = [a, b].map(CorrectedCounts::corrected);
    let hazard = if b.x() <= b.m() { -ln_1p(-b.x() / b.n()) } else { -ln(b.m() / b.n()) };
    ln_1p(log_of_quotient(a.n() * b.m(), a.m() * b.n(), a.cross(b)) / hazard)
}

/// Up to here a difference is refined, in units of the estimates or of 1.
const CLOSE: f64 = 0.25;

impl CorrectedCounts {
    /// A study with this amount added, and its estimate.
    #[must_use]
    pub fn of_counts(counts: Counts, amount: f64, y: f64) -> Self {
        let (events, total) = counts.as_reals();
        Self { events, rest: total - events, amount, y }
    }

    /// What a proportion `p` of `n` people would be, and its value `y` on the analysis scale.
    #[must_use]
    pub fn of_proportion(p: f64, n: f64, y: f64) -> Self {
        Self { events: p * n, rest: (1.0 - p) * n, amount: 0.0, y }
    }

    fn with(self, added: [f64; 2]) -> Parts {
        Parts { events: self.events, rest: self.rest, added }
    }

    /// With the amount added to events and non-events.
    fn corrected(self) -> Parts {
        self.with([self.amount; 2])
    }

    /// What the proportion is made of, by the convention for corrected studies.
    fn raw(self, conventions: Conventions) -> Parts {
        match conventions.raw_correction {
            RawCorrection::EstimateAndVariance => self.corrected(),
            RawCorrection::VarianceOnly => self.with([0.0; 2]),
        }
    }

    /// The same, by the convention for the denominator of a log proportion.
    fn risk(self, conventions: Conventions) -> Parts {
        match conventions.log_denominator {
            LogDenominator::Both => self.corrected(),
            // y = 0, whatever is added.
            LogDenominator::One if self.rest == 0.0 => Parts { events: 1.0, rest: 0.0, added: [0.0; 2] },
            LogDenominator::One => self.with([self.amount, 0.0]),
        }
    }
}

impl Parts {
    fn x(self) -> f64 {
        self.events + self.added[0]
    }

    fn m(self) -> f64 {
        self.rest + self.added[1]
    }

    fn n(self) -> f64 {
        self.events + self.rest + (self.added[0] + self.added[1])
    }

    /// x m' − m x', which is also x n' − n x' and n m' − m n': the one difference that all scales need. What was
    /// counted and what was added are multiplied apart, so that nothing is rounded before it cancels.
    fn cross(self, other: Self) -> f64 {
        let crossed = |a: [f64; 2], b: [f64; 2]| difference_of_products(a[0], b[1], a[1], b[0]);
        let (counts, others) = ([self.events, self.rest], [other.events, other.rest]);
        let counted = crossed(counts, others);
        if self.added == [0.0; 2] && other.added == [0.0; 2] {
            return counted;
        }
        counted
            + (crossed(counts, other.added) + crossed(self.added, others))
            + crossed(self.added, other.added)
    }
}

/// p − q.
fn risk_difference(a: Parts, b: Parts) -> f64 {
    a.cross(b) / (a.n() * b.n())
}

/// ln p − ln q.
fn log_risk_ratio(a: Parts, b: Parts) -> f64 {
    log_of_quotient(a.x() * b.n(), a.n() * b.x(), a.cross(b))
}

/// ln(over/under), of which the difference is known without loss.
fn log_of_quotient(over: f64, under: f64, difference: f64) -> f64 {
    if 0.5 * under < over && over < 2.0 * under { ln_1p(difference / under) } else { ln(over / under) }
}

/// asin √p − asin √q from sin(α − β) = (p − q)/(√(p(1 − q)) + √(q(1 − p))); `None` where the arc sine of
/// that would lose what it gains, which is where the difference is large.
fn arcsine(a: Parts, b: Parts) -> Option<f64> {
    let crossed = (a.x() * b.m()).sqrt() + (b.x() * a.m()).sqrt();
    if crossed == 0.0 {
        // Both are 0, or both are 1.
        return Some(0.0);
    }
    let sine = a.cross(b) / ((a.n() * b.n()).sqrt() * crossed);
    (sine.abs() < 0.7).then(|| asin(sine))
}

/// The mean of the differences of both its angles.
fn freeman_tukey(a: CorrectedCounts, b: CorrectedCounts) -> f64 {
    match [[0.0, 1.0], [1.0, 0.0]].map(|added| arcsine(a.with(added), b.with(added))) {
        [Some(first), Some(second)] => 0.5 * (first + second),
        _ => a.y - b.y,
    }
}

#[cfg(test)]
#[allow(clippy::excessive_precision)] // as 60-digit arithmetic gave them
mod tests {
    use super::*;
    use crate::effect::measure::estimate_and_variance;
    use crate::options::Spec;

    const PAIRS: [[(u64, u64); 2]; 6] = [
        [(300_000_001, 1_000_000_000), (300_000_000, 1_000_000_000)],
        [(3, 1_000_000_000), (5, 1_000_000_000)],
        [(999_999_990, 1_000_000_000), (999_999_993, 999_999_996)],
        [(7, 20), (31, 90)],
        [(1, 40), (39, 40)],
        [(500_000_300, 1_000_000_000), (499_999_800, 1_000_000_000)],
    ];

    /// By 60-digit arithmetic, for each of the pairs; and how many units of 1e-16 they may be off.
    const WANT: [(Measure, [f64; 6], f64); 7] = [
        (Measure::Raw, [1e-9, -2e-9, -6.999_999_987_999_999_952e-9, 1.0 / 180.0, -0.95, 5e-7], 3.0),
        (
            Measure::Log,
            [
                3.333_333_327_777_777_790_1e-9,
                -0.510_825_623_765_990_683_21,
                -7.000_000_033_500_000_240_3e-9,
                0.016_000_341_346_441_132_549,
                -3.663_561_646_129_646_427_4,
                9.999_999_000_000_933_333_1e-7,
            ],
            5.0,
        ),
        (
            Measure::Logit,
            [
                4.761_904_757_369_614_525_8e-9,
                -0.510_825_625_765_990_691_21,
                -1.203_972_807_325_936_018_1,
                0.024_511_031_014_349_773_739,
                -7.327_123_292_259_292_854_9,
                2.000_000_000_000_186_666_7e-6,
            ],
            5.0,
        ),
        (
            Measure::Arcsine,
            [
                1.091_089_450_660_395_502_4e-9,
                -0.000_015_938_422_399_677_578_414,
                -0.000_045_227_744_279_219_416_165,
                0.005_834_642_992_176_908_477_8,
                -1.253_235_897_503_375_258_7,
                5.000_000_000_000_233_333_3e-7,
            ],
            5.0,
        ),
        (
            Measure::FreemanTukey,
            [
                1.091_089_449_361_479_493_6e-9,
                -0.000_015_076_268_070_339_013_133,
                -0.000_043_431_537_936_531_130_055,
                0.011_333_864_356_518_635_353,
                -1.191_281_354_454_758_717_3,
                4.999_999_995_000_233_340_8e-7,
            ],
            6.0,
        ),
        (
            Measure::Probit,
            [
                2.876_103_657_095_379_091_2e-9,
                -0.086_028_871_889_538_518_9,
                -0.204_756_495_282_115_785_63,
                0.015_042_918_127_180_434_186,
                -3.919_927_969_080_108_471,
                1.253_314_137_315_592_123_9e-6,
            ],
            10.0,
        ),
        (
            Measure::Cloglog,
            [
                4.005_247_497_778_643_099e-9,
                -0.510_825_624_765_990_686_54,
                -0.063_312_622_790_114_101_324,
                0.019_954_095_886_041_568_743,
                -4.981_569_998_917_413_385_7,
                1.442_694_977_021_692_911_5e-6,
            ],
            8.0,
        ),
    ];

    #[test]
    fn keeps_the_digits_of_close_studies() {
        let conventions = Spec::default().conventions;
        for (measure, wants, allowed) in WANT {
            for (pair, want) in PAIRS.into_iter().zip(wants) {
                let [a, b] = pair.map(|(events, total)| {
                    let counts = Counts::new(events, total).unwrap();
                    CorrectedCounts::of_counts(
                        counts,
                        0.0,
                        estimate_and_variance(counts, 0.0, measure, conventions).0,
                    )
                });
                let off = (exact_difference(a, b, measure, conventions) / want - 1.0).abs();
                assert!(off < allowed * 1e-16, "{measure:?} {pair:?}: off by {off:e}");
            }
        }
    }

    /// Two full studies with 0.1 added: ln(1 − 0.1/(n + 0.2)) of each, by 60-digit arithmetic.
    #[test]
    fn keeps_the_digits_of_what_is_added() {
        let conventions = Spec::default().conventions;
        let [a, b] = [1_000_000, 3_000_000].map(|n| {
            let counts = Counts::new(n, n).unwrap();
            CorrectedCounts::of_counts(
                counts,
                0.1,
                estimate_and_variance(counts, 0.1, Measure::Log, conventions).0,
            )
        });
        for (measure, want) in
            [(Measure::Log, -6.6666653333335583947e-8), (Measure::Logit, -1.0986122220014474692)]
        {
            let off = (exact_difference(a, b, measure, conventions) / want - 1.0).abs();
            assert!(off < 5e-16, "{measure:?}: off by {off:e}");
        }
    }
}
