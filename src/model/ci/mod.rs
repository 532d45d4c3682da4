//! Confidence intervals of the pooled value that are not pooled value ± quantile × 1/√S₁.
//!
//! Each function gives the pooled value with its standard error and, where the interval is not of that form,
//! the interval with the test that corresponds to it.

pub mod bootstrap;
pub mod cluster_robust;
pub mod henmi_copas;
pub mod ivhet;
pub mod kenward_roger;
pub mod profile;
