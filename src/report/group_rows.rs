//! Rows of many groups: as CSV, as JSON lines, and as a table of the first of them.
//!
//! A row is one line, and begins with the values of its group, so that a file that was cut off in the middle of a row can
//! be gone on with.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cells::{p_cell, variances};
use super::csv::field;
use super::json::{self, Layout};
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::text::sentences_and_tables;
use crate::advisory::Code;
use crate::analysis::GroupRow;
use crate::format::{NumberFormat, counted, grouped};

/// What stands in a row behind the values of its group.
pub(crate) const FIELDS: [&str; 17] = [
    "k",
    "events",
    "total",
    "estimate",
    "lower",
    "upper",
    "y",
    "se",
    "tau2",
    "i2",
    "q",
    "p",
    "prediction_lower",
    "prediction_upper",
    "excluded",
    "advisories",
    "error",
];

/// The first line of a CSV file of rows.
pub(crate) fn csv_header(columns: &[String]) -> String {
    let names = columns.iter().map(String::as_str).chain(FIELDS);
    format!("{}\n", names.map(field).collect::<Vec<_>>().join(","))
}

/// What the row of a group with these values begins with in CSV.
pub(crate) fn csv_key(values: &[String]) -> String {
    values.iter().map(|value| format!("{},", field(value))).collect()
}

/// A row of a CSV file.
pub(crate) fn csv_row(row: &GroupRow) -> String {
    let counts = [row.k.map(|k| k as u64), row.events, row.total];
    let counts = counts.map(|count| count.map(|count| count.to_string()));
    let numbers = numbers(row).map(|number| number.map(|number| format!("{number:?}")));
    let codes: Vec<String> = row.advisories.iter().map(|code| key(*code)).collect();
    let last =
        [row.excluded.to_string(), codes.join(" "), field(row.error.as_deref().unwrap_or_default()).into()];
    let fields = counts.into_iter().chain(numbers).map(Option::unwrap_or_default).chain(last);
    format!("{}{}\n", csv_key(&row.values), fields.collect::<Vec<_>>().join(","))
}

/// Whether a whole row of a CSV file has an error: its last field is not empty.
pub(crate) fn csv_has_error(line: &str) -> bool {
    !line.trim_end().ends_with(',')
}

/// The numbers of a row, from the estimate to the prediction limits.
pub(crate) fn numbers(row: &GroupRow) -> [Option<f64>; 11] {
    let GroupRow {
        estimate, lower, upper, y, se, tau2, i2, q, p, prediction_lower, prediction_upper, ..
    } = *row;
    let all = [estimate, lower, upper, y, se, tau2, i2, q, p, prediction_lower, prediction_upper];
    all.map(|number| number.filter(|number| number.is_finite()))
}

/// The code of an advisory as documents write it: `few-studies`.
pub(crate) fn key(code: Code) -> String {
    serde_json::to_string(&code).unwrap_or_default().trim_matches('"').to_owned()
}

/// A row with the names of its columns.
struct Named<'a> {
    columns: &'a [String],
    row: &'a GroupRow,
}

/// The values of a group with the names of their columns.
struct Key<'a> {
    columns: &'a [String],
    values: &'a [String],
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { columns, row } = *self;
        let mut map = to.serialize_map(None)?;
        for (column, value) in columns.iter().zip(&row.values) {
            map.serialize_entry(column, value)?;
        }
        let counts = [row.k.map(|k| k as u64), row.events, row.total];
        for (name, count) in FIELDS.iter().zip(counts) {
            map.serialize_entry(name, &count)?;
        }
        for (name, number) in FIELDS.iter().skip(counts.len()).zip(numbers(row)) {
            map.serialize_entry(name, &number)?;
        }
        map.serialize_entry("excluded", &row.excluded)?;
        map.serialize_entry("advisories", &row.advisories)?;
        map.serialize_entry("error", &row.error)?;
        map.end()
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.columns.iter().zip(self.values))
    }
}

/// What the row of a group with these values begins with in JSON.
pub(crate) fn json_key(columns: &[String], values: &[String]) -> String {
    let key = json::text(&Key { columns, values }, Layout::Line);
    format!("{},", key.trim_end().trim_end_matches('}'))
}

/// A row of JSON lines.
pub(crate) fn json_row(columns: &[String], row: &GroupRow) -> String {
    json::text(&Named { columns, row }, Layout::Line)
}

/// Whether a whole row of JSON lines has an error.
pub(crate) fn json_has_error(line: &str) -> bool {
    !line.trim_end().ends_with("\"error\":null}")
}

/// The first rows as a table, where there are so many in all.
pub(crate) fn text(
    columns: &[String],
    rows: &[GroupRow],
    all: usize,
    display: NumberFormat,
    color: bool,
) -> String {
    let caption = format!("Pooled results of {}", counted(all as u64, "group", "groups"));
    let heads = [
        ("Studies", Align::Right),
        ("Events", Align::Right),
        ("Total", Align::Right),
        ("Estimate", Align::Right),
        ("Interval", Align::Interval),
        ("tau2", Align::Right),
        ("I2", Align::Right),
        ("p of Q", Align::Right),
        ("Left out", Align::Right),
        ("Error", Align::Left),
    ];
    let groups = columns.iter().map(|column| (column.as_str(), Align::Left));
    let mut table = Table::new(caption, &groups.chain(heads).collect::<Vec<_>>());
    table.body = rows.iter().map(|row| Row::new(cells(row, display))).collect();
    let notes: Vec<String> = (all > rows.len())
        .then(|| {
            let more = grouped((all - rows.len()) as u64);
            format!("… {more} more groups (--format csv, or -o FILE.csv, has them all)")
        })
        .into_iter()
        .chain(display.unit().map(|unit| format!("Estimates and intervals are {unit}.")))
        .collect();
    let mut text = sentences_and_tables(&[], &[table.with_aligned_intervals(' ')], color);
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    text.trim_start().to_owned()
}

fn cells(row: &GroupRow, display: NumberFormat) -> Vec<String> {
    let none = || NONE.to_owned();
    let count = |count: Option<u64>| count.map_or_else(none, grouped);
    let [tau2, i2] = variances(row.tau2, row.i2);
    let of_row = [
        count(row.k.map(|k| k as u64)),
        count(row.events),
        count(row.total),
        row.estimate.map_or_else(none, |estimate| display.with_sign(estimate)),
        display.interval(row.lower, row.upper).unwrap_or_else(none),
        tau2,
        i2,
        p_cell(row.p),
        row.excluded.to_string(),
        row.error.clone().unwrap_or_default(),
    ];
    row.values.iter().cloned().chain(of_row).collect()
}
