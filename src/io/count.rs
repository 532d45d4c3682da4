//! One cell to one count, and two of them to the counts of a study.

use super::given::{Given, Wrong, both};
use super::table::Row;
use super::text::quoted;
use crate::data::Counts;
use crate::data::cell::{is_missing, trim};
use crate::options::Decimal;

/// Why a cell is not what it should be, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub what: String,
    pub help: &'static str,
}

/// The counts of a row.
pub(super) fn of_row(row: Row<'_>, [events, total]: [usize; 2], decimal: Decimal) -> Given<Counts> {
    let read = both(in_column(row, events, decimal), in_column(row, total, decimal));
    match read {
        Err(wrong) => Given::Wrong(wrong),
        Ok((None, None)) => Given::Nothing("events and total missing"),
        Ok((None, Some(_))) => Given::Nothing("events missing"),
        Ok((Some(_), None)) => Given::Nothing("total missing"),
        Ok((Some(0), Some(0))) => Given::Nothing("total is 0"),
        Ok((Some(x), Some(n))) => Counts::new(x, n).map(Given::Value).unwrap_or_else(|| {
            let what = format!("{x} events are more than the total {n}");
            Wrong::new(events, what, "check both numbers, and that the columns are the right ones").into()
        }),
    }
}

/// The count in the cell of a column, or nothing where it is missing.
pub(super) fn in_column(row: Row<'_>, column: usize, decimal: Decimal) -> Result<Option<u64>, Wrong> {
    count(row.cell(column), decimal).map_err(|refused| Wrong::new(column, refused.what, refused.help))
}

/// The count in a cell, or nothing where it is missing.
///
/// Groups of three digits may be set apart by a comma, a blank or an apostrophe, and by a point
/// where the comma is the decimal sign; decimals may be zeros (`12.0`), except three zeros after a
/// point, which could be a group. `1e+05` is 100000, as R writes it.
pub(super) fn count(cell: &str, decimal: Decimal) -> Result<Option<u64>, Refused> {
    let cell = trim(cell);
    if cell.len() <= 15 && !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        // Fifteen digits are below 2^53.
        return Ok(Some(cell.bytes().fold(0, |number, digit| 10 * number + u64::from(digit - b'0'))));
    }
    if is_missing(cell) {
        return Ok(None);
    }
    let Some(digits) = digits(cell.strip_prefix('+').unwrap_or(cell), decimal) else {
        return Err(refusal(cell, decimal));
    };
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
        if !zeros || could_be_group(decimals, decimal) { None } else { ungrouped(whole, decimal) }
    })
}

/// Three zeros after a point are a group of digits in half of the world.
fn could_be_group(decimals: &str, decimal: Decimal) -> bool {
    decimals.len() == 3 && decimal == Decimal::Point
}

/// Digits alone, or digits in groups of three with one and the same sign between them.
fn ungrouped(number: &str, decimal: Decimal) -> Option<String> {
    if all_digits(number) {
        return Some(number.to_owned());
    }
    let sign = number.chars().find(|c| !c.is_ascii_digit())?;
    let groups = match sign {
        ',' | ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\'' | '\u{2019}' => true,
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
    const WHOLE: &str = "give whole numbers of people; leave the cell empty or write NA where there is none";
    let unsigned = cell.trim_start_matches(['-', '−', '–', '+']);
    let numeric = |sign: char| {
        let mut parts = unsigned.split(sign);
        parts.next().is_some_and(all_digits) && parts.next().is_none_or(all_digits) && parts.next().is_none()
    };
    let (what, help) = if cell.ends_with('%') {
        ("is a percentage", "give the count of people with the event, not the percentage")
    } else if cell.starts_with(['-', '−', '–']) && unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        ("is negative", WHOLE)
    } else if numeric('.') && decimal == Decimal::Point && unsigned.ends_with(".000") {
        (
            "could be a whole number with decimals or thousands",
            "write it without the point, or say --decimal , where a point groups thousands",
        )
    } else if numeric('.') {
        ("is a fraction", WHOLE)
    } else if numeric(',') && decimal == Decimal::Point {
        (
            "has a comma that does not stand before exactly three digits",
            "say --decimal , where the comma is the decimal sign",
        )
    } else if numeric(',') {
        ("is a fraction", WHOLE)
    } else if unsigned.contains(['e', 'E']) && unsigned.parse::<f64>().is_ok_and(f64::is_finite) {
        ("is a number in short form that may have lost digits", "write it in full")
    } else {
        ("is not a count", WHOLE)
    };
    Refused { what: format!("{} {what}", quoted(cell)), help }
}
