//! What the value of an option can be: how it is parsed, held to its bounds, and typed again.

use std::fmt;

use super::choice::{Choice, Word};
use super::choices::Tau2Method;
use super::values::{Level, Tau2, open_fraction};
use crate::error::{Error, Problem};

/// What is typed for an option: for the parser of the command line, its help, and the JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// One word of a closed choice.
    Word {
        /// What is chosen, in a few words.
        about: &'static str,
        /// The words.
        words: &'static [Word],
    },
    /// One word of a closed choice, or a number from 0 up.
    WordOrNumber {
        /// What is chosen, in a few words.
        about: &'static str,
        /// The words.
        words: &'static [Word],
        /// What a number in place of a word is.
        number: &'static str,
    },
    /// One of a few signs, which need no explanation.
    Sign(&'static [&'static str]),
    /// A level in percent, in (0, 100).
    Percent,
    /// A proportion: a percentage with its sign, or a fraction.
    Proportion,
    /// A number.
    Number,
    /// A whole number from 0 up.
    Whole,
    /// Any text.
    Text,
    /// By what something is ordered; a hyphen before it reverses the order.
    Order,
    /// Nothing: the option is given or not.
    Switch,
}

impl Shape {
    /// What is chosen and its words, where it is a closed choice.
    #[must_use]
    pub const fn words(self) -> Option<(&'static str, &'static [Word])> {
        match self {
            Self::Word { about, words } | Self::WordOrNumber { about, words, .. } => Some((about, words)),
            _ => None,
        }
    }
}

/// The value of an option, as it could be typed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Typed {
    /// A word of a closed choice.
    Word(&'static Word),
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(u64),
    /// Given.
    Yes,
    /// A number of percent, written with its sign: a level of 0.5 percent would otherwise read as 50.
    Percent(f64),
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word.key),
            Self::Text(text) => f.write_str(text),
            // The plain forms of 1e300 and 1e-300 have 301 digits and more.
            Self::Number(value) if *value != 0.0 && !(1e-16..1e16).contains(&value.abs()) => {
                write!(f, "{value:e}")
            }
            Self::Number(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Percent(value) => write!(f, "{value}%"),
            Self::Yes => f.write_str("true"),
        }
    }
}

/// How the values of an option are read and written. Constants and functions of this module make one.
pub(super) struct Kind<T: 'static> {
    /// What is typed.
    pub shape: Shape,
    /// The value of what was typed for this key.
    pub parse: fn(key: &str, typed: &str) -> Result<T, Error>,
    /// The value as it is typed.
    pub typed: fn(&T) -> Typed,
    /// Why a value is impossible for this key, however it came; `parse` may leave this to `check`.
    pub check: fn(key: &str, &T) -> Result<(), Problem>,
}

/// A word of the closed choice `C`.
pub(super) const fn word<C: Choice>() -> Kind<C> {
    Kind {
        shape: Shape::Word { about: C::ABOUT, words: C::WORDS },
        parse: |_, typed| C::parse(typed),
        typed: |choice| Typed::Word(choice.word()),
        check: |_, _| Ok(()),
    }
}

/// An estimator of τ², or a number on the squared analysis scale.
pub(super) const TAU2: Kind<Tau2> = Kind {
    shape: Shape::WordOrNumber {
        about: Tau2Method::ABOUT,
        words: Tau2Method::WORDS,
        number: "a fixed between-study variance",
    },
    parse: |_, typed| typed.parse(),
    typed: |tau2| match tau2 {
        Tau2::Estimated(method) => Typed::Word(method.word()),
        Tau2::Fixed(value) => Typed::Number(*value),
    },
    check: |_, tau2| tau2.check(),
};

/// A confidence level.
pub(super) const LEVEL: Kind<Level> = Kind {
    shape: Shape::Percent,
    parse: |_, typed| typed.parse(),
    typed: |level| Typed::Percent(level.percent()),
    check: |_, _| Ok(()),
};

/// A proportion strictly between 0 and 1; a fraction in the library.
pub(super) const PROPORTION: Kind<f64> = Kind {
    shape: Shape::Proportion,
    parse: open_fraction,
    typed: |value| Typed::Number(*value),
    check: |key, value| {
        if *value > 0.0 && *value < 1.0 {
            return Ok(());
        }
        let what = format!("{key} = {value} is not a proportion strictly between 0 and 1");
        Err(Problem::new(what).help("write 50% or 0.5"))
    },
};

/// The amount that a study is corrected by: a number above 0.
pub(super) const AMOUNT: Kind<f64> = Kind {
    shape: Shape::Number,
    parse: |key, typed| {
        let wrong = |_| Error::usage(format!("{key} = '{typed}' is not a number that can be used here"));
        typed.trim().parse().map_err(wrong)
    },
    typed: |value| Typed::Number(*value),
    check: |key, value| {
        if value.is_finite() && *value > 0.0 {
            return Ok(());
        }
        let what = format!("{key} = {value} is not a number above 0");
        Err(Problem::new(what).help("to correct nothing, use zero-cells = none"))
    },
};

/// A seed of random numbers.
pub(super) const SEED: Kind<u64> = Kind {
    shape: Shape::Whole,
    parse: |key, typed| {
        let wrong = |_| Error::usage(format!("{key} = {typed} is not a whole number from 0 up"));
        typed.trim().parse().map_err(wrong)
    },
    typed: |value| Typed::Whole(*value),
    check: |_, _| Ok(()),
};

/// An option that is given or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yes;

/// Given or not.
pub(super) const YES: Kind<Yes> = Kind {
    shape: Shape::Switch,
    parse: |key, typed| match typed {
        "" | "true" => Ok(Yes),
        _ => Err(Error::usage(format!("{key} = {typed}: it is true, or left out"))),
    },
    typed: |_| Typed::Yes,
    check: |_, _| Ok(()),
};

/// A text, such as the name of a column.
pub(super) const TEXT: Kind<String> = Kind {
    shape: Shape::Text,
    parse: |_, typed| Ok(typed.to_owned()),
    typed: |text| Typed::Text(text.clone()),
    check: |_, _| Ok(()),
};

/// By what something is ordered.
pub(super) const ORDER: Kind<String> = Kind { shape: Shape::Order, ..TEXT };

/// A whole number between two others.
pub(super) fn whole(key: &str, typed: &str, least: u64, most: u64) -> Result<u64, Error> {
    let value = typed.trim().parse().ok().filter(|value| (least..=most).contains(value));
    value.ok_or_else(|| Error::usage(format!("{key} = {typed} is not a whole number from {least} to {most}")))
}
