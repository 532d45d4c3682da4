//! The table a reader looks at first: every study, and below the rule what they come to.

use super::results::model_titles;
use super::table::{Align, Row, Table};
use crate::analysis::{MetaAnalysis, StudyRow};
use crate::format::{NumberFormat, capitalised, fixed, grouped, sanitize};

/// The first `most` studies, and the pooled values below them.
#[must_use]
pub fn table(outcome: &MetaAnalysis, display: NumberFormat, most: usize) -> Table {
    let caption = format!("Studies with {} confidence intervals", outcome.spec.level);
    let interval = format!("{} CI", outcome.spec.level);
    let mut columns = vec![
        ("Study", Align::Left),
        ("Events", Align::Right),
        ("Total", Align::Right),
        (heading(display), Align::Right),
        (interval.as_str(), Align::Interval),
        ("Weight\n(common)", Align::Right),
    ];
    if outcome.random.is_some() {
        columns.push(("Weight\n(random)", Align::Right));
    }
    let unit = display.unit().map(|unit| capitalised(&unit));
    let mut table = Table::new(caption, &columns);
    if let Some(unit) = unit {
        table.columns[3].title = unit;
    }
    table.body =
        (0..outcome.k().min(most)).map(|index| study(&outcome.row(index), outcome, display)).collect();
    table.foot = foot(outcome, display);
    table.notes = notes(outcome, most);
    table
}

/// What heads the column of proportions.
const fn heading(display: NumberFormat) -> &'static str {
    if display.scale == 100 { "Percent" } else { "Proportion" }
}

fn study(row: &StudyRow<'_>, outcome: &MetaAnalysis, display: NumberFormat) -> Row {
    let mark = if row.corrected { "\u{a0}†" } else { "" };
    let mut cells = vec![
        format!("{}{mark}", sanitize(row.study)),
        row.events.map(grouped).unwrap_or_default(),
        row.total.map(grouped).unwrap_or_default(),
        display.number(row.shown()),
        display.interval(Some(row.lower), Some(row.upper)).unwrap_or_default(),
        weight(row.weight_common),
    ];
    if outcome.random.is_some() {
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
fn foot(outcome: &MetaAnalysis, display: NumberFormat) -> Vec<Row> {
    let [common, random] = model_titles(outcome);
    let summary = |s: &crate::model::Summary| {
        [display.number(s.estimate), display.interval(s.lower, s.upper).unwrap_or_default()]
    };
    let [estimate, interval] = summary(&outcome.common);
    let sums = outcome.sums();
    let counts = sums.map_or_else(Default::default, |(events, total)| [grouped(events), grouped(total)]);
    let mut rows = vec![foot_row(common, counts, estimate, interval)];
    if let Some(pooled) = &outcome.random {
        let [estimate, interval] = summary(pooled);
        rows.push(foot_row(random, Default::default(), estimate, interval));
    }
    if let Some(last) = rows.last_mut() {
        last.strong = true;
    }
    if let Some(prediction) = &outcome.prediction {
        let interval = display.interval(Some(prediction.lower), Some(prediction.upper)).unwrap_or_default();
        rows.push(foot_row("Prediction interval".to_string(), Default::default(), String::new(), interval));
    }
    let columns = if outcome.random.is_some() { 7 } else { 6 };
    for row in &mut rows {
        row.cells.resize(columns, String::new());
    }
    rows
}

fn foot_row(title: String, [events, total]: [String; 2], estimate: String, interval: String) -> Row {
    Row::new(vec![title, events, total, estimate, interval])
}

/// What the reader must know to read the rows.
fn notes(outcome: &MetaAnalysis, most: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if outcome.k() > most {
        let more = grouped(outcome.k().saturating_sub(most) as u64);
        notes.push(format!("… {more} more studies (the CSV table has them all)"));
    }
    if outcome.sizes.any_corrected() {
        let amount = outcome.spec.zero_amount;
        notes.push(format!("† {amount} added to events and to non-events before pooling; shown as observed"));
    }
    notes
}
