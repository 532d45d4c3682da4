//! One row of cells to what it says, whatever stands in the others.

use std::borrow::Cow;

use super::cell_rules::CellRules;
use super::cells::Row;
use super::columns::{Columns, Values};
use super::count::{self, CountsRead};
use super::estimates;
use super::given::{Given, Wrong};
use super::percent;
use super::totals_names;
use crate::printed::Printed;

/// How the rows of a table are read.
#[derive(Clone, Copy)]
pub(super) struct RowReader<'t> {
    pub columns: &'t Columns,
    pub rules: &'t CellRules,
    /// The names of the columns.
    pub names: &'t [String],
}

/// What a row says.
#[derive(Debug)]
pub(super) struct ReadRow<'t> {
    pub row: Row<'t>,
    /// Its name, if it has one.
    pub name: Option<Cow<'t, str>>,
    pub value: RowValue,
}

/// What the cells of a row give.
#[derive(Debug)]
pub(super) enum RowValue {
    /// It has more cells than the header.
    TooLong,
    /// A condition does not hold for it.
    Filtered,
    /// A condition compares a cell that cannot be compared.
    Wrong(Wrong),
    /// It is named as a total.
    Total,
    /// It is the header once more, as on every page of a long table.
    Header,
    Counts(Given<CountsRead>),
    /// A percentage and its total.
    Percentage(Given<(Printed, u64)>),
    Estimate(Given<estimates::Read>),
}

impl<'t> RowReader<'t> {
    /// Reads a row.
    pub(super) fn read(self, row: Row<'t>) -> ReadRow<'t> {
        if row.goes_on_at(self.names.len()) {
            return ReadRow { row, name: None, value: RowValue::TooLong };
        }
        if self.is_header(row) {
            return ReadRow { row, name: self.name(row), value: RowValue::Header };
        }
        let name = self.name(row).or_else(|| self.total_elsewhere(row));
        let value = match self.is_kept(row) {
            Ok(false) => RowValue::Filtered,
            _ if name.as_deref().is_some_and(totals_names::is_name) => RowValue::Total,
            Ok(true) => self.value(row),
            Err(wrong) => RowValue::Wrong(wrong),
        };
        ReadRow { row, name, value }
    }

    /// Whether a row has the names of the columns, at least two of them.
    pub(super) fn is_header(self, row: Row<'_>) -> bool {
        let is_name = |(column, name): (usize, &String)| row.cell(column) == name;
        self.names.iter().enumerate().all(is_name)
            && self.names.iter().filter(|name| !name.is_empty()).count() > 1
    }

    /// What a row without a name in the column of names is called as a total in another.
    fn total_elsewhere(self, row: Row<'t>) -> Option<Cow<'t, str>> {
        let has_names = !self.columns.names.study.is_empty();
        row.iter().find(|cell| has_names && totals_names::is_total(cell)).map(Into::into)
    }

    /// Whether every condition holds for a row.
    pub(super) fn is_kept(self, row: Row<'_>) -> Result<bool, Wrong> {
        for filter in &self.columns.filters {
            if !filter.holds(row, self.rules)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a row has a name, or is called a total in another column.
    pub(super) fn has_name(self, row: Row<'t>) -> bool {
        self.name(row).is_some() || self.total_elsewhere(row).is_some()
    }

    /// The row's name, if it has one.
    pub(super) fn name(self, row: Row<'t>) -> Option<Cow<'t, str>> {
        let name: Cow<'t, str> = match self.columns.names.study[..] {
            [column] => row.cell(column).into(),
            ref columns => {
                let mut name = String::new();
                for part in columns.iter().map(|column| row.cell(*column)) {
                    if part.is_empty() || (is_year(part) && name.contains(part)) {
                        continue;
                    }
                    name.push_str(if name.is_empty() { "" } else { " " });
                    name.push_str(part);
                }
                name.into()
            }
        };
        match self.columns.names.year.map(|column| row.cell(column)) {
            _ if name.is_empty() => None,
            Some(year) if !year.is_empty() && !name.contains(year) => Some(format!("{name} {year}").into()),
            _ => Some(name),
        }
    }

    fn value(self, row: Row<'_>) -> RowValue {
        match self.columns.values {
            Values::Counts { events, total } => {
                RowValue::Counts(count::of_row(row, events, total, self.rules))
            }
            Values::Percentages { percent, total } => {
                RowValue::Percentage(percent::of_row(row, [percent, total], self.rules))
            }
            Values::Estimates(columns) => RowValue::Estimate(columns.of_row(row, self.rules)),
        }
    }
}

/// Whether a part of a name is a year, which a name that has it already does not take once more.
fn is_year(part: &str) -> bool {
    part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit())
}
