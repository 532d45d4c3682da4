//! Counts derived from a column of percentages.

use std::borrow::Cow;

use super::cell_rules::CellRules;
use super::cells::Row;
use super::count::{self, CountCell};
use super::given::{Given, Wrong, both};
use super::roles;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::{Counts, PercentRow};
use crate::error::Problem;
use crate::options::Decimal;
use crate::printed::grim::Derived;
use crate::printed::{Printed, Relation, Rule, Unit};

/// How many ambiguous rows an advisory names one by one.
const NAMED_ROWS: usize = 10;

/// The percentage and the total of a row.
pub(super) fn of_row(row: Row<'_>, [percent, total]: [usize; 2], rules: &CellRules) -> Given<(Printed, u64)> {
    match both(in_column(row, percent, rules), count::in_column(row, total, rules)) {
        Err(wrong) => Given::Wrong(wrong),
        Ok((None, None)) => Given::Nothing("percentage and total missing"),
        Ok((None, Some(_))) => Given::Nothing("percentage missing"),
        Ok((Some(_), None)) => Given::Nothing("total missing"),
        Ok((Some(_), Some(CountCell { count: 0, .. }))) => Given::Nothing("total is 0"),
        Ok((Some(percent), Some(total))) => Given::Value((percent, total.count)),
    }
}

/// The percentage in the cell of a column, or nothing where it is missing.
pub(super) fn in_column(row: Row<'_>, column: usize, rules: &CellRules) -> Result<Option<Printed>, Wrong> {
    const DIGITS: &str =
        "write it as it was printed, such as 58.4% or 58.4; leave the cell empty where there is none";
    let cell = row.cell(column);
    if rules.is_missing(cell) {
        return Ok(None);
    }
    // Where the comma is the decimal mark, points group thousands.
    let text = match rules.decimal {
        Decimal::Point => Cow::Borrowed(cell),
        Decimal::Comma => Cow::Owned(cell.replace('.', "").replace(',', ".")),
    };
    let wrong = |why: &str| Wrong::new(column, format!("{} {why}", quoted(cell)), DIGITS);
    let printed = Printed::parse(&text).map_err(|_| wrong("is not a percentage"))?;
    match printed.relation() {
        Relation::Equal => Ok(Some(printed)),
        Relation::About => Err(wrong("says about how many, so no count follows from it")),
        _ => Err(wrong("bounds the percentage, so no count follows from it")),
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

/// Derived counts, and the remarks on them.
pub(super) struct Derivation {
    pub counts: Vec<Counts>,
    /// The rows whose percentage is impossible: what is wrong and its line.
    pub impossible: Vec<(u32, Problem)>,
    pub advisories: Vec<Advisory>,
}

/// The counts of these rows.
pub(super) fn derive(rows: &[PercentRow], column: &str) -> Derivation {
    let mut derivation =
        Derivation { counts: Vec::with_capacity(rows.len()), impossible: Vec::new(), advisories: Vec::new() };
    let (mut ambiguous, mut cut) = (Vec::new(), Vec::new());
    let fractions = rows.iter().all(|row| row.percent.unit() == Unit::None);
    for row in rows {
        let taken = row.derived().and_then(|derived| Some((Counts::new(derived.taken, row.total)?, derived)));
        let Some((counts, derived)) = taken else {
            derivation.impossible.push((row.line, impossible(row)));
            continue;
        };
        if derived.ambiguity() > 1 {
            ambiguous.push(several(row, &derived));
        }
        if derived.rule == Rule::Truncation {
            cut.push(format!("{} of {} ('{}', line {})", row.percent, row.total, row.study, row.line));
        }
        derivation.counts.push(counts);
    }
    let kind = if fractions { "fractions" } else { "percentages" };
    let alone = derivation.counts.len() - ambiguous.len();
    let all = derivation.counts.len();
    let message = format!(
        "the events are derived from the {kind} in '{column}': {alone} of {all} rows allow one count alone"
    );
    derivation.advisories.push(Advisory::new(Code::EventsDerived, message));
    if !ambiguous.is_empty() {
        let message =
            format!("several counts are printed alike, and the nearest is taken: {}", joined(&ambiguous));
        derivation.advisories.push(Advisory::new(Code::EventsAmbiguous, message));
    }
    if !cut.is_empty() {
        let message = format!("possible only where digits are cut off instead of rounded: {}", joined(&cut));
        derivation.advisories.push(Advisory::new(Code::PercentTruncated, message));
    }
    derivation
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
