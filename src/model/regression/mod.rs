//! Meta-regression: effect sizes whose expected value is a linear combination of moderators.

mod errors;
mod fit;
mod inference;
mod residuals;
mod weighted;

pub use fit::RegressionFit;
pub use inference::{Coefficient, Omnibus, PredictedValue};
pub use residuals::RegressionResiduals;
pub use weighted::WeightedRegression;
