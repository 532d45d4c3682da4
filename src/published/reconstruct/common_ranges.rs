//! The ranges of the tables that were found.

use serde::Serialize;

use super::KnownRow;
use super::query::PreparedQuery;
use super::table::Table;
use crate::MetaAnalysis;

/// The least and the largest value over tables.
type Range<N> = [N; 2];

/// Over all tables that were found, the ranges of what the printed figures leave open.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CommonRanges {
    /// The number of unknown rows.
    pub unknown_rows: Range<u64>,
    /// Their people together.
    pub unknown_total: Range<u64>,
    /// Their events together.
    pub unknown_events: Range<u64>,
    /// The events of the whole table.
    pub events: Range<u64>,
    /// The people of the largest unknown row; `None` where every row is known.
    pub largest_unknown: Option<Range<u64>>,
    /// The pooled proportion, a fraction.
    pub estimate: Range<f64>,
    /// The between-study variance on the analysis scale; `None` for the common-effect model.
    pub tau2: Option<Range<f64>>,
    /// I² in percent.
    pub i2: Option<Range<f64>>,
    /// Cochran's Q.
    pub q: Range<f64>,
    /// How many tables have each reading of each known row.
    pub known: Vec<KnownRowCount>,
}

/// How many tables have a reading of a known row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KnownRowCount {
    /// The study.
    pub study: String,
    /// The events of the reading.
    pub events: u64,
    /// Its people.
    pub total: u64,
    /// How many of the tables found have it.
    pub tables: u64,
}

impl CommonRanges {
    /// Of one table.
    pub(super) fn of_table(query: &PreparedQuery<'_>, table: &Table, result: &MetaAnalysis) -> Self {
        let (unknown_total, unknown_events) =
            table.unknown.iter().fold((0, 0), |(people, events), row| (people + row.0, events + row.1));
        let events = table.counts(query).iter().map(|counts| counts.events()).sum();
        let heterogeneity = &result.heterogeneity;
        let random = result.random.is_some();
        Self {
            unknown_rows: [table.unknown.len() as u64; 2],
            unknown_total: [unknown_total; 2],
            unknown_events: [unknown_events; 2],
            events: [events; 2],
            largest_unknown: table.unknown.first().map(|row| [row.0; 2]),
            estimate: [result.pooled().estimate; 2],
            tau2: heterogeneity.tau2.filter(|_| random).map(|tau2| [tau2.estimate; 2]),
            i2: heterogeneity.i2.map(|i2| [i2.estimate; 2]),
            // Only models with inverse-variance weights are searched, and they have a Q.
            q: [heterogeneity.cochran.map_or(0.0, |test| test.statistic); 2],
            known: readings(&query.query.known, table),
        }
    }

    /// Widened to another table, or to the tables of another part of the search.
    pub(super) fn widened(self, other: &Self) -> Self {
        let counts = |a: Range<u64>, b: Range<u64>| [a[0].min(b[0]), a[1].max(b[1])];
        let reals = |a: Range<f64>, b: Range<f64>| [a[0].min(b[0]), a[1].max(b[1])];
        let both = |a: Option<Range<f64>>, b: Option<Range<f64>>| a.zip(b).map(|(a, b)| reals(a, b));
        let known = self.known.into_iter().zip(&other.known);
        Self {
            unknown_rows: counts(self.unknown_rows, other.unknown_rows),
            unknown_total: counts(self.unknown_total, other.unknown_total),
            unknown_events: counts(self.unknown_events, other.unknown_events),
            events: counts(self.events, other.events),
            largest_unknown: match (self.largest_unknown, other.largest_unknown) {
                (Some(a), Some(b)) => Some(counts(a, b)),
                (a, b) => a.or(b),
            },
            estimate: reals(self.estimate, other.estimate),
            tau2: both(self.tau2, other.tau2),
            i2: both(self.i2, other.i2),
            q: reals(self.q, other.q),
            known: known
                .map(|(row, other)| KnownRowCount { tables: row.tables + other.tables, ..row })
                .collect(),
        }
    }
}

/// Every reading of every known row, and whether the table has it.
fn readings(known: &[KnownRow], table: &Table) -> Vec<KnownRowCount> {
    let rows = known.iter().zip(&table.selection.0).flat_map(|(row, choice)| {
        row.readings.iter().enumerate().map(|(reading, counts)| KnownRowCount {
            study: row.study.clone(),
            events: counts.events(),
            total: counts.total(),
            tables: u64::from(*choice == Some(reading)),
        })
    });
    rows.collect()
}
