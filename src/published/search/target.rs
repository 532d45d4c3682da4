//! The printed fields as ranges, and how far a table is from them.

use crate::model::Value;
use crate::printed::{Printed, Rule};
use crate::published::claim::recomputed::{Source, candidates};
use crate::published::claim::{Claim, Field, Figure};

/// What was printed, in the order of the claim.
#[derive(Debug, Clone)]
pub(in crate::published) struct Target {
    wanted: Vec<(Field, Vec<Range>)>,
}

/// The values that are printed in one way.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Range {
    pub low: f64,
    pub high: f64,
    /// Printed steps in 1.
    steps: f64,
}

impl Range {
    /// Halves to either side belong to it: what it lets in by that is decided by the claim check.
    pub fn new(printed: &Printed, truncation: bool) -> Self {
        let [low, high] = if truncation { printed.widest() } else { printed.bounds(Rule::HalfUp).as_reals() };
        Self { low, high, steps: printed.steps() as f64 }
    }

    /// How far a value lies outside, in steps of the last printed digit.
    fn excess(&self, value: f64) -> f64 {
        let outside = (self.low - value).max(value - self.high).max(0.0) * self.steps;
        // Rounding errors of the value itself are no distance.
        if outside.is_nan() {
            f64::INFINITY
        } else if outside < 1e-9 {
            0.0
        } else {
            outside
        }
    }
}

impl Target {
    /// The fields of the pooled result that have a number; those of single studies are left to the check.
    pub fn new(printed: &Claim, truncation: bool) -> Self {
        let entries = printed.entries.iter().filter(|entry| entry.study.is_none());
        let wanted = entries.map(|entry| {
            let ranges = match &entry.printed {
                Figure::One(one) => vec![Range::new(one, truncation)],
                Figure::Two(pair) => {
                    vec![Range::new(&pair.lower, truncation), Range::new(&pair.upper, truncation)]
                }
            };
            (entry.field, ranges)
        });
        Self { wanted: wanted.collect() }
    }

    /// The range of the estimate and of the two limits, where all were printed.
    pub fn headline(&self) -> Option<[Range; 3]> {
        let of = |wanted: Field| {
            self.wanted.iter().find(|(field, _)| *field == wanted).map(|(_, ranges)| ranges.as_slice())
        };
        match (of(Field::Estimate)?, of(Field::Ci)?) {
            ([estimate], [lower, upper]) => Some([*estimate, *lower, *upper]),
            _ => None,
        }
    }

    /// The sum of the distances of all fields, in steps of their last printed digits; 0 where all hold.
    pub fn distance(&self, source: &dyn Source) -> f64 {
        self.wanted.iter().map(|(field, ranges)| distance(*field, ranges, source)).sum()
    }
}

/// How far the nearest value lies that the field can have: as it is shown, or before it is clipped.
fn distance(field: Field, ranges: &[Range], source: &dyn Source) -> f64 {
    if !is_searched(field) {
        return 0.0;
    }
    let candidates = candidates(field, None, source).unwrap_or_default();
    let distances = candidates.iter().map(|candidate| match (candidate.value, ranges) {
        (Value::Limits([low, high]), [lower, upper]) => lower.excess(low) + upper.excess(high),
        (value, [range]) => value.number().map_or(f64::INFINITY, |value| range.excess(value / unit(field))),
        _ => f64::INFINITY,
    });
    distances.fold(f64::INFINITY, f64::min)
}

/// The fields that the counts decide and that are searched; k and total are held by construction, and the others
/// by the claim check.
const fn is_searched(field: Field) -> bool {
    matches!(
        field,
        Field::Estimate
            | Field::Ci
            | Field::Tau2
            | Field::Tau
            | Field::Q
            | Field::P
            | Field::I2
            | Field::H2
            | Field::Events
            | Field::Percent
    )
}

/// I² is in percent where the printed range is a fraction.
const fn unit(field: Field) -> f64 {
    if matches!(field, Field::I2) { 100.0 } else { 1.0 }
}
