//! One analysis: a data set and a spec in, a [`MetaAnalysis`] out. Pure: no clock, no file, no global state.

mod advisories;
mod batch;
mod baujat;
mod bias;
mod builder;
mod companion;
mod conclusion;
mod cumulative;
mod drapery;
mod fit;
mod funnel;
mod gosh;
mod gosh_clusters;
mod group_row;
mod influence;
mod keep_going;
mod leave_one_out;
mod levels;
mod meta_analysis;
mod order;
mod radial;
mod refit;
mod regression;
mod removal;
mod row_names;
mod simulation;
mod statistic;
mod study_row;
mod subgroups;

#[doc(inline)]
pub use crate::model::{
    Component, Cutoff, Distribution, Heterogeneity, HeterogeneityField, HeterogeneityTest, Population,
    Prediction, PredictionField, Summary, SummaryField, Test, Value,
};
pub use batch::pool_groups;
#[cfg(feature = "cli")]
pub(crate) use batch::{Pooled, for_each_group};
pub use baujat::{Baujat, StudyInBaujat};
pub use bias::{
    Alternative, AtZero, Bias, BiasOptions, Doi, DoiPoint, FailSafe, Filled, PetPeese, RankTest,
    RegressionTest, Selection, Side, TrimFill, TrimFillEstimator, Weight, WeightedLine,
};
pub use builder::Analysis;
pub use companion::{Average, Companion, Estimate};
pub use conclusion::{Conclusion, Quantity, Relation};
pub use cumulative::{Cumulative, WithMore};
pub use drapery::Drapery;
pub use fit::fit;
#[cfg(feature = "cli")]
pub(crate) use fit::fit_watched;
pub use funnel::FunnelLimits;
pub use gosh::{Gosh, GoshOptions, GoshSummary, StudyInSubsets, Subset};
pub use gosh_clusters::{GoshClusters, OutlierSet};
pub use group_row::GroupRow;
pub use influence::{Cutoffs, Influence, StudyInfluence};
pub(crate) use keep_going::KeepGoing;
pub use leave_one_out::{LeaveOneOut, WithoutStudy};
pub use levels::{Between, BetweenTest, Grouping, Level, MISSING};
pub use meta_analysis::{MetaAnalysis, Subgroup, Subgroups};
pub use order::{Order, OrderBy};
pub use radial::Radial;
pub use refit::Refit;
pub(crate) use regression::FittedLine;
pub use regression::{
    ClusterRobust, Coding, Formula, InflationFactor, ModelFit, Moderator, Permutation,
    Prediction as PredictedAt, Regression, RegressionOptions, RobustCoefficient, Term, TermTest,
};
pub use removal::{RemovedSet, SmallestRemoval};
#[cfg(feature = "cli")]
pub(crate) use simulation::simulate_watched;
pub use simulation::{Performance, SimulatedRow, Simulation, SimulationOptions, StudySizes, Truth, simulate};
pub(crate) use statistic::Parts;
pub use statistic::Statistic;
pub use study_row::StudyRow;
