//! How the cells of a table are read: its decimal mark, its words for what is missing.

use crate::data::cell::{is_missing, trim};
use crate::options::{Decimal, ReadOptions};

/// How the cells of a table are read.
#[derive(Debug, Clone, Default)]
pub(super) struct CellRules {
    pub decimal: Decimal,
    /// Whether fractional events are rounded.
    pub round_events: bool,
    /// More words for what is missing, in lower case.
    missing: Vec<String>,
}

impl CellRules {
    pub(super) fn new(options: &ReadOptions) -> Self {
        Self {
            decimal: options.decimal.unwrap_or_default(),
            round_events: options.round_events.is_some(),
            missing: options.na.iter().map(|word| trim(word).to_lowercase()).collect(),
        }
    }

    /// Whether a cell says that there is no value.
    pub(super) fn is_missing(&self, cell: &str) -> bool {
        is_missing(cell) || (!self.missing.is_empty() && self.missing.contains(&trim(cell).to_lowercase()))
    }
}
