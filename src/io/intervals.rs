//! An estimate with its interval in one cell, as papers print it: `34.5 (30.1–39.2)`, `0.35 [95% CI 0.30; 0.39]`.

use crate::data::cell::{begins_as_number, number, trim};
use crate::options::Decimal;

/// An estimate and the limits behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WithInterval<'c> {
    pub estimate: &'c str,
    pub limits: [f64; 2],
}

/// Words for an interval, in lower case.
const WORDS: [&str; 9] =
    ["ci", "ki", "ic", "cri", "cl", "confidence", "konfidenzintervall", "confiance", "confianza"];

/// What stands between two limits.
const BETWEEN: [&str; 12] = [" to ", " bis ", " à ", " and ", ";", "–", "—", "−", " - ", "-", ", ", ","];

/// The estimate and the limits in a cell; `None` where it is something else, a number alone too.
pub(super) fn with_interval(cell: &str, decimal: Decimal) -> Option<WithInterval<'_>> {
    let (estimate, limits) = last_bracket(cell)?;
    let limits = limits_in(limits, decimal)?;
    begins_as_number(estimate).then_some(WithInterval { estimate, limits })
}

/// What stands in the bracket at the end of a cell, and what stands before it.
pub(super) fn last_bracket(cell: &str) -> Option<(&str, &str)> {
    let (before, inside) = cell.strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    Some((trim(before), trim(inside)))
}

/// The two numbers of an interval, with a word for it and a level before them or without.
pub(super) fn limits_in(inside: &str, decimal: Decimal) -> Option<[f64; 2]> {
    let bare = trim(behind_label(inside).trim_start_matches([':', '=', ',', ' ']));
    let limit = |text: &str| number(trim(text).trim_end_matches(['%', ' ']), decimal);
    BETWEEN.iter().find_map(|between| {
        let (lower, upper) = bare.split_once(between)?;
        Some([limit(lower)?, limit(upper)?])
    })
}

/// What follows the word for an interval (`95% CI 14.3 to 37.4`), or all of it.
fn behind_label(inside: &str) -> &str {
    let letters = |c: char| c.is_alphabetic();
    let Some(start) = inside.find(letters) else { return inside };
    let end = inside[start..].find(|c| !letters(c)).map_or(inside.len(), |end| start + end);
    if WORDS.contains(&&*inside[start..end].to_lowercase()) { &inside[end..] } else { inside }
}

/// The name of a column without the interval that it says to stand behind its numbers: `Prevalence (95% CI)` is
/// `Prevalence`; `None` where it says none. It is empty where the column has intervals alone.
pub(super) fn without_interval(name: &str) -> Option<&str> {
    let says = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&&*word.to_lowercase()))
    };
    if let Some((before, inside)) = last_bracket(name)
        && says(inside)
    {
        return Some(before);
    }
    let level = ["90%", "95%", "99%", "90 %", "95 %", "99 %"];
    let at = level.iter().find_map(|level| name.find(level)).filter(|at| says(&name[*at..]))?;
    Some(trim(name[..at].trim_end_matches([',', ';', '-', '–', '±', '&', '+', '/', ' '])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_and_limits_are_told_apart() {
        for (cell, decimal, estimate, limits) in [
            ("34.5 (30.1-39.2)", Decimal::Point, "34.5", [30.1, 39.2]),
            ("0.35 [0.30; 0.39]", Decimal::Point, "0.35", [0.30, 0.39]),
            ("24.0% (95% CI 14.3 to 37.4)", Decimal::Point, "24.0%", [14.3, 37.4]),
            ("24.0 (95 % CI: 14.3% – 37.4%)", Decimal::Point, "24.0", [14.3, 37.4]),
            ("24,0 (14,3-37,4)", Decimal::Comma, "24,0", [14.3, 37.4]),
            ("24,0 (95%-KI 14,3; 37,4)", Decimal::Comma, "24,0", [14.3, 37.4]),
            ("24.0 (14.3, 37.4)", Decimal::Point, "24.0", [14.3, 37.4]),
        ] {
            assert_eq!(with_interval(cell, decimal), Some(WithInterval { estimate, limits }), "{cell}");
        }
        for cell in [
            "34.5",
            "12 (24%)",
            "(30.1-39.2)",
            "34.5 (30.1)",
            "A (1-2)",
            "12 (a)",
            "12 (1-2-3)",
            ")",
            "1 (ci",
        ] {
            assert_eq!(with_interval(cell, Decimal::Point), None, "{cell}");
        }
    }

    #[test]
    fn a_name_says_that_intervals_stand_behind_the_numbers() {
        for (name, bare) in [
            ("Prevalence (95% CI)", "Prevalence"),
            ("Prävalenz % [95%-KI]", "Prävalenz %"),
            ("Proportion, 95% CI", "Proportion"),
            ("95% CI", ""),
            ("% (IC 95 %)", "%"),
        ] {
            assert_eq!(without_interval(name), Some(bare), "{name}");
        }
        for name in ["Cases (%)", "Prevalence", "n (95%)", "Specificity", "CI"] {
            assert_eq!(without_interval(name), None, "{name}");
        }
    }
}
