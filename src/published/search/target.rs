//! The printed fields as ranges, and the distance of a result from them.

use crate::model::Value;
use crate::printed::{Printed, Rule};
use crate::published::claim::field_values::{FieldValues, candidates};
use crate::published::claim::{Claim, Field, Figure};

/// The ranges of the printed fields of the pooled result, in the order of the claim.
#[derive(Debug, Clone)]
pub(in crate::published) struct Target {
    fields: Vec<(Field, Vec<PrintedRange>)>,
}

/// The values that give the printed digits.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct PrintedRange {
    pub low: f64,
    pub high: f64,
    /// How many steps of the last printed digit make 1.
    steps: f64,
}

impl PrintedRange {
    /// Both ends belong to the range although one may be open: the claim check decides about them. With
    /// `truncation` the values whose digits are cut off belong to it too.
    pub fn new(printed: &Printed, truncation: bool) -> Self {
        let [low, high] = if truncation { printed.widest() } else { printed.bounds(Rule::HalfUp).as_reals() };
        Self { low, high, steps: printed.steps() as f64 }
    }

    /// The distance of a value outside the range, in steps of the last printed digit; 0 inside.
    fn excess(&self, value: f64) -> f64 {
        let outside = (self.low - value).max(value - self.high).max(0.0) * self.steps;
        // What rounding errors of the value can make.
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
    /// Fields of single studies are left to the claim check.
    pub fn new(printed: &Claim, truncation: bool) -> Self {
        let entries = printed.entries.iter().filter(|entry| entry.study.is_none());
        let fields = entries.map(|entry| {
            let ranges = match &entry.printed {
                Figure::One(one) => vec![PrintedRange::new(one, truncation)],
                Figure::Two(pair) => {
                    vec![
                        PrintedRange::new(&pair.lower, truncation),
                        PrintedRange::new(&pair.upper, truncation),
                    ]
                }
            };
            (entry.field, ranges)
        });
        Self { fields: fields.collect() }
    }

    /// The ranges of the estimate, the lower and the upper limit; `None` unless all were printed.
    pub fn estimate_and_limits(&self) -> Option<[PrintedRange; 3]> {
        let range = |wanted: Field| {
            self.fields
                .iter()
                .find(|(field, _)| *field == wanted)
                .and_then(|(_, ranges)| ranges.first().copied())
        };
        Some([range(Field::Estimate)?, range(Field::Lower)?, range(Field::Upper)?])
    }

    /// The sum of the distances of all fields, in steps of their last printed digits; 0 where all fit.
    pub fn distance(&self, result: &dyn FieldValues) -> f64 {
        self.fields.iter().map(|(field, ranges)| distance(*field, ranges, result)).sum()
    }
}

/// The distance of the nearest value that the field can have: as it is shown, or before it is clipped to [0,
/// 1].
fn distance(field: Field, ranges: &[PrintedRange], result: &dyn FieldValues) -> f64 {
    if !is_searched(field) {
        return 0.0;
    }
    let candidates = candidates(field, None, result).unwrap_or_default();
    let distances = candidates.iter().map(|candidate| match (candidate.value, ranges) {
        (Value::Limits([low, high]), [lower, upper]) => lower.excess(low) + upper.excess(high),
        (value, [range]) => {
            value.number().map_or(f64::INFINITY, |value| range.excess(value / field.divisor()))
        }
        _ => f64::INFINITY,
    });
    distances.fold(f64::INFINITY, f64::min)
}

/// Whether a field counts in the distance: k and total fit by construction, and the others are left to the
/// claim check.
const fn is_searched(field: Field) -> bool {
    matches!(
        field,
        Field::Estimate
            | Field::Lower
            | Field::Upper
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
