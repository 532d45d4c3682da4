//! A table: the names of its columns, and rows of cells with the line each begins on.

use memchr::{memchr, memchr2};
use rayon::prelude::*;

use super::cells::{Cells, MOST_BYTES, Row};
use super::delimiter::Delimited;
use super::header::Header;
use super::header_rows::HeaderRows;
use super::limits::{LONGEST_CELL, LONGEST_ROW, MOST_COLUMNS};
use super::notes;
use super::records::{Records, StrayQuote, tidy};
use super::text::{line_ends, refused};
use crate::error::{Error, Problem};

/// Text without quotes is read in pieces of about this many bytes at the same time.
const PIECE: usize = 1 << 18;

/// Rows of text with quotes stand together in this number.
const ROWS_OF_PART: usize = 1 << 16;

/// The header and every row below it that is not blank.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    /// The names of the columns, without outer blanks.
    pub names: Vec<String>,
    /// The line of the header; 0 where the names stand on none.
    pub line: u32,
    /// What stands between two cells of a text.
    pub delimiter: Option<u8>,
    /// How many lines with something in them were passed over above the header.
    pub skipped: usize,
    /// How many rows of notes stand below the table.
    pub notes: usize,
    /// The problem where a quote that is opened in the last row is not closed where it should be; that row is none of the
    /// rows, and the rows below it are not read.
    pub stray_quote: Option<Problem>,
    /// Whether a comma can stand in a cell.
    commas: bool,
    parts: Vec<Cells<'a>>,
}

impl<'a> Table<'a> {
    /// Reads the table in a text; `file` is how messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no header, and where a quote in it is never closed.
    pub(super) fn of_text(whole: &'a str, file: &str, skip: Option<u64>) -> Result<Self, Error> {
        if whole.len() > LONGEST_ROW && memchr2(b'\n', b'\r', &whole.as_bytes()[..LONGEST_ROW]).is_none() {
            return Err(too_long(file, "the first line", LONGEST_ROW, 1));
        }
        let Delimited { text, line, delimiter, skipped, header } = Delimited::find(whole, file, skip)?;
        let tidied = tidy(text, delimiter);
        let mut records = Records::new(&tidied, line, delimiter);
        let mut first = Cells::default();
        if let (_, Some(quote)) = first.extend(&mut records, header.rows)? {
            return Err(Error::Data(vec![stray_quote(file, quote)]));
        }
        let rows: Vec<Row<'_>> = first.rows().collect();
        let Some(first) = rows.first() else {
            let what = if whole.is_empty() { "the file is empty" } else { "the file holds no header" };
            return Err(refused(file, what, "give a line of column names, such as study,events,total"));
        };
        let names = HeaderRows { above: 0, ..header }.names(&rows);
        let commas = text.contains(if delimiter == b',' { '"' } else { ',' });
        let mut table =
            Self { names, line: first.line, delimiter: Some(delimiter), skipped, commas, ..Self::default() };
        let (rest, line) = records.rest();
        if memchr(b'"', rest.as_bytes()).is_some() {
            table.stray_quote = table.read_records(&mut records)?.map(|quote| stray_quote(file, quote));
        } else {
            // Behind the last quote nothing was tidied.
            let rest = &text[text.len() - rest.len()..];
            table.parts = parts(pieces(rest, line, PIECE), delimiter, file)?;
        }
        Ok(table.without_notes())
    }

    /// Reads the rows of a text with quotes, up to one that is not closed where it should be.
    fn read_records(&mut self, records: &mut Records<'_>) -> Result<Option<StrayQuote>, Error> {
        loop {
            let mut part = Cells::default();
            let (more, quote) = part.extend(records, ROWS_OF_PART)?;
            self.parts.push(part);
            if !more {
                return Ok(quote);
            }
        }
    }

    /// The table in rows of a sheet, whose header is to be found; with `skip` it is the first row below so many lines.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no row.
    pub(super) fn of_sheet(cells: Cells<'a>, file: &str, skip: Option<u64>) -> Result<Self, Error> {
        let lines_above = skip.unwrap_or(0);
        let below: Vec<Row<'_>> = cells.rows().filter(|row| u64::from(row.line) > lines_above).collect();
        let Some(first) = below.first() else {
            return Err(refused(
                file,
                "there is nothing in it",
                "give a row of column names and a row a study",
            ));
        };
        let above = cells.rows().count() - below.len();
        let header = HeaderRows::find(&below, skip.is_some());
        let line = below.get(header.above).unwrap_or(first).line;
        let names = header.names(&below);
        let cells = cells.without_first(above + header.above + header.rows);
        let (skipped, commas) = (header.above, true);
        let table = Self { names, line, skipped, commas, parts: vec![cells], ..Self::default() };
        Ok(table.without_notes())
    }

    /// A table of a file that names its columns.
    pub(super) fn of_records(names: Vec<String>, cells: Cells<'a>) -> Self {
        Self { names, commas: true, parts: vec![cells], ..Self::default() }
    }

    /// The same table with other rows, and more columns at its right.
    pub(super) fn with_rows(mut self, more: Vec<String>, cells: Cells<'a>) -> Self {
        self.names.extend(more);
        self.parts = vec![cells];
        self
    }

    /// The same with a text of its own.
    pub(super) fn into_owned(self) -> Table<'static> {
        let Self { names, line, delimiter, skipped, notes, stray_quote, commas, parts } = self;
        let parts = parts.into_par_iter().map(Cells::into_owned).collect();
        Table { names, line, delimiter, skipped, notes, stray_quote, commas, parts }
    }

    /// The table without the notes below it.
    fn without_notes(mut self) -> Self {
        while let Some(mut part) = self.parts.pop() {
            while part.last().is_some_and(|(row, above)| notes::is_note(row, above, self.names.len())) {
                part.pop();
                self.notes += 1;
            }
            if part.last().is_some() {
                self.parts.push(part);
                break;
            }
        }
        self
    }

    /// The names of the columns; `file` is how messages call it.
    pub(super) fn header<'h>(&'h self, file: &'h str) -> Header<'h> {
        Header::new(file, self.line, &self.names)
    }

    /// Whether there is something below the header, and all of it was read.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is not.
    pub(super) fn has_rows(&self, file: &str) -> Result<(), Error> {
        if self.parts.iter().any(Cells::is_full) {
            return Err(refused(file, "the cells hold more than 4 GiB of text", "give the table as CSV"));
        }
        self.within_limits(file)?;
        if self.rows().next().is_some() {
            return Ok(());
        }
        if let Some(problem) = &self.stray_quote {
            return Err(Error::Data(vec![problem.clone()]));
        }
        Err(refused(
            file,
            "there is no row below the header",
            "give one row a study, with its events and total",
        ))
    }

    /// Whether it has no more columns, and its rows and cells no more bytes, than a table may have.
    fn within_limits(&self, file: &str) -> Result<(), Error> {
        if self.names.len() > MOST_COLUMNS {
            let what = format!("there are {} columns, and at most {MOST_COLUMNS} are read", self.names.len());
            return Err(refused(file, what, "leave out those that are not needed"));
        }
        // Most pieces of a text are shorter than a cell may be.
        let long_parts = self.parts.iter().filter(|part| part.bytes() > LONGEST_CELL);
        for row in long_parts.flat_map(Cells::rows).filter(|row| row.bytes() > LONGEST_CELL) {
            if row.bytes() > LONGEST_ROW {
                return Err(too_long(file, "the row", LONGEST_ROW, row.line));
            }
            if row.iter().any(|cell| cell.len() > LONGEST_CELL) {
                return Err(too_long(file, "a cell", LONGEST_CELL, row.line));
            }
        }
        Ok(())
    }

    /// Whether a comma can stand in a cell.
    pub(super) const fn has_commas(&self) -> bool {
        self.commas
    }

    /// How many cells its rows have.
    pub(super) fn cells(&self) -> usize {
        self.parts.iter().map(Cells::count).sum()
    }

    /// The rows in the pieces in which they stand together.
    pub(super) fn parts(&self) -> &[Cells<'_>] {
        &self.parts
    }

    /// Every row below the header that is not blank.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.parts.iter().flat_map(Cells::rows)
    }
}

/// The rows of pieces of a text without quotes.
fn parts<'a>(pieces: Vec<(&'a str, u32)>, delimiter: u8, file: &str) -> Result<Vec<Cells<'a>>, Error> {
    if let Some((_, line)) = pieces.iter().find(|(text, _)| text.len() > MOST_BYTES) {
        let what = format!("the line {line} goes on for more than 4 GiB");
        return Err(refused(file, what, "give one row a study"));
    }
    Ok(pieces.into_par_iter().map(|(text, line)| Cells::of_unquoted(text, line, delimiter)).collect())
}

/// A text cut where rows end, at least `size` bytes apart, and the line each piece begins on. The text
/// has no quotes, in which line ends could stand.
fn pieces(mut text: &str, mut line: u32, size: usize) -> Vec<(&str, u32)> {
    let mut pieces = Vec::new();
    while let Some(end) = text.as_bytes().get(size..).and_then(|rest| memchr(b'\n', rest)) {
        let (piece, rest) = text.split_at(size + end + 1);
        pieces.push((piece, line));
        line = line.saturating_add(line_ends(piece.as_bytes(), 0..piece.len()));
        text = rest;
    }
    pieces.push((text, line));
    pieces
}

/// That a part of a table has more bytes than it may have.
fn too_long(file: &str, what: &str, most: usize, line: u32) -> Error {
    let problem =
        Problem::new(format!("{what} has more than {} MiB, and longer ones are not read", most >> 20));
    let help = "check that this is a table, with a line for each study";
    Error::Data(vec![problem.at(file, u64::from(line)).help(help)])
}

fn stray_quote(file: &str, quote: StrayQuote) -> Problem {
    let (what, line) = match quote {
        StrayQuote::Open(line) => (format!("the quote opened on line {line} is never closed"), line),
        StrayQuote::AroundRows(line) => {
            (format!("the quote opened on line {line} is closed behind a whole row of the table"), line)
        }
    };
    Problem::new(what).at(file, u64::from(line)).help("close it, or write it twice inside quotes")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(pieces: Vec<(&str, u32)>) -> Vec<(u32, Vec<String>)> {
        let parts: Vec<_> =
            pieces.into_iter().map(|(text, line)| Cells::of_unquoted(text, line, b',')).collect();
        let row = |row: Row<'_>| (row.line, (0..row.len()).map(|at| row.cell(at).to_owned()).collect());
        parts.iter().flat_map(Cells::rows).map(row).collect()
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
