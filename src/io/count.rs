//! One cell to one count, and two of them to the counts of a study.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::given::{Given, Wrong, both};
use super::intervals::{last_bracket, limits_in};
use super::text::quoted;
use crate::data::Counts;
use crate::data::cell::{number, too_long_a_number, trim, with_decimal_point};
use crate::options::Decimal;
use crate::printed::{Printed, Relation, Unit};

/// Why a cell is not what it should be, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub what: String,
    pub help: &'static str,
}

/// What a cell of counts has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CountCell {
    pub count: u64,
    /// The total behind it: `12/50`.
    pub total: Option<u64>,
    /// The percentage behind it: `12 (24.0%)`.
    pub percent: Option<Printed>,
    /// Whether it was a fraction that was rounded.
    pub rounded: bool,
}

impl CountCell {
    const fn of(count: u64) -> Self {
        Self { count, total: None, percent: None, rounded: false }
    }
}

/// The counts of a row, and what else stands in their cells.
#[derive(Debug)]
pub(super) struct CountsRead {
    pub counts: Counts,
    pub percent: Option<Box<Printed>>,
    pub rounded: bool,
}

/// The counts of a row: events and totals in two columns, or both in one.
pub(super) fn of_row(
    row: Row<'_>,
    events: usize,
    total: Option<usize>,
    rules: &CellRules,
) -> Given<CountsRead> {
    let totals = total.map_or(Ok(None), |total| total_in_column(row, total, rules));
    let (x, n) = match both(in_column(row, events, rules), totals) {
        Err(wrong) => return Given::Wrong(wrong),
        Ok(read) => read,
    };
    let n = match (n, x.as_ref().and_then(|cell| cell.total)) {
        (Some(n), Some(own)) if n != own => {
            let what = format!("{} says a total of {own}, and the total is {n}", quoted(row.cell(events)));
            return Wrong::new(events, what, "check both numbers").into();
        }
        (Some(n), _) => Some(n),
        (None, own) => own,
    };
    match (x, n) {
        (None, None) if total.is_some() => Given::Nothing("events and total missing"),
        (None, _) => Given::Nothing("events missing"),
        (Some(_), None) => Given::Nothing("total missing"),
        (Some(CountCell { count: 0, .. }), Some(0)) => Given::Nothing("total is 0"),
        (Some(x), Some(n)) => match Counts::new(x.count, n) {
            Some(counts) => {
                Given::Value(CountsRead { counts, percent: x.percent.map(Box::new), rounded: x.rounded })
            }
            None => {
                let what = format!("{} events are more than the total {n}", x.count);
                Wrong::new(events, what, "check both numbers, and that the columns are the right ones").into()
            }
        },
    }
}

/// The count in the cell of a column, or nothing where it is missing.
pub(super) fn in_column(row: Row<'_>, column: usize, rules: &CellRules) -> Result<Option<CountCell>, Wrong> {
    read(row.cell(column), rules.decimal(column), rules)
        .map_err(|refused| Wrong::new(column, refused.what, refused.help))
}

/// The total in the cell of a column, or nothing where it is missing: a whole number, of which nothing is a part.
pub(super) fn total_in_column(row: Row<'_>, column: usize, rules: &CellRules) -> Result<Option<u64>, Wrong> {
    const ONE: &str = "give the number of all who could have the event, a whole number";
    let wrong = |why: &str| Wrong::new(column, format!("{} {why}", quoted(row.cell(column))), ONE);
    match in_column(row, column, rules)? {
        Some(CountCell { total: Some(_), .. }) => Err(wrong("is a count and its total, and no total")),
        Some(CountCell { rounded: true, .. }) => Err(wrong("is a fraction, and totals are not rounded")),
        cell => Ok(cell.map(|cell| cell.count)),
    }
}

/// The count in a cell, or nothing where it is missing. A footnote mark behind it is passed over; a total may follow
/// after a slash or "of", and a percentage in brackets.
pub(super) fn read(cell: &str, decimal: Decimal, rules: &CellRules) -> Result<Option<CountCell>, Refused> {
    let cell = trim(cell);
    if rules.is_named_missing(cell) {
        return Ok(None);
    }
    if let Some(count) = plain_count(cell.as_bytes()) {
        return Ok(Some(CountCell::of(count)));
    }
    if rules.is_missing(cell) {
        return Ok(None);
    }
    if let Some(what) = too_long_a_number(cell) {
        return Err(Refused { what: format!("{} {what}", quoted(cell)), help: "check the number" });
    }
    let (bare, percent) = without_percent(without_interval(without_marks(cell), decimal), decimal);
    let (bare, total) = match BEFORE_TOTAL.iter().find_map(|word| bare.split_once(word)) {
        Some((events, total)) => {
            let Some(total) = whole(trim(without_marks(total)), decimal)? else {
                return Err(refusal(cell, decimal));
            };
            (trim(events), Some(total))
        }
        None => (bare, None),
    };
    let counted = match whole(bare, decimal)? {
        Some(count) => Some((count, false)),
        None if rules.round_events => half_up(bare, decimal).map(|count| (count, true)),
        None => None,
    };
    let (count, rounded) = counted.ok_or_else(|| refusal(cell, decimal))?;
    Ok(Some(CountCell { count, total, percent, rounded }))
}

/// Up to fifteen digits, which are below 2⁵³: what most cells are.
pub(super) fn plain_count(cell: &[u8]) -> Option<u64> {
    let plain = cell.len() <= 15 && !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
    plain.then(|| cell.iter().fold(0, |number, digit| 10 * number + u64::from(digit - b'0')))
}

/// What stands between events and their total in one cell.
const BEFORE_TOTAL: [&str; 5] = ["/", " out of ", " of ", " von ", " sur "];

/// A cell without an interval in brackets behind its percentage: `12 (24%) [14-37]`.
fn without_interval(cell: &str, decimal: Decimal) -> &str {
    let interval = last_bracket(cell).filter(|(before, _)| before.ends_with([')', ']', '%']));
    interval.filter(|(_, inside)| limits_in(inside, decimal).is_some()).map_or(cell, |(before, _)| before)
}

/// A cell without the marks of footnotes at its end; a letter in brackets, `12 (a)`, is one too.
fn without_marks(cell: &str) -> &str {
    let letter =
        |(_, inside): &(&str, &str)| matches!(inside.as_bytes(), [letter] if letter.is_ascii_alphabetic());
    let cell = last_bracket(cell).filter(letter).map_or(cell, |(before, _)| before);
    let is_mark = |c: char| {
        matches!(
            c,
            '*' | '†'
                | '‡'
                | '§'
                | '¶'
                | '#'
                | '^'
                | '¹'
                | '²'
                | '³'
                | 'ª'
                | 'º'
                | 'ᵃ'
                | 'ᵇ'
                | 'ᶜ'
                | 'ᵈ'
        )
    };
    trim(cell.trim_end_matches(is_mark))
}

/// A cell without a percentage in brackets behind it, or before a bracket with both counts, and that percentage.
fn without_percent(cell: &str, decimal: Decimal) -> (&str, Option<Printed>) {
    // `24.0% (12/50)`
    if let Some((percent, counts)) = last_bracket(cell).filter(|(before, _)| before.ends_with('%'))
        && BEFORE_TOTAL.iter().any(|word| counts.contains(word))
        && let Some(percent) = with_decimal_point(percent, decimal)
        && let Ok(percent) = Printed::parse(&percent)
    {
        return (counts, Some(percent).filter(|printed| printed.relation() == Relation::Equal));
    }
    let Some((before, inside)) = last_bracket(cell).filter(|(before, _)| !before.is_empty()) else {
        return (cell, None);
    };
    let percent = with_decimal_point(inside, decimal).and_then(|digits| Printed::parse(&digits).ok());
    let percent = percent.filter(|printed| printed.relation() == Relation::Equal);
    match percent {
        // A number up to 1 may be a fraction.
        Some(percent) if percent.mantissa().unsigned_abs() <= percent.steps() => {
            (without_marks(before), Some(percent))
        }
        Some(percent) => (without_marks(before), Some(percent.or_unit(Unit::Percent))),
        None => (cell, None),
    }
}

/// A fraction rounded half up.
fn half_up(cell: &str, decimal: Decimal) -> Option<u64> {
    let number = number(cell, decimal).filter(|number| (0.0..Counts::LARGEST as f64).contains(number))?;
    (number.fract() != 0.0).then(|| (number + 0.5).floor() as u64)
}

/// A whole number in a cell that is not missing; `None` where it is none.
///
/// Groups of three digits may be set apart by a blank, an apostrophe, or that of comma and point which is not the decimal
/// mark; decimals may be zeros (`12.0`), except three of them, which could be a group. `1e+05` is 100000, as R writes it.
fn whole(cell: &str, decimal: Decimal) -> Result<Option<u64>, Refused> {
    if let Some(count) = plain_count(cell.as_bytes()) {
        return Ok(Some(count));
    }
    let Some(digits) = digits(cell.strip_prefix('+').unwrap_or(cell), decimal) else { return Ok(None) };
    match digits.parse() {
        Ok(number) if number <= Counts::LARGEST => Ok(Some(number)),
        _ => Err(Refused {
            what: format!("{} is above 2^53, the largest count", quoted(cell)),
            help: "check the number",
        }),
    }
}

/// The digits of a whole number, without groups and decimals; `None` where it is not one.
fn digits(number: &str, decimal: Decimal) -> Option<String> {
    if let Some((mantissa, exponent)) = number.split_once(['e', 'E']) {
        let zeros: usize =
            exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|zeros| *zeros <= 30)?;
        return all_digits(mantissa).then(|| format!("{mantissa}{}", "0".repeat(zeros)));
    }
    ungrouped(number, decimal).or_else(|| {
        let (whole, decimals) = number.rsplit_once(decimal.sign())?;
        let zeros = !decimals.is_empty() && decimals.bytes().all(|digit| digit == b'0');
        // Three zeros behind the mark are a group of digits in half of the world.
        if !zeros || decimals.len() == 3 { None } else { ungrouped(whole, decimal) }
    })
}

/// Digits alone, or digits in groups of three with one and the same sign between them.
fn ungrouped(number: &str, decimal: Decimal) -> Option<String> {
    if all_digits(number) {
        return Some(number.to_owned());
    }
    let sign = number.chars().find(|c| !c.is_ascii_digit())?;
    let groups = match sign {
        ',' => decimal == Decimal::Point,
        ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\'' | '\u{2019}' => true,
        _ => sign == '.' && decimal == Decimal::Comma,
    };
    let mut parts = number.split(sign);
    let first = parts.next()?;
    let leads = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let whole = groups && leads && parts.all(|part| part.len() == 3 && all_digits(part));
    whole.then(|| number.replace(sign, ""))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Says what is wrong with a cell that holds no whole number.
fn refusal(cell: &str, decimal: Decimal) -> Refused {
    const FRACTION: &str = "give whole numbers, or round events half up with --round-events; leave the cell empty or write NA where there is none";
    const WHOLE: &str = "give whole numbers; leave the cell empty or write NA where there is none";
    // One sign: a number with two of them is none.
    let unsigned = cell.strip_prefix(['-', '−', '–', '+']).unwrap_or(cell);
    let numeric = |sign: char| {
        let mut parts = unsigned.split(sign);
        parts.next().is_some_and(all_digits) && parts.next().is_none_or(all_digits) && parts.next().is_none()
    };
    let (what, help) = if is_date(cell) {
        ("is a date", "give the count: a spreadsheet takes 12/50 for a date unless the cell is text")
    } else if cell.ends_with('%') {
        ("is a percentage", "give the number of events, not the percentage")
    } else if cell.starts_with(['-', '−', '–']) && unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        ("is negative", WHOLE)
    } else if numeric('.') && decimal == Decimal::Point && unsigned.ends_with(".000") {
        (
            "could be a whole number with decimals or thousands",
            "write it without the point, or say --decimal , where a point groups thousands",
        )
    } else if numeric(',') && decimal == Decimal::Comma && unsigned.ends_with(",000") {
        (
            "could be a whole number with decimals or thousands",
            "write it without the comma, or say --decimal . where a comma groups thousands",
        )
    } else if numeric('.')
        && decimal == Decimal::Point
        && unsigned.rsplit('.').next().is_some_and(|last| last.len() == 3)
    {
        (
            "is a fraction, or has a point that groups thousands",
            "say --decimal , where a point groups thousands; else give whole numbers, or round events with --round-events",
        )
    } else if numeric('.') {
        ("is a fraction", FRACTION)
    } else if numeric(',') && decimal == Decimal::Point {
        (
            "has a comma that does not stand before exactly three digits",
            "say --decimal , where the comma is the decimal sign",
        )
    } else if numeric(',') {
        ("is a fraction", FRACTION)
    } else if unsigned.contains(['e', 'E']) && unsigned.parse::<f64>().is_ok_and(f64::is_finite) {
        ("is a number in short form that may have lost digits", "write it in full")
    } else {
        ("is not a count", WHOLE)
    };
    Refused { what: format!("{} {what}", quoted(cell)), help }
}

/// Whether a cell is a day as `2019-05-31`, with or without a time behind it, or one without a year, `12-May`.
fn is_date(cell: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_month = |part: &str| MONTHS.contains(&&*part.to_lowercase());
    if let Some((one, other)) = cell.split_once('-')
        && ((all_digits(one) && is_month(other)) || (is_month(one) && all_digits(other)))
    {
        return true;
    }
    let day = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    parts.iter().all(|part| all_digits(part)) && matches!(parts[..], [year, _, _] if year.len() == 4)
}
