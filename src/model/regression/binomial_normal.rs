//! A binomial-normal model with moderators, fitted: its coefficients, tests and predicted values.

use std::borrow::Cow;

use super::errors::{WaldStatistic, form, omnibus};
use super::inference::{Coefficient, Omnibus, PredictedValue, TestStatistics};
use super::residuals::RegressionResiduals;
use crate::data::Counts;
use crate::effect::Scale;
use crate::error::{Error, Problem};
use crate::model::heterogeneity::{Component, Heterogeneity, Test, VarianceLimits, of_test};
use crate::model::likelihood::Link;
use crate::model::likelihood::binomial::wald_rows;
use crate::model::likelihood::glmm::{GlmmRegression, fit_moderated};
use crate::model::likelihood::normal::Criteria;
use crate::model::prediction::predict_about;
use crate::model::{ModelMatrix, Pooled, ResidualSums, Residuals};
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;
use crate::numeric::linear::{Square, plain_dot as dot, unit_vector};
use crate::options::{Choice, Ci, I2Method, InputScale, PredictionMethod, Quadrature, Spec, Tau2Ci};

/// A meta-regression of counts: x ~ Binomial(n, h(Xb + u)), u ~ N(0, τ²), with the exact likelihood
/// ([`fit_moderated`]); no study needs an estimate, a variance or a correction of its zero cells.
///
/// Intervals are Wald's, `t` with k − p degrees of freedom, or by the profile likelihood. Coefficients, standard errors
/// and τ² are on the link scale.
///
/// ```
/// use metaprop::effect::EffectSizes;
/// use metaprop::model::{Design, Fit, ModelMatrix, Prepared, Rows};
/// use metaprop::options::{Model, Request};
/// use metaprop::Dataset;
///
/// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 55, 60), ("E", 17, 40)])?;
/// let spec = Request { model: Some(Model::Glmm), ..Request::default() }.resolve()?;
/// let (sizes, _) = EffectSizes::new(data.studies(), &spec);
/// let matrix = ModelMatrix::with_intercept([("weeks", vec![12.0, 12.0, 24.0, 52.0, 24.0])])?;
/// let fit = Prepared::new(&sizes, data.studies()).fit(Rows::All, Design::Moderators(&matrix), &spec)?;
/// let Fit::BinomialRegression(fit) = fit else { unreachable!() };
/// assert!(fit.coefficients(&spec)?[1].estimate > 0.0);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BinomialRegression<'a> {
    counts: Cow<'a, [Counts]>,
    matrix: ModelMatrix,
    fit: GlmmRegression,
    scale: Scale,
}

impl<'a> BinomialRegression<'a> {
    /// Maximises the likelihood of the counts with the link that the measure is.
    pub(in crate::model) fn new(
        counts: Cow<'a, [Counts]>,
        matrix: &ModelMatrix,
        spec: &Spec,
    ) -> Result<Self, Error> {
        check(spec)?;
        let link = Link::from_measure(spec.measure).unwrap_or(Link::Logit);
        let fit = fit_moderated(link, &counts, matrix)?;
        let scale = Scale::new(spec.measure, InputScale::Identity);
        Ok(Self { counts, matrix: matrix.clone(), fit, scale })
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.counts.len()
    }

    /// The names of the coefficients, in the order of the columns of the model matrix.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.matrix.names()
    }

    /// The estimate of the residual τ².
    #[must_use]
    pub fn tau2(&self) -> f64 {
        self.fit.tau2
    }

    /// How coefficients and τ² were found.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        &self.fit.convergence
    }

    /// From the link scale to proportions.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// The coefficients with the interval of the spec and the Wald or t test against 0, in the order of the columns.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a profile limit is not found.
    pub fn coefficients(&self, spec: &Spec) -> Result<Vec<Coefficient>, Error> {
        let coefficient = |(column, name): (usize, &str)| {
            let combination = self.unit(column);
            let pooled = self.pooled(&combination, spec.ci);
            let mut inference = pooled.infer(spec.level.tail(), 0.0);
            inference.ci_y = self.limits(&combination, &pooled, spec)?;
            Ok(Coefficient::new(name.to_string(), &pooled, &inference))
        };
        self.matrix.names().enumerate().map(coefficient).collect()
    }

    /// The covariance matrix of the coefficients, from the observed information.
    #[must_use]
    pub fn covariance(&self) -> Square {
        let z: Vec<Vec<f64>> =
            (0..self.matrix.columns()).map(|column| self.fit.standardised(&self.unit(column))).collect();
        Square::from_fn(z.len(), |row, column| dot(&z[row], &z[column]))
    }

    /// Wald's test that all coefficients but the intercept are 0: χ², for `t` F on k − p degrees of freedom. `None` where
    /// there is no other coefficient.
    #[must_use]
    pub fn omnibus(&self, spec: &Spec) -> Option<Omnibus> {
        let tested = self.tested();
        (!tested.is_empty()).then(|| self.test_of(&tested, spec))
    }

    /// The same test of these coefficients alone.
    #[must_use]
    pub fn test_of(&self, tested: &[usize], spec: &Spec) -> Omnibus {
        omnibus(self.statistic_of(tested, spec), tested.len() as f64)
    }

    fn statistic_of(&self, tested: &[usize], spec: &Spec) -> WaldStatistic {
        let z: Vec<Vec<f64>> =
            tested.iter().map(|column| self.fit.standardised(&self.unit(*column))).collect();
        let estimates: Vec<f64> = tested.iter().map(|column| self.fit.coefficients[*column]).collect();
        let (form, df) = (form(&z, &estimates), self.df_of(spec.ci));
        WaldStatistic { value: Some(if df.is_none() { form } else { form / tested.len() as f64 }), df }
    }

    /// The statistics of [`coefficients`](Self::coefficients) and [`omnibus`](Self::omnibus).
    pub(crate) fn test_statistics(&self, spec: &Spec) -> TestStatistics {
        let tested = self.tested();
        let of = |column| self.pooled(&self.unit(column), spec.ci).statistic(0.0);
        TestStatistics {
            omnibus: if tested.is_empty() { None } else { self.statistic_of(&tested, spec).value },
            coefficients: (0..self.matrix.columns()).map(of).collect(),
        }
    }

    /// The coefficients that the joint test is of.
    fn tested(&self) -> Vec<usize> {
        (0..self.matrix.columns()).filter(|column| Some(*column) != self.matrix.intercept()).collect()
    }

    /// The median proportion at a row of moderators, with its confidence and its prediction interval by the spec. `row`
    /// has a number for each column of the model matrix, the intercept among them.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the row has not one finite number for each coefficient; [`Error::NoConvergence`] where a
    /// profile limit is not found.
    pub fn predict(&self, row: &[f64], spec: &Spec) -> Result<PredictedValue, Error> {
        if row.len() != self.matrix.columns() || row.iter().any(|cell| !cell.is_finite()) {
            let names: Vec<&str> = self.matrix.names().collect();
            let what =
                format!("a predicted value takes {} finite numbers: {}", names.len(), names.join(", "));
            return Err(Error::usage(what));
        }
        let pooled = self.pooled(row, spec.ci);
        let tail = spec.level.tail();
        let prediction = match spec.prediction {
            PredictionMethod::Hk | PredictionMethod::HtsHk | PredictionMethod::Bootstrap => None,
            method => predict_about(method, pooled.y, [pooled.se; 2], self.df(), self.fit.tau2, tail),
        };
        let value = PredictedValue::new(&pooled, tail, spec.prediction, prediction, &self.scale);
        let ci_y = self.limits(row, &pooled, spec)?;
        Ok(value.with_interval(ci_y, &self.scale))
    }

    /// The marginal log-likelihood with AIC and BIC; the parameters are the coefficients and τ².
    #[must_use]
    pub fn criteria(&self) -> Criteria {
        Criteria::new(self.fit.log_likelihood, self.k() as f64, self.matrix.columns() as f64 + 1.0)
    }

    /// The shares of the studies in the observed information on their linear predictors.
    pub(in crate::model) fn weights(&self) -> [Vec<f64>; 2] {
        [Vec::new(), self.fit.weights.clone()]
    }

    /// The tests of residual heterogeneity, τ² with its profile interval, I² and H².
    ///
    /// The likelihood ratio is that of one proportion a study against the moderators alone, Wald's that of the
    /// differences of the studies' estimates from the moderators, over the studies with events and non-events.
    #[must_use]
    pub fn heterogeneity(&self, spec: &Spec) -> (Heterogeneity, VarianceLimits) {
        let (limits, remark) = self.tau2_interval(spec);
        let (df, rows) = (self.df(), wald_rows(self.fit.link, &self.counts));
        let leaves_out = self.counts.iter().any(|counts| counts.at_boundary());
        let wald = self.wald(&rows).map(|q| {
            let p = if df > 0.0 { chi_squared::sf(q, df) } else { 1.0 };
            Test { statistic: q, p }
        });
        let tau2 = Component {
            estimate: self.fit.tau2,
            se: self.fit.tau2_se,
            lower: limits.map(|(lower, _)| lower),
            upper: limits.and_then(|(_, upper)| upper),
        };
        let own = Heterogeneity {
            df: df as u64,
            tau2: Some(tau2),
            wald,
            wald_leaves_out: leaves_out,
            wald_withheld: leaves_out && !spec.package_prints_wald(),
            likelihood_ratio: Some(Test { statistic: self.fit.residual_lrt, p: self.fit.residual_lrt_p }),
            against_zero: Some(Test { statistic: self.fit.lrt_tau2, p: self.fit.lrt_tau2_p }),
            ..Heterogeneity::default()
        };
        (self.with_inconsistency(own, tau2, wald, &rows, spec), remark)
    }

    fn with_inconsistency(
        &self,
        own: Heterogeneity,
        tau2: Component,
        wald: Option<Test>,
        rows: &[[f64; 2]],
        spec: &Spec,
    ) -> Heterogeneity {
        if self.df() == 0.0 {
            return own;
        }
        if spec.i2 == I2Method::Q {
            let Some(wald) = wald else { return own };
            let of_wald = of_test(wald.statistic, self.df() + 1.0, spec.level.tail());
            return Heterogeneity { i2_by_wald: true, ..own.with_inconsistency(&of_wald, spec) };
        }
        let Some(typical) = self.typical_variance(rows) else { return own };
        let percent = |tau2: f64| 100.0 * tau2 / (tau2 + typical);
        let estimate = percent(tau2.estimate);
        let i2 = Component {
            estimate,
            se: None,
            lower: tau2.lower.map(|tau2| percent(tau2).min(estimate)),
            upper: tau2.upper.map(|tau2| percent(tau2).max(estimate)),
        };
        Heterogeneity { i2: Some(i2), h2: Some(1.0 + tau2.estimate / typical), ..own }
    }

    /// Wald's Q over the studies with an estimate; `None` where they do not decide on every coefficient.
    fn wald(&self, rows: &[[f64; 2]]) -> Option<f64> {
        let inside: Vec<u32> =
            (0..self.k() as u32).filter(|row| !self.counts[*row as usize].at_boundary()).collect();
        let matrix = self.matrix.subset(&inside).ok()?;
        let of = |part: usize| -> Vec<f64> { inside.iter().map(|row| rows[*row as usize][part]).collect() };
        RegressionResiduals::new(&matrix, &of(0), &of(1)).ok().map(|residuals| residuals.at(0.0).q())
    }

    /// (k − p)/tr P at τ² = 0, with the variances of the estimates; ½ is added to a study with no events or no
    /// non-events.
    fn typical_variance(&self, rows: &[[f64; 2]]) -> Option<f64> {
        let of = |part: usize| -> Vec<f64> { rows.iter().map(|row| row[part]).collect() };
        let residuals = RegressionResiduals::new(&self.matrix, &of(0), &of(1)).ok()?;
        Some(self.df() / residuals.at(0.0).trace())
    }

    /// The profile interval of τ², and what has to be said about it.
    fn tau2_interval(&self, spec: &Spec) -> (Option<(f64, Option<f64>)>, VarianceLimits) {
        if spec.tau2_ci != Tau2Ci::Profile {
            return (None, VarianceLimits::AsShown);
        }
        match self.fit.profile_tau2(&self.matrix, spec.level.tail()) {
            Ok(None) => (None, VarianceLimits::AsShown),
            Ok(Some((lower, None))) => (Some((lower, None)), VarianceLimits::Unbounded),
            Ok(found) => (found, VarianceLimits::AsShown),
            Err(error) => (None, VarianceLimits::NotFound(error.to_string())),
        }
    }

    /// k − p.
    fn df(&self) -> f64 {
        (self.k() - self.matrix.columns()) as f64
    }

    /// The degrees of freedom of the tests of coefficients by this interval.
    fn df_of(&self, ci: Ci) -> Option<f64> {
        (ci == Ci::T).then(|| self.df())
    }

    fn pooled(&self, combination: &[f64], ci: Ci) -> Pooled {
        let z = self.fit.standardised(combination);
        Pooled { y: dot(combination, &self.fit.coefficients), se: dot(&z, &z).sqrt(), df: self.df_of(ci) }
    }

    /// The limits of a combination of the coefficients by the interval of the spec.
    fn limits(&self, combination: &[f64], pooled: &Pooled, spec: &Spec) -> Result<Option<[f64; 2]>, Error> {
        let tail = spec.level.tail();
        if spec.ci != Ci::Profile {
            return Ok(pooled.interval(tail));
        }
        let [lower, upper] = self.fit.profile_limits(&self.matrix, combination, tail);
        Ok(Some([lower?, upper?]))
    }

    fn unit(&self, column: usize) -> Vec<f64> {
        unit_vector(self.matrix.columns(), column)
    }
}

/// Every choice that does not go with counts and moderators.
fn check(spec: &Spec) -> Result<(), Error> {
    match spec.quadrature {
        None | Some(Quadrature::Exact) => Ok(()),
        Some(other) => {
            let what = format!("{} = {} does not go with moderators", Quadrature::NAME, other.key());
            Err(Error::Usage(vec![Problem::new(what).help("use quadrature = exact")]))
        }
    }
}
