//! Count tables that are consistent with a printed summary: what the data may have been, not what they were.
//!
//! A paper prints a pooled estimate, its interval, the number of studies and of people, and some of the rows
//! are known from elsewhere. [`reconstruct`] looks for the other rows. Either every table within the bounds
//! is examined, and then finding none proves that none exists; or a local search makes a number of tries, and
//! then finding none proves nothing. The result says which of the two was done.
//!
//! | file | noun |
//! |---|---|
//! | `known_row` | a row that is known from elsewhere |
//! | `query` | what is printed, what is known, and the bounds; and the same, validated |
//! | `selection` | which known rows are in a table, with which counts |
//! | `table_count` | how many tables there are within the bounds |
//! | `bound` | a bound that shows that no table completes a selection |
//! | `table` | one table |
//! | `common_ranges` | the ranges of all tables that were found |
//! | `collector` | the tables found so far |
//! | `exhaustive` | the examination of every table |
//! | `annealing` | the local search |
//! | `reconstruction` | the search for tables of one size, and the result |
//! | `size` | a number of studies or people within bounds, and what was found for one |
//! | `each_size` | the search for each of them |
//! | `joint` | the same for two outcomes of the same studies |

mod annealing;
mod bound;
mod collector;
mod common_ranges;
mod each_size;
mod exhaustive;
pub mod joint;
mod known_row;
mod query;
mod reconstruction;
mod selection;
mod size;
mod table;
mod table_count;

pub use common_ranges::{CommonRanges, KnownRowCount};
pub use each_size::reconstruct;
pub use known_row::KnownRow;
pub use query::ReconstructQuery;
pub use reconstruction::Reconstruction;
pub use size::{CountRange, SizeResult};
pub use table::{NearestTable, ReconstructedRow, TableSize};
