//! The smallest set of studies without which a conclusion does not hold any more.

use serde::Serialize;

use super::conclusion::Conclusion;
use super::leave_one_out::{in_batches, needs_two};
use super::refit::{Refit, Refitted};
use super::row_names::RowNames;
use super::{KeepGoing, MetaAnalysis};
use crate::error::Error;

/// So many subsets are fitted at most: every one of 20 studies.
const MOST_FITS: u64 = 1 << 20;
/// So many of an exact model.
const MOST_EXACT_FITS: u64 = 2_000;
/// So many sets of the smallest size are listed.
const LISTED: usize = 20;

/// The smallest set of studies without which a conclusion does not hold any more; at least one study is left.
///
/// All sets of one study are tried, then all of two, and so on: the first size at which the conclusion falls is the
/// smallest one. Where the next size has more sets than can be fitted, one study after the other is taken away, each
/// time the one that brings the conclusion nearest to its fall: what that finds need not be the smallest.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SmallestRemoval {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// Whether it holds with all studies; `None` where the result has no such limit.
    pub holds: Option<bool>,
    /// The number of studies to be left out; `None` where no such set was found.
    pub size: Option<usize>,
    /// Up to which size every set was tried.
    pub tried_up_to: usize,
    /// Whether no smaller set does it: every one was tried.
    pub proved_smallest: bool,
    /// How many sets of this size do it; of a set that was found step by step 1.
    pub sets: u64,
    /// The first 20 of them.
    pub found: Vec<RemovedSet>,
    /// How many subsets were fitted.
    pub fitted: u64,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
}

/// A set of studies without which the conclusion does not hold, and the result of the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RemovedSet {
    /// The studies that are left out.
    pub omitted: Vec<String>,
    /// The result of the others.
    #[serde(flatten)]
    pub result: Refit,
}

impl MetaAnalysis {
    /// The smallest set of studies without which a conclusion does not hold any more.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is one study alone.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 30, 40), ("B", 33, 50), ("C", 48, 66), ("D", 13, 18), ("E", 9, 30)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let removal = result.smallest_removal(&"lower < 40%".parse()?)?;
    /// assert_eq!((removal.size, removal.proved_smallest), (Some(1), true));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn smallest_removal(&self, conclusion: &Conclusion) -> Result<SmallestRemoval, Error> {
        self.smallest_removal_watched(conclusion, &mut |_, _| true)
    }

    /// The same; `keep_going` is given how many subsets of a size are done, and stops it by returning false.
    ///
    /// # Errors
    ///
    /// As [`smallest_removal`](Self::smallest_removal).
    pub fn smallest_removal_watched(
        &self,
        conclusion: &Conclusion,
        keep_going: &mut KeepGoing<'_>,
    ) -> Result<SmallestRemoval, Error> {
        needs_two(self, "the smallest removal")?;
        let [lower, upper] = self.pooled().shown_limits();
        let mut removal = SmallestRemoval {
            conclusion: conclusion.clone(),
            holds: conclusion.holds(self.pooled().estimate, [lower, upper]),
            size: None,
            tried_up_to: 0,
            proved_smallest: false,
            sets: 0,
            found: Vec::new(),
            fitted: 0,
            stopped: false,
        };
        if removal.holds == Some(true) {
            let (refitted, names) = (Refitted::new(self), self.row_names());
            Search { result: self, refitted, names, conclusion }.run(&mut removal, keep_going);
        }
        Ok(removal)
    }
}

struct Search<'a> {
    result: &'a MetaAnalysis,
    refitted: Refitted<'a>,
    names: RowNames<'a>,
    conclusion: &'a Conclusion,
}

/// A set that was tried: how far the conclusion is from its fall.
struct Tried {
    omitted: Vec<u32>,
    margin: Option<f64>,
    falls: bool,
    result: Refit,
}

impl Search<'_> {
    fn run(&self, removal: &mut SmallestRemoval, keep_going: &mut KeepGoing<'_>) {
        let k = self.result.k();
        let most = if !self.result.spec.model.weights_rows() { MOST_EXACT_FITS } else { MOST_FITS };
        // The set that brings the conclusion nearest to its fall.
        let mut nearest: Option<Tried> = None;
        for size in 1..k {
            let sets = combinations(k, size).filter(|sets| removal.fitted + sets <= most);
            let Some(sets) = sets else { return self.step_by_step(nearest, removal, keep_going) };
            let mut sets_of_size = Combinations::new(k, size);
            let all: Vec<Vec<u32>> = (0..sets).filter_map(|_| sets_of_size.next()).collect();
            let (tried, stopped) =
                in_batches(self.result, all.len(), keep_going, |index| self.without(all[index].clone()));
            removal.fitted += tried.len() as u64;
            let falling: Vec<&Tried> = tried.iter().filter(|tried| tried.falls).collect();
            if !falling.is_empty() {
                (removal.size, removal.sets) = (Some(size), falling.len() as u64);
                removal.proved_smallest = true;
                removal.found = falling.iter().take(LISTED).map(|tried| self.named(tried)).collect();
                removal.stopped = stopped;
                return;
            }
            if stopped {
                removal.stopped = true;
                return;
            }
            removal.tried_up_to = size;
            nearest = tried.into_iter().filter(|tried| tried.margin.is_some()).min_by(nearer);
        }
    }

    /// From the set that was nearest, one study more at a time.
    fn step_by_step(
        &self,
        nearest: Option<Tried>,
        removal: &mut SmallestRemoval,
        keep_going: &mut KeepGoing<'_>,
    ) {
        let k = self.result.k() as u32;
        let mut omitted = nearest.map_or_else(Vec::new, |tried| tried.omitted);
        while omitted.len() + 1 < k as usize {
            let next: Vec<Vec<u32>> = (0..k)
                .filter(|study| !omitted.contains(study))
                .map(|study| {
                    let mut more = omitted.clone();
                    more.push(study);
                    more.sort_unstable();
                    more
                })
                .collect();
            let (tried, stopped) =
                in_batches(self.result, next.len(), keep_going, |index| self.without(next[index].clone()));
            removal.fitted += tried.len() as u64;
            if stopped {
                removal.stopped = true;
                return;
            }
            let best = tried.into_iter().filter(|tried| tried.margin.is_some()).min_by(nearer);
            let Some(best) = best else { return };
            if best.falls {
                (removal.size, removal.sets) = (Some(best.omitted.len()), 1);
                removal.proved_smallest = best.omitted.len() == removal.tried_up_to + 1;
                removal.found = vec![self.named(&best)];
                return;
            }
            omitted = best.omitted;
        }
    }

    fn without(&self, omitted: Vec<u32>) -> Tried {
        let rows: Vec<u32> = (0..self.result.k() as u32).filter(|row| !omitted.contains(row)).collect();
        let result = self.refitted.to(&rows);
        let limits = [result.lower, result.upper];
        let of = |estimate: f64| {
            (self.conclusion.margin(estimate, limits), self.conclusion.holds(estimate, limits))
        };
        let (margin, holds) = result.estimate.map_or((None, None), of);
        Tried { omitted, margin, falls: holds == Some(false), result }
    }

    fn named(&self, tried: &Tried) -> RemovedSet {
        let names = &self.names;
        let name = |study: &u32| names.of(*study as usize);
        RemovedSet { omitted: tried.omitted.iter().map(name).collect(), result: tried.result.clone() }
    }
}

fn nearer(one: &Tried, other: &Tried) -> std::cmp::Ordering {
    one.margin.unwrap_or(f64::INFINITY).total_cmp(&other.margin.unwrap_or(f64::INFINITY))
}

/// How many sets of this size there are.
fn combinations(k: usize, size: usize) -> Option<u64> {
    (0..size as u64).try_fold(1u64, |product, step| Some(product.checked_mul(k as u64 - step)? / (step + 1)))
}

/// The sets of one size, in the order of their members.
struct Combinations {
    k: u32,
    next: Option<Vec<u32>>,
}

impl Combinations {
    fn new(k: usize, size: usize) -> Self {
        Self { k: k as u32, next: (size <= k).then(|| (0..size as u32).collect()) }
    }
}

impl Iterator for Combinations {
    type Item = Vec<u32>;

    fn next(&mut self) -> Option<Vec<u32>> {
        let current = self.next.take()?;
        let size = current.len();
        let movable = (0..size).rev().find(|place| current[*place] < self.k - (size - place) as u32);
        self.next = movable.map(|place| {
            let mut following = current.clone();
            following[place] += 1;
            for later in place + 1..size {
                following[later] = following[later - 1] + 1;
            }
            following
        });
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_a_size_comes_once() {
        for (k, size, count) in [(5, 1, 5), (5, 2, 10), (5, 5, 1), (20, 3, 1140)] {
            let all: std::collections::BTreeSet<Vec<u32>> = Combinations::new(k, size).collect();
            assert_eq!((all.len(), combinations(k, size)), (count, Some(count as u64)));
        }
        assert_eq!(Combinations::new(4, 2).next(), Some(vec![0, 1]));
        assert_eq!(combinations(10_000, 30), None);
    }
}
