//! Many count tables under one specification, compared with printed digits.
//!
//! [`reconstruct`](super::reconstruct) and the subsets of [`reproduce`](super::reproduce) pool millions of
//! tables, so only what the printed fields need is computed for each: most tables fail the [`Screen`], the
//! others are fitted by the [`Evaluator`], and a table that seems to fit is analysed by
//! [`fit`](fn@crate::fit) and checked as a claim.
//!
//! | file | noun |
//! |---|---|
//! | `evaluate` | the fit of one table under the specification |
//! | `row_cache` | rows on the analysis scale, kept from table to table |
//! | `evaluation` | a fitted model, of which only what is asked for is computed |
//! | `target` | the printed fields as ranges, and the distance of a result from them |
//! | `screen` | a fast test on sums over the rows, which rejects most tables |
//! | `worker` | a search on a thread of its own, which can be left in the middle of a step |

mod evaluate;
mod evaluation;
mod row_cache;
mod screen;
mod target;
mod worker;

pub(super) use evaluate::{CI, Evaluator, MODELS};
pub(super) use evaluation::Evaluation;
pub(super) use row_cache::RowCache;
pub(super) use screen::{Screen, Sums};
pub(super) use target::Target;
pub(super) use worker::{Ask, Findings, search};

use crate::MetaAnalysis;
use crate::analysis::fit;
use crate::data::{Dataset, Study};
use crate::options::Spec;
use crate::published::claim::{Claim, Verdict, check};

/// The analysis of these studies, if every printed field holds in it, by rounding or, with `truncation`,
/// where digits are cut off; `None` otherwise.
pub(super) fn verified(
    studies: Vec<Study>,
    spec: &Spec,
    printed: &Claim,
    truncation: bool,
) -> Option<MetaAnalysis> {
    let table = Dataset::of_studies(studies).ok()?;
    let result = fit(&table, spec).ok()?;
    match check(printed, &result).verdict {
        Verdict::Holds => Some(result),
        verdict if truncation && verdict.holds() => Some(result),
        _ => None,
    }
}
