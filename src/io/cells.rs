//! Rows of cells that stand together, in one piece of memory.

use super::records::Records;
use crate::data::cell::trim;
use crate::error::Error;

/// Rows that stand together: their cells one after the other.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
    /// How many cells there are up to the end of each row, and the line it begins on.
    rows: Vec<(usize, u32)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'t> {
    cells: &'t Cells,
    first: usize,
    end: usize,
    /// The line it begins on.
    pub line: u32,
}

impl Cells {
    /// The rows of a [`tidy`](super::records::tidy) text, and the line of a quote in the last that is never closed.
    pub(super) fn read(text: &str, line: u32, delimiter: u8) -> Result<(Self, Option<u32>), Error> {
        let mut cells = Self::default();
        let unclosed = cells.extend(&mut Records::new(text, line, delimiter), usize::MAX)?;
        Ok((cells, unclosed))
    }

    /// Adds at most so many of the next rows of a text; the line of a quote in the last that is never closed.
    pub(super) fn extend(&mut self, records: &mut Records<'_>, most: usize) -> Result<Option<u32>, Error> {
        for _ in 0..most {
            let Some(record) = records.next()? else { break };
            if let Some(line) = record.unclosed() {
                return Ok(Some(line));
            }
            let start = self.text.len();
            self.text.push_str(record.cells.as_slice());
            let ends = (0..record.cells.len()).filter_map(|cell| record.cells.range(cell));
            self.ends.extend(ends.map(|range| start + range.end));
            self.rows.push((self.ends.len(), record.line));
        }
        Ok(None)
    }

    /// Adds a row that begins on this line, unless all its cells are blank.
    pub(super) fn push<'c>(&mut self, line: u32, cells: impl IntoIterator<Item = &'c str>) {
        let (text, ends) = (self.text.len(), self.ends.len());
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        if trim(&self.text[text..]).is_empty() {
            self.text.truncate(text);
            self.ends.truncate(ends);
        } else {
            self.rows.push((self.ends.len(), line));
        }
    }

    /// Every row, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let firsts = std::iter::once(0).chain(self.rows.iter().map(|(end, _)| *end));
        firsts.zip(&self.rows).map(|(first, &(end, line))| Row { cells: self, first, end, line })
    }

    /// The last row and the line of the one above it.
    pub(super) fn last(&self) -> Option<(Row<'_>, Option<u32>)> {
        let &(end, line) = self.rows.last()?;
        let above = self.rows.len().checked_sub(2).map(|place| self.rows[place]);
        let row = Row { cells: self, first: above.map_or(0, |(end, _)| end), end, line };
        Some((row, above.map(|(_, line)| line)))
    }

    /// Takes the last row away.
    pub(super) fn pop(&mut self) {
        self.rows.pop();
    }

    /// Takes the first rows away.
    pub(super) fn without_first(mut self, rows: usize) -> Self {
        let cells = rows.checked_sub(1).map_or(0, |last| self.rows[last].0);
        let text = cells.checked_sub(1).map_or(0, |last| self.ends[last]);
        self.text.drain(..text);
        self.ends.drain(..cells);
        self.rows.drain(..rows);
        self.ends.iter_mut().for_each(|end| *end -= text);
        self.rows.iter_mut().for_each(|(end, _)| *end -= cells);
        self
    }

    /// How many cells the rows have.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }
}

impl<'t> Row<'t> {
    /// The cell in a column, without outer blanks; empty where the row is shorter.
    pub(super) fn cell(self, column: usize) -> &'t str {
        let place = self.first + column;
        if place >= self.end {
            return "";
        }
        let start = place.checked_sub(1).map_or(0, |before| self.cells.ends[before]);
        trim(&self.cells.text[start..self.cells.ends[place]])
    }

    /// How many cells it has.
    pub(super) fn len(self) -> usize {
        self.end - self.first
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
