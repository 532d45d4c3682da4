//! The specification curve: every specification's estimate with its interval, sorted, and below it
//! which choices made it (Simonsohn, Simmons & Nelson 2020, doi:10.1038/s41562-020-0912-z).
//!
//! A column is a specification, a row below the curve is a value of a choice; neighbouring columns that
//! share a value are one bar. All intervals are one path of the file, so are the estimates and each row
//! of bars, and all their ends are whole units: a figure of 1,200 specifications stays below 40 KB.

mod builder;
mod choices;
mod marked;
mod options;
mod sheet;

pub use builder::SpecificationCurve;
pub use options::Options;
pub use sheet::{draw, figure};
