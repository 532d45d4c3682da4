//! A claim without per-study data: its figures against each other.

use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, Figure, chance, domain, sums};
use crate::data::Counts;
use crate::model::Value;
use crate::options::Choice;
use crate::options::Level;
use crate::printed::grim::{self, Grim};
use crate::printed::{Consistency, Printed, Relation};
use crate::published::consistency::{self, Grade, Kind, PrintedSummary, SummaryCheck};

/// Holds the figures of a claim against each other, for want of per-study data.
///
/// A percentage is held against its n, an estimate against its interval, k and total, I² and p
/// against Q; what stands alone is not checkable, and the reason says what is missing.
///
/// ```
/// use metaprop::published::claim::{check_alone, Claim, Verdict};
/// use metaprop::options::Level;
///
/// let mut claim = Claim::new("salt50", "a guide of 2025");
/// claim.set("percent", &["58.4%"])?;
/// claim.set("total", &["90"])?;
/// let checked = check_alone(&claim, Level::DEFAULT);
/// assert_eq!(checked.verdict, Verdict::Fails);
/// assert!(checked.field("percent").unwrap().reason.as_ref().unwrap().contains("impossible"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn check_alone(claim: &Claim, level: Level) -> ClaimVerdict {
    if let Some(excused) = sums::excused(claim) {
        return ClaimVerdict::new(claim, excused, None);
    }
    let alone = summary(claim, level).map(|summary| consistency::alone(&summary));
    let mut fields: Vec<FieldVerdict> =
        claim.entries.iter().map(|entry| field(claim, entry, alone.as_ref())).collect();
    fields.extend(sums::all(claim, |_| None));
    ClaimVerdict::new(claim, fields, alone)
}

fn summary(claim: &Claim, level: Level) -> Option<PrintedSummary> {
    Some(PrintedSummary {
        estimate: claim.one(Field::Estimate)?.clone(),
        ci: claim.two(Field::Ci)?.clone(),
        k: claim.count(Field::K),
        total: claim.count(Field::Total),
        level,
    })
}

fn field(claim: &Claim, entry: &Entry, alone: Option<&SummaryCheck>) -> FieldVerdict {
    let base = |verdict| FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, verdict);
    if let Some(finding) = alone.and_then(|alone| {
        alone.findings.iter().find(|f| {
            f.grade == Grade::Contradiction && blamed(f.kind) == entry.field && entry.study.is_none()
        })
    }) {
        return base(Verdict::Fails).because(finding.message.clone());
    }
    if let Some(why) = domain::impossible(claim, entry) {
        return base(Verdict::Fails).because(why);
    }
    match (entry.field, &entry.printed) {
        (Field::Percent, Figure::One(printed)) => percent(claim, entry, printed),
        (Field::Total, _) if alone.is_some() && entry.study.is_none() => {
            base(Verdict::NotCheckable).because("taken as it is printed; the interval is held against it")
        }
        (Field::Events | Field::Total, _) => count(claim, entry),
        (Field::Estimate, _) => base(Verdict::NotCheckable).because(estimate(alone)),
        (Field::Ci, _) if entry.study.is_none() => base(Verdict::NotCheckable).because(interval(alone)),
        (Field::K, _) => base(Verdict::NotCheckable)
            .because("taken as it is printed: there are no per-study data to count"),
        _ => chance::verdict(claim, entry).filter(|_| entry.study.is_none()).unwrap_or_else(|| {
            base(Verdict::NotCheckable).because("there are no per-study data to recompute it from")
        }),
    }
}

/// The field that a finding speaks about.
const fn blamed(kind: Kind) -> Field {
    match kind {
        Kind::EstimateOutside | Kind::OutsideRange => Field::Estimate,
        Kind::SwappedLimits | Kind::TooNarrow | Kind::SymmetricNowhere => Field::Ci,
        Kind::ImpossibleSize => Field::K,
    }
}

fn estimate(alone: Option<&SummaryCheck>) -> String {
    let head = "there are no per-study data to recompute it from";
    match alone {
        None => format!("{head}, and no interval to hold it against"),
        Some(_) => format!("{head}; it lies inside its interval"),
    }
}

/// What the interval says alone, in a sentence.
fn interval(alone: Option<&SummaryCheck>) -> String {
    let head = "there are no per-study data to recompute it from";
    let Some(alone) = alone else { return format!("{head}, and no estimate to hold it against") };
    let symmetric: Vec<_> = alone.symmetric().collect();
    let scales = symmetric.iter().map(|reading| reading.measure.key()).collect::<Vec<_>>().join(" or ");
    let remarks: String = alone.findings.iter().map(|finding| format!("; {}", finding.message)).collect();
    match symmetric.first() {
        None => format!("{head}{remarks}"),
        Some(first) => format!(
            "{head}; it is symmetric on {scales}{remarks}; on {}, with the normal quantile: {}",
            first.measure.key(),
            first.normal.sentence()
        ),
    }
}

/// The number printed for a field of the same study, or of the whole.
fn beside(claim: &Claim, entry: &Entry, field: Field) -> Option<u64> {
    let found = claim.entries.iter().find(|other| other.field == field && other.study == entry.study)?;
    match &found.printed {
        Figure::One(printed) => super::entry::whole(printed),
        Figure::Two(_) => None,
    }
}

fn count(claim: &Claim, entry: &Entry) -> FieldVerdict {
    let base = |verdict| FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, verdict);
    let has_percent =
        claim.entries.iter().any(|other| other.field == Field::Percent && other.study == entry.study);
    match (entry.field, beside(claim, entry, Field::Events), beside(claim, entry, Field::Total)) {
        (Field::Events, Some(events), Some(total)) if events > total => {
            base(Verdict::Fails).because(format!("{events} events are more than the total {total}"))
        }
        (Field::Events, _, None) => {
            base(Verdict::NotCheckable).because("no n is printed: out of how many is not known")
        }
        _ if has_percent => {
            base(Verdict::NotCheckable).because("taken as it is printed; the percentage is held against it")
        }
        _ => {
            base(Verdict::NotCheckable).because("taken as it is printed: there is nothing to hold it against")
        }
    }
}

/// A percentage against the n, or the count, printed with it.
fn percent(claim: &Claim, entry: &Entry, printed: &Printed) -> FieldVerdict {
    let base = |verdict| FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, verdict);
    if printed.relation() != Relation::Equal {
        let also = if beside(claim, entry, Field::Total).is_none() { ", and no n is printed" } else { "" };
        return base(Verdict::NotCheckable)
            .because(format!("'{printed}' gives no digits that a count could be held against{also}"));
    }
    let Some(total) = beside(claim, entry, Field::Total) else {
        return base(Verdict::NotCheckable).because("no n is printed, so no count can be held against it");
    };
    let judged = match beside(claim, entry, Field::Events).and_then(|events| Counts::new(events, total)) {
        Some(counts) => of_counts(base(Verdict::NotCheckable), printed, counts),
        None => match grim::grim(printed, total) {
            Ok(grim) => of_total(base(Verdict::NotCheckable), &grim),
            Err(why) => base(Verdict::NotCheckable).because(why.to_string()),
        },
    };
    with_other_n(judged, claim, printed)
}

fn of_counts(base: FieldVerdict, printed: &Printed, counts: Counts) -> FieldVerdict {
    let consistency = grim::of_counts(printed, counts.events(), counts.total());
    let says = format!(
        "{} of {} is {}%",
        counts.events(),
        counts.total(),
        crate::format::fixed(100.0 * counts.proportion(), 2)
    );
    FieldVerdict { verdict: from(consistency), ..base }
        .giving(Value::Number(counts.proportion()))
        .because(says)
}

pub(super) fn of_total(base: FieldVerdict, grim: &Grim) -> FieldVerdict {
    let verdict =
        if grim.possible && grim.says_nothing { Verdict::NotCheckable } else { from(grim.rounding) };
    let judged = FieldVerdict { verdict, ..base }.because(grim.sentence());
    match grim.events[..] {
        [events] => judged.giving(Value::Number(events as f64 / grim.n as f64)),
        _ => judged,
    }
}

/// What other n printed beside it would say; told, never judged.
fn with_other_n(judged: FieldVerdict, claim: &Claim, printed: &Printed) -> FieldVerdict {
    let told =
        claim.other_n.iter().filter_map(super::entry::whole).filter_map(|n| grim::grim(printed, n).ok());
    let told: String = told.map(|grim| format!("; with the other n, {}", grim.sentence())).collect();
    let reason = judged.reason.clone().unwrap_or_default();
    if told.is_empty() { judged } else { judged.because(format!("{reason}{told}")) }
}

const fn from(consistency: Consistency) -> Verdict {
    match consistency {
        Consistency::HalfUp | Consistency::HalfEven => Verdict::Holds,
        Consistency::Truncation => Verdict::HoldsTruncated,
        Consistency::No => Verdict::Fails,
    }
}
