//! A column of percentages instead of counts: what each can count, and the count that is taken.
//!
//! A printed percentage of a known number of people is a range of counts, most often of one. The count
//! nearest to the printed value is taken and the others are told; where there is none the percentage is
//! impossible (GRIM), and so is the row.

use super::table::{Excluded, Provenance, Study};
use super::{Counts, roles};
use crate::advisory::{Advisory, Code};
use crate::error::{Error, Problem};
use crate::rounding::grim::{Derived, Grim, derive, grim};
use crate::rounding::{Printed, Relation, Rule, Unit};

/// How many ambiguous rows an advisory tells one by one.
const TOLD: usize = 10;

/// A row of a table of percentages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PercentRow {
    /// The study's name.
    pub study: Box<str>,
    /// Its line in the file.
    pub line: u32,
    /// The percentage as it was printed, with the unit of the column.
    pub percent: Printed,
    /// Of how many people; above 0.
    pub total: u64,
}

/// The percentages of a table, whether they are possible or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Percentages {
    /// The rows that have a percentage and a total.
    pub rows: Vec<PercentRow>,
    /// The rows that were left out, by line.
    pub excluded: Vec<Excluded>,
    /// Where the table came from.
    pub provenance: Provenance,
    /// The column of the percentages.
    pub column: String,
}

impl Percentages {
    /// How many rows are impossible: no count of their total is printed so.
    #[must_use]
    pub fn impossible(&self) -> usize {
        self.rows.iter().filter(|row| row.derived().is_none()).count()
    }
}

impl PercentRow {
    /// What the percentage can count; `None` where it is impossible.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        derive(&self.percent, self.total)
    }

    /// The percentage held against the total.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] as [`grim`].
    pub fn grim(&self) -> Result<Grim, Error> {
        grim(&self.percent, self.total)
    }
}

/// What is wrong with a cell that gives no percentage to count.
pub(super) fn refusal(printed: &Printed) -> Option<&'static str> {
    match printed.relation() {
        Relation::Equal => None,
        Relation::About => Some("says about how many, so no count follows from it"),
        _ => Some("bounds the percentage, so no count follows from it"),
    }
}

/// Numbers without a unit are percentages, unless all of them can be fractions and nothing says otherwise:
/// neither the column's name nor a `%` in another cell.
pub(super) fn settle_units(rows: &mut [PercentRow], column: &str) {
    let bare = |row: &PercentRow| row.percent.unit() == Unit::None;
    let within_one = |row: &PercentRow| row.percent.mantissa().unsigned_abs() <= row.percent.steps();
    let fractions = !roles::says_percent(column) && rows.iter().all(|row| bare(row) && within_one(row));
    if !fractions {
        for row in rows.iter_mut().filter(|row| bare(row)) {
            // With its sign in every message.
            let signed = Printed::parse(&format!("{}%", row.percent));
            row.percent = signed.unwrap_or_else(|_| row.percent.or_unit(Unit::Percent));
        }
    }
}

/// Studies with derived counts, and what is to be said about them.
pub(super) struct Counted {
    pub studies: Vec<Study>,
    /// The rows whose percentage is impossible: what is wrong and its line.
    pub impossible: Vec<(u32, Problem)>,
    pub advisories: Vec<Advisory>,
}

/// The studies of these rows.
pub(super) fn count(rows: Vec<PercentRow>, column: &str) -> Counted {
    let mut counted =
        Counted { studies: Vec::with_capacity(rows.len()), impossible: Vec::new(), advisories: Vec::new() };
    let (mut ambiguous, mut cut) = (Vec::new(), Vec::new());
    let fractions = rows.iter().all(|row| row.percent.unit() == Unit::None);
    for row in rows {
        let Some(derived) = row.derived() else {
            counted.impossible.push((row.line, impossible(&row)));
            continue;
        };
        let Some(counts) = Counts::new(derived.taken, row.total) else { continue };
        if derived.ambiguity() > 1 {
            ambiguous.push(several(&row, &derived));
        }
        if derived.rule == Rule::Truncation {
            cut.push(format!("{} of {} ('{}', line {})", row.percent, row.total, row.study, row.line));
        }
        counted.studies.push(Study { name: row.study, line: row.line, counts });
    }
    let kind = if fractions { "fractions" } else { "percentages" };
    let alone = counted.studies.len() - ambiguous.len();
    let all = counted.studies.len();
    let message = format!(
        "the events are derived from the {kind} in '{column}': {alone} of {all} rows allow one count alone"
    );
    counted.advisories.push(Advisory::new(Code::EventsDerived, message));
    if !ambiguous.is_empty() {
        let message =
            format!("several counts are printed alike, and the nearest is taken: {}", told(&ambiguous));
        counted.advisories.push(Advisory::new(Code::EventsAmbiguous, message));
    }
    if !cut.is_empty() {
        let message = format!("possible only where digits are cut off instead of rounded: {}", told(&cut));
        counted.advisories.push(Advisory::new(Code::PercentTruncated, message));
    }
    counted
}

fn impossible(row: &PercentRow) -> Problem {
    let what = match row.grim() {
        Ok(grim) => grim.sentence(),
        Err(_) => format!("{} of {} gives no count", row.percent, row.total),
    };
    Problem::new(what).help("check both numbers, above all whether the total is the one the percentage is of; an empty cell leaves the row out")
}

fn several(row: &PercentRow, derived: &Derived) -> String {
    let [first, last] = derived.counts;
    format!(
        "{} of {} is any of {first} to {last}, taken as {} ('{}', line {})",
        row.percent, row.total, derived.taken, row.study, row.line
    )
}

fn told(rows: &[String]) -> String {
    let more = if rows.len() > TOLD { format!("; and {} more", rows.len() - TOLD) } else { String::new() };
    format!("{}{more}", rows.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("; "))
}
