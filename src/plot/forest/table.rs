//! The figure as a table: the heads of its columns and every row.

use super::field::{Content, Field, Heads};
use super::options::Options;
use super::row::{Kind, Row, Shape};
use super::study_rows::excluded_row;
use super::{study_rows, subgroup_rows, summary_rows};
use crate::analysis::MetaAnalysis;
use crate::data::Excluded;
use crate::effect::Scale;
use crate::format::{capitalised, sanitize};
use crate::numeric::elementary::ln;
use crate::options::{InputScale, Model};
use crate::plot::axis::{Axis, Spread};
use crate::plot::heterogeneity;
use crate::plot::text::shown;
use crate::plot::theme::Theme;

/// How many rows that were left out are listed.
const MOST_EXCLUDED: usize = 50;

/// The columns, the rows from the top, and what the axis shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns left of the axis, and right of it.
    pub fields: [Vec<Field>; 2],
    /// The title of the axis.
    pub axis_title: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many studies have no row of their own.
    pub undrawn: usize,
    /// How many rows that were left out are not listed.
    pub unlisted: usize,
    /// Where the dashed line stands on the axis; several outcomes have none.
    pub reference: Option<f64>,
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
    /// Proportions by the logarithms of what is printed: of percentages, or of numbers per so many.
    LogProportions(u64),
}

impl AxisKind {
    pub(super) const fn of(scale: Scale, options: &Options) -> Self {
        match scale {
            Scale::Proportion(_) | Scale::Generic(InputScale::Logit) if options.log_axis => {
                Self::LogProportions(options.display.scale)
            }
            Scale::Generic(InputScale::Identity) => Self::Estimates,
            Scale::Generic(InputScale::Log) => Self::Ratios,
            Scale::Proportion(_) | Scale::Generic(InputScale::Logit) => Self::Proportions,
        }
    }

    /// Where a value stands on the axis. Beyond what has a logarithm it is beyond the axis, and finite.
    pub(super) fn place(self, value: f64) -> f64 {
        match self {
            Self::Ratios => ln(value.clamp(f64::MIN_POSITIVE, f64::MAX)),
            Self::LogProportions(per) => ln((value * per as f64).clamp(f64::MIN_POSITIVE, f64::MAX)),
            Self::Proportions | Self::Estimates => value,
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
        let models = weights(result, options);
        let studies = study_rows::all(result, drawn, &models, options);
        let left_out = excluded.iter().take(listed).zip(1..);
        let left_out = left_out.map(|(row, number)| (row.line, excluded_row(number, row, result))).collect();
        let mut rows = match result.subgroups().split_first() {
            None => match study_rows::order(result, options) {
                None => in_place(result, studies, left_out),
                Some(order) => study_rows::in_order(studies, &order)
                    .into_iter()
                    .chain(left_out.into_iter().map(|(_, row)| row))
                    .collect(),
            },
            Some((first, others)) => {
                let mut rows = subgroup_rows::blocks(first, studies, result, &models, options);
                let further = others.iter().zip(2..);
                rows.extend(further.flat_map(|(more, place)| {
                    subgroup_rows::subtotals(more, place, result, &models, options)
                }));
                rows.extend(left_out.into_iter().map(|(_, row)| row));
                rows
            }
        };
        rows.extend(summary_rows::all(result, &models, options));
        rows.extend(result.subgroups().iter().zip(1..).map(|(of, place)| subgroup_rows::test(of, place)));
        let axis_kind = AxisKind::of(result.scale, options);
        for row in &mut rows {
            row.set_in(&options.theme.house);
            if !matches!(axis_kind, AxisKind::Proportions | AxisKind::Estimates) {
                row.shape = row.shape.mapped(|value| axis_kind.place(value));
            }
        }
        let [effect_head, axis_title] = words(result, options, axis_kind);
        let heads = Heads {
            study: "Study",
            effect: &effect_head,
            weights: weight_heads(&models, options),
            counts: result.sums().is_some(),
        };
        Self {
            fields: heads.fields(options),
            axis_title: options.axis_title.clone().unwrap_or(axis_title),
            rows,
            undrawn: result.k() - drawn,
            unlisted: excluded.len() - listed,
            reference: Some(axis_kind.place(result.pooled().estimate)),
            null: null_value(result).map(|value| axis_kind.place(value)),
            axis_kind,
        }
    }

    /// The rows of these outcomes: of one alone, or of several in blocks.
    #[must_use]
    pub fn of_outcomes(outcomes: &[(String, &MetaAnalysis)], options: &Options) -> Self {
        match outcomes {
            [(_, result)] => Self::of(result, options),
            several => Self::of_several(several, options).expect("there are several"),
        }
    }

    /// The head of a column in one line; empty where there is none.
    #[must_use]
    pub fn head(&self, content: Content) -> String {
        let field = self.fields.iter().flatten().find(|field| field.content == content);
        field.map_or_else(String::new, |field| field.head.join(" "))
    }

    /// The rows of several outcomes, each in a block below its title and above the line on its heterogeneity.
    fn of_several(outcomes: &[(String, &MetaAnalysis)], options: &Options) -> Option<Self> {
        let tables = outcomes.iter().map(|(_, result)| Self::of(result, options));
        let tables: Vec<Self> = tables.collect();
        let mut rows = Vec::new();
        for (((title, result), table), at) in outcomes.iter().zip(&tables).zip(1..) {
            rows.push(Row::words(Kind::Heading, format!("o{at}-name"), shown(title).into_owned()));
            rows.extend(table.rows.iter().map(|row| Row { id: format!("o{at}-{}", row.id), ..row.clone() }));
            let words = heterogeneity::line(&result.heterogeneity, &result.spec);
            rows.push(Row::words(Kind::Remark, format!("o{at}-heterogeneity"), words));
        }
        let (undrawn, unlisted) =
            (tables.iter().map(|of| of.undrawn).sum(), tables.iter().map(|of| of.unlisted).sum());
        let most =
            tables.iter().max_by_key(|table| table.fields.iter().map(Vec::len).sum::<usize>())?.clone();
        Some(Self { rows, undrawn, unlisted, reference: None, ..most })
    }

    /// The axis that these rows need, `room` wide.
    #[must_use]
    pub fn axis(&self, options: &Options, theme: &Theme, room: f64) -> Axis {
        let style = theme.axis_type;
        let asked = options.axis_limits.map(|limits| limits.map(|value| self.axis_kind.place(value)));
        let spread = match asked {
            Some([low, high]) => Spread { studies: vec![[low; 3], [high; 3]], ..Spread::default() },
            None => self.spread(),
        };
        let axis = match (self.axis_kind, asked) {
            (AxisKind::Proportions, Some(limits)) => Axis::spanning(limits.into_iter(), options.display),
            (AxisKind::Proportions, None) => Axis::of(&spread, options.display, room, style),
            (AxisKind::Estimates, _) => {
                Axis::of_estimates(&spread, self.null.filter(|_| asked.is_none()), room, style)
            }
            (AxisKind::Ratios | AxisKind::LogProportions(_), _) => {
                Axis::of_ratios(&spread, self.null.filter(|_| asked.is_none()), room, style)
            }
        };
        match asked {
            Some(limits) => axis.within(limits, room, style),
            None => match self.axis_kind {
                // No proportion is above 1.
                AxisKind::LogProportions(_) => {
                    let [low, high] = axis.domain;
                    axis.within([low, high.min(self.axis_kind.place(1.0))], room, style)
                }
                _ => axis,
            },
        }
    }

    /// What has to be seen on the axis.
    fn spread(&self) -> Spread {
        let mut spread = Spread::default();
        // On a logarithmic axis 0 is beyond every place.
        let is_there =
            |place: f64| !matches!(self.axis_kind, AxisKind::LogProportions(_)) || place > LEAST_PLACE;
        for row in &self.rows {
            match row.shape {
                Shape::Study { estimate, limits: [lower, upper], .. } if is_there(estimate) => {
                    spread.studies.push([estimate, lower, upper]);
                }
                Shape::Diamond { estimate, limits, .. } if is_there(estimate) => {
                    spread.pooled.push(estimate);
                    spread.pooled_limits.extend(limits.into_iter().flatten());
                }
                Shape::Prediction(limits) => spread.pooled_limits.extend(limits),
                Shape::None | Shape::Study { .. } | Shape::Diamond { .. } => {}
            }
        }
        if spread.studies.is_empty() && spread.pooled.is_empty() {
            let upper = self.rows.iter().filter_map(|row| match row.shape {
                Shape::Study { limits, .. } => Some(limits[1]),
                _ => None,
            });
            spread.studies.extend(upper.filter(|place| is_there(*place)).map(|place| [place; 3]));
        }
        spread
    }
}

/// Below this place on a logarithmic axis stands nothing but 0.
const LEAST_PLACE: f64 = -600.0;

/// The models whose weights have a column: those that have a row, where they have weights.
fn weights(result: &MetaAnalysis, options: &Options) -> Vec<Model> {
    let both = options.common && result.spec.model != Model::Common;
    let models = [Model::Common, result.spec.model];
    let models = if both { &models[..] } else { &models[1..] };
    models.iter().copied().filter(|model| !result.weights_of(*model).is_empty()).collect()
}

/// One column says `Weight, %`; of two each says of which model it is.
fn weight_heads(models: &[Model], options: &Options) -> Vec<String> {
    let percent = if options.theme.house.weight_sign.is_empty() { ", %" } else { "" };
    let one = |model: &Model| match models {
        [_] => format!("Weight{percent}"),
        _ => format!("Weight{percent}\n({})", if *model == Model::Common { "common" } else { "random" }),
    };
    models.iter().map(one).collect()
}

/// Rows that were left out between the studies, by their lines; behind them where the studies stand in another order.
fn in_place(result: &MetaAnalysis, studies: Vec<Row>, left_out: Vec<(u32, Row)>) -> Vec<Row> {
    let lines: Vec<u32> = result.rows().take(studies.len()).map(|study| study.line).collect();
    if !lines.is_sorted() {
        return studies.into_iter().chain(left_out.into_iter().map(|(_, row)| row)).collect();
    }
    let mut rows: Vec<(u32, Row)> = lines.into_iter().zip(studies).chain(left_out).collect();
    // Stable: of one line, the study first.
    rows.sort_by_key(|(line, _)| *line);
    rows.into_iter().map(|(_, row)| row).collect()
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
        Some(per) if matches!(axis_kind, AxisKind::LogProportions(_)) => {
            format!("Events {per}{of} (logarithmic scale)")
        }
        Some(per) => format!("Events {per}{of}"),
        None if axis_kind == AxisKind::Ratios => format!("{noun} (logarithmic scale)"),
        None if matches!(axis_kind, AxisKind::LogProportions(_)) => {
            let sign = options.display.sign();
            format!("{noun}{}{sign} (logarithmic scale)", if sign.is_empty() { "" } else { ", " })
        }
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
