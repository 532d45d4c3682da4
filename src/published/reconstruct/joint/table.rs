//! One table of two outcomes.

use serde::Serialize;

use crate::MetaAnalysis;
use crate::data::{Counts, Study};
use crate::error::Error;
use crate::format::fixed;
use crate::options::Spec;
use crate::published::claim::Claim;
use crate::published::search::verified;

/// A row of a table of two outcomes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct JointRow {
    /// The study's name; unknown studies are numbered.
    pub study: String,
    /// Events of the first outcome.
    pub events: u64,
    /// Events of the second outcome.
    pub also_events: u64,
    /// People.
    pub total: u64,
    /// Whether the study was known; the others were made up to fit.
    pub known: bool,
    /// Whether the events of each outcome were known.
    pub known_events: [bool; 2],
    /// What the row is, in words, so that a made-up row is not mistaken for data.
    pub origin: &'static str,
}

/// Pooled figures of one outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PooledFigures {
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit; `None` where it has none, as that of one study by Hartung and Knapp.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
}

/// The table whose figures come nearest to the printed ones, with what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JointNearest {
    /// The sum of the distances of all printed fields of both outcomes, in steps of their last digits; infinite (in a
    /// document null) where the table does not give one of them.
    pub distance: f64,
    /// What it gives for each outcome.
    pub figures: [PooledFigures; 2],
    /// The rows.
    pub rows: Vec<JointRow>,
}

pub(super) const KNOWN: &str = "known row of a reconstructed table";
pub(super) const HALF_KNOWN: &str = "known people of a reconstructed table; events made up to fit";
pub(super) const MADE_UP: &str = "reconstruction: consistent with the printed figures, not data";

impl PooledFigures {
    /// Estimate and limits with two decimals: `54.12% (44.58% to 63.21%)`, or `54.12%` where there are no limits.
    #[must_use]
    pub fn shown(&self) -> String {
        let percent = |fraction: f64| format!("{}%", fixed(100.0 * fraction, 2));
        let estimate = percent(self.estimate);
        match self.lower.zip(self.upper) {
            Some((lower, upper)) => format!("{estimate} ({} to {})", percent(lower), percent(upper)),
            None => estimate,
        }
    }
}

impl JointRow {
    /// The events of an outcome.
    pub(super) fn of(&self, outcome: usize) -> u64 {
        [self.events, self.also_events][outcome]
    }
}

/// The counts of one outcome.
pub(super) fn counts(rows: &[JointRow], outcome: usize) -> Vec<Counts> {
    rows.iter().filter_map(|row| Counts::new(row.of(outcome), row.total)).collect()
}

/// The studies of one outcome.
fn studies(rows: &[JointRow], outcome: usize) -> Option<Vec<Study>> {
    let studies = rows.iter().zip(1..).map(|(row, line)| {
        Some(Study {
            name: row.study.as_str().into(),
            line,
            counts: Counts::new(row.of(outcome), row.total)?,
        })
    });
    studies.collect()
}

/// The analyses of both outcomes, if the claim check confirms that they give the printed figures.
pub(super) fn confirmed(
    rows: &[JointRow],
    spec: &Spec,
    claims: &[Claim; 2],
    truncation: bool,
) -> Option<[MetaAnalysis; 2]> {
    let of = |outcome: usize| verified(studies(rows, outcome)?, spec, &claims[outcome], truncation);
    Some([of(0)?, of(1)?])
}

/// What a table gives for each outcome.
pub(super) fn figures(rows: &[JointRow], spec: &Spec) -> Result<[PooledFigures; 2], Error> {
    let of = |outcome: usize| -> Result<PooledFigures, Error> {
        let counts = rows.iter().map(|row| (row.study.clone(), row.of(outcome), row.total));
        let pooled = crate::analysis::fit(&crate::Dataset::proportions(counts)?, spec)?.pooled().clone();
        let [lower, upper] = pooled.shown_limits();
        Ok(PooledFigures { estimate: pooled.estimate, lower, upper })
    };
    Ok([of(0)?, of(1)?])
}
