//! The data of an analysis: studies, every other column of their table, what was left out, and where they
//! came from.

pub(crate) mod cell;
mod counts;
pub(crate) mod covariates;
pub(crate) mod dataset;
pub mod embedded;
mod estimate;
mod percentages;

pub use counts::Counts;
pub use covariates::{Covariate, Covariates};
pub use dataset::{ColumnsRead, Dataset, Excluded, Label, Ledger, Provenance, Studies, Study};
pub use estimate::Estimate;
pub use percentages::{PercentRow, Percentages};
