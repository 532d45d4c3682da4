//! The columns of a table and what they are read as, as text, Markdown, CSV and a document.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::csv;
use super::document::{Document, Format, displayed};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data::{FoundBy, TableColumn, TableColumns};
use crate::format::{grouped, sanitize};

/// A column as the document has it.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    position: usize,
    role: Option<&'static str>,
    by: Option<FoundBy>,
    why: &'a str,
    holds: &'a str,
    values: usize,
    missing: usize,
    example: &'a str,
}

impl<'a> Row<'a> {
    fn of(column: &'a TableColumn) -> Self {
        let TableColumn { name, position, role, by, why, holds, values, missing, example } = column;
        Self {
            name,
            position: *position,
            role: *role,
            by: *by,
            why,
            holds,
            values: *values,
            missing: *missing,
            example,
        }
    }
}

impl Serialize for TableColumns {
    /// The document `metaprop/columns/1`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        let mut document = to.serialize_struct("TableColumns", 10)?;
        document.serialize_field("schema", Self::SCHEMA)?;
        document.serialize_field("provenance", &self.provenance)?;
        // There is nothing to choose.
        document.serialize_field("spec", &None::<()>)?;
        document.serialize_field("rows", &self.rows)?;
        document.serialize_field("header_line", &self.header_line)?;
        document.serialize_field("delimiter", &self.delimiter)?;
        document.serialize_field("encoding", &self.encoding)?;
        document.serialize_field("decimal", &self.decimal.sign())?;
        document.serialize_field("columns", &self.columns.iter().map(Row::of).collect::<Vec<_>>())?;
        document.serialize_field("problems", &problems)?;
        document.end()
    }
}

impl Document for TableColumns {
    const SCHEMA: &'static str = "metaprop/columns/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        let page = table_text(&table(self), Paint { color });
        format!("{page}\n{}\n", sanitize(&summary(self)))
    }

    fn markdown(&self) -> String {
        let title = format!("# The columns of {}", markdown::escaped(&self.provenance.data));
        let mut blocks = vec![title, markdown::escaped(&summary(self))];
        blocks.extend(markdown::captioned(&table(self)));
        blocks.join("\n\n") + "\n"
    }

    /// A row a column.
    fn csv(&self) -> Option<String> {
        let mut text = "position,name,role,by,why,holds,values,missing,example\n".to_owned();
        for column in &self.columns {
            let by = column.by.map(FoundBy::key).unwrap_or_default();
            let cells = [
                &*column.position.to_string(),
                &csv::field(&column.name),
                column.role.unwrap_or_default(),
                by,
                &csv::field(&column.why),
                &csv::field(&column.holds),
                &column.values.to_string(),
                &column.missing.to_string(),
                &csv::field(&column.example),
            ];
            text.push_str(&format!("{}\n", cells.join(",")));
        }
        Some(text)
    }
}

displayed!(TableColumns);

/// How the table is written: its sheet, rows, header, delimiter, decimal mark and encoding.
fn summary(columns: &TableColumns) -> String {
    let rows =
        if columns.rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(columns.rows as u64)) };
    let mut parts = vec![rows];
    parts.extend(columns.provenance.sheet.iter().map(|sheet| format!("sheet '{sheet}'")));
    parts.extend(columns.header_line.map(|line| format!("header on line {line}")));
    parts.extend(columns.delimiter.map(|delimiter| match delimiter {
        '\t' => "columns separated by tabs".to_owned(),
        delimiter => format!("columns separated by '{delimiter}'"),
    }));
    parts.push(format!("decimal mark '{}'", columns.decimal.sign()));
    parts.extend(columns.encoding.map(str::to_owned));
    format!("{}.", parts.join(", "))
}

fn table(columns: &TableColumns) -> Table {
    let heads = [
        ("column", Align::Right),
        ("name", Align::Left),
        ("read as", Align::Left),
        ("why", Align::Left),
        ("holds", Align::Left),
        ("missing", Align::Right),
        ("example", Align::Left),
    ];
    let mut table = Table::new("What each column is read as", &heads);
    for column in &columns.columns {
        table.push([
            format!("#{}", column.position),
            sanitize(&column.name).into_owned(),
            column.role.unwrap_or("-").to_owned(),
            sanitize(&column.why).into_owned(),
            column.holds.clone(),
            grouped(column.missing as u64),
            shortened(&column.example),
        ]);
    }
    table
}

/// The beginning of an example.
fn shortened(example: &str) -> String {
    const LONGEST: usize = 24;
    let cut: String = example.chars().take(LONGEST).collect();
    let more = if cut.len() < example.len() { "…" } else { "" };
    format!("{}{more}", sanitize(&cut))
}
