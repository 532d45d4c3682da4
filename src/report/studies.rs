//! The table a reader looks at first: every study, and below the rule what they come to.

use super::results::{limits, model_titles, predicted};
use super::table::{Align, Row, Table};
use crate::analysis::{MetaAnalysis, StudyRow};
use crate::format::{NumberFormat, capitalised, fixed, grouped, sanitize};
use crate::model::Summary;
use crate::options::Shown;

/// The first `most` studies with these covariates, and the pooled values below them.
#[must_use]
pub fn table(
    result: &MetaAnalysis,
    display: NumberFormat,
    shown: &Shown,
    covariates: &[String],
    most: usize,
) -> Table {
    let caption = format!("Studies with {} confidence intervals", result.spec.level);
    let interval = format!("{} CI", result.spec.level);
    let heading = heading(result, display);
    let names: Vec<_> = covariates.iter().map(|name| sanitize(name)).collect();
    let mut columns = vec![("Study", Align::Left)];
    columns.extend(names.iter().map(|name| (&**name, Align::Left)));
    if result.sums().is_some() {
        columns.extend([("Events", Align::Right), ("Total", Align::Right)]);
    }
    columns.extend([(heading.as_str(), Align::Right), (interval.as_str(), Align::Interval)]);
    if shown.common {
        columns.push(("Weight\n(common)", Align::Right));
    }
    if result.random.is_some() {
        columns.push(("Weight\n(random)", Align::Right));
    }
    let mut table = Table::new(caption, &columns);
    let covariates: Vec<_> =
        covariates.iter().filter_map(|name| result.data.covariates().get(name)).collect();
    let row = |index: usize| {
        let study_at = result.sizes.study[index] as usize;
        let cells = covariates.iter().map(|column| sanitize(column.cell(study_at)).into_owned());
        study(&result.row(index), cells, result, display, shown)
    };
    table.body = (0..result.k().min(most)).map(row).collect();
    table.foot = foot(result, display, shown);
    for row in &mut table.foot {
        row.cells.splice(1..1, covariates.iter().map(|_| String::new()));
    }
    table.notes = notes(result, most);
    table
}

/// What heads the column of proportions or estimates.
fn heading(result: &MetaAnalysis, display: NumberFormat) -> String {
    match display.unit() {
        Some(unit) => capitalised(&unit),
        None if display.scale == 100 => "Percent".to_string(),
        None => capitalised(result.scale.noun()),
    }
}

fn study(
    row: &StudyRow<'_>,
    covariates: impl Iterator<Item = String>,
    result: &MetaAnalysis,
    display: NumberFormat,
    shown: &Shown,
) -> Row {
    let mark = if row.corrected { "\u{a0}†" } else { "" };
    let mut cells = vec![format!("{}{mark}", sanitize(row.study))];
    cells.extend(covariates);
    cells.extend([row.events, row.total].into_iter().flatten().map(grouped));
    cells.extend([
        display.number(row.shown()),
        display.interval(Some(row.lower), Some(row.upper)).unwrap_or_default(),
    ]);
    if shown.common {
        cells.push(weight(row.weight_common));
    }
    if result.random.is_some() {
        cells.push(weight(row.weight_random));
    }
    Row::new(cells)
}

/// A weight in percent; one that is there never reads as none.
fn weight(fraction: Option<f64>) -> String {
    match fraction {
        Some(fraction) if fraction > 0.0 && fraction < 0.0005 => "<0.1%".to_string(),
        Some(fraction) => format!("{}%", fixed(100.0 * fraction, 1)),
        None => String::new(),
    }
}

/// Common, random and prediction: each where it exists.
fn foot(result: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> Vec<Row> {
    let [common, random] = model_titles(result);
    let no_counts = result.sums().map(|_| [String::new(), String::new()]);
    let counts = result.sums().map(|(events, total)| [grouped(events), grouped(total)]);
    let summary = |title: String, counts: Option<[String; 2]>, summary: &Summary| {
        let interval = if summary.lower.is_some() { limits(summary, display) } else { String::new() };
        foot_row(title, counts, display.number(summary.estimate), interval)
    };
    let mut rows = Vec::new();
    if shown.common {
        rows.push(summary(common, counts.clone(), &result.common));
    }
    // The sums of the counts stand in the first row.
    let of_random = if shown.common { no_counts.clone() } else { counts };
    rows.extend(result.random.as_ref().map(|pooled| summary(random, of_random, pooled)));
    if let Some(last) = rows.last_mut() {
        last.strong = true;
    }
    if let Some(prediction) = &result.prediction {
        let interval = predicted(prediction, display);
        rows.push(foot_row("Prediction interval".to_string(), no_counts, String::new(), interval));
    }
    let weights = usize::from(shown.common) + usize::from(result.random.is_some());
    for row in &mut rows {
        row.cells.resize(row.cells.len() + weights, String::new());
    }
    rows
}

fn foot_row(title: String, counts: Option<[String; 2]>, estimate: String, interval: String) -> Row {
    let mut cells = vec![title];
    cells.extend(counts.into_iter().flatten());
    cells.extend([estimate, interval]);
    Row::new(cells)
}

/// What the reader must know to read the rows.
fn notes(result: &MetaAnalysis, most: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if result.k() > most {
        let more = grouped(result.k().saturating_sub(most) as u64);
        notes.push(format!("… {more} more studies (the CSV table has them all)"));
    }
    if result.sizes.any_corrected() {
        let amount = result.spec.zero_amount;
        notes.push(format!("† {amount} added to events and to non-events before pooling; shown as observed"));
    }
    notes
}
