//! The one place where a model is fitted.

use std::borrow::Cow;

use super::beta_binomial_fit::BetaBinomial;
use super::binomial_normal_fit::BinomialNormal;
use super::design::Design;
use super::distribution::Distribution;
use super::regression::{BinomialRegression, RegressionFit};
use super::three_level::ThreeLevelFit;
use super::watch::Watch;
use super::weighted_fit::WeightedFit;
use super::{Heterogeneity, Prediction, Summary, VarianceLimits};
use crate::data::{Clusters, Counts, Studies};
use crate::effect::{EffectSizes, Scale};
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::options::{Choice, Ci, InputScale, Model, Spec};

/// Effect sizes ready to be fitted, with the studies that they were made of.
///
/// ```
/// use metaprop::effect::EffectSizes;
/// use metaprop::model::{Design, Prepared, Rows};
/// use metaprop::{Dataset, Spec};
///
/// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
/// let spec = Spec::default();
/// let (sizes, _) = EffectSizes::new(data.studies(), &spec);
/// let prepared = Prepared::new(&sizes, data.studies());
/// let all = prepared.fit(Rows::All, Design::Mean, &spec)?;
/// let without_c = prepared.fit(Rows::Only(&[0, 1]), Design::Mean, &spec)?;
/// assert!(without_c.pooled(&spec)?.unwrap().estimate > all.pooled(&spec)?.unwrap().estimate);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Prepared<'a> {
    sizes: &'a EffectSizes,
    counts: Option<&'a [Counts]>,
    clusters: Option<&'a Clusters>,
    watch: Watch<'a>,
}

/// Which rows of the effect sizes are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rows<'a> {
    /// Every one.
    All,
    /// Those at these places, in ascending order.
    Only(&'a [u32]),
}

/// A fitted model: what it says on request, for any interval, level and definition of I² that the model has.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // a few of them live at once, on the stack
pub enum Fit<'a> {
    /// Weights from variances: common effect, random effects, IVhet.
    Weighted(WeightedFit<'a>),
    /// The same weights, and moderators: common effect, random effects.
    Regression(RegressionFit<'a>),
    /// The binomial-normal model with moderators.
    BinomialRegression(BinomialRegression<'a>),
    /// The binomial-normal model.
    BinomialNormal(BinomialNormal<'a>),
    /// The beta-binomial model.
    BetaBinomial(BetaBinomial<'a>),
    /// The three-level model of rows in clusters.
    ThreeLevel(ThreeLevelFit<'a>),
}

impl<'a> Prepared<'a> {
    /// Effect sizes, and the studies that they were made of.
    #[must_use]
    pub fn new(sizes: &'a EffectSizes, studies: &'a Studies) -> Self {
        Self { sizes, counts: studies.counts(), clusters: None, watch: Watch::default() }
    }

    /// Effect sizes of counts, and those counts.
    #[must_use]
    pub fn of_counts(sizes: &'a EffectSizes, counts: &'a [Counts]) -> Self {
        Self { sizes, counts: Some(counts), clusters: None, watch: Watch::default() }
    }

    /// With the clusters of the studies, which the three-level model takes.
    ///
    /// ```
    /// use metaprop::data::Clusters;
    /// use metaprop::effect::EffectSizes;
    /// use metaprop::model::{Design, Prepared, Rows};
    /// use metaprop::options::{Model, Request};
    /// use metaprop::Dataset;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("A", 9, 13), ("B", 21, 66), ("B", 30, 80)])?;
    /// let spec = Request { model: Some(Model::ThreeLevel), ..Request::default() }.resolve()?;
    /// let (sizes, _) = EffectSizes::new(data.studies(), &spec);
    /// let clusters = Clusters::new("study", ["A", "A", "B", "B"]);
    /// let fit = Prepared::new(&sizes, data.studies()).in_clusters(Some(&clusters));
    /// let (heterogeneity, _) = fit.fit(Rows::All, Design::Mean, &spec)?.heterogeneity(&spec)?;
    /// assert!(heterogeneity.tau2_between.unwrap().estimate > heterogeneity.tau2_within.unwrap().estimate);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub const fn in_clusters(self, clusters: Option<&'a Clusters>) -> Self {
        Self { clusters, ..self }
    }

    /// With a function that is given how far a bootstrap is.
    pub(crate) const fn watched(self, watch: Watch<'a>) -> Self {
        Self { watch, ..self }
    }

    /// Fits the model of the spec to these rows.
    ///
    /// The model matrix of [`Design::Moderators`] has a row for each row of the effect sizes, also where only some of
    /// them are fitted.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where an iteration finds no certified optimum; [`Error::Usage`] where the model
    /// takes counts and the data are estimates or some of them imputed, or where a choice of the spec does not go
    /// with moderators; [`Error::Data`] where a moderator depends on others in these rows.
    pub fn fit(&self, rows: Rows<'_>, design: Design<'_>, spec: &Spec) -> Result<Fit<'a>, Error> {
        let sizes = || match rows {
            Rows::All => Cow::Borrowed(self.sizes),
            Rows::Only(rows) => Cow::Owned(self.sizes.subset(rows, self.counts, spec)),
        };
        if let Design::Moderators(matrix) = design {
            let matrix = match rows {
                Rows::All => Cow::Borrowed(matrix),
                Rows::Only(rows) => Cow::Owned(matrix.subset(rows)?),
            };
            if spec.model == Model::Glmm {
                let fit = BinomialRegression::new(self.counts(rows)?, &matrix, spec);
                return fit.map(Fit::BinomialRegression);
            }
            return RegressionFit::new(sizes, &matrix, self.counts, spec).map(Fit::Regression);
        }
        match spec.model {
            Model::Common | Model::Random | Model::Ivhet => {
                let fit = WeightedFit::new(sizes(), self.counts, spec)?;
                Ok(Fit::Weighted(fit.watched(self.watch)))
            }
            Model::Glmm => BinomialNormal::fit(self.counts(rows)?, spec).map(Fit::BinomialNormal),
            Model::BetaBinomial => BetaBinomial::fit(self.counts(rows)?, spec).map(Fit::BetaBinomial),
            Model::ThreeLevel => {
                ThreeLevelFit::new(sizes(), self.counts, self.clusters, spec).map(Fit::ThreeLevel)
            }
        }
    }

    /// Fits a model whose pooled value is a weighted mean to effect sizes of these counts; they may be handed over.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); [`Error::Usage`] where the model of the spec is another.
    pub fn fit_weighted(
        sizes: Cow<'a, EffectSizes>,
        counts: &'a [Counts],
        spec: &Spec,
    ) -> Result<WeightedFit<'a>, Error> {
        match spec.model {
            Model::Common | Model::Random | Model::Ivhet => WeightedFit::new(sizes, Some(counts), spec),
            Model::Glmm | Model::BetaBinomial | Model::ThreeLevel => {
                Err(Error::usage(format!("model = {} has no weighted mean", spec.model.key())))
            }
        }
    }

    /// The counts of these rows.
    fn counts(&self, rows: Rows<'_>) -> Result<Cow<'a, [Counts]>, Error> {
        let counts = self.counts.ok_or_else(|| {
            Error::usage("this model takes the counts of each study, and the data are estimates")
        })?;
        let observed = self.sizes.study.len();
        let imputed = match rows {
            Rows::All => self.sizes.imputed(),
            Rows::Only(rows) => rows.iter().filter(|row| **row as usize >= observed).count(),
        };
        if imputed > 0 {
            let what =
                format!("this model takes the counts of each study, and {imputed} of the rows are imputed");
            return Err(Error::usage(what));
        }
        Ok(match rows {
            Rows::All if observed == counts.len() => counts.into(),
            Rows::All => {
                self.sizes.study.iter().map(|study| counts[*study as usize]).collect::<Vec<_>>().into()
            }
            Rows::Only(rows) => {
                let study = |row: &u32| counts[self.sizes.study[*row as usize] as usize];
                rows.iter().map(study).collect::<Vec<_>>().into()
            }
        })
    }
}

impl Fit<'_> {
    /// The number of studies fitted.
    #[must_use]
    pub fn k(&self) -> usize {
        match self {
            Self::Weighted(fit) => fit.k(),
            Self::Regression(fit) => fit.k(),
            Self::BinomialRegression(fit) => fit.k(),
            Self::BinomialNormal(fit) => fit.k(),
            Self::BetaBinomial(fit) => fit.k(),
            Self::ThreeLevel(fit) => fit.k(),
        }
    }

    /// The common-effect estimate with its Wald interval; `None` for a regression, which has coefficients in place
    /// of one estimate.
    #[must_use]
    pub fn common(&self, spec: &Spec) -> Option<Summary> {
        match self {
            Self::Weighted(fit) => Some(fit.common(spec)),
            Self::Regression(_) | Self::BinomialRegression(_) => None,
            Self::BinomialNormal(fit) => Some(fit.common(spec)),
            Self::BetaBinomial(fit) => Some(fit.common(spec)),
            Self::ThreeLevel(fit) => Some(fit.common(spec)),
        }
    }

    /// The random-effects estimate with the interval of the spec; `None` for the common-effect model, and for a
    /// regression.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn pooled(&self, spec: &Spec) -> Result<Option<Summary>, Error> {
        match self {
            Self::Weighted(fit) => fit.pooled(spec),
            Self::Regression(_) | Self::BinomialRegression(_) => Ok(None),
            Self::BinomialNormal(fit) => fit.pooled(spec).map(Some),
            Self::BetaBinomial(fit) => fit.pooled(spec).map(Some),
            Self::ThreeLevel(fit) => Ok(Some(fit.pooled(spec))),
        }
    }

    /// The prediction interval of the spec, where the model has one; a regression has one for each row of moderators
    /// ([`RegressionFit::predict`]).
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where the bootstrap's distribution of τ² is not found.
    pub fn prediction(&self, spec: &Spec) -> Result<Option<Prediction>, Error> {
        match self {
            Self::Weighted(fit) => fit.prediction(spec),
            Self::Regression(_) | Self::BinomialRegression(_) => Ok(None),
            Self::BinomialNormal(fit) => Ok(fit.prediction(spec)),
            Self::BetaBinomial(fit) => Ok(fit.prediction(spec)),
            Self::ThreeLevel(fit) => Ok(fit.prediction(spec)),
        }
    }

    /// The Wald interval of the pooled value on the analysis scale, whatever interval the spec has; `None` for models
    /// that have no weighted mean.
    pub(crate) fn wald_interval(&self, spec: &Spec) -> Option<[f64; 2]> {
        let Self::Weighted(fit) = self else { return None };
        let wald = Spec { ci: Ci::Wald, ..spec.clone() };
        fit.limits(&wald, None).ok()?.1
    }

    /// Tests, variance components and I² by the choices of the spec, and what has to be said of the limits.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit of τ² is not found.
    pub fn heterogeneity(&self, spec: &Spec) -> Result<(Heterogeneity, VarianceLimits), Error> {
        match self {
            Self::Weighted(fit) => fit.heterogeneity(spec),
            Self::Regression(fit) => fit.heterogeneity(spec),
            Self::BinomialRegression(fit) => Ok(fit.heterogeneity(spec)),
            Self::BinomialNormal(fit) => Ok(fit.heterogeneity(spec)),
            Self::BetaBinomial(fit) => Ok(fit.heterogeneity(spec)),
            Self::ThreeLevel(fit) => fit.heterogeneity(spec),
        }
    }

    /// The fitted distribution of true proportions, where the model has one; `pooled` is its estimate.
    #[must_use]
    pub fn distribution(&self, pooled: &Summary, spec: &Spec) -> Option<Distribution> {
        match self {
            Self::Weighted(fit) => fit.distribution(pooled, spec),
            Self::Regression(_) | Self::BinomialRegression(_) | Self::ThreeLevel(_) => None,
            Self::BinomialNormal(fit) => fit.distribution(pooled, spec),
            Self::BetaBinomial(fit) => fit.distribution(pooled, spec),
        }
    }

    /// Common-effect and random-effects weights as fractions that sum to 1; the second is empty where the model
    /// has none.
    #[must_use]
    pub fn weights(&self, spec: &Spec) -> [Vec<f64>; 2] {
        match self {
            Self::Weighted(fit) => fit.weights(spec),
            Self::Regression(fit) => fit.weights(),
            Self::BinomialRegression(fit) => fit.weights(),
            Self::BinomialNormal(fit) => fit.weights(),
            Self::BetaBinomial(fit) => fit.weights(),
            Self::ThreeLevel(fit) => fit.weights(),
        }
    }

    /// From the analysis scale to what is shown, for values pooled under the spec.
    #[must_use]
    pub fn scale(&self, spec: &Spec) -> Scale {
        match self {
            Self::Weighted(fit) => fit.scale(spec),
            Self::Regression(fit) => fit.scale(spec),
            Self::BinomialRegression(fit) => fit.scale(),
            Self::ThreeLevel(fit) => fit.scale(spec),
            Self::BinomialNormal(_) | Self::BetaBinomial(_) => {
                Scale::new(spec.measure, spec.input_scale.unwrap_or(InputScale::Identity))
            }
        }
    }

    /// How the fit was found.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        match self {
            Self::Weighted(fit) => fit.convergence(),
            Self::Regression(fit) => fit.convergence(),
            Self::BinomialRegression(fit) => fit.convergence(),
            Self::BinomialNormal(fit) => fit.convergence(),
            Self::BetaBinomial(fit) => fit.convergence(),
            Self::ThreeLevel(fit) => fit.convergence(),
        }
    }
}
