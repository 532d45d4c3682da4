//! Choices that can be a number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Problem};
use crate::options::{Choice, Tau2Method};

/// The seed of random numbers where none is chosen.
pub const DEFAULT_SEED: u64 = 1;

/// The proportion that the test compares with where nothing was said.
pub(super) const DEFAULT_NULL: f64 = 0.5;

/// The estimator of τ², or a fixed value on the squared analysis scale.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Tau2 {
    /// Estimated from the data.
    Estimated(Tau2Method),
    /// Given, at least 0.
    Fixed(f64),
}

impl Tau2 {
    /// The key, or the number, as it is typed and printed.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Estimated(method) => method.key().to_string(),
            // Not `to_string`, which writes 1e308 in 309 digits.
            Self::Fixed(value) => format!("{value:?}"),
        }
    }

    /// Why a fixed value cannot be a variance.
    pub(super) fn check(&self) -> Result<(), Problem> {
        match self {
            Self::Fixed(value) if !(value.is_finite() && *value >= 0.0) => Err(Problem::new(format!(
                "tau2 = {value}: a fixed between-study variance is a number from 0 up"
            ))),
            _ => Ok(()),
        }
    }
}

impl From<Tau2Method> for Tau2 {
    fn from(method: Tau2Method) -> Self {
        Self::Estimated(method)
    }
}

impl TryFrom<f64> for Tau2 {
    type Error = Error;

    /// A fixed value on the squared analysis scale.
    fn try_from(value: f64) -> Result<Self, Error> {
        let fixed = Self::Fixed(value);
        fixed.check().map_err(|problem| Error::Usage(vec![problem]))?;
        Ok(fixed)
    }
}

impl TryFrom<&str> for Tau2 {
    type Error = Error;

    /// As it is typed: the key of an estimator, or a number.
    fn try_from(typed: &str) -> Result<Self, Error> {
        typed.parse()
    }
}

impl FromStr for Tau2 {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        match typed.trim().parse::<f64>() {
            Ok(value) => value.try_into(),
            Err(_) => Tau2Method::parse(typed).map(Self::Estimated),
        }
    }
}

impl Serialize for Tau2 {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Estimated(method) => method.serialize(to),
            Self::Fixed(value) => to.serialize_f64(*value),
        }
    }
}

impl<'de> Deserialize<'de> for Tau2 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        NumberOrWord::deserialize(from)?.text().parse().map_err(serde::de::Error::custom)
    }
}

/// A confidence level, in percent, in (0, 100).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// 95 percent.
    pub const DEFAULT: Self = Self(95.0);

    /// The level in percent.
    #[must_use]
    pub const fn percent(self) -> f64 {
        self.0
    }

    /// The probability of one tail: 0.025 at 95 percent.
    #[must_use]
    pub fn tail(self) -> f64 {
        // (100 − 95)/200 is the double nearest to 0.025; (1 − 0.95)/2 is not.
        (100.0 - self.0) / 200.0
    }
}

impl fmt::Display for Level {
    /// In percent, with its sign: `95%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl FromStr for Level {
    type Err = Error;

    /// `95`, `95%`, or a fraction from 0.5 up, `0.95`; what else is below 1 needs its percent sign.
    fn from_str(typed: &str) -> Result<Self, Error> {
        let (digits, percent) =
            typed.trim().strip_suffix('%').map_or((typed.trim(), false), |digits| (digits.trim_end(), true));
        let wrong = || {
            Problem::new(format!("'{typed}' is not a confidence level"))
                .help("write it in percent, such as 95 or 99.9")
        };
        let value: f64 = digits.parse().map_err(|_| Error::Usage(vec![wrong()]))?;
        let level = match value {
            value if percent || value >= 1.0 => value,
            value if value >= 0.5 => value * 100.0,
            _ => return Err(Error::Usage(vec![wrong()])),
        };
        if level > 0.0 && level < 100.0 { Ok(Self(level)) } else { Err(Error::Usage(vec![wrong()])) }
    }
}

impl TryFrom<f64> for Level {
    type Error = Error;

    /// A level in percent: 95.0.
    fn try_from(percent: f64) -> Result<Self, Error> {
        format!("{percent}%").parse()
    }
}

impl TryFrom<i32> for Level {
    type Error = Error;

    /// A level in percent: 95.
    fn try_from(percent: i32) -> Result<Self, Error> {
        f64::from(percent).try_into()
    }
}

impl TryFrom<&str> for Level {
    type Error = Error;

    /// As it is typed: `95`, `95%`, `0.95`.
    fn try_from(typed: &str) -> Result<Self, Error> {
        typed.parse()
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Level {
    /// A number in percent, as it is serialised: 0.5 is half a percent here, where a person who types it
    /// means 50 %.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        f64::deserialize(from)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// A value that an analysis file may write as a number or as a string.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum NumberOrWord {
    Whole(i64),
    Number(f64),
    Word(String),
}

impl NumberOrWord {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Word(word) => word.clone(),
        }
    }
}

/// A proportion typed as a percentage (`50%`) or as a fraction (`0.5`), strictly between 0 and 1.
///
/// # Errors
///
/// [`Error::Usage`] where it is neither, or not between 0 and 1.
///
/// ```
/// use metaprop::options::values::open_fraction;
/// assert_eq!(open_fraction("null", "50%")?, 0.5);
/// assert!(open_fraction("null", "50").is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn open_fraction(name: &str, typed: &str) -> Result<f64, Error> {
    let (digits, scale) =
        typed.trim().strip_suffix('%').map_or((typed.trim(), 1.0), |digits| (digits.trim_end(), 100.0));
    let value = digits.parse::<f64>().map(|value| value / scale);
    match value {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => {
            let problem =
                Problem::new(format!("{name} = '{typed}' is not a proportion strictly between 0 and 1"));
            Err(Error::Usage(vec![problem.help("write a percentage with its sign, 50%, or a fraction, 0.5")]))
        }
    }
}
