//! Reading a printed number from text.

use std::str::FromStr;

use super::{Printed, Relation, Unit};
use crate::error::{Error, Problem};

/// The relations before the digits; where one is a prefix of another, the longer comes first.
const RELATIONS: [(&str, Relation); 24] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("<", Relation::Less),
    (">", Relation::Greater),
    ("≤", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("=", Relation::Equal),
    ("~", Relation::About),
    ("≈", Relation::About),
    ("about ", Relation::About),
    ("around ", Relation::About),
    ("approximately ", Relation::About),
    ("approx. ", Relation::About),
    ("ca. ", Relation::About),
    ("nearly ", Relation::About),
    ("almost ", Relation::About),
    ("up to ", Relation::AtMost),
    ("at most ", Relation::AtMost),
    ("at least ", Relation::AtLeast),
    ("less than ", Relation::Less),
    ("below ", Relation::Less),
    ("under ", Relation::Less),
    ("over ", Relation::Greater),
    ("more than ", Relation::Greater),
];

/// The longest text of a number, in bytes.
const LONGEST: usize = 100;

const HELP: &str = "write it as it was printed, such as 54.0%, 0.54, <0.001 or 1,234";

impl Printed {
    /// Reads a printed number: `54.0%`, `0.54`, `<0.001`, `1,234`, `58.4 %`, `~25%`, `12.3 per 1,000`,
    /// `54·0%`, `.023`.
    ///
    /// A comma before exactly three digits groups thousands, any other is a decimal comma. Words such as
    /// `over` and `about` are read as `>` and `~`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the text is not one number, or has too many digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let typed = text.trim();
        if typed.len() > LONGEST {
            let start: String = typed.chars().take(20).collect();
            let problem = Problem::new(format!("'{start}…' is not a printed number: it has too many digits"));
            return Err(Error::Usage(vec![problem.help(HELP)]));
        }
        let (relation, rest) = relation(typed);
        let (negative, rest) = sign(rest);
        read(typed, relation, negative, rest).map_err(|why| {
            let problem = Problem::new(format!("'{typed}' is not a printed number: {why}"));
            Error::Usage(vec![problem.help(HELP)])
        })
    }
}

impl FromStr for Printed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

fn read(text: &str, relation: Relation, negative: bool, rest: &str) -> Result<Printed, &'static str> {
    let number = Number::scan(rest)?;
    let unit =
        unit(&rest[number.length..]).ok_or("there is something after the digits that is not a unit")?;
    let size: i64 = number.digits.parse().map_err(|_| "it has too many digits")?;
    // Within `LARGEST` no later arithmetic on the digits overflows.
    let steps = 10_u64.checked_pow(number.decimals).and_then(|power| power.checked_mul(unit.scale()));
    if size.unsigned_abs() >= Printed::LARGEST || steps.is_none_or(|steps| steps > Printed::LARGEST) {
        return Err("it has too many digits");
    }
    let mantissa = if negative { -size } else { size };
    Ok(Printed { text: text.into(), mantissa, decimals: number.decimals, unit, relation })
}

fn relation(text: &str) -> (Relation, &str) {
    let found = RELATIONS.iter().find_map(|&(word, relation)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        head.eq_ignore_ascii_case(word).then_some((relation, rest.trim_start()))
    });
    found.unwrap_or((Relation::Equal, text))
}

/// Whether the number is negative, and the text after the sign. A hyphen, a minus sign and an en dash all
/// count as minus.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn unit(rest: &str) -> Option<Unit> {
    let rest = rest.trim();
    match rest {
        "" => return Some(Unit::None),
        "%" | "percent" | "per cent" => return Some(Unit::Percent),
        "‰" => return Some(Unit::Per(1000)),
        _ => {}
    }
    let number = Number::scan(rest.strip_prefix("per")?.trim_start()).ok()?;
    let whole = number.decimals == 0 && rest.ends_with(|c: char| c.is_ascii_digit());
    number.digits.parse().ok().filter(|&n| whole && (1..=1_000_000_000).contains(&n)).map(Unit::Per)
}

/// The digits of a number, without grouping and decimal marks.
#[derive(Default)]
struct Number {
    digits: String,
    decimals: u32,
    /// How many bytes of the text belong to the number.
    length: usize,
}

impl Number {
    fn scan(text: &str) -> Result<Self, &'static str> {
        let mut number = Self::default();
        let (mut fraction, mut grouped) = (false, false);
        for (at, c) in text.char_indices() {
            let following = text[at + c.len_utf8()..].bytes().take_while(u8::is_ascii_digit).count();
            let groups = following == 3 && !fraction && number.can_group();
            match c {
                '0'..='9' => {
                    number.digits.push(c);
                    number.decimals += u32::from(fraction);
                }
                ',' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '’' if groups => grouped = true,
                // Where commas group thousands, a comma cannot be the decimal mark as well.
                '.' | '·' | ',' if following > 0 => {
                    if fraction || (c == ',' && grouped) {
                        return Err("it has two decimal marks");
                    }
                    fraction = true;
                }
                _ => break,
            }
            number.length = at + c.len_utf8();
        }
        if number.digits.is_empty() {
            return Err("it has no digits");
        }
        number.exponent(text)?;
        Ok(number)
    }

    /// Whether a group of thousands may follow the digits read so far: they exist and do not begin with 0.
    fn can_group(&self) -> bool {
        !self.digits.is_empty() && !self.digits.starts_with('0') && self.length > 0
    }

    /// Reads an exponent such as `e-5`, which adds to the decimals.
    fn exponent(&mut self, text: &str) -> Result<(), &'static str> {
        let rest = &text[self.length..];
        let Some(power) = rest.strip_prefix(['e', 'E']) else { return Ok(()) };
        let digits: String = power
            .strip_prefix(['-', '\u{2212}'])
            .ok_or("its exponent is not negative")?
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let power: u32 = digits.parse().map_err(|_| "its exponent is not a number")?;
        self.decimals = self.decimals.checked_add(power).ok_or("it has too many digits")?;
        self.length = text.len() - rest.len() + rest.find(&digits).unwrap_or(0) + digits.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn printed_numbers_are_read() {
        for (text, mantissa, decimals, unit, relation) in [
            ("54.0%", 540, 1, Unit::Percent, Relation::Equal),
            (" 58.4 % ", 584, 1, Unit::Percent, Relation::Equal),
            ("0.54", 54, 2, Unit::None, Relation::Equal),
            (".023", 23, 3, Unit::None, Relation::Equal),
            ("54·0%", 540, 1, Unit::Percent, Relation::Equal),
            ("46,3%", 463, 1, Unit::Percent, Relation::Equal),
            ("0,540", 540, 3, Unit::None, Relation::Equal),
            ("1,234", 1234, 0, Unit::None, Relation::Equal),
            ("1 234 567", 1_234_567, 0, Unit::None, Relation::Equal),
            ("1,234.5", 12_345, 1, Unit::None, Relation::Equal),
            ("<0.001", 1, 3, Unit::None, Relation::Less),
            ("≤ 5%", 5, 0, Unit::Percent, Relation::AtMost),
            ("p", 0, 0, Unit::None, Relation::Equal),
            ("~25%", 25, 0, Unit::Percent, Relation::About),
            ("Over 90%", 90, 0, Unit::Percent, Relation::Greater),
            ("\u{2212}0.27", -27, 2, Unit::None, Relation::Equal),
            ("12.3 per 1,000", 123, 1, Unit::Per(1000), Relation::Equal),
            ("1.2e-5", 12, 6, Unit::None, Relation::Equal),
            ("54 percent", 54, 0, Unit::Percent, Relation::Equal),
        ] {
            match Printed::parse(text) {
                Ok(read) => assert_eq!(
                    (read.mantissa, read.decimals, read.unit, read.relation),
                    (mantissa, decimals, unit, relation),
                    "{text}"
                ),
                Err(_) => assert_eq!(text, "p"),
            }
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "%",
            "fifty",
            "1.2.3",
            "1,23,4",
            "54.0%x",
            "1e5",
            "1e-",
            "12345678901234567890",
            "0.1234567890123456789",
            "NaN",
            "inf",
            "1-2",
            "5 per 0",
            "1,234,5",
            "--1",
            "6.7 months",
        ] {
            assert!(Printed::parse(text).is_err(), "{text}");
        }
        assert!(Printed::parse("x").unwrap_err().to_string().contains("54.0%"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = Printed::parse(&text);
        }

        #[test]
        fn no_text_like_a_number_panics(text in "[<>~=≤ +\u{2212}-]{0,2}[0-9.,· eE%-]{0,22}(%|‰| per [0-9,]{0,12})?") {
            if let Ok(read) = Printed::parse(&text) {
                for rule in [super::super::Rule::HalfUp, super::super::Rule::HalfEven, super::super::Rule::Truncation, super::super::Rule::Ceiling] {
                    let _ = read.as_proportion().bounds(rule).counts(u64::MAX);
                }
            }
        }

        #[test]
        fn display_gives_the_text_that_was_read(mantissa in 0_u32..1_000_000, decimals in 0_usize..6) {
            let text = format!("{:.*}%", decimals, f64::from(mantissa) / 10_f64.powi(decimals as i32));
            let read = Printed::parse(&text).unwrap();
            prop_assert_eq!((read.mantissa, read.decimals as usize), (i64::from(mantissa), decimals));
            prop_assert_eq!(read.to_string(), text);
        }
    }
}
