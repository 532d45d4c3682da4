//! How well a result agrees with the printed figures.

use std::cmp::Ordering;

use crate::model::Value;
use crate::printed::Printed;
use crate::published::claim::compare::verdict;
use crate::published::claim::field_values::{Candidates, FieldValues, candidates};
use crate::published::claim::{Claim, Entry, Figure, Verdict};

/// The rank of a result: more fields that hold first, then fewer of them with cut digits, a smaller cost of
/// the edits, and a smaller distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// How many printed fields hold, by rounding or where digits are cut off.
    pub hold: usize,
    /// How many of them hold by rounding.
    pub rounded: usize,
    /// The cost of the edits of the data; 0 as they were read.
    pub cost: u32,
    /// The largest distance of a field that does not hold, in steps of its last printed digit.
    pub distance: f64,
}

impl Score {
    pub fn new(result: &dyn FieldValues, printed: &Claim, cost: u32) -> Self {
        let mut score = Self { hold: 0, rounded: 0, cost, distance: 0.0 };
        for entry in &printed.entries {
            let candidates = candidates(entry.field, entry.study.as_deref(), result).unwrap_or_default();
            match best_verdict(entry, &candidates) {
                Verdict::Holds => {
                    score.hold += 1;
                    score.rounded += 1;
                }
                Verdict::HoldsTruncated => score.hold += 1,
                Verdict::Fails | Verdict::NotCheckable => {
                    score.distance = score.distance.max(distance(entry, &candidates))
                }
            }
        }
        score
    }

    /// `Less` where this score is better.
    pub fn order(&self, other: &Self) -> Ordering {
        let by_hold = other.hold.cmp(&self.hold).then(other.rounded.cmp(&self.rounded));
        by_hold.then(self.cost.cmp(&other.cost)).then(self.distance.total_cmp(&other.distance))
    }
}

fn best_verdict(entry: &Entry, candidates: &Candidates) -> Verdict {
    let verdicts = candidates.iter().map(|candidate| verdict(entry.field, &entry.printed, candidate.value));
    verdicts.fold(Verdict::NotCheckable, |best, next| match (best, next) {
        (Verdict::Holds, _) | (_, Verdict::Holds) => Verdict::Holds,
        (Verdict::HoldsTruncated, _) | (_, Verdict::HoldsTruncated) => Verdict::HoldsTruncated,
        (_, next) => next,
    })
}

/// The distance of the first candidate from the printed number, in steps of its last digit; infinite where
/// there is no value.
fn distance(entry: &Entry, candidates: &Candidates) -> f64 {
    let in_steps = |printed: &Printed, value: f64| {
        (value / entry.field.divisor() - printed.value().to_real()).abs() * printed.steps() as f64
    };
    let Some(first) = candidates.iter().next() else { return f64::INFINITY };
    let steps = match (&entry.printed, first.value) {
        (Figure::One(printed), Value::Number(value)) => in_steps(printed, value),
        (Figure::Two(pair), Value::Limits([low, high])) => {
            in_steps(&pair.lower, low).max(in_steps(&pair.upper, high))
        }
        _ => f64::INFINITY,
    };
    if steps.is_nan() { f64::INFINITY } else { steps }
}
