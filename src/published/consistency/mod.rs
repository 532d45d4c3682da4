//! What a printed pooled estimate and its interval say without per-study data.
//!
//! An interval made as y ± q·se is symmetric on the scale it was made on. So the printed limits show on which
//! scales it can have been made, the standard error there, how many people a single study with that standard
//! error would have, and, with the printed total, how much the studies differ. All of these are ranges,
//! because printed digits are.
//!
//! | file | noun |
//! |---|---|
//! | `printed_summary` | the printed figures, and whether the interval is symmetric on a scale |
//! | `standard_error` | the smallest standard error that a number of people allows |
//! | `scale_reading` | what the interval implies on one scale |
//! | `finding` | what is wrong with, or notable about, the figures |
//! | `summary_check` | all of it together |

mod finding;
mod printed_summary;
mod scale_reading;
mod standard_error;
mod summary_check;

pub(in crate::published) use finding::figures_contradict;
pub use finding::{Finding, FindingKind, Grade};
pub use printed_summary::PrintedSummary;
pub use scale_reading::{Implied, Range, ScaleReading};
pub use summary_check::SummaryCheck;
