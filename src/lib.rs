//! **metaprop**: meta-analysis of proportions.
//!
//! The way a row goes:
//!
//! ```text
//! CSV line → Study (counts, line number) → Estimates (y, v on the analysis scale)
//!          → τ² → pooled value, intervals, prediction → MetaAnalysis → words, tables, figures
//! ```
//!
//! Each arrow is a module, and modules only use what stands below them; `ARCHITECTURE.md`
//! has the map, and a test holds it.
//!
//! ```
//! use metaprop::{fit, Spec, Dataset};
//!
//! let table = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
//! let outcome = fit(&table, &Spec::default())?;
//! let pooled = outcome.random.expect("the default model is random effects");
//! assert!(pooled.lower.unwrap() < pooled.estimate && pooled.estimate < pooled.upper.unwrap());
//! # Ok::<(), metaprop::Error>(())
//! ```

pub mod advisory;
pub mod analysis;
pub mod data;
pub mod effect;
pub mod error;
pub mod format;
pub mod io;
pub mod model;
pub mod numeric;
pub mod options;
pub mod plot;
pub mod prelude;
pub mod printed;
pub mod project;
pub mod published;
pub mod report;
pub mod selftest;

#[cfg(feature = "cli")]
pub mod cli;

pub use advisory::{Advisory, Code};
pub use analysis::{MetaAnalysis, fit};
pub use data::{Counts, Dataset, Study};
pub use error::Error;
pub use options::Spec;
pub use project::Project;
