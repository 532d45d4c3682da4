//! The rounding rules, and which of them a value is consistent with.

use serde::Serialize;

/// How a number was shortened to its printed digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// To the nearest, halves away from zero: rounding by hand and in spreadsheets.
    HalfUp,
    /// To the nearest, halves to the even digit: R, Python and IEEE 754.
    HalfEven,
    /// Digits cut off, towards zero.
    Truncation,
    /// To the nearest with one digit more, and that to the nearest again, halves away from zero each time: a
    /// number that was copied from one print into another with fewer digits. 0.07247 becomes 7.25%, then 7.3%.
    HalfUpTwice,
    /// Away from zero to the next printed number. Only mentioned as a possible explanation; a claim never
    /// holds by this rule.
    Ceiling,
}

impl Rule {
    /// The rules of one rounding under which a claim may hold, in the order they are tried.
    pub const TRIED: [Self; 3] = [Self::HalfUp, Self::HalfEven, Self::Truncation];

    /// The name in reports.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::HalfUp => "rounding half up",
            Self::HalfEven => "rounding half to even",
            Self::Truncation => "cutting digits off",
            Self::HalfUpTwice => "rounding half up twice",
            Self::Ceiling => "rounding up",
        }
    }
}

/// The first rule, in the order of [`Rule::TRIED`] and then [`Rule::HalfUpTwice`], under which a value gives the
/// printed digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consistency {
    /// Rounding halves up gives the printed digits.
    HalfUp,
    /// A tie that gives the printed digits only when halves are rounded to even.
    HalfEven,
    /// Only cutting digits off gives the printed digits.
    Truncation,
    /// Only rounding half up to one digit more, and that again, gives the printed digits.
    RoundedTwice,
    /// No rule gives the printed digits.
    No,
}

impl Consistency {
    /// The first rule of one rounding for which `holds` is true.
    pub fn first(mut holds: impl FnMut(Rule) -> bool) -> Self {
        match Rule::TRIED.into_iter().find(|&rule| holds(rule)) {
            Some(Rule::HalfUp) => Self::HalfUp,
            Some(Rule::HalfEven) => Self::HalfEven,
            Some(Rule::Truncation) => Self::Truncation,
            Some(Rule::HalfUpTwice | Rule::Ceiling) | None => Self::No,
        }
    }

    /// The rule, where there is one.
    #[must_use]
    pub const fn rule(self) -> Option<Rule> {
        match self {
            Self::HalfUp => Some(Rule::HalfUp),
            Self::HalfEven => Some(Rule::HalfEven),
            Self::Truncation => Some(Rule::Truncation),
            Self::RoundedTwice => Some(Rule::HalfUpTwice),
            Self::No => None,
        }
    }
}
