//! Meta-analyses drawn from a stated truth, and how specifications do on them.
//!
//! | file | noun |
//! |---|---|
//! | `study_sizes` | how many people the studies have |
//! | `truth` | what is stated: the distribution of the true proportions |
//! | `population` | its median and mean, and draws from it |
//! | `pooled` | what a specification gives for one drawn table |
//! | `performance` | bias, coverage and width over all tables |
//! | `simulated` | every specification on every truth |

mod performance;
mod pooled;
mod population;
mod simulated;
mod study_sizes;
mod truth;

pub use performance::Performance;
#[cfg(feature = "cli")]
pub(crate) use simulated::simulate_watched;
pub use simulated::{SimulatedRow, Simulation, SimulationOptions, simulate};
pub use study_sizes::StudySizes;
pub use truth::Truth;
