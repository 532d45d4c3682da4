//! The ranges of the tables that were found.

use serde::Serialize;

use super::table::JointRow;
use crate::MetaAnalysis;

/// Over all tables that were found, the ranges of what the printed figures of both outcomes leave open.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JointRanges {
    /// The number of studies that were made up.
    pub unknown_rows: [u64; 2],
    /// Their people together.
    pub unknown_total: [u64; 2],
    /// The people of the whole table with neither outcome.
    pub neither: [u64; 2],
    /// What is of one outcome alone, in their order.
    pub outcomes: [OutcomeRanges; 2],
}

/// The ranges of one outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutcomeRanges {
    /// The events of the whole table.
    pub events: [u64; 2],
    /// I² in percent.
    pub i2: Option<[f64; 2]>,
    /// Cochran's Q.
    pub q: Option<[f64; 2]>,
}

impl OutcomeRanges {
    fn of_table(rows: &[JointRow], outcome: usize, result: &MetaAnalysis) -> Self {
        let heterogeneity = &result.heterogeneity;
        Self {
            events: [rows.iter().map(|row| row.of(outcome)).sum(); 2],
            i2: heterogeneity.i2.map(|i2| [i2.estimate; 2]),
            q: heterogeneity.cochran.map(|test| [test.statistic; 2]),
        }
    }

    fn widened(&self, other: &Self) -> Self {
        let both = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| {
            a.zip(b).map(|(a, b)| [a[0].min(b[0]), a[1].max(b[1])])
        };
        Self {
            events: widest(self.events, other.events),
            i2: both(self.i2, other.i2),
            q: both(self.q, other.q),
        }
    }
}

impl JointRanges {
    /// Of one table.
    pub(super) fn of_table(rows: &[JointRow], results: &[MetaAnalysis; 2]) -> Self {
        let unknown = || rows.iter().filter(|row| !row.known);
        let neither = rows.iter().map(|row| row.total - row.events - row.also_events).sum();
        Self {
            unknown_rows: [unknown().count() as u64; 2],
            unknown_total: [unknown().map(|row| row.total).sum(); 2],
            neither: [neither; 2],
            outcomes: [0, 1].map(|outcome| OutcomeRanges::of_table(rows, outcome, &results[outcome])),
        }
    }

    /// Widened to another table.
    pub(super) fn widened(self, other: &Self) -> Self {
        Self {
            unknown_rows: widest(self.unknown_rows, other.unknown_rows),
            unknown_total: widest(self.unknown_total, other.unknown_total),
            neither: widest(self.neither, other.neither),
            outcomes: [0, 1].map(|outcome| self.outcomes[outcome].widened(&other.outcomes[outcome])),
        }
    }
}

fn widest(a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}
