//! What most programs need, by one line: `use metaprop::prelude::*;`.
//!
//! Beside the types there are the methods that are named most often, so that a choice reads as it is said:
//!
//! ```
//! use metaprop::prelude::*;
//!
//! let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
//! let result = MetaAnalysis::of_proportions().measure(Logit).tau2(Reml).ci(HartungKnapp).fit(&data)?;
//! assert_eq!(result.spec, MetaAnalysis::of_proportions().measure("logit").tau2("reml").ci("hk").spec()?);
//! # Ok::<(), Error>(())
//! ```

pub use crate::analysis::{Analysis, MetaAnalysis, Statistic, StudyRow, fit};
pub use crate::data::{Counts, Dataset, Estimate, Study};
pub use crate::error::{Error, Problem};
pub use crate::format::Display as NumberFormat;
pub use crate::model::{Component, Heterogeneity, Prediction, Summary, Value};
pub use crate::options::Ci::Hk as HartungKnapp;
pub use crate::options::Measure::{FreemanTukey, Logit};
pub use crate::options::Model::{BetaBinomial, Glmm};
pub use crate::options::Tau2Method::{Dl as DerSimonianLaird, Pm as PauleMandel, Reml};
pub use crate::options::{
    BackTransform, Choice, Ci, I2Method, Level, Measure, Model, PredictionMethod, Profile, ReadOptions,
    Request, Spec, StudyCi, Tau2, Tau2Ci, Tau2Method, ZeroCells,
};
pub use crate::plot::Theme;
pub use crate::printed::Printed;
pub use crate::printed::grim::{Grim, grim};
pub use crate::project::Project;
pub use crate::published::claim::{Claim, Verdict};
pub use crate::report::{Document, Report, Section};
