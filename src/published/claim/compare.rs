//! A printed figure against computed values.

use super::verdict::Verdict;
use super::{Entry, FieldVerdict, Figure};
use crate::format::fixed;
use crate::model::Value;
use crate::printed::{Consistency, Pair, Printed, Rule, Unit};

/// A value that may stand for a printed figure, and what it is where it is not the usual one.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Candidate {
    pub value: Value,
    /// Said when this one, and not the first, gives the printed digits.
    pub remark: Option<&'static str>,
}

impl Candidate {
    /// A value; a whole number is compared as a number.
    pub fn new(value: Value) -> Self {
        let value = value.number().map_or(value, Value::Number);
        Self { value, remark: None }
    }

    pub const fn remarked(self, remark: &'static str) -> Self {
        Self { remark: Some(remark), ..self }
    }
}

/// The verdict on an entry whose value is one of these, the first being the one that is reported.
/// `percent` says that the values are percentages (I²), which the printed digits are not.
pub(in crate::published) fn judge(entry: &Entry, candidates: &[Candidate], percent: bool) -> FieldVerdict {
    let base = |verdict| FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, verdict);
    let Some(first) = candidates.first() else {
        return base(Verdict::NotCheckable).because("it does not exist for these studies");
    };
    if !is_exact(&entry.printed) {
        let reason = format!(
            "'{}' says about how much; the value is {}",
            entry.printed,
            show(&entry.printed, first.value, percent)
        );
        return base(Verdict::NotCheckable).giving(first.value).because(reason);
    }
    let verdicts =
        candidates.iter().map(|candidate| (verdict(&entry.printed, candidate.value, percent), candidate));
    let best = |wanted: Verdict| verdicts.clone().find(|(verdict, _)| *verdict == wanted);
    let Some((verdict, candidate)) = best(Verdict::Holds).or_else(|| best(Verdict::HoldsTruncated)) else {
        let reason = format!(
            "recomputed {}{}",
            show(&entry.printed, first.value, percent),
            up(&entry.printed, first.value, percent)
        );
        return base(Verdict::Fails).giving(first.value).because(reason);
    };
    let held = base(verdict).giving(candidate.value);
    let cut = (verdict == Verdict::HoldsTruncated).then(|| {
        format!("{} gives it where digits are cut off", show(&entry.printed, candidate.value, percent))
    });
    match (cut, candidate.remark) {
        (None, None) => held,
        (Some(cut), None) => held.because(cut),
        (None, Some(remark)) => held.because(remark),
        (Some(cut), Some(remark)) => held.because(format!("{cut}; {remark}")),
    }
}

fn is_exact(printed: &Figure) -> bool {
    match printed {
        Figure::One(printed) => printed.is_exact(),
        Figure::Two(pair) => pair.is_exact(),
    }
}

/// Rounded, half up or half to even, is to hold; for two limits each by itself.
pub(in crate::published) fn verdict(printed: &Figure, value: Value, percent: bool) -> Verdict {
    let scale = if percent { 100.0 } else { 1.0 };
    let of = |printed: &Printed, value: f64| match printed.consistency(value / scale) {
        Consistency::HalfUp | Consistency::HalfEven => Verdict::Holds,
        Consistency::Truncation => Verdict::HoldsTruncated,
        Consistency::No => Verdict::Fails,
    };
    match (printed, value) {
        (Figure::One(printed), Value::Number(value)) => of(printed, value),
        (Figure::Two(Pair { lower, upper }), Value::Limits([low, high])) => {
            Verdict::joint([of(lower, low), of(upper, high)])
        }
        _ => Verdict::NotCheckable,
    }
}

/// Where rounding away from zero would have given a figure that does not hold.
fn up(printed: &Figure, value: Value, percent: bool) -> &'static str {
    let scale = if percent { 100.0 } else { 1.0 };
    let above =
        |printed: &Printed, value: f64| printed.bounds(Rule::Ceiling).contains_computed(value / scale);
    let is = match (printed, value) {
        (Figure::One(printed), Value::Number(value)) => above(printed, value),
        (Figure::Two(pair), Value::Limits([low, high])) => {
            above(&pair.lower, low) && above(&pair.upper, high)
        }
        _ => false,
    };
    if is { ", which rounded up would be printed so" } else { "" }
}

/// A value in the dress of the printed figure, with two digits more.
pub(super) fn show(printed: &Figure, value: Value, percent: bool) -> String {
    let scale = if percent { 100.0 } else { 1.0 };
    let of = |printed: &Printed, value: f64| like(printed, value / scale);
    match (printed, value) {
        (Figure::One(printed), Value::Number(value)) => of(printed, value),
        (Figure::Two(pair), Value::Limits([low, high])) => {
            format!("{} to {}", of(&pair.lower, low), of(&pair.upper, high))
        }
        (_, Value::Number(value)) => fixed(value, 4),
        (_, Value::Count(value)) => value.to_string(),
        (_, Value::Limits([low, high])) => format!("{} to {}", fixed(low, 4), fixed(high, 4)),
    }
}

fn like(printed: &Printed, value: f64) -> String {
    let decimals = printed.decimals() as usize;
    // A count has no digits behind the point to show.
    let digits = if value.fract() == 0.0 { decimals } else { decimals + 2 };
    match printed.unit() {
        Unit::None => fixed(value, digits),
        Unit::Percent => format!("{}%", fixed(100.0 * value, digits)),
        Unit::Per(n) => format!("{} per {n}", fixed(value * n as f64, digits)),
    }
}
