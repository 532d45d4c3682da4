//! Rows of cells that stand together, in one piece of memory.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr3_iter};

use super::records::{Records, StrayQuote};
use crate::data::cell::trim;
use crate::error::Error;

/// At most this many bytes of text stand together.
pub(super) const MOST_BYTES: usize = u32::MAX as usize;

/// Rows that stand together: their text and where each cell ends in it.
#[derive(Debug, Default)]
pub(super) struct Cells<'a> {
    /// Borrowed where the file is text as it is read, so that large files are not copied.
    text: Cow<'a, str>,
    ends: Vec<u32>,
    rows: Vec<RowPlace>,
    /// How many bytes stand between two cells of a row: 1 where the text has its delimiters, else 0.
    gap: u32,
    full: bool,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct RowPlace {
    /// How many cells there are up to its end.
    cells: u32,
    /// Where its text begins.
    start: u32,
    /// The line it begins on.
    line: u32,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    cells: &'t Cells<'t>,
    /// The first of its cells, and the first of the next row.
    first: u32,
    end: u32,
    /// Where its text begins.
    start: u32,
    /// The line it begins on.
    pub line: u32,
}

impl<'a> Cells<'a> {
    /// The rows of a text without quotes that begins on this line and has at most [`MOST_BYTES`].
    pub(super) fn of_unquoted(text: &'a str, line: u32, delimiter: u8) -> Self {
        let mut cells = Self { text: text.into(), gap: 1, ..Self::default() };
        cells.reserve_as_first_line(text, delimiter);
        let (mut start, mut line) = (0, line);
        for at in memchr3_iter(delimiter, b'\n', b'\r', text.as_bytes()) {
            let place = at as u32;
            match text.as_bytes()[at] {
                byte if byte == delimiter => cells.ends.push(place),
                // The line feed behind a carriage return.
                b'\n' if place == start && text.as_bytes()[..at].last() == Some(&b'\r') => start += 1,
                _ => {
                    cells.close(start, place, line);
                    (start, line) = (place + 1, line.saturating_add(1));
                }
            }
        }
        if (start as usize) < text.len() {
            cells.close(start, text.len() as u32, line);
        }
        cells
    }

    /// Room for the rows of a text whose lines are like its first.
    fn reserve_as_first_line(&mut self, text: &str, delimiter: u8) {
        let first = &text.as_bytes()[..memchr(b'\n', text.as_bytes()).unwrap_or(text.len())];
        let rows = text.len() / (first.len() + 1) + 1;
        let columns = memchr_iter(delimiter, first).count() + 1;
        // A line is rarely so short that more is reserved than the text takes.
        self.rows.reserve(rows.min(text.len() / 8));
        self.ends.reserve((rows * columns).min(text.len() / 4));
    }

    /// The same with a text of its own.
    pub(super) fn into_owned(self) -> Cells<'static> {
        let Self { text, ends, rows, gap, full } = self;
        Cells { text: Cow::Owned(text.into_owned()), ends, rows, gap, full }
    }

    /// Ends a row of a text with delimiters; a blank one is none.
    fn close(&mut self, start: u32, end: u32, line: u32) {
        self.ends.push(end);
        let before = self.rows.last().map_or(0, |row| row.cells);
        let row = RowPlace { cells: self.ends.len() as u32, start, line };
        if self.row(before, row).iter().any(|cell| !cell.is_empty()) {
            self.rows.push(row);
        } else {
            self.ends.truncate(before as usize);
        }
    }

    /// Adds the next rows of a text, at most so many and none that would go beyond [`MOST_BYTES`]; whether there are more,
    /// and the quote in the last that is not closed where it should be.
    pub(super) fn extend(
        &mut self,
        records: &mut Records<'_>,
        most: usize,
    ) -> Result<(bool, Option<StrayQuote>), Error> {
        for _ in 0..most {
            let Some(record) = records.next()? else { return Ok((false, None)) };
            if let Some(quote) = record.stray_quote() {
                return Ok((false, Some(quote)));
            }
            let (start, text) = (self.text.len(), record.cells.as_slice());
            if start + text.len() > MOST_BYTES {
                return Err(Error::data(format!(
                    "the rows up to line {} are too long to be read",
                    record.line
                )));
            }
            self.text.to_mut().push_str(text);
            let ends = (0..record.cells.len()).filter_map(|cell| record.cells.range(cell));
            self.ends.extend(ends.map(|range| (start + range.end) as u32));
            self.rows.push(RowPlace {
                cells: self.ends.len() as u32,
                start: start as u32,
                line: record.line,
            });
        }
        Ok((true, None))
    }

    /// Adds a row that begins on this line, unless all its cells are blank. Where it goes beyond [`MOST_BYTES`] it is not
    /// added, and the rows are [`full`](Self::is_full).
    pub(super) fn push<'c>(&mut self, line: u32, cells: impl IntoIterator<Item = &'c str>) {
        let (text, ends) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.full |= self.text.len() + cell.len() > MOST_BYTES;
            if self.full {
                return;
            }
            self.text.to_mut().push_str(cell);
            self.ends.push(self.text.len() as u32);
        }
        if trim(&self.text[text..]).is_empty() {
            self.text.to_mut().truncate(text);
            self.ends.truncate(ends);
        } else {
            self.rows.push(RowPlace { cells: self.ends.len() as u32, start: text as u32, line });
        }
    }

    /// Every row, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let firsts = std::iter::once(0).chain(self.rows.iter().map(|row| row.cells));
        firsts.zip(&self.rows).map(|(first, row)| self.row(first, *row))
    }

    /// The row at a place, counted from 0.
    pub(super) fn get(&self, place: usize) -> Option<Row<'_>> {
        let first = if place == 0 { 0 } else { self.rows.get(place - 1)?.cells };
        Some(self.row(first, *self.rows.get(place)?))
    }

    fn row(&self, first: u32, RowPlace { cells: end, start, line }: RowPlace) -> Row<'_> {
        Row { cells: self, first, end, start, line }
    }

    /// The last row and the line of the one above it.
    pub(super) fn last(&self) -> Option<(Row<'_>, Option<u32>)> {
        let last = self.rows.len().checked_sub(1)?;
        let above = last.checked_sub(1).map(|above| self.rows[above].line);
        Some((self.get(last)?, above))
    }

    /// Takes the last row away.
    pub(super) fn pop(&mut self) {
        self.rows.pop();
    }

    /// Whether a row was not added because there was no room for it.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// The rows below the first.
    pub(super) fn without_first(&self, rows: usize) -> Cells<'static> {
        let mut below = Cells::default();
        for row in self.rows().skip(rows) {
            below.push(row.line, row.iter());
        }
        below
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many bytes their text has.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// How many cells the rows have.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }
}

impl PartialEq for Row<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.cells, other.cells) && self.first == other.first
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'t> Row<'t> {
    /// The cell in a column, without outer blanks; empty where the row is shorter.
    pub(super) fn cell(self, column: usize) -> &'t str {
        self.range(column).map_or("", |range| trim(&self.cells.text[range]))
    }

    /// The same with its blanks.
    pub(super) fn bytes_of(self, column: usize) -> &'t [u8] {
        self.range(column).map_or(&[], |range| &self.cells.text.as_bytes()[range])
    }

    fn range(self, column: usize) -> Option<Range<usize>> {
        let place = self.first as usize + column;
        if place >= self.end as usize {
            return None;
        }
        let start = if column == 0 { self.start } else { self.cells.ends[place - 1] + self.cells.gap };
        Some(start as usize..self.cells.ends[place] as usize)
    }

    /// How many bytes its cells have together, and what is between them.
    pub(super) fn bytes(self) -> usize {
        let end = self.end.checked_sub(1).map_or(self.start, |last| self.cells.ends[last as usize]);
        end.saturating_sub(self.start) as usize
    }

    /// How many cells it has.
    pub(super) fn len(self) -> usize {
        (self.end - self.first) as usize
    }

    /// Its cells.
    pub(super) fn iter(self) -> impl Iterator<Item = &'t str> {
        (0..self.len()).map(move |column| self.cell(column))
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

    fn texts<'t>(cells: &'t Cells<'t>) -> Vec<(u32, Vec<&'t str>)> {
        cells.rows().map(|row| (row.line, row.iter().collect())).collect()
    }

    proptest! {
        #[test]
        fn text_without_quotes_is_split_as_records_are(text in "([ab,\u{feff}\u{a0} ]|\r\n|\n|\r){0,60}") {
            let mut records = Cells::default();
            let read = records.extend(&mut Records::new(&text, 7, b','), usize::MAX).expect("text in memory");
            prop_assert_eq!(read, (false, None));
            let unquoted = Cells::of_unquoted(&text, 7, b',');
            prop_assert_eq!(texts(&unquoted), texts(&records));
        }
    }
}
