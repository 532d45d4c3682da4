//! Every pooled result and every count with its percentage in a manuscript, each with its place and a verdict.
//!
//! What is read are the results that have an interval, and numbers that are said to be pooled. Without outcomes the
//! figures of a result are held against each other. With them it is decided first which outcome a result is about; a
//! result of which that cannot be told is not held against any:
//!
//! 1. All of its main figures (estimate and limits) are those of an outcome. Where several have them, the one that the
//!    words name.
//! 2. All but one of its main figures are those of one outcome alone: the third is wrong.
//! 3. The words name one outcome, say that the figure is pooled, and do not say that it is of a part of the studies.
//! 4. It prints the number of studies and of people of one outcome alone, and is not said to be of a part.
//!
//! A result that has not all main figures of an outcome is held against the parts of outcomes: the levels of their
//! subgroups, their results without a study where one is said to be left out, and the coefficients of their
//! meta-regressions. It is about a part that has its estimate and both limits; about the one that the words name where
//! two of the three are its own; and about one that is named and is said to be meant: by the word "subgroup", by as
//! many studies, or by the word that a study is left out.
//!
//! Then every figure that is printed of it is held against the outcome, as [`claim::check`](super::claim::check) does.
//!
//! | file | what it holds |
//! |---|---|
//! | `sentences` | where the sentences of a passage begin and end |
//! | `row` | the results in a row of a table |
//! | `outcome` | what results are held against, and the words that name it |
//! | `about` | which outcome a result is about |
//! | `part` | what an outcome gives for a part of its studies |
//! | `parts` | the parts of outcomes, and which of them a result is about |
//! | `between` | the p-value of a test between subgroups |
//! | `why` | the reasons of verdicts on results |
//! | `scanned` | a result and a count with their verdicts |
//! | `judge` | the verdict on a result |
//! | `count` | the verdict on a count |
//! | `manuscript_scan` | all results and counts of a manuscript |

mod about;
mod between;
mod count;
mod judge;
mod manuscript_scan;
mod outcome;
mod part;
mod parts;
#[cfg(test)]
mod printed_sentences;
mod row;
mod scanned;
mod sentences;
mod why;

pub use about::About;
pub use manuscript_scan::ManuscriptScan;
pub use outcome::ScanOutcome;
pub use part::{PartKind, ScannedPart};
pub use scanned::{NotRead, ScannedCount, ScannedResult};
pub use why::Why;
