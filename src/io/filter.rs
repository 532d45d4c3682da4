//! Conditions on the rows of a table.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::count;
use super::given::Wrong;
use super::header::Header;
use super::text::quoted;
use crate::data::cell::{number, trim};
use crate::error::Problem;
use crate::options::{Comparison, Decimal, Filter};

/// A condition on the cell in a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowFilter {
    pub column: usize,
    comparison: Comparison,
    pub value: String,
    /// As it was typed.
    pub typed: String,
    /// Whether every row has to have a value, as rows of several outcomes have.
    pub needed: bool,
}

impl RowFilter {
    pub(super) fn new(column: usize, filter: &Filter) -> Self {
        let value = trim(&filter.value).to_owned();
        Self { column, comparison: filter.comparison, value, typed: filter.to_string(), needed: false }
    }

    /// That the cell is this value, where a row without one belongs to nothing.
    pub(super) fn equal(column: usize, name: &str, value: &str) -> Self {
        Self {
            column,
            comparison: Comparison::Equal,
            value: value.to_owned(),
            typed: format!("{name}={value}"),
            needed: true,
        }
    }

    /// What is wrong with it, whatever the rows are.
    pub(super) fn problem(&self, header: &Header<'_>) -> Option<Problem> {
        let is_number =
            [Decimal::Point, Decimal::Comma].iter().any(|mark| number(&self.value, *mark).is_some());
        (self.comparison.is_of_order() && !is_number).then(|| {
            let what =
                format!("--where {}: {} is not a number to compare with", self.typed, quoted(&self.value));
            header.problem(what).help("words can be compared by = and != alone")
        })
    }

    /// Whether it holds for a row. Numbers are compared as numbers, those in cells of counts (`1,066`, `12 (24%)`) too;
    /// what is missing is neither below nor above one.
    ///
    /// # Errors
    ///
    /// An empty cell where every row needs a value, and a cell of words, where the order of numbers is asked.
    pub(super) fn holds(&self, row: Row<'_>, rules: &CellRules) -> Result<bool, Wrong> {
        let cell = row.cell(self.column);
        if self.needed && cell.is_empty() {
            let what = format!("the cell is empty, and {} asks for its value", self.typed);
            return Err(Wrong::new(
                self.column,
                what,
                "write the value in every row, those that go on from a row above too",
            ));
        }
        let order = match self.value(rules) {
            Some(value) => self.number(cell, rules).map(|cell| cell.partial_cmp(&value)),
            None => None,
        };
        match order {
            Some(order) => Ok(order.is_some_and(|order| self.comparison.holds(order))),
            None if !self.comparison.is_of_order() => Ok(self.comparison.holds(cell.cmp(&*self.value))),
            None if rules.is_missing(cell) => Ok(false),
            None => {
                let what =
                    format!("{} is not a number, and --where {} compares it", quoted(cell), self.typed);
                Err(Wrong::new(self.column, what, "leave the cell empty, or compare words by = and !="))
            }
        }
    }

    /// The number that cells are compared with, typed with either decimal mark.
    fn value(&self, rules: &CellRules) -> Option<f64> {
        let marks = [rules.decimal(self.column), Decimal::Point, Decimal::Comma];
        marks.into_iter().find_map(|mark| number(&self.value, mark))
    }

    /// The number in a cell.
    fn number(&self, cell: &str, rules: &CellRules) -> Option<f64> {
        let decimal = rules.decimal(self.column);
        number(cell, decimal).or_else(|| Some(count::read(cell, decimal, rules).ok()??.count as f64))
    }
}
