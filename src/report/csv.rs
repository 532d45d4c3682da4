//! The table of studies as comma-separated values, for spreadsheets and scripts.
//!
//! One header, whatever the content:
//! `row,study,line,events,total,proportion,lower,upper,y,v,corrected,weight_common,weight_random`.
//! Where estimates were pooled and not counts, the column `proportion` is called `estimate`; where rows have clusters,
//! `cluster` is one more column, the last.
//! `row` is `study`, `common`, `random` or `prediction`. `studies.csv` of a report holds studies
//! alone; `pool --format csv` adds the pooled rows, which have no events and no total, so that they
//! cannot be summed, nor read back, as studies. Everything else about a result is in its JSON.
//!
//! The dialect is RFC 4180 with line feeds. Numbers have every digit; what does not exist is empty.
//! A name that a spreadsheet would take for a formula (its first character, after blanks and quotes,
//! is `=`, `+`, `-`, `@`, or one of their full-width forms) starts with an apostrophe here, and
//! control characters are shown as their pictures: the JSON has the name as it was typed.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::analysis::{MetaAnalysis, StudyRow};
use crate::format::sanitize;
use crate::model::Summary;

/// The first line.
pub const HEADER: &str =
    "row,study,line,events,total,proportion,lower,upper,y,v,corrected,weight_common,weight_random";

/// Which rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// A row a study.
    Studies,
    /// The studies, then the pooled values and the prediction interval.
    All,
}

/// Writes the table.
///
/// # Errors
///
/// What the writer gives.
pub fn write(result: &MetaAnalysis, rows: Rows, mut to: impl Write) -> io::Result<()> {
    let more = cluster_head(result);
    match result.scale.is_proportion() {
        true => writeln!(to, "{HEADER}{more}")?,
        false => writeln!(to, "{}{more}", HEADER.replace("proportion", "estimate"))?,
    }
    for (index, row) in result.rows().enumerate() {
        write_study(&row, &cluster_field(result, index), &mut to)?;
    }
    if rows == Rows::All {
        let more = if more.is_empty() { "" } else { "," };
        write_pooled("common", &result.common, more, &mut to)?;
        if let Some(random) = &result.random {
            write_pooled("random", random, more, &mut to)?;
        }
        if let Some(prediction) = &result.prediction {
            let [lower, upper] = [prediction.lower, prediction.upper].map(number);
            writeln!(to, "prediction,,,,,,{lower},{upper},,,,,{more}")?;
        }
    }
    Ok(())
}

/// The table as text.
#[must_use]
pub fn text(result: &MetaAnalysis, rows: Rows) -> String {
    let mut bytes = Vec::new();
    // A vector takes every write.
    let written = write(result, rows, &mut bytes);
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
}

fn write_study(row: &StudyRow<'_>, cluster: &str, to: &mut impl Write) -> io::Result<()> {
    let StudyRow { line, events, total, corrected, .. } = row;
    let study = field(row.study);
    let [proportion, lower, upper, y, v] = [row.shown(), row.lower, row.upper, row.y, row.v].map(number);
    let [events, total] =
        [events, total].map(|count| count.map_or_else(String::new, |count| count.to_string()));
    let [common, random] = [row.weight_common, row.weight_random].map(optional);
    writeln!(
        to,
        "study,{study},{line},{events},{total},{proportion},{lower},{upper},{y},{v},{corrected},{common},{random}{cluster}"
    )
}

fn write_pooled(row: &str, summary: &Summary, more: &str, to: &mut impl Write) -> io::Result<()> {
    let estimate = number(summary.estimate);
    let [lower, upper, y] = [summary.lower, summary.upper, summary.y].map(optional);
    writeln!(to, "{row},,,,,{estimate},{lower},{upper},{y},,,,{more}")
}

/// The shortest decimal that reads back to the same bits; nothing for what is not finite.
fn number(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { String::new() }
}

fn optional(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

/// A name as one CSV field that is safe to show.
///
/// ```
/// use metaprop::report::csv::field;
/// assert_eq!(field("Müller 2019"), "Müller 2019");
/// assert_eq!(field("A, \"et al.\""), "\"A, \"\"et al.\"\"\"");
/// assert_eq!(field(" =1+1"), "\"' =1+1\"");
/// ```
#[must_use]
pub fn field(name: &str) -> Cow<'_, str> {
    let name = sanitize(name);
    let name = if is_formula(&name) { Cow::Owned(format!("'{name}")) } else { name };
    // A semicolon or an apostrophe is quoted too: a spreadsheet may split at the first, and hide the second.
    let is_plain = !name.contains([',', ';', '"', '\'']) && name.trim() == &*name;
    if is_plain { name } else { Cow::Owned(format!("\"{}\"", name.replace('"', "\"\""))) }
}

/// Whether a spreadsheet would compute the name. Tabs and carriage returns are pictures by now.
fn is_formula(name: &str) -> bool {
    let bare = name.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}' | '\u{2400}'..='\u{2421}')
    });
    bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// The last column of a table of rows: empty without clusters, else a comma and the cluster.
pub(super) fn cluster_field(result: &MetaAnalysis, row: usize) -> String {
    match result.data().clusters() {
        None => String::new(),
        Some(_) => format!(",{}", field(result.cluster_of(row))),
    }
}

/// The name of that column.
pub(super) fn cluster_head(result: &MetaAnalysis) -> &'static str {
    if result.data().clusters().is_some() { ",cluster" } else { "" }
}
