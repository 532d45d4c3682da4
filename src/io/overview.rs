//! What the columns of a table hold and what they are read as, before anything is pooled.

use super::candidates::role_by_name;
use super::columns::{Columns, Values};
use super::contents::Contents;
use super::estimates::Precision;
use super::roles::Role;
use crate::data::{FoundBy, TableColumn};

/// Every column; `found` are those that are taken, where they could be found.
pub(super) fn columns(contents: Contents<'_>, found: Option<&Columns>) -> Vec<TableColumn> {
    (0..contents.header.names.len()).map(|column| overview(contents, found, column)).collect()
}

fn overview(contents: Contents<'_>, found: Option<&Columns>, column: usize) -> TableColumn {
    let part = found.and_then(|found| part(found, column));
    let (role, by) = (part.map(|(role, _)| role), part.map(|(_, by)| by));
    let why = match part {
        Some((_, FoundBy::Flag)) => "named by a flag".to_owned(),
        Some(("study", FoundBy::Content)) => {
            "the leftmost column of words that tells the rows apart".to_owned()
        }
        Some(("year", _)) => "joined to the author".to_owned(),
        Some((role, _)) => format!("a known name for {}", plural(role)),
        None => not_taken(contents, column).unwrap_or_default(),
    };
    let [values, missing] = contents.filled(column);
    TableColumn {
        name: contents.header.names[column].clone(),
        position: column + 1,
        role,
        by,
        why,
        holds: contents.described(column),
        values,
        missing,
        example: contents.example(column).to_owned(),
    }
}

/// What a column is read as, and how it was found.
fn part(found: &Columns, column: usize) -> Option<(&'static str, FoundBy)> {
    let by_name = if found.named.contains(&column) { FoundBy::Flag } else { FoundBy::Name };
    if found.names.study.contains(&column) {
        return Some(("study", if found.names.by_content { FoundBy::Content } else { by_name }));
    }
    if found.names.year == Some(column) {
        return Some(("year", FoundBy::Name));
    }
    if let Some(role) = value(found, column) {
        return Some((role, by_name));
    }
    if found.held.is_some_and(|held| held.column == column) {
        return Some(("percent", FoundBy::Flag));
    }
    let is_filter = found.filters.iter().any(|filter| filter.column == column);
    is_filter.then_some(("filter", FoundBy::Flag))
}

/// What a column of values is read as.
fn value(found: &Columns, column: usize) -> Option<&'static str> {
    let parts: Vec<(&'static str, usize)> = match found.values {
        Values::Counts { events, total } => {
            std::iter::once(("events", events)).chain(total.map(|total| ("total", total))).collect()
        }
        Values::Percentages { percent, total } => vec![("percent", percent), ("total", total)],
        Values::Estimates(estimates) => {
            let mut parts = vec![("estimate", estimates.estimate)];
            match estimates.precision {
                Precision::Se(column) => parts.push(("se", column)),
                Precision::Variance(column) => parts.push(("variance", column)),
                Precision::Limits { lower, upper, .. } => parts.extend([("lower", lower), ("upper", upper)]),
            }
            parts
        }
    };
    parts.into_iter().find(|(_, place)| *place == column).map(|(role, _)| role)
}

/// Why a column of a known name is not taken.
fn not_taken(contents: Contents<'_>, column: usize) -> Option<String> {
    if contents.is_row_index(column) {
        return Some("the numbers of the rows".to_owned());
    }
    let role: &Role = role_by_name(contents, column)?;
    let why = if contents.is_words(column) { ", but it holds no number" } else { "; not taken" };
    Some(format!("a name for {}{why}", role.what))
}

fn plural(role: &str) -> String {
    match role {
        "study" => "studies".to_owned(),
        "events" => "events".to_owned(),
        "percent" => "percentages".to_owned(),
        other => format!("{other}s"),
    }
}
