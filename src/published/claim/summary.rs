//! A claim without per-study data: its figures compared with each other.

use super::figure::{is_outside, whole_number};
use super::percentage::{check_percentage, count_beside};
use super::reason::Reason;
use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, Figure, heterogeneity, other_keys};
use crate::options::Level;
use crate::printed::Printed;
use crate::published::consistency::{Finding, FindingKind, Grade, PrintedSummary, SummaryCheck};

/// Compares the figures of a claim with each other, where there are no per-study data.
///
/// A percentage is compared with its n, an estimate with its interval, k and total, df with k, and I², H² and
/// p with Q. A figure with nothing to compare it with is not checkable, and the reason says what is missing.
/// `level` is that of the printed interval.
///
/// ```
/// use metaprop::published::claim::{check_summary, Claim, Verdict};
/// use metaprop::options::Level;
///
/// let mut claim = Claim::new("salt50", "a guide of 2025");
/// claim.set("percent", &["58.4%"])?;
/// claim.set("total", &["90"])?;
/// let checked = check_summary(&claim, Level::DEFAULT);
/// assert_eq!(checked.verdict, Verdict::Fails);
/// assert!(checked.field("percent").unwrap().reason().unwrap().contains("not a plain count"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn check_summary(claim: &Claim, level: Level) -> ClaimVerdict {
    if let Some(fields) = other_keys::never_checkable(claim) {
        return ClaimVerdict::new(claim, fields, None);
    }
    let summary = printed_summary(claim, level).map(|summary| SummaryCheck::new(&summary));
    let mut fields: Vec<FieldVerdict> =
        claim.entries.iter().map(|entry| check_entry(claim, entry, summary.as_ref())).collect();
    fields.extend(other_keys::verdicts(claim, |_| None));
    ClaimVerdict::new(claim, fields, summary)
}

fn printed_summary(claim: &Claim, level: Level) -> Option<PrintedSummary> {
    Some(PrintedSummary {
        estimate: claim.one(Field::Estimate)?.clone(),
        ci: claim.two(Field::Ci)?,
        k: claim.count(Field::K),
        total: claim.count(Field::Total),
        level,
    })
}

fn check_entry(claim: &Claim, entry: &Entry, summary: Option<&SummaryCheck>) -> FieldVerdict {
    let contradiction = contradiction(entry, summary).map(|finding| Reason::Finding(finding.clone()));
    if let Some(reason) = contradiction.or_else(|| impossible(claim, entry)) {
        return FieldVerdict::of_entry(entry, Verdict::Fails).because(reason);
    }
    let unchecked = |reason| FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(reason);
    match (entry.field, &entry.printed, &entry.study) {
        (Field::Percent, Figure::One(printed), _) => check_percentage(claim, entry, printed),
        (Field::Total, _, None) if summary.is_some() => unchecked(Reason::TotalUsedForInterval),
        (Field::Events | Field::Total, _, _) => check_count(claim, entry),
        (Field::Estimate, _, _) if summary.is_some() => {
            unchecked(Reason::NoStudyData).because(Reason::InsideInterval)
        }
        (Field::Estimate, _, _) => unchecked(Reason::NoStudyDataNorInterval),
        (Field::Lower, _, None) => interval(entry, summary),
        (Field::Upper, _, None) if summary.is_some() => unchecked(Reason::WithLowerLimit),
        (Field::Upper, _, None) => unchecked(Reason::NoStudyDataNorEstimate),
        (Field::K, _, _) => unchecked(Reason::NoStudiesToCount),
        (_, _, None) => {
            heterogeneity::verdict(claim, entry).unwrap_or_else(|| unchecked(Reason::NoStudyData))
        }
        _ => unchecked(Reason::NoStudyData),
    }
}

/// The contradiction in the printed summary that is about this field.
fn contradiction<'s>(entry: &Entry, summary: Option<&'s SummaryCheck>) -> Option<&'s Finding> {
    summary?.findings.iter().find(|finding| {
        finding.grade == Grade::Contradiction
            && entry.study.is_none()
            && fields_of(finding.kind).contains(&entry.field)
    })
}

const fn fields_of(kind: FindingKind) -> &'static [Field] {
    match kind {
        FindingKind::EstimateOutside | FindingKind::OutsideRange => &[Field::Estimate],
        FindingKind::SwappedLimits | FindingKind::TooNarrow | FindingKind::SymmetricNowhere => {
            &[Field::Lower, Field::Upper]
        }
        FindingKind::ImpossibleSize => &[Field::K],
    }
}

/// The interval: the scales it is symmetric on, what was found about it, and what it implies on the first
/// scale.
fn interval(entry: &Entry, summary: Option<&SummaryCheck>) -> FieldVerdict {
    let verdict = FieldVerdict::of_entry(entry, Verdict::NotCheckable);
    let Some(summary) = summary else { return verdict.because(Reason::NoStudyDataNorEstimate) };
    let scales = summary.symmetric().map(|reading| reading.measure).collect::<Vec<_>>();
    let symmetric = (!scales.is_empty()).then_some(Reason::SymmetricOn(scales));
    let findings = summary.findings.iter().cloned().map(Reason::Finding);
    let implied = summary
        .symmetric()
        .next()
        .map(|reading| Reason::Implied(reading.measure, Box::new(reading.normal.clone())));
    [Reason::NoStudyData]
        .into_iter()
        .chain(symmetric)
        .chain(findings)
        .chain(implied)
        .fold(verdict, FieldVerdict::because)
}

/// Events or a total, of a study or of the pooled result.
fn check_count(claim: &Claim, entry: &Entry) -> FieldVerdict {
    let events = count_beside(claim, entry, Field::Events);
    let total = count_beside(claim, entry, Field::Total);
    let has_percentage = claim.entry(Field::Percent, entry.study.as_deref()).is_some();
    let (verdict, reason) = match (entry.field, events, total) {
        (Field::Events, Some(events), Some(total)) if events > total => {
            (Verdict::Fails, Reason::MoreEventsThanTotal { events, total })
        }
        (Field::Events, _, None) => (Verdict::NotCheckable, Reason::EventsWithoutTotal),
        _ if has_percentage => (Verdict::NotCheckable, Reason::CountUsedForPercentage),
        _ => (Verdict::NotCheckable, Reason::NothingForCount),
    };
    FieldVerdict::of_entry(entry, verdict).because(reason)
}

/// Why no data give the figure; `None` where some could.
fn impossible(claim: &Claim, entry: &Entry) -> Option<Reason> {
    let printed = entry.printed.one()?;
    let is_no_fraction = |printed: &Printed| is_outside(printed, [0.0, 1.0]);
    let (is_impossible, reason): (bool, fn(Printed) -> Reason) = match entry.field {
        Field::Estimate | Field::Percent => {
            (is_no_fraction(&printed.as_proportion()), Reason::NotAProportion)
        }
        Field::I2 => (is_no_fraction(&printed.as_proportion()), Reason::NotAnI2),
        Field::P | Field::PNull | Field::BetweenP => (is_no_fraction(printed), Reason::NotAProbability),
        Field::Q | Field::Tau2 | Field::Tau | Field::H2 => {
            (is_outside(printed, [0.0, f64::INFINITY]), Reason::BelowZero)
        }
        Field::K => return impossible_k(claim, whole_number(printed)?),
        _ => return None,
    };
    is_impossible.then(|| reason(printed.clone()))
}

fn impossible_k(claim: &Claim, k: u64) -> Option<Reason> {
    match (k, claim.count(Field::Total)) {
        (0, _) => Some(Reason::NoStudies),
        (k, Some(total)) if k > total => Some(Reason::MoreStudiesThanPeople { k, total }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(fields: &[(&str, &str)]) -> Verdict {
        let mut claim = Claim::new("main", "a paper");
        fields.iter().for_each(|(key, printed)| claim.set(key, &[printed]).unwrap());
        check_summary(&claim, Level::DEFAULT).verdict
    }

    #[test]
    fn a_figure_that_no_data_give_fails_and_one_at_the_end_of_its_range_does_not() {
        for (key, wrong, right) in [
            ("estimate", "154.0%", "99.9%"),
            ("q", "-1", "0.0"),
            ("tau2", "-0.3", "0.3"),
            ("p", "1.5", "1.0"),
            ("i2", "150%", "100%"),
            ("k", "0", "1"),
        ] {
            assert_eq!(verdict(&[(key, wrong)]), Verdict::Fails, "{key} = {wrong}");
            assert_ne!(verdict(&[(key, right)]), Verdict::Fails, "{key} = {right}");
        }
    }

    #[test]
    fn more_studies_than_people_fail() {
        assert_eq!(verdict(&[("k", "10"), ("total", "3")]), Verdict::Fails);
    }
}
