//! Where the header of a table stands, and the sign between its cells, found in its first lines.

use std::path::Path;

use super::records::{Records, tidy};
use super::text::ends_line;
use crate::data::cell::trim;
use crate::error::Error;

/// In the order in which they are preferred.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// As much of a text as is looked at, in bytes: a header and the titles above it are rarely longer.
const BEGINNING: usize = 1 << 16;

/// How many rows are looked at for a header, and how many below each are held against it.
const LOOKED_AT: usize = 60;
const BELOW: usize = 5;

/// A text from its header on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimited<'a> {
    pub text: &'a str,
    /// The line that the text begins on.
    pub line: u32,
    pub delimiter: u8,
    /// How many lines with something in them were passed over.
    pub skipped: usize,
}

impl<'a> Delimited<'a> {
    /// The text from its header on and the delimiter: the one a line `sep=;` above the header names, the tab in
    /// a file named `.tsv`, else the one that gives the header most cells.
    ///
    /// The header is the first row with at least two cells which the rows below it fit; titles, comments (`#`) and blank
    /// lines above it are passed over. With `skip` it is the first row below so many lines.
    pub(super) fn find(text: &'a str, file: &str, skip: Option<u64>) -> Result<Self, Error> {
        let tabs = Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
        let (mut text, mut line, mut delimiter) = (text, 1, tabs.then_some(b'\t'));
        for _ in 0..skip.unwrap_or(0) {
            (text, line) = below_first_line(text, line);
        }
        loop {
            (text, line) = without_blank_lines(text, line);
            let Some(declared) = declared(first_line(text)) else { break };
            delimiter = Some(declared);
            (text, line) = below_first_line(text, line);
        }
        let possible: Vec<u8> = delimiter.map_or_else(|| DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
        let first = Self { text, line, delimiter: possible[0], skipped: 0 };
        for beginning in [beginning(text), text] {
            let mut best: Option<HeaderPlace> = None;
            for delimiter in &possible {
                let place = HeaderPlace::find(beginning, *delimiter, skip.is_some())?;
                if let Some(place) = place.filter(|place| best.is_none_or(|best| place.cells > best.cells)) {
                    best = Some(place);
                }
            }
            if let Some(HeaderPlace { lines, rows, delimiter, .. }) = best {
                let mut found = Self { delimiter, skipped: rows, ..first };
                for _ in 0..lines {
                    (found.text, found.line) = below_first_line(found.text, found.line);
                }
                return Ok(found);
            }
        }
        Ok(first)
    }
}

/// A header that was found.
#[derive(Debug, Clone, Copy)]
struct HeaderPlace {
    /// How many lines, and how many rows with something in them, stand above it.
    lines: u32,
    rows: usize,
    cells: usize,
    delimiter: u8,
}

impl HeaderPlace {
    /// The header of a text with this delimiter; `None` where it has no row. With `first` it is the first row.
    fn find(text: &str, delimiter: u8, first: bool) -> Result<Option<Self>, Error> {
        let tidied = tidy(text, delimiter);
        let mut records = Records::new(&tidied, 1, delimiter);
        let mut shapes: Vec<RowShape> = Vec::new();
        while let Some(record) = records.next()? {
            shapes.push(RowShape::of(record.cells.iter(), record.line));
            if shapes.len() == LOOKED_AT {
                break;
            }
        }
        let place = |at: usize| {
            let shape: &RowShape = shapes.get(at)?;
            Some(Self { lines: shape.line - 1, rows: at, cells: shape.cells, delimiter })
        };
        let is_header = |at: &usize| {
            let below: Vec<&RowShape> =
                shapes[at + 1..].iter().filter(|row| !row.is_comment).take(BELOW).collect();
            let fits = |row: &&&RowShape| row.filled >= 2 && row.reach <= shapes[*at].cells;
            shapes[*at].filled >= 2
                && !shapes[*at].is_comment
                && 2 * below.iter().filter(fits).count() > below.len()
        };
        let found = if first { None } else { (0..shapes.len()).find(is_header) };
        Ok(place(found.unwrap_or(0)))
    }
}

/// What a row looks like.
#[derive(Debug)]
struct RowShape {
    line: u32,
    cells: usize,
    /// How many cells hold something, and up to which the last of them stands.
    filled: usize,
    reach: usize,
    /// Whether it begins with `#` and a blank or a word: `#` alone is the name of a column.
    is_comment: bool,
}

impl RowShape {
    fn of<'r>(cells: impl Iterator<Item = &'r str>, line: u32) -> Self {
        let mut shape = Self { line, cells: 0, filled: 0, reach: 0, is_comment: false };
        for cell in cells.map(trim) {
            shape.is_comment |= shape.cells == 0 && cell.len() > 1 && cell.starts_with('#');
            shape.cells += 1;
            if !cell.is_empty() {
                shape.filled += 1;
                shape.reach = shape.cells;
            }
        }
        shape
    }
}

/// As much of the text as is enough to see its delimiter, without a character cut in two.
fn beginning(text: &str) -> &str {
    (0..=BEGINNING.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or(text)
}

/// The first line of a text, without its end.
fn first_line(text: &str) -> &str {
    let end = (0..text.len()).find(|&at| ends_line(text.as_bytes(), at)).unwrap_or(text.len());
    &text[..end]
}

/// The text below its first line, and the line that begins on.
fn below_first_line(text: &str, line: u32) -> (&str, u32) {
    (text.get(first_line(text).len() + 1..).unwrap_or_default(), line.saturating_add(1))
}

/// The text without the lines at its beginning that hold nothing but blanks and delimiters, and the line it
/// then begins on.
fn without_blank_lines(text: &str, line: u32) -> (&str, u32) {
    let nothing = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r') || DELIMITERS.contains(byte);
    let bytes = text.as_bytes();
    let blank = bytes.iter().take_while(|byte| nothing(byte)).count();
    let ends = (0..blank).filter(|&at| ends_line(bytes, at));
    ends.fold((text, line), |(_, line), at| (&text[at + 1..], line.saturating_add(1)))
}

/// The delimiter in a line `sep=;`, as spreadsheets write and read it.
fn declared(line: &str) -> Option<u8> {
    match line.trim_end_matches('\r').trim_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if DELIMITERS.contains(delimiter) => {
            Some(*delimiter)
        }
        _ => None,
    }
}
