//! The estimate and the variance of each study, by measure.

use super::Transform;
use super::exact_difference::{CorrectedCounts, exact_difference, most_precise};
use super::freeman_tukey::{self, angle};
use super::zero_cells::Correction;
use crate::data::{Counts, Excluded, Study};
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::normal;
use crate::options::{Choice, Measure};
use crate::options::{Conventions, LogDenominator, RawCorrection, Spec};

/// Studies on the analysis scale, as parallel columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EffectSizes {
    /// Which study of the table each row is.
    pub index: Vec<u32>,
    /// The estimates.
    pub y: Vec<f64>,
    /// The most precise study (of several, the first): the origin of the deviations.
    pub centre: CorrectedCounts,
    /// The estimates less that of the centre, each to the accuracy of its own small size: what is pooled.
    pub deviations: Vec<f64>,
    /// Their variances, above 0.
    pub v: Vec<f64>,
    /// Whether the study was corrected for zero cells.
    pub corrected: Vec<bool>,
}

/// Puts every study on the analysis scale; those whose y or v is not finite, or whose v is 0, are
/// left out with the reason.
#[must_use]
pub fn estimate(studies: &[Study], spec: &Spec) -> (EffectSizes, Vec<Excluded>) {
    let correction = Correction::new(spec.zero_cells, spec.zero_amount, studies);
    let (mut effects, mut excluded) = (EffectSizes::with_capacity(studies.len()), Vec::new());
    let mut cells = Vec::with_capacity(studies.len());
    for (study, index) in studies.iter().zip(0..) {
        let amount = correction.amount(study);
        let (y, v) = of_counts(study.counts, amount, spec.measure, spec.conventions);
        match defect(y, v) {
            None => {
                effects.push(index, y, v, amount > 0.0);
                cells.push(CorrectedCounts::of_counts(study.counts, amount, y));
            }
            Some(defect) => excluded.push(Excluded {
                study: study.name.to_string(),
                line: study.line,
                reason: format!(
                    "{defect} on the {} scale with {} of {} events",
                    spec.measure.key(),
                    study.counts.events(),
                    study.counts.total()
                ),
            }),
        }
    }
    effects.centre(&cells, spec);
    (effects, excluded)
}

/// The estimate and variance of one study, with `a` added to its events and to its non-events.
///
/// The formulas are those of [`Measure`]; with a correction, x + a and n − x + a take the place of
/// x and n − x, apart from what [`Conventions`] says. Arcsine and Freeman-Tukey are never corrected.
///
/// ```
/// use metaprop::effect::measure::of_counts;
/// use metaprop::{Counts, Spec};
/// use metaprop::options::Measure;
///
/// let counts = Counts::new(4, 8).unwrap();
/// let (y, v) = of_counts(counts, 0.0, Measure::Logit, Spec::default().conventions);
/// assert_eq!((y, v), (0.0, 0.5));
/// ```
#[must_use]
pub fn of_counts(counts: Counts, a: f64, measure: Measure, conventions: Conventions) -> (f64, f64) {
    let (x0, n0) = counts.as_reals();
    let (x, m, n) = (x0 + a, n0 - x0 + a, n0 + 2.0 * a);
    match measure {
        Measure::Raw => {
            let y = match conventions.raw_correction {
                RawCorrection::EstimateAndVariance => x / n,
                RawCorrection::VarianceOnly => x0 / n0,
            };
            (y, x * m / (n * n * n))
        }
        Measure::Log => log_proportion(counts, a, conventions.log_denominator),
        Measure::Logit => (log_ratio(x, m, 2.0 * x0 - n0), 1.0 / x + 1.0 / m),
        Measure::Arcsine => (angle(x0, n0 - x0), 1.0 / (4.0 * n0)),
        Measure::FreemanTukey => (freeman_tukey::forward(x0, n0), 1.0 / (4.0 * n0 + 2.0)),
        Measure::Probit => {
            let y = normal::quantile_of(x, m);
            let density = normal::density_at_tail(x.min(m) / n, y);
            (y, (x / n) * (m / n) / (n * density * density))
        }
        Measure::Cloglog => {
            let hazard = if x <= m { -ln_1p(-x / n) } else { -ln(m / n) };
            (ln(hazard), x / (n * m * hazard * hazard))
        }
    }
}

/// ln(a/b), near 0 by the difference a − b, which the caller has without the rounding of a and b: all of
/// ten million with 0.01 added has ln(1 − 0.01/(n + 0.02)), of which a − b as floats keeps 7 digits.
fn log_ratio(a: f64, b: f64, difference: f64) -> f64 {
    if 0.5 * b < a && a < 2.0 * b { ln_1p(difference / b) } else { ln(a / b) }
}

/// The log proportion, by either denominator.
fn log_proportion(counts: Counts, a: f64, denominator: LogDenominator) -> (f64, f64) {
    let (x0, n0) = counts.as_reals();
    let x = x0 + a;
    match denominator {
        // 1/x − 1/n as (n − x)/(x n): no difference of near-equal terms.
        LogDenominator::Both => {
            let (m, n) = (n0 - x0 + a, n0 + 2.0 * a);
            (log_ratio(x, n, -m), m / (x * n))
        }
        LogDenominator::One if counts.events() == counts.total() => (0.0, a / (n0 * (n0 + a))),
        LogDenominator::One => (log_ratio(x, n0 + a, x0 - n0), (n0 - x0) / (x * (n0 + a))),
    }
}

/// So many that one more changes no digit.
const LARGE_N: f64 = 1e18;

/// Why a study cannot be pooled on this scale, if it cannot.
fn defect(y: f64, v: f64) -> Option<&'static str> {
    match () {
        () if !y.is_finite() => Some("no finite estimate"),
        () if !v.is_finite() => Some("no finite variance"),
        () if v <= 0.0 => Some("variance 0"),
        () => None,
    }
}

impl EffectSizes {
    /// The estimate that the deviations are taken from.
    #[must_use]
    pub const fn origin(&self) -> f64 {
        self.centre.y
    }

    /// The value of a proportion `p` on the analysis scale, less the origin, as exact as a deviation.
    #[must_use]
    pub fn deviation_of(&self, p: f64, transform: &Transform, conventions: Conventions) -> f64 {
        // Where no n enters the Freeman-Tukey inverse it is that of infinitely many people.
        let n = match transform.measure() {
            Measure::FreemanTukey => transform.n().unwrap_or(LARGE_N),
            _ => 1.0,
        };
        let cell = CorrectedCounts::of_proportion(p, n, transform.from_proportion(p));
        exact_difference(cell, self.centre, transform.measure(), conventions)
    }

    fn with_capacity(k: usize) -> Self {
        Self {
            index: Vec::with_capacity(k),
            y: Vec::with_capacity(k),
            centre: CorrectedCounts::default(),
            deviations: Vec::new(),
            v: Vec::with_capacity(k),
            corrected: Vec::with_capacity(k),
        }
    }

    /// Takes the deviations from the most precise study.
    fn centre(&mut self, cells: &[CorrectedCounts], spec: &Spec) {
        let Some(centre) = most_precise(&self.v).map(|index| cells[index]) else { return };
        let from_centre =
            |&cell: &CorrectedCounts| exact_difference(cell, centre, spec.measure, spec.conventions);
        self.centre = centre;
        self.deviations = cells.iter().map(from_centre).collect();
    }

    fn push(&mut self, index: u32, y: f64, v: f64, corrected: bool) {
        self.index.push(index);
        self.y.push(y);
        self.v.push(v);
        self.corrected.push(corrected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adding 0.01 to ten million rounds: the difference of the sums has 7 digits, the amount has 16.
    #[test]
    fn close_counts_keep_their_digits() {
        let conventions = Spec::default().conventions;
        let value = |events, total, a, measure| {
            of_counts(Counts::new(events, total).unwrap(), a, measure, conventions).0
        };
        for (got, want) in [
            (value(10_000_000, 10_000_000, 0.01, Measure::Log), -9.999999985e-10),
            (value(500_000_001, 1_000_000_001, 0.1, Measure::Logit), 1.9999999976e-09),
        ] {
            assert!((got / want - 1.0).abs() < 4e-16, "{got:e} {want:e}");
        }
    }
}
