//! Where the header of a table stands, and the sign between its cells, found in its first lines.

use super::cells::{Cells, Row};
use super::header_rows::{HeaderRows, LOOKED_AT};
use super::records::{Records, tidy};
use super::text::{ending, ends_line};
use crate::error::Error;

/// In the order in which they are preferred.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// As much of a text as is looked at, in bytes: a header and the titles above it are rarely longer.
const BEGINNING: usize = 1 << 16;

/// A text from its header on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimited<'a> {
    pub text: &'a str,
    /// The line that the text begins on.
    pub line: u32,
    pub delimiter: u8,
    /// How many lines with something in them were passed over.
    pub skipped: usize,
    /// The rows of the header.
    pub header: HeaderRows,
}

impl<'a> Delimited<'a> {
    /// The text from its header on and the delimiter: the one a line `sep=;` above the header names, the tab in
    /// a file named `.tsv` that has some, else the one that gives most rows as many cells as the header, and the header
    /// most.
    ///
    /// The header is the first row with at least two cells which the rows below it fit; titles, comments (`#`) and blank
    /// lines above it are passed over. With `skip` it is the first row below so many lines.
    pub(super) fn find(text: &'a str, file: &str, skip: Option<u64>) -> Result<Self, Error> {
        let (mut text, mut line, mut named) = (text, 1, None);
        for _ in 0..skip.unwrap_or(0) {
            (text, line) = below_first_line(text, line);
        }
        loop {
            (text, line) = without_blank_lines(text, line);
            let Some(declared) = declared(first_line(text)) else { break };
            named = Some(declared);
            (text, line) = below_first_line(text, line);
        }
        let first = |delimiter| Self { text, line, delimiter, skipped: 0, header: HeaderRows::FIRST };
        let find = |possible: &[u8]| first(possible[0]).best(possible, skip.is_some());
        match named {
            Some(delimiter) => Ok(find(&[delimiter])?.1),
            None if ending(file) == "tsv" => match find(b"\t")? {
                ([0, _], _) => Ok(find(&DELIMITERS)?.1),
                (_, found) => Ok(found),
            },
            None => Ok(find(&DELIMITERS)?.1),
        }
    }

    /// The same with the delimiter that fits best, and how well it does.
    fn best(self, possible: &[u8], first: bool) -> Result<([usize; 2], Self), Error> {
        for beginning in [beginning(self.text), self.text] {
            let mut best: Option<([usize; 2], Self)> = None;
            for &delimiter in possible {
                let (fit, found) = Self { delimiter, ..self }.below_titles(beginning, first)?;
                if fit > best.map_or([0; 2], |(best, _)| best) {
                    best = Some((fit, found));
                }
            }
            if let Some(best) = best {
                return Ok(best);
            }
        }
        Ok(([0; 2], self))
    }

    /// The same from its header on, and how well the delimiter fits: how many rows have as many cells as the header, where
    /// that has several, and how many cells these are. Only the beginning of the text is looked at.
    fn below_titles(mut self, beginning: &str, first: bool) -> Result<([usize; 2], Self), Error> {
        let tidied = tidy(beginning, self.delimiter);
        let mut cells = Cells::default();
        cells.extend(&mut Records::new(&tidied, self.line, self.delimiter), LOOKED_AT)?;
        let rows: Vec<Row<'_>> = cells.rows().collect();
        let header = HeaderRows::find(&rows, first);
        let Some(row) = rows.get(header.above) else { return Ok(([0; 2], self)) };
        (self.skipped, self.header) = (header.above, header);
        while self.line < row.line {
            (self.text, self.line) = below_first_line(self.text, self.line);
        }
        let columns = row.len() + usize::from(header.row_names);
        let fitting = rows[header.above..].iter().filter(|row| columns > 1 && row.len() == columns).count();
        Ok(([fitting, row.len()], self))
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
