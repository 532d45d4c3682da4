//! Numerical functions: distributions, special functions, sums, roots, quadrature, random numbers.
//!
//! Nothing here names a study or a pooled value.
//!
//! # Rules
//!
//! - Every logarithm, exponential and trigonometric function goes through pure-Rust `libm` (see
//!   [`elementary`]), never through the platform's mathematics library, so that results have the same bits
//!   on every machine. Only operations that IEEE 754 defines exactly (`+ − × ÷ √`, comparisons, rounding to
//!   integers) are used directly; fused multiply-add is not.
//! - Nothing panics: arguments outside a function's domain give `NaN`.
//! - Both tails have functions of their own (`cdf`/`sf`, `quantile`/`upper_quantile`), so that a tail
//!   probability of 1e-300 keeps its relative accuracy. Never write `1.0 - cdf(x)`.
//!
//! # How accuracy is kept
//!
//! The incomplete gamma and beta functions are computed as `exp(−E)` times a slowly varying factor (Loader
//! 2000). `E` is computed to about 100 bits (`double_double`, `deviance`), because an error of one unit in
//! the last place of `E = 700` would be a relative error of 1e-13 in the result. The factor comes from a
//! series, from a continued fraction or, for large parameters, from Temme's uniform expansion (`temme`).

#![allow(clippy::excessive_precision, reason = "constants are written with the digits of their sources")]
#![allow(
    clippy::float_cmp,
    reason = "exact comparisons are intended: zeros, ends of an interval, points evaluated before"
)]
#![allow(clippy::many_single_char_names, reason = "x, y, a, b, p, q, t, z are the names in the papers")]

pub mod beta;
pub mod chebyshev;
pub mod chi_squared;
pub mod convergence;
mod deviance;
mod double_double;
pub mod elementary;
pub mod fisher_f;
pub mod gamma;
pub mod kendall;
pub mod linear;
pub mod minimize;
pub mod normal;
pub mod quadrature;
mod quantile;
pub mod random;
pub mod root;
pub mod student_t;
pub mod sum;
mod tail;
mod temme;
