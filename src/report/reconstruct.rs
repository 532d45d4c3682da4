//! Count tables that a printed summary may have come from, as text, Markdown and a document.

use serde::Serialize;

use super::json::{self, Provenance};
use super::markdown;
use super::table::{Align, Table};
use super::text::sentences_and_tables;
use crate::data;
use crate::format::{fixed, sanitize};
use crate::published::claim::Claim;
use crate::published::reconstruct::{Known, Reconstruction, Row, Summary};

/// The name and version of the document.
pub const SCHEMA: &str = "metaprop/reconstruct/1";

/// How many tables are shown to people; the document has all that were asked for.
const SHOWN: usize = 3;

/// A search for tables, what it was for, and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct ReconstructReport {
    /// Where the known rows come from.
    pub known: Vec<data::Provenance>,
    /// What was printed.
    pub printed: Claim,
    /// What was found.
    pub found: Reconstruction,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    printed: Vec<PrintedDocument>,
    known: Vec<Provenance<'a>>,
    #[serde(flatten)]
    found: &'a Reconstruction,
}

#[derive(Serialize)]
struct PrintedDocument {
    field: &'static str,
    printed: String,
}

/// The document.
#[must_use]
pub fn json(reconstructed: &ReconstructReport) -> String {
    let none = data::Provenance::default();
    let entries = reconstructed.printed.entries.iter();
    json::document(&Document {
        schema: SCHEMA,
        provenance: Provenance::new(reconstructed.known.first().unwrap_or(&none)),
        printed: entries
            .map(|entry| PrintedDocument { field: entry.field.key(), printed: entry.printed.to_string() })
            .collect(),
        known: reconstructed.known.iter().map(Provenance::new).collect(),
        found: &reconstructed.found,
    })
}

/// On a terminal.
#[must_use]
pub fn text(reconstructed: &ReconstructReport, color: bool) -> String {
    sentences_and_tables(&sentences(reconstructed), &tables(reconstructed), color)
}

/// In Markdown.
#[must_use]
pub fn markdown(reconstructed: &ReconstructReport) -> String {
    let sentences: Vec<String> =
        sentences(reconstructed).iter().map(|sentence| markdown::escaped(sentence)).collect();
    let mut blocks = vec!["# Tables consistent with the printed figures".to_string(), sentences.join(" ")];
    blocks.extend(tables(reconstructed).iter().flat_map(markdown::captioned));
    blocks.join("\n\n") + "\n"
}

pub(super) fn sentences(reconstructed: &ReconstructReport) -> Vec<String> {
    let found = &reconstructed.found;
    let mut sentences = vec![found.sentence()];
    if found.stopped {
        sentences.push("The search was stopped before its end.".to_string());
    }
    sentences.extend(found.selections.filter(|[all, _]| *all > 1).map(|[all, out]| {
        format!(
            "The known rows can be taken in {all} ways; in {out} of them a bound shows that no table exists."
        )
    }));
    if found.found > 0 {
        sentences.push(
            "Every table is a reconstruction: what the data may have been, not what they were.".to_string(),
        );
        sentences.extend(found.common.as_ref().map(common));
    }
    sentences
}

/// What all tables found have in common.
fn common(common: &Summary) -> String {
    let whole =
        |[low, high]: [u64; 2]| if low == high { low.to_string() } else { format!("{low} to {high}") };
    let mut parts = vec![
        format!("{} events", whole(common.events)),
        format!(
            "{} unknown rows with {} people and {} events",
            whole(common.unknown_rows),
            whole(common.unknown_total),
            whole(common.unknown_events)
        ),
    ];
    parts.extend(common.i2.map(|[low, high]| format!("I² {}% to {}%", fixed(low, 1), fixed(high, 1))));
    format!("Over all that were found: {}.", parts.join(", "))
}

/// The first tables, or the nearest where there is none.
pub(super) fn tables(reconstructed: &ReconstructReport) -> Vec<Table> {
    let found = &reconstructed.found;
    let numbered = (1..).zip(&found.tables).take(SHOWN);
    let mut tables: Vec<Table> = numbered
        .map(|(number, rows)| table(&format!("Reconstruction {number} of {}", found.tables.len()), rows))
        .collect();
    if tables.is_empty() {
        tables.extend(
            found
                .nearest
                .as_ref()
                .map(|told| table("The nearest table, which does not give the printed figures", &told.rows)),
        );
    }
    tables
}

fn table(caption: &str, rows: &[Row]) -> Table {
    let columns =
        [("study", Align::Left), ("events", Align::Right), ("total", Align::Right), ("origin", Align::Left)];
    let mut table = Table::new(caption, &columns);
    for row in rows {
        let origin = if row.known { "known" } else { "made up to fit" };
        table.push([
            sanitize(&row.study).into_owned(),
            row.events.to_string(),
            row.total.to_string(),
            origin.to_string(),
        ]);
    }
    table
}

/// With each known row left out in turn, what was found: which of them can be the one that was not there.
pub(crate) fn each_left_out(searches: &[(Known, Reconstruction)]) -> Table {
    let columns = [
        ("left out", Align::Left),
        ("counts", Align::Left),
        ("tables found", Align::Right),
        ("so", Align::Left),
        ("nearest", Align::Left),
    ];
    let mut table = Table::new("With one of the known rows left out", &columns);
    for (row, found) in searches {
        let so = match (found.found, found.exhaustive) {
            (0, true) => "none exists".to_string(),
            (0, false) => format!("none found in {} tries", found.tries),
            (_, true) => "these are all".to_string(),
            (_, false) => format!("in {} tries", found.tries),
        };
        let nearest = found.nearest.as_ref().filter(|_| found.found == 0).map(|told| {
            let percent = |value: f64| format!("{}%", fixed(100.0 * value, 2));
            let limits = told.lower.zip(told.upper);
            let interval = limits.map(|(low, high)| format!(" ({} to {})", percent(low), percent(high)));
            format!("{}{}", percent(told.estimate), interval.unwrap_or_default())
        });
        let counts: Vec<String> =
            row.readings.iter().map(|counts| format!("{}/{}", counts.events(), counts.total())).collect();
        table.push([
            row.study.clone(),
            counts.join(" or "),
            found.found.to_string(),
            so,
            nearest.unwrap_or_default(),
        ]);
    }
    table
}
