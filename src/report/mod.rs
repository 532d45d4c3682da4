//! What a result looks like: documents for machines, tables and pages for people.
//!
//! Nothing is computed here. The numbers of an [`MetaAnalysis`](crate::MetaAnalysis) are written down: with
//! every digit in [`json`] and [`csv`], rounded for reading in [`text`], [`markdown`] and [`html`].
//! The three for people say the same: one set of tables ([`studies`], [`results`]), sentences
//! ([`sentence`]) and methods ([`methods`]), in three markups.

pub mod chapter;
pub mod check;
pub mod csv;
pub mod escape;
pub mod explain;
mod file;
pub mod folder;
pub mod grim;
pub mod html;
pub mod json;
pub mod junit;
pub mod manifest;
pub mod markdown;
pub mod methods;
pub mod multiverse;
pub mod page;
pub mod percentages;
pub mod reconstruct;
pub mod references;
pub mod reproduce;
pub mod reread;
pub mod results;
pub mod schema;
pub mod selftest;
pub mod sentence;
pub mod side_by_side;
pub mod stale;
pub mod studies;
pub mod table;
pub mod text;
pub mod width;

pub use chapter::Chapter;
pub use page::{Report, Section};

/// The version that is named in documents and reports.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
