//! One analysis: a data set and a spec in, a [`MetaAnalysis`] out. Pure: no clock, no file, no global state.

mod advisories;
mod builder;
mod companion;
mod fit;
mod meta_analysis;
mod statistic;
mod study_row;

#[doc(inline)]
pub use crate::model::{
    Component, Cutoff, Distribution, Heterogeneity, HeterogeneityField, HeterogeneityTest, Population,
    Prediction, PredictionField, Summary, SummaryField, Test, Value,
};
pub use builder::Analysis;
pub use companion::{Average, Companion, Estimate};
pub use fit::fit;
#[cfg(feature = "cli")]
pub(crate) use fit::fit_watched;
pub use meta_analysis::MetaAnalysis;
pub(crate) use statistic::Parts;
pub use statistic::Statistic;
pub use study_row::StudyRow;
