//! Which studies part the subsets into two clouds.

use serde::Serialize;

use super::MetaAnalysis;
use super::gosh::{Gosh, Subset};
use super::refit::{Refit, Refitted};

/// A study parts the clusters where its presence tells the cluster of so many of the subsets.
const TELLS: f64 = 0.8;
/// Of fewer subsets a study tells many by chance.
const FEWEST: usize = 100;
/// So many studies are set aside one after the other.
const MOST_STUDIES: usize = 5;
/// Where assignments go on changing, they have changed little by then.
const ROUNDS: usize = 100;

/// The studies that part the subsets into two clusters, found one after the other.
///
/// The points (pooled value, I²) of the subsets, each in its standard deviations, are parted into two clusters by k-means
/// (Lloyd 1982, doi:10.1109/TIT.1982.1056489), started from the four directions ±(1, 0), ±(0, 1), ±(1, 1), ±(1, −1) about
/// their mean; the parting with the least sum of squares counts, so that there is no seed. The study whose presence tells the
/// cluster of the largest part of the subsets joins the set where that part is at least 80%, and the rest of the subsets,
/// those without it, are parted again. Clusters of GOSH points were proposed for the search of outliers by Harrer, Cuijpers,
/// Furukawa & Ebert (2021, Doing Meta-Analysis with R, ISBN 978-0-367-61007-4), by k-means, DBSCAN and Gaussian mixtures
/// there; the rule that a study has to tell the cluster is ours. k-means parts any cloud in two: a set says where to look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GoshClusters {
    /// The sets, each the one before with one more study.
    pub sets: Vec<OutlierSet>,
    /// Why the subsets were not parted; absent where they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Studies that part the subsets, and what is pooled without them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutlierSet {
    /// The studies, in the order in which they were found.
    pub studies: Vec<String>,
    /// The part of the subsets without the studies before whose cluster the presence of the last study tells.
    pub told: f64,
    /// The part of the sum of squares that lies between the two clusters: 0.32 for a round normal cloud.
    pub between: f64,
    /// What is pooled without the set.
    #[serde(flatten)]
    pub result: Refit,
}

impl Gosh {
    /// The studies whose presence parts the subsets into two clusters of estimate and I², and the result without them; `of` is
    /// the result that the subsets are of. O(subsets) a study that is found.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let mut counts: Vec<(String, u64, u64)> = (0..9).map(|i| (format!("S{i}"), 20 + i, 100 + 3 * i)).collect();
    /// counts.push(("Odd".to_string(), 75, 100));
    /// let result = fit(&Dataset::proportions(counts)?, &Spec::default())?;
    /// let clusters = result.gosh(&Default::default())?.clusters(&result);
    /// assert_eq!(clusters.sets[0].studies, ["Odd"]);
    /// assert!(clusters.sets[0].result.i2.unwrap() < 1.0);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn clusters(&self, of: &MetaAnalysis) -> GoshClusters {
        let refused = |reason: &str| GoshClusters { sets: Vec::new(), reason: Some(reason.to_string()) };
        if self.stopped {
            return refused("the subsets are not complete");
        }
        let (mut found, mut sets): (Vec<u32>, Vec<OutlierSet>) = (Vec::new(), Vec::new());
        let refitted = Refitted::new(of);
        while found.len() < MOST_STUDIES {
            let parted = match Parted::of(self, &found) {
                Ok(parted) => parted,
                Err(reason) if found.is_empty() => return refused(reason),
                Err(_) => break,
            };
            let Some((study, told)) = parted.telling(self, of.k(), &found) else { break };
            found.push(study);
            let rest: Vec<u32> = (0..of.k() as u32).filter(|study| !found.contains(study)).collect();
            sets.push(OutlierSet {
                studies: found.iter().map(|study| of.label(*study as usize).name.to_string()).collect(),
                told,
                between: parted.between,
                result: refitted.to(&rest),
            });
        }
        GoshClusters { sets, reason: None }
    }
}

/// Subsets parted into two clusters.
struct Parted {
    /// Whether each of them is in the second cluster, in the order of the subsets.
    second: Vec<bool>,
    between: f64,
}

/// The estimate and the I² of a subset that has both.
fn point(row: &Subset) -> Option<[f64; 2]> {
    row.y.zip(row.i2).map(<[f64; 2]>::from).filter(|point| point.iter().all(|value| value.is_finite()))
}

impl Parted {
    /// The subsets without the studies that were found.
    fn of(gosh: &Gosh, found: &[u32]) -> Result<Self, &'static str> {
        let mut points = Vec::new();
        gosh.visit(&mut |row, studies| {
            if !found.iter().any(|study| studies.contains(study)) {
                points.extend(point(row));
            }
        });
        if points.len() < FEWEST {
            return Err("there are fewer than 100 subsets with an estimate and I²");
        }
        if !standardise(&mut points) {
            return Err("every subset has the same estimate and I²");
        }
        // The middle is the origin, and each axis that varies has a variance of 1.
        let total: f64 = points.iter().flatten().map(|value| value * value).sum();
        let starts = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]];
        let parted = starts.map(|start| two_means(&points, start));
        let best = parted.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("four starts");
        Ok(Self { second: best.0, between: 1.0 - best.1 / total })
    }

    /// The study whose presence tells the cluster of the most subsets, where these are enough, and their part.
    fn telling(&self, gosh: &Gosh, k: usize, found: &[u32]) -> Option<(u32, f64)> {
        let mut with = vec![[0u64; 2]; k];
        let mut all = [0u64; 2];
        let mut clusters = self.second.iter();
        gosh.visit(&mut |row, studies| {
            if point(row).is_none() || found.iter().any(|study| studies.contains(study)) {
                return;
            }
            let cluster = usize::from(clusters.next().is_some_and(|second| *second));
            all[cluster] += 1;
            studies.iter().for_each(|study| with[*study as usize][cluster] += 1);
        });
        let subsets = all[0] + all[1];
        let told = |with: &[u64; 2]| {
            // Those with it in the second cluster and those without it in the first, or the other way round.
            let agree = with[1] + all[0] - with[0];
            agree.max(subsets - agree) as f64 / subsets as f64
        };
        let candidates = (0..k as u32).filter(|study| !found.contains(study));
        let each = candidates.map(|study| (study, told(&with[study as usize])));
        // Of two that tell as many, the first of the table.
        let best = each.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.filter(|(_, told)| *told >= TELLS)
    }
}

/// Each axis less its mean, in its standard deviations; false where no axis varies.
fn standardise(points: &mut [[f64; 2]]) -> bool {
    let n = points.len() as f64;
    let mut varies = false;
    for axis in 0..2 {
        let mean = points.iter().map(|point| point[axis]).sum::<f64>() / n;
        let squares: f64 = points.iter().map(|point| (point[axis] - mean) * (point[axis] - mean)).sum();
        let sd = (squares / n).sqrt();
        // Less than what rounding leaves is no difference.
        let has_spread = sd > 1e-12 * (1.0 + mean.abs());
        varies |= has_spread;
        for point in points.iter_mut() {
            point[axis] = if has_spread { (point[axis] - mean) / sd } else { 0.0 };
        }
    }
    varies
}

/// Lloyd's iteration from two centres on either side of the origin: whether each point is in the second cluster, and the sum
/// of squares within the clusters.
fn two_means(points: &[[f64; 2]], start: [f64; 2]) -> (Vec<bool>, f64) {
    let mut centres = [start.map(|value| -value), start];
    let squared = |[x, y]: [f64; 2], [a, b]: [f64; 2]| (x - a) * (x - a) + (y - b) * (y - b);
    let mut second = vec![false; points.len()];
    for _ in 0..ROUNDS {
        let mut changed = false;
        let mut sums = [[0.0; 3]; 2];
        for (point, is_second) in points.iter().zip(&mut second) {
            let now = squared(*point, centres[1]) < squared(*point, centres[0]);
            changed |= now != *is_second;
            *is_second = now;
            let [x, y, n] = &mut sums[usize::from(now)];
            (*x, *y, *n) = (*x + point[0], *y + point[1], *n + 1.0);
        }
        for (centre, [x, y, n]) in centres.iter_mut().zip(sums) {
            if n > 0.0 {
                *centre = [x / n, y / n];
            }
        }
        if !changed {
            break;
        }
    }
    let within = points
        .iter()
        .zip(&second)
        .map(|(point, is_second)| squared(*point, centres[usize::from(*is_second)]));
    let within = within.sum();
    (second, within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clouds_are_found_from_any_start() {
        let mut points: Vec<[f64; 2]> =
            (0..60).map(|i| [f64::from(i % 6) * 0.1, f64::from(i / 6) * 0.05]).collect();
        points.extend((0..20).map(|i| [3.0 + f64::from(i % 5) * 0.1, 0.2]));
        assert!(standardise(&mut points));
        for start in [[1.0, 0.0], [1.0, 1.0]] {
            let (second, within) = two_means(&points, start);
            assert_eq!(second.iter().filter(|is| **is).count(), 20, "{start:?}");
            assert!(within < 2.0 * 80.0 * 0.6, "{within}");
        }
        assert!(!standardise(&mut [[1.0, 2.0]; 5]));
    }
}
