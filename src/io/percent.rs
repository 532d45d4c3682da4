//! Counts derived from a column of percentages.

use super::roles;
use crate::advisory::{Advisory, Code};
use crate::data::{Counts, PercentRow, Study};
use crate::error::Problem;
use crate::printed::grim::Derived;
use crate::printed::{Printed, Relation, Rule, Unit};

/// How many ambiguous rows an advisory names one by one.
const NAMED_ROWS: usize = 10;

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
            format!("several counts are printed alike, and the nearest is taken: {}", joined(&ambiguous));
        counted.advisories.push(Advisory::new(Code::EventsAmbiguous, message));
    }
    if !cut.is_empty() {
        let message = format!("possible only where digits are cut off instead of rounded: {}", joined(&cut));
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

fn joined(rows: &[String]) -> String {
    let more = if rows.len() > NAMED_ROWS {
        format!("; and {} more", rows.len() - NAMED_ROWS)
    } else {
        String::new()
    };
    format!("{}{more}", rows.iter().take(NAMED_ROWS).map(String::as_str).collect::<Vec<_>>().join("; "))
}
