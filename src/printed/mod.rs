//! Printed numbers as intervals.
//!
//! "54.0%" stands for every number that is printed so: [53.95 %, 54.05 %) when halves are rounded up,
//! [54.0 %, 54.1 %) when digits are cut off. A recomputed value is consistent with it if it lies in that
//! interval; there is no tolerance to choose.
//!
//! Bounds are ratios of whole numbers and are compared in whole-number arithmetic, so that a tie such as
//! 27/80 = 33.75 % is recognised as one.
//!
//! | file | content |
//! |---|---|
//! | `ratio` | a ratio of whole numbers, compared exactly, also with a float |
//! | `bounds` | an interval with open and closed ends |
//! | `rule` | the rounding rules, and which of them a value is consistent with |
//! | `number` | a printed number: its digits, decimals, unit and relation |
//! | `parse` | reading a printed number from text |
//! | `pair` | two printed limits |
//! | `grim` | whether a percentage of n people is possible, and which counts give it |

pub mod bounds;
pub mod grim;
pub mod number;
pub mod pair;
mod parse;
pub mod ratio;
pub mod rule;

pub use bounds::{Bounds, End};
pub use number::{Printed, Relation, Unit};
pub use pair::Pair;
pub use ratio::Ratio;
pub use rule::{Consistency, Rule};
