//! How the cells of a table are read: its decimal mark, its words for what is missing.

use crate::data::cell::{is_missing, number, trim};
use crate::options::{Decimal, OnImpossible, ReadOptions};

/// How the cells of a table are read.
#[derive(Debug, Clone)]
pub(super) struct CellRules {
    /// The decimal mark where it is said; else it is that of each column.
    decimal: Option<Decimal>,
    /// The columns whose cells show that the comma is their decimal mark.
    commas: Vec<bool>,
    /// Of each column the unit behind all its numbers, where there is one and conditions are asked.
    units: Vec<Option<String>>,
    /// Whether fractional events are rounded.
    pub round_events: bool,
    pub on_impossible: OnImpossible,
    /// More words for what is missing, in lower case.
    missing: Vec<String>,
}

impl CellRules {
    /// Of options, and of each column whether its cells show that the comma is their decimal mark.
    pub(super) fn new(options: &ReadOptions, commas: Vec<bool>) -> Self {
        Self {
            decimal: options.decimal,
            commas,
            units: Vec::new(),
            on_impossible: options.on_impossible.unwrap_or(OnImpossible::Stop),
            round_events: options.round_events.is_some(),
            missing: options.na.iter().map(|word| trim(word).to_lowercase()).collect(),
        }
    }

    /// The decimal mark of a column.
    pub(super) fn decimal(&self, column: usize) -> Decimal {
        let comma = self.commas.get(column).is_some_and(|comma| *comma);
        self.decimal.unwrap_or(if comma { Decimal::Comma } else { Decimal::Point })
    }

    /// The same with the units of the columns.
    pub(super) fn with_units(self, units: Vec<Option<String>>) -> Self {
        Self { units, ..self }
    }

    /// The unit behind all the numbers of a column.
    pub(super) fn unit(&self, column: usize) -> Option<&str> {
        self.units.get(column)?.as_deref()
    }

    /// Whether a cell says that there is no value.
    pub(super) fn is_missing(&self, cell: &str) -> bool {
        is_missing(cell) || self.is_named_missing(cell)
    }

    /// Whether words were named for what is missing.
    pub(super) const fn has_more_missing(&self) -> bool {
        !self.missing.is_empty()
    }

    /// Whether a cell is a word that was named for what is missing; a number (`99`) is that however it is written (`99.0`).
    pub(super) fn is_named_missing(&self, cell: &str) -> bool {
        let same = |word: &String| {
            let numbers = [cell, word].map(|text| number(text, Decimal::Point));
            *word == trim(cell).to_lowercase() || (numbers[0].is_some() && numbers[0] == numbers[1])
        };
        self.missing.iter().any(same)
    }
}
