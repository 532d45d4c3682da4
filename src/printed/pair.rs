//! Two printed limits: a confidence interval, a prediction interval.

use std::fmt;
use std::str::FromStr;

use super::{Consistency, Printed, Rule, Unit};
use crate::error::{Error, Problem};

/// Two limits as they were printed, in the order in which they were typed.
///
/// ```
/// use metaprop::printed::Pair;
/// for text in ["46.3%–61.5%", "(46.3% to 61.5%)", "46.3-61.5%", "46.3%, 61.5%", "95% CI: 46.3–61.5 %"] {
///     let pair = Pair::parse(text)?;
///     assert_eq!((pair.lower.mantissa(), pair.upper.mantissa()), (463, 615), "{text}");
/// }
/// let negative = Pair::parse("[−0.27, 0.99]")?;
/// assert_eq!(negative.lower.mantissa(), -27);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The first limit.
    pub lower: Printed,
    /// The second limit.
    pub upper: Printed,
}

/// The separators between two limits, the least ambiguous first.
const SEPARATORS: [&str; 11] = [" to ", ";", " - ", "…", "..", "—", "–", ", ", ",", "-", "\u{2212}"];

impl Pair {
    /// Two limits; if only one has a unit, it applies to the other as well.
    #[must_use]
    pub fn new(lower: Printed, upper: Printed) -> Self {
        let unit = if lower.unit() == Unit::None { upper.unit() } else { lower.unit() };
        Self { lower: lower.or_unit(unit), upper: upper.or_unit(unit) }
    }

    /// Reads two limits from one text.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the text is not two printed numbers with a separator between them.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let typed = text.trim();
        let inner = after_label(typed).trim_matches(|c: char| c.is_whitespace() || "()[]{}".contains(c));
        SEPARATORS.iter().find_map(|separator| split(inner, separator)).ok_or_else(|| {
            let problem = Problem::new(format!("'{typed}' is not two printed limits"));
            Error::Usage(vec![
                problem.help("write them as they were printed, such as 46.3%–61.5% or 46.3%, 61.5%"),
            ])
        })
    }

    /// The limits as proportions: if they have no unit and one is above 1, both can only be percentages.
    #[must_use]
    pub fn as_proportions(&self) -> Self {
        Self::new(self.lower.as_proportion(), self.upper.as_proportion())
    }

    /// Whether exact bounds follow from both limits.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.lower.is_exact() && self.upper.is_exact()
    }

    /// The first rule, if any, under which both values are printed so.
    #[must_use]
    pub fn consistency(&self, [lower, upper]: [f64; 2]) -> Consistency {
        Consistency::first(|rule| {
            self.lower.bounds(rule).contains_computed(lower)
                && self.upper.bounds(rule).contains_computed(upper)
        })
    }

    /// Whether the lower limit lies above the upper one under every rule.
    #[must_use]
    pub fn is_swapped(&self) -> bool {
        Rule::TRIED.iter().all(|&rule| {
            let ([low, _], [_, high]) =
                (self.lower.bounds(rule).as_reals(), self.upper.bounds(rule).as_reals());
            low >= high
        })
    }
}

/// The text after a label such as `95% CI`; without a label, all of it.
fn after_label(text: &str) -> &str {
    let label = ["CI", "CrI", "PI"].into_iter().find_map(|label| text.split_once(label));
    label.map_or(text, |(_, rest)| rest.trim_start_matches([':', '=', ',', ' ']))
}

fn split(text: &str, separator: &str) -> Option<Pair> {
    text.match_indices(separator).find_map(|(at, _)| {
        let (lower, upper) =
            (Printed::parse(&text[..at]).ok()?, Printed::parse(&text[at + separator.len()..]).ok()?);
        Some(Pair::new(lower, upper))
    })
}

impl FromStr for Pair {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Pair {
    /// `46.3% to 61.5%`, each as it was printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.lower, self.upper)
    }
}

impl serde::Serialize for Pair {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        [&self.lower, &self.upper].serialize(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_in_many_notations() {
        for (text, lower, upper) in [
            ("46.3–61.5", (463, 1), (615, 1)),
            ("0.14-0.21", (14, 2), (21, 2)),
            ("0.92,0.94", (92, 2), (94, 2)),
            ("46,3–61,5", (463, 1), (615, 1)),
            ("1,234–2,345", (1234, 0), (2345, 0)),
            ("–0.27–0.99", (-27, 2), (99, 2)),
            ("\u{2212}27\u{2212}\u{2212}3", (-27, 0), (-3, 0)),
            ("-5 to 10%", (-5, 0), (10, 0)),
            ("28%,82%", (28, 0), (82, 0)),
            ("[28; 82]", (28, 0), (82, 0)),
        ] {
            let pair = Pair::parse(text).unwrap();
            assert_eq!(
                (
                    (pair.lower.mantissa(), pair.lower.decimals()),
                    (pair.upper.mantissa(), pair.upper.decimals())
                ),
                (lower, upper),
                "{text}"
            );
            assert_eq!(pair.lower.unit(), pair.upper.unit(), "{text}");
        }
        for text in ["", "5", "5-", "-5", "a to b", "1-2-3", "5% of 10"] {
            assert!(Pair::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_are_swapped_only_if_they_are_under_every_rule() {
        let swapped = |text| Pair::parse(text).unwrap().is_swapped();
        assert!(swapped("61.5–46.3") && !swapped("46.3–61.5") && !swapped("50–50"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = Pair::parse(&text);
        }

        #[test]
        fn no_text_like_a_pair_panics(text in "[0-9.,%–\u{2212} ()CI-]{0,16}") {
            let _ = Pair::parse(&text).map(|pair| (pair.as_proportions(), pair.is_swapped()));
        }
    }
}
