//! Which outcome a result is about.

use serde::Serialize;

use super::outcome::ScanOutcome;
use crate::analysis::MetaAnalysis;
use crate::model::Value;
use crate::published::claim::compare::verdict;
use crate::published::claim::field_values::{Candidates, candidates};
use crate::published::claim::{Claim, Entry, Field};

/// How it was told which outcome a result is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum About {
    /// By its estimate and its limits.
    Figures,
    /// By the words around it.
    Name,
    /// By its numbers of studies and people.
    Size,
}

/// The fields by which a result is known.
const MAIN: [Field; 3] = [Field::Estimate, Field::Lower, Field::Upper];

/// How far the figures of a claim are those of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Likeness {
    /// How many of estimate and limits are printed, and how many of them are its own.
    main: usize,
    holds: usize,
    /// How many of those are no limit at 0 or 1, which many outcomes have.
    telling: usize,
    fails: usize,
    /// How many of all printed figures are not.
    pub all_fails: usize,
    /// Whether the numbers of studies and people are both printed and its own, and whether the first is.
    pub same_size: bool,
    pub same_k: bool,
}

impl Likeness {
    /// Of the values of an outcome.
    pub fn of(claim: &Claim, result: &MetaAnalysis) -> Self {
        Self::by(claim, |entry| gives(entry, result))
    }

    /// Of whatever `gives` a printed figure or not; `None` where it has no value for it.
    pub fn by(claim: &Claim, gives: impl Fn(&Entry) -> Option<bool>) -> Self {
        let main = || claim.entries.iter().filter(|entry| MAIN.contains(&entry.field));
        let holds = || main().filter(|entry| gives(entry) == Some(true));
        let same = |field| {
            let found = claim.entries.iter().find(|entry| entry.field == field);
            found.is_some_and(|entry| gives(entry) == Some(true))
        };
        Self {
            main: main().count(),
            holds: holds().count(),
            telling: holds().filter(|entry| !is_end(entry)).count(),
            fails: main().filter(|entry| gives(entry) == Some(false)).count(),
            all_fails: claim.entries.iter().filter(|entry| gives(entry) == Some(false)).count(),
            same_size: same(Field::K) && same(Field::Total),
            same_k: same(Field::K),
        }
    }

    /// Whether all main figures are its own.
    pub fn is_whole(self) -> bool {
        self.fails == 0 && self.telling >= 1
    }

    /// Whether all main figures but one are its own.
    pub fn is_near(self) -> bool {
        self.fails == 1 && self.telling >= 2
    }

    /// Whether estimate and both limits are printed, and so many of the three are its own.
    pub fn has_of_three(self, own: usize) -> bool {
        (self.holds, self.main) == (own, 3)
    }
}

/// Whether a value of the outcome gives the printed digits; `None` where it has none.
fn gives(entry: &Entry, result: &MetaAnalysis) -> Option<bool> {
    let values = candidates(entry.field, None, result).ok()?;
    entry.printed.one().is_none_or(|printed| printed.is_exact()).then_some(())?;
    Some(is_among(entry, &values))
}

/// Whether one of these values gives the printed digits.
pub(super) fn is_among(entry: &Entry, values: &Candidates) -> bool {
    values.iter().any(|candidate| verdict(entry.field, &entry.printed, candidate.value).holds())
}

/// Whether a limit is printed as 0 or 1.
fn is_end(entry: &Entry) -> bool {
    entry.field != Field::Estimate
        && entry.printed.one().is_some_and(|printed| {
            let mantissa = printed.as_proportion().mantissa().unsigned_abs();
            mantissa == 0 || mantissa == printed.as_proportion().steps()
        })
}

/// The claim as it is compared with an outcome: on its scale, or as an estimate that is no proportion.
pub(super) fn as_of(claim: &Claim, outcome: &ScanOutcome<'_>) -> Claim {
    match outcome.scale {
        _ if !outcome.result.scale.is_proportion() => claim.of_estimates(),
        Some(scale) => claim.on_scale(scale),
        None => claim.clone(),
    }
}

/// How far an estimate lies from that of an outcome.
pub(super) fn distance(claim: &Claim, result: &MetaAnalysis) -> Option<f64> {
    let printed = claim.one(Field::Estimate)?;
    match result.get(Field::Estimate.statistic()?)? {
        Value::Number(value) => Some((printed.value().to_real() - value).abs()),
        _ => None,
    }
}
