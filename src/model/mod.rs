//! From estimates to a pooled value: weights, τ², intervals, tests, heterogeneity.
//!
//! Everything here works on the analysis scale with two slices, the estimates `y` and their
//! variances `v`, in O(k) time and memory.

pub mod ci;
pub mod exceedance;
pub mod heterogeneity;
pub mod inference;
pub mod likelihood;
pub mod prediction;
pub mod prediction_bootstrap;
pub mod quadratic_form;
pub mod tau2;
pub mod weighted_mean;

pub use inference::{Inference, Pooled};
pub use tau2::Tau2Fit;
pub use weighted_mean::WeightedMean;
