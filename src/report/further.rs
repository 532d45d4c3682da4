//! What the documents of every analysis that goes on from a pooled result begin with.

use serde::Serialize;

use super::json::Table as Provenance;
use super::results::NONE;
use crate::analysis::{MetaAnalysis, Refit};
use crate::format::{NumberFormat, fixed, significant, studies};
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

/// `all 14 studies together give 54.9% (47.0 to 62.5)`.
pub(super) fn all_together(result: &MetaAnalysis, display: NumberFormat) -> String {
    let pooled = result.pooled();
    let limits = pooled.limits().and_then(|[lower, upper]| display.interval(Some(lower), Some(upper)));
    let interval = limits.map(|limits| format!(" ({} CI {limits})", result.spec.level)).unwrap_or_default();
    format!("{} together: {}{interval}", studies(result.k()), display.with_sign(pooled.estimate))
}

/// Estimate and interval of some of the studies, in cells; what cannot be computed says so.
pub(super) fn cells(result: &Refit, display: NumberFormat) -> [String; 2] {
    let missing = || NONE.to_string();
    [
        result.estimate.map_or_else(missing, |estimate| display.with_sign(estimate)),
        display.interval(result.lower, result.upper).unwrap_or_else(missing),
    ]
}

/// τ² and I² in cells.
pub(super) fn variances(tau2: Option<f64>, i2: Option<f64>) -> [String; 2] {
    let missing = || NONE.to_string();
    [
        tau2.map_or_else(missing, |tau2| significant(tau2, 3)),
        i2.map_or_else(missing, |i2| format!("{}%", fixed(i2, 1))),
    ]
}

/// What a number is called in a cell, with two decimals.
pub(super) fn two_decimals(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_string(), |value| fixed(value, 2))
}

/// Numbers with all their digits in a line of CSV; what does not exist is empty.
pub(super) fn csv_numbers<const N: usize>(numbers: [Option<f64>; N]) -> String {
    numbers.map(|number| number.map_or_else(String::new, |number| number.to_string())).join(",")
}
