//! What a claim prints besides its fields: parts that should add up, the same figure elsewhere, and claims
//! that are not about a proportion or have no digits.

use super::figure::whole_number;
use super::reason::Reason;
use super::verdict::{AsPrinted, CheckedField, Verdict};
use super::{Claim, Field, FieldVerdict, Figure};
use crate::model::Value;
use crate::printed::{Consistency, Printed};

/// The verdicts on a claim that cannot be checked whatever the data: it is not about a proportion of people,
/// or has no digits. `None` for all others.
pub(super) fn never_checkable(claim: &Claim) -> Option<Vec<FieldVerdict>> {
    let reason = match (&claim.not_a_proportion, &claim.statement) {
        (Some(what), _) => Reason::NotAboutPeople(what.clone()),
        (None, Some(_)) => Reason::InWords,
        (None, None) => return None,
    };
    let statement = claim.statement.iter().map(|words| {
        FieldVerdict::new(CheckedField::Statement, AsPrinted::Words(words.clone()), Verdict::NotCheckable)
    });
    let entries = claim.entries.iter().map(|entry| FieldVerdict::of_entry(entry, Verdict::NotCheckable));
    Some(statement.chain(entries).map(|verdict| verdict.because(reason.clone())).collect())
}

/// The verdicts on parts and on figures printed elsewhere. `recomputed` gives the total, events or k of the
/// studies, where there are any: parts are compared with it where the claim prints no such number.
pub(super) fn verdicts(claim: &Claim, recomputed: impl Fn(Field) -> Option<u64>) -> Vec<FieldVerdict> {
    let known = |field: Field| claim.count(field).or_else(|| recomputed(field));
    let sums = [
        (CheckedField::Parts, &claim.parts, Field::Total),
        (CheckedField::PartEvents, &claim.part_events, Field::Events),
        (CheckedField::PartK, &claim.part_k, Field::K),
    ];
    let elsewhere = claim.elsewhere.iter().map(|again| printed_again(claim, again));
    let sums = sums.into_iter().filter(|(_, parts, _)| !parts.is_empty());
    elsewhere.chain(sums.map(|(key, parts, field)| added_up(key, parts, field, known(field)))).collect()
}

/// The same figure printed twice: some number must give both under one rounding rule.
fn printed_again(claim: &Claim, again: &Printed) -> FieldVerdict {
    let again = again.as_proportion();
    let verdict = |verdict| {
        let printed = AsPrinted::Figure(Figure::One(again.clone()));
        FieldVerdict::new(CheckedField::Elsewhere, printed, verdict)
    };
    let Some(first) = claim.one(Field::Percent).or_else(|| claim.one(Field::Estimate)) else {
        return verdict(Verdict::NotCheckable).because(Reason::NoFigureToCompare);
    };
    let both = (first.clone(), again.clone());
    if !first.is_exact() || !again.is_exact() {
        return verdict(Verdict::NotCheckable).because(Reason::ApproximateFigures(both.0, both.1));
    }
    let consistency = Consistency::first(|rule| first.bounds(rule).overlaps(&again.bounds(rule)));
    match Verdict::from(consistency) {
        Verdict::Fails => verdict(Verdict::Fails).because(Reason::DifferentNumbers(both.0, both.1)),
        Verdict::HoldsTruncated => {
            verdict(Verdict::HoldsTruncated).because(Reason::SameNumberCutOff(both.0, both.1))
        }
        holds => verdict(holds),
    }
}

/// Whether whole numbers add up to the value of a field.
fn added_up(key: CheckedField, parts: &[Printed], field: Field, value: Option<u64>) -> FieldVerdict {
    let verdict = |verdict| FieldVerdict::new(key, AsPrinted::Sum(parts.to_vec()), verdict);
    let sum = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(whole_number(part)?));
    let Some(sum) = sum else {
        return verdict(Verdict::NotCheckable).because(Reason::InexactParts);
    };
    let compared = match value {
        None => verdict(Verdict::NotCheckable).because(Reason::NoSum(field)),
        Some(value) if value == sum => verdict(Verdict::Holds),
        Some(value) => verdict(Verdict::Fails).because(Reason::WrongSum { sum, field, value }),
    };
    compared.with_value(Value::Number(sum as f64))
}
