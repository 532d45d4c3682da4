//! Rows of text to rows of cells, by the crate `csv`, with the line each row begins on.
//!
//! A cell may stand in quotes, and then hold delimiters, line ends and doubled quotes. A line ends with a line
//! feed, a carriage return, or both. What `csv` does not do is done here: blanks before an opening quote are
//! passed over, a quote that is never closed is found, and lines are counted as an editor counts them.

use std::borrow::Cow;
use std::io::{Chain, Read as _};

use csv::{Reader, ReaderBuilder, StringRecord};

use super::text::line_ends;
use crate::data::cell::{begins_as_number, trim};
use crate::error::Error;

/// What is read after the text. A text has no NUL, so a cell that ends with one was still open at the end.
const END: &str = "\n\0";

/// The rows of a text, one after the other, blank ones passed over.
pub(super) struct Records<'a> {
    text: &'a str,
    reader: Reader<Chain<&'a [u8], &'static [u8]>>,
    cells: StringRecord,
    /// The line that the reader has come to.
    line: u32,
    delimiter: u8,
    /// How many cells the first row has.
    columns: Option<usize>,
}

/// One row, of which at least one cell holds something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'r> {
    /// Its cells as they stand, outer blanks included.
    pub cells: &'r StringRecord,
    /// The line it begins on.
    pub line: u32,
    /// How many cells the first row has.
    columns: usize,
    delimiter: u8,
}

impl<'a> Records<'a> {
    /// The rows of a [`tidy`] text that begins on this line.
    pub(super) fn new(text: &'a str, line: u32, delimiter: u8) -> Self {
        // `csv` would pass over a byte-order mark here, and the line after an empty one be counted wrong.
        let text = text.trim_start_matches('\u{FEFF}');
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes().chain(END.as_bytes()));
        Self { text, reader, cells: StringRecord::new(), line, delimiter, columns: None }
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] as `csv` says: it has no reason to for text in memory.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        loop {
            let start = self.place();
            let read = self.reader.read_record(&mut self.cells);
            let split = |error| Error::data(format!("the rows cannot be split into cells: {error}"));
            if !read.map_err(split)? || self.cells.as_slice() == "\0" {
                return Ok(None);
            }
            // `csv` passes over empty lines when it is asked for the row after them.
            let (end, bytes) = (self.place(), self.text.as_bytes());
            let empty = |byte: &&u8| matches!(byte, b'\n' | b'\r');
            let first = start + bytes[start..end].iter().take_while(empty).count();
            let line = self.line.saturating_add(line_ends(bytes, start..first));
            self.line = line.saturating_add(line_ends(bytes, first..end));
            if self.cells.iter().any(|cell| !trim(cell).is_empty()) {
                let columns = *self.columns.get_or_insert(self.cells.len());
                return Ok(Some(Record { cells: &self.cells, line, columns, delimiter: self.delimiter }));
            }
        }
    }

    /// What has not been read, and the line it begins on.
    pub(super) fn rest(&self) -> (&'a str, u32) {
        (self.text.get(self.place()..).unwrap_or_default(), self.line)
    }

    /// How far the reader is in the text, in bytes.
    fn place(&self) -> usize {
        usize::try_from(self.reader.position().byte()).map_or(self.text.len(), |at| at.min(self.text.len()))
    }
}

/// A quote of which the end is not where it should be, and the line it is opened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StrayQuote {
    /// It is never closed.
    Open(u32),
    /// A whole row of the table stands inside it.
    AroundRows(u32),
}

impl Record<'_> {
    /// A quote that is opened in this row and never closed, or closed behind a whole row of the table.
    pub(super) fn stray_quote(self) -> Option<StrayQuote> {
        let last = self.cells.len().checked_sub(1)?;
        let lines = |cell: &str| line_ends(cell.as_bytes(), 0..cell.len());
        let line_of =
            |cell: usize| self.cells.iter().take(cell).map(lines).fold(self.line, u32::saturating_add);
        if self.cells[last].ends_with('\0') {
            return Some(StrayQuote::Open(line_of(last)));
        }
        let is_row = |line: &str| {
            let cells: Vec<&str> = line.split(char::from(self.delimiter)).collect();
            cells.len() == self.columns && cells.iter().filter(|cell| begins_as_number(cell)).count() >= 2
        };
        let around =
            self.cells.iter().position(|cell| cell.contains(['\n', '\r']) && cell.lines().any(is_row))?;
        Some(StrayQuote::AroundRows(line_of(around)))
    }
}

/// Where a byte stands in its cell.
#[derive(Clone, Copy)]
enum At {
    /// At its start, or after blanks that begin here.
    Start(usize),
    Bare,
    Quoted,
    /// After a quote in a quoted cell: its end, or the first of two.
    Closed,
}

/// The text without blanks between a delimiter and an opening quote: `csv` would take them for the start of a
/// cell without quotes.
pub(super) fn tidy(text: &str, delimiter: u8) -> Cow<'_, str> {
    let blank = |byte: u8| byte != delimiter && matches!(byte, b' ' | b'\t');
    let untidy = |pair: &[u8]| pair[1] == b'"' && blank(pair[0]);
    if !text.contains('"') || !text.as_bytes().windows(2).any(untidy) {
        return Cow::Borrowed(text);
    }
    let (mut tidied, mut copied, mut at) = (String::with_capacity(text.len()), 0, At::Start(0));
    for (index, byte) in text.bytes().enumerate() {
        at = match at {
            At::Start(blanks) if blank(byte) => At::Start(blanks),
            At::Start(blanks) if byte == b'"' => {
                tidied.push_str(&text[copied..blanks]);
                copied = index;
                At::Quoted
            }
            At::Quoted if byte == b'"' => At::Closed,
            At::Quoted => At::Quoted,
            At::Closed if byte == b'"' => At::Quoted,
            _ if byte == delimiter || matches!(byte, b'\n' | b'\r') => At::Start(index + 1),
            At::Start(_) | At::Bare | At::Closed => At::Bare,
        };
    }
    tidied.push_str(&text[copied..]);
    Cow::Owned(tidied)
}
