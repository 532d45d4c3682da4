//! From effect sizes to a fitted model: weights, τ², intervals, tests, heterogeneity.
//!
//! [`Prepared::fit`] is the one place where a model is fitted; everything that pools is its client. What it
//! stands on works on the analysis scale with two slices, the estimates `y` and their variances `v`, in O(k)
//! time and memory, or on counts where a model has an exact likelihood.

mod beta_binomial_fit;
mod binomial_normal_fit;
pub mod ci;
pub mod design;
pub mod distribution;
pub mod heterogeneity;
pub mod inference;
pub mod likelihood;
mod likelihood_fit;
pub(crate) mod omitted;
mod power_sums;
pub mod prediction;
pub mod prediction_bootstrap;
pub mod prepared;
pub mod proportion_above;
pub mod quadratic_form;
pub mod regression;
pub mod residuals;
mod statistic;
pub(crate) mod subset;
pub mod summary;
pub mod tau2;
mod three_level;
mod watch;
mod weighted_fit;
pub mod weighted_mean;

pub use beta_binomial_fit::BetaBinomial;
pub use binomial_normal_fit::BinomialNormal;
pub use design::{Design, ModelMatrix};
pub use distribution::{Cutoff, Distribution};
pub use heterogeneity::{
    Component, Heterogeneity, HeterogeneityField, HeterogeneityTest, Test, VarianceLimits,
};
pub use inference::{Inference, Pooled};
pub use prediction::{Prediction, PredictionField};
pub use prepared::{Fit, Prepared, Rows};
pub(crate) use regression::TestStatistics;
pub use regression::{
    BinomialRegression, Coefficient, Omnibus, PredictedValue, RegressionFit, RegressionResiduals,
    WeightedRegression,
};
pub use residuals::{MeanResiduals, ResidualSums, Residuals};
pub use statistic::Value;
pub use summary::{Population, Summary, SummaryField};
pub use tau2::Tau2Fit;
pub use three_level::ThreeLevelFit;
pub(crate) use watch::Watch;
pub use weighted_fit::WeightedFit;
pub use weighted_mean::WeightedMean;
