//! The printed fields as ranges, and how far a table is from them.

use super::Values;
use crate::options::Spec;
use crate::printed::{Printed, Rule};
use crate::published::claim::recomputed::unclipped;
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
    pub fn distance(&self, values: &Values, spec: &Spec) -> f64 {
        self.wanted.iter().map(|(field, ranges)| distance(*field, ranges, values, spec)).sum()
    }
}

fn distance(field: Field, ranges: &[Range], values: &Values, spec: &Spec) -> f64 {
    let one = |value: Option<f64>| match (value, ranges) {
        (Some(value), [range]) => range.excess(value),
        _ => f64::INFINITY,
    };
    match field {
        Field::Estimate => {
            one(Some(values.estimate())).min(one(Some(unclipped(&values.transform, values.y))))
        }
        Field::Ci => limits(ranges, values),
        Field::Tau2 => one(Some(values.tau2)),
        Field::Tau => one(Some(values.tau2.sqrt())),
        Field::Q => one(Some(values.common.q)),
        Field::P => one(Some(values.p())),
        Field::I2 => one(values.inconsistency(spec)[0].map(|percent| percent / 100.0)),
        Field::H2 => one(values.inconsistency(spec)[1]),
        Field::Events => one(Some(values.events as f64)),
        Field::Percent => one(Some(values.events as f64 / values.total as f64)),
        // k and total are held by construction, and the rest by the claim check.
        _ => 0.0,
    }
}

/// Cut to [0, 1] or not, as the claim check has it.
fn limits(ranges: &[Range], values: &Values) -> f64 {
    let (Some(cut), Some(ci_y), [lower, upper]) = (values.limits(), values.ci_y, ranges) else {
        return f64::INFINITY;
    };
    let of = |[low, high]: [f64; 2]| lower.excess(low) + upper.excess(high);
    of(cut).min(of(ci_y.map(|y| unclipped(&values.transform, y))))
}
