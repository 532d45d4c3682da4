//! A pooled result read from a sentence as papers print it.
//!
//! | file | what it holds |
//! |---|---|
//! | `token` | the words, numbers and signs of a sentence |
//! | `finding` | which numbers are which figures |
//! | `reading` | the figures of one result as a claim |

mod finding;
mod reading;
mod token;

pub use reading::LineReading;
