//! A printed pooled estimate taken alone: what its interval says without any per-study data.
//!
//! An interval made as y ± q·se is symmetric on the scale it was made on, so the printed limits show
//! the scale, the standard error there, how many people a single study with that standard error would
//! have, and, against the printed total, how much the studies differ. Every answer is an interval,
//! because the printed digits are.

pub mod finding;
pub mod floor;
pub mod reading;
pub mod symmetry;

pub use finding::{Finding, Grade, Kind};
pub use reading::{Implied, ScaleReading};

use serde::Serialize;

use crate::options::Level;
use crate::options::Measure;
use crate::printed::{Pair, Printed};

/// The scales that are told apart, in the order of the report.
pub const SCALES: [Measure; 4] = [Measure::Raw, Measure::Logit, Measure::Log, Measure::Arcsine];

/// What a paper prints of a pooled proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedSummary {
    /// The estimate.
    pub estimate: Printed,
    /// Its interval.
    pub ci: Pair,
    /// The number of studies.
    pub k: Option<u64>,
    /// The number of people.
    pub total: Option<u64>,
    /// The level of the interval.
    pub level: Level,
}

/// What can be said about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SummaryCheck {
    /// What is wrong or remarkable.
    pub findings: Vec<Finding>,
    /// One reading a scale; empty where the interval is no interval.
    pub scales: Vec<ScaleReading>,
}

impl SummaryCheck {
    /// The scales on which the interval is symmetric, as far as the printed digits tell.
    pub fn symmetric(&self) -> impl Iterator<Item = &ScaleReading> {
        self.scales.iter().filter(|reading| reading.symmetric.rule().is_some())
    }

    /// Whether the printed figures contradict each other.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.findings.iter().any(|finding| finding.grade == Grade::Contradiction)
    }
}

/// Reads a printed summary alone.
///
/// ```
/// use metaprop::published::consistency::{alone, PrintedSummary};
/// use metaprop::options::Measure;
///
/// let partial = PrintedSummary {
///     estimate: "26.1%".parse()?,
///     ci: "20.7%–32.2%".parse()?,
///     k: Some(14),
///     total: Some(275),
///     level: "95".parse()?,
/// };
/// let read = alone(&partial);
/// let scales: Vec<_> = read.symmetric().map(|reading| reading.measure).collect();
/// assert_eq!(scales, [Measure::Logit]);
/// assert!(!read.is_contradicted());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn alone(summary: &PrintedSummary) -> SummaryCheck {
    let summary = PrintedSummary {
        estimate: summary.estimate.as_proportion(),
        ci: summary.ci.as_proportions(),
        ..summary.clone()
    };
    let mut findings = finding::of_figures(&summary);
    // Swapped limits, or an "about", leave nothing to measure.
    let measurable = summary.estimate.is_exact() && summary.ci.is_exact() && !summary.ci.is_swapped();
    let scales: Vec<_> = SCALES
        .iter()
        .filter(|_| measurable)
        .filter_map(|&measure| ScaleReading::new(measure, &summary))
        .collect();
    findings.extend(finding::of_scales(&summary, &scales));
    SummaryCheck { findings, scales }
}
