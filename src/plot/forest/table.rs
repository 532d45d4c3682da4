//! The figure as a table: the heads of its columns and every row.

use super::options::Options;
use super::row::{Row, Shape};
use super::study_rows::{excluded_row, study_row};
use super::{subgroup_rows, summary_rows};
use crate::analysis::MetaAnalysis;
use crate::data::Excluded;
use crate::effect::Scale;
use crate::format::{capitalised, sanitize};
use crate::numeric::elementary::ln;
use crate::options::{InputScale, Spec, ZeroCells};
use crate::plot::axis::{Axis, Spread};

/// How many rows that were left out are listed.
const MOST_EXCLUDED: usize = 50;

/// The heads of the columns of names, counts and weights.
const HEADS: [&str; 4] = ["Study", "Events", "Total", "Weight, %"];

/// The heads of the columns and every row, from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The heads of the columns of names, counts and weights.
    pub heads: [&'static str; 4],
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
    /// Whether its rows have counts.
    pub has_counts: bool,
    /// Where the dashed line stands on the axis.
    pub reference: f64,
    /// Where the value of no effect stands, where there is one.
    pub null: Option<f64>,
    /// What its axis shows.
    pub axis_kind: AxisKind,
}

/// What an axis shows, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisKind {
    /// Proportions.
    Proportions,
    /// Estimates as they are.
    Estimates,
    /// Ratios by their logarithms: every place on the axis is one.
    Ratios,
}

impl AxisKind {
    pub(super) const fn of(scale: Scale) -> Self {
        match scale {
            Scale::Generic(InputScale::Identity) => Self::Estimates,
            Scale::Generic(InputScale::Log) => Self::Ratios,
            Scale::Proportion(_) | Scale::Generic(InputScale::Logit) => Self::Proportions,
        }
    }

    /// Where a value stands on the axis. Beyond what has a logarithm it is beyond the axis, and finite.
    pub(super) fn place(self, value: f64) -> f64 {
        match self {
            Self::Ratios => ln(value.clamp(f64::MIN_POSITIVE, f64::MAX)),
            _ => value,
        }
    }
}

impl Table {
    /// The rows of an outcome.
    #[must_use]
    pub fn of(result: &MetaAnalysis, options: &Options) -> Self {
        let drawn = if result.k() <= options.most_rows { result.k() } else { 0 };
        let excluded: Vec<&Excluded> = left_out(result).collect();
        let listed = excluded.len().min(MOST_EXCLUDED);
        let heaviest = result.weights().iter().copied().fold(0.0, f64::max);
        let marked = marks_corrected(&result.spec);
        let mut rows = Vec::with_capacity(drawn + listed + 4);
        let studies = result.rows().take(drawn).enumerate().map(|(index, study)| {
            let weight = result.weights().get(index).copied();
            study_row(index + 1, &study, weight, heaviest, marked, options.display)
        });
        match result.subgroups().split_first() {
            None => rows.extend(studies),
            Some((first, others)) => {
                rows.extend(subgroup_rows::blocks(first, studies.collect(), options));
                rows.extend(
                    others
                        .iter()
                        .zip(2..)
                        .flat_map(|(more, place)| subgroup_rows::subtotals(more, place, options)),
                );
            }
        }
        for (index, row) in excluded.iter().take(listed).enumerate() {
            rows.push(excluded_row(index + 1, row, result));
        }
        rows.extend(summary_rows::all(result, options));
        rows.extend(result.subgroups().iter().zip(1..).map(|(of, place)| subgroup_rows::test(of, place)));
        if !options.common || result.random.is_none() {
            rows.iter_mut().for_each(|row| row.weight_common.clear());
        }
        let axis_kind = AxisKind::of(result.scale);
        if axis_kind == AxisKind::Ratios {
            rows.iter_mut().for_each(|row| row.shape = row.shape.mapped(|value| axis_kind.place(value)));
        }
        let [effect_head, axis_title] = words(result, options, axis_kind);
        Self {
            heads: HEADS,
            effect_head,
            axis_title,
            rows,
            undrawn: result.k() - drawn,
            unlisted: excluded.len() - listed,
            has_counts: result.sums().is_some(),
            reference: axis_kind.place(result.pooled().estimate),
            null: null_value(result).map(|value| axis_kind.place(value)),
            axis_kind,
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
        let (room, style) = (options.theme.plot_width, options.theme.axis_type);
        match self.axis_kind {
            AxisKind::Proportions => Axis::of(&spread, options.display, room, style),
            AxisKind::Estimates => Axis::of_estimates(&spread, self.null, room, style),
            AxisKind::Ratios => Axis::of_ratios(&spread, self.null, room, style),
        }
    }
}

/// The head of the column of numbers, and the title of the axis.
pub(super) fn words(result: &MetaAnalysis, options: &Options, axis_kind: AxisKind) -> [String; 2] {
    let (level, noun) = (result.spec.level, capitalised(result.scale.noun()));
    let of = options.unit.as_ref().map(|unit| format!(" {}", sanitize(unit))).unwrap_or_default();
    let head = match options.display.unit() {
        Some(per) => format!("{}{of} ({level} CI)", capitalised(&per)),
        None if options.display.sign().is_empty() => format!("{noun} ({level} CI)"),
        None => format!("{noun}, {} ({level} CI)", options.display.sign()),
    };
    let title = match options.display.unit() {
        Some(per) => format!("Events {per}{of}"),
        None if axis_kind == AxisKind::Ratios => format!("{noun} (logarithmic scale)"),
        None if options.display.sign().is_empty() => noun,
        None => format!("{noun}, {}", options.display.sign()),
    };
    [head, title]
}

/// The value of no effect: 0, or 1 for ratios; proportions have none.
pub fn null_value(result: &MetaAnalysis) -> Option<f64> {
    (!result.scale.is_proportion()).then(|| result.scale.shown_null(result.spec.null))
}

/// The rows that were left out; not the table's own row of totals, for the figure has one.
pub fn left_out(result: &MetaAnalysis) -> impl Iterator<Item = &Excluded> {
    result.excluded.iter().filter(|row| !row.is_totals())
}

/// Whether corrected studies carry a mark: where the rule touches every study, a mark says nothing.
fn marks_corrected(spec: &Spec) -> bool {
    spec.zero_cells == ZeroCells::Only0
}
