//! The percentages of a table, each held against its total, as text, Markdown, CSV and a document.

use serde::Serialize;

use super::csv;
use super::json::{self, Provenance};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data::{Excluded, PercentRow, Percentages};
use crate::format::{grouped, sanitize};
use crate::printed::Consistency;

/// The name and version of the document.
pub const SCHEMA: &str = "metaprop/percentages/1";

/// A row with its verdict.
#[derive(Serialize)]
struct Judged<'a> {
    study: &'a str,
    line: u32,
    percent: String,
    total: u64,
    possible: bool,
    rounding: Consistency,
    /// The first and the last count that give it.
    events: Option<[u64; 2]>,
    ambiguity: u64,
    /// The count that `metaprop pool` takes.
    taken: Option<u64>,
    sentence: String,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    /// There is nothing to choose.
    spec: Option<()>,
    column: &'a str,
    possible: usize,
    impossible: usize,
    rows: Vec<Judged<'a>>,
    excluded: &'a [Excluded],
}

impl<'a> Judged<'a> {
    fn of(row: &'a PercentRow) -> Self {
        let derived = row.derived();
        let grim = row.grim().ok();
        Self {
            study: &row.study,
            line: row.line,
            percent: row.percent.to_string(),
            total: row.total,
            possible: derived.is_some(),
            rounding: grim.as_ref().map_or(Consistency::No, |grim| grim.rounding),
            events: derived.map(|derived| derived.counts),
            ambiguity: derived.map_or(0, |derived| derived.ambiguity()),
            taken: derived.map(|derived| derived.taken),
            sentence: grim.map(|grim| grim.sentence()).unwrap_or_default(),
        }
    }

    fn verdict(&self) -> &'static str {
        match (self.possible, self.ambiguity, self.rounding) {
            (false, ..) => "impossible",
            (true, 1, Consistency::Truncation) => "one count, digits cut off",
            (true, 1, _) => "one count",
            (true, _, Consistency::Truncation) => "several counts, digits cut off",
            (true, ..) => "several counts",
        }
    }
}

/// The document.
#[must_use]
pub fn json(percentages: &Percentages) -> String {
    let impossible = percentages.impossible();
    json::document(&Document {
        schema: SCHEMA,
        provenance: Provenance::new(&percentages.provenance),
        spec: None,
        column: &percentages.column,
        possible: percentages.rows.len() - impossible,
        impossible,
        rows: percentages.rows.iter().map(Judged::of).collect(),
        excluded: &percentages.excluded,
    })
}

/// A row a study.
#[must_use]
pub fn csv(percentages: &Percentages) -> String {
    let mut text = "study,line,percent,total,verdict,first,last,taken\n".to_string();
    for row in percentages.rows.iter().map(Judged::of) {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let [first, last] = [0, 1].map(|end: usize| number(row.events.map(|events| events[end])));
        let cells = [
            csv::field(row.study).into_owned(),
            row.line.to_string(),
            csv::field(&row.percent).into_owned(),
            row.total.to_string(),
            csv::field(row.verdict()).into_owned(),
            first,
            last,
            number(row.taken),
        ];
        text.push_str(&format!("{}\n", cells.join(",")));
    }
    for row in &percentages.excluded {
        let [study, why] =
            [&*row.study, &format!("left out: {}", row.reason)].map(|cell| csv::field(cell).into_owned());
        text.push_str(&format!("{study},{},,,{why},,,\n", row.line));
    }
    text
}

/// On a terminal.
#[must_use]
pub fn text(percentages: &Percentages, color: bool) -> String {
    let mut page = String::new();
    page.push_str(&table_text(&table(percentages), Paint { color }));
    let remarks = remarks(percentages);
    page.push_str(&format!("\n{}\n", sanitize(&summary(percentages))));
    remarks.iter().for_each(|remark| page.push_str(&format!("  {}\n", sanitize(remark))));
    page
}

/// In Markdown.
#[must_use]
pub fn markdown(percentages: &Percentages) -> String {
    let title = format!(
        "# The percentages of {}, column {}",
        markdown::escaped(&percentages.provenance.data),
        markdown::escaped(&percentages.column)
    );
    let mut blocks = vec![title, markdown::escaped(&summary(percentages))];
    let remarks: Vec<String> =
        remarks(percentages).iter().map(|remark| format!("- {}", markdown::escaped(remark))).collect();
    if !remarks.is_empty() {
        blocks.push(remarks.join("\n"));
    }
    blocks.extend(markdown::captioned(&table(percentages)));
    blocks.join("\n\n") + "\n"
}

fn summary(percentages: &Percentages) -> String {
    let (all, impossible) = (percentages.rows.len(), percentages.impossible());
    let several = percentages.rows.iter().filter_map(PercentRow::derived).filter(|it| it.ambiguity() > 1);
    format!(
        "{} rows: {} impossible, {} with more than one count.",
        grouped(all as u64),
        grouped(impossible as u64),
        grouped(several.count() as u64)
    )
}

/// A sentence a row that is impossible, and one a row that was left out.
fn remarks(percentages: &Percentages) -> Vec<String> {
    let judged = percentages.rows.iter().filter(|row| row.derived().is_none()).map(Judged::of);
    let judged = judged.map(|row| format!("{} (line {}): {}", row.study, row.line, row.sentence));
    let left_out = percentages.excluded.iter();
    let left_out = left_out.map(|row| format!("{} (line {}): left out: {}", row.study, row.line, row.reason));
    judged.chain(left_out).collect()
}

fn table(percentages: &Percentages) -> Table {
    let columns = [
        ("study", Align::Left),
        ("line", Align::Right),
        ("percent", Align::Right),
        ("total", Align::Right),
        ("counts", Align::Left),
        ("taken", Align::Right),
        ("verdict", Align::Left),
    ];
    let mut table = Table::new("What each percentage can count", &columns);
    for row in percentages.rows.iter().map(Judged::of) {
        let counts = match row.events {
            None => String::new(),
            Some([first, last]) if first == last => first.to_string(),
            Some([first, last]) => format!("{first} to {last}"),
        };
        table.push([
            sanitize(row.study).into_owned(),
            row.line.to_string(),
            row.percent.clone(),
            row.total.to_string(),
            counts,
            row.taken.map(|taken| taken.to_string()).unwrap_or_default(),
            row.verdict().to_string(),
        ]);
    }
    table
}
