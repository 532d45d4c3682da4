//! The gamma function and the incomplete gamma functions.

mod incomplete;
mod polygamma;
mod stirling;

pub(super) use incomplete::IncompleteGamma;
pub use incomplete::{
    log_lower_regularized, log_upper_regularized, lower_quantile, lower_regularized, upper_quantile,
    upper_regularized,
};
pub use polygamma::{digamma, trigamma};
pub use stirling::{ln_choose, ln_factorial, ln_gamma, stirling_error};
pub(super) use stirling::{ln_gamma_1p, ln_gamma_ratio, ln_gamma_ratio_excess};
