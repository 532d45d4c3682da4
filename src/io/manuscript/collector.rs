//! The passages that a reader has finished, and the one it is at.

use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use crate::data::Passage;

/// The passages read so far.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub passages: Vec<Passage>,
    /// The one that is being read.
    pub open: Passage,
    /// The cells of the row that is being read, and where the open one begins.
    cells: Vec<Range<usize>>,
    begin: usize,
    /// What stands above the rows of the table that is being read.
    pub header: Option<Arc<[String]>>,
}

impl Collector {
    /// Ends a paragraph or heading.
    pub fn end_paragraph(&mut self) {
        let passage = take(&mut self.open);
        (self.cells, self.begin) = (Vec::new(), 0);
        if !passage.is_blank() {
            self.passages.push(passage);
        }
    }

    /// Ends a cell of a row.
    pub fn end_cell(&mut self) {
        let end = self.open.text().len();
        self.cells.push(self.begin..end);
        self.begin = end;
    }

    /// What follows is the next cell: a bar may have been written between them.
    pub fn begin_cell(&mut self) {
        self.begin = self.open.text().len();
    }

    /// Ends a row of a table; the first one is the header of those below.
    pub fn end_row(&mut self, is_header: bool) {
        let cells = take(&mut self.cells);
        let row = take(&mut self.open).with_cells(cells, self.header.clone());
        self.begin = 0;
        if row.is_blank() {
            return;
        }
        if is_header {
            self.header = Some(row.cell_texts().into());
        }
        self.passages.push(row);
    }

    /// All passages.
    pub fn finish(mut self) -> Vec<Passage> {
        self.end_paragraph();
        self.passages
    }
}
