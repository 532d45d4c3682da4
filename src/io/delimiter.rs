//! The sign between the cells of a table, found in its first lines.

use std::path::Path;

use super::records::{Records, tidy};
use super::text::ends_line;
use crate::error::Error;

/// In the order in which they are preferred.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// As much of a text as is looked at first, in bytes: a header is rarely longer.
const BEGINNING: usize = 1 << 16;

/// A text from its header on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimited<'a> {
    pub text: &'a str,
    /// The line that the text begins on.
    pub line: u32,
    pub delimiter: u8,
}

impl<'a> Delimited<'a> {
    /// The text from its header on and the delimiter: the one a line `sep=;` above the header names, the tab in
    /// a file named `.tsv`, else the one that gives the header most cells.
    pub(super) fn find(text: &'a str, file: &str) -> Result<Self, Error> {
        let tabs = Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
        let (mut text, mut line, mut delimiter) = (text, 1, tabs.then_some(b'\t'));
        loop {
            (text, line) = without_blank_lines(text, line);
            let end = (0..text.len()).find(|&at| ends_line(text.as_bytes(), at)).unwrap_or(text.len());
            let Some(declared) = declared(&text[..end]) else { break };
            delimiter = Some(declared);
            (text, line) = (text.get(end + 1..).unwrap_or_default(), line.saturating_add(1));
        }
        let delimiter = match delimiter {
            Some(delimiter) => delimiter,
            None => match most_cells(&text[..text.floor_char_boundary(BEGINNING)])? {
                Some(delimiter) => delimiter,
                None => most_cells(text)?.unwrap_or(DELIMITERS[0]),
            },
        };
        Ok(Self { text, line, delimiter })
    }
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

/// The delimiter that gives the first row that is not blank most cells; `None` where there is no such row.
fn most_cells(text: &str) -> Result<Option<u8>, Error> {
    let mut most: Option<(usize, u8)> = None;
    for delimiter in DELIMITERS {
        let tidied = tidy(text, delimiter);
        let mut records = Records::new(&tidied, 1, delimiter);
        let cells = records.next()?.map_or(0, |record| record.cells.len());
        if cells > most.map_or(0, |(cells, _)| cells) {
            most = Some((cells, delimiter));
        }
    }
    Ok(most.map(|(_, delimiter)| delimiter))
}
