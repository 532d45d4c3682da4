//! What the tables found have in common.

use serde::Serialize;

use super::puzzle::{Known, Plan};
use super::table::Table;
use crate::MetaAnalysis;

/// A range over tables: the least and the most.
type Range<N> = [N; 2];

/// What was found so far.
pub(super) struct Gathered {
    /// How many tables were looked at.
    pub seen: u64,
    /// How many different ones fit.
    pub found: u64,
    /// The first of them.
    pub tables: Vec<Table>,
    /// The nearest of the others.
    pub nearest: Option<(f64, Table)>,
    pub summary: Option<Summary>,
    list: usize,
}

/// Over all tables that were found: the ranges of what the printed figures leave open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// How many rows are not known.
    pub unknown_rows: Range<u64>,
    /// How many people they have together.
    pub unknown_total: Range<u64>,
    /// How many events they have together.
    pub unknown_events: Range<u64>,
    /// The events of the whole table.
    pub events: Range<u64>,
    /// The largest unknown row's people; absent where every row is known.
    pub largest_unknown: Option<Range<u64>>,
    /// The pooled proportion, a fraction.
    pub estimate: Range<f64>,
    /// The between-study variance.
    pub tau2: Option<Range<f64>>,
    /// I² in percent.
    pub i2: Option<Range<f64>>,
    /// Cochran's Q.
    pub q: Range<f64>,
    /// In how many tables each reading of each known row stands.
    pub known: Vec<KnownRow>,
}

/// A reading of a known row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownRow {
    /// The study.
    pub study: String,
    /// Its events.
    pub events: u64,
    /// Its people.
    pub total: u64,
    /// In how many of the tables found it stands.
    pub tables: u64,
}

impl Gathered {
    pub fn new(plan: &Plan<'_>) -> Self {
        Self { seen: 0, found: 0, tables: Vec::new(), nearest: None, summary: None, list: plan.puzzle.list }
    }

    /// A table that was looked at: kept if a full analysis confirms that it fits, else if it is the nearest.
    pub fn consider(&mut self, plan: &Plan<'_>, table: Table, distance: f64) {
        match if distance == 0.0 { table.verified(plan) } else { None } {
            Some(outcome) => self.add(plan, table, &outcome),
            None => self.near(distance, table),
        }
    }

    fn add(&mut self, plan: &Plan<'_>, table: Table, outcome: &MetaAnalysis) {
        let one = Summary::of(plan, &table, outcome);
        self.found += 1;
        self.summary = Some(self.summary.take().map_or_else(|| one.clone(), |all| all.with(&one)));
        if self.tables.len() < self.list {
            self.tables.push(table);
        }
    }

    fn near(&mut self, distance: f64, table: Table) {
        if self.nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            self.nearest = Some((distance, table));
        }
    }

    /// With what another part of the space holds.
    pub fn join(&mut self, other: Self) {
        self.seen += other.seen;
        self.found += other.found;
        let room = self.list.saturating_sub(self.tables.len());
        self.tables.extend(other.tables.into_iter().take(room));
        if let Some((distance, table)) = other.nearest {
            self.near(distance, table);
        }
        self.summary = match (self.summary.take(), other.summary) {
            (Some(all), Some(more)) => Some(all.with(&more)),
            (all, more) => all.or(more),
        };
    }
}

impl Summary {
    fn of(plan: &Plan<'_>, table: &Table, outcome: &MetaAnalysis) -> Self {
        let sum = |of: fn(&(u64, u64)) -> u64| table.unknown.iter().map(of).sum::<u64>();
        let (rows, total, events) = (table.unknown.len() as u64, sum(|row| row.0), sum(|row| row.1));
        let all_events = table.counts(plan).iter().map(|counts| counts.events()).sum();
        let h = &outcome.heterogeneity;
        let random = outcome.random.is_some();
        Self {
            unknown_rows: [rows; 2],
            unknown_total: [total; 2],
            unknown_events: [events; 2],
            events: [all_events; 2],
            largest_unknown: table.unknown.first().map(|row| [row.0; 2]),
            estimate: [outcome.pooled().estimate; 2],
            tau2: h.tau2.filter(|_| random).map(|tau2| [tau2.estimate; 2]),
            i2: h.i2.map(|i2| [i2.estimate; 2]),
            // Only models with inverse-variance weights are searched, and they have a Q.
            q: [h.cochran.map_or(0.0, |test| test.statistic); 2],
            known: known_rows(&plan.puzzle.known, table),
        }
    }

    fn with(self, other: &Self) -> Self {
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
            known: known.map(|(row, other)| KnownRow { tables: row.tables + other.tables, ..row }).collect(),
        }
    }
}

fn known_rows(known: &[Known], table: &Table) -> Vec<KnownRow> {
    let rows = known.iter().zip(&table.selection.0).flat_map(|(row, choice)| {
        row.readings.iter().enumerate().map(|(reading, counts)| KnownRow {
            study: row.study.clone(),
            events: counts.events(),
            total: counts.total(),
            tables: u64::from(*choice == Some(reading)),
        })
    });
    rows.collect()
}
