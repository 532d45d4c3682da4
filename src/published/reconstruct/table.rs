//! One table, and how it is told.

use serde::Serialize;

use super::puzzle::Plan;
use super::selection::Selection;
use crate::MetaAnalysis;
use crate::analysis::Statistic;
use crate::data::{Counts, Study};
use crate::model::{HeterogeneityField, SummaryField, Value};
use crate::options::Model;
use crate::published::search::{Evaluation, verified};

/// A table: the known rows that are in, and the unknown ones, the largest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Table {
    pub selection: Selection,
    /// (total, events), the largest first: rows that nothing tells apart have one order.
    pub unknown: Vec<(u64, u64)>,
}

/// A row of a reconstructed table, which says that it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The study's name; a row that is not known is numbered.
    pub study: String,
    /// Events.
    pub events: u64,
    /// People.
    pub total: u64,
    /// Whether the row was known; all others were made up to fit.
    pub known: bool,
    /// What the row is, in words: no row of a reconstruction is mistaken for data.
    pub origin: &'static str,
}

const SOURCED: &str = "known row of a reconstructed table";
const INVENTED: &str = "reconstruction: consistent with the printed figures, not data";

/// A table as it is told, with what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// The sum of the distances of all printed fields, in steps of their last digits; 0 where it fits.
    pub distance: f64,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance; `None` for the common-effect model.
    pub tau2: Option<f64>,
    /// I² in percent.
    pub i2: Option<f64>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// With the unknown rows in their one order.
    pub fn new(selection: Selection, unknown: impl IntoIterator<Item = Counts>) -> Self {
        let mut unknown: Vec<_> =
            unknown.into_iter().map(|counts| (counts.total(), counts.events())).collect();
        unknown.sort_unstable_by(|a, b| b.cmp(a));
        Self { selection, unknown }
    }

    /// Its rows, the known ones first.
    pub fn rows(&self, plan: &Plan<'_>) -> Vec<Row> {
        let known = self.selection.rows(&plan.puzzle.known);
        let known = known.map(|(study, counts)| Row {
            study: study.to_string(),
            events: counts.events(),
            total: counts.total(),
            known: true,
            origin: SOURCED,
        });
        let unknown = self.unknown.iter().zip(1..).map(|(&(total, events), number)| {
            let study = format!("reconstructed {number}");
            Row { study, events, total, known: false, origin: INVENTED }
        });
        known.chain(unknown).collect()
    }

    /// Its counts alone.
    pub fn counts(&self, plan: &Plan<'_>) -> Vec<Counts> {
        let known = self.selection.rows(&plan.puzzle.known).map(|(_, counts)| counts);
        known.chain(self.unknown.iter().filter_map(|&(total, events)| Counts::new(events, total))).collect()
    }

    /// The outcome, where a full analysis and the claim check confirm that it fits.
    pub fn verified(&self, plan: &Plan<'_>) -> Option<MetaAnalysis> {
        let rows = self.rows(plan).into_iter().zip(1..);
        let studies = rows.map(|(row, line)| {
            Some(Study { name: row.study.into(), line, counts: Counts::new(row.events, row.total)? })
        });
        verified(
            studies.collect::<Option<_>>()?,
            plan.puzzle.spec,
            plan.puzzle.printed,
            plan.puzzle.truncation,
        )
    }

    /// As it is told.
    pub fn told(&self, plan: &Plan<'_>) -> Option<Told> {
        let counts = self.counts(plan);
        let evaluation = plan.evaluator.of(&counts)?;
        let number = |statistic: Statistic| statistic.of(&evaluation).and_then(Value::number);
        let tau2 = number(Statistic::Heterogeneity(HeterogeneityField::Tau2));
        Some(Told {
            distance: plan.distance(&evaluation),
            estimate: number(Statistic::Pooled(SummaryField::Estimate))?,
            lower: number(Statistic::Pooled(SummaryField::Lower)),
            upper: number(Statistic::Pooled(SummaryField::Upper)),
            tau2: tau2.filter(|_| plan.puzzle.spec.model != Model::Common),
            i2: number(Statistic::Heterogeneity(HeterogeneityField::I2)),
            rows: self.rows(plan),
        })
    }
}

impl Plan<'_> {
    /// How far a table's values are from what was printed.
    pub fn distance(&self, evaluation: &Evaluation<'_>) -> f64 {
        self.target.distance(evaluation)
    }
}
