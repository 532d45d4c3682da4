//! What a meta-regression gives.

use rayon::prelude::*;
use serde::Serialize;

use super::cluster_robust::ClusterRobust;
use super::design::{AtValue, ModelDesign};
use super::fitted::{Fitted, Likelihood};
use super::formula::Formula;
use super::permutation::{Permutation, permutation_test};
use super::vif::InflationFactor;
use crate::advisory::{Advisory, Code};
use crate::analysis::leave_one_out::needs_two;
use crate::analysis::{KeepGoing, MetaAnalysis};
use crate::data::Excluded;
use crate::effect::EffectSizes;
use crate::error::{Error, Problem};
use crate::model::ci::bootstrap::percentile;
use crate::model::{Coefficient, Heterogeneity, ModelMatrix, Omnibus, PredictedValue, RegressionFit};
use crate::numeric::chi_squared;
use crate::numeric::random::Stream;
use crate::options::{DEFAULT_SEED, Model, Spec, Tau2Ci};

/// So many studies a coefficient are asked for (Higgins et al., Cochrane Handbook 6.5, section 10.11.5.1).
const STUDIES_A_COEFFICIENT: usize = 10;
/// So many draws give the interval of R².
const R2_DRAWS: u64 = 1000;

/// What is asked of a meta-regression beside its coefficients.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct RegressionOptions {
    /// Values of moderators at which the pooled value is predicted: for each column its values; every combination.
    pub at: Vec<(String, Vec<String>)>,
    /// How many permutations the permutation test has at most; `None` for no such test.
    pub permutations: Option<u64>,
    /// The column whose values are the clusters of cluster-robust tests.
    pub cluster: Option<String>,
    /// Whether R² gets an interval by the bootstrap.
    pub r2_interval: bool,
    /// The seed of permutations and bootstrap; [`DEFAULT_SEED`] where nothing is said.
    pub seed: Option<u64>,
}

impl RegressionOptions {
    /// Cluster-robust tests in the clusters of the data, where these have some and the model has them.
    pub(crate) fn in_clusters_of(result: &MetaAnalysis) -> Self {
        let clusters = result.data.clusters().filter(|_| !result.spec.model.is_of_counts());
        Self { cluster: clusters.map(|clusters| clusters.column().to_string()), ..Self::default() }
    }
}

/// A meta-regression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Regression {
    /// The moderators.
    pub formula: Formula,
    /// The studies that were used, counted from 0 among those that were pooled.
    pub rows: Vec<u32>,
    /// Studies that lack a moderator.
    pub excluded: Vec<Excluded>,
    /// The coefficients, the intercept first.
    pub coefficients: Vec<Coefficient>,
    /// The test that all of them but the intercept are 0.
    pub omnibus: Omnibus,
    /// The same test of each term.
    pub terms: Vec<TermTest>,
    /// What is left of the heterogeneity.
    pub residual: Heterogeneity,
    /// R² in percent: the part of τ² that the moderators explain; `None` where there is none to explain.
    pub r2: Option<f64>,
    /// Its interval by the parametric bootstrap, where it was asked for.
    pub r2_interval: Option<[f64; 2]>,
    /// τ² of the same studies without moderators.
    pub tau2_without: Option<f64>,
    /// The likelihood, and what it is compared by.
    pub fit: ModelFit,
    /// Variance inflation factors; none for a single term.
    pub vif: Vec<InflationFactor>,
    /// Predicted values.
    pub predictions: Vec<Prediction>,
    /// The permutation test, where it was asked for.
    pub permutation: Option<Permutation>,
    /// Cluster-robust tests, where they were asked for.
    pub robust: Option<ClusterRobust>,
    /// Remarks on it.
    pub advisories: Vec<Advisory>,
}

/// What a bubble plot shows of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FittedLine {
    /// The first moderator that is a number.
    pub moderator: String,
    /// Its value for each study that was used.
    pub values: Vec<f64>,
    /// The fitted values at 51 points along it, where the model has that moderator alone.
    pub points: Vec<(f64, PredictedValue)>,
}

/// The test of a term of the formula.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermTest {
    /// The term.
    pub term: String,
    /// The test that its coefficients are 0.
    #[serde(flatten)]
    pub test: Omnibus,
}

/// The likelihood of a model, and the test against the model without moderators.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModelFit {
    /// The log-likelihood; with REML the restricted one.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// The Bayesian criterion.
    pub bic: f64,
    /// Akaike's criterion corrected for few studies: −2ℓ + 2pn/(n − p − 1), with p parameters and n studies, n at least
    /// p + 2; with REML n less the coefficients (Hurvich & Tsai 1989, doi:10.1093/biomet/76.2.297).
    pub aicc: f64,
    /// Twice what the log-likelihood is more than without moderators, with ML alone: restricted likelihoods of
    /// different moderators cannot be compared.
    pub likelihood_ratio: Option<f64>,
    /// Its p-value, by χ² with as many degrees of freedom as there are moderators.
    pub likelihood_ratio_p: Option<f64>,
}

/// The value that is expected at some values of the moderators.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Prediction {
    /// The columns and the values at which it is made; a moderator that is not among them is at its mean.
    pub at: Vec<(String, String)>,
    /// The value.
    #[serde(flatten)]
    pub value: PredictedValue,
}

impl MetaAnalysis {
    /// A meta-regression of the pooled studies on columns of their table, by the same τ², interval and level.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where a column or a level does not exist, or a choice does not go with moderators;
    /// [`Error::Data`] where a moderator is a combination of others in these studies, or there are no more studies than
    /// coefficients; [`Error::NoConvergence`] where τ² is not found.
    ///
    /// ```
    /// use metaprop::analysis::RegressionOptions;
    /// use metaprop::data::Covariates;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 38, 60), ("E", 17, 40)])?;
    /// let data = data.with_covariates(Covariates::new([("weeks", ["12", "12", "24", "52", "24"])])?)?;
    /// let result = fit(&data, &Spec::default())?;
    /// let regression = result.regress(&"weeks".parse()?, &RegressionOptions::default())?;
    /// assert_eq!(regression.coefficients[1].term, "weeks");
    /// assert!(regression.coefficients[1].estimate > 0.0 && regression.residual.df == 3);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn regress(&self, formula: &Formula, options: &RegressionOptions) -> Result<Regression, Error> {
        self.regress_watched(formula, options, &mut |_, _| true)
    }

    /// The same; `keep_going` is given how many draws are done, and stops them by returning false.
    ///
    /// # Errors
    ///
    /// As [`regress`](Self::regress).
    pub fn regress_watched(
        &self,
        formula: &Formula,
        options: &RegressionOptions,
        keep_going: &mut KeepGoing<'_>,
    ) -> Result<Regression, Error> {
        if options.permutations == Some(0) {
            let problem = Problem::new("permutations: a test takes at least one permutation");
            return Err(Error::Usage(vec![problem.help("give a number above 0, such as 10000")]));
        }
        needs_two(self, "regress")?;
        let design = ModelDesign::new(formula, self)?;
        let sizes = self.sizes.subset(&design.rows, self.data.counts(), &self.spec);
        let prepared = self.prepared(&sizes);
        let fit = Fitted::new(&prepared, &design.matrix, &self.spec)?;
        let without = Fitted::new(&prepared, &ModelMatrix::ones(design.rows.len())?, &self.spec)?;
        let coefficients = fit.coefficients(&self.spec)?;
        let omnibus = fit.omnibus(&self.spec)?.ok_or_else(|| Error::usage("mods names no moderator"))?;
        let residual = fit.heterogeneity(&self.spec)?;
        let r2 = explained(fit.tau2(), without.tau2()).filter(|_| self.spec.model != Model::Common);
        let seed = options.seed.unwrap_or(DEFAULT_SEED);
        let permutation = options
            .permutations
            .map(|asked| permutation_test(&prepared, &design.matrix, &self.spec, asked, seed, keep_going));
        let r2_interval = match r2.filter(|_| options.r2_interval) {
            Some(_) => {
                self.r2_interval(&sizes, &design.matrix, fit.weighted("the bootstrap interval of R2")?, seed)
            }
            None => None,
        };
        Ok(Regression {
            terms: design
                .terms
                .iter()
                .map(|(term, columns)| {
                    Ok(TermTest { term: term.clone(), test: fit.test_of(columns, &self.spec)? })
                })
                .collect::<Result<Vec<_>, Error>>()?,
            fit: model_fit(&fit, &without, design.matrix.columns(), &self.spec),
            vif: match &design.terms[..] {
                [_] => Vec::new(),
                terms => InflationFactor::of_terms(&fit.covariance(&self.spec)?, terms),
            },
            predictions: predictions(&design, &fit, options, &self.spec)?,
            permutation: permutation.transpose()?,
            robust: self.robust(&design, &fit, &coefficients, options)?,
            advisories: advisories(&design, &sizes),
            formula: formula.clone(),
            rows: design.rows,
            excluded: design.excluded,
            coefficients,
            omnibus,
            residual,
            r2,
            r2_interval,
            tau2_without: (self.spec.model != Model::Common).then(|| without.tau2()),
        })
    }

    /// Whether a meta-regression has one moderator, and that is a number, so that it has a line.
    ///
    /// # Errors
    ///
    /// As [`regress`](Self::regress).
    #[cfg(feature = "cli")]
    pub(crate) fn has_line(&self, formula: &Formula) -> Result<bool, Error> {
        Ok(ModelDesign::new(formula, self)?.only_numbers().is_some())
    }

    /// The line of a meta-regression and the values that it is drawn over; `None` where no moderator is a number.
    ///
    /// # Errors
    ///
    /// As [`regress`](Self::regress).
    pub(crate) fn fitted_line(&self, formula: &Formula) -> Result<Option<FittedLine>, Error> {
        let design = ModelDesign::new(formula, self)?;
        let Some((moderator, values)) = design.first_numbers() else { return Ok(None) };
        let sizes = self.sizes.subset(&design.rows, self.data.counts(), &self.spec);
        let prepared = self.prepared(&sizes);
        let points = line(&design, &Fitted::new(&prepared, &design.matrix, &self.spec)?, &self.spec)?;
        Ok(Some(FittedLine { moderator, values, points }))
    }

    fn robust(
        &self,
        design: &ModelDesign,
        fit: &Fitted<'_>,
        coefficients: &[Coefficient],
        options: &RegressionOptions,
    ) -> Result<Option<ClusterRobust>, Error> {
        let Some(cluster) = &options.cluster else { return Ok(None) };
        let named = self.data.clusters_by(cluster)?;
        let study = |row: &u32| self.sizes.study[*row as usize] as usize;
        let clusters: Vec<u32> = design.rows.iter().map(|row| named.of(study(row))).collect();
        let estimates: Vec<(String, f64)> =
            coefficients.iter().map(|coefficient| (coefficient.term.clone(), coefficient.estimate)).collect();
        ClusterRobust::new(fit.weighted("cluster")?, &estimates, cluster, &clusters, self.spec.level.tail())
            .map(Some)
    }

    /// The interval of R² by drawing estimates from the fitted model: percentiles of the R² of the draws.
    fn r2_interval(
        &self,
        sizes: &EffectSizes,
        matrix: &ModelMatrix,
        fit: &RegressionFit<'_>,
        seed: u64,
    ) -> Option<[f64; 2]> {
        let (fitted, tau2) = (fit.fitted(), fit.tau2());
        let spec = Spec { tau2_ci: Tau2Ci::None, ..self.spec.clone() };
        let ones = ModelMatrix::ones(matrix.rows()).ok()?;
        let draw = |index: u64| {
            let mut stream = Stream::new(seed, index);
            let y: Vec<f64> = fitted
                .iter()
                .zip(&sizes.v)
                .map(|(mean, v)| mean + (v + tau2).sqrt() * stream.normal())
                .collect();
            let drawn = sizes.with_estimates(y);
            let prepared = self.prepared(&drawn);
            let fitted = |matrix| Fitted::new(&prepared, matrix, &spec).ok();
            let (with, without) = (fitted(matrix)?, fitted(&ones)?);
            Some(explained(with.tau2(), without.tau2()).unwrap_or(0.0))
        };
        let draws: Vec<Option<f64>> = (0..R2_DRAWS).into_par_iter().map(draw).collect();
        let mut draws: Vec<f64> = draws.into_iter().flatten().collect();
        draws.sort_by(f64::total_cmp);
        let tail = self.spec.level.tail();
        (!draws.is_empty()).then(|| [percentile(&draws, tail), percentile(&draws, 1.0 - tail)])
    }
}

/// R² in percent: 100 (τ₀² − τ²)/τ₀², cut at 0 (Raudenbush 2009).
fn explained(tau2: f64, without: f64) -> Option<f64> {
    (without > 0.0).then(|| (100.0 * (without - tau2) / without).max(0.0))
}

fn model_fit(fit: &Fitted<'_>, without: &Fitted<'_>, coefficients: usize, spec: &Spec) -> ModelFit {
    let Likelihood { criteria, parameters, observations, is_comparable } = fit.likelihood(spec);
    let n = observations.max(parameters + 2.0);
    let ratio = is_comparable.then(|| {
        let difference = criteria.log_likelihood - without.likelihood(spec).criteria.log_likelihood;
        (2.0 * difference).max(0.0)
    });
    ModelFit {
        log_likelihood: criteria.log_likelihood,
        aic: criteria.aic,
        bic: criteria.bic,
        aicc: 2.0 * parameters * n / (n - parameters - 1.0) - 2.0 * criteria.log_likelihood,
        likelihood_ratio: ratio,
        likelihood_ratio_p: ratio.map(|ratio| chi_squared::sf(ratio, coefficients as f64 - 1.0)),
    }
}

/// Every combination of the values that were asked for.
fn predictions(
    design: &ModelDesign,
    fit: &Fitted<'_>,
    options: &RegressionOptions,
    spec: &Spec,
) -> Result<Vec<Prediction>, Error> {
    if options.at.is_empty() {
        return Ok(Vec::new());
    }
    let mut combinations: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for (column, values) in &options.at {
        let with = |so_far: &Vec<(String, String)>, value: &String| {
            let mut all = so_far.clone();
            all.push((column.clone(), value.clone()));
            all
        };
        combinations = combinations
            .iter()
            .flat_map(|so_far| values.iter().map(move |value| with(so_far, value)))
            .collect();
        if combinations.len() > 10_000 {
            let problem = Problem::new("at: there are more than 10,000 combinations of values");
            return Err(Error::Usage(vec![problem.help("give fewer values")]));
        }
    }
    combinations
        .into_iter()
        .map(|at| {
            let values: Vec<AtValue<'_>> =
                at.iter().map(|(column, value)| AtValue { column, value }).collect();
            let value = fit.predict(&design.row_at(&values)?, spec)?;
            Ok(Prediction { at, value })
        })
        .collect()
}

/// The fitted values along the one moderator of a model, where that is a number.
fn line(design: &ModelDesign, fit: &Fitted<'_>, spec: &Spec) -> Result<Vec<(f64, PredictedValue)>, Error> {
    let Some((values, centre)) = design.only_numbers() else { return Ok(Vec::new()) };
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    (0..=50)
        .map(|step| {
            let x = low + (high - low) * f64::from(step) / 50.0;
            Ok((x + centre, fit.predict(&[1.0, x], spec)?))
        })
        .collect()
}

/// What has to be said of the model.
fn advisories(design: &ModelDesign, sizes: &EffectSizes) -> Vec<Advisory> {
    let (k, coefficients) = (sizes.k(), design.matrix.columns() - 1);
    let few = (k < STUDIES_A_COEFFICIENT * coefficients).then(|| {
        let them = if coefficients == 1 { "coefficient" } else { "coefficients" };
        Advisory::new(
            Code::FewStudiesPerCoefficient,
            format!(
                "{k} studies for {coefficients} {them} beside the intercept: fewer than {STUDIES_A_COEFFICIENT} each, \
                 too few to tell a moderator from chance with confidence"
            ),
        )
    });
    few.into_iter().collect()
}
