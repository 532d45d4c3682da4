//! Meta-regression: effect sizes, or the link of proportions, whose expected value is a linear combination of moderators.

mod binomial_normal;
mod errors;
mod fit;
mod inference;
mod residuals;
mod weighted;

pub use binomial_normal::BinomialRegression;
pub use fit::RegressionFit;
pub(crate) use inference::TestStatistics;
pub use inference::{Coefficient, Omnibus, PredictedValue};
pub use residuals::RegressionResiduals;
pub use weighted::WeightedRegression;
