//! What the text of a cell says: nothing, a number, or a word.

use std::borrow::Cow;

use crate::options::Decimal;

/// The words for a value that is not there, in lower case.
const MISSING: [&str; 22] = [
    "",
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "nr",
    "n.r.",
    "nd",
    "n.d.",
    "ne",
    "nan",
    "null",
    "none",
    "?",
    ".",
    "-",
    "–",
    "—",
    "−",
    "missing",
    "not reported",
    "not available",
];

/// The longest of them, in bytes.
const LONGEST_MISSING: usize = 13;

/// Whether a cell says that there is no value.
pub(crate) fn is_missing(cell: &str) -> bool {
    let cell = trim(cell);
    // Most cells are numbers, which none of these is.
    !cell.starts_with(|c: char| c.is_ascii_digit())
        && cell.len() <= LONGEST_MISSING
        && (MISSING.contains(&cell.to_lowercase().as_str()) || is_extended_missing(cell))
}

/// Whether a cell is a missing value of Stata or SAS with its reason: `.a` to `.z`, `.A` to `.Z`.
fn is_extended_missing(cell: &str) -> bool {
    matches!(cell.as_bytes(), [b'.', letter] if letter.is_ascii_alphabetic())
}

/// A number may have this many characters: no count, percentage or estimate needs more.
const LONGEST_NUMBER: usize = 40;

/// What is wrong with a cell in which more digits, points and commas follow one another than a number may have.
pub(crate) fn too_long_a_number(cell: &str) -> Option<String> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let longest = || cell.as_bytes().chunk_by(|a, b| is_part(a) == is_part(b)).filter(|run| is_part(&run[0]));
    let length = if cell.len() > LONGEST_NUMBER { longest().map(<[u8]>::len).max()? } else { 0 };
    (length > LONGEST_NUMBER)
        .then(|| format!("is a number of {length} characters, and at most {LONGEST_NUMBER} are read"))
}

/// Whether a cell begins as a number does, whatever follows.
pub(crate) fn begins_as_number(cell: &str) -> bool {
    let cell = trim(cell).trim_start_matches(['-', '−', '+', '<', '>', '≤', '≥', '~', '.', ',', ' ']);
    cell.starts_with(|c: char| c.is_ascii_digit())
}

/// Text without outer blanks, those of no width and those that do not break included.
pub(crate) fn trim(text: &str) -> &str {
    // Most cells begin and end with a visible ASCII character.
    if let ([first, ..], [.., last]) = (text.as_bytes(), text.as_bytes())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}'))
}

/// A number with a point in place of the decimal mark of its column. Where that is the comma, points group thousands and
/// are taken away; `None` where one of them groups none, as in `5.4`.
pub(crate) fn with_decimal_point(number: &str, decimal: Decimal) -> Option<Cow<'_, str>> {
    if decimal == Decimal::Point {
        return Some(Cow::Borrowed(number));
    }
    let digits = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, _) = number.split_once(',').unwrap_or((number, ""));
    let mut groups = number.split('.').skip(1);
    let points = number.matches('.').count();
    let grouped = whole.matches('.').count() == points
        && number.trim_start_matches(|c: char| !c.is_ascii_digit()).starts_with(|c| c != '0')
        && groups.all(|group| digits(group) == 3);
    (points == 0 || grouped).then(|| Cow::Owned(number.replace('.', "").replace(',', ".")))
}

/// The decimal number in a cell, `-0.85` or `1.2e-3`, without groups of digits; `None` where the cell holds
/// something else or nothing.
pub(crate) fn number(cell: &str, decimal: Decimal) -> Option<f64> {
    let cell = trim(cell);
    let (negative, digits) = match cell.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, cell.strip_prefix('+').unwrap_or(cell)),
    };
    // What `f64` reads beside digits (a second sign, "inf", "nan") is no number of a table.
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let value: f64 = match decimal {
        _ if cell.len() > LONGEST_NUMBER => return None,
        _ if !digits.starts_with(|c: char| c.is_ascii_digit() || c == decimal.sign()) => return None,
        Decimal::Point if digits.bytes().all(plain) => digits.parse().ok()?,
        Decimal::Comma if digits.contains('.') => return None,
        _ => digits.replace(decimal.sign(), ".").parse().ok()?,
    };
    value.is_finite().then_some(if negative { -value } else { value })
}

/// A number and the unit behind it: `3 months`, `12 wk`, `34%`, `6m`; `None` where there is no number, or no unit alone
/// behind it. A letter right behind the digits is none but for those of times and grams: it tells two apart, `2001a`.
pub(crate) fn number_with_unit(cell: &str, decimal: Decimal) -> Option<(f64, &str)> {
    let cell = trim(cell);
    let end = cell.find(|c: char| c.is_alphabetic() || matches!(c, '%' | '‰' | '°' | 'µ'))?;
    let (digits, unit) = cell.split_at(end);
    let is_of_a_unit = |c: char| c.is_alphabetic() || "%‰°µ/². ".contains(c);
    let is_one_letter = unit.chars().nth(1).is_none() && unit.chars().all(char::is_alphabetic);
    let tells_apart = is_one_letter && !digits.ends_with(char::is_whitespace) && !"ymwdhg".contains(unit);
    let known = unit.len() <= LONGEST_UNIT && unit.chars().all(is_of_a_unit) && !tells_apart;
    let number = number(digits, decimal).filter(|_| known)?;
    Some((number, unit))
}

/// The longest unit, in bytes.
const LONGEST_UNIT: usize = 20;

/// A unit in the form in which units are compared: lower case, without a point and the `s` of several.
pub(crate) fn plain_unit(unit: &str) -> String {
    let lower = trim(unit).trim_end_matches('.').to_lowercase();
    match lower.strip_suffix('s') {
        Some(one) if one.len() > 1 => one.to_owned(),
        _ => lower,
    }
}

/// The unit that all these cells have behind their numbers, as it is first written; those that are missing do not count.
pub(crate) fn shared_unit<'c>(cells: impl IntoIterator<Item = &'c str>, decimal: Decimal) -> Option<&'c str> {
    let mut shared: Option<(&str, String)> = None;
    for cell in cells.into_iter().filter(|cell| !is_missing(cell)) {
        let (_, unit) = number_with_unit(cell, decimal)?;
        match &shared {
            None => shared = Some((unit, plain_unit(unit))),
            Some((first, plain)) => {
                if *first != unit && *plain != plain_unit(unit) {
                    return None;
                }
            }
        }
    }
    shared.map(|(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_what_stands_behind_every_number() {
        let unit = |cells: &[&'static str]| shared_unit(cells.iter().copied(), Decimal::Point);
        assert_eq!(unit(&["1 month", "3 months", "NA", "6 Months."]), Some("month"));
        assert_eq!(unit(&["34%", "5.5 %"]), Some("%"));
        assert_eq!(unit(&["6m", "12m"]), Some("m"));
        for cells in [
            &["3 months", "12 wk"][..],
            &["3", "6 months"],
            &["NA", ""],
            &["2001a", "2004a"],
            &["3 to 6 months 2"],
        ] {
            assert_eq!(unit(cells), None, "{cells:?}");
        }
        assert_eq!(number_with_unit("1,5 years", Decimal::Comma), Some((1.5, "years")));
    }

    #[test]
    fn numbers_have_the_decimal_sign_of_the_table() {
        for (cell, point, comma) in [
            ("12", Some(12.0), Some(12.0)),
            (" -0.85\u{a0}", Some(-0.85), None),
            ("−0,85", None, Some(-0.85)),
            ("+.5", Some(0.5), None),
            (",5", None, Some(0.5)),
            ("1.2e-3", Some(0.0012), None),
            ("1E5", Some(1e5), Some(1e5)),
            ("1,234.5", None, None),
            ("1.234,5", None, None),
            ("5.", Some(5.0), None),
        ] {
            assert_eq!(
                (number(cell, Decimal::Point), number(cell, Decimal::Comma)),
                (point, comma),
                "{cell}"
            );
        }
        for cell in
            ["", ".", ",", "-", "--1", "+-1", "e5", "inf", "nan", "1e999", "0x10", "1_0", "5%", "1 2", "٣"]
        {
            assert_eq!((number(cell, Decimal::Point), number(cell, Decimal::Comma)), (None, None), "{cell}");
        }
    }

    #[test]
    fn numbers_may_have_forty_characters() {
        let number_of = |length: usize| format!("0.{}", "1".repeat(length - 2));
        assert!(number(&number_of(40), Decimal::Point).is_some());
        assert_eq!(number(&number_of(41), Decimal::Point), None);
        assert_eq!(too_long_a_number(&number_of(40)), None);
        let what = too_long_a_number(&format!("12 of {} people", number_of(41))).unwrap();
        assert_eq!(what, "is a number of 41 characters, and at most 40 are read");
        assert_eq!(too_long_a_number(&"12 of 13, ".repeat(9)), None);
    }

    #[test]
    fn points_beside_a_decimal_comma_group_thousands() {
        for (number, point) in [
            ("5,4%", Some("5.4%")),
            ("1.234,5", Some("1234.5")),
            ("12.345.678", Some("12345678")),
            ("5.4%", None),
            ("0.123", None),
            ("1,234.567", None),
            ("12.3456", None),
        ] {
            assert_eq!(with_decimal_point(number, Decimal::Comma).as_deref(), point, "{number}");
        }
        assert_eq!(with_decimal_point("5.4", Decimal::Point).as_deref(), Some("5.4"));
    }

    #[test]
    fn blanks_are_cut_at_both_ends() {
        for (text, want) in
            [("a b", "a b"), ("\u{feff} a\u{a0}\u{200b}", "a"), ("é ", "é"), (" ", ""), ("", "")]
        {
            assert_eq!(trim(text), want);
        }
    }
}
