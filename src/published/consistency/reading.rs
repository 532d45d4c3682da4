//! What the interval implies on one scale.

use serde::Serialize;

use super::symmetry::{Figures, on_scale, symmetric};
use super::{PrintedSummary, floor};
use crate::numeric::{normal, student_t};
use crate::options::Measure;
use crate::printed::{Consistency, Rule};

/// An interval of floats, the lower end first.
pub type Range = [f64; 2];

/// What the printed interval says on one scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// What follows from the interval with one quantile; every range holds all values that the printed
/// digits allow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Implied {
    /// The quantile.
    pub quantile: f64,
    /// The standard error on the scale.
    pub se: Range,
    /// How many people a single study with that standard error and the printed estimate would have.
    pub effective_n: Range,
    /// The printed total over that: how much wider than one study of everybody.
    pub design_effect: Option<Range>,
    /// Between-study variance, if k studies have equal sizes and equal sampling variances.
    pub tau2: Option<Range>,
    /// I² in percent under the same assumption: 1 − 1/design effect.
    pub i2: Option<Range>,
    /// The smallest standard error that the printed total allows a `wald` or `t` interval on this
    /// scale, where there is one: see [`floor`].
    pub se_floor: Option<f64>,
}

impl ScaleReading {
    /// The reading on a scale; `None` where the interval has no finite width there.
    #[must_use]
    pub fn new(measure: Measure, summary: &PrintedSummary) -> Option<Self> {
        let symmetric = symmetric(measure, summary);
        // Where no rule makes it symmetric the reading is kept, as the outer estimate of half up.
        let figures = Figures::new(measure, summary, symmetric.rule().unwrap_or(Rule::HalfUp));
        let width = Width::new(measure, &figures, symmetric != Consistency::No)?;
        let tail = summary.level.tail();
        let t = summary.k.filter(|&k| k > 1).map(|k| student_t::upper_quantile(tail, k as f64 - 1.0));
        Some(Self {
            measure,
            symmetric,
            normal: Implied::new(&width, normal::upper_quantile(tail), summary),
            t: t.map(|quantile| Implied::new(&width, quantile, summary)),
        })
    }
}

/// The half-width of the interval on the scale, and the estimate.
struct Width {
    measure: Measure,
    /// All half-widths the digits allow; the lower end is above 0 or is 0.
    half: Range,
    /// The estimate, a fraction.
    proportion: Range,
}

impl Width {
    /// A symmetric interval has three measures of its half-width that agree; of any other, the width
    /// alone is told.
    fn new(measure: Measure, figures: &Figures, symmetric: bool) -> Option<Self> {
        let [e, l, u] =
            [figures.estimate, figures.lower, figures.upper].map(|bounds| on_scale(measure, &bounds));
        let whole = [(u[0] - l[1]) / 2.0, (u[1] - l[0]) / 2.0];
        let (below, above) = ([e[0] - l[1], e[1] - l[0]], [u[0] - e[1], u[1] - e[0]]);
        let low = whole[0].max(below[0]).max(above[0]).max(0.0);
        let high = whole[1].min(below[1]).min(above[1]);
        let half = if symmetric && low <= high { [low, high] } else { [whole[0].max(0.0), whole[1]] };
        let proportion = figures.estimate.as_reals().map(|p| p.clamp(0.0, 1.0));
        (half[1].is_finite() && half[1] > 0.0).then_some(Self { measure, half, proportion })
    }
}

impl Implied {
    fn new(width: &Width, quantile: f64, summary: &PrintedSummary) -> Self {
        let se = width.half.map(|half| half / quantile);
        let information = floor::per_person(width.measure, width.proportion);
        let effective_n = [1.0 / (se[1] * se[1] * information[1]), 1.0 / (se[0] * se[0] * information[0])];
        let total = summary.total.map(|total| total as f64);
        let design_effect = total.map(|total| [total / effective_n[1], total / effective_n[0]]);
        let beyond_chance = |effect: f64| (1.0 - 1.0 / effect).max(0.0);
        // k equal studies: se² = (v + τ²)/k, and v/k is the variance of one study of everybody.
        let tau2 = summary.k.zip(design_effect).map(|(k, effect)| {
            [
                k as f64 * se[0] * se[0] * beyond_chance(effect[0]),
                k as f64 * se[1] * se[1] * beyond_chance(effect[1]),
            ]
        });
        Self {
            quantile,
            se,
            effective_n,
            design_effect,
            tau2,
            i2: design_effect
                .filter(|_| summary.k != Some(1))
                .map(|effect| effect.map(|effect| 100.0 * beyond_chance(effect))),
            se_floor: summary
                .total
                .and_then(|total| floor::standard_error(width.measure, width.proportion, total, summary.k)),
        }
    }

    /// Whether no `wald` or `t` interval of inverse-variance pooling on this scale can be so narrow.
    #[must_use]
    pub fn is_too_narrow(&self) -> bool {
        self.se_floor.is_some_and(|floor| self.se[1] < floor)
    }
}
