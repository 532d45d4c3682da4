//! What is wrong, or remarkable, about printed figures taken alone.

use serde::Serialize;

use super::reading::{Implied, Range};
use super::{PrintedSummary, ScaleReading, floor};
use crate::format::significant;
use crate::options::Choice;
use crate::printed::{Printed, Rule};

/// Agreement by chance that is rarer than this counts as a contradiction.
const RARE: f64 = 1e-3;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// The figures cannot all be right.
    Contradiction,
    /// Possible, and worth a look.
    Remark,
}

/// The kinds of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The lower limit lies above the upper one.
    SwappedLimits,
    /// The estimate lies outside its interval.
    EstimateOutside,
    /// A proportion, or a limit, lies below 0 or above 1.
    OutsideRange,
    /// More studies than people, or none.
    ImpossibleSize,
    /// Narrower than the total allows.
    TooNarrow,
    /// Symmetric on none of the scales.
    SymmetricNowhere,
}

/// One thing about the printed figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Its kind.
    pub kind: Kind,
    /// How much it weighs.
    pub grade: Grade,
    /// One sentence.
    pub message: String,
}

fn contradiction(kind: Kind, message: String) -> Finding {
    Finding { kind, grade: Grade::Contradiction, message }
}

fn remark(kind: Kind, message: String) -> Finding {
    Finding { kind, grade: Grade::Remark, message }
}

/// What the figures say without any scale.
pub(super) fn of_figures(summary: &PrintedSummary) -> Vec<Finding> {
    let (estimate, ci) = (&summary.estimate, &summary.ci);
    let mut findings = Vec::new();
    if ci.is_swapped() {
        findings.push(contradiction(
            Kind::SwappedLimits,
            format!("the lower limit {} lies above the upper limit {}", ci.lower, ci.upper),
        ));
    } else if precedes(estimate, &ci.lower) || precedes(&ci.upper, estimate) {
        findings.push(contradiction(
            Kind::EstimateOutside,
            format!("the estimate {estimate} lies outside its interval, {ci}"),
        ));
    }
    if is_outside(estimate) {
        findings.push(contradiction(
            Kind::OutsideRange,
            format!("{estimate} is not a proportion between 0 and 1"),
        ));
    } else if [&ci.lower, &ci.upper].into_iter().any(is_outside) {
        findings.push(remark(
            Kind::OutsideRange,
            format!(
                "the interval {ci} leaves 0 to 1, so it was made on the raw or the log scale and not cut"
            ),
        ));
    }
    findings.extend(sizes(summary));
    findings
}

/// Whether every number printed as the one lies below every number printed as the other.
fn precedes(one: &Printed, other: &Printed) -> bool {
    Rule::TRIED.iter().all(|&rule| {
        let (one, other) = (one.bounds(rule), other.bounds(rule));
        one.as_reals()[1] <= other.as_reals()[0] && !one.overlaps(&other)
    })
}

/// Whether a printed proportion lies below 0 or above 1 under every rule.
fn is_outside(printed: &Printed) -> bool {
    Rule::TRIED.iter().all(|&rule| printed.bounds(rule).counts(1 << 40).is_none())
}

fn sizes(summary: &PrintedSummary) -> Option<Finding> {
    match (summary.k, summary.total) {
        (Some(0), _) => Some(contradiction(Kind::ImpossibleSize, "k = 0 studies".to_string())),
        (_, Some(0)) => Some(contradiction(Kind::ImpossibleSize, "a total of 0 people".to_string())),
        (Some(k), Some(total)) if k > total => {
            Some(contradiction(Kind::ImpossibleSize, format!("{k} studies cannot have {total} people")))
        }
        _ => None,
    }
}

/// What the readings say together.
pub(super) fn of_scales(summary: &PrintedSummary, scales: &[ScaleReading]) -> Option<Finding> {
    if scales.is_empty() {
        return None;
    }
    let symmetric: Vec<_> = scales.iter().filter(|reading| reading.symmetric.rule().is_some()).collect();
    if symmetric.is_empty() {
        let how = "it may be an exact, score, profile or bootstrap interval, or a figure is misprinted";
        return Some(remark(
            Kind::SymmetricNowhere,
            format!(
                "{} is the middle of {} on none of the scales raw, logit, log, arcsine: {how}",
                summary.estimate, summary.ci
            ),
        ));
    }
    let (narrow, wide): (Vec<_>, Vec<_>) =
        symmetric.iter().copied().partition(|reading| reading.normal.is_too_narrow());
    match (narrow.is_empty(), wide.is_empty()) {
        (true, _) => None,
        (false, true) => Some(too_narrow(summary, &symmetric)),
        (false, false) => Some(remark(
            Kind::TooNarrow,
            format!(
                "{} is narrower than {} people allow a Wald or t interval on {}; on {}, studies in which nearly all or nearly none had the event could give it",
                summary.ci,
                summary.total.unwrap_or_default(),
                keys(&narrow),
                keys(&wide)
            ),
        )),
    }
}

/// `raw or log`.
fn keys(readings: &[&ScaleReading]) -> String {
    readings.iter().map(|reading| reading.measure.key()).collect::<Vec<_>>().join(" or ")
}

/// The interval is narrower than the total allows on every scale it can have been made on.
fn too_narrow(summary: &PrintedSummary, symmetric: &[&ScaleReading]) -> Finding {
    let total = summary.total.unwrap_or_default();
    let scales = keys(symmetric);
    let head = format!(
        "{} is narrower than {total} people allow a Wald or t interval on the scale it is symmetric on ({scales})",
        summary.ci
    );
    // Hartung-Knapp has t quantiles: its standard error is the smaller of the two readings.
    let ratio =
        |reading: &&ScaleReading| reading.t.as_ref().and_then(|t| t.se_floor.map(|floor| t.se[1] / floor));
    let widest = symmetric.iter().filter_map(ratio).reduce(f64::max);
    match (widest, summary.k) {
        (Some(ratio), Some(k)) => {
            let often = floor::agreement(ratio, k);
            let hk = format!(
                "a Hartung-Knapp interval is so narrow by chance with probability at most {}",
                significant(often, 2)
            );
            let finding = if often < RARE { contradiction } else { remark };
            finding(Kind::TooNarrow, format!("{head}; {hk}"))
        }
        _ => remark(
            Kind::TooNarrow,
            format!("{head}; a Hartung-Knapp interval could be, if the studies agree closely"),
        ),
    }
}

/// A range with few digits: `0.156 to 0.159`.
fn range([low, high]: Range) -> String {
    let (low, high) = (significant(low, 3), significant(high, 3));
    if low == high { low } else { format!("{low} to {high}") }
}

impl Implied {
    /// What follows, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let people = format!("a single study of {} people", whole(self.effective_n));
        let mut text = format!("standard error {}, as of {people}", range(self.se));
        if let Some(effect) = self.design_effect {
            text += &format!("; design effect {}", range(effect));
        }
        if let (Some(tau2), Some(i2)) = (self.tau2, self.i2) {
            text += &format!("; for equal studies tau2 {} and I2 {}%", range(tau2), whole(i2));
        }
        text
    }
}

/// A range in whole numbers: `158 to 166`.
fn whole([low, high]: Range) -> String {
    if high.is_finite() { format!("{low:.0} to {high:.0}") } else { format!("at least {low:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Level;
    use crate::options::Measure;
    use crate::published::consistency::{SummaryCheck, alone};

    fn read(estimate: &str, ci: &str, k: Option<u64>, total: Option<u64>) -> SummaryCheck {
        alone(&PrintedSummary {
            estimate: estimate.parse().unwrap(),
            ci: ci.parse().unwrap(),
            k,
            total,
            level: Level::DEFAULT,
        })
    }

    fn kinds(read: &SummaryCheck) -> Vec<(Kind, Grade)> {
        read.findings.iter().map(|finding| (finding.kind, finding.grade)).collect()
    }

    #[test]
    fn an_interval_that_fifty_people_cannot_give() {
        let impossible = read("54.0%", "53.9%–54.1%", Some(5), Some(50));
        assert_eq!(kinds(&impossible), [(Kind::TooNarrow, Grade::Contradiction)]);
        // Possible on the raw scale alone, of studies at its ends.
        let odd = read("54%", "50%–58%", Some(3), Some(50));
        assert_eq!(kinds(&odd), [(Kind::TooNarrow, Grade::Remark)]);
        assert!(odd.findings[0].message.contains("on logit or arcsine; on raw"), "{:?}", odd.findings);
    }

    #[test]
    fn the_pooled_figures_of_the_seeds() {
        let good = read("54.0%", "46.3%–61.5%", Some(14), Some(275));
        assert!(good.findings.is_empty());
        assert_eq!(
            good.symmetric().map(|reading| reading.measure).collect::<Vec<_>>(),
            [Measure::Logit, Measure::Arcsine]
        );
        let logit = &good.scales[1].normal;
        assert!(
            logit.se[0] < 0.1573 && 0.1573 < logit.se[1] && logit.se[1] - logit.se[0] < 0.003,
            "{logit:?}"
        );
        assert!(logit.effective_n[0] > 158.0 && logit.effective_n[1] < 167.0, "{logit:?}");
        let i2 = logit.i2.unwrap();
        assert!(i2[0] > 38.0 && i2[1] < 43.0, "{logit:?}");
        let tau2 = logit.tau2.unwrap();
        assert!(0.13 < tau2[0] && tau2[1] < 0.16, "{logit:?}");
        assert!(logit.sentence().starts_with("standard error 0.15"), "{}", logit.sentence());
    }

    #[test]
    fn figures_that_contradict_each_other() {
        assert_eq!(
            kinds(&read("54%", "61.5–46.3%", None, None)),
            [(Kind::SwappedLimits, Grade::Contradiction)]
        );
        assert_eq!(
            kinds(&read("64%", "46.3–61.5%", None, None))[0],
            (Kind::EstimateOutside, Grade::Contradiction)
        );
        assert_eq!(
            kinds(&read("104%", "96–112%", None, None))[0],
            (Kind::OutsideRange, Grade::Contradiction)
        );
        assert_eq!(kinds(&read("0.36", "[−0.27, 0.99]", None, None)), [(Kind::OutsideRange, Grade::Remark)]);
        assert_eq!(
            kinds(&read("54%", "46–62%", Some(14), Some(9)))[0],
            (Kind::ImpossibleSize, Grade::Contradiction)
        );
        // 62 rounds up from 61.5 and 61.5 is not below it: not outside.
        assert!(
            read("62%", "46.0–61.5%", None, None)
                .findings
                .iter()
                .all(|finding| finding.kind != Kind::EstimateOutside)
        );
    }

    #[test]
    fn too_narrow_for_the_total() {
        // The logit interval of 275 people, said to be of 20.
        assert!(kinds(&read("26.1%", "20.7%–32.2%", Some(14), Some(275))).is_empty());
        assert_eq!(
            kinds(&read("26.1%", "20.7%–32.2%", Some(14), Some(20))),
            [(Kind::TooNarrow, Grade::Contradiction)]
        );
        assert_eq!(kinds(&read("26.1%", "20.7%–32.2%", None, Some(20))), [(Kind::TooNarrow, Grade::Remark)]);
    }

    #[test]
    fn cut_limits_hide_what_was_beyond() {
        let cut = read("0.36", "0.00 to 0.99", None, None);
        assert!(cut.symmetric().any(|reading| reading.measure == Measure::Raw));
        assert!(
            alone(&PrintedSummary {
                estimate: "0%".parse().unwrap(),
                ci: "0–0%".parse().unwrap(),
                k: None,
                total: Some(5),
                level: Level::DEFAULT
            })
            .scales
            .len()
                <= 4
        );
    }
}
