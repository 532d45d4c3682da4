//! Every defensible specification of one analysis: does the conclusion depend on the choices?
//!
//! The specifications are those that [`reproduce`](super::reproduce) searches, without what only
//! printed figures ask for: all by inverse variance, then the likelihood models and the others that need
//! a full analysis each. Choices that cannot differ on the studies at hand (a rule for zero cells
//! where there are none) count once.
//!
//! | file | noun |
//! |---|---|
//! | `conclusion` | a statement that each specification bears out or not |
//! | `row` | one specification, what it gives, and its choices in words |
//! | `sway` | which choice moves the estimate, the others held fixed |
//! | `all` | all of them, and what they say together |

mod all;
mod choice_effect;
mod conclusion;
mod row;

pub use all::{Held, Multiverse, Overview, multiverse};
pub use choice_effect::ChoiceEffect;
pub use conclusion::{Conclusion, Quantity, Relation};
pub use row::{CHOICES, Row, words};
