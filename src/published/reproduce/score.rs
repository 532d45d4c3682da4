//! How well a result agrees with the printed figures.

use std::cmp::Ordering;

use super::misprint::{self, Misprint, MisprintKind};
use super::prior;
use crate::model::Value;
use crate::options::Level;
use crate::printed::Printed;
use crate::published::claim::compare::verdict;
use crate::published::claim::field_values::{Candidates, FieldValues, candidates};
use crate::published::claim::{Claim, Entry, Figure, Verdict};

/// The rank of a result. Of those that explain every figure, by what they give or as a misprint, the one that was more
/// likely before comes first. Of the others, more fields that hold first, then fewer of them with cut digits, a more
/// likely edit of the data, and a smaller distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// How many printed fields hold.
    pub hold: usize,
    /// How many of them hold by one rounding.
    rounded: usize,
    /// Whether a figure was misprinted.
    pub is_misprinted: bool,
    /// Whether every field holds or was misprinted.
    pub is_complete: bool,
    /// Minus the logarithm of the prior share of the edit of the data; 0 as they were read.
    edit_cost: f64,
    /// The same of specification, edit, misprint and roundings together.
    pub cost: f64,
    /// The largest distance of a field that does not hold, in steps of its last printed digit.
    pub distance: f64,
}

impl Score {
    /// `edit_cost` is that of the data variant; a misprint is looked for with the data as they were read alone. `level`
    /// is the one that was given for the printed intervals.
    pub fn new(result: &dyn FieldValues, printed: &Claim, edit_cost: f64, level: Option<Level>) -> Self {
        let entries = &printed.entries;
        let verdicts: Vec<Verdict> = entries.iter().map(|entry| best_verdict(entry, result)).collect();
        let has = |verdict: Verdict| verdicts.contains(&verdict);
        let hold = verdicts.iter().filter(|verdict| verdict.holds()).count();
        let misprints = if edit_cost == 0.0 {
            misprint::misprints(printed, &verdicts, result, level)
        } else {
            Vec::new()
        };
        let of_other_level = level.is_some_and(|level| level != result.spec().level);
        let limits = if of_other_level { misprint::limits(printed) } else { 0 };
        let roundings = if has(Verdict::HoldsTruncated) { prior::TRUNCATED } else { 0.0 }
            + if has(Verdict::HoldsRoundedTwice) { prior::ROUNDED_TWICE } else { 0.0 };
        let is_complete = if misprints.is_empty() {
            hold == entries.len() && !of_other_level
        } else {
            of_other_level || hold + misprints.len() == entries.len()
        };
        let wrong = entries.iter().zip(&verdicts).filter(|(_, verdict)| !verdict.holds());
        Self {
            hold: hold - limits.min(hold),
            rounded: verdicts.iter().filter(|verdict| **verdict == Verdict::Holds).count(),
            is_misprinted: !misprints.is_empty(),
            is_complete,
            edit_cost,
            cost: prior::of_specification(result.spec(), result.computation())
                + edit_cost
                + roundings
                + cost_of(&misprints, printed),
            distance: if is_complete {
                0.0
            } else {
                wrong.map(|(entry, _)| distance(entry, result)).fold(0.0, f64::max)
            },
        }
    }

    /// `Less` where this score is better.
    pub fn order(&self, other: &Self) -> Ordering {
        let complete = other.is_complete.cmp(&self.is_complete);
        if self.is_complete && other.is_complete {
            return self.cost.total_cmp(&other.cost);
        }
        let by_hold = other.hold.cmp(&self.hold).then(other.rounded.cmp(&self.rounded));
        let by_edit = self.edit_cost.total_cmp(&other.edit_cost);
        complete.then(by_hold).then(by_edit).then(self.distance.total_cmp(&other.distance))
    }
}

/// Of all misprints together: two exchanged figures, or one wrong unit, are one slip.
fn cost_of(misprints: &[Misprint], printed: &Claim) -> f64 {
    let kind: Option<MisprintKind> = misprints.first().map(|misprint| misprint.kind);
    kind.map_or(0.0, |kind| prior::of_misprint(kind, misprint::digits_printed(printed)))
}

/// The misprints of a result with the data as they were read.
pub(super) fn misprints(result: &dyn FieldValues, printed: &Claim, level: Option<Level>) -> Vec<Misprint> {
    let verdicts: Vec<Verdict> = printed.entries.iter().map(|entry| best_verdict(entry, result)).collect();
    misprint::misprints(printed, &verdicts, result, level)
}

fn best_verdict(entry: &Entry, result: &dyn FieldValues) -> Verdict {
    let candidates = candidates(entry.field, entry.study.as_deref(), result).unwrap_or_default();
    let verdicts = candidates.iter().map(|candidate| verdict(entry.field, &entry.printed, candidate.value));
    verdicts.min_by_key(|verdict| verdict.order()).unwrap_or(Verdict::NotCheckable)
}

/// The distance of the first candidate from the printed number, in steps of its last digit; infinite where
/// there is no value.
fn distance(entry: &Entry, result: &dyn FieldValues) -> f64 {
    let candidates: Candidates = candidates(entry.field, entry.study.as_deref(), result).unwrap_or_default();
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
