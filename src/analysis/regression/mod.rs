//! Meta-regression: what moderators explain, from a formula over the columns of the table.

mod cluster_robust;
mod design;
mod fitted;
mod formula;
mod permutation;
mod result;
mod vif;

pub use cluster_robust::{ClusterRobust, RobustCoefficient};
pub use formula::{Coding, Formula, Moderator, Term};
pub use permutation::Permutation;
pub(crate) use result::FittedLine;
pub use result::{ModelFit, Prediction, Regression, RegressionOptions, TermTest};
pub use vif::InflationFactor;
