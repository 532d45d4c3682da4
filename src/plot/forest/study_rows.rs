//! The rows of studies: those that were pooled, and those that were left out.

use super::bias::Judgement;
use super::options::Options;
use super::row::{Effect, Kind, Row, Shape, data_of, numbers, percent};
use crate::analysis::{MetaAnalysis, StudyRow};
use crate::data::{Covariate, Excluded};
use crate::format::{NumberFormat, grouped};
use crate::options::{Model, ZeroCells};
use crate::plot::text::shown;

/// A name as it is shown.
pub(super) fn named(name: &str) -> String {
    let name = shown(name);
    if name.trim().is_empty() { "(no name)".to_string() } else { name.into_owned() }
}

/// The rows of the first `drawn` studies, in the order of the result.
pub(super) fn all(result: &MetaAnalysis, drawn: usize, models: &[Model], options: &Options) -> Vec<Row> {
    let heaviest = result.weights().iter().copied().fold(0.0, f64::max);
    // Where the rule for zero cells touches every study, a mark says nothing.
    let marked = result.spec.zero_cells == ZeroCells::Only0;
    let shown = Covariates::of(result, options);
    let rows = result.rows().take(drawn).enumerate().map(|(index, study)| {
        let weight = result.weights().get(index).copied();
        let weights = models.iter().map(|model| result.weights_of(*model)[index]);
        let at = result.sizes.study.get(index).map_or(index, |at| *at as usize);
        Row {
            weights: weights.map(percent).collect(),
            covariates: shown.cells(at),
            bias: shown.judgements(at),
            ..study_row(index + 1, &study, weight, heaviest, marked, options.display)
        }
    });
    rows.collect()
}

/// The order in which the studies were asked to stand; `None` for that of the result, and where a result has no such column.
pub(super) fn order(result: &MetaAnalysis, options: &Options) -> Option<Vec<u32>> {
    result.ordered(options.order.as_ref()?).ok()
}

/// The rows of the studies in this order.
pub(super) fn in_order(studies: Vec<Row>, order: &[u32]) -> Vec<Row> {
    let mut studies: Vec<Option<Row>> = studies.into_iter().map(Some).collect();
    order.iter().filter_map(|study| studies.get_mut(*study as usize)?.take()).collect()
}

/// The columns of the data set that are shown.
struct Covariates<'a> {
    cells: Vec<Covariate<'a>>,
    bias: Vec<Covariate<'a>>,
}

impl<'a> Covariates<'a> {
    fn of(result: &'a MetaAnalysis, options: &Options) -> Self {
        let find =
            |names: &[String]| names.iter().filter_map(|name| result.data.covariates().get(name)).collect();
        Self { cells: find(&options.covariates), bias: find(&options.bias) }
    }

    fn cells(&self, study: usize) -> Vec<String> {
        self.cells.iter().map(|column| shown(column.cell(study)).trim().to_owned()).collect()
    }

    fn judgements(&self, study: usize) -> Vec<Judgement> {
        self.bias.iter().map(|column| Judgement::of(column.cell(study))).collect()
    }
}

/// The row of a study: its number from the top, its weight and the heaviest, and whether corrected ones
/// carry a mark.
pub(super) fn study_row(
    number: usize,
    row: &StudyRow<'_>,
    weight: Option<f64>,
    heaviest: f64,
    marked: bool,
    display: NumberFormat,
) -> Row {
    let name = named(row.study);
    let interval = display.interval(Some(row.lower), Some(row.upper)).unwrap_or_default();
    let counts = row.events.zip(row.total);
    let of = counts.map_or_else(String::new, |(events, total)| format!("{events} of {total}, "));
    let mut title = format!("{name}: {of}{} ({interval})", display.with_sign(row.shown()));
    if let Some(weight) = weight {
        title += &format!(", weight {}%", percent(weight));
    }
    let mut data = vec![("study", name.clone())];
    if let Some((events, total)) = counts {
        data.extend([("events", events.to_string()), ("total", total.to_string())]);
    }
    data.extend(data_of(Some(row.shown()), Some([row.lower, row.upper]), weight));
    let label = if marked && row.corrected { format!("{name} †") } else { name };
    Row {
        title,
        data,
        effect: numbers(display, Some(row.shown()), Some(row.lower), Some(row.upper)),
        shape: Shape::Study {
            estimate: row.shown(),
            limits: [row.lower, row.upper],
            weight: weight.filter(|_| heaviest > 0.0).map_or(1.0, |weight| weight / heaviest),
        },
        ..Row::words(Kind::Study, format!("s{number}"), label)
    }
    .counted(counts)
}

/// The row of one that was left out, with the reason.
pub(super) fn excluded_row(number: usize, excluded: &Excluded, result: &MetaAnalysis) -> Row {
    let name = named(&excluded.study);
    let reason = format!("left out: {}", shown(&excluded.reason));
    // Studies without a finite estimate are still in the table, with their counts.
    let at = result.data.labels().on_line(excluded.line);
    let counts = at.and_then(|at| Some(result.data.counts()?[at]));
    let row = Row {
        title: format!("{name} (line {}): {reason}", excluded.line),
        data: vec![("study", name.clone())],
        effect: Effect::Words(reason),
        ..Row::words(Kind::Excluded, format!("x{number}"), name)
    };
    match (counts, excluded.total) {
        (Some(counts), _) => row.counted(Some((counts.events(), counts.total()))),
        // What is known of it: how many people there were.
        (None, Some(total)) => Row { counts: Some([String::new(), grouped(total)]), ..row },
        (None, None) => row,
    }
}
