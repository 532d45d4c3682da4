//! The data, in the user's units: counts of people, row by row.

mod columns;
mod count;
pub mod counts;
pub mod embedded;
mod options;
pub mod percent;
pub mod read;
mod records;
mod roles;
mod rows;
pub mod table;
mod text;
mod totals;

pub use counts::Counts;
pub use percent::{PercentRow, Percentages};
pub use table::{ColumnsRead, Excluded, Provenance, Study, StudyTable};
