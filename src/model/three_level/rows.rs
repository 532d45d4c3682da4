//! Rows sorted into their clusters.

use std::cmp::Ordering;
use std::collections::HashMap;

/// Estimates and variances, those of a cluster one after the other.
///
/// Rows and clusters stand in an order of their values, so that sums do not depend on the order of the table.
#[derive(Debug, Clone)]
pub(super) struct ClusteredRows {
    pub y: Vec<f64>,
    pub v: Vec<f64>,
    /// The place behind the last row of each cluster.
    ends: Vec<usize>,
}

impl ClusteredRows {
    /// Of parallel columns; rows with the same number are of one cluster.
    pub fn new(y: &[f64], v: &[f64], clusters: &[u32]) -> Self {
        let mut groups: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        for ((y, v), cluster) in y.iter().zip(v).zip(clusters) {
            let place = *places.entry(*cluster).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push([*v, *y]);
        }
        groups.iter_mut().for_each(|rows| rows.sort_unstable_by(by_value));
        groups.sort_unstable_by(|one, other| {
            let rows = one.iter().zip(other).map(|(one, other)| by_value(one, other));
            rows.fold(one.len().cmp(&other.len()), Ordering::then)
        });
        let mut end = 0;
        let ends = groups.iter().map(|rows| {
            end += rows.len();
            end
        });
        let ends = ends.collect();
        let rows = || groups.iter().flatten();
        Self { y: rows().map(|row| row[1]).collect(), v: rows().map(|row| row[0]).collect(), ends }
    }

    /// The number of rows.
    pub fn k(&self) -> usize {
        self.y.len()
    }

    /// The number of clusters.
    pub fn clusters(&self) -> usize {
        self.ends.len()
    }

    /// The estimates and the variances of each cluster.
    pub fn each(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| (&self.y[start..end], &self.v[start..end]))
    }
}

fn by_value(one: &[f64; 2], other: &[f64; 2]) -> Ordering {
    one[0].total_cmp(&other[0]).then(one[1].total_cmp(&other[1]))
}
