//! The row of totals at the bottom of a table, which is no study.

use super::count::count;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::Counts;
use crate::options::Decimal;

/// Whether a row is named like the totals of a table: "Total", "Pooled:", "Overall (95% CI)".
pub(super) fn is_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["total", "totals", "overall", "pooled", "sum", "summary"];
    let word = name.split('(').next().unwrap_or_default();
    let word = word.trim_end_matches(|c: char| c.is_whitespace() || c == ':');
    NAMES.iter().any(|totals| totals.eq_ignore_ascii_case(word))
}

/// Events and totals added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub events: u128,
    pub total: u128,
}

impl Sums {
    pub(super) fn of(counts: &[Counts]) -> Self {
        let mut sums = Self::default();
        counts.iter().for_each(|counts| sums.add(Some(counts.events()), Some(counts.total())));
        sums
    }

    pub(super) fn add(&mut self, events: Option<u64>, total: Option<u64>) {
        self.events += u128::from(events.unwrap_or(0));
        self.total += u128::from(total.unwrap_or(0));
    }
}

/// The row of totals at the bottom of a table of counts or of percentages.
pub(super) struct TotalsRow<'t> {
    pub name: &'t str,
    pub line: u32,
    /// Its cell of events or of percentages.
    pub events: &'t str,
    pub total: &'t str,
    /// Whether it has events: a percentage of all is no sum.
    pub counted: bool,
}

impl TotalsRow<'_> {
    /// The remark where the row is not what stands above it added up; `studies` are those kept, `all` those
    /// with a count.
    pub(super) fn differs(&self, studies: Sums, all: Sums, decimal: Decimal) -> Option<Advisory> {
        let agrees = |cell: &str, one: u128, other: u128| match count(cell, decimal) {
            Ok(None) => true,
            Ok(Some(printed)) => [one, other].contains(&u128::from(printed)),
            Err(_) => false,
        };
        let events = !self.counted || agrees(self.events, studies.events, all.events);
        if events && agrees(self.total, studies.total, all.total) {
            return None;
        }
        let message = format!(
            "the row {} on line {} says {} of {}; the studies above it add up to {} of {}",
            quoted(self.name),
            self.line,
            quoted(self.events),
            quoted(self.total),
            studies.events,
            studies.total
        );
        Some(Advisory::new(Code::TotalsDiffer, message))
    }
}

/// The remark where the last study has no name and is the sum of at least two above it: a row of totals, most
/// likely, but a row without a name is never left out.
pub(super) fn unnamed(line: u32, counts: &[Counts]) -> Option<Advisory> {
    let (last, above) = counts.split_last()?;
    let sum = Sums::of(above);
    let same = (sum.events, sum.total) == (u128::from(last.events()), u128::from(last.total()));
    (above.len() > 1 && same).then(|| {
        let message = format!(
            "the row without a name on line {line} is the sum of the {} studies above it; it is kept as a study: name it total if it is none",
            above.len()
        );
        Advisory::new(Code::UnnamedTotals, message)
    })
}
