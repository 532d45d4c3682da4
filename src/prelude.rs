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

#[doc(no_inline)]
pub use crate::analysis::{Analysis, MetaAnalysis, Statistic, StudyRow, fit};
#[doc(no_inline)]
pub use crate::data::{Counts, Covariates, Dataset, Estimate, Study};
#[doc(no_inline)]
pub use crate::error::{Error, Problem};
#[doc(no_inline)]
pub use crate::format::NumberFormat;
#[doc(no_inline)]
pub use crate::model::{Component, Heterogeneity, Prediction, Summary, Value};
#[doc(no_inline)]
pub use crate::options::Ci::Hk as HartungKnapp;
#[doc(no_inline)]
pub use crate::options::Measure::{FreemanTukey, Logit};
#[doc(no_inline)]
pub use crate::options::Model::{BetaBinomial, Glmm};
#[doc(no_inline)]
pub use crate::options::Tau2Method::{Dl as DerSimonianLaird, Pm as PauleMandel, Reml};
#[doc(no_inline)]
pub use crate::options::{
    BackTransform, Choice, Ci, I2Method, InputScale, Level, Measure, Model, PredictionMethod, Profile,
    ReadOptions, Request, Spec, StudyCi, Tau2, Tau2Ci, Tau2Method, ZeroCells,
};
#[doc(no_inline)]
pub use crate::plot::Theme;
#[doc(no_inline)]
pub use crate::printed::Printed;
#[doc(no_inline)]
pub use crate::printed::grim::{Grim, grim};
#[doc(no_inline)]
pub use crate::project::Project;
#[doc(no_inline)]
pub use crate::published::claim::{Claim, Verdict};
#[doc(no_inline)]
pub use crate::report::{Document, Report, Section};
