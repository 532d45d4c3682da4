//! The fitted model of a meta-regression: of effect sizes, or of the counts themselves.

use crate::error::{Error, Problem};
use crate::model::likelihood::normal::Criteria;
use crate::model::{
    BinomialRegression, Coefficient, Design, Fit, Heterogeneity, ModelMatrix, Omnibus, PredictedValue,
    Prepared, RegressionFit, Rows, TestStatistics,
};
use crate::numeric::linear::Square;
use crate::options::{Model, Spec, Tau2, Tau2Method};

/// A fitted meta-regression.
#[allow(clippy::large_enum_variant)] // a few of them live at once, on the stack
pub(super) enum Fitted<'a> {
    /// Of effect sizes with known variances.
    Weighted(RegressionFit<'a>),
    /// Of counts, by the exact likelihood.
    Counts(BinomialRegression<'a>),
}

/// How many parameters a likelihood was maximised in, and which observations it has.
pub(super) struct Likelihood {
    pub criteria: Criteria,
    pub parameters: f64,
    /// k, less the coefficients for a restricted likelihood.
    pub observations: f64,
    /// Whether it can be compared with that of other moderators.
    pub is_comparable: bool,
}

impl<'a> Fitted<'a> {
    /// The model of the spec with these moderators.
    pub fn new(prepared: &Prepared<'a>, matrix: &ModelMatrix, spec: &Spec) -> Result<Self, Error> {
        match prepared.fit(Rows::All, Design::Moderators(matrix), spec)? {
            Fit::Regression(fit) => Ok(Self::Weighted(fit)),
            Fit::BinomialRegression(fit) => Ok(Self::Counts(fit)),
            _ => unreachable!("a design of moderators is a regression"),
        }
    }

    /// The regression of effect sizes; an error says that `what` takes one.
    pub fn weighted(&self, what: &str) -> Result<&RegressionFit<'a>, Error> {
        match self {
            Self::Weighted(fit) => Ok(fit),
            Self::Counts(_) => {
                let problem = Problem::new(format!(
                    "{what} takes estimates with variances, which model = glmm has none of"
                ));
                Err(Error::Usage(vec![problem.help("use model = random")]))
            }
        }
    }

    /// The coefficients with interval and test.
    pub fn coefficients(&self, spec: &Spec) -> Result<Vec<Coefficient>, Error> {
        match self {
            Self::Weighted(fit) => fit.coefficients(spec),
            Self::Counts(fit) => fit.coefficients(spec),
        }
    }

    /// The test of all of them but the intercept.
    pub fn omnibus(&self, spec: &Spec) -> Result<Option<Omnibus>, Error> {
        match self {
            Self::Weighted(fit) => fit.omnibus(spec),
            Self::Counts(fit) => Ok(fit.omnibus(spec)),
        }
    }

    /// The test of some of them.
    pub fn test_of(&self, tested: &[usize], spec: &Spec) -> Result<Omnibus, Error> {
        match self {
            Self::Weighted(fit) => fit.test_of(tested, spec),
            Self::Counts(fit) => Ok(fit.test_of(tested, spec)),
        }
    }

    /// The statistics of the tests of the coefficients.
    pub fn test_statistics(&self, spec: &Spec) -> Result<TestStatistics, Error> {
        match self {
            Self::Weighted(fit) => fit.test_statistics(spec),
            Self::Counts(fit) => Ok(fit.test_statistics(spec)),
        }
    }

    /// Their covariance.
    pub fn covariance(&self, spec: &Spec) -> Result<Square, Error> {
        match self {
            Self::Weighted(fit) => fit.covariance(spec),
            Self::Counts(fit) => Ok(fit.covariance()),
        }
    }

    /// The expected value at a row of moderators.
    pub fn predict(&self, row: &[f64], spec: &Spec) -> Result<PredictedValue, Error> {
        match self {
            Self::Weighted(fit) => fit.predict(row, spec),
            Self::Counts(fit) => fit.predict(row, spec),
        }
    }

    /// What is left of the heterogeneity.
    pub fn heterogeneity(&self, spec: &Spec) -> Result<Heterogeneity, Error> {
        match self {
            Self::Weighted(fit) => fit.heterogeneity(spec).map(|(heterogeneity, _)| heterogeneity),
            Self::Counts(fit) => Ok(fit.heterogeneity(spec).0),
        }
    }

    /// The residual τ².
    pub fn tau2(&self) -> f64 {
        match self {
            Self::Weighted(fit) => fit.tau2(),
            Self::Counts(fit) => fit.tau2(),
        }
    }

    /// The likelihood at the estimates.
    pub fn likelihood(&self, spec: &Spec) -> Likelihood {
        let (k, p) = match self {
            Self::Weighted(fit) => (fit.k() as f64, fit.names().len() as f64),
            Self::Counts(fit) => (fit.k() as f64, fit.names().len() as f64),
        };
        match self {
            Self::Counts(fit) => Likelihood {
                criteria: fit.criteria(),
                parameters: p + 1.0,
                observations: k,
                is_comparable: true,
            },
            Self::Weighted(fit) => {
                let is_common = spec.model == Model::Common;
                let estimates_tau2 = matches!(spec.tau2, Tau2::Estimated(_)) && !is_common;
                let is = |method| spec.tau2 == Tau2::Estimated(method);
                let is_restricted = estimates_tau2 && is(Tau2Method::Reml);
                Likelihood {
                    criteria: fit.criteria(),
                    parameters: p + if estimates_tau2 { 1.0 } else { 0.0 },
                    observations: if is_restricted { k - p } else { k },
                    is_comparable: is_common || is(Tau2Method::Ml),
                }
            }
        }
    }
}
