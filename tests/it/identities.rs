//! What must hold for any data, each where it holds: the table of identities.
//!
//! | identity | where it holds | test |
//! |---|---|---|
//! | the order of the studies does not matter | every measure and estimator; glmm, beta-binomial | `exchange`; `likelihood_models.rs` |
//! | x ↔ n − x mirrors the result | raw, logit, probit, arcsine, Freeman-Tukey; glmm logit and probit; beta-binomial | `exchange`; `likelihood_models.rs` |
//! | and does not | log, cloglog; glmm cloglog | `exchange` |
//! | x ↔ n − x mirrors the interval of a study | all but `transform` on log and cloglog | `study_intervals.rs`, `exchange` |
//! | m copies of every study: y stays, se/√m | common effect; glmm and beta-binomial | `copies`; `likelihood_models.rs` |
//! | m copies of every study: τ² stays | ML, Hunter-Schmidt; glmm and beta-binomial | `copies`; `likelihood_models.rs` |
//! | EB = PM; DLIT at its fixed point = PM | every measure | `tau2` |
//! | PM solves Q(τ²) = k − 1 | where τ² > 0 | `tau2` |
//! | ML and REML have no better neighbour | every data set | `tau2`, `estimators.rs` |
//! | Q-profile limits invert Q | where the limit is above 0 | `tau2` |
//! | prediction contains the interval, equals it at τ² = 0 | same standard error, same quantile | `intervals` |
//! | Clopper-Pearson contains mid-P, and both the proportion | every study | `intervals`, `study_intervals.rs` |
//! | a table without a row equals a fresh table of the others | every measure; common, random, IVhet | `copies` |
//! | the pooled value is Σx/Σn | glmm and beta-binomial, where τ² (ρ) is 0 | `tau2`; `likelihood_models.rs` |
//! | what is printed as a proportion lies in [0, 1] | every measure, model, ci, prediction, profile, but the bootstraps | `intervals` |
//! | share above c and share of non-events above 1 − c add up to 1 | logit, glmm, beta-binomial | `distribution.rs` |

mod copies;
mod exchange;
mod intervals;
pub mod shared;
mod tau2;
