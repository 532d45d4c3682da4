//! The data of an analysis: studies, every other column of their table, what was left out, and where they
//! came from.

pub(crate) mod cell;
mod clusters;
mod counts;
pub(crate) mod covariates;
pub(crate) mod dataset;
pub mod embedded;
mod estimate;
mod grouped_counts;
mod groups;
mod labels;
mod ledger;
mod manuscript;
mod percentages;
mod provenance;
mod studies;
mod table_columns;
mod text_frame;

pub(crate) use cell::is_missing;
pub use clusters::Clusters;
pub use counts::Counts;
pub use covariates::{Covariate, Covariates};
pub use dataset::Dataset;
pub(crate) use dataset::Repeated;
pub use estimate::Estimate;
pub use grouped_counts::GroupedCounts;
pub use groups::{Group, Groups};
pub use labels::{Label, Labels};
pub use ledger::{Excluded, Ledger};
pub use manuscript::{Manuscript, ManuscriptFormat, Passage, Place};
pub use percentages::{PercentRow, Percentages};
pub use provenance::{ColumnsRead, Provenance};
pub use studies::{Studies, Study};
pub use table_columns::{FoundBy, TableColumn, TableColumns};
