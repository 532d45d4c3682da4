//! A printed figure compared with computed values.

use super::field_values::Candidates;
use super::reason::{ComparedValue, Missing, Reason};
use super::verdict::Verdict;
use super::{Entry, Field, FieldVerdict, Figure};
use crate::model::Value;
use crate::printed::{Pair, Printed, Rule};

/// The verdict on an entry whose value is one of `candidates`: the best over them. The first candidate is
/// reported where none gives the printed digits.
pub(in crate::published) fn compare(entry: &Entry, candidates: &Candidates) -> FieldVerdict {
    let Some(first) = candidates.iter().next() else {
        return FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(Missing::Value);
    };
    let compared = |value| ComparedValue::new(entry.field, &entry.printed, value);
    if !entry.printed.is_exact() {
        let reason = Reason::Approximate { printed: entry.printed.clone(), value: compared(first.value) };
        return FieldVerdict::of_entry(entry, Verdict::NotCheckable).with_value(first.value).because(reason);
    }
    let verdicts = candidates.iter().map(|one| (verdict(entry.field, &entry.printed, one.value), one));
    let agreeing = verdicts.filter(|(verdict, _)| verdict.holds()).min_by_key(|(verdict, _)| verdict.order());
    match agreeing {
        Some((verdict, candidate)) => {
            let how = match verdict {
                Verdict::HoldsTruncated => Some(Reason::CutOff(compared(candidate.value))),
                Verdict::HoldsRoundedTwice => Some(Reason::RoundedTwice(compared(candidate.value))),
                _ => None,
            };
            let unclipped = candidate.unclipped.then_some(Reason::Unclipped);
            let verdict = FieldVerdict::of_entry(entry, verdict).with_value(candidate.value);
            how.into_iter().chain(unclipped).fold(verdict, FieldVerdict::because)
        }
        None => {
            let rounds_up = rounds_up(entry.field, &entry.printed, first.value);
            FieldVerdict::of_entry(entry, Verdict::Fails)
                .with_value(first.value)
                .because(Reason::Recomputed { value: compared(first.value), rounds_up })
        }
    }
}

/// Whether a value of a field gives the printed digits: `Holds` by rounding, `HoldsTruncated` where digits
/// are cut off, `HoldsRoundedTwice` where it was rounded twice, for an interval by the joint verdict on its limits;
/// `NotCheckable` where the value is of another kind.
pub(in crate::published) fn verdict(field: Field, printed: &Figure, value: Value) -> Verdict {
    let of_number =
        |printed: &Printed, value: f64| -> Verdict { printed.consistency(value / field.divisor()).into() };
    match (printed, value) {
        (Figure::One(printed), Value::Number(value)) => of_number(printed, value),
        (Figure::Two(Pair { lower, upper }), Value::Limits([low, high])) => {
            Verdict::joint([of_number(lower, low), of_number(upper, high)])
        }
        _ => Verdict::NotCheckable,
    }
}

/// Whether rounding away from zero gives the printed digits.
fn rounds_up(field: Field, printed: &Figure, value: Value) -> bool {
    let gives = |printed: &Printed, value: f64| {
        printed.bounds(Rule::Ceiling).contains_computed(value / field.divisor())
    };
    match (printed, value) {
        (Figure::One(printed), Value::Number(value)) => gives(printed, value),
        (Figure::Two(pair), Value::Limits([low, high])) => {
            gives(&pair.lower, low) && gives(&pair.upper, high)
        }
        _ => false,
    }
}
