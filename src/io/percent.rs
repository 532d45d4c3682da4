//! Counts derived from a column of percentages.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::cell_rules::CellRules;
use super::cells::Row;
use super::contents::Contents;
use super::count;
use super::given::{Given, Wrong, both};
use super::intervals::with_interval;
use super::roles;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::cell::{too_long_a_number, with_decimal_point};
use crate::data::{Counts, PercentRow};
use crate::error::Problem;
use crate::options::OnImpossible;
use crate::printed::grim::{Derived, counts, nearest_count};
use crate::printed::{Printed, Relation, Rule, Unit};

/// How many ambiguous rows an advisory names one by one.
const NAMED_ROWS: usize = 10;

/// The percentage and the total of a row.
pub(super) fn of_row(row: Row<'_>, [percent, total]: [usize; 2], rules: &CellRules) -> Given<(Printed, u64)> {
    match both(in_column(row, percent, rules), count::total_in_column(row, total, rules)) {
        Err(wrong) => Given::Wrong(wrong),
        Ok((None, None)) => Given::Nothing("percentage and total missing"),
        Ok((None, Some(_))) => Given::Nothing("percentage missing"),
        Ok((Some(_), None)) => Given::Nothing("total missing"),
        Ok((Some(_), Some(0))) => Given::Nothing("total is 0"),
        Ok((Some(percent), Some(total))) => Given::Value((percent, total)),
    }
}

/// The percentage in the cell of a column, or nothing where it is missing. An interval may stand behind it, which has to
/// hold it.
pub(super) fn in_column(row: Row<'_>, column: usize, rules: &CellRules) -> Result<Option<Printed>, Wrong> {
    const DIGITS: &str =
        "write it as it was printed, such as 58.4% or 58.4; leave the cell empty where there is none";
    let cell = row.cell(column);
    if rules.is_missing(cell) {
        return Ok(None);
    }
    let wrong = |why: &str| Wrong::new(column, format!("{} {why}", quoted(cell)), DIGITS);
    if let Some(what) = too_long_a_number(cell) {
        return Err(wrong(&what));
    }
    let decimal = rules.decimal(column);
    let (estimate, limits) = match with_interval(cell, decimal) {
        Some(with) => (with.estimate, Some(with.limits)),
        None => (cell, None),
    };
    let Some(text) = with_decimal_point(estimate, decimal) else {
        return Err(wrong(
            "has a point that groups no thousands, and the decimal mark of the column is the comma",
        ));
    };
    let text = as_printed(text);
    let printed = Printed::parse(&text).map_err(|_| wrong("is not a percentage"))?;
    let held = |[lower, upper]: [f64; 2]| {
        let number = printed.mantissa() as f64 / 10_u64.pow(printed.decimals()) as f64;
        lower <= number && number <= upper
    };
    if limits.is_some_and(|limits| !held(limits)) {
        let what = format!("{} is a number outside of the interval behind it", quoted(cell));
        return Err(Wrong::new(column, what, "check the three numbers"));
    }
    match printed.relation() {
        Relation::Equal => Ok(Some(printed)),
        Relation::About => Err(wrong("says about how many, so no count follows from it")),
        _ => Err(wrong("bounds the percentage, so no count follows from it")),
    }
}

/// Percentages beside counts, which are compared with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub column: usize,
    /// Whether numbers without a sign are percentages: one of them is above 1, or another cell has a sign. Else they
    /// can be fractions or percentages.
    percentages: bool,
}

impl Held {
    pub(super) fn new(contents: Contents<'_>, column: usize) -> Self {
        let mut cells =
            contents.table.rows().filter_map(|row| in_column(row, column, contents.rules).ok()?);
        let percentages = cells.any(|printed| {
            printed.unit() != Unit::None || printed.mantissa().unsigned_abs() > printed.steps()
        });
        Self { column, percentages }
    }

    /// The percentage of a row, where there is one.
    pub(super) fn of_row(self, row: Row<'_>, rules: &CellRules) -> Option<Printed> {
        let printed = in_column(row, self.column, rules).ok()??;
        Some(if self.percentages { printed.or_unit(Unit::Percent) } else { printed })
    }
}

/// A number with more than twelve digits comes from arithmetic (0.23333333333333334 for 7/30, 0.2941176470588235 for
/// 5/17) and its last digits are those of doubles: the first ten are kept, rounded, as if they had been printed.
fn as_printed(text: Cow<'_, str>) -> Cow<'_, str> {
    const PRINTED: usize = 12;
    const KEPT: usize = 10;
    let (number, sign) = text.strip_suffix('%').map_or((&*text, ""), |number| (number, "%"));
    let digits = number.trim_start_matches(['0', '.']).bytes().filter(u8::is_ascii_digit).count();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match number.parse::<f64>() {
        Ok(number) if digits > PRINTED && plain => {
            let kept: f64 = format!("{number:.*e}", KEPT - 1).parse().unwrap_or(number);
            Cow::Owned(format!("{kept}{sign}"))
        }
        _ => text,
    }
}

/// Settles what numbers without a unit are: percentages where one of them is above 1 or another cell has a `%`, else as
/// [`read_below_one`] says.
///
/// # Errors
///
/// What is wrong where both readings are possible and nothing tells between them.
pub(super) fn settle_units(rows: &mut [PercentRow], column: &str) -> Result<Option<Advisory>, String> {
    let bare = |row: &PercentRow| row.percent.unit() == Unit::None;
    let within_one = |row: &PercentRow| row.percent.mantissa().unsigned_abs() <= row.percent.steps();
    let some_bare = rows.iter().any(bare);
    let below_one = some_bare && rows.iter().all(|row| !bare(row) || within_one(row));
    if let Some(row) = rows.iter().find(|row| bare(row) && !within_one(row) && roles::says_fraction(column)) {
        let (number, line) = (&row.percent, row.line);
        return Err(format!(
            "{number} on line {line} is above 1, and the name of the column says fractions of 1"
        ));
    }
    if some_bare && roles::says_another_scale(column) {
        return Err("the name of the column says another scale than percent".to_owned());
    }
    let as_percentages: Vec<PercentRow> = rows.iter().map(signed).collect();
    let (reading, why) =
        if below_one { read_bare(&as_percentages, rows, column)? } else { (Reading::Percentages, "") };
    if reading == Reading::Percentages {
        rows.clone_from_slice(&as_percentages);
    }
    let what = if reading == Reading::Percentages { "percentages" } else { "fractions" };
    let message = format!("the numbers in '{column}' are at most 1 and were read as {what}: {why}");
    Ok(below_one.then(|| Advisory::new(Code::PercentScale, message)))
}

/// What the numbers without a sign are, of which none is above 1. Others of the column may have one.
fn read_bare(
    as_percentages: &[PercentRow],
    rows: &[PercentRow],
    column: &str,
) -> Result<(Reading, &'static str), String> {
    let bare = || rows.iter().zip(as_percentages).filter(|(row, _)| row.percent.unit() == Unit::None);
    let (fractions, percentages): (Vec<PercentRow>, Vec<PercentRow>) =
        bare().map(|(row, percentage)| (row.clone(), percentage.clone())).unzip();
    read_below_one([&percentages, &fractions], column).map_err(|what| {
        let signed = rows.iter().find(|row| row.percent.unit() != Unit::None);
        signed.map_or(what.clone(), |row| format!("{what}; {} on line {} has a sign", row.percent, row.line))
    })
}

/// What a number without a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Percentages,
    Fractions,
}

/// Numbers of which none is above 1, as percentages and as fractions: the reading in which no number is the rounding of no
/// count; else that in which each is the rounding of exactly one, unless the column's name says the other; else what the
/// name says. And why.
fn read_below_one(
    [percentages, fractions]: [&[PercentRow]; 2],
    column: &str,
) -> Result<(Reading, &'static str), String> {
    use Reading::{Fractions, Percentages};
    let possible = |rows: &[PercentRow]| rows.iter().all(|row| rounded(row).is_some());
    let alone = |rows: &[PercentRow]| {
        rows.iter().all(|row| rounded(row).is_some_and(|counts| counts.start() == counts.end()))
    };
    match (possible(percentages), possible(fractions)) {
        (true, false) => return Ok((Percentages, "as fractions some are the rounding of no count")),
        (false, true) => return Ok((Fractions, "as percentages some are the rounding of no count")),
        _ => {}
    }
    let by_name = match (roles::says_percent(column), roles::says_fraction(column)) {
        (true, false) => Some(Percentages),
        (false, true) => Some(Fractions),
        _ => None,
    };
    let by_counts = match (alone(percentages), alone(fractions)) {
        (true, false) => Some(Percentages),
        (false, true) => Some(Fractions),
        _ => None,
    };
    match (by_counts, by_name) {
        (Some(by_counts), by_name) if by_name.is_none_or(|by_name| by_name == by_counts) => {
            Ok((by_counts, "only so is each the rounding of exactly one count"))
        }
        (None, Some(by_name)) => Ok((by_name, "the column's name says so")),
        _ => Err(both_readings(&percentages[0], &fractions[0])),
    }
}

/// The counts that are rounded to a printed percentage.
fn rounded(row: &PercentRow) -> Option<RangeInclusive<u64>> {
    counts(&row.percent, row.total, Rule::HalfUp)
}

fn both_readings(percentage: &PercentRow, fraction: &PercentRow) -> String {
    let said = |row: &PercentRow| match rounded(row) {
        Some(counts) if counts.start() == counts.end() => counts.start().to_string(),
        Some(counts) => format!("{} to {}", counts.start(), counts.end()),
        None => "no count".to_owned(),
    };
    format!(
        "no number is above 1: they can be percentages or fractions; on line {} {} of {} is {} as a percentage and {} as a fraction",
        fraction.line,
        fraction.percent,
        fraction.total,
        said(percentage),
        said(fraction)
    )
}

/// A row with a percent sign behind its number, where that has no unit.
fn signed(row: &PercentRow) -> PercentRow {
    if row.percent.unit() != Unit::None {
        return row.clone();
    }
    let signed = Printed::parse(&format!("{}%", row.percent));
    PercentRow { percent: signed.unwrap_or_else(|_| row.percent.or_unit(Unit::Percent)), ..row.clone() }
}

/// Derived counts, and the remarks on them.
#[derive(Default)]
pub(super) struct Derivation {
    /// One a row; `None` where no count gives the percentage and the row is left out.
    pub counts: Vec<Option<Counts>>,
    /// The rows whose percentage is that of no count, by their index.
    pub impossible: Vec<usize>,
    pub advisories: Vec<Advisory>,
}

/// The counts of these rows.
///
/// `intervals` is whether intervals stand behind the percentages.
pub(super) fn derive(
    rows: &[PercentRow],
    column: &str,
    intervals: bool,
    on_impossible: OnImpossible,
) -> Derivation {
    let mut derivation = Derivation { counts: Vec::with_capacity(rows.len()), ..Derivation::default() };
    let [mut ambiguous, mut cut, mut kept] = [const { Vec::new() }; 3];
    for (index, row) in rows.iter().enumerate() {
        let taken = row.derived().and_then(|derived| Some((Counts::new(derived.taken, row.total)?, derived)));
        let Some((counts, derived)) = taken else {
            let nearest = Counts::new(nearest_count(&row.percent, row.total), row.total);
            match (on_impossible, nearest) {
                (OnImpossible::Drop, _) => derivation.counts.push(None),
                (OnImpossible::Keep, Some(counts)) if is_possible_of_some(row) => {
                    kept.push(format!(
                        "{}, taken as {} ('{}', line {})",
                        row.not_a_count(),
                        counts.events(),
                        row.study,
                        row.line
                    ));
                    derivation.counts.push(Some(counts));
                }
                _ => derivation.impossible.push(index),
            }
            continue;
        };
        if derived.ambiguity() > 1 {
            ambiguous.push(several(row, &derived));
        }
        if derived.rule == Rule::Truncation {
            cut.push(format!("{} of {} ('{}', line {})", row.percent, row.total, row.study, row.line));
        }
        derivation.counts.push(Some(counts));
    }
    derivation.advisories = derived_advisories(rows, column, [&ambiguous, &cut, &kept]);
    if intervals && let Some(derived) = derivation.advisories.first_mut() {
        derived.message +=
            "; the intervals behind the numbers are not pooled: those of the studies follow from the counts";
    }
    derivation
}

/// The remarks on derived counts: on all of them, on those of several that are printed alike, on those of digits that are
/// cut off, and on those that are nearest to a percentage of no count.
fn derived_advisories(
    rows: &[PercentRow],
    column: &str,
    [ambiguous, cut, kept]: [&[String]; 3],
) -> Vec<Advisory> {
    let fractions = rows.iter().all(|row| row.percent.unit() == Unit::None);
    let kind = if fractions { "fractions" } else { "percentages" };
    let one = |row: &&PercentRow| row.derived().is_some_and(|derived| derived.ambiguity() == 1);
    let [alone, all] = [rows.iter().filter(one).count(), rows.len()];
    let rows_allow = match (alone, all) {
        (_, 1) => "row allows",
        (1, _) => "rows allows",
        _ => "rows allow",
    };
    let message = format!(
        "the events are derived from the {kind} in '{column}': {alone} of {all} {rows_allow} one count alone"
    );
    let mut advisories = vec![Advisory::new(Code::EventsDerived, message)];
    let mut add = |code, lead: &str, rows: &[String]| {
        if !rows.is_empty() {
            advisories.push(Advisory::new(code, format!("{lead}: {}", joined(rows))));
        }
    };
    add(Code::EventsAmbiguous, "several counts are printed alike, and the nearest is taken", ambiguous);
    add(Code::PercentTruncated, "possible only where digits are cut off instead of rounded", cut);
    add(Code::PercentImpossible, "percentages that no count gives", kept);
    advisories
}

/// Whether the percentage is one at all, from 0 to 100.
fn is_possible_of_some(row: &PercentRow) -> bool {
    let percent = row.percent.as_proportion();
    (0.0..=1.0).contains(&percent.value().to_real())
}

/// That no count gives the percentage of a row, and what is near.
pub(super) fn impossible(row: &PercentRow) -> Problem {
    let what = match row.grim() {
        Ok(grim) => grim.sentence(),
        Err(_) => format!("{} of {} gives no count", row.percent, row.total),
    };
    Problem::new(what).help(
        "another denominator, imputation or a misprint; empty the cell, or say --on-impossible drop or keep",
    )
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
