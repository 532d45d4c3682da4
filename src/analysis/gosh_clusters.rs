//! Which studies part the subsets into two clouds.

use serde::Serialize;

use super::MetaAnalysis;
use super::gosh::{Gosh, Subset};
use super::refit::{Refit, Refitted};

/// Studies part the clusters where their presence agrees with the cluster by so large a κ: of halves, 80% of the subsets.
const TELLS: f64 = 0.6;
/// A study joins others where it adds so much to κ.
const ADDS: f64 = 0.05;
/// Of fewer subsets a study tells many by chance.
const FEWEST: usize = 100;
/// Of many more subsets than these, every third, fifth … is taken.
const MOST_SUBSETS: usize = 100_000;
/// So many studies are set aside one after the other.
const MOST_STUDIES: usize = 5;
/// Where assignments go on changing, they have changed little by then.
const ROUNDS: usize = 100;

/// The studies that part the subsets into two clusters, found one after the other.
///
/// The points (pooled value, I²) of the subsets, each in its standard deviations, are parted into two clusters by k-means
/// (Lloyd 1982, doi:10.1109/TIT.1982.1056489), started from the four directions ±(1, 0), ±(0, 1), ±(1, 1), ±(1, −1) about
/// their mean; the parting with the least sum of squares counts, so that there is no seed. Studies join a set one after the
/// other as long as "one of them is in the subset" agrees better with the cluster, by Cohen's κ (1960,
/// doi:10.1177/001316446002000104) and by at least 0.05. Where κ is at least 0.6 they part the subsets; those without any of
/// them are parted again. Clusters of GOSH points were proposed for the search of outliers by Harrer, Cuijpers,
/// Furukawa & Ebert (2021, Doing Meta-Analysis with R, ISBN 978-0-367-61007-4), by k-means, DBSCAN and Gaussian mixtures
/// there; the rule on κ is ours. k-means parts any cloud in two: a set says where to look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GoshClusters {
    /// The sets, each the one before with more studies.
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
    /// The last of them: those that part the subsets without the studies of the set before.
    pub parting: Vec<String>,
    /// Cohen's κ of the presence of one of these and the cluster.
    pub kappa: f64,
    /// The part of the sum of squares that lies between the two clusters: 0.32 for a round normal cloud.
    pub between: f64,
    /// What is pooled without the set.
    #[serde(flatten)]
    pub result: Refit,
}

impl Gosh {
    /// The studies whose presence parts the subsets into two clusters of estimate and I², and the result without them; `of` is
    /// the result that the subsets are of. Of many more than 100,000 subsets
    /// every third, fifth … is taken. O(subsets) a study that is found.
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
        let (refitted, named) = (Refitted::new(of), of.row_names());
        while found.len() < MOST_STUDIES {
            let parted = match Parted::of(self, &found) {
                Ok(parted) => parted,
                Err(reason) if found.is_empty() => return refused(reason),
                Err(_) => break,
            };
            let Some((parting, kappa)) = parted.parting(self, of.k(), &found) else { break };
            found.extend(&parting);
            let names = |studies: &[u32]| -> Vec<String> {
                studies.iter().map(|study| named.of(*study as usize)).collect()
            };
            let rest: Vec<u32> = (0..of.k() as u32).filter(|study| !found.contains(study)).collect();
            sets.push(OutlierSet {
                studies: names(&found),
                parting: names(&parting),
                kappa,
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

/// Every how many-th subset is taken. An odd number, since the subsets stand in the order of their bits: with an even one
/// the first study would be in all of them or in none.
fn step(gosh: &Gosh) -> usize {
    (gosh.rows.len() / MOST_SUBSETS) | 1
}

/// The estimate and the I² of a subset that has both.
fn point(row: &Subset) -> Option<[f64; 2]> {
    row.y.zip(row.i2).map(<[f64; 2]>::from).filter(|point| point.iter().all(|value| value.is_finite()))
}

impl Parted {
    /// The subsets without the studies that were found.
    fn of(gosh: &Gosh, found: &[u32]) -> Result<Self, &'static str> {
        let mut points = Vec::new();
        gosh.visit(step(gosh), &mut |row, studies| {
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

    /// The studies of which one is present in the subsets of one cluster and none in those of the other, with their κ, where
    /// it is high enough: the best study, and more as long as each adds to κ.
    fn parting(&self, gosh: &Gosh, k: usize, found: &[u32]) -> Option<(Vec<u32>, f64)> {
        let (mut parting, mut best): (Vec<u32>, f64) = (Vec::new(), 0.0);
        while found.len() + parting.len() < MOST_STUDIES {
            let present = Present::of(self, gosh, k, found, &parting);
            let candidates = (0..k as u32).filter(|study| !found.contains(study) && !parting.contains(study));
            let each = candidates.map(|study| (study, present.kappa(study)));
            // Of two that tell as much, the first of the table.
            let next = each.reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Some((study, kappa)) = next.filter(|(_, kappa)| *kappa >= best + ADDS) else { break };
            parting.push(study);
            best = kappa;
        }
        (best >= TELLS).then_some((parting, best))
    }
}

/// In how many subsets of each cluster studies are present.
struct Present {
    /// All subsets of each cluster.
    all: [u64; 2],
    /// Those that have one of the studies that part them.
    any: [u64; 2],
    /// Of the others those that have a study.
    with: Vec<[u64; 2]>,
}

impl Present {
    fn of(parted: &Parted, gosh: &Gosh, k: usize, found: &[u32], parting: &[u32]) -> Self {
        let (mut all, mut any, mut with) = ([0; 2], [0; 2], vec![[0; 2]; k]);
        let mut clusters = parted.second.iter();
        let has = |studies: &[u32], some: &[u32]| some.iter().any(|study| studies.contains(study));
        gosh.visit(step(gosh), &mut |row, studies| {
            if point(row).is_none() || has(studies, found) {
                return;
            }
            let cluster = usize::from(clusters.next().is_some_and(|second| *second));
            all[cluster] += 1;
            if has(studies, parting) {
                any[cluster] += 1;
            } else {
                studies.iter().for_each(|study| with[*study as usize][cluster] += 1);
            }
        });
        Self { all, any, with }
    }

    /// κ = (o − e)/(1 − e) of "one of the studies or this one is present" with the cluster; whichever cluster they go with.
    fn kappa(&self, study: u32) -> f64 {
        let with = self.with[study as usize];
        let present = [self.any[0] + with[0], self.any[1] + with[1]].map(|count| count as f64);
        let all = self.all.map(|count| count as f64);
        let n = all[0] + all[1];
        let share = (present[0] + present[1]) / n;
        let agree = |cluster: usize| {
            let observed = (present[cluster] + all[1 - cluster] - present[1 - cluster]) / n;
            let expected = (share * all[cluster] + (1.0 - share) * all[1 - cluster]) / n;
            if expected < 1.0 { (observed - expected) / (1.0 - expected) } else { 0.0 }
        };
        agree(0).max(agree(1))
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
    fn two_clouds_are_found_from_the_better_start() {
        let mut points: Vec<[f64; 2]> =
            (0..60).map(|i| [f64::from(i % 6) * 0.1, f64::from(i / 6) * 0.05]).collect();
        points.extend((0..20).map(|i| [3.0 + f64::from(i % 5) * 0.1, 0.2]));
        assert!(standardise(&mut points));
        let found = [[1.0, 0.0], [1.0, 1.0]].map(|start| two_means(&points, start));
        let (second, within) = &found[usize::from(found[1].1 < found[0].1)];
        assert_eq!(second.iter().filter(|is| **is).count(), 20, "{within}");
        assert!(*within < 2.0 * 80.0 * 0.6, "{within}");
        assert!(!standardise(&mut [[1.0, 2.0]; 5]));
    }
}
