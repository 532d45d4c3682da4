//! A statement that a result supports or not: "lower > 50%".

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::{Error, Problem};

/// The quantity that a conclusion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// The pooled proportion.
    Estimate,
    /// Its lower limit.
    Lower,
    /// Its upper limit.
    Upper,
}

/// How the quantity compares with the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relation {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

/// A statement about the pooled proportion or a limit of its interval.
///
/// ```
/// use metaprop::analysis::Conclusion;
/// let conclusion: Conclusion = "lower > 50%".parse()?;
/// assert_eq!(conclusion.bound, 0.5);
/// assert_eq!(conclusion.to_string(), "lower > 50%");
/// assert!("lower > 50".parse::<Conclusion>().is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The quantity.
    pub quantity: Quantity,
    /// How it compares with the bound.
    pub relation: Relation,
    /// The bound, a fraction.
    pub bound: f64,
    text: String,
}

/// The longer signs first, because they begin with the shorter ones.
const SIGNS: [(&str, Relation); 6] = [
    (">=", Relation::AtLeast),
    ("<=", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("≤", Relation::AtMost),
    (">", Relation::Above),
    ("<", Relation::Below),
];

impl Conclusion {
    /// Whether it holds for an estimate with these limits, as they are shown; `None` where there is no such limit.
    ///
    /// ```
    /// use metaprop::analysis::Conclusion;
    /// let conclusion: Conclusion = "lower > 50%".parse()?;
    /// assert_eq!(conclusion.holds(0.6, [Some(0.52), Some(0.68)]), Some(true));
    /// assert_eq!(conclusion.holds(0.6, [None, None]), None);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn holds(&self, estimate: f64, limits: [Option<f64>; 2]) -> Option<bool> {
        let value = self.value(estimate, limits)?;
        Some(match self.relation {
            Relation::Above => value > self.bound,
            Relation::AtLeast => value >= self.bound,
            Relation::Below => value < self.bound,
            Relation::AtMost => value <= self.bound,
        })
    }

    /// How far the quantity is on the side on which the conclusion holds; negative on the other.
    pub(super) fn margin(&self, estimate: f64, limits: [Option<f64>; 2]) -> Option<f64> {
        let beyond = self.value(estimate, limits)? - self.bound;
        Some(match self.relation {
            Relation::Above | Relation::AtLeast => beyond,
            Relation::Below | Relation::AtMost => -beyond,
        })
    }

    fn value(&self, estimate: f64, [lower, upper]: [Option<f64>; 2]) -> Option<f64> {
        match self.quantity {
            Quantity::Estimate => Some(estimate),
            Quantity::Lower => lower,
            Quantity::Upper => upper,
        }
    }
}

impl FromStr for Conclusion {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        let wrong = || {
            let problem = Problem::new(format!("'{typed}' is not a conclusion"));
            Error::Usage(vec![
                problem
                    .help("write lower, upper or estimate, one of > >= < <=, and a percentage: lower > 50%"),
            ])
        };
        let (left, relation, right) = SIGNS
            .iter()
            .find_map(|(sign, relation)| typed.split_once(sign).map(|(left, right)| (left, *relation, right)))
            .ok_or_else(wrong)?;
        let quantity = match left.trim().to_ascii_lowercase().as_str() {
            "estimate" => Quantity::Estimate,
            "lower" => Quantity::Lower,
            "upper" => Quantity::Upper,
            _ => return Err(wrong()),
        };
        let bound = fraction(right).ok_or_else(wrong)?;
        let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { quantity, relation, bound, text: words })
    }
}

/// A percentage with a percent sign, or a fraction, as a fraction from 0 to 1.
fn fraction(typed: &str) -> Option<f64> {
    let (digits, percent) =
        typed.trim().strip_suffix('%').map_or((typed.trim(), false), |digits| (digits.trim_end(), true));
    let value: f64 = digits.parse().ok()?;
    let value = if percent { value / 100.0 } else { value };
    (0.0..=1.0).contains(&value).then_some(value)
}

impl fmt::Display for Conclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Conclusion {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_read_and_other_texts_are_refused() {
        let read = |text: &str| text.parse::<Conclusion>().map(|c| (c.quantity, c.relation, c.bound)).ok();
        assert_eq!(read("upper<=0.6"), Some((Quantity::Upper, Relation::AtMost, 0.6)));
        assert_eq!(read(" Estimate ≥ 12.5 % "), Some((Quantity::Estimate, Relation::AtLeast, 0.125)));
        for text in [
            "",
            "lower",
            "lower 50%",
            "middle > 50%",
            "lower > 120%",
            "lower > x",
            "lower > > 5%",
            "> 5%",
            "lower > NaN",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
