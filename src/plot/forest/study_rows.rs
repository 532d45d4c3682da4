//! The rows of studies: those that were pooled, and those that were left out.

use super::row::{Effect, Kind, Row, Shape, data_of, numbers, percent};
use crate::analysis::{MetaAnalysis, StudyRow};
use crate::data::Excluded;
use crate::format::NumberFormat;
use crate::plot::text::shown;

/// A name as it is shown.
pub(super) fn named(name: &str) -> String {
    let name = shown(name);
    if name.trim().is_empty() { "(no name)".to_string() } else { name.into_owned() }
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
    Row {
        kind: Kind::Study,
        id: format!("s{number}"),
        title,
        data,
        label: if marked && row.corrected { format!("{name} †") } else { name },
        counts: counts.map(|(events, total)| [events.to_string(), total.to_string()]),
        effect: numbers(display, Some(row.shown()), Some(row.lower), Some(row.upper)),
        weight: weight.map(percent).unwrap_or_default(),
        weight_common: row.weight_common.map(percent).unwrap_or_default(),
        shape: Shape::Study {
            estimate: row.shown(),
            limits: [row.lower, row.upper],
            weight: weight.filter(|_| heaviest > 0.0).map_or(1.0, |weight| weight / heaviest),
        },
    }
}

/// The row of one that was left out, with the reason.
pub(super) fn excluded_row(number: usize, excluded: &Excluded, result: &MetaAnalysis) -> Row {
    let name = named(&excluded.study);
    let reason = format!("left out: {}", shown(&excluded.reason));
    // Studies without a finite estimate are still in the table, with their counts.
    let at = result.data.labels().on_line(excluded.line);
    let counts = at.and_then(|at| Some(result.data.counts()?[at]));
    Row {
        kind: Kind::Excluded,
        id: format!("x{number}"),
        title: format!("{name} (line {}): {reason}", excluded.line),
        data: vec![("study", name.clone())],
        label: name,
        counts: counts.map(|counts| [counts.events().to_string(), counts.total().to_string()]),
        effect: Effect::Words(reason),
        weight: String::new(),
        weight_common: String::new(),
        shape: Shape::None,
    }
}
