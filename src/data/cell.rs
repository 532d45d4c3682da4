//! What the text of a cell says: nothing, a number, or a word.

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
        && MISSING.contains(&cell.to_lowercase().as_str())
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
        _ if !digits.starts_with(|c: char| c.is_ascii_digit() || c == decimal.sign()) => return None,
        Decimal::Point if digits.bytes().all(plain) => digits.parse().ok()?,
        Decimal::Comma if digits.contains('.') => return None,
        _ => digits.replace(decimal.sign(), ".").parse().ok()?,
    };
    value.is_finite().then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn blanks_are_cut_at_both_ends() {
        for (text, want) in
            [("a b", "a b"), ("\u{feff} a\u{a0}\u{200b}", "a"), ("é ", "é"), (" ", ""), ("", "")]
        {
            assert_eq!(trim(text), want);
        }
    }
}
