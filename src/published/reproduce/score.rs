//! How well a fit agrees with what was printed.

use std::cmp::Ordering;

use crate::model::Value;
use crate::printed::Printed;
use crate::published::claim::compare::{Candidate, verdict};
use crate::published::claim::recomputed::{Source, candidates};
use crate::published::claim::{Claim, Entry, Field, Figure, Verdict};

/// The rank of a fit: more fields first, then fewer cut digits, a smaller edit, a smaller distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// How many printed fields hold, by rounding or by cutting digits off.
    pub hold: usize,
    /// How many of them hold by rounding.
    pub rounded: usize,
    /// How large the edit of the data is; 0 as they were read.
    pub cost: u32,
    /// The largest distance of a field that does not hold, in steps of its last printed digit.
    pub distance: f64,
}

impl Score {
    pub fn of(source: &dyn Source, printed: &Claim, cost: u32) -> Self {
        let mut score = Self { hold: 0, rounded: 0, cost, distance: 0.0 };
        for entry in &printed.entries {
            let candidates = candidates(entry.field, entry.study.as_deref(), source).unwrap_or_default();
            match best(entry, &candidates) {
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

    /// Better first.
    pub fn order(&self, other: &Self) -> Ordering {
        let by_hold = other.hold.cmp(&self.hold).then(other.rounded.cmp(&self.rounded));
        by_hold.then(self.cost.cmp(&other.cost)).then(self.distance.total_cmp(&other.distance))
    }
}

/// Values are in percent where the field is I².
pub(super) const fn is_percent(field: Field) -> bool {
    matches!(field, Field::I2 | Field::I2Ci)
}

fn best(entry: &Entry, candidates: &[Candidate]) -> Verdict {
    let verdicts =
        candidates.iter().map(|candidate| verdict(&entry.printed, candidate.value, is_percent(entry.field)));
    verdicts.fold(Verdict::NotCheckable, |best, next| match (best, next) {
        (Verdict::Holds, _) | (_, Verdict::Holds) => Verdict::Holds,
        (Verdict::HoldsTruncated, _) | (_, Verdict::HoldsTruncated) => Verdict::HoldsTruncated,
        (_, next) => next,
    })
}

/// How many steps of the last printed digit lie between; infinite where there is no value.
fn distance(entry: &Entry, candidates: &[Candidate]) -> f64 {
    let scale = if is_percent(entry.field) { 100.0 } else { 1.0 };
    let apart = |printed: &Printed, value: f64| {
        (value / scale - printed.value().to_real()).abs() * printed.steps() as f64
    };
    let Some(first) = candidates.first() else { return f64::INFINITY };
    let steps = match (&entry.printed, first.value) {
        (Figure::One(printed), Value::Number(value)) => apart(printed, value),
        (Figure::Two(pair), Value::Limits([low, high])) => {
            apart(&pair.lower, low).max(apart(&pair.upper, high))
        }
        _ => f64::INFINITY,
    };
    if steps.is_nan() { f64::INFINITY } else { steps }
}
