//! Every defensible specification of one analysis: does the conclusion depend on the choices?
//!
//! The specifications are those that [`reproduce`](super::reproduce) searches, without the choices that only
//! matter for printed figures: first all by inverse variance, then the likelihood models and the others that
//! need a full analysis each. Choices that cannot differ on the studies at hand (a rule for zero cells where
//! there are none) count once.
//!
//! | file | noun |
//! |---|---|
//! | `specification` | one specification, what it gives, and its choices by their keys |
//! | `conclusion` | a statement that a specification supports or not |
//! | `choice_effect` | how far a choice moves the estimate with the others held fixed |
//! | `overview` | the results of all specifications, summarised |
//! | `all_specifications` | a table pooled under every specification |

mod all_specifications;
mod choice_effect;
mod overview;
mod specification;

pub use crate::analysis::{Conclusion, Quantity, Relation};
pub use all_specifications::{Multiverse, multiverse};
pub use choice_effect::ChoiceEffect;
pub use overview::{ConclusionCount, Overview};
pub use specification::SpecificationResult;
#[doc(hidden)]
pub use specification::{CHOICES, choice_keys};
