//! The certified set: results to 25 digits by 120-digit arithmetic, recomputed on this machine.
//!
//! `tests/reference/certified/` holds data sets from easy to vicious with the value of every statistic,
//! computed by a program that shares nothing with this one (`tests/reference/scripts/certified/`). They
//! are part of the binary: [`set`] reads them, [`recompute()`] runs every case as a user would, and
//! [`digits`] counts the digits that agree.

pub mod digest;
pub mod digits;
pub mod recompute;
pub mod set;
pub mod tally;

pub use recompute::{Agreement, recompute};
pub use set::{CertifiedSet, Kind};
pub use tally::{Tally, tally};
