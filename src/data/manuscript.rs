//! A text that is searched for printed figures: its paragraphs and rows of tables, with the place of every character.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use super::Provenance;
use crate::advisory::Advisory;

/// A mark is set at least every so many bytes, so that a place is found in short time in a line of any length.
const MARK_EVERY: usize = 256;

/// The format of a manuscript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ManuscriptFormat {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// LaTeX.
    Latex,
    /// A document of Word.
    Docx,
}

impl ManuscriptFormat {
    /// The format that an extension names, whatever its case.
    ///
    /// ```
    /// use metaprop::data::ManuscriptFormat;
    /// assert_eq!(ManuscriptFormat::of_extension("TeX"), Some(ManuscriptFormat::Latex));
    /// assert_eq!(ManuscriptFormat::of_extension("pdf"), None);
    /// ```
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "md" => Some(Self::Markdown),
            "tex" => Some(Self::Latex),
            "docx" => Some(Self::Docx),
            _ => None,
        }
    }

    /// What the first number of a place counts: `line`, or `paragraph` in a document of Word, which has no lines.
    ///
    /// ```
    /// use metaprop::data::ManuscriptFormat;
    /// assert_eq!(ManuscriptFormat::Docx.counts(), "paragraph");
    /// ```
    #[must_use]
    pub const fn counts(self) -> &'static str {
        match self {
            Self::Docx => "paragraph",
            Self::Text | Self::Markdown | Self::Latex => "line",
        }
    }
}

/// A place in a file: both numbers begin at 1, and columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line; in a document of Word the paragraph.
    pub line: u64,
    /// The character in it.
    pub column: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// From this byte on, places go on character by character from this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    at: usize,
    place: Place,
}

/// A paragraph, a heading, or a row of a table: text without mark-up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Passage {
    text: String,
    marks: Vec<Mark>,
    cells: Vec<Range<usize>>,
    header: Option<Arc<[String]>>,
    next: Option<Place>,
}

impl Passage {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cells of a row of a table, as ranges of bytes; empty elsewhere.
    #[must_use]
    pub fn cells(&self) -> &[Range<usize>] {
        &self.cells
    }

    /// What stands above the cells of a row of a table, where there is a header.
    #[must_use]
    pub fn header(&self) -> &[String] {
        self.header.as_deref().unwrap_or_default()
    }

    /// Where in the file the character at this byte stands.
    #[must_use]
    pub fn place(&self, byte: usize) -> Place {
        let mark = match self.marks.partition_point(|mark| mark.at <= byte).checked_sub(1) {
            Some(mark) => self.marks[mark],
            None => return Place { line: 1, column: 1 },
        };
        let behind = self.text.get(mark.at..byte).map_or(0, |text| text.chars().count());
        Place { column: mark.place.column + behind as u64, ..mark.place }
    }

    /// Whether there is nothing but blanks in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds a character that stands here in the file.
    pub(crate) fn push(&mut self, character: char, place: Place) {
        let far = self.marks.last().is_none_or(|mark| self.text.len() - mark.at >= MARK_EVERY);
        if far || self.next != Some(place) {
            self.marks.push(Mark { at: self.text.len(), place });
        }
        self.text.push(character);
        self.next = Some(Place { column: place.column + 1, ..place });
    }

    /// Adds characters that all stand for what begins here in the file.
    pub(crate) fn push_for(&mut self, text: &str, place: Place) {
        text.chars().for_each(|character| self.push(character, place));
    }

    /// Adds a blank, unless there is one already or nothing before it.
    pub(crate) fn blank(&mut self, place: Place) {
        if self.text.ends_with(|c: char| !c.is_whitespace()) {
            self.push(' ', place);
        }
    }

    /// The last character.
    pub(crate) fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// The cells of a row, and its header.
    pub(crate) fn with_cells(mut self, cells: Vec<Range<usize>>, header: Option<Arc<[String]>>) -> Self {
        self.cells = cells;
        self.header = header;
        self
    }

    /// The texts of its cells.
    pub(crate) fn cell_texts(&self) -> Vec<String> {
        let text = |cell: &Range<usize>| self.text.get(cell.clone()).unwrap_or_default().trim().to_string();
        self.cells.iter().map(text).collect()
    }
}

/// A manuscript: its passages in the order of the file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Manuscript {
    /// Its format.
    pub format: ManuscriptFormat,
    /// Its paragraphs, headings and rows of tables.
    pub passages: Vec<Passage>,
    /// The name of the file and its SHA-256.
    pub provenance: Provenance,
    /// What to know about how it was read.
    pub advisories: Vec<Advisory>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_keeps_its_place() {
        let mut passage = Passage::default();
        let at = |line, column| Place { line, column };
        for (index, character) in "τ² = é".chars().enumerate() {
            passage.push(character, at(3, 5 + index as u64));
        }
        passage.blank(at(3, 11));
        passage.blank(at(3, 12));
        passage.push('x', at(4, 1));
        let found: Vec<Place> = passage.text().char_indices().map(|(byte, _)| passage.place(byte)).collect();
        let want = [at(3, 5), at(3, 6), at(3, 7), at(3, 8), at(3, 9), at(3, 10), at(3, 11), at(4, 1)];
        assert_eq!(found, want);
    }

    #[test]
    fn a_place_in_a_long_line_is_found_from_a_mark_nearby() {
        let mut passage = Passage::default();
        (1..=5000).for_each(|column| passage.push('a', Place { line: 1, column }));
        assert!(passage.marks.len() >= 19);
        assert_eq!(passage.place(4321), Place { line: 1, column: 4322 });
    }
}
