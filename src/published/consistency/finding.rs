//! What is wrong with, or notable about, printed figures.

use serde::Serialize;

use super::standard_error::probability_of_agreement;
use super::{PrintedSummary, ScaleReading};
use crate::format::{counted, significant};
use crate::options::Choice;
use crate::printed::{Pair, Printed, Rule};

/// Agreement of studies that is less probable than this counts as a contradiction.
const IMPROBABLE: f64 = 1e-3;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Grade {
    /// The figures cannot all be right.
    Contradiction,
    /// Possible, but unusual.
    Remark,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The lower limit lies above the upper one.
    SwappedLimits,
    /// The estimate lies outside its interval.
    EstimateOutside,
    /// A proportion, or a limit, lies below 0 or above 1.
    OutsideRange,
    /// More studies than people, no studies, or no people.
    ImpossibleSize,
    /// The interval is narrower than the total allows.
    TooNarrow,
    /// The interval is symmetric on none of the scales.
    SymmetricNowhere,
}

/// Something wrong with, or notable about, printed figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// How serious it is.
    pub grade: Grade,
    /// One sentence.
    pub message: String,
}

fn contradiction(kind: FindingKind, message: String) -> Finding {
    Finding { kind, grade: Grade::Contradiction, message }
}

fn remark(kind: FindingKind, message: String) -> Finding {
    Finding { kind, grade: Grade::Remark, message }
}

/// What can be found without a scale.
pub(super) fn findings_in_figures(summary: &PrintedSummary) -> Vec<Finding> {
    let (estimate, ci) = (&summary.estimate, &summary.ci);
    let mut findings = Vec::new();
    if ci.is_swapped() {
        findings.push(contradiction(
            FindingKind::SwappedLimits,
            format!("the lower limit {} lies above the upper limit {}", ci.lower, ci.upper),
        ));
    } else if precedes(estimate, &ci.lower) || precedes(&ci.upper, estimate) {
        findings.push(contradiction(
            FindingKind::EstimateOutside,
            format!("the estimate {estimate} lies outside its interval, {ci}"),
        ));
    }
    if is_outside(estimate) {
        findings.push(contradiction(
            FindingKind::OutsideRange,
            format!("{estimate} is not a proportion between 0 and 1"),
        ));
    } else if [&ci.lower, &ci.upper].into_iter().any(is_outside) {
        findings.push(remark(
            FindingKind::OutsideRange,
            format!(
                "the interval {ci} leaves 0 to 1, so it was made on the raw or the log scale and not cut"
            ),
        ));
    }
    findings.extend(impossible_size(summary));
    findings
}

/// Whether an estimate lies outside of its interval, or the limits are in the wrong order: wrong whatever it measures.
pub(in crate::published) fn figures_contradict(estimate: &Printed, ci: &Pair) -> bool {
    ci.is_swapped() || precedes(estimate, &ci.lower) || precedes(&ci.upper, estimate)
}

/// Whether every number printed as `one` lies below every number printed as `other`, whatever the rounding
/// rule.
fn precedes(one: &Printed, other: &Printed) -> bool {
    Rule::TRIED.iter().all(|&rule| {
        let (one, other) = (one.bounds(rule), other.bounds(rule));
        one.as_reals()[1] <= other.as_reals()[0] && !one.overlaps(&other)
    })
}

/// Whether a printed proportion lies below 0 or above 1, whatever the rounding rule.
fn is_outside(printed: &Printed) -> bool {
    Rule::TRIED.iter().all(|&rule| printed.bounds(rule).counts(1 << 40).is_none())
}

fn impossible_size(summary: &PrintedSummary) -> Option<Finding> {
    match (summary.k, summary.total) {
        (Some(0), _) => Some(contradiction(FindingKind::ImpossibleSize, "k = 0 studies".to_string())),
        (_, Some(0)) => Some(contradiction(FindingKind::ImpossibleSize, "a total of 0 people".to_string())),
        (Some(k), Some(total)) if k > total => Some(contradiction(
            FindingKind::ImpossibleSize,
            format!("{} cannot have {}", counted(k, "study", "studies"), counted(total, "person", "people")),
        )),
        _ => None,
    }
}

/// What the readings on all scales show together.
pub(super) fn finding_over_scales(summary: &PrintedSummary, scales: &[ScaleReading]) -> Option<Finding> {
    if scales.is_empty() {
        return None;
    }
    let symmetric: Vec<_> = scales.iter().filter(|reading| reading.is_symmetric()).collect();
    if symmetric.is_empty() {
        let how = "it may be an exact, score, profile or bootstrap interval, or a figure is misprinted";
        return Some(remark(
            FindingKind::SymmetricNowhere,
            format!(
                "{} is the middle of {} on none of the scales raw, logit, log, arcsine: {how}",
                summary.estimate, summary.ci
            ),
        ));
    }
    let (narrow, possible): (Vec<_>, Vec<_>) =
        symmetric.iter().copied().partition(|reading| reading.normal.is_too_narrow());
    match (narrow.is_empty(), possible.is_empty()) {
        (true, _) => None,
        (false, true) => Some(too_narrow(summary, &symmetric)),
        (false, false) => Some(remark(
            FindingKind::TooNarrow,
            format!(
                "{} is narrower than {} people allow a Wald or t interval on {}; on {}, studies in which nearly all or nearly none had the event could give it",
                summary.ci,
                summary.total.unwrap_or_default(),
                keys(&narrow),
                keys(&possible)
            ),
        )),
    }
}

/// `raw or log`.
fn keys(readings: &[&ScaleReading]) -> String {
    readings.iter().map(|reading| reading.measure.key()).collect::<Vec<_>>().join(" or ")
}

/// The interval is narrower than the total allows on every scale on which it is symmetric.
fn too_narrow(summary: &PrintedSummary, symmetric: &[&ScaleReading]) -> Finding {
    let total = summary.total.unwrap_or_default();
    let scales = keys(symmetric);
    let head = format!(
        "{} is narrower than {total} people allow a Wald or t interval on the scale it is symmetric on ({scales})",
        summary.ci
    );
    // A Hartung-Knapp interval has the t quantile.
    let ratio =
        |reading: &&ScaleReading| reading.t.as_ref().and_then(|t| t.smallest_se.map(|least| t.se[1] / least));
    let largest = symmetric.iter().filter_map(ratio).reduce(f64::max);
    match (largest, summary.k) {
        (Some(ratio), Some(k)) => {
            let probability = probability_of_agreement(ratio, k);
            let hk = format!(
                "a Hartung-Knapp interval is so narrow by chance with probability at most {}",
                significant(probability, 2)
            );
            let finding = if probability < IMPROBABLE { contradiction } else { remark };
            finding(FindingKind::TooNarrow, format!("{head}; {hk}"))
        }
        _ => remark(
            FindingKind::TooNarrow,
            format!("{head}; a Hartung-Knapp interval could be, if the studies agree closely"),
        ),
    }
}
