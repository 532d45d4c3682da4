//! The row of totals at the bottom of a table, which is no study.

use super::count::count;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::dataset::{Excluded, Study};
use crate::options::Decimal;

/// Whether a row is named like the totals of a table: "Total", "Pooled:", "Overall (95% CI)".
pub(super) fn is_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["total", "totals", "overall", "pooled", "sum", "summary"];
    let word = name.split('(').next().unwrap_or_default();
    let word = word.trim_end_matches(|c: char| c.is_whitespace() || c == ':');
    NAMES.iter().any(|totals| totals.eq_ignore_ascii_case(word))
}

/// A row that is named like totals and is not known yet to be the last.
#[derive(Debug, Clone)]
pub(super) struct TotalsRow {
    pub name: String,
    pub line: u32,
    pub events: String,
    pub total: String,
}

/// Events and totals added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub events: u128,
    pub total: u128,
}

impl Sums {
    pub(super) fn add(&mut self, events: Option<u64>, total: Option<u64>) {
        self.events += u128::from(events.unwrap_or(0));
        self.total += u128::from(total.unwrap_or(0));
    }
}

impl TotalsRow {
    pub(super) fn excluded(&self) -> Excluded {
        Excluded { study: self.name.clone(), line: self.line, reason: "totals row".to_owned() }
    }

    /// The remark where the row is not what stands above it added up; `studies` are those kept,
    /// `all` those with a count. A percentage of all is no sum: events are compared where they are `counted`.
    pub(super) fn differs(
        &self,
        studies: Sums,
        all: Sums,
        decimal: Decimal,
        counted: bool,
    ) -> Option<Advisory> {
        let agrees = |cell: &str, one: u128, other: u128| match count(cell, decimal) {
            Ok(None) => true,
            Ok(Some(printed)) => [one, other].contains(&u128::from(printed)),
            Err(_) => false,
        };
        let events = !counted || agrees(&self.events, studies.events, all.events);
        if events && agrees(&self.total, studies.total, all.total) {
            return None;
        }
        let message = format!(
            "the row {} on line {} says {} of {}; the studies above it add up to {} of {}",
            quoted(&self.name),
            self.line,
            quoted(&self.events),
            quoted(&self.total),
            studies.events,
            studies.total
        );
        Some(Advisory::new(Code::TotalsDiffer, message))
    }
}

/// The remark where the last study has no name and is the sum of at least two above it: a row of
/// totals, most likely, but a row without a name is never left out.
pub(super) fn unnamed(last: &Study, studies: Sums, k: usize) -> Option<Advisory> {
    let doubled = (2 * u128::from(last.counts.events()), 2 * u128::from(last.counts.total()));
    (k > 2 && doubled == (studies.events, studies.total)).then(|| {
        let message = format!(
            "the row without a name on line {} is the sum of the {} studies above it; it is kept as a study: name it total if it is none",
            last.line,
            k - 1
        );
        Advisory::new(Code::UnnamedTotals, message)
    })
}
