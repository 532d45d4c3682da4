//! Many count tables under one specification, held against printed digits.
//!
//! [`reconstruct`](super::reconstruct) and the subsets of [`reproduce`](super::reproduce) pool millions
//! of tables that differ in a row or two, so only what printed fields need is computed here; whatever
//! looks as if it fits is pooled again by [`run`](crate::run) and held by the claim check.
//!
//! | file | noun |
//! |---|---|
//! | `evaluate` | one table under the specification |
//! | `target` | the printed fields as ranges, and how far a table is from them |
//! | `quick` | the test that most tables fail: sums and one pass over the rows |

pub(super) mod evaluate;
mod evaluation;
pub(super) mod screen;
pub(super) mod target;

pub(super) use evaluate::{CI, Evaluator, MODELS};
pub(super) use evaluation::Evaluation;
pub(super) use screen::{Screen, Sums};
pub(super) use target::Target;

use crate::MetaAnalysis;
use crate::analysis::fit;
use crate::data::{Dataset, Study};
use crate::options::Spec;
use crate::published::claim::{Claim, Verdict, check};

/// The outcome of these rows, where every printed field holds; cutting digits off holds if it is allowed.
pub(super) fn verified(
    studies: Vec<Study>,
    spec: &Spec,
    printed: &Claim,
    truncation: bool,
) -> Option<MetaAnalysis> {
    let table = Dataset::of_studies(studies).ok()?;
    let outcome = fit(&table, spec).ok()?;
    match check(printed, &outcome).verdict {
        Verdict::Holds => Some(outcome),
        Verdict::HoldsTruncated if truncation => Some(outcome),
        _ => None,
    }
}
