//! One analysis: studies and a spec in, an [`Outcome`] out. Pure: no clock, no file, no global state.

mod advice;
pub mod distribution;
mod exact;
mod inverse_variance;
pub mod outcome;
pub mod run;
pub mod studies;
mod summary;

pub use distribution::{Cutoff, Distribution};
pub use outcome::{Heterogeneity, HeterogeneityTest, Outcome, Population, Prediction, Summary};
pub use run::run;
pub use studies::StudyRow;
