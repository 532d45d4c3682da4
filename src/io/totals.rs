//! Rows of sums, which are no studies: totals and subtotals, by their numbers.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::count::in_column;
use super::text::quoted;
use super::totals_names::may_be_name;
use crate::advisory::{Advisory, Code};
use crate::data::Counts;

/// Events and totals added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    events: u128,
    total: u128,
    rows: usize,
}

impl Sums {
    fn add(&mut self, counts: Counts) {
        self.events += u128::from(counts.events());
        self.total += u128::from(counts.total());
        self.rows += 1;
    }

    /// Whether these are the counts of a row, from at least so many rows.
    fn is(self, counts: Counts, least: usize) -> bool {
        self.rows >= least
            && self.total == u128::from(counts.total())
            && self.events == u128::from(counts.events())
    }
}

/// What the study rows above a row add up to: all of them, and those since the last row of sums. Rows of sums, and rows
/// without counts, do not count.
#[derive(Debug, Clone, Default)]
pub(super) struct RowSums {
    all: Sums,
    since: Sums,
    /// Rows that have one number alone: what is added where a total has them.
    half: [u128; 2],
}

impl RowSums {
    /// Whether there is a row to add up.
    pub(super) fn any(&self) -> bool {
        self.all.rows > 0 || self.half != [0; 2]
    }

    /// Whether a row is the sum of at least so many rows above it.
    fn is_sum(&self, counts: Counts, least: usize) -> bool {
        self.all.is(counts, least) || self.since.is(counts, least)
    }

    /// How many rows above a row add up to it.
    fn rows(&self, counts: Counts) -> usize {
        if self.all.is(counts, 1) { self.all.rows } else { self.since.rows }
    }

    /// Whether a row of which the name has a word for a sum is one: of at least one row above it.
    pub(super) fn is_named_sum(&self, name: &str, counts: Counts) -> bool {
        may_be_name(name) && self.is_sum(counts, 1)
    }

    /// Adds a study; where its counts are the sum of at least two rows above it adds none, and says of how many.
    pub(super) fn add(&mut self, counts: Counts) -> Option<usize> {
        if self.is_sum(counts, 2) {
            let rows = self.rows(counts);
            self.close();
            return Some(rows);
        }
        self.all.add(counts);
        self.since.add(counts);
        None
    }

    /// Adds a row that has one number alone.
    pub(super) fn add_half(&mut self, [events, total]: [Option<u64>; 2]) {
        self.half[0] += u128::from(events.unwrap_or(0));
        self.half[1] += u128::from(total.unwrap_or(0));
    }

    /// A row of sums stood here.
    pub(super) fn close(&mut self) {
        self.since = Sums::default();
    }

    /// The remark where a row that is named as a total is not what stands above it added up. `events` is no cell where
    /// the table has percentages, which do not add up.
    pub(super) fn differs(&self, row: &TotalsRow<'_>, rules: &CellRules) -> Option<Advisory> {
        let with_half =
            Sums { events: self.all.events + self.half[0], total: self.all.total + self.half[1], ..self.all };
        let read = |column| in_column(row.row, column, rules);
        let has = |column: Option<usize>, of: fn(&Sums) -> u128, sums: &Sums| match column.map(read) {
            None | Some(Ok(None)) => true,
            Some(Ok(Some(printed))) => u128::from(printed.count) == of(sums),
            Some(Err(_)) => false,
        };
        let agrees = |sums: &Sums| {
            sums.rows > 0
                && has(row.events, |sums| sums.events, sums)
                && has(row.total, |sums| sums.total, sums)
        };
        if [self.all, self.since, with_half].iter().any(agrees) {
            return None;
        }
        let says = [row.events, row.total]
            .map(|column| column.map_or_else(|| "nothing".to_owned(), |column| quoted(row.row.cell(column))));
        let sums = if self.since.rows > 0 && self.since != self.all { self.since } else { self.all };
        let message = format!(
            "the row {} on line {} says {} of {}; the studies above it add up to {} of {}",
            quoted(row.name),
            row.row.line,
            says[0],
            says[1],
            sums.events,
            sums.total
        );
        Some(Advisory::new(Code::TotalDiffers, message))
    }
}

/// A row that is named as a total.
pub(super) struct TotalsRow<'t> {
    pub name: &'t str,
    pub row: Row<'t>,
    pub events: Option<usize>,
    pub total: Option<usize>,
}

/// The remark on a row that is a sum and is not named as one.
pub(super) fn unnamed_sum(name: &str, line: u32, rows: usize) -> Advisory {
    let message = format!(
        "the row {} on line {line} is the sum of the {rows} rows above it; it is kept as a study: name it total if it is none",
        quoted(name)
    );
    Advisory::new(Code::SumRow, message)
}
