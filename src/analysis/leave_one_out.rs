//! The pooled value without each study in turn.

use rayon::prelude::*;
use serde::Serialize;

use super::refit::{LeftOut, Refit};
use super::{KeepGoing, MetaAnalysis};
use crate::error::{Error, Problem};

/// The pooled value without each study in turn, in the order of the studies.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LeaveOneOut {
    /// A row a study.
    pub rows: Vec<WithoutStudy>,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
}

/// What is pooled without one study.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WithoutStudy {
    /// The study that is left out; where several rows have its name, with its line.
    pub omitted: String,
    /// The result of the others.
    #[serde(flatten)]
    pub result: Refit,
}

impl MetaAnalysis {
    /// The pooled value without each study in turn, by the same model and choices.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is one study alone.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let without = result.leave_one_out()?;
    /// assert_eq!((without.rows.len(), without.rows[2].omitted.as_str(), without.rows[2].result.k), (3, "C", 2));
    /// assert!(without.rows[2].result.estimate.unwrap() > result.pooled().estimate);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn leave_one_out(&self) -> Result<LeaveOneOut, Error> {
        self.leave_one_out_watched(&mut |_, _| true)
    }

    /// The same; `keep_going` is given how many studies are done, and stops it by returning false.
    ///
    /// # Errors
    ///
    /// As [`leave_one_out`](Self::leave_one_out).
    pub fn leave_one_out_watched(&self, keep_going: &mut KeepGoing<'_>) -> Result<LeaveOneOut, Error> {
        needs_two(self, "leave-one-out")?;
        let left_out = LeftOut::new(self);
        let (results, stopped) = in_batches(self, self.k(), keep_going, |omitted| left_out.without(omitted));
        let names = self.row_names();
        let row = |(index, result)| WithoutStudy { omitted: names.of(index), result };
        Ok(LeaveOneOut { rows: results.into_iter().enumerate().map(row).collect(), stopped })
    }
}

/// Refused where there is one study alone.
pub(super) fn needs_two(result: &MetaAnalysis, what: &str) -> Result<(), Error> {
    if result.k() >= 2 {
        return Ok(());
    }
    let problem = Problem::new(format!("{what} takes at least two studies, and one was pooled"));
    Err(Error::Data(vec![problem.at(result.data.provenance.data.clone(), None)]))
}

/// So many fits of a model of the counts are made between two questions whether to go on.
const COUNTED_AT_ONCE: usize = 4;
/// So many of a weighted mean.
const WEIGHTED_AT_ONCE: usize = 64;

/// `count` fits in parallel, in their order; `keep_going` is asked before every few of them.
pub(super) fn in_batches<T: Send>(
    result: &MetaAnalysis,
    count: usize,
    keep_going: &mut KeepGoing<'_>,
    one: impl Fn(usize) -> T + Sync,
) -> (Vec<T>, bool) {
    let batch = if !result.spec.model.weights_rows() { COUNTED_AT_ONCE } else { WEIGHTED_AT_ONCE };
    let mut done = Vec::with_capacity(count);
    while done.len() < count {
        if !keep_going(done.len() as u64, count as u64) {
            return (done, true);
        }
        let next = done.len()..count.min(done.len() + batch);
        done.par_extend(next.into_par_iter().map(&one));
    }
    (done, false)
}
