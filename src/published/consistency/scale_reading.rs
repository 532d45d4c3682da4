//! What a printed interval implies on one scale.

use serde::Serialize;

use super::PrintedSummary;
use super::printed_summary::{SummaryBounds, on_scale};
use super::standard_error::{information_per_person, smallest_standard_error};
use crate::format::significant;
use crate::numeric::{normal, student_t};
use crate::options::Measure;
use crate::printed::{Consistency, Rule};

/// The least and the largest value that the printed digits allow.
pub type Range = [f64; 2];

/// What a printed interval implies on one scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScaleReading {
    /// The scale.
    pub measure: Measure,
    /// The rounding rule under which the interval can be symmetric here.
    pub symmetric: Consistency,
    /// What follows if the interval was made with the normal quantile (`wald`).
    pub normal: Implied,
    /// What follows if it was made with t and k − 1 degrees of freedom (`t`, `hk`); needs k.
    pub t: Option<Implied>,
}

/// What follows from the interval with one quantile; a range has all values that the printed digits allow.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Implied {
    /// The quantile.
    pub quantile: f64,
    /// The standard error on the scale.
    pub se: Range,
    /// How many people a single study with that standard error and the printed estimate would have.
    pub effective_n: Range,
    /// The printed total over `effective_n`.
    pub design_effect: Option<Range>,
    /// The between-study variance, if k studies have equal sizes and equal sampling variances.
    pub tau2: Option<Range>,
    /// I² in percent under the same assumption: 1 − 1/design effect.
    pub i2: Option<Range>,
    /// The smallest standard error of a `wald` or `t` interval that the printed total allows on this scale.
    #[serde(rename = "se_floor")]
    pub smallest_se: Option<f64>,
}

impl ScaleReading {
    /// The reading on a scale; `None` where the interval has no finite width there.
    #[must_use]
    pub fn new(measure: Measure, summary: &PrintedSummary) -> Option<Self> {
        let symmetric = summary.symmetry(measure);
        // An interval that is not symmetric is read with halves rounded up.
        let bounds = SummaryBounds::new(measure, summary, symmetric.rule().unwrap_or(Rule::HalfUp));
        let width = HalfWidth::new(measure, &bounds, symmetric != Consistency::No)?;
        let tail = summary.level.tail();
        let t = summary.k.filter(|&k| k > 1).map(|k| student_t::upper_quantile(tail, k as f64 - 1.0));
        Some(Self {
            measure,
            symmetric,
            normal: Implied::new(&width, normal::upper_quantile(tail), summary),
            t: t.map(|quantile| Implied::new(&width, quantile, summary)),
        })
    }

    /// Whether the interval can be symmetric on this scale.
    #[must_use]
    pub fn is_symmetric(&self) -> bool {
        self.symmetric.rule().is_some()
    }
}

/// The half-width of the interval on the scale, and the estimate.
struct HalfWidth {
    measure: Measure,
    /// From 0 up.
    half: Range,
    /// The estimate, a fraction.
    proportion: Range,
}

impl HalfWidth {
    /// Of a symmetric interval (u − l)/2, e − l and u − e are the same number, so its range is their
    /// intersection; of any other it is that of (u − l)/2.
    fn new(measure: Measure, summary: &SummaryBounds, symmetric: bool) -> Option<Self> {
        let [e, l, u] =
            [summary.estimate, summary.lower, summary.upper].map(|bounds| on_scale(measure, &bounds));
        let whole = [(u[0] - l[1]) / 2.0, (u[1] - l[0]) / 2.0];
        let (below, above) = ([e[0] - l[1], e[1] - l[0]], [u[0] - e[1], u[1] - e[0]]);
        let low = whole[0].max(below[0]).max(above[0]).max(0.0);
        let high = whole[1].min(below[1]).min(above[1]);
        let half = if symmetric && low <= high { [low, high] } else { [whole[0].max(0.0), whole[1]] };
        let proportion = summary.estimate.as_reals().map(|p| p.clamp(0.0, 1.0));
        (half[1].is_finite() && half[1] > 0.0).then_some(Self { measure, half, proportion })
    }
}

impl Implied {
    fn new(width: &HalfWidth, quantile: f64, summary: &PrintedSummary) -> Self {
        let se = width.half.map(|half| half / quantile);
        let information = information_per_person(width.measure, width.proportion);
        let effective_n = [1.0 / (se[1] * se[1] * information[1]), 1.0 / (se[0] * se[0] * information[0])];
        let total = summary.total.map(|total| total as f64);
        let design_effect = total.map(|total| [total / effective_n[1], total / effective_n[0]]);
        // I² as a fraction.
        let i2 = |design_effect: f64| (1.0 - 1.0 / design_effect).max(0.0);
        // k equal studies: se² = (v + τ²)/k, and v/k is the variance of one study of all people.
        let tau2 = summary.k.zip(design_effect).map(|(k, effect)| {
            [k as f64 * se[0] * se[0] * i2(effect[0]), k as f64 * se[1] * se[1] * i2(effect[1])]
        });
        Self {
            quantile,
            se,
            effective_n,
            design_effect,
            tau2,
            i2: design_effect
                .filter(|_| summary.k != Some(1))
                .map(|effect| effect.map(|effect| 100.0 * i2(effect))),
            smallest_se: summary
                .total
                .and_then(|total| smallest_standard_error(width.measure, width.proportion, total, summary.k)),
        }
    }

    /// Whether no `wald` or `t` interval of inverse-variance pooling on this scale can be so narrow.
    #[must_use]
    pub fn is_too_narrow(&self) -> bool {
        self.smallest_se.is_some_and(|least| self.se[1] < least)
    }

    /// What follows, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let people = format!("a single study of {} people", in_whole_numbers(self.effective_n));
        let mut text = format!("standard error {}, as of {people}", in_three_digits(self.se));
        if let Some(effect) = self.design_effect {
            text += &format!("; design effect {}", in_three_digits(effect));
        }
        if let (Some(tau2), Some(i2)) = (self.tau2, self.i2) {
            text += &format!(
                "; for equal studies tau2 {} and I2 {}%",
                in_three_digits(tau2),
                in_whole_numbers(i2)
            );
        }
        text
    }
}

/// `0.156 to 0.159`.
fn in_three_digits([low, high]: Range) -> String {
    let (low, high) = (significant(low, 3), significant(high, 3));
    if low == high { low } else { format!("{low} to {high}") }
}

/// `158 to 166`.
fn in_whole_numbers([low, high]: Range) -> String {
    if high.is_finite() { format!("{low:.0} to {high:.0}") } else { format!("at least {low:.0}") }
}
