//! A fitted meta-regression.

use std::borrow::Cow;
use std::sync::Arc;

use super::errors::StandardErrors;
use super::inference::{Coefficient, Omnibus, PredictedValue, TestStatistics};
use super::residuals::RegressionResiduals;
use super::weighted::WeightedRegression;
use crate::data::Counts;
use crate::effect::{EffectSizes, Scale};
use crate::error::{Error, Problem};
use crate::model::heterogeneity::Heterogeneity;
use crate::model::heterogeneity::VarianceLimits;
use crate::model::inference::hartung_knapp_scale;
use crate::model::likelihood::normal::{Criteria, Likelihood};
use crate::model::prediction::predict_about;
use crate::model::tau2::interval::{self, Tau2Interval};
use crate::model::tau2::{self, Tau2Fit};
use crate::model::weighted_mean::fractions;
use crate::model::{ModelMatrix, Pooled, ResidualSums, Residuals};
use crate::numeric::convergence::Convergence;
use crate::numeric::linear::{Square, unit_vector};
use crate::numeric::sum::sum;
use crate::options::{Choice, Ci, Model, PredictionMethod, Spec, Tau2, Tau2Ci, Tau2Method};

/// A meta-regression: y = Xb + u + e with u ~ N(0, τ²) and e ~ N(0, v), or without u for the common-effect model.
///
/// Berkey, Hoaglin, Mosteller & Colditz 1995, doi:10.1002/sim.4780140406; the estimators of τ² with moderators are
/// those of Raudenbush 2009 and Viechtbauer 2010, doi:10.18637/jss.v036.i03. What a method takes from the spec it is
/// given is the interval, the level, the prediction, the interval of τ² and the definition of I²; the model and its
/// τ² are those of the fit.
///
/// ```
/// use metaprop::effect::EffectSizes;
/// use metaprop::model::{Design, Fit, ModelMatrix, Prepared, Rows};
/// use metaprop::{Dataset, Spec};
///
/// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 38, 60), ("E", 17, 40)])?;
/// let spec = Spec::default();
/// let (sizes, _) = EffectSizes::new(data.studies(), &spec);
/// let matrix = ModelMatrix::with_intercept([("weeks", vec![12.0, 12.0, 24.0, 52.0, 24.0])])?;
/// let fit = Prepared::new(&sizes, data.studies()).fit(Rows::All, Design::Moderators(&matrix), &spec)?;
/// let Fit::Regression(fit) = fit else { unreachable!() };
/// let coefficients = fit.coefficients(&spec)?;
/// assert_eq!((coefficients[1].term.as_str(), coefficients[1].df), ("weeks", Some(3.0)));
/// // The longer, the more.
/// let at = |weeks: f64| fit.predict(&[1.0, weeks], &spec).map(|value| value.estimate);
/// assert!(coefficients[1].estimate > 0.0 && at(52.0)? > at(12.0)?);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RegressionFit<'a> {
    sizes: Cow<'a, EffectSizes>,
    counts: Option<&'a [Counts]>,
    names: Arc<[String]>,
    intercept: Option<usize>,
    model: Model,
    estimator: Tau2,
    residuals: RegressionResiduals,
    common: WeightedRegression,
    random: WeightedRegression,
    tau2: Tau2Fit,
    /// What the estimates of `residuals` are less than the effect sizes: their origin where the columns of the model
    /// matrix can make up for it, else 0.
    origin: f64,
}

impl<'a> RegressionFit<'a> {
    /// Estimates τ² as the spec says, and the coefficients with it.
    pub(in crate::model) fn new(
        sizes: impl FnOnce() -> Cow<'a, EffectSizes>,
        matrix: &ModelMatrix,
        counts: Option<&'a [Counts]>,
        spec: &Spec,
    ) -> Result<Self, Error> {
        check(spec)?;
        let sizes = sizes();
        let mut residuals = RegressionResiduals::new(matrix, &sizes.deviations, &sizes.v)?;
        let mut origin = sizes.origin();
        if !residuals.spans_constants() {
            (residuals, origin) = (RegressionResiduals::new(matrix, &sizes.y, &sizes.v)?, 0.0);
        }
        let tau2 = match spec.tau2 {
            Tau2::Fixed(value) => Tau2Fit::closed_form("fixed tau2", value),
            Tau2::Estimated(_) if residuals.df() == 0.0 => {
                Tau2Fit::closed_form("as many coefficients as studies", 0.0)
            }
            Tau2::Estimated(method) => tau2::fit(method, &residuals)?,
        };
        let (common, random) = (residuals.at(0.0), residuals.at(tau2.tau2));
        Ok(Self {
            sizes,
            counts,
            names: matrix.shared_names(),
            intercept: matrix.intercept(),
            model: spec.model,
            estimator: spec.tau2,
            residuals,
            common,
            random,
            tau2,
            origin,
        })
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.sizes.k()
    }

    /// The names of the coefficients, in the order of the columns of the model matrix.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The estimate of the residual τ².
    #[must_use]
    pub fn tau2(&self) -> f64 {
        self.tau2.tau2
    }

    /// How τ² was found.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        &self.tau2.convergence
    }

    /// The sums at τ² = 0.
    #[must_use]
    pub fn sums(&self) -> &WeightedRegression {
        &self.common
    }

    /// The sums of the model's weights; the residuals among them, for row i y − Xb, are on the analysis scale.
    #[must_use]
    pub fn model_sums(&self) -> &WeightedRegression {
        if self.model == Model::Random { &self.random } else { &self.common }
    }

    /// The coefficients with the interval of the spec and the test against 0, in the order of the columns.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the interval does not go with moderators.
    pub fn coefficients(&self, spec: &Spec) -> Result<Vec<Coefficient>, Error> {
        let pooled = self.pooled_coefficients(&self.standard_errors(spec)?);
        let coefficients = self.names.iter().zip(&pooled).map(|(name, pooled)| {
            Coefficient::new(name.clone(), pooled, &pooled.infer(spec.level.tail(), 0.0))
        });
        Ok(coefficients.collect())
    }

    /// Each coefficient with its standard error.
    fn pooled_coefficients(&self, errors: &StandardErrors<'_>) -> Vec<Pooled> {
        let values = self.model_sums().coefficients(self.residuals.estimates());
        let of = |(index, value): (usize, f64)| {
            let unit = self.unit(index);
            let error = errors.of(&unit);
            Pooled { y: value + self.shift(&unit), se: error.se, df: error.df }
        };
        values.into_iter().enumerate().map(of).collect()
    }

    /// The statistics of [`coefficients`](Self::coefficients) and [`omnibus`](Self::omnibus).
    pub(crate) fn test_statistics(&self, spec: &Spec) -> Result<TestStatistics, Error> {
        let errors = self.standard_errors(spec)?;
        let (pooled, tested) = (self.pooled_coefficients(&errors), self.tested());
        let estimates: Vec<f64> = tested.iter().map(|index| pooled[*index].y).collect();
        let units: Vec<Vec<f64>> = tested.iter().map(|index| self.unit(*index)).collect();
        Ok(TestStatistics {
            omnibus: if tested.is_empty() { None } else { errors.statistic(&units, &estimates).value },
            coefficients: pooled.iter().map(|pooled| pooled.statistic(0.0)).collect(),
        })
    }

    /// The coefficients that the joint test is of.
    fn tested(&self) -> Vec<usize> {
        (0..self.names.len()).filter(|index| Some(*index) != self.intercept).collect()
    }

    /// The covariance matrix of the coefficients, by the interval of the spec.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the interval does not go with moderators.
    pub fn covariance(&self, spec: &Spec) -> Result<Square, Error> {
        let units: Vec<Vec<f64>> = (0..self.names.len()).map(|index| self.unit(index)).collect();
        Ok(self.standard_errors(spec)?.covariance(&units))
    }

    /// The test that all coefficients but the intercept are 0: Wald's χ², for `t`, `hk` and `hk-floor` F on k − p
    /// degrees of freedom, for `kr` the scaled F of Kenward and Roger. `None` where there is no other coefficient.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the interval does not go with moderators.
    pub fn omnibus(&self, spec: &Spec) -> Result<Option<Omnibus>, Error> {
        let tested = self.tested();
        if tested.is_empty() { Ok(None) } else { self.test_of(&tested, spec).map(Some) }
    }

    /// The same test of these coefficients alone.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the interval does not go with moderators.
    pub fn test_of(&self, tested: &[usize], spec: &Spec) -> Result<Omnibus, Error> {
        let values = self.model_sums().coefficients(self.residuals.estimates());
        let units: Vec<Vec<f64>> = tested.iter().map(|index| self.unit(*index)).collect();
        let estimates: Vec<f64> =
            tested.iter().zip(&units).map(|(index, unit)| values[*index] + self.shift(unit)).collect();
        Ok(self.standard_errors(spec)?.test(&units, &estimates))
    }

    /// The expected value at a row of moderators, with its confidence and its prediction interval by the spec. `row`
    /// has a number for each column of the model matrix, the intercept among them.
    ///
    /// The prediction interval takes k − p degrees of freedom for `t` and `hk`, k − p − 1 for `hts`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the row has not one finite number for each coefficient, or the interval does not go
    /// with moderators.
    pub fn predict(&self, row: &[f64], spec: &Spec) -> Result<PredictedValue, Error> {
        if row.len() != self.names.len() || row.iter().any(|cell| !cell.is_finite()) {
            let names = self.names.join(", ");
            let what = format!("a predicted value takes {} finite numbers: {names}", self.names.len());
            return Err(Error::usage(what));
        }
        let (sums, errors) = (self.model_sums(), self.standard_errors(spec)?);
        let (value, error) = (sums.combination(row, self.residuals.estimates()), errors.of(row));
        let pooled = Pooled { y: value + self.shift(row), se: error.se, df: error.df };
        let wald = standard_error(sums, Ci::Wald, row);
        let prediction = if self.model == Model::Random && sums.df() > 0.0 {
            let scale = hartung_knapp_scale(sums, spec.ci == Ci::HkFloor);
            let se = [wald, scale.sqrt() * wald];
            let tail = spec.level.tail();
            predict_about(spec.prediction, pooled.y, se, sums.df(), self.tau2.tau2, tail)
        } else {
            None
        };
        let scale = self.sizes.scale(self.counts, spec, wald);
        Ok(PredictedValue::new(&pooled, spec.level.tail(), spec.prediction, prediction, &scale))
    }

    /// The fitted values Xb of the studies, on the analysis scale.
    #[must_use]
    pub fn fitted(&self) -> Vec<f64> {
        let y = self.residuals.estimates().iter();
        y.zip(self.model_sums().residuals()).map(|(y, residual)| y - residual + self.origin).collect()
    }

    /// The log-likelihood with AIC and BIC: for `reml` the restricted one with k − p observations, else the full one
    /// with k, at the τ² of the model. The parameters are the coefficients and, where it was estimated, τ².
    #[must_use]
    pub fn criteria(&self) -> Criteria {
        let (k, p) = (self.k() as f64, self.names.len() as f64);
        let full = |tau2, parameters| {
            Criteria::new(self.residuals.log_likelihood(Likelihood::Full, tau2), k, parameters)
        };
        match self.estimator {
            _ if self.model == Model::Common => full(0.0, p),
            Tau2::Estimated(Tau2Method::Reml) if k > p => {
                let log = self.residuals.log_likelihood(Likelihood::Restricted, self.tau2.tau2);
                Criteria::new(log, k - p, p + 1.0)
            }
            Tau2::Estimated(_) => full(self.tau2.tau2, p + 1.0),
            Tau2::Fixed(_) => full(self.tau2.tau2, p),
        }
    }

    /// The test of residual heterogeneity, τ² with its interval, I² and H².
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit of τ² is not found; [`Error::Usage`] where its interval does not go with
    /// moderators.
    pub fn heterogeneity(&self, spec: &Spec) -> Result<(Heterogeneity, VarianceLimits), Error> {
        let se = match self.estimator {
            Tau2::Estimated(method) if self.common.df() > 0.0 => {
                let convention = spec.conventions.iterated_tau2_se;
                tau2::standard_error_by(convention, method, &self.residuals, &self.tau2)
            }
            _ => None,
        };
        let interval = if self.common.df() > 0.0 { self.tau2_interval(spec)? } else { None };
        let heterogeneity = Heterogeneity::of_sums(&self.common, (self.tau2.tau2, se), interval, spec);
        Ok((heterogeneity, VarianceLimits::of(interval)))
    }

    /// The interval of τ² that the spec asks for, of more studies than coefficients.
    ///
    /// # Errors
    ///
    /// As [`heterogeneity`](Self::heterogeneity).
    pub fn tau2_interval(&self, spec: &Spec) -> Result<Option<Tau2Interval>, Error> {
        let tail = spec.level.tail();
        let likelihood = match self.estimator {
            Tau2::Estimated(Tau2Method::Reml) => Likelihood::Restricted,
            _ => Likelihood::Full,
        };
        match spec.tau2_ci {
            Tau2Ci::QProfile => interval::q_profile(&self.residuals, tail).map(Some),
            Tau2Ci::Profile => tau2::profile::profile(likelihood, &self.residuals, tail).map(Some),
            Tau2Ci::Sj => Ok(Some(interval::sidik_jonkman_interval(&self.residuals, tail))),
            Tau2Ci::None => Ok(None),
            Tau2Ci::Jackson | Tau2Ci::BiggerstaffJackson => Err(Error::Usage(vec![no_tau2_ci(spec.tau2_ci)])),
        }
    }

    /// The inverse-variance weights at τ² = 0 and at the fitted τ², as fractions that sum to 1; the second is empty
    /// for the common-effect model.
    pub(in crate::model) fn weights(&self) -> [Vec<f64>; 2] {
        let random = match self.model {
            Model::Random => fractions(&self.sizes.v, self.tau2.tau2),
            _ => Vec::new(),
        };
        [fractions(&self.sizes.v, 0.0), random]
    }

    /// From the analysis scale to what is shown. The n of the Freeman-Tukey inverse by `inverse-variance` is that of
    /// the fitted value at the mean of the studies' moderators.
    #[must_use]
    pub fn scale(&self, spec: &Spec) -> Scale {
        let k = self.k() as f64;
        let mean = |column: usize| sum((0..self.k()).map(|row| self.residuals.row(row)[column])) / k;
        let at_mean: Vec<f64> = (0..self.names.len()).map(mean).collect();
        self.sizes.scale(self.counts, spec, standard_error(self.model_sums(), Ci::Wald, &at_mean))
    }

    fn standard_errors(&self, spec: &Spec) -> Result<StandardErrors<'_>, Error> {
        let ci = if self.model == Model::Common { Ci::Wald } else { spec.ci };
        StandardErrors::new(self.model_sums(), ci).ok_or_else(|| Error::Usage(vec![no_ci(ci)]))
    }

    /// The combination of the coefficients that is one of them.
    fn unit(&self, index: usize) -> Vec<f64> {
        unit_vector(self.names.len(), index)
    }

    /// What a combination of the coefficients of the effect sizes is more than that of the estimates of `residuals`.
    fn shift(&self, combination: &[f64]) -> f64 {
        self.origin * self.residuals.constant_part(combination)
    }
}

fn standard_error(sums: &WeightedRegression, ci: Ci, row: &[f64]) -> f64 {
    StandardErrors::new(sums, ci).map_or(f64::NAN, |errors| errors.of(row).se)
}

/// Every choice that does not go with moderators.
fn check(spec: &Spec) -> Result<(), Error> {
    let mut problems = Vec::new();
    if !matches!(spec.model, Model::Common | Model::Random) {
        let what = format!("{} = {} does not take moderators", Model::NAME, spec.model.key());
        problems.push(Problem::new(what).help("use model = random, common or glmm"));
    }
    if !matches!(spec.ci, Ci::Wald | Ci::T | Ci::Hk | Ci::HkFloor | Ci::Kr) {
        problems.push(no_ci(spec.ci));
    }
    if spec.prediction == PredictionMethod::Bootstrap {
        let what = format!("{} = bootstrap does not go with moderators", PredictionMethod::NAME);
        problems.push(Problem::new(what).help("use prediction = t, hts, hk or z"));
    }
    if matches!(spec.tau2_ci, Tau2Ci::Jackson | Tau2Ci::BiggerstaffJackson) {
        problems.push(no_tau2_ci(spec.tau2_ci));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Usage(problems)) }
}

fn no_ci(ci: Ci) -> Problem {
    Problem::new(format!("{} = {} does not go with moderators", Ci::NAME, ci.key()))
        .help("use ci = wald, t, hk, hk-floor or, with tau2 = reml, kr")
}

fn no_tau2_ci(ci: Tau2Ci) -> Problem {
    Problem::new(format!("{} = {} does not go with moderators", Tau2Ci::NAME, ci.key()))
        .help("use tau2-ci = q-profile, or profile with tau2 = ml or reml")
}
