//! Count tables that the printed figures of two outcomes may have come from, as text, Markdown and a document.

use serde::Serialize;

use super::document::{Document, displayed};
use super::json;
use super::markdown;
use super::table::{Align, Row, Table};
use super::text::sentences_and_tables;
use crate::data::Provenance;
use crate::format::{fixed, grouped, sanitize};
use crate::published::claim::Claim;
use crate::published::reconstruct::joint::{
    JointRanges, JointReconstruction, JointRow, KnownStudy, OutcomeRanges,
};

/// How many tables are shown to people; the document has all that were asked for.
const SHOWN: usize = 3;

/// A search for tables of two outcomes, what it was for, and what it found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/reconstruct-joint/1")]
pub struct JointReport {
    /// That of the first known studies.
    provenance: Provenance,
    #[serde(serialize_with = "json::printed")]
    printed: Claim,
    #[serde(serialize_with = "json::printed")]
    also_printed: Claim,
    known: Vec<Provenance>,
    #[serde(flatten)]
    found: JointReconstruction,
}

impl JointReport {
    /// What was found for the printed figures of two outcomes; `known` is where the known studies come from.
    #[must_use]
    pub fn new(
        known: Vec<Provenance>,
        [printed, also_printed]: [Claim; 2],
        found: JointReconstruction,
    ) -> Self {
        let provenance = known.first().cloned().unwrap_or_default();
        Self { provenance, printed, also_printed, known, found }
    }

    /// What was found.
    #[must_use]
    pub fn found(&self) -> &JointReconstruction {
        &self.found
    }
}

impl Document for JointReport {
    const SCHEMA: &'static str = "metaprop/reconstruct-joint/1";

    fn text(&self, color: bool) -> String {
        sentences_and_tables(&sentences(self), &tables(self), color)
    }

    fn markdown(&self) -> String {
        let title = "# Tables consistent with the printed figures of both outcomes".to_string();
        markdown::page(title, &sentences(self), &tables(self))
    }
}

displayed!(JointReport);

pub(super) fn sentences(report: &JointReport) -> Vec<String> {
    let found = &report.found;
    let mut sentences = vec![found.sentence()];
    if found.stopped {
        sentences.push("The search was stopped before its end.".to_string());
    }
    sentences.extend(found.selections.filter(|[all, _]| *all > 1).map(|[all, out]| {
        let (all, out) = (grouped(all), grouped(out));
        format!(
            "The known studies can be taken in {all} ways; for {out} of them the figures of one outcome alone show that no table exists."
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
fn common(common: &JointRanges) -> String {
    let whole = |[low, high]: [u64; 2]| {
        if low == high { low.to_string() } else { format!("{low} to {high}") }
    };
    let of_outcome = |of: &OutcomeRanges, name: &str| {
        let i2 = of.i2.map(|[low, high]| format!(" (I² {}% to {}%)", fixed(low, 1), fixed(high, 1)));
        format!("{} events of the {name} outcome{}", whole(of.events), i2.unwrap_or_default())
    };
    let [first, second] = &common.outcomes;
    let [first, second] = [of_outcome(first, "first"), of_outcome(second, "second")];
    format!(
        "Over all that were found: {first}, {second}, {} people with neither; {} unknown studies with {} people.",
        whole(common.neither),
        whole(common.unknown_rows),
        whole(common.unknown_total)
    )
}

/// The first tables, or the nearest where there is none.
pub(super) fn tables(report: &JointReport) -> Vec<Table> {
    let found = &report.found;
    let numbered = (1..).zip(&found.tables).take(SHOWN);
    let mut tables: Vec<Table> = numbered
        .map(|(number, rows)| table(&format!("Reconstruction {number} of {}", found.tables.len()), rows))
        .collect();
    if tables.is_empty() {
        tables.extend(found.nearest.as_ref().map(|nearest| {
            table("The nearest table, which does not give the printed figures", &nearest.rows)
        }));
    }
    tables
}

fn table(caption: &str, rows: &[JointRow]) -> Table {
    let columns = [
        ("study", Align::Left),
        ("first outcome", Align::Right),
        ("second outcome", Align::Right),
        ("total", Align::Right),
        ("origin", Align::Left),
    ];
    let mut table = Table::new(caption, &columns);
    for row in rows {
        let origin = match (row.known, row.known_events) {
            (true, [true, true]) => "known",
            (true, [true, false]) => "known; second outcome reconstructed",
            (true, [false, true]) => "known; first outcome reconstructed",
            _ => "reconstructed, made up to fit",
        };
        let cells = [
            sanitize(&row.study).into_owned(),
            row.events.to_string(),
            row.also_events.to_string(),
            row.total.to_string(),
            origin.to_string(),
        ];
        table.body.push(Row { made_up: row.known_events != [true, true], ..Row::new(cells.into()) });
    }
    table
}

/// What was found with some of the known studies: a row a search, headed by what was in or out.
pub(crate) fn by_study(caption: &str, head: &str, searches: &[(KnownStudy, JointReconstruction)]) -> Table {
    let columns = [
        (head, Align::Left),
        ("first + second outcome", Align::Left),
        ("tables found", Align::Right),
        ("so", Align::Left),
    ];
    let mut table = Table::new(caption, &columns);
    for (study, found) in searches {
        let so = match (found.found, found.exhaustive) {
            (0, true) => "none exists".to_string(),
            (0, false) => format!("none found in {} tries", found.tries),
            _ => format!("in {} tries", found.tries),
        };
        table.push([sanitize(&study.study).into_owned(), study.counts(), found.found.to_string(), so]);
    }
    table
}
