//! The exact models beside a pooled value that the correction of zero cells may carry.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::MetaAnalysis;
use crate::error::Error;
use crate::format::grouped;
use crate::model::{Design, Prepared, Rows};
use crate::options::{Choice, Ci, Measure, Model, Request, Spec};

/// An exact model of the same studies, fitted to the counts as they stand.
///
/// Where many studies have none of the events, or all, what is pooled is in good part the amount that the correction
/// adds to them, and two-step intervals cover badly (Lin & Chu 2020, doi:10.1097/EDE.0000000000001232).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Companion {
    /// The model: the logit binomial-normal one with t limits, or the beta-binomial one.
    pub model: Model,
    /// What it estimates; for such data the two lie far apart.
    pub of: Average,
    /// The estimate and its limits, fractions; or why there are none.
    pub fitted: Result<Estimate, String>,
}

/// Which of the true proportions a model estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Average {
    /// Their median: a proportion that half of the studies lie above.
    Median,
    /// Their mean.
    Mean,
}

/// A proportion with its limits, fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// The estimate.
    pub estimate: f64,
    /// The lower limit; `None` where there are no degrees of freedom.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl Average {
    /// The word for it: `median` or `mean`.
    ///
    /// ```
    /// assert_eq!(metaprop::analysis::Average::Median.word(), "median");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::Mean => "mean",
        }
    }
}

/// The studies without events (or with nothing else) that make data sparse: one of so many.
const SPARSE: usize = 5;

/// Whether a fifth or more of the studies have none, or all, of the events, and an amount is added to them.
pub(super) fn is_sparse(result: &MetaAnalysis) -> bool {
    let at_boundary = result.counts().filter(|counts| counts.at_boundary()).count();
    result.sizes.any_corrected() && at_boundary > 0 && SPARSE * at_boundary >= result.k()
}

/// With more studies than this the exact models take longer than a reader of the document waits.
const MOST: usize = 20_000;

impl MetaAnalysis {
    /// The exact models of sparse data, to stand beside the pooled value: where a fifth or more of the studies have
    /// none (or all) of the events, and an amount is added to them. None for other data, for estimates, and for the
    /// exact models themselves, which add nothing; nor for rows in clusters, which those models do not have.
    ///
    /// They are fitted when they are asked for.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let sparse = Dataset::proportions([("A", 0, 55), ("B", 2, 17), ("C", 0, 76), ("D", 6, 98), ("E", 0, 47)])?;
    /// let result = fit(&sparse, &Spec::default())?;
    /// let said: Vec<&str> = result.companions().iter().map(|companion| companion.of.word()).collect();
    /// assert_eq!(said, ["median", "mean"]);
    /// assert!(fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?, &Spec::default())?.companions().is_empty());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn companions(&self) -> Vec<Companion> {
        if !is_sparse(self) || self.k() < 2 || self.spec.model == Model::ThreeLevel {
            return Vec::new();
        }
        let models = [(Model::Glmm, Average::Median), (Model::BetaBinomial, Average::Mean)];
        models.map(|(model, of)| Companion { model, of, fitted: fitted(self, model) }).into()
    }
}

/// A model of the counts of these studies, or why it has no estimate.
fn fitted(result: &MetaAnalysis, model: Model) -> Result<Estimate, String> {
    match result.k() {
        k if k > MOST => Err(format!("not fitted to more than {} studies", grouped(MOST as u64))),
        _ => exact(result, model).map_err(|error| error.to_string()),
    }
}

fn exact(result: &MetaAnalysis, model: Model) -> Result<Estimate, Error> {
    let asked = Request {
        model: Some(model),
        measure: Some(Measure::Logit),
        ci: Some(Ci::T),
        level: Some(result.spec.level),
        ..Request::default()
    };
    let spec: Spec = asked.resolve()?;
    let studies = result.data.studies();
    let fit = Prepared::new(&result.sizes, studies).fit(Rows::All, Design::Mean, &spec)?;
    let pooled =
        fit.pooled(&spec)?.ok_or_else(|| Error::NoConvergence("there is no estimate".to_string()))?;
    Ok(Estimate { estimate: pooled.estimate, lower: pooled.lower, upper: pooled.upper })
}

impl Serialize for Companion {
    /// `{ model, of, estimate, lower, upper }`; the numbers are null, with a `reason`, where it was not fitted.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (numbers, reason) = (self.fitted.as_ref().ok(), self.fitted.as_ref().err());
        let mut companion = to.serialize_struct("Companion", 5 + usize::from(reason.is_some()))?;
        companion.serialize_field("model", self.model.key())?;
        companion.serialize_field("of", self.of.word())?;
        companion.serialize_field("estimate", &numbers.map(|numbers| numbers.estimate))?;
        companion.serialize_field("lower", &numbers.and_then(|numbers| numbers.lower))?;
        companion.serialize_field("upper", &numbers.and_then(|numbers| numbers.upper))?;
        if let Some(reason) = reason {
            companion.serialize_field("reason", reason)?;
        }
        companion.end()
    }
}
