//! Rows of text: where one ends and the next begins, on which line, and how many cells it has.
//!
//! A cell may stand in quotes, and then hold delimiters, line ends and doubled quotes. A line ends
//! with a line feed, a carriage return, or both. Where a row departs from that plain form (a quote
//! inside a bare cell, blanks around a quoted one) it is put into it before it goes on to polars,
//! which would split it differently.

use super::text::ends_line;

/// One row as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// The row without its line end.
    pub text: &'a str,
    /// The line it begins on.
    pub line: u32,
    /// How many cells it has.
    pub cells: usize,
    /// The last cell that is not empty, counted from 1; 0 for a blank row.
    pub filled: usize,
    /// Whether every quote is where the plain form has it.
    pub plain: bool,
    /// The line of a quote that is opened and never closed.
    pub unclosed: Option<u32>,
}

/// The rows of a text, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Records<'a> {
    rest: &'a str,
    line: u32,
    delimiter: u8,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
        Self { rest: text, line: 1, delimiter }
    }

    /// The rows after the same place, split at the delimiter that gives the next row most cells.
    pub(super) fn detect(mut self) -> Self {
        let cells = |delimiter| scan(self.rest.as_bytes(), delimiter, &mut ()).cells;
        let most = b",;\t|".iter().copied().rev().max_by_key(|delimiter| cells(*delimiter));
        self.delimiter = most.unwrap_or(b',');
        self
    }

    pub(super) fn split_at(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    pub(super) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// How many bytes are left.
    pub(super) const fn left(&self) -> &'a str {
        self.rest
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let scan = scan(self.rest.as_bytes(), self.delimiter, &mut ());
        // Rows end at ASCII bytes, so these are boundaries of characters.
        let (text, line) = (self.rest.get(..scan.end)?, self.line);
        self.rest = self.rest.get(scan.next..)?;
        self.line = line.saturating_add(scan.lines);
        let unclosed = scan.unclosed.map(|lines| line.saturating_add(lines));
        Some(Record { text, line, cells: scan.cells, filled: scan.filled, plain: scan.plain, unclosed })
    }
}

impl Record<'_> {
    /// The text of each cell, its quotes taken off.
    pub(super) fn split(&self, delimiter: u8) -> Vec<String> {
        let mut cells = Split::default();
        scan(self.text.as_bytes(), delimiter, &mut cells);
        cells.done
    }

    /// Appends the row to a text in the plain form, with a line feed.
    pub(super) fn append_to(&self, text: &mut String, delimiter: u8) {
        if self.plain {
            text.push_str(self.text);
        } else {
            for (index, cell) in self.split(delimiter).iter().enumerate() {
                if index > 0 {
                    text.push(char::from(delimiter));
                }
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            }
        }
        text.push('\n');
    }
}

/// What the scan hands the text of the cells to.
trait Cells {
    fn byte(&mut self, byte: u8);
    fn close(&mut self);
}

/// Counting needs no text.
impl Cells for () {
    fn byte(&mut self, _: u8) {}
    fn close(&mut self) {}
}

#[derive(Default)]
struct Split {
    open: Vec<u8>,
    done: Vec<String>,
}

impl Cells for Split {
    fn byte(&mut self, byte: u8) {
        self.open.push(byte);
    }

    fn close(&mut self) {
        self.done.push(String::from_utf8_lossy(&self.open).into_owned());
        self.open.clear();
    }
}

/// Where the scan stands in a cell.
#[derive(Clone, Copy)]
enum At {
    Start,
    Bare,
    Quoted,
    /// After a quote inside a quoted cell: its end, or the first of two.
    Closed,
}

struct Scan {
    end: usize,
    next: usize,
    lines: u32,
    cells: usize,
    filled: usize,
    plain: bool,
    unclosed: Option<u32>,
}

/// Reads one row from the start of the bytes.
fn scan(bytes: &[u8], delimiter: u8, cells: &mut impl Cells) -> Scan {
    let end = bytes.len();
    let mut row = Scan { end, next: end, lines: 0, cells: 1, filled: 0, plain: true, unclosed: None };
    let (mut at, mut blanks, mut opened) = (At::Start, false, 0);
    for (index, &byte) in bytes.iter().enumerate() {
        at = match at {
            // Most bytes: nothing to look at but their end.
            At::Bare if byte != delimiter && !matches!(byte, b'\n' | b'\r' | b'"') => {
                cells.byte(byte);
                At::Bare
            }
            At::Quoted if byte == b'"' => At::Closed,
            At::Quoted => {
                row.lines += u32::from(ends_line(bytes, index));
                if !byte.is_ascii_whitespace() {
                    row.filled = row.cells;
                }
                cells.byte(byte);
                At::Quoted
            }
            _ if byte == b'\n' || byte == b'\r' => {
                row.end = index;
                row.next = if ends_line(bytes, index) { index + 1 } else { index + 2 };
                row.lines += 1;
                break;
            }
            _ if byte == delimiter => {
                cells.close();
                row.cells += 1;
                blanks = false;
                At::Start
            }
            At::Start if byte == b' ' || byte == b'\t' => {
                blanks = true;
                At::Start
            }
            At::Start if byte == b'"' => {
                row.plain &= !blanks;
                opened = row.lines;
                At::Quoted
            }
            At::Closed if byte == b'"' => {
                row.filled = row.cells;
                cells.byte(byte);
                At::Quoted
            }
            At::Start | At::Bare | At::Closed => {
                row.plain &= byte != b'"' && !matches!(at, At::Closed);
                row.filled = row.cells;
                cells.byte(byte);
                At::Bare
            }
        };
    }
    if matches!(at, At::Quoted) {
        row.unclosed = Some(opened);
    }
    cells.close();
    row
}
