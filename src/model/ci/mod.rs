//! Intervals of the pooled value that need more than its standard error.
//!
//! Each gives the pooled value with the standard error that goes with it, and the interval with the
//! test that inverts to it.

pub mod bootstrap;
pub mod henmi_copas;
pub mod ivhet;
pub mod kenward_roger;
pub mod profile;
