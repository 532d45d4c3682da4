//! Given printed figures and the studies, which specification, and which reading of the data, gives them?
//!
//! Every inverse-variance specification is computed and held against the printed fields. What is
//! shared is computed once: the estimates a measure and a zero-cell rule, the weights a τ², so that
//! one more interval costs a few multiplications.
//!
//! | file | noun |
//! |---|---|
//! | `space` | the specifications that are tried |
//! | `specification` | the studies under each of them |
//! | `full` | the specifications that need a full analysis each |
//! | `score` | how well a fit agrees with what was printed |
//! | `reading` | other readings of the data: a study left out, events and non-events swapped, … |
//! | `search` | the search, its best matches, and whether they agree |
//! | `subset` | every subset of the studies |
//! | `chance` | how often so good a match would happen by chance |

mod chance;
mod full;
mod reading;
mod score;
mod search;
mod space;
mod specification;
mod subset;

pub(in crate::published) use full::specs as full;
pub(in crate::published) use space::Space;
pub(in crate::published) use specification::each;

pub use chance::chance_with;
pub use chance::{Chance, Uncalibrated, chance};
pub use reading::Edit;
pub use search::{Agreement, Match, Reproduction, Search, reproduce};
pub use subset::{SubsetMatch, Subsets, specifications, subsets};
