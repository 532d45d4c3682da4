//! The quick way through the rows that most large tables have: a name with a number, and two whole numbers.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::columns::{Columns, Values};
use super::count::plain_count;
use super::totals_names::has_number;
use crate::data::Counts;

/// Where name, events and total stand, in a table in which no other cell of a row has to be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainColumns {
    name: usize,
    events: usize,
    total: usize,
    width: usize,
}

impl PlainColumns {
    /// Of the columns of a table, which have these names; `None` where more has to be looked at than three cells.
    pub(super) fn new(columns: &Columns, rules: &CellRules, names: &[String]) -> Option<Self> {
        let ([name], None) = (&columns.names.study[..], columns.names.year) else { return None };
        let Values::Counts { events, total: Some(total) } = columns.values else { return None };
        // The header once more among the rows is no study, whatever its names are.
        let may_be_header = plain_count(names[events].as_bytes()).is_some();
        let looks_at_more = columns.held.is_some() || !columns.filters.is_empty() || rules.has_more_missing();
        (!may_be_header && !looks_at_more).then_some(Self { name: *name, events, total, width: names.len() })
    }

    /// The name and the counts of a row of which there is nothing else to say; any other row is `None`.
    pub(super) fn read<'t>(self, row: Row<'t>) -> Option<(&'t str, Counts)> {
        let count = |column| plain_count(row.bytes_of(column));
        let counts = Counts::new(count(self.events)?, count(self.total)?)?;
        let name = row.cell(self.name);
        (row.len() <= self.width && has_number(name)).then_some((name, counts))
    }
}
