//! The certified set: results to 25 digits from 120-digit arithmetic, recomputed on this machine.
//!
//! `tests/reference/certified/` has data sets in classes from `easy` to `vicious`, with the value of every
//! statistic computed by a program that shares no code with this one (`tests/reference/scripts/certified/`).
//! Compressed into `certified.json.gz` they are part of a build with the feature `selftest`.
//!
//! | file | noun |
//! |---|---|
//! | `set` | the certified data sets |
//! | `recompute` | every case analysed again, and how well each value agrees |
//! | `digits` | the number of digits in which two values agree |
//! | `tally` | the agreements by statistic |
//! | `digest` | the bits of all computed values as one number |

pub mod digest;
mod digits;
mod recompute;
pub mod set;
pub mod tally;

pub use recompute::{Agreement, recompute};
pub use set::{CertifiedSet, Kind};
pub use tally::{Tally, tally};
