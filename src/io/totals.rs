//! Rows of sums, which are no studies: totals and subtotals, by their name and by their numbers.

use super::cell_rules::CellRules;
use super::count::read;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::Counts;

/// Words for a row of sums, in the form that [`is_name`] compares: lower case, letters apart, blanks single.
const NAMES: [&str; 63] = [
    // English
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub total",
    "subtotals",
    "overall",
    "overall effect",
    "overall estimate",
    "overall total",
    "pooled",
    "pooled estimate",
    "pooled effect",
    "pooled prevalence",
    "pooled proportion",
    "combined",
    "sum",
    "summary",
    "summary estimate",
    "all",
    "all studies",
    "random effects",
    "random effects model",
    "random effect model",
    "fixed effect",
    "fixed effects",
    "fixed effect model",
    "fixed effects model",
    "common effect",
    "common effect model",
    "common effects model",
    "re model",
    "fe model",
    "ce model",
    "ee model",
    "dl overall",
    "d l overall",
    "heterogeneity",
    // German, French, Spanish, Portuguese, Italian, Dutch
    "gesamt",
    "insgesamt",
    "gesamtsumme",
    "summe",
    "zwischensumme",
    "ensemble",
    "total général",
    "somme",
    "sous total",
    "suma",
    "total general",
    "general",
    "geral",
    "soma",
    "total geral",
    "totale",
    "totale complessivo",
    "complessivo",
    "subtotale",
    "somma",
    "totaal",
    "subtotaal",
    "som",
    // Spanish, Dutch
    "sub total general",
    "eindtotaal",
];

/// The same in Chinese, which has no blanks.
const CHINESE: [&str; 8] = ["合计", "总计", "小计", "总数", "共计", "总和", "合計", "總計"];

/// Whether a row is named like sums: `Total`, `Pooled:`, `Overall (95% CI)`, `Subtotal (I-squared = 40%)`, `Gesamt`.
pub(super) fn is_name(name: &str) -> bool {
    let name = name.split(['(', '[']).next().unwrap_or_default();
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = words.join(" ");
    NAMES.contains(&words.as_str()) || CHINESE.contains(&words.as_str())
}

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
    /// Whether a row is the sum of at least so many rows above it.
    pub(super) fn is_sum(&self, counts: Counts, least: usize) -> bool {
        self.all.is(counts, least) || self.since.is(counts, least)
    }

    /// How many rows above a row add up to it.
    pub(super) fn rows(&self, counts: Counts) -> usize {
        if self.all.is(counts, 1) { self.all.rows } else { self.since.rows }
    }

    /// Adds a study.
    pub(super) fn add(&mut self, counts: Counts) {
        self.all.add(counts);
        self.since.add(counts);
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
        let has = |cell: Option<&str>, of: fn(&Sums) -> u128, sums: &Sums| match cell
            .map(|cell| read(cell, rules))
        {
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
        let says = [row.events, row.total].map(|cell| cell.map_or_else(|| "nothing".to_owned(), quoted));
        let sums = if self.since.rows > 0 && self.since != self.all { self.since } else { self.all };
        let message = format!(
            "the row {} on line {} says {} of {}; the studies above it add up to {} of {}",
            quoted(row.name),
            row.line,
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
    pub line: u32,
    pub events: Option<&'t str>,
    pub total: Option<&'t str>,
}

/// The remark on a row that is a sum and is not named as one.
pub(super) fn unnamed_sum(name: &str, line: u32, rows: usize) -> Advisory {
    let message = format!(
        "the row {} on line {line} is the sum of the {rows} rows above it; it is kept as a study: name it total if it is none",
        quoted(name)
    );
    Advisory::new(Code::SumRow, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_known_by_their_names_in_several_languages() {
        for name in [
            "Total",
            "TOTAL:",
            "Subtotal (I-squared = 40%)",
            "Overall (95% CI)",
            "Random-effects model",
            "RE Model",
            "Gesamt",
            "Sous-total",
            "Total général",
            "Totaal",
            "合计",
            "D+L Overall",
            "All studies",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "Totaro 2001",
            "Total Health Study",
            "Overall 2010",
            "Summers 1999",
            "Allen",
            "General Hospital",
            "Gesa",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }
}
