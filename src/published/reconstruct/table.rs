//! A count table: known rows and unknown ones.

use serde::Serialize;

use super::query::PreparedQuery;
use super::selection::Selection;
use crate::MetaAnalysis;
use crate::analysis::Statistic;
use crate::data::{Counts, Study};
use crate::model::{HeterogeneityField, SummaryField, Value};
use crate::options::Model;
use crate::published::search::verified;

/// A table: the selected known rows, and the unknown ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Table {
    pub selection: Selection,
    /// (total, events) of the unknown rows in descending order: they have no names, so each table has one
    /// order.
    pub unknown: Vec<(u64, u64)>,
}

/// A row of a reconstructed table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReconstructedRow {
    /// The study's name; unknown rows are numbered.
    pub study: String,
    /// Events.
    pub events: u64,
    /// People.
    pub total: u64,
    /// Whether the row was known; the others were made up to fit.
    pub known: bool,
    /// What the row is, in words, so that a made-up row is not mistaken for data.
    pub origin: &'static str,
}

/// How many studies and people a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TableSize {
    /// The number of studies.
    pub k: u64,
    /// The number of people.
    pub total: u64,
}

impl TableSize {
    /// Of these rows.
    pub(super) fn of(rows: &[ReconstructedRow]) -> Self {
        Self { k: rows.len() as u64, total: rows.iter().map(|row| row.total).sum() }
    }
}

const KNOWN: &str = "known row of a reconstructed table";
const MADE_UP: &str = "reconstruction: consistent with the printed figures, not data";

/// The table whose figures come nearest to the printed ones, with what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NearestTable {
    /// The sum of the distances of all printed fields, in steps of their last digits; infinite (in a document null)
    /// where the table does not give one of them.
    pub distance: f64,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance on the analysis scale; `None` for the common-effect model.
    pub tau2: Option<f64>,
    /// I² in percent.
    pub i2: Option<f64>,
    /// The rows.
    pub rows: Vec<ReconstructedRow>,
}

impl Table {
    /// With the unknown rows in descending order.
    pub fn new(selection: Selection, unknown: impl IntoIterator<Item = Counts>) -> Self {
        let mut unknown: Vec<_> =
            unknown.into_iter().map(|counts| (counts.total(), counts.events())).collect();
        unknown.sort_unstable_by(|a, b| b.cmp(a));
        Self { selection, unknown }
    }

    /// The rows, the known ones first.
    pub fn rows(&self, query: &PreparedQuery<'_>) -> Vec<ReconstructedRow> {
        let known = self.selection.rows(&query.query.known);
        let known = known.map(|(study, counts)| ReconstructedRow {
            study: study.to_string(),
            events: counts.events(),
            total: counts.total(),
            known: true,
            origin: KNOWN,
        });
        let unknown = self.unknown.iter().zip(1..).map(|(&(total, events), number)| {
            let study = format!("reconstructed {number}");
            ReconstructedRow { study, events, total, known: false, origin: MADE_UP }
        });
        known.chain(unknown).collect()
    }

    /// The counts of the rows, the known ones first.
    pub fn counts(&self, query: &PreparedQuery<'_>) -> Vec<Counts> {
        let known = self.selection.rows(&query.query.known).map(|(_, counts)| counts);
        known.chain(self.unknown.iter().filter_map(|&(total, events)| Counts::new(events, total))).collect()
    }

    /// The analysis of the table, if the claim check confirms that it gives the printed figures.
    pub fn verified(&self, query: &PreparedQuery<'_>) -> Option<MetaAnalysis> {
        let rows = self.rows(query).into_iter().zip(1..);
        let studies = rows.map(|(row, line)| {
            Some(Study { name: row.study.into(), line, counts: Counts::new(row.events, row.total)? })
        });
        let query = query.query;
        verified(studies.collect::<Option<_>>()?, query.spec, query.printed, query.truncation)
    }

    /// The table with its figures and its distance from the printed ones.
    pub fn nearest(&self, query: &PreparedQuery<'_>) -> Option<NearestTable> {
        let counts = self.counts(query);
        let result = query.evaluator.evaluate(&counts)?;
        let number = |statistic: Statistic| statistic.of(&result).and_then(Value::number);
        let tau2 = number(Statistic::Heterogeneity(HeterogeneityField::Tau2));
        Some(NearestTable {
            distance: query.target.distance(&result),
            estimate: number(Statistic::Pooled(SummaryField::Estimate))?,
            lower: number(Statistic::Pooled(SummaryField::Lower)),
            upper: number(Statistic::Pooled(SummaryField::Upper)),
            tau2: tau2.filter(|_| query.query.spec.model != Model::Common),
            i2: number(Statistic::Heterogeneity(HeterogeneityField::I2)),
            rows: self.rows(query),
        })
    }
}
