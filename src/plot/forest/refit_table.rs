//! The rows of pooled values of some of the studies, as a table of the forest plot.

use super::options::Options;
use super::row::{Effect, Kind, Row, Shape, data_of, numbers};
use super::study_rows::named;
use super::summary_rows;
use super::table::{AxisKind, Table, null_value, words};
use crate::analysis::{MetaAnalysis, Refit};
use crate::format::{NumberFormat, fixed};
use crate::options::Model;
use crate::plot::text::shown;

/// The share of the heaviest weight whose square stands for each value: all are of the same size.
const SQUARE: f64 = 0.3;

/// What the rows are, and how each is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// All studies but one.
    Without,
    /// The studies so far.
    SoFar,
}

/// The table of these values, each with the name of the study that is left out or added, and of all studies below.
pub(super) fn table(rows: &[(&str, &Refit)], of: Of, result: &MetaAnalysis, options: &Options) -> Table {
    let drawn = if rows.len() <= options.most_rows { rows.len() } else { 0 };
    let display = options.display;
    let refits = rows.iter().take(drawn).zip(1..);
    let mut all: Vec<Row> =
        refits.map(|((name, refit), number)| row(number, name, refit, of, display)).collect();
    let summary = Options { common: result.spec.model == Model::Common, ..options.clone() };
    let below = summary_rows::all(result, &summary).into_iter().filter(|row| row.id != "prediction");
    all.extend(below.map(|row| Row { weight: whole_i2(&row, result), ..row }));
    let axis_kind = AxisKind::of(result.scale());
    if axis_kind == AxisKind::Ratios {
        all.iter_mut().for_each(|row| row.shape = row.shape.mapped(|value| axis_kind.place(value)));
    }
    let [effect_head, axis_title] = words(result, options, axis_kind);
    Table {
        heads: [if of == Of::Without { "Left out" } else { "Added" }, "", "", "I², %"],
        effect_head: format!("Pooled {}", lowered(&effect_head)),
        axis_title: format!("Pooled {}", lowered(&axis_title)),
        rows: all,
        undrawn: rows.len() - drawn,
        unlisted: 0,
        has_counts: false,
        reference: axis_kind.place(result.pooled().estimate),
        null: null_value(result).map(|value| axis_kind.place(value)),
        axis_kind,
    }
}

/// With a small first letter.
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// I² of all studies, in the row of the pooled value.
fn whole_i2(row: &Row, result: &MetaAnalysis) -> String {
    let i2 = result.heterogeneity.i2.filter(|_| row.kind == Kind::Pooled);
    i2.map(|i2| fixed(i2.estimate, 1)).unwrap_or_default()
}

fn row(number: usize, name: &str, refit: &Refit, of: Of, display: NumberFormat) -> Row {
    let name = named(name);
    let what = match of {
        Of::Without => format!("Without {name}"),
        Of::SoFar => format!("With {name}, {} in all", crate::format::studies(refit.k)),
    };
    let limits = refit.limits();
    let i2 = refit.i2.map(|i2| fixed(i2, 1)).unwrap_or_default();
    let numbers_in_words = match (refit.estimate, display.interval(refit.lower, refit.upper)) {
        (Some(estimate), Some(interval)) => format!("{} ({interval})", display.with_sign(estimate)),
        (Some(estimate), None) => display.with_sign(estimate),
        (None, _) => not_fitted(refit),
    };
    let mut data = vec![("study", name.clone())];
    data.extend(data_of(refit.estimate, limits, None));
    Row {
        kind: Kind::Study,
        id: format!("s{number}"),
        title: format!("{what}: {numbers_in_words}"),
        data,
        label: name,
        counts: None,
        effect: match refit.estimate {
            Some(_) => numbers(display, refit.estimate, refit.lower, refit.upper),
            None => Effect::Words(not_fitted(refit)),
        },
        weight: i2,
        weight_common: String::new(),
        shape: refit.estimate.map_or(Shape::None, |estimate| Shape::Study {
            estimate,
            limits: limits.unwrap_or([estimate; 2]),
            weight: SQUARE,
        }),
    }
}

fn not_fitted(refit: &Refit) -> String {
    shown(refit.reason.as_deref().unwrap_or("no value")).into_owned()
}
