//! **metaprop**: meta-analysis of proportions.
//!
//! The way a row goes:
//!
//! ```text
//! CSV line → Study (counts, line number) → Estimates (y, v on the analysis scale)
//!          → τ² → pooled value, intervals, prediction → Outcome → words, tables, figures
//! ```
//!
//! Each arrow is a module, and modules only use what stands below them; `ARCHITECTURE.md`
//! has the map, and a test holds it.
//!
//! ```
//! use metaprop::{run, Spec, StudyTable};
//!
//! let table = StudyTable::from_counts([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
//! let outcome = run(&table, &Spec::default())?;
//! let pooled = outcome.random.expect("the default model is random effects");
//! assert!(pooled.lower.unwrap() < pooled.estimate && pooled.estimate < pooled.upper.unwrap());
//! # Ok::<(), metaprop::Error>(())
//! ```

pub mod advisory;
pub mod analysis;
pub mod effect;
pub mod error;
pub mod format;
pub mod numeric;
pub mod plot;
pub mod pool;
pub mod report;
pub mod review;
pub mod rounding;
pub mod selftest;
pub mod spec;
pub mod study;
pub mod vocabulary;

#[cfg(feature = "cli")]
pub mod cli;

pub use advisory::{Advisory, Code};
pub use analysis::{Outcome, run};
pub use error::Error;
pub use spec::Spec;
pub use study::{Counts, Study, StudyTable};
