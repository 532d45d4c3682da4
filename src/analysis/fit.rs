//! From studies and a spec to an outcome.

use super::{
    Distribution, Heterogeneity, MetaAnalysis, Prediction, Summary, advice, exact, inverse_variance,
};
use crate::data::{Dataset, Excluded};
use crate::effect::{EffectSizes, Transform};
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::options::Model;
use crate::options::Spec;

/// Pools the studies of a table as the spec says.
///
/// # Errors
///
/// [`Error::Data`] where no study has a finite estimate on the analysis scale;
/// [`Error::NoConvergence`] where an iteration finds no certified optimum.
///
/// ```
/// use metaprop::{fit, options::Request, Dataset, options::Profile};
///
/// let table = Dataset::from_counts([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let result = fit(&table, &spec)?;
/// assert_eq!(result.heterogeneity.df, 3);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(table: &Dataset, spec: &Spec) -> Result<MetaAnalysis, Error> {
    let fit = match spec.model {
        Model::Common | Model::Random | Model::Ivhet => inverse_variance::fit(table, spec)?,
        Model::Glmm | Model::BetaBinomial => exact::fit(table, spec)?,
    };
    let mut excluded = table.excluded.clone();
    excluded.extend(fit.unusable.iter().cloned());
    excluded.sort_by_key(|row| row.line);
    let mut outcome = MetaAnalysis {
        spec: spec.clone(),
        table: table.clone(),
        effects: fit.effects,
        excluded,
        weights_common: fit.weights_common,
        weights_random: fit.weights_random,
        common: fit.common,
        random: fit.random,
        prediction: fit.prediction,
        heterogeneity: fit.heterogeneity,
        distribution: fit.distribution,
        convergence: fit.convergence,
        advisories: Vec::new(),
        transform: fit.transform,
    };
    outcome.advisories = advice::all(&outcome, fit.unusable.len(), &fit.tau2_limits);
    Ok(outcome)
}

/// What a model gives: an outcome without its table, spec and remarks.
pub(super) struct Fit {
    pub effects: EffectSizes,
    /// The studies that have no finite estimate on the analysis scale.
    pub unusable: Vec<Excluded>,
    pub weights_common: Vec<f64>,
    pub weights_random: Vec<f64>,
    pub common: Summary,
    pub random: Option<Summary>,
    pub prediction: Option<Prediction>,
    pub heterogeneity: Heterogeneity,
    pub distribution: Option<Distribution>,
    pub tau2_limits: Tau2Limits,
    pub convergence: Convergence,
    pub transform: Transform,
}

/// What has to be said of the limits of τ², beside the numbers.
pub(super) enum Tau2Limits {
    /// Nothing.
    AsShown,
    /// Both lie below 0, and [0, 0] stands for them.
    Empty,
    /// The likelihood never falls far enough for an upper one.
    Unbounded,
    /// They were not found, and this is why.
    NotFound(String),
}
