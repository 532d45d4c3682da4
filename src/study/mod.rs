//! The data, in the user's units: counts of people, row by row.

pub mod counts;
pub mod embedded;
pub mod read;
pub mod table;

pub use counts::Counts;
pub use table::{Excluded, Provenance, Study, StudyTable};
