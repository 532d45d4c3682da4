//! The figure as a table: the heads of its columns and every row.

use super::options::Options;
use super::row::{Row, Shape};
use super::study_rows::{excluded_row, study_row};
use super::summary_rows;
use crate::analysis::MetaAnalysis;
use crate::data::Excluded;
use crate::format::capitalised;
use crate::options::{Spec, ZeroCells};
use crate::plot::axis::{Axis, Spread};

/// How many rows that were left out are listed.
const MOST_EXCLUDED: usize = 50;

/// The heads of the columns and every row, from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The head of the proportions.
    pub effect_head: String,
    /// The title of the axis.
    pub axis_title: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many studies have no row of their own.
    pub undrawn: usize,
    /// How many rows that were left out are not listed.
    pub unlisted: usize,
    /// Where the dashed line stands, a fraction.
    pub reference: f64,
}

impl Table {
    /// The rows of an outcome.
    #[must_use]
    pub fn of(outcome: &MetaAnalysis, options: &Options) -> Self {
        let drawn = if outcome.k() <= options.most_rows { outcome.k() } else { 0 };
        let excluded: Vec<&Excluded> = left_out(outcome).collect();
        let listed = excluded.len().min(MOST_EXCLUDED);
        let heaviest = outcome.weights().iter().copied().fold(0.0, f64::max);
        let marked = marks_corrected(&outcome.spec);
        let mut rows = Vec::with_capacity(drawn + listed + 4);
        for (index, study) in outcome.rows().take(drawn).enumerate() {
            let weight = outcome.weights().get(index).copied();
            rows.push(study_row(index + 1, &study, weight, heaviest, marked, options.display));
        }
        for (index, row) in excluded.iter().take(listed).enumerate() {
            rows.push(excluded_row(index + 1, row, outcome));
        }
        rows.extend(summary_rows::all(outcome, options.display));
        let level = outcome.spec.level;
        Self {
            effect_head: match options.display.unit() {
                Some(unit) => format!("{} ({level} CI)", capitalised(&unit)),
                None if options.display.sign().is_empty() => format!("Proportion ({level} CI)"),
                None => format!("Proportion, {} ({level} CI)", options.display.sign()),
            },
            axis_title: match options.display.unit() {
                Some(unit) => format!("Events {unit}"),
                None if options.display.sign().is_empty() => "Proportion".to_string(),
                None => format!("Proportion, {}", options.display.sign()),
            },
            rows,
            undrawn: outcome.k() - drawn,
            unlisted: excluded.len() - listed,
            reference: outcome.pooled().estimate,
        }
    }

    /// The axis that these rows need.
    #[must_use]
    pub fn axis(&self, options: &Options) -> Axis {
        let mut spread = Spread::default();
        for row in &self.rows {
            match row.shape {
                Shape::None => {}
                Shape::Study { estimate, limits: [lower, upper], .. } => {
                    spread.studies.push([estimate, lower, upper])
                }
                Shape::Diamond { estimate, limits, .. } => {
                    spread.pooled.push(estimate);
                    spread.pooled_limits.extend(limits.into_iter().flatten());
                }
                Shape::Prediction(limits) => spread.pooled_limits.extend(limits),
            }
        }
        Axis::of(&spread, options.display, options.theme.plot_width, options.theme.axis_type)
    }
}

/// The rows that were left out; not the table's own row of totals, for the figure has one.
pub fn left_out(outcome: &MetaAnalysis) -> impl Iterator<Item = &Excluded> {
    outcome.excluded.iter().filter(|row| row.reason != "totals row")
}

/// Whether corrected studies carry a mark: where the rule touches every study, a mark says nothing.
fn marks_corrected(spec: &Spec) -> bool {
    spec.zero_cells == ZeroCells::Only0
}
