//! Published claims: figures as a paper prints them, and whether they hold.
//!
//! A claim is compared with a [`MetaAnalysis`](crate::MetaAnalysis) recomputed from the studies ([`check`]),
//! or, where there are no per-study data, its figures are compared with each other ([`check_summary`]). Every
//! printed field gets a [`Verdict`] and its [`Reason`]s.
//!
//! | file | noun |
//! |---|---|
//! | `field` | the fields that can be printed |
//! | `figure` | a printed number or two limits |
//! | `printed_claim` | a claim, read from the keys of the analysis file |
//! | `printed_of` | whether printed figures are of all studies or of a level |
//! | `reason` | the reasons of verdicts, in words |
//! | `verdict` | the verdict on a field and on a claim |
//! | `field_values` | the values of fields in a result |
//! | `compare` | a figure compared with computed values |
//! | `computation` | a computation that differs from the specification's |
//! | `other_keys` | parts that should add up, figures printed twice, claims in words |
//! | `recomputed` | a claim compared with a recomputed result |
//! | `percentage` | a percentage compared with its counts |
//! | `heterogeneity` | df, I², H² and p compared with Q |
//! | `summary` | the figures of a claim compared with each other |

pub(super) mod compare;
pub(super) mod computation;
mod field;
pub(super) mod field_values;
mod figure;
mod heterogeneity;
mod other_keys;
mod percentage;
mod printed_claim;
#[cfg(feature = "cli")]
mod printed_of;
mod reason;
mod recomputed;
mod summary;
mod verdict;

pub use computation::Computation;
pub use field::Field;
pub use figure::Figure;
#[doc(hidden)]
pub use percentage::check_column;
#[doc(hidden)]
pub use printed_claim::claims_of;
pub use printed_claim::{Claim, Entry};
#[cfg(feature = "cli")]
pub(crate) use printed_of::PrintedOf;
pub use reason::{ComparedValue, Missing, Reason};
pub use recomputed::{check, check_coefficient};
pub use summary::check_summary;
#[doc(hidden)]
pub use verdict::unchecked;
pub use verdict::{AsPrinted, CheckedField, ClaimVerdict, FieldVerdict, Verdict};
