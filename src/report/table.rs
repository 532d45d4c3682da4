//! One table for three markups: text, Markdown and HTML draw the same columns and rows.

use serde::Serialize;

use crate::format::grouped;

/// How the cells of a column stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Words.
    Left,
    /// Numbers that have the same number of decimals.
    Right,
    /// Two numbers with `to` between: each of the two aligned to the right.
    Interval,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its header; a line feed is where it may break.
    pub title: String,
    /// How its cells are aligned.
    pub align: Align,
}

/// One row. The first cell is its header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// A cell a column.
    pub cells: Vec<String>,
    /// Whether it is the row the reader came for.
    pub strong: bool,
    /// Whether it was made up to fit, and must not look like data.
    pub made_up: bool,
}

impl Row {
    /// A row like any other.
    #[must_use]
    pub const fn new(cells: Vec<String>) -> Self {
        Self { cells, strong: false, made_up: false }
    }
}

/// A table with its caption and its notes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Table {
    /// What it shows, in a few words.
    pub caption: String,
    /// The columns; the first heads the rows.
    pub columns: Vec<Column>,
    /// The rows.
    pub body: Vec<Row>,
    /// The rows below the rule: what the body comes to.
    pub foot: Vec<Row>,
    /// Remarks to print below it.
    pub notes: Vec<String>,
}

impl Table {
    /// The same with at most so many rows; a note says how many are missing, and what `has` them all.
    #[must_use]
    pub(super) fn with_at_most(mut self, rows: usize, has: &str) -> Self {
        let more = self.body.len().saturating_sub(rows);
        if more > 0 {
            self.body.truncate(rows);
            self.notes.push(format!("… {} more rows ({has} them all)", grouped(more as u64)));
        }
        self
    }

    /// A table without rows.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: &[(&str, Align)]) -> Self {
        let columns =
            columns.iter().map(|&(title, align)| Column { title: title.to_string(), align }).collect();
        Self { caption: caption.into(), columns, body: Vec::new(), foot: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row to the body.
    pub fn push<const N: usize>(&mut self, cells: [String; N]) {
        self.body.push(Row::new(cells.into()));
    }

    /// Removes a column.
    pub(super) fn remove_column(&mut self, index: usize) {
        self.columns.remove(index);
        self.body.iter_mut().chain(&mut self.foot).for_each(|row| drop(row.cells.remove(index)));
    }

    /// Every row, body and foot.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.body.iter().chain(&self.foot)
    }

    /// The same table with the two numbers of its intervals padded by `blank`, so that each lies
    /// below its like once the cells have the same width.
    ///
    /// ```
    /// use metaprop::report::table::{Align, Table};
    /// let mut table = Table::new("", &[("", Align::Left), ("95% CI", Align::Interval)]);
    /// table.push(["A".to_string(), "9.5 to 20.0".to_string()]);
    /// table.push(["B".to_string(), "10.0 to 100.0".to_string()]);
    /// assert_eq!(table.with_aligned_intervals(' ').body[0].cells[1], " 9.5 to  20.0");
    /// ```
    #[must_use]
    pub fn with_aligned_intervals(mut self, blank: char) -> Self {
        let intervals = self.columns.iter().enumerate().filter(|(_, c)| c.align == Align::Interval);
        let indices: Vec<usize> = intervals.map(|(index, _)| index).collect();
        for index in indices {
            let widths = self.rows().filter_map(|row| halves(row.cells.get(index)?)).fold([0, 0], widest);
            for cell in self.body.iter_mut().chain(&mut self.foot).filter_map(|row| row.cells.get_mut(index))
            {
                if let Some([lower, upper]) = halves(cell) {
                    *cell =
                        format!("{}{TO}{}", padded(lower, widths[0], blank), padded(upper, widths[1], blank));
                }
            }
        }
        self
    }
}

/// What stands between the limits of an interval.
const TO: &str = " to ";

fn halves(cell: &str) -> Option<[&str; 2]> {
    cell.split_once(TO).map(|(lower, upper)| [lower, upper])
}

fn widest(so_far: [usize; 2], [lower, upper]: [&str; 2]) -> [usize; 2] {
    [so_far[0].max(lower.chars().count()), so_far[1].max(upper.chars().count())]
}

fn padded(number: &str, width: usize, blank: char) -> String {
    let missing = width.saturating_sub(number.chars().count());
    std::iter::repeat_n(blank, missing).chain(number.chars()).collect()
}
