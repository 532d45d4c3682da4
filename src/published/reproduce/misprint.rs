//! A printed figure with one slip of whoever wrote or set it undone.

use serde::{Serialize, Serializer};

use crate::format::fixed;
use crate::model::Value;
use crate::options::Level;
use crate::printed::{Printed, Unit};
use crate::published::claim::compare::verdict;
use crate::published::claim::field_values::{FieldValues, candidates};
use crate::published::claim::{Claim, Entry, Field, Figure, Verdict};

/// What kind of slip it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MisprintKind {
    /// One digit is another.
    Digit,
    /// Two neighbouring digits are transposed.
    Transposed,
    /// Two figures of the result are exchanged.
    Exchanged,
    /// The interval has another level than the one that was given.
    Level,
    /// A fraction with a percent sign, or a percentage without one.
    Unit,
}

/// A figure that was printed wrongly, and what should stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Misprint {
    /// Which figure.
    #[serde(serialize_with = "key")]
    pub field: Field,
    /// As it was printed.
    pub printed: String,
    /// What the specification gives, with as many digits.
    pub corrected: String,
    /// What happened.
    pub kind: MisprintKind,
}

fn key<S: Serializer>(field: &Field, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(field.key())
}

/// So many other figures have to hold before a wrong digit is believed: with fewer, some specification gives any figure
/// but for a digit.
const LEAST_OTHERS: usize = 2;

/// The misprints that explain why these figures do not hold, where every other one does: one figure with a digit or two
/// wrong, two of estimate and limits exchanged, all proportions with the wrong unit, or, where every figure holds, an
/// interval of another level than the given one. Empty where none does.
pub(super) fn misprints(
    printed: &Claim,
    verdicts: &[Verdict],
    result: &dyn FieldValues,
    level: Option<Level>,
) -> Vec<Misprint> {
    if let Some(level) = level.filter(|level| *level != result.spec().level) {
        let all_hold = verdicts.iter().all(|verdict| verdict.holds());
        return if all_hold { vec![other_level(level, result.spec().level)] } else { Vec::new() };
    }
    let wrong: Vec<&Entry> = printed
        .entries
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| !verdict.holds())
        .map(|(entry, _)| entry)
        .collect();
    let value = |entry: &Entry| -> Option<f64> {
        let candidates = candidates(entry.field, entry.study.as_deref(), result).ok()?;
        let Some(Value::Number(value)) = candidates.iter().next().map(|candidate| candidate.value) else {
            return None;
        };
        Some(value / entry.field.divisor()).filter(|value| value.is_finite())
    };
    let pooled = wrong.iter().all(|entry| entry.study.is_none());
    if !pooled || wrong.is_empty() {
        return Vec::new();
    }
    let hold = verdicts.len() - wrong.len();
    let found = match wrong[..] {
        [_] if hold < LEAST_OTHERS => None,
        [entry] => value(entry).and_then(|value| of_one(entry, value)).map(|misprint| vec![misprint]),
        [first, second] => {
            value(first).zip(value(second)).and_then(|(one, other)| exchanged(first, second, [one, other]))
        }
        _ => None,
    };
    found.unwrap_or_else(|| other_unit(&wrong, value))
}

fn other_level(given: Level, level: Level) -> Misprint {
    let percent = |level: Level| format!("{}%", level.percent());
    Misprint {
        field: Field::Ci,
        printed: percent(given),
        corrected: percent(level),
        kind: MisprintKind::Level,
    }
}

/// How many limits of the pooled proportion are printed.
pub(super) fn limits(printed: &Claim) -> usize {
    let is_limit =
        |entry: &&Entry| matches!(entry.field, Field::Lower | Field::Upper) && entry.study.is_none();
    printed.entries.iter().filter(is_limit).count()
}

/// One digit that is another, or two that are transposed.
fn of_one(entry: &Entry, value: f64) -> Option<Misprint> {
    let printed = plain(&entry.printed)?;
    let corrected = written_like(printed, value)?;
    let kind = difference(&digits(&printed.to_string()), &digits(&corrected))?;
    Some(Misprint { field: entry.field, printed: printed.to_string(), corrected, kind })
}

/// Each of two figures stands where the other belongs.
fn exchanged(first: &Entry, second: &Entry, [one, other]: [f64; 2]) -> Option<Vec<Misprint>> {
    const OF_RESULT: [Field; 3] = [Field::Estimate, Field::Lower, Field::Upper];
    let are_of_result = OF_RESULT.contains(&first.field) && OF_RESULT.contains(&second.field);
    let gives =
        |entry: &Entry, value: f64| verdict(entry.field, &entry.printed, Value::Number(value)).holds();
    if !are_of_result || !gives(first, other) || !gives(second, one) {
        return None;
    }
    let misprint = |entry: &Entry, correct: &Entry| Misprint {
        field: entry.field,
        printed: entry.printed.to_string(),
        corrected: correct.printed.to_string(),
        kind: MisprintKind::Exchanged,
    };
    Some(vec![misprint(first, second), misprint(second, first)])
}

/// Every proportion is a hundred times, or a hundredth of, what was printed.
fn other_unit(wrong: &[&Entry], value: impl Fn(&Entry) -> Option<f64>) -> Vec<Misprint> {
    let one = |entry: &&Entry| -> Option<Misprint> {
        let printed = plain(&entry.printed).filter(|_| entry.field.is_proportion())?;
        let value = value(entry)?;
        let factor = match printed.unit() {
            Unit::Percent => 100.0,
            Unit::None => 0.01,
            Unit::Per(_) => return None,
        };
        // 0.54% stands for the fraction 0.54, 0.54 for 0.54%.
        let holds = verdict(entry.field, &entry.printed, Value::Number(value / factor)).holds();
        let text = printed.to_string();
        let bare = text.trim_end_matches(['%', ' ']).to_string();
        let corrected = if printed.unit() == Unit::Percent { bare } else { format!("{bare}%") };
        holds.then_some(Misprint { field: entry.field, printed: text, corrected, kind: MisprintKind::Unit })
    };
    wrong.iter().map(one).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The number, where it is one without a relation.
fn plain(figure: &Figure) -> Option<&Printed> {
    figure.one().filter(|printed| printed.relation() == crate::printed::Relation::Equal)
}

/// The value with the unit and the decimals of a printed number.
fn written_like(printed: &Printed, value: f64) -> Option<String> {
    let decimals = printed.decimals() as usize;
    Some(match printed.unit() {
        Unit::None => fixed(value, decimals),
        Unit::Percent => format!("{}%", fixed(100.0 * value, decimals)),
        Unit::Per(_) => return None,
    })
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).collect()
}

/// How two numbers of as many digits differ, where that is one digit or two neighbours.
fn difference(printed: &[u8], corrected: &[u8]) -> Option<MisprintKind> {
    if printed.len() != corrected.len() {
        return None;
    }
    let places: Vec<usize> = (0..printed.len()).filter(|&at| printed[at] != corrected[at]).collect();
    match places[..] {
        [_] => Some(MisprintKind::Digit),
        [at, next] if next == at + 1 && printed[at] == corrected[next] && printed[next] == corrected[at] => {
            Some(MisprintKind::Transposed)
        }
        _ => None,
    }
}

/// How many digits of pooled figures are printed, in which a misprint can be.
pub(super) fn digits_printed(printed: &Claim) -> usize {
    printed.entries.iter().map(|entry| digits(&entry.printed.to_string()).len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_or_two_neighbours() {
        let kind = |a: &str, b: &str| difference(&digits(a), &digits(b));
        assert_eq!(kind("54.0%", "55.0%"), Some(MisprintKind::Digit));
        assert_eq!(kind("46.3%", "43.6%"), Some(MisprintKind::Transposed));
        assert_eq!(kind("46.3%", "64.3%"), Some(MisprintKind::Transposed));
        assert_eq!(kind("46.3%", "36.4%"), None);
        assert_eq!(kind("9.8%", "10.8%"), None);
        assert_eq!(kind("46.3%", "46.3%"), None);
    }
}
