//! Q, its degrees of freedom, I², H² and p of a claim, compared with each other.
//!
//! With Q and df known, df = k − 1, I² = max(0, (Q − df)/Q), H² = Q/df and p = P(χ²(df) ≥ Q) (Higgins &
//! Thompson 2002, doi:10.1002/sim.1186). Each is monotone in Q, so that the ends of the printed Q give the
//! ends of its range.

use super::reason::{ComparedValue, Reason};
use super::verdict::Verdict;
use super::{Claim, Entry, Field, FieldVerdict};
use crate::model::Value;
use crate::numeric::chi_squared;
use crate::printed::{Consistency, Printed, Rule};

/// The verdict on df, I², H² or p by the other figures of the claim; `None` where those are missing.
pub(super) fn verdict(claim: &Claim, entry: &Entry) -> Option<FieldVerdict> {
    let printed = entry.printed.one()?;
    let k = claim.count(Field::K).filter(|&k| k > 0);
    if entry.field == Field::Df {
        return Some(degrees_of_freedom(claim.count(Field::Df)?, k?, entry));
    }
    let (q, df) = (claim.one(Field::Q)?, claim.count(Field::Df).or(k.map(|k| k - 1))?);
    if !q.is_exact() || !printed.is_exact() || df == 0 {
        return None;
    }
    Some(by_q(q, df, statistic(entry.field)?, printed, entry))
}

fn degrees_of_freedom(df: u64, k: u64, entry: &Entry) -> FieldVerdict {
    let expected = k - 1;
    let verdict = if df == expected {
        FieldVerdict::of_entry(entry, Verdict::Holds)
    } else {
        FieldVerdict::of_entry(entry, Verdict::Fails).because(Reason::DegreesOfFreedom { k })
    };
    verdict.with_value(Value::Number(expected as f64))
}

/// A statistic as a function of Q and df.
type OfQ = fn(q: f64, df: f64) -> f64;

fn statistic(field: Field) -> Option<OfQ> {
    match field {
        Field::I2 => Some(|q, df| if q > df { (q - df) / q } else { 0.0 }),
        Field::H2 => Some(|q, df| q / df),
        Field::P => Some(chi_squared::sf),
        _ => None,
    }
}

fn by_q(q: &Printed, df: u64, statistic: OfQ, printed: &Printed, entry: &Entry) -> FieldVerdict {
    let consistency = Consistency::first(|rule| {
        let [low, high] = range(q, rule, df, statistic);
        let [least, most] = printed.bounds(rule).as_reals();
        low <= most && least <= high
    });
    let limits = range(q, Rule::HalfUp, df, statistic);
    let range = Box::new(limits.map(|value| ComparedValue::in_unit_of(printed, value)));
    // Documents have I² in percent.
    let unit = entry.field.divisor();
    FieldVerdict::of_entry(entry, consistency.into())
        .with_value(Value::Limits(limits.map(|value| unit * value)))
        .because(Reason::FromQ { q: q.clone(), df, range })
}

/// The values of a statistic over every Q that is printed like this.
fn range(q: &Printed, rule: Rule, df: u64, statistic: OfQ) -> [f64; 2] {
    let ends = q.bounds(rule).as_reals().map(|q| statistic(q.max(0.0), df as f64));
    [ends[0].min(ends[1]), ends[0].max(ends[1])]
}
