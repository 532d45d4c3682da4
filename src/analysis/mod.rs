//! One analysis: studies and a spec in, an [`MetaAnalysis`] out. Pure: no clock, no file, no global state.

mod advice;
pub mod distribution;
mod exact;
mod fit;
mod inverse_variance;
pub mod meta_analysis;
pub mod studies;
mod summary;

pub use distribution::{Cutoff, Distribution};
pub use fit::fit;
pub use meta_analysis::{Heterogeneity, HeterogeneityTest, MetaAnalysis, Population, Prediction, Summary};
pub use studies::StudyRow;
