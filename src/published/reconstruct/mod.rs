//! Count tables that are consistent with a printed summary: what the data may have been, never what
//! they were.
//!
//! A paper prints a pooled estimate, its interval, the number of studies and of people, and some of
//! the rows are known from elsewhere. [`reconstruct`] fills in the rest: either every table within the
//! bounds is looked at, and then "none exists" is a proof, or as many as were tried, and then none was
//! found in so many tries. The two are never confused.
//!
//! | file | noun |
//! |---|---|
//! | `puzzle` | what is printed, what is known, and the bounds |
//! | `selection` | which known rows are in, under which reading |
//! | `space` | how many tables there are within the bounds |
//! | `bound` | which known rows no table can complete |
//! | `exhaustive` | all tables of the others |
//! | `climb` | a seeded local search |
//! | `table` | one table, and how it is told |
//! | `summary` | what the tables found have in common |
//! | `found` | the answer |

mod bound;
mod climb;
mod exhaustive;
mod found;
mod puzzle;
mod selection;
mod space;
mod summary;
mod table;

pub use found::{Reconstruction, reconstruct};
pub use puzzle::{Known, Puzzle};
pub use summary::{KnownRow, Summary};
pub use table::{Row, Told};
