//! Which studies belong together, and the tests between them.

use serde::Serialize;

use crate::model::{Summary, WeightedMean};
use crate::numeric::chi_squared;

/// What the studies without a value are called.
pub const MISSING: &str = "(missing)";

/// Which studies belong together, by a column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// The column.
    pub column: String,
    /// Its levels, in the order in which they first stand in the table; last, if there are any, the studies without a
    /// value.
    pub levels: Vec<Level>,
}

/// The studies of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The value in the column; [`MISSING`] for the studies without one.
    pub level: String,
    /// Whether these are the studies without a value.
    pub missing: bool,
    /// Those of them that were pooled, counted from 0 among all that were; none where none of the level can be pooled.
    pub studies: Vec<u32>,
}

/// The tests that the levels are the same. Studies without a value take no part.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Between {
    /// Q = Σ (y − ȳ)²/s² over the levels, with the pooled value y of each by the model that was asked for, its
    /// standard error s, and their mean ȳ with weights 1/s² (Borenstein & Higgins 2013, doi:10.1007/s11121-013-0377-7).
    pub q: f64,
    /// The number of levels that have an estimate, less 1.
    pub df: u64,
    /// P(χ² ≥ q).
    pub p: f64,
    /// The same test of the common-effect values.
    pub common: Option<BetweenTest>,
    /// For an exact model twice the difference of the log-likelihoods: a fit a level against one for all, with two
    /// parameters each.
    pub likelihood_ratio: Option<BetweenTest>,
}

/// A test with its degrees of freedom and its p-value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BetweenTest {
    /// The statistic.
    pub q: f64,
    /// The degrees of freedom.
    pub df: u64,
    /// P(χ² ≥ q).
    pub p: f64,
}

impl BetweenTest {
    pub(super) fn new(q: f64, df: usize) -> Self {
        Self { q, df: df as u64, p: chi_squared::sf(q, df as f64) }
    }

    /// Of the pooled values that exist, with their standard errors.
    pub(super) fn of<'a>(pooled: impl Iterator<Item = &'a Summary>) -> Option<Self> {
        let usable = |summary: &Summary| {
            let variance = summary.se.map(|se| se * se)?;
            Some((summary.y?, variance)).filter(|(y, v)| y.is_finite() && v.is_finite() && *v > 0.0)
        };
        let (y, v): (Vec<f64>, Vec<f64>) = pooled.filter_map(usable).unzip();
        (y.len() > 1).then(|| Self::new(WeightedMean::at(&y, &v, 0.0).q, y.len() - 1))
    }
}
