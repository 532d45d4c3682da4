//! The verdict on a count and the percentage that is printed with it.

use super::scanned::ScannedCount;
use crate::data::Place;
use crate::printed::grim::{counts, of_counts};
use crate::printed::{Consistency, Printed, Relation, Rule};
use crate::published::sentence::FoundCount;

/// The verdict; `None` where the percentage has too many digits to be read.
pub(super) fn judge(found: &FoundCount, place: Place, text: String) -> Option<ScannedCount> {
    let percent = Printed::parse(&found.percent).ok()?;
    let rounding = if found.events > found.total {
        Consistency::No
    } else {
        of_counts(&percent, found.events, found.total)
    };
    Some(ScannedCount {
        place,
        text,
        events: found.events,
        total: found.total,
        possible: rounding != Consistency::No,
        rounding,
        reason: reason(found, &percent, rounding),
        percent: found.percent.clone(),
    })
}

/// `12 of 50 is 24.0%; 26% of 50 is 13`.
fn reason(found: &FoundCount, percent: &Printed, rounding: Consistency) -> String {
    let (events, total) = (found.events, found.total);
    if events > total {
        return format!("{events} events are more than the total {total}");
    }
    let is = format!("{events} of {total} is {}", exact(events, total, percent.decimals() + 1));
    match rounding.rule() {
        Some(Rule::Truncation) => format!("{is}: the digits are cut off, not rounded"),
        Some(_) => is,
        None => format!("{is}; {}", would_be(total, percent)),
    }
}

/// Which counts of as many people would give the percentage.
fn would_be(total: u64, percent: &Printed) -> String {
    if percent.relation() != Relation::Equal {
        return format!("that is not {percent}");
    }
    match counts(percent, total, Rule::HalfUp) {
        Some(range) if range.start() == range.end() => {
            format!("{percent} of {total} would be {}", range.start())
        }
        Some(range) => format!("{percent} of {total} would be {} to {}", range.start(), range.end()),
        None => format!("no count of {total} gives {percent}"),
    }
}

/// The percentage with so many decimals, cut off where more digits follow.
fn exact(events: u64, total: u64, decimals: u32) -> String {
    let power = 10_u128.pow(decimals.min(15));
    let scaled = u128::from(events) * 100 * power;
    let (digits, more) =
        (scaled / u128::from(total), if scaled.is_multiple_of(total.into()) { "" } else { "…" });
    let width = decimals.min(15) as usize;
    format!("{}.{:0width$}{more}%", digits / power, digits % power)
}
