//! The analysis file: data and columns, shared choices, one `[[outcome]]` a pooled estimate.
//!
//! ```toml
//! schema = 1
//! title  = "Tofacitinib in alopecia areata"
//! [data]
//! file  = "series.csv"          # beside this file, or "@name" for an embedded data set
//! study = ["Author", "Year"]    # a column, or several joined by a space
//! [analysis]                    # any choice, for every outcome; scale and digits for printing
//! profile = "dl-wald"
//! [[outcome]]
//! id = "good"                   # the folder of its reports
//! title = "Good or complete regrowth"
//! events = "events"
//! total = "n"
//! where = ["design=retrospective"]
//! measure = "freeman-tukey"     # a choice of its own
//! [[claim]]                     # what a source prints about it: strings, for the digits
//! outcome = "good"
//! source = "Guo 2020, abstract"
//! estimate = "54.0%"
//! ci = ["46.3%", "61.5%"]
//! [[claim.study]]               # and about one study
//! study = "Jabbari 2018"
//! percent = "66.7%"
//! ```
//!
//! For its report an outcome may ask for more: `multiverse = true` (every defensible specification, with
//! `conclusion = "lower > 50%"`), and `reproduce = "ID"` (how near they come to what is printed of another
//! outcome); `[[reconstruct]]` searches for the tables that printed figures may have come from.
//!
//! In place of `events`, `percent = "column"` names a column of printed percentages, from which the events
//! are derived, and `estimate = "column"`, with `se`, `variance`, or `lower` and `upper`, a column of estimates that
//! are pooled as they are. An outcome without any of them has claims only: they are held against each other.
//!
//! Nothing here touches a file: text in, an [`AnalysisFile`] out, and back.

mod claim;
mod claim_place;
mod file;
mod line;
mod outcome_plot;
mod read;
mod read_claims;
mod read_reconstructions;
mod reconstruct;
mod section;
mod source;
mod write;

pub use claim::{ClaimEntry, ClaimField, StudyClaim};
pub use file::{AnalysisFile, OutcomeEntry};
pub use line::Line;
pub use outcome_plot::OutcomePlot;
pub use read::parse;
pub use reconstruct::ReconstructEntry;
pub(crate) use section::is_folder_name;
pub use source::Source;
pub use write::to_toml;
