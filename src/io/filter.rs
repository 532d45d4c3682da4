//! Conditions on the rows of a table.

use super::cell_rules::CellRules;
use super::cells::Row;
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
}

impl RowFilter {
    pub(super) fn new(column: usize, filter: &Filter) -> Self {
        let value = trim(&filter.value).to_owned();
        Self { column, comparison: filter.comparison, value, typed: filter.to_string() }
    }

    /// That the cell is this value.
    pub(super) fn equal(column: usize, name: &str, value: &str) -> Self {
        Self {
            column,
            comparison: Comparison::Equal,
            value: value.to_owned(),
            typed: format!("{name}={value}"),
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

    /// Whether it holds for a row. Numbers are compared as numbers; what is no number is neither below nor above one.
    pub(super) fn holds(&self, row: Row<'_>, rules: &CellRules) -> bool {
        let cell = row.cell(self.column);
        let decimal = rules.decimal(self.column);
        match (number(cell, decimal), number(&self.value, decimal)) {
            (Some(cell), Some(value)) => {
                cell.partial_cmp(&value).is_some_and(|order| self.comparison.holds(order))
            }
            _ if self.comparison.is_of_order() => false,
            _ => self.comparison.holds(cell.cmp(&*self.value)),
        }
    }
}
