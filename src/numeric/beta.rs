//! The beta function, the incomplete beta function and its inverse.

mod complete;
mod incomplete;
mod inverse;

pub use complete::ln_beta;
pub(super) use incomplete::IncompleteBeta;
pub use incomplete::{log_regularized, log_upper_regularized, regularized, upper_regularized};
pub use inverse::{quantile, upper_quantile};
pub(crate) use inverse::{quantile_and_complement, upper_quantile_and_complement};
