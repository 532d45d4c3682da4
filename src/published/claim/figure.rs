//! A printed figure: one number or two limits.

use std::fmt;

use serde::Serialize;

use super::field::{Field, Reading};
use crate::error::Error;
use crate::printed::{Pair, Printed, Relation, Rule, Unit};

/// One number or two limits, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Figure {
    /// One number.
    One(Printed),
    /// Two limits.
    Two(Pair),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(printed) => printed.fmt(f),
            Self::Two(pair) => pair.fmt(f),
        }
    }
}

impl Figure {
    /// The number; `None` where two limits were printed.
    ///
    /// ```
    /// use metaprop::published::claim::Figure;
    /// let figure = Figure::One("54.0%".parse()?);
    /// assert_eq!(figure.one().unwrap().decimals(), 1);
    /// assert!(figure.two().is_none());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub const fn one(&self) -> Option<&Printed> {
        match self {
            Self::One(printed) => Some(printed),
            Self::Two(_) => None,
        }
    }

    /// The limits; `None` where one number was printed.
    #[must_use]
    pub const fn two(&self) -> Option<&Pair> {
        match self {
            Self::One(_) => None,
            Self::Two(pair) => Some(pair),
        }
    }

    /// Whether the digits say more than "about".
    pub(super) fn is_exact(&self) -> bool {
        match self {
            Self::One(printed) => printed.is_exact(),
            Self::Two(pair) => pair.is_exact(),
        }
    }

    /// How many decimals it is printed with; of two limits the more.
    pub(super) fn decimals(&self) -> u32 {
        match self {
            Self::One(printed) => printed.decimals(),
            Self::Two(pair) => pair.lower.decimals().max(pair.upper.decimals()),
        }
    }

    /// Whether the figure, or one of its limits, is printed in percent.
    pub(super) fn is_in_percent(&self) -> bool {
        match self {
            Self::One(printed) => printed.unit() == Unit::Percent,
            Self::Two(pair) => [&pair.lower, &pair.upper].iter().any(|limit| limit.unit() == Unit::Percent),
        }
    }

    /// The texts given for a field, as they stand: one text, or for an interval two limits or one text with both.
    pub(super) fn parse(field: Field, texts: &[impl AsRef<str>]) -> Result<Self, Error> {
        if field.is_pair() {
            return Ok(Self::Two(match texts {
                [both] => Pair::parse(both.as_ref())?,
                [lower, upper] => Pair::new(Printed::parse(lower.as_ref())?, Printed::parse(upper.as_ref())?),
                _ => return Err(Error::usage(format!("'{}' is two limits", field.key()))),
            }));
        }
        let printed = Printed::parse(&single_text(field.key(), texts)?)?;
        if field.reading() == Reading::Count {
            whole_numbers(field.key(), &[printed.to_string()])?;
        }
        Ok(Self::One(printed))
    }

    /// Each number with the unit in which the field is compared, where proportions are pooled.
    pub(super) fn of_proportions(&self, field: Field) -> Self {
        match self {
            Self::One(printed) => Self::One(field.read(printed)),
            Self::Two(pair) => {
                let [lower, upper] = [&pair.lower, &pair.upper].map(|limit| field.read(limit));
                Self::Two(Pair::new(lower, upper))
            }
        }
    }

    /// The same where proportions are printed per this many: a number without a sign is one of them. A field that is a
    /// percentage by its name stays one.
    pub(super) fn on_scale(&self, field: Field, scale: u64) -> Self {
        let unit = match (field.reading(), scale) {
            (Reading::Proportion, 1) if field != Field::Percent => return self.clone(),
            (Reading::Proportion, 100) => Unit::Percent,
            (Reading::Proportion, scale) if field != Field::Percent => Unit::Per(scale),
            _ => return self.of_proportions(field),
        };
        match self {
            Self::One(printed) => Self::One(printed.or_unit(unit)),
            Self::Two(pair) => Self::Two(Pair::new(pair.lower.or_unit(unit), pair.upper.or_unit(unit))),
        }
    }

    /// Per how many the figure is printed, where that is neither percent nor a fraction.
    pub(super) fn per(&self) -> Option<u64> {
        let printed = match self {
            Self::One(printed) => printed,
            Self::Two(pair) => &pair.upper,
        };
        match printed.unit() {
            Unit::Per(scale) => Some(scale),
            _ => None,
        }
    }

    /// The same where estimates are pooled that are no proportions: 1.56 is then no percentage.
    pub(super) fn of_estimates(&self, field: Field) -> Self {
        match field.reading() {
            Reading::Proportion => self.clone(),
            _ => self.of_proportions(field),
        }
    }
}

/// The whole number that was printed; `None` with a unit, decimals, or a relation other than "=".
pub(super) fn whole_number(printed: &Printed) -> Option<u64> {
    let plain =
        printed.relation() == Relation::Equal && printed.unit() == Unit::None && printed.decimals() == 0;
    u64::try_from(printed.mantissa()).ok().filter(|_| plain)
}

/// The one text of a key.
pub(super) fn single_text(key: &str, texts: &[impl AsRef<str>]) -> Result<String, Error> {
    match texts {
        [text] => Ok(text.as_ref().trim().to_string()),
        _ => Err(Error::usage(format!("'{key}' is one text"))),
    }
}

/// Whole numbers from 0 up, of which each may have a relation such as "<".
pub(super) fn whole_numbers(key: &str, texts: &[impl AsRef<str>]) -> Result<Vec<Printed>, Error> {
    let read = |text: &str| {
        let printed = Printed::parse(text)?;
        let plain = printed.unit() == Unit::None && printed.decimals() == 0 && printed.mantissa() >= 0;
        if plain { Ok(printed) } else { Err(Error::usage(format!("{key} = '{text}' is not a whole number"))) }
    };
    texts.iter().map(|text| read(text.as_ref())).collect()
}

/// Whether every number that is printed like this lies outside a range, whatever the rounding rule.
pub(super) fn is_outside(printed: &Printed, [least, most]: [f64; 2]) -> bool {
    Rule::TRIED.iter().all(|&rule| {
        let [low, high] = printed.bounds(rule).as_reals();
        high < least || low > most
    })
}
