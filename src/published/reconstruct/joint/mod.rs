//! Count tables that give the printed figures of two outcomes at once.
//!
//! A review pools two outcomes of the same studies: the totals are the same, and nobody has both, so the events of
//! the two add up to at most the total in every study. [`reconstruct_joint`] looks for such tables. A selection of
//! known studies is shown to have none where the figures of either outcome alone have none.
//!
//! | file | noun |
//! |---|---|
//! | `known_study` | a study that is known from elsewhere, with the events of one outcome or of both |
//! | `query` | what is printed and what is known; and the same, validated |
//! | `choice` | which known studies are in a table, with which counts |
//! | `table` | one table |
//! | `annealing` | the local search |
//! | `ranges` | the ranges of all tables that were found |
//! | `reconstruction` | the result |

mod annealing;
mod choice;
mod known_study;
mod query;
mod ranges;
mod reconstruction;
mod table;

pub use known_study::{KnownStudy, Reading};
pub use query::JointQuery;
pub use ranges::{JointRanges, OutcomeRanges};
pub use reconstruction::{JointReconstruction, reconstruct_joint};
pub use table::{JointNearest, JointRow, PooledFigures};
