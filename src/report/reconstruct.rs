//! Count tables that a printed summary may have come from, as text, Markdown and a document.

use serde::Serialize;

use super::document::{Document, displayed};
use super::json;
use super::markdown;
use super::opening::counts_of;
use super::table::{Align, Row, Table};
use super::text::sentences_and_tables;
use crate::data::Provenance;
use crate::format::{counted, fixed, sanitize};
use crate::published::claim::Claim;
use crate::published::reconstruct::{CommonRanges, KnownRow, NearestTable, ReconstructedRow, Reconstruction};

/// How many tables are shown to people; the document has all that were asked for.
const SHOWN: usize = 3;

/// A search for tables, what it was for, and what it found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/reconstruct/1")]
pub struct ReconstructReport {
    /// That of the first known rows.
    provenance: Provenance,
    #[serde(serialize_with = "json::printed")]
    printed: Claim,
    known: Vec<Provenance>,
    #[serde(flatten)]
    found: Reconstruction,
}

impl ReconstructReport {
    /// What was found for the printed figures; `known` is where the known rows come from.
    #[must_use]
    pub fn new(known: Vec<Provenance>, printed: Claim, found: Reconstruction) -> Self {
        Self { provenance: known.first().cloned().unwrap_or_default(), printed, known, found }
    }

    /// What was found.
    #[must_use]
    pub fn found(&self) -> &Reconstruction {
        &self.found
    }
}

impl Document for ReconstructReport {
    const SCHEMA: &'static str = "metaprop/reconstruct/1";

    fn text(&self, color: bool) -> String {
        sentences_and_tables(&sentences(self), &tables(self), color)
    }

    fn markdown(&self) -> String {
        let title = "# Tables consistent with the printed figures".to_string();
        markdown::page(title, &sentences(self), &tables(self))
    }
}

displayed!(ReconstructReport);

pub(super) fn sentences(reconstructed: &ReconstructReport) -> Vec<String> {
    let found = &reconstructed.found;
    let mut sentences = vec![found.sentence()];
    if found.by_size.len() > 1 {
        sentences.extend(found.by_k());
    }
    if found.stopped {
        sentences.push("The search was stopped before its end.".to_string());
    }
    let sizes = if found.by_size.len() > 1 { "Over all sizes the" } else { "The" };
    sentences.extend(found.selections.filter(|[all, _]| *all > 1).map(|[all, out]| {
        format!(
            "{sizes} known rows can be taken in {all} ways; in {out} of them a bound shows that no table exists."
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
fn common(common: &CommonRanges) -> String {
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
    let mut tables: Vec<Table> =
        numbered.map(|(number, rows)| table(&caption(found, number), rows)).collect();
    if tables.is_empty() {
        tables.extend(found.nearest.as_ref().map(|nearest| {
            table("The nearest table, which does not give the printed figures", &nearest.rows)
        }));
    }
    tables
}

/// With the size of the table where several were searched.
fn caption(found: &Reconstruction, number: usize) -> String {
    let size = found.table_sizes.get(number - 1);
    let size = size.map(|size| {
        format!(": {}, {}", counted(size.k, "study", "studies"), counted(size.total, "person", "people"))
    });
    let size = size.unwrap_or_default();
    format!("Reconstruction {number} of {}{size}", found.tables.len())
}

fn table(caption: &str, rows: &[ReconstructedRow]) -> Table {
    let columns =
        [("study", Align::Left), ("events", Align::Right), ("total", Align::Right), ("origin", Align::Left)];
    let mut table = Table::new(caption, &columns);
    for row in rows {
        let origin = if row.known { "known" } else { "reconstructed, made up to fit" };
        let cells = [
            sanitize(&row.study).into_owned(),
            row.events.to_string(),
            row.total.to_string(),
            origin.to_string(),
        ];
        table.body.push(Row { made_up: !row.known, ..Row::new(cells.into()) });
    }
    table
}

/// What was found with some of the known rows: a row a search, headed by what was in or out.
pub(crate) fn by_study(caption: &str, head: &str, searches: &[(KnownRow, Reconstruction)]) -> Table {
    let columns = [
        (head, Align::Left),
        ("counts", Align::Left),
        ("tables found", Align::Right),
        ("so", Align::Left),
        ("nearest", Align::Left),
    ];
    let mut table = Table::new(caption, &columns);
    for (row, found) in searches {
        let so = match (found.found, found.exhaustive) {
            (0, true) => "none exists".to_string(),
            (0, false) => format!("none found in {} tries", found.tries),
            (_, true) => "these are all".to_string(),
            (_, false) => format!("in {} tries", found.tries),
        };
        let nearest = found.nearest.as_ref().filter(|_| found.found == 0).map(NearestTable::figures);
        table.push([
            row.study.clone(),
            counts_of(row),
            found.found.to_string(),
            so,
            nearest.unwrap_or_default(),
        ]);
    }
    table
}
