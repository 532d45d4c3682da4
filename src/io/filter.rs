//! Conditions on the rows of a table.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::count;
use super::given::Wrong;
use super::header::Header;
use super::text::quoted;
use crate::data::cell::{number, number_with_unit, plain_unit, trim};
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
        let is_number = [Decimal::Point, Decimal::Comma].iter().any(|mark| {
            number(&self.value, *mark).is_some() || number_with_unit(&self.value, *mark).is_some()
        });
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
            None if self.value(rules).is_none() => Err(self.other_unit(cell)),
            None => Err(self.no_number(cell, rules)),
        }
    }

    /// That the value that was typed has a unit which the column does not have.
    fn other_unit(&self, cell: &str) -> Wrong {
        let what = format!(
            "{} is compared with {}, and the unit is not that of the column",
            quoted(cell),
            quoted(&self.value)
        );
        Wrong::new(self.column, what, "say a number without a unit, or the unit of all cells of the column")
    }

    /// What is wrong with a cell whose order is asked and that is no number.
    fn no_number(&self, cell: &str, rules: &CellRules) -> Wrong {
        let (what, help) = match number_with_unit(cell, rules.decimal(self.column)) {
            Some((_, unit)) => (
                format!(
                    "is a number with the unit {}, which not all cells of the column have",
                    quoted(trim(unit))
                ),
                "write all numbers of the column in one unit, or without one",
            ),
            None => ("is not a number".to_owned(), "leave the cell empty, or compare words by = and !="),
        };
        let what = format!("{} {what}, and --where {} compares it", quoted(cell), self.typed);
        Wrong::new(self.column, what, help)
    }

    /// The number that cells are compared with, typed with either decimal mark, and with the unit of the column or
    /// without.
    fn value(&self, rules: &CellRules) -> Option<f64> {
        let marks = [rules.decimal(self.column), Decimal::Point, Decimal::Comma];
        let in_unit = |mark| {
            let (value, unit) = number_with_unit(&self.value, mark)?;
            Some(value)
                .filter(|_| rules.unit(self.column).is_some_and(|of| plain_unit(of) == plain_unit(unit)))
        };
        marks.into_iter().find_map(|mark| number(&self.value, mark).or_else(|| in_unit(mark)))
    }

    /// The number in a cell.
    fn number(&self, cell: &str, rules: &CellRules) -> Option<f64> {
        let decimal = rules.decimal(self.column);
        let in_unit = || {
            let (number, _) = number_with_unit(cell, decimal)?;
            Some(number).filter(|_| rules.unit(self.column).is_some())
        };
        number(cell, decimal)
            .or_else(|| Some(count::read(cell, decimal, rules).ok()??.count as f64))
            .or_else(in_unit)
    }
}
