//! The values of cells as text.

use super::bytes::Order;
use super::layout::Kind;
use crate::io::{days, decimals};

/// The largest value of each kind that is none of the 27 missing ones, `.` and `.a` to `.z`, which stand above it.
const LARGEST_BYTE: i8 = 100;
const LARGEST_INT: i16 = 32_740;
const LARGEST_LONG: i32 = 2_147_483_620;
const MISSING_FLOAT: u32 = 0x7F00_0000;
const MISSING_DOUBLE: u64 = 0x7FE0_0000_0000_0000;

/// Days from 1 January 1960, where Stata begins to count, to 1970.
const FROM_1960: i64 = 3_653;

/// A number of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Whole(i32),
    Float(f32),
    Double(f64),
}

impl Number {
    /// The number in a cell; `None` where it is missing, or where the column holds texts.
    pub(super) fn read(bytes: &[u8], kind: Kind, order: Order) -> Option<Self> {
        let bits = order.whole(bytes);
        match kind {
            Kind::Byte => {
                let number = u8::try_from(bits).ok()?.cast_signed();
                (number <= LARGEST_BYTE).then_some(Self::Whole(number.into()))
            }
            Kind::Int => {
                let number = u16::try_from(bits).ok()?.cast_signed();
                (number <= LARGEST_INT).then_some(Self::Whole(number.into()))
            }
            Kind::Long => {
                let number = u32::try_from(bits).ok()?.cast_signed();
                (number <= LARGEST_LONG).then_some(Self::Whole(number))
            }
            Kind::Float => {
                let number = f32::from_bits(u32::try_from(bits).ok()?);
                (number < f32::from_bits(MISSING_FLOAT)).then_some(Self::Float(number))
            }
            Kind::Double => {
                let number = f64::from_bits(bits);
                (number < f64::from_bits(MISSING_DOUBLE)).then_some(Self::Double(number))
            }
            Kind::Text(_) | Kind::LongText => None,
        }
    }

    /// The same where it has no fraction and fits in four bytes.
    pub(super) fn whole(self) -> Option<i32> {
        match self {
            Self::Whole(number) => Some(number),
            _ => {
                let number = self.double();
                let whole = number.fract() == 0.0 && number.abs() < f64::from(i32::MAX);
                // It is whole and in range.
                #[expect(clippy::cast_possible_truncation)]
                whole.then_some(number as i32)
            }
        }
    }

    fn double(self) -> f64 {
        match self {
            Self::Whole(number) => number.into(),
            Self::Float(number) => number.into(),
            Self::Double(number) => number,
        }
    }

    /// Its text: a date where the format of the column says so, else the number with no more digits than it needs.
    pub(super) fn text(self, format: &[u8]) -> String {
        self.date(format).unwrap_or_else(|| match self {
            Self::Whole(number) => number.to_string(),
            Self::Float(number) => decimals::text(number),
            Self::Double(number) => decimals::text(number),
        })
    }

    /// Days, times, weeks, months, quarters and halves of years since the beginning of 1960.
    fn date(self, format: &[u8]) -> Option<String> {
        let unit = unit(format)?;
        let number = self.double();
        // More than a million years are no date.
        let most = if unit == b'c' { 3.2e16 } else { 3.7e8 };
        if number.abs() > most {
            return None;
        }
        #[expect(clippy::cast_possible_truncation)]
        let count = number.floor() as i64;
        let part = |letter: char, parts: i64| {
            let (year, part) = (1960 + count.div_euclid(parts), count.rem_euclid(parts) + 1);
            format!("{year}{letter}{part}")
        };
        Some(match unit {
            b'd' => days::day(count - FROM_1960),
            b'c' => days::time(count.div_euclid(1000) - 86_400 * FROM_1960),
            b'w' => part('w', 52),
            b'm' => part('m', 12),
            b'q' => part('q', 4),
            b'h' => part('h', 2),
            _ => return None,
        })
    }
}

/// What a format counts dates in: `%td`, `%tc`, `%-tm`; `%d` is the old form of `%td`.
fn unit(format: &[u8]) -> Option<u8> {
    let format = format.strip_prefix(b"%")?;
    let format = format.strip_prefix(b"-").unwrap_or(format);
    match format {
        [b'd', ..] => Some(b'd'),
        [b't', b'C', ..] => Some(b'c'),
        [b't', unit, ..] => Some(*unit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], kind: Kind) -> Option<String> {
        Number::read(bytes, kind, Order::MostFirst).map(|number| number.text(b"%9.0g"))
    }

    #[test]
    fn the_27_missing_values_are_none() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read(&[100], Kind::Byte), text("100"));
        assert_eq!(read(&[0x80], Kind::Byte), text("-128"));
        assert_eq!((read(&[101], Kind::Byte), read(&[127], Kind::Byte)), (None, None));
        assert_eq!((read(&[0x7F, 0xE4], Kind::Int), read(&[0x7F, 0xE5], Kind::Int)), (text("32740"), None));
        assert_eq!(read(&2_147_483_620_i32.to_be_bytes(), Kind::Long), text("2147483620"));
        assert_eq!(read(&2_147_483_621_i32.to_be_bytes(), Kind::Long), None);
        assert_eq!(read(&0.1_f32.to_be_bytes(), Kind::Float), text("0.1"));
        assert_eq!(read(&0x7F00_0800_u32.to_be_bytes(), Kind::Float), None);
        assert_eq!(read(&(-12.0_f64).to_be_bytes(), Kind::Double), text("-12"));
        assert_eq!(read(&0x7FE0_1A00_0000_0000_u64.to_be_bytes(), Kind::Double), None);
        assert_eq!(read(&f64::NAN.to_be_bytes(), Kind::Double), None);
    }

    #[test]
    fn dates_are_counted_from_1960() {
        let text = |number: f64, format: &str| Number::Double(number).text(format.as_bytes());
        assert_eq!(text(21_700.0, "%td"), "2019-05-31");
        assert_eq!(text(21_700.0, "%dD_m_Y"), "2019-05-31");
        assert_eq!(text(1_874_910_600_000.0, "%tc"), "2019-05-31 08:30:00");
        assert_eq!((text(-1.0, "%tm"), text(712.0, "%-tmCY")), ("1959m12".into(), "2019m5".into()));
        assert_eq!((text(237.0, "%tq"), text(2019.0, "%ty")), ("2019q2".into(), "2019".into()));
        assert_eq!(text(1e300, "%td"), "1e300");
    }
}
