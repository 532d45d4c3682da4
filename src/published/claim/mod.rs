//! A claim: figures as a paper prints them, and whether they hold.
//!
//! A claim is held against an [`MetaAnalysis`](crate::MetaAnalysis) recomputed from the studies ([`check`]), or,
//! where there are no per-study data, its figures are held against each other ([`check_alone`]).
//! Every printed field gets a verdict, and says why.
//!
//! | file | noun |
//! |---|---|
//! | `field` | what can be printed: one row a field |
//! | `entry` | a claim and its printed figures, from the keys of the analysis file |
//! | `file` | the claims of an analysis file |
//! | `verdict` | holds, holds-truncated, fails, not-checkable |
//! | `compare` | a printed figure against computed values |
//! | `recomputed` | the value of a field in an outcome |
//! | `alone` | figures against each other |
//! | `column` | a column of percentages, each against its total |
//! | `sums` | parts that should add up, figures printed twice |
//! | `chance` | Q, its degrees of freedom, I² and p against each other |

mod alone;
mod chance;
mod column;
pub(super) mod compare;
mod domain;
mod entry;
mod field;
mod file;
pub(super) mod recomputed;
mod sums;
mod verdict;

pub use alone::check_alone;
pub use column::{check_column, unchecked};
pub use entry::{Claim, Entry, Figure};
pub use field::Field;
pub use file::claims_of;
pub use recomputed::check;
pub use verdict::{ClaimVerdict, FieldVerdict, Verdict};
