//! The text of a value by the type of its column.

use std::fmt::Write as _;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use crate::io::{days, decimals};

/// What a cell of bytes that are no text says.
const BINARY: &str = "(binary)";

const SECONDS_OF_DAY: i64 = 86_400;
/// The Julian day of 1 January 1970.
const JULIAN_1970: i64 = 2_440_588;

type Written = Result<(), ParquetError>;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Numbers, truth values, and bytes of which it is not said that they are text.
    Plain,
    Text,
    /// Whole numbers without a sign, of so many bytes.
    Unsigned(usize),
    Day,
    /// Seconds after midnight, in so many parts.
    TimeOfDay(i64),
    /// Seconds since 1970, in so many parts.
    Time(i64),
    /// A whole number with so many decimals.
    Decimal(usize),
    /// A number of two bytes.
    Half,
    Uuid,
}

impl Kind {
    pub(super) fn of(column: &ColumnDescriptor) -> Self {
        match column.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Self::Text,
            Some(LogicalType::Integer(integer)) if !integer.is_signed => Self::unsigned(column),
            Some(LogicalType::Date) => Self::Day,
            Some(LogicalType::Time(time)) => Self::TimeOfDay(parts(&time.unit)),
            Some(LogicalType::Timestamp(time)) => Self::Time(parts(&time.unit)),
            Some(LogicalType::Decimal(_)) => Self::decimal(column),
            Some(LogicalType::Float16) => Self::Half,
            Some(LogicalType::Uuid) => Self::Uuid,
            _ => Self::of_converted(column),
        }
    }

    /// As files before format 2.4 say it.
    fn of_converted(column: &ColumnDescriptor) -> Self {
        match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Self::unsigned(column),
            ConvertedType::DATE => Self::Day,
            ConvertedType::TIME_MILLIS => Self::TimeOfDay(1000),
            ConvertedType::TIME_MICROS => Self::TimeOfDay(1_000_000),
            ConvertedType::TIMESTAMP_MILLIS => Self::Time(1000),
            ConvertedType::TIMESTAMP_MICROS => Self::Time(1_000_000),
            ConvertedType::DECIMAL => Self::decimal(column),
            _ => Self::Plain,
        }
    }

    fn unsigned(column: &ColumnDescriptor) -> Self {
        Self::Unsigned(if column.physical_type() == Type::INT32 { 4 } else { 8 })
    }

    fn decimal(column: &ColumnDescriptor) -> Self {
        // No number has a negative count of decimals.
        Self::Decimal(usize::try_from(column.type_scale()).unwrap_or(0))
    }

    pub(super) fn truth(self, value: bool, text: &mut String) -> Written {
        text.push_str(if value { "TRUE" } else { "FALSE" });
        Ok(())
    }

    pub(super) fn whole(self, value: i64, text: &mut String) -> Written {
        match self {
            Self::Unsigned(4) => write!(text, "{}", value & 0xFFFF_FFFF),
            Self::Unsigned(_) => write!(text, "{}", value.cast_unsigned()),
            Self::Day => write!(text, "{}", days::day(value)),
            Self::TimeOfDay(parts) => write!(text, "{}", days::of_day(value.div_euclid(parts))),
            Self::Time(parts) => write!(text, "{}", days::time(value.div_euclid(parts))),
            Self::Decimal(decimals) => {
                text.push_str(&decimal(value.into(), decimals)?);
                Ok(())
            }
            _ => write!(text, "{value}"),
        }
        .map_err(|error| ParquetError::General(error.to_string()))
    }

    /// Nanoseconds of a Julian day, in three parts, as old programs write times.
    pub(super) fn old_time(self, parts: &[u32], text: &mut String) -> Written {
        let [low, high, day] = parts else { return Ok(()) };
        let seconds = ((u64::from(*high) << 32) | u64::from(*low)) / 1_000_000_000;
        let seconds = i64::try_from(seconds).unwrap_or_default();
        text.push_str(&days::time((i64::from(*day) - JULIAN_1970) * SECONDS_OF_DAY + seconds));
        Ok(())
    }

    pub(super) fn float(self, value: f32, text: &mut String) -> Written {
        text.push_str(&decimals::text(value));
        Ok(())
    }

    pub(super) fn double(self, value: f64, text: &mut String) -> Written {
        text.push_str(&decimals::text(value));
        Ok(())
    }

    pub(super) fn bytes(self, value: &[u8], text: &mut String) -> Written {
        match (self, value) {
            (Self::Decimal(decimals), _) => text.push_str(&decimal(signed(value)?, decimals)?),
            (Self::Half, [low, high]) => {
                text.push_str(&decimals::text(half(u16::from_le_bytes([*low, *high]))));
            }
            (Self::Uuid, _) => text.extend(value.iter().map(|byte| format!("{byte:02x}"))),
            _ => match std::str::from_utf8(value) {
                Ok(value) => text.push_str(value),
                Err(_) if self == Self::Text => {
                    let what = format!("'{}' is not UTF-8", String::from_utf8_lossy(value).escape_debug());
                    return Err(ParquetError::General(what));
                }
                Err(_) => text.push_str(BINARY),
            },
        }
        Ok(())
    }
}

/// How many parts a second has.
fn parts(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// The whole number in bytes of which the first stands highest.
fn signed(bytes: &[u8]) -> Result<i128, ParquetError> {
    let negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    let sign = if negative { 0xFF } else { 0 };
    let more = bytes.len().saturating_sub(16);
    if bytes[..more].iter().any(|byte| *byte != sign) {
        return Err(ParquetError::General("a decimal number has more than 38 digits".to_owned()));
    }
    let start = if negative { -1 } else { 0 };
    Ok(bytes[more..].iter().fold(start, |number: i128, byte| (number << 8) | i128::from(*byte)))
}

/// A whole number with its last digits behind a point.
fn decimal(number: i128, decimals: usize) -> Result<String, ParquetError> {
    if decimals > 76 {
        return Err(ParquetError::General(format!("a decimal number has {decimals} decimals")));
    }
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if number < 0 { "-" } else { "" };
    let point = if decimals == 0 { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

/// The number in ten bits of a fraction, five of an exponent and one of a sign.
fn half(bits: u16) -> f32 {
    let [sign, exponent, fraction] = [bits >> 15, (bits >> 10) & 0x1F, bits & 0x3FF].map(u32::from);
    let size = match exponent {
        0x1F => f32::from_bits(0x7F80_0000 | (fraction << 13)),
        // 2⁻²⁴ for each unit of the fraction, where there is no exponent.
        0 => f32::from(bits & 0x3FF) * f32::from_bits(103 << 23),
        _ => f32::from_bits(((exponent + 112) << 23) | (fraction << 13)),
    };
    if sign == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_their_point() {
        for (number, decimals, text) in
            [(12_345, 2, "123.45"), (-5, 2, "-0.05"), (7, 0, "7"), (0, 1, "0.0"), (-1200, 2, "-12.00")]
        {
            assert_eq!(decimal(number, decimals).unwrap(), text);
        }
        assert_eq!((signed(&[0xFF, 0xFB]).unwrap(), signed(&[0; 20]).unwrap()), (-5, 0));
        assert!(signed(&[1; 17]).is_err() && decimal(1, 1000).is_err());
    }

    #[test]
    fn numbers_of_two_bytes() {
        for (bits, number) in
            [(0x3C00, 1.0), (0xC100, -2.5), (0x0001, 5.960_464_5e-8), (0, 0.0), (0x7C00, f32::INFINITY)]
        {
            assert_eq!(half(bits).to_bits(), f32::to_bits(number), "{bits:x}");
        }
        assert!(half(0x7E00).is_nan());
    }

    #[test]
    fn old_times_are_days_and_nanoseconds() {
        let mut text = String::new();
        Kind::Plain.old_time(&[0, 0, 2_458_635], &mut text).unwrap();
        assert_eq!(text, "2019-05-31");
    }
}
