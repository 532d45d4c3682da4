//! One analysis: studies and a spec in, an [`Outcome`] out. Pure: no clock, no file, no global state.

pub mod advice;
pub mod outcome;
pub mod run;
pub mod studies;

pub use outcome::{Heterogeneity, Outcome, Prediction, Summary};
pub use run::run;
pub use studies::StudyRow;
