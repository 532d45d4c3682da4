//! What the documents of every analysis that goes on from a pooled result begin with.

use serde::Serialize;

use super::json::Table as Provenance;
use super::sentence::rows_in_clusters;
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, counted, studies};
use crate::model::Summary;
use crate::options::Spec;

/// Where the data come from, how they were pooled, and what that gave.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Head<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    spec: &'a Spec,
    k: usize,
    events: Option<u64>,
    total: Option<u64>,
    common: &'a Summary,
    random: Option<&'a Summary>,
}

impl<'a> Head<'a> {
    pub fn of(result: &'a MetaAnalysis, schema: &'static str) -> Self {
        let (events, total) = result.sums().unzip();
        Self {
            schema,
            provenance: Provenance::of(result),
            spec: &result.spec,
            k: result.k(),
            events,
            total,
            common: &result.common,
            random: result.random.as_ref(),
        }
    }
}

/// `14 studies together: 54.9% (95% CI 47.0 to 62.5)`; of rows in clusters the number of both.
pub(super) fn all_together(result: &MetaAnalysis, display: NumberFormat) -> String {
    let pooled = result.pooled();
    let limits = pooled.limits().and_then(|[lower, upper]| display.interval(Some(lower), Some(upper)));
    let interval = limits.map(|limits| format!(" ({} CI {limits})", result.spec.level)).unwrap_or_default();
    let k = result.k();
    let basis = if result.data().clusters().is_some() { rows_in_clusters(result, k) } else { studies(k) };
    format!("{basis} together: {}{interval}", display.with_sign(pooled.estimate))
}

/// What is left out, or added, one at a time: a study, or a row where the table has clusters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// `study`, `row`.
    pub one: &'static str,
    /// `studies`, `rows`.
    pub many: &'static str,
    /// `Study`, `Row`.
    pub head: &'static str,
    /// `Studies`, `Rows`.
    pub heads: &'static str,
}

impl Unit {
    pub fn of(result: &MetaAnalysis) -> Self {
        match result.data().clusters() {
            None => Self { one: "study", many: "studies", head: "Study", heads: "Studies" },
            Some(_) => Self { one: "row", many: "rows", head: "Row", heads: "Rows" },
        }
    }

    /// `1 study`, `3 rows`.
    pub fn count(self, n: usize) -> String {
        counted(n as u64, self.one, self.many)
    }
}
