//! Parts that should add up, figures printed twice, and claims that are no proportion at all.

use super::entry::whole;
use super::verdict::Verdict;
use super::{Claim, Field, FieldVerdict};
use crate::model::Value;
use crate::printed::{Consistency, Printed};

/// The verdicts on a claim that cannot be checked whatever the data: it is no proportion of people, or
/// it was made in words.
pub(super) fn excused(claim: &Claim) -> Option<Vec<FieldVerdict>> {
    let reason = match (&claim.not_a_proportion, &claim.statement) {
        (Some(what), _) => format!("it is {what}, not a proportion of people, and must not be pooled as one"),
        (None, Some(_)) => "it is said in words, without digits".to_string(),
        (None, None) => return None,
    };
    let statement =
        claim.statement.iter().map(|words| other("statement", words.clone(), Verdict::NotCheckable));
    let entries = claim.entries.iter().map(|entry| {
        FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, Verdict::NotCheckable)
    });
    Some(statement.chain(entries).map(|verdict| verdict.because(reason.clone())).collect())
}

/// The verdicts on what was printed beside the fields. `recomputed` is the sum in the studies, where there
/// are any: parts are held against it where no sum is printed.
pub(super) fn all(claim: &Claim, recomputed: impl Fn(Field) -> Option<u64>) -> Vec<FieldVerdict> {
    let sum = |field: Field| claim.count(field).or_else(|| recomputed(field));
    let mut verdicts = Vec::new();
    verdicts.extend(claim.elsewhere.iter().map(|again| elsewhere(claim, again)));
    verdicts.extend(adds_up("parts", &claim.parts, Field::Total, &sum));
    verdicts.extend(adds_up("part-events", &claim.part_events, Field::Events, &sum));
    verdicts.extend(adds_up("part-k", &claim.part_k, Field::K, &sum));
    verdicts
}

fn other(field: &'static str, printed: String, verdict: Verdict) -> FieldVerdict {
    FieldVerdict { field, study: None, printed, recomputed: None, verdict, reason: None }
}

/// The same figure twice: some number must be printed both ways by one rule.
fn elsewhere(claim: &Claim, again: &Printed) -> FieldVerdict {
    let again = again.as_proportion();
    let verdict = |verdict| other("elsewhere", again.to_string(), verdict);
    let Some(first) = claim.one(Field::Percent).or_else(|| claim.one(Field::Estimate)) else {
        return verdict(Verdict::NotCheckable)
            .because("there is no percent and no estimate to compare it with");
    };
    if !first.is_exact() || !again.is_exact() {
        return verdict(Verdict::NotCheckable).because(format!("'{first}' and '{again}' say about how much"));
    }
    match Consistency::first(|rule| first.bounds(rule).overlaps(&again.bounds(rule))) {
        Consistency::No => {
            verdict(Verdict::Fails).because(format!("no number is printed both {first} and {again}"))
        }
        Consistency::Truncation => verdict(Verdict::HoldsTruncated)
            .because(format!("{first} and {again} agree where digits are cut off")),
        Consistency::HalfUp | Consistency::HalfEven => verdict(Verdict::Holds),
    }
}

/// Whether whole numbers add up to the one that was printed for their sum.
fn adds_up(
    field: &'static str,
    parts: &[Printed],
    sum: Field,
    known: &dyn Fn(Field) -> Option<u64>,
) -> Option<FieldVerdict> {
    let first = parts.first()?;
    let printed = parts.iter().skip(1).fold(first.to_string(), |text, part| format!("{text} + {part}"));
    let verdict = |verdict| other(field, printed.clone(), verdict);
    let Some(added) = parts.iter().try_fold(0_u64, |added, part| added.checked_add(whole(part)?)) else {
        return Some(verdict(Verdict::NotCheckable).because("the parts are not exact whole numbers"));
    };
    let verdict = |is| verdict(is).giving(Value::Number(added as f64));
    Some(match known(sum) {
        None => verdict(Verdict::NotCheckable)
            .because(format!("there is no {} to compare the sum with", sum.key())),
        Some(all) if all == added => verdict(Verdict::Holds),
        Some(all) => {
            verdict(Verdict::Fails).because(format!("they add up to {added}, and {} is {all}", sum.key()))
        }
    })
}
