//! Given printed figures and the studies: which specification, and which error in the data, gives the
//! figures?
//!
//! Every inverse-variance specification is computed and compared with the printed fields. What specifications
//! share is computed once: the effect sizes for a measure and a rule for zero cells, the weights for a τ². So
//! one more interval costs a few multiplications.
//!
//! | file | noun |
//! |---|---|
//! | `query` | the studies, the printed figures, and what is searched |
//! | `space` | the values of each choice that are tried |
//! | `specifications` | the studies fitted under every specification by inverse variance |
//! | `full_analysis` | the specifications that need a full analysis each |
//! | `data_variant` | the data with one error undone: a study left out, events and non-events swapped, … |
//! | `misprint` | a printed figure with one slip of the pen undone |
//! | `prior` | how usual a specification, an edit and a misprint is |
//! | `score` | how well a result agrees with what was printed |
//! | `best_matches` | the specifications that agree best |
//! | `agreement` | the ranges over those that give every printed field |
//! | `search` | the search |
//! | `subset` | the search over every subset of the studies |
//! | `calibrated` | the search, with edits of the data where it is not enough, and its calibration |
//! | `chance` | how often as good a match happens by chance |

mod agreement;
mod best_matches;
mod calibrated;
mod chance;
mod data_variant;
mod full_analysis;
mod misprint;
mod prior;
mod query;
mod score;
mod search;
mod space;
mod specifications;
mod subset;

pub(in crate::published) use full_analysis::full_analysis_specs;
pub(in crate::published) use space::Space;
pub(in crate::published) use specifications::for_each_specification;

pub use agreement::Agreement;
pub use best_matches::Match;
pub use calibrated::{Calibrated, Slips, Stage, reproduce_calibrated};
#[doc(hidden)]
pub use chance::chance_with;
pub use chance::{Chance, Uncalibrated, chance};
pub use data_variant::Edit;
pub use misprint::{Misprint, MisprintKind};
pub use query::ReproduceQuery;
pub use search::{Reproduction, reproduce};
#[doc(hidden)]
pub use subset::specifications;
pub use subset::{SubsetMatch, Subsets, subsets};
