//! Why two analyses of the same table differ: the difference between their numbers, split by convention.
//!
//! The two specs differ in some conventions. Each convention has its Shapley value of the difference: what
//! taking it from the second spec changes, averaged over all orders in which the conventions can be taken
//! (Shapley 1953, doi:10.1515/9781400881970-018; Shorrocks 2013, doi:10.1007/s10888-011-9214-z, for splitting
//! a statistic). No order is preferred, and the shares add up to the difference. With m conventions 2ᵐ
//! analyses are fitted.
//!
//! | file | noun |
//! |---|---|
//! | `convention` | one thing in which two specs can differ, and how a spec takes it from another |
//! | `mixed_analysis` | the analyses with some conventions of each spec |
//! | `shapley` | Shapley values |
//! | `explanation` | the difference of every number, split |

mod convention;
mod explanation;
mod mixed_analysis;
mod shapley;

pub use explanation::{ConventionChange, Explanation, Gap, explain};
pub use mixed_analysis::QUANTITIES;
