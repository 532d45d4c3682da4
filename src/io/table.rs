//! A table of text: the names of its columns, and rows of cells with the line each begins on.

use rayon::prelude::*;

use super::delimiter::Delimited;
use super::header::Header;
use super::records::{Records, tidy};
use super::text::{line_ends, refused};
use crate::data::cell::trim;
use crate::error::{Error, Problem};

/// Text without quotes is read in pieces of about this many bytes at the same time.
const PIECE: usize = 1 << 20;

/// The header and every row below it that is not blank.
#[derive(Debug)]
pub(super) struct Table {
    /// The names of the columns, without outer blanks.
    pub names: Vec<String>,
    /// The line of the header.
    pub line: u32,
    pub delimiter: u8,
    /// How many lines with something in them were passed over above the header.
    pub skipped: usize,
    /// The problem where a quote that is opened in the last row is never closed; that row is none of the rows.
    pub unclosed: Option<Problem>,
    parts: Vec<Part>,
}

/// Rows that stand together: their cells one after the other.
#[derive(Debug, Default)]
struct Part {
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
    /// How many cells there are up to the end of each row, and the line it begins on.
    rows: Vec<(usize, u32)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'t> {
    part: &'t Part,
    first: usize,
    end: usize,
    /// The line it begins on.
    pub line: u32,
}

impl Table {
    /// Reads the table in a text; `file` is how messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no header, and where a quote in it is never closed.
    pub(super) fn read(whole: &str, file: &str, skip: Option<u64>) -> Result<Self, Error> {
        let Delimited { text, line, delimiter, skipped } = Delimited::find(whole, file, skip)?;
        let tidied = tidy(text, delimiter);
        let mut records = Records::new(&tidied, line, delimiter);
        let Some(header) = records.next()? else {
            let what = if whole.is_empty() { "the file is empty" } else { "the file holds no header" };
            return Err(refused(file, what, "give a line of column names, such as study,events,total"));
        };
        if let Some(line) = header.unclosed() {
            return Err(Error::Data(vec![unclosed_quote(file, line)]));
        }
        let (names, line) = (header.cells.iter().map(|name| trim(name).to_owned()).collect(), header.line);
        let mut table = Self { names, line, delimiter, skipped, unclosed: None, parts: Vec::new() };
        let (rest, line) = records.rest();
        let parts: Vec<_> = pieces(rest, line, PIECE)
            .into_par_iter()
            .map(|(text, line)| Part::read(text, line, delimiter))
            .collect();
        for part in parts {
            let (part, unclosed) = part?;
            table.unclosed = unclosed.map(|line| unclosed_quote(file, line));
            table.parts.push(part);
        }
        Ok(table)
    }

    /// The names of the columns; `file` is how messages call it.
    pub(super) fn header<'a>(&'a self, file: &'a str) -> Header<'a> {
        Header { file, line: self.line, names: &self.names }
    }

    /// Whether there is something below the header.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is not.
    pub(super) fn has_rows(&self, file: &str) -> Result<(), Error> {
        if self.rows().next().is_some() || self.unclosed.is_some() {
            return Ok(());
        }
        Err(refused(
            file,
            "there is no row below the header",
            "give one row a study, with its events and total",
        ))
    }

    /// How many cells its rows have.
    pub(super) fn cells(&self) -> usize {
        self.parts.iter().map(|part| part.ends.len()).sum()
    }

    /// Every row below the header that is not blank.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.parts.iter().flat_map(Part::rows)
    }
}

/// A text cut where rows end, at least `size` bytes apart, and the line each piece begins on. A quoted cell may
/// hold line ends, so that text with a quote is one piece.
fn pieces(mut text: &str, mut line: u32, size: usize) -> Vec<(&str, u32)> {
    let mut pieces = Vec::new();
    if !text.contains('"') {
        while let Some(end) =
            text.as_bytes().get(size..).and_then(|rest| rest.iter().position(|b| *b == b'\n'))
        {
            let (piece, rest) = text.split_at(size + end + 1);
            pieces.push((piece, line));
            line = line.saturating_add(line_ends(piece.as_bytes(), 0..piece.len()));
            text = rest;
        }
    }
    pieces.push((text, line));
    pieces
}

fn unclosed_quote(file: &str, line: u32) -> Problem {
    let what = format!("the quote opened on line {line} is never closed");
    Problem::new(what).at(file, u64::from(line)).help("close it, or write it twice inside quotes")
}

impl Part {
    /// The rows of a text, and the line of a quote in the last that is never closed.
    fn read(text: &str, line: u32, delimiter: u8) -> Result<(Self, Option<u32>), Error> {
        let (mut records, mut part) = (Records::new(text, line, delimiter), Self::default());
        while let Some(record) = records.next()? {
            if let Some(line) = record.unclosed() {
                return Ok((part, Some(line)));
            }
            let start = part.text.len();
            part.text.push_str(record.cells.as_slice());
            let ends = (0..record.cells.len()).filter_map(|cell| record.cells.range(cell));
            part.ends.extend(ends.map(|range| start + range.end));
            part.rows.push((part.ends.len(), record.line));
        }
        Ok((part, None))
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let firsts = std::iter::once(0).chain(self.rows.iter().map(|(end, _)| *end));
        firsts.zip(&self.rows).map(|(first, &(end, line))| Row { part: self, first, end, line })
    }
}

impl<'t> Row<'t> {
    /// The cell in a column, without outer blanks; empty where the row is shorter.
    pub(super) fn cell(self, column: usize) -> &'t str {
        let place = self.first + column;
        if place >= self.end {
            return "";
        }
        let start = place.checked_sub(1).map_or(0, |before| self.part.ends[before]);
        trim(&self.part.text[start..self.part.ends[place]])
    }

    /// How many cells it has.
    pub(super) fn len(self) -> usize {
        self.end - self.first
    }

    /// Whether a cell from this column on holds something.
    pub(super) fn goes_on_at(self, column: usize) -> bool {
        (column..self.len()).any(|column| !self.cell(column).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(pieces: Vec<(&str, u32)>) -> Vec<(u32, Vec<String>)> {
        let parts: Vec<_> = pieces
            .into_iter()
            .map(|(text, line)| Part::read(text, line, b',').expect("text in memory").0)
            .collect();
        let row = |row: Row<'_>| (row.line, (0..row.len()).map(|at| row.cell(at).to_owned()).collect());
        parts.iter().flat_map(Part::rows).map(row).collect()
    }

    #[test]
    fn a_byte_order_mark_where_a_piece_begins_moves_no_line() {
        let text = "\u{feff}aaa ,\r\n\u{feff}\r\na";
        assert_eq!(cells(pieces(text, 7, 5)), cells(vec![(text, 7)]));
    }

    proptest! {
        #[test]
        fn pieces_give_the_rows_of_the_whole(text in "([ab,\u{feff} ]|\r\n|\n|\r){0,60}", size in 1..20_usize) {
            prop_assert_eq!(cells(pieces(&text, 7, size)), cells(vec![(&text, 7)]));
        }
    }
}
