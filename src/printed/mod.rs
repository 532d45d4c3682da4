//! Printed numbers are intervals.
//!
//! "54.0%" does not mean 0.54: it means every number that is printed so, which is [53.95 %, 54.05 %)
//! when halves are rounded up and [54.0 %, 54.1 %) when digits are cut off. Whether a recomputed value
//! is consistent with it is a question of overlap, never of a difference below some ε.
//!
//! Bounds are ratios of whole numbers and every comparison is made in whole numbers, so that
//! 27/80 = 33.75 % is a tie and is known to be one.
//!
//! | file | noun |
//! |---|---|
//! | `ratio` | a ratio of whole numbers, compared exactly, also with a float |
//! | `bounds` | an interval with open and closed ends |
//! | `rule` | the rounding rules, and which of them a value is consistent with |
//! | `printed` | a printed number: its digits, decimals, unit and relation |
//! | `parse` | from text to a printed number |
//! | `pair` | two printed limits |
//! | `grim` | what a percentage of n people can count |

pub mod bounds;
pub mod grim;
pub mod pair;
mod parse;
pub mod printed;
pub mod ratio;
pub mod rule;

pub use bounds::{Bounds, End};
pub use pair::Pair;
pub use printed::{Printed, Relation, Unit};
pub use ratio::Ratio;
pub use rule::{Consistency, Rule};
