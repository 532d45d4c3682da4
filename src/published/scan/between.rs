//! The p-value of a test between subgroups, held against the tests of the outcomes.

use std::collections::HashSet;

use super::outcome::{ScanOutcome, words};
use super::part::{PartKind, ScannedPart};
use super::why::Why;
use crate::published::claim::compare::compare;
use crate::published::claim::field_values::Candidates;
use crate::published::claim::{Claim, Field, FieldVerdict};

/// A test between the levels of a column, with the verdict on a printed p-value.
pub(super) struct ComparedTest {
    /// The outcome, counted from 0.
    pub outcome: usize,
    pub part: ScannedPart,
    pub verdict: FieldVerdict,
    /// Whether the words name its column.
    is_named: bool,
}

/// Whether a claim is a p-value of a test between subgroups alone.
pub(super) fn is_between(claim: &Claim) -> bool {
    !claim.entries.is_empty() && claim.entries.iter().all(|entry| entry.field == Field::BetweenP)
}

/// The test that a p-value is of: among those whose column the words name, else among all, the one that gives it; where
/// none does, the only one.
pub(super) fn test_of(
    claim: &Claim,
    outcomes: &[ScanOutcome<'_>],
    named: Option<usize>,
    text: &HashSet<String>,
) -> Result<ComparedTest, Why> {
    let mut tests: Vec<ComparedTest> = outcomes
        .iter()
        .enumerate()
        .filter(|(index, _)| named.is_none_or(|named| named == *index))
        .flat_map(|(index, outcome)| compared(claim, index, outcome, text))
        .collect();
    if tests.iter().any(|test| test.is_named) {
        tests.retain(|test| test.is_named);
    }
    if let Some(holds) = tests.iter().position(|test| test.verdict.verdict.holds()) {
        return Ok(tests.swap_remove(holds));
    }
    match tests.len() {
        0 => Err(Why::NoTestBetween),
        1 => Ok(tests.remove(0)),
        several => Err(Why::SeveralTests(several)),
    }
}

fn compared(
    claim: &Claim,
    index: usize,
    outcome: &ScanOutcome<'_>,
    text: &HashSet<String>,
) -> Vec<ComparedTest> {
    let one = |subgroups: &crate::analysis::Subgroups| {
        let entry = claim.entries.first()?;
        let p = subgroups.between.as_ref()?.p;
        let column = words(&subgroups.column);
        Some(ComparedTest {
            outcome: index,
            is_named: !column.is_empty() && column.iter().all(|word| text.contains(word)),
            part: ScannedPart {
                kind: PartKind::Test,
                name: subgroups.column.clone(),
                column: Some(subgroups.column.clone()),
            },
            verdict: compare(entry, &Candidates::of_number(p)),
        })
    };
    outcome.result.subgroups().iter().filter_map(one).collect()
}
