//! Random tables, and how near two numbers must be.

use crate::common::number;
use metaprop::model::Summary;
use metaprop::options::Request;
use metaprop::{Dataset, MetaAnalysis, fit};
use proptest::prelude::*;

pub type Rows = Vec<(u64, u64)>;

/// Tables of 2 to 12 studies of at most `largest` people, boundaries included.
pub fn tables_of(largest: u64) -> impl Strategy<Value = Rows> {
    let study = (1..largest).prop_flat_map(|total| (0..=total, Just(total)));
    prop::collection::vec(study, 2..12)
}

pub fn tables() -> impl Strategy<Value = Rows> {
    tables_of(400)
}

pub fn named(rows: &[(u64, u64)]) -> Dataset {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    Dataset::proportions(named).expect("counts")
}

pub fn pool(rows: &[(u64, u64)], request: Request) -> MetaAnalysis {
    fit(&named(rows), &request.resolve().expect("a spec")).expect("an outcome")
}

/// Events and non-events exchanged.
pub fn mirrored(rows: &[(u64, u64)]) -> Rows {
    rows.iter().map(|&(events, total)| (total - events, total)).collect()
}

/// To 1e-10 of the larger of a scale and the value: sums of a dozen terms, and roots of them, keep more.
pub fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-10 * scale.max(a.abs()).max(1e-300)
}

/// A pooled value and its standard error.
pub fn value(summary: &Summary) -> (f64, f64) {
    summary.y.zip(summary.se).expect("an inverse-variance value")
}

pub fn tau2(outcome: &MetaAnalysis) -> f64 {
    number(&outcome.heterogeneity, "tau2").expect("tau2 of two studies or more")
}

/// The smallest variance: what τ² is large or small against.
pub fn unit(outcome: &MetaAnalysis) -> f64 {
    outcome.v().iter().copied().fold(f64::INFINITY, f64::min)
}

/// Every number that is printed as a proportion.
pub fn printed(outcome: &MetaAnalysis) -> Vec<f64> {
    let summaries = [Some(&outcome.common), outcome.random.as_ref()];
    let mut printed: Vec<f64> = summaries
        .into_iter()
        .flatten()
        .flat_map(|s| [Some(s.estimate), s.lower, s.upper])
        .flatten()
        .collect();
    printed.extend(outcome.prediction.iter().flat_map(|p| [p.lower, p.upper]));
    printed.extend(outcome.pooled().population.iter().flat_map(|p| [p.estimate, p.lower, p.upper]));
    if let Some(spread) = &outcome.distribution {
        printed.extend([spread.lower_5, spread.upper_95]);
        printed.extend(spread.cutoffs.iter().flat_map(|c| [Some(c.above), c.lower, c.upper]).flatten());
    }
    printed.extend(outcome.rows().flat_map(|row| [row.shown(), row.lower, row.upper]));
    printed
}
