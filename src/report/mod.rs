//! What a result looks like: documents for machines, tables and pages for people.
//!
//! Every kind of result is a [`Document`]: it has a text, Markdown and JSON, some have CSV. A pooled result is also a
//! [`Page`], which has a title and a number format, and several make a [`Report`] with its files. Nothing is computed
//! here: the numbers of a [`MetaAnalysis`](crate::MetaAnalysis) are written down, with every digit in JSON and CSV,
//! rounded for reading in the others, which share their tables and sentences.

mod bias;
mod bias_words;
mod cells;
pub(crate) mod chapter;
pub(crate) mod check;
mod columns;
#[doc(hidden)]
pub mod csv;
mod document;
#[doc(hidden)]
pub mod escape;
pub(crate) mod explain;
mod file;
#[doc(hidden)]
pub mod folder;
mod further;
mod gosh;
pub(crate) mod grim;
#[cfg(all(feature = "cli", feature = "tables"))]
pub(crate) mod group_parquet;
#[cfg(feature = "cli")]
pub(crate) mod group_rows;
pub(crate) mod html;
mod influence;
pub(crate) mod joint;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod junit;
pub mod lock;
#[doc(hidden)]
pub mod manifest;
#[doc(hidden)]
pub mod markdown;
mod markdown_page;
pub(crate) mod methods;
pub(crate) mod multiverse;
mod one_result;
pub mod opening;
pub(crate) mod page;
pub(crate) mod percentages;
mod reading;
pub(crate) mod reconstruct;
#[doc(hidden)]
pub mod references;
mod refits;
mod regression;
pub(crate) mod reproduce;
#[doc(hidden)]
pub mod reread;
pub(crate) mod results;
pub(crate) mod scan;
#[doc(hidden)]
pub mod schema;
pub(crate) mod selftest;
pub(crate) mod sentence;
pub(crate) mod side_by_side;
mod simulation;
pub(crate) mod sources;
#[doc(hidden)]
pub mod stale;
pub(crate) mod studies;
mod subgroups;
#[doc(hidden)]
pub mod table;
pub(crate) mod text;
mod version;
#[doc(hidden)]
pub mod width {
    //! How many columns of a terminal a text takes.
    pub use crate::plot::width::{cut, width};
}
mod word;
mod word_page;

pub use bias::BiasReport;
pub use chapter::Chapter;
pub use check::{CheckReport, CheckedOutcome, VerdictCounts};
#[cfg(feature = "cli")]
pub(crate) use document::write;
pub use document::{Document, Format};
pub use explain::{Both, ExplainReport};
pub use folder::File;
pub use gosh::GoshReport;
pub use influence::InfluenceReport;
pub use joint::JointReport;
pub use multiverse::MultiverseReport;
#[cfg(feature = "cli")]
pub(crate) use one_result::MOST_ROWS;
pub use one_result::Page;
pub use page::{Report, Section};
pub use reconstruct::ReconstructReport;
pub use refits::{CumulativeReport, LeaveOneOutReport};
pub use regression::RegressionReport;
pub use reproduce::ReproduceReport;
pub use scan::{ScanCounts, ScanReport};
pub use selftest::SelftestReport;
pub use simulation::SimulationReport;
pub use stale::{Change, Comparison};

#[doc(hidden)]
pub use version::VERSION;

#[cfg(test)]
mod pinned;
