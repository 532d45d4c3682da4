//! Tables in JSON and JSON lines.
//!
//! What R, pandas and others write is read: an array of objects, or an object a line (the rows); an object of arrays or
//! of objects (the columns); arrays of cells with the names first, or beside them as `columns` and `data`; and an object
//! with one of these inside. A cell is the text of its value; `null` is an empty one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cells::Cells;
use super::table::Table;
use super::text::{ending, line_ends, refused};
use crate::error::{Error, Problem};

const EXPECTED: &str = "give an array of objects, one a study: [{\"study\": \"A\", \"events\": 12, \"total\": 50}, …], or one object a line";

/// Whether a text is JSON: it begins so, or its file's name ends so.
pub(super) fn is_json(text: &str, file: &str) -> bool {
    let text = text.trim_start();
    let after = text.get(1..).unwrap_or_default().trim_start();
    let begins = text.starts_with('{') || (text.starts_with('[') && after.starts_with(['{', '[', ']']));
    begins || matches!(&*ending(file), "json" | "jsonl" | "ndjson")
}

/// The table in a text.
///
/// # Errors
///
/// [`Error::Data`] where the text is no JSON, or holds no table.
pub(super) fn read(text: &str, file: &str) -> Result<Table, Error> {
    let values =
        serde_json::Deserializer::from_str(text.trim_start_matches('\u{FEFF}')).into_iter::<&RawValue>();
    let values: Vec<&RawValue> = values.collect::<Result<_, _>>().map_err(|error| broken(&error, file))?;
    let Shape { names, rows } = match values[..] {
        [] => return Err(refused(file, "the file is empty", EXPECTED)),
        [value] => of_value(value, true),
        _ => of_rows(&values),
    }
    .ok_or_else(|| refused(file, "no table is found in this JSON", EXPECTED))
    .and_then(|shape| if shape.is_result() { Err(result(file)) } else { Ok(shape) })?;
    let (mut cells, mut line, mut read) = (Cells::default(), 1_u32, 0);
    for row in &rows {
        let start = row.iter().flatten().map(|cell| place(text, cell)).min().unwrap_or(read);
        if start > read {
            line = line.saturating_add(line_ends(text.as_bytes(), read..start));
            read = start;
        }
        let texts: Vec<Cow<'_, str>> =
            row.iter().map(|cell| cell.map_or(Cow::Borrowed(""), of_cell)).collect();
        cells.push(line, texts.iter().map(AsRef::as_ref));
    }
    Ok(Table::of_records(names, cells))
}

/// Where a value stands in the text.
fn place(text: &str, value: &RawValue) -> usize {
    (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

fn broken(error: &serde_json::Error, file: &str) -> Error {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    let what = format!("this is not JSON that can be read, at column {}: {why}", error.column());
    Error::Data(vec![Problem::new(what).at(file, error.line() as u64).help(EXPECTED)])
}

fn result(file: &str) -> Error {
    let what = "this is a result document of metaprop, and no table";
    refused(file, what, "run it again with --from, or give the table as CSV")
}

/// The names of the columns, and the cells of each row.
#[derive(Debug, Default)]
struct Shape<'a> {
    names: Vec<String>,
    rows: Vec<Vec<Option<&'a RawValue>>>,
}

impl Shape<'_> {
    /// Whether this is a document of this program and no table.
    fn is_result(&self) -> bool {
        let schema = self.names.iter().position(|name| name == "schema");
        let value = schema.and_then(|column| self.rows.first()?.get(column).copied().flatten());
        value.is_some_and(|value| value.get().starts_with("\"metaprop/"))
    }
}

/// The table in one value; an object of plain values is a row.
fn of_value(value: &RawValue, is_row: bool) -> Option<Shape<'_>> {
    if let Some(elements) = elements(value) {
        return of_rows(&elements);
    }
    let members = members(value)?;
    if let Some(shape) = of_split(&members) {
        return Some(shape);
    }
    let is_table = |value: &RawValue| value.get().starts_with('[') || value.get().starts_with('{');
    let names = || members.iter().map(|(name, _)| name.clone()).collect();
    if members.iter().any(|(name, _)| name == "schema") || !members.iter().any(|(_, value)| is_table(value)) {
        let row = members.iter().map(|(_, value)| Some(*value)).collect();
        return is_row.then(|| Shape { names: names(), rows: vec![row] });
    }
    if members.iter().all(|(_, value)| is_table(value) && !holds_tables(value)) {
        return Some(of_columns(names(), &members));
    }
    let mut inside = members.iter().filter_map(|(_, value)| of_value(value, false));
    let first = inside.next()?;
    inside.next().is_none().then_some(first)
}

/// Whether the first value in an array or object is an array or object itself.
fn holds_tables(value: &RawValue) -> bool {
    let inside = value.get().get(1..).unwrap_or_default().trim_start();
    let inside = if value.get().starts_with('{') {
        inside.split_once(':').map_or("", |(_, value)| value)
    } else {
        inside
    };
    inside.trim_start().starts_with(['[', '{'])
}

/// Rows that are objects, or arrays of which the first has the names.
fn of_rows<'a>(rows: &[&'a RawValue]) -> Option<Shape<'a>> {
    if rows.iter().all(|row| row.get().starts_with('[')) {
        let mut rows = rows.iter().filter_map(|row| elements(row));
        let names = rows.next()?.iter().map(|name| of_cell(name).into_owned()).collect();
        return Some(Shape { names, rows: rows.map(|row| row.into_iter().map(Some).collect()).collect() });
    }
    let mut shape = Shape::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let mut cells = vec![None; shape.names.len()];
        for (name, value) in members(row)? {
            let place = *places.entry(name).or_insert_with_key(|name| {
                shape.names.push(name.clone());
                cells.push(None);
                shape.names.len() - 1
            });
            cells[place] = Some(value);
        }
        shape.rows.push(cells);
    }
    (!shape.names.is_empty()).then_some(shape)
}

/// `columns` beside `data`, as pandas writes a table with `orient="split"`.
fn of_split<'a>(members: &[(String, &'a RawValue)]) -> Option<Shape<'a>> {
    let member = |name: &str| members.iter().find(|(other, _)| other == name).map(|(_, value)| *value);
    let names = elements(member("columns")?)?.iter().map(|name| of_cell(name).into_owned()).collect();
    let rows = elements(member("data")?)?
        .into_iter()
        .map(|row| Some(elements(row)?.into_iter().map(Some).collect()));
    Some(Shape { names, rows: rows.collect::<Option<_>>()? })
}

/// Columns that are arrays, or objects with a member a row.
fn of_columns<'a>(names: Vec<String>, members: &[(String, &'a RawValue)]) -> Shape<'a> {
    let columns: Vec<Vec<&RawValue>> = members.iter().map(|(_, column)| values(column)).collect();
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row = |row: usize| columns.iter().map(|column| column.get(row).copied()).collect();
    Shape { names, rows: (0..rows).map(row).collect() }
}

fn values(value: &RawValue) -> Vec<&RawValue> {
    elements(value)
        .or_else(|| Some(members(value)?.into_iter().map(|(_, value)| value).collect()))
        .unwrap_or_default()
}

fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    if value.get().starts_with('[') { serde_json::from_str(value.get()).ok() } else { None }
}

fn members(value: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(value.get()).ok().map(|members| members.0)
}

/// The text of a value: strings without quotes, `null` as nothing.
fn of_cell(value: &RawValue) -> Cow<'_, str> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_or(Cow::Borrowed(text), Cow::Owned),
        _ if text == "null" => Cow::Borrowed(""),
        _ => Cow::Borrowed(text),
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
