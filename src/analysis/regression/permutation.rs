//! The permutation test of a meta-regression.

use rayon::prelude::*;
use serde::Serialize;

use super::fitted::Fitted;
use crate::error::Error;
use crate::model::{ModelMatrix, Prepared, TestStatistics};
use crate::numeric::random::Stream;
use crate::options::{Spec, Tau2Ci};

/// So many permutations are fitted between two questions whether to go on.
const AT_ONCE: u64 = 1024;
/// How near two statistics are taken for the same: a permutation that changes nothing must count.
const SAME: f64 = 1e-9;

/// The permutation test (Higgins & Thompson 2004, doi:10.1002/sim.1752): the moderators of the studies are exchanged
/// among them, and p is the share of the permutations whose statistic is at least as large as the observed one, which
/// counts as one of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Permutation {
    /// How many permutations were fitted.
    pub permutations: u64,
    /// Whether these are all that there are.
    pub exact: bool,
    /// How many could not be fitted, and count for neither side.
    pub failed: u64,
    /// The p-value of the omnibus test.
    pub omnibus_p: Option<f64>,
    /// Of each coefficient in order, by the size of its statistic; the intercept has none.
    pub coefficient_p: Vec<Option<f64>>,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
}

fn statistics(prepared: &Prepared<'_>, matrix: &ModelMatrix, spec: &Spec) -> Result<TestStatistics, Error> {
    Fitted::new(prepared, matrix, spec)?.test_statistics(spec)
}

/// How many statistics are at least as large as the observed ones.
struct Counts {
    fitted: u64,
    omnibus: u64,
    coefficients: Vec<u64>,
}

impl Counts {
    fn add(&mut self, observed: &TestStatistics, drawn: &TestStatistics) {
        let reaches = |drawn: Option<f64>, observed: Option<f64>| {
            let pair = drawn.zip(observed);
            u64::from(pair.is_some_and(|(drawn, observed)| drawn.abs() >= observed.abs() * (1.0 - SAME)))
        };
        self.fitted += 1;
        self.omnibus += reaches(drawn.omnibus, observed.omnibus);
        for (count, (drawn, observed)) in
            self.coefficients.iter_mut().zip(drawn.coefficients.iter().zip(&observed.coefficients))
        {
            *count += reaches(*drawn, *observed);
        }
    }
}

/// Tests by so many permutations, or by all where there are no more.
pub(super) fn permutation_test(
    prepared: &Prepared<'_>,
    matrix: &ModelMatrix,
    spec: &Spec,
    asked: u64,
    seed: u64,
    keep_going: &mut crate::analysis::KeepGoing<'_>,
) -> Result<Permutation, Error> {
    let spec = Spec { tau2_ci: Tau2Ci::None, ..spec.clone() };
    let observed = statistics(prepared, matrix, &spec)?;
    let k = matrix.rows();
    let all = factorial(k).filter(|all| *all <= asked);
    let wanted = all.unwrap_or(asked);
    let mut counts = Counts { fitted: 0, omnibus: 0, coefficients: vec![0; matrix.columns()] };
    let (mut failed, mut done, mut stopped) = (0, 0, false);
    while done < wanted {
        if !keep_going(done, wanted) {
            stopped = true;
            break;
        }
        let next = done..wanted.min(done + AT_ONCE);
        let drawn: Vec<Option<TestStatistics>> = next
            .clone()
            .into_par_iter()
            .map(|index| {
                let order = if all.is_some() { numbered(index, k) } else { shuffled(seed, index, k) };
                statistics(prepared, &matrix.permuted(&order), &spec).ok()
            })
            .collect();
        for drawn in drawn {
            drawn.map_or_else(|| failed += 1, |drawn| counts.add(&observed, &drawn));
        }
        done = next.end;
    }
    // The observed order is one of them: among all permutations it was fitted, among drawn ones it is added.
    let own = u64::from(all.is_none());
    let share = |count: u64| (count + own) as f64 / (counts.fitted + own) as f64;
    let has =
        |observed: Option<f64>, count: u64| observed.filter(|_| counts.fitted > 0).map(|_| share(count));
    let coefficient_p = observed.coefficients.iter().zip(&counts.coefficients).enumerate();
    Ok(Permutation {
        permutations: counts.fitted + own,
        exact: all.is_some() && !stopped,
        failed,
        omnibus_p: has(observed.omnibus, counts.omnibus),
        coefficient_p: coefficient_p
            .map(|(index, (observed, count))| {
                has(*observed, *count).filter(|_| matrix.intercept() != Some(index))
            })
            .collect(),
        stopped,
    })
}

/// k!, where it is no number out of reach.
fn factorial(k: usize) -> Option<u64> {
    (1..=k as u64).try_fold(1u64, u64::checked_mul)
}

/// The permutation of this number, from 0: by the factorial number system.
fn numbered(mut index: u64, k: usize) -> Vec<u32> {
    let mut left: Vec<u32> = (0..k as u32).collect();
    let mut order = Vec::with_capacity(k);
    for size in (1..=k as u64).rev() {
        let place = index % size;
        index /= size;
        order.push(left.remove(place as usize));
    }
    order
}

/// A random permutation (Fisher and Yates), by a stream of its own.
fn shuffled(seed: u64, index: u64, k: usize) -> Vec<u32> {
    let mut stream = Stream::new(seed, index);
    let mut order: Vec<u32> = (0..k as u32).collect();
    for last in (1..k).rev() {
        order.swap(last, stream.below(last as u64 + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_permutation_has_a_number() {
        let all: BTreeSet<Vec<u32>> = (0..120).map(|index| numbered(index, 5)).collect();
        assert_eq!(all.len(), 120);
        assert_eq!(numbered(0, 4), [0, 1, 2, 3]);
        assert_eq!((factorial(5), factorial(30)), (Some(120), None));
    }

    #[test]
    fn a_shuffle_is_a_permutation_and_its_own() {
        let mut order = shuffled(1, 0, 20);
        assert_ne!(order, shuffled(1, 1, 20));
        assert_eq!(order, shuffled(1, 0, 20));
        order.sort_unstable();
        assert_eq!(order, (0..20).collect::<Vec<u32>>());
    }
}
