//! Q, its degrees of freedom, I² and p, held against each other: each follows from the first two.

use super::verdict::Verdict;
use super::{Claim, Entry, Field, FieldVerdict, Figure};
use crate::model::Value;
use crate::numeric::chi_squared;
use crate::printed::{Consistency, Printed, Rule};

/// The verdict on df, I² (by Q), H² (by Q) or p from the other figures; `None` where they are missing.
pub(super) fn verdict(claim: &Claim, entry: &Entry) -> Option<FieldVerdict> {
    let Figure::One(printed) = &entry.printed else { return None };
    let studies = claim.count(Field::K).filter(|&k| k > 0).map(|k| k - 1);
    let base = |verdict| FieldVerdict::new(entry.field, None, &entry.printed, verdict);
    if entry.field == Field::Df {
        let (df, expected) = (claim.count(Field::Df)?, studies?);
        let fails = || {
            base(Verdict::Fails)
                .because(format!("{} studies leave {expected} degrees of freedom", expected + 1))
        };
        return Some(
            if df == expected { base(Verdict::Holds) } else { fails() }
                .giving(Value::Number(expected as f64)),
        );
    }
    let (q, df) = (claim.one(Field::Q)?, claim.count(Field::Df).or(studies)?);
    if !q.is_exact() || !printed.is_exact() || df == 0 {
        return None;
    }
    let follows = follows(entry.field)?;
    let consistency = Consistency::first(|rule| {
        let ([low, high], [least, most]) = (range(q, rule, df, follows), printed.bounds(rule).as_reals());
        low <= most && least <= high
    });
    let [low, high] = range(q, Rule::HalfUp, df, follows);
    // The document has I² in percent.
    let unit = if entry.field == Field::I2 { 100.0 } else { 1.0 };
    let reason = format!("Q = {q} with {df} degrees of freedom gives {}", shown(printed, [low, high]));
    let verdict = match consistency {
        Consistency::No => Verdict::Fails,
        Consistency::Truncation => Verdict::HoldsTruncated,
        Consistency::HalfUp | Consistency::HalfEven => Verdict::Holds,
    };
    Some(base(verdict).giving(Value::Limits([unit * low, unit * high])).because(reason))
}

/// What a field is of Q and its degrees of freedom.
fn follows(field: Field) -> Option<fn(f64, f64) -> f64> {
    match field {
        Field::I2 => Some(|q, df| if q > df { (q - df) / q } else { 0.0 }),
        Field::H2 => Some(|q, df| q / df),
        Field::P => Some(chi_squared::sf),
        _ => None,
    }
}

/// The values over every Q that is printed so; each rises or falls throughout.
fn range(q: &Printed, rule: Rule, df: u64, follows: fn(f64, f64) -> f64) -> [f64; 2] {
    let ends = q.bounds(rule).as_reals().map(|q| follows(q.max(0.0), df as f64));
    [ends[0].min(ends[1]), ends[0].max(ends[1])]
}

fn shown(printed: &Printed, limits: [f64; 2]) -> String {
    let [low, high] =
        limits.map(|value| super::compare::show(&Figure::One(printed.clone()), Value::Number(value), false));
    format!("{low} to {high}")
}
