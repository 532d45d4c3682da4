//! A printed summary checked on every scale.

use serde::Serialize;

use super::finding::{finding_over_scales, findings_in_figures};
use super::{Finding, PrintedSummary, ScaleReading};
use crate::options::Measure;

/// The scales on which an interval is read, in the order of the report.
const SCALES: [Measure; 4] = [Measure::Raw, Measure::Logit, Measure::Log, Measure::Arcsine];

/// What a printed estimate and its interval imply.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SummaryCheck {
    /// What is wrong or notable.
    pub findings: Vec<Finding>,
    /// A reading on each scale; none where the limits are swapped or a figure is an "about".
    pub scales: Vec<ScaleReading>,
}

impl SummaryCheck {
    /// Checks a printed summary.
    ///
    /// ```
    /// use metaprop::published::consistency::{PrintedSummary, SummaryCheck};
    /// use metaprop::options::Measure;
    ///
    /// let partial = PrintedSummary {
    ///     estimate: "26.1%".parse()?,
    ///     ci: "20.7%–32.2%".parse()?,
    ///     k: Some(14),
    ///     total: Some(275),
    ///     level: "95".parse()?,
    /// };
    /// let checked = SummaryCheck::new(&partial);
    /// let scales: Vec<_> = checked.symmetric().map(|reading| reading.measure).collect();
    /// assert_eq!(scales, [Measure::Logit]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn new(summary: &PrintedSummary) -> Self {
        let summary = summary.as_proportions();
        let mut findings = findings_in_figures(&summary);
        let has_width = summary.estimate.is_exact() && summary.ci.is_exact() && !summary.ci.is_swapped();
        let scales: Vec<_> = SCALES
            .iter()
            .filter(|_| has_width)
            .filter_map(|&measure| ScaleReading::new(measure, &summary))
            .collect();
        findings.extend(finding_over_scales(&summary, &scales));
        Self { findings, scales }
    }

    /// The readings on the scales on which the interval can be symmetric.
    pub fn symmetric(&self) -> impl Iterator<Item = &ScaleReading> {
        self.scales.iter().filter(|reading| reading.is_symmetric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Level;
    use crate::published::consistency::{FindingKind, Grade};

    fn check(estimate: &str, ci: &str, k: Option<u64>, total: Option<u64>) -> SummaryCheck {
        SummaryCheck::new(&PrintedSummary {
            estimate: estimate.parse().unwrap(),
            ci: ci.parse().unwrap(),
            k,
            total,
            level: Level::DEFAULT,
        })
    }

    fn kinds(checked: &SummaryCheck) -> Vec<(FindingKind, Grade)> {
        checked.findings.iter().map(|finding| (finding.kind, finding.grade)).collect()
    }

    #[test]
    fn fifty_people_cannot_give_an_interval_of_a_tenth_of_a_point() {
        let impossible = check("54.0%", "53.9%–54.1%", Some(5), Some(50));
        assert_eq!(kinds(&impossible), [(FindingKind::TooNarrow, Grade::Contradiction)]);
        // Possible on the raw scale alone, of studies in which nearly all or nearly none had the event.
        let odd = check("54%", "50%–58%", Some(3), Some(50));
        assert_eq!(kinds(&odd), [(FindingKind::TooNarrow, Grade::Remark)]);
        assert!(odd.findings[0].message.contains("on logit or arcsine; on raw"), "{:?}", odd.findings);
    }

    #[test]
    fn the_standard_error_tau2_and_i2_of_a_real_summary() {
        let good = check("54.0%", "46.3%–61.5%", Some(14), Some(275));
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
            kinds(&check("54%", "61.5–46.3%", None, None)),
            [(FindingKind::SwappedLimits, Grade::Contradiction)]
        );
        assert_eq!(
            kinds(&check("64%", "46.3–61.5%", None, None))[0],
            (FindingKind::EstimateOutside, Grade::Contradiction)
        );
        assert_eq!(
            kinds(&check("104%", "96–112%", None, None))[0],
            (FindingKind::OutsideRange, Grade::Contradiction)
        );
        assert_eq!(
            kinds(&check("0.36", "[−0.27, 0.99]", None, None)),
            [(FindingKind::OutsideRange, Grade::Remark)]
        );
        assert_eq!(
            kinds(&check("54%", "46–62%", Some(14), Some(9)))[0],
            (FindingKind::ImpossibleSize, Grade::Contradiction)
        );
        // 62 rounds up from 61.5 and 61.5 is not below it: not outside.
        assert!(
            check("62%", "46.0–61.5%", None, None)
                .findings
                .iter()
                .all(|finding| finding.kind != FindingKind::EstimateOutside)
        );
    }

    #[test]
    fn an_interval_that_is_too_narrow_for_its_total() {
        // The logit interval of 275 people, said to be of 20.
        assert!(kinds(&check("26.1%", "20.7%–32.2%", Some(14), Some(275))).is_empty());
        assert_eq!(
            kinds(&check("26.1%", "20.7%–32.2%", Some(14), Some(20))),
            [(FindingKind::TooNarrow, Grade::Contradiction)]
        );
        assert_eq!(
            kinds(&check("26.1%", "20.7%–32.2%", None, Some(20))),
            [(FindingKind::TooNarrow, Grade::Remark)]
        );
    }

    #[test]
    fn a_limit_printed_as_0_may_have_been_below_0() {
        let cut = check("0.36", "0.00 to 0.99", None, None);
        assert!(cut.symmetric().any(|reading| reading.measure == Measure::Raw));
        let at_zero = check("0%", "0–0%", None, Some(5));
        assert!(at_zero.scales.iter().all(|reading| reading.normal.se[1].is_finite()));
    }
}
