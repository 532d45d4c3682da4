//! The data of an analysis: studies, what was left out of them, and where they came from.

pub mod counts;
pub mod dataset;
pub mod embedded;
pub mod percentages;

pub use counts::Counts;
pub use dataset::{ColumnsRead, Dataset, Excluded, Provenance, Study};
pub use percentages::{PercentRow, Percentages};
