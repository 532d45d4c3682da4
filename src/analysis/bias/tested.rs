//! The effect sizes that the tests of small-study effects take.

use std::borrow::Cow;

use crate::analysis::MetaAnalysis;
use crate::data::{Counts, Estimate};
use crate::effect::{EffectSizes, Scale};
use crate::error::{Error, Problem};
use crate::model::{Coefficient, Design, Fit, ModelMatrix, Prepared, RegressionFit, Rows};
use crate::options::{Ci, Model, PredictionMethod, Spec, Tau2, Tau2Ci, ZeroCells};

/// The studies of an analysis as estimates with standard errors, and the choices of its regressions.
///
/// A model of the counts has none: its studies are put on the scale of its measure with 0.5 added to the events and
/// non-events of those with none or all events, as the inverse-variance analysis of that measure would.
#[derive(Debug)]
pub(super) struct Tested<'a> {
    pub result: &'a MetaAnalysis,
    pub sizes: Cow<'a, EffectSizes>,
    /// A random-effects model with the τ² of the analysis and an interval that goes with moderators.
    pub spec: Spec,
}

/// Refused for the three-level model; `what` is what takes independent studies.
pub(super) fn takes_independent_studies(result: &MetaAnalysis, what: &str) -> Result<(), Error> {
    if result.spec.model != Model::ThreeLevel {
        return Ok(());
    }
    let what = format!("{what} independent studies, and model = three-level has rows in clusters");
    Err(Error::Usage(vec![Problem::new(what).help("use model = random, on one row a study")]))
}

impl<'a> Tested<'a> {
    pub fn new(result: &'a MetaAnalysis) -> Self {
        let (asked, of_counts) = (&result.spec, result.spec.model.is_of_counts());
        let ci = match asked.ci {
            Ci::Wald | Ci::T | Ci::Hk | Ci::HkFloor | Ci::Kr => asked.ci,
            Ci::Profile | Ci::HenmiCopas | Ci::Bootstrap | Ci::ClusterRobust => Ci::T,
        };
        let mut spec = Spec {
            model: Model::Random,
            ci,
            prediction: PredictionMethod::None,
            tau2_ci: Tau2Ci::None,
            ..asked.clone()
        };
        let sizes = match result.data.counts() {
            Some(counts) if of_counts => {
                (spec.zero_cells, spec.zero_amount) = (ZeroCells::Only0, 0.5);
                Cow::Owned(EffectSizes::of_counts(counts, &spec).0)
            }
            _ => Cow::Borrowed(&result.sizes),
        };
        Self { result, sizes, spec }
    }

    pub fn k(&self) -> usize {
        self.sizes.k()
    }

    /// The standard errors.
    pub fn se(&self) -> Vec<f64> {
        self.sizes.v.iter().map(|v| v.sqrt()).collect()
    }

    /// The counts of each row; `None` for estimates.
    pub fn counts(&self) -> Option<Vec<Counts>> {
        let counts = self.result.data.counts()?;
        Some(self.sizes.study.iter().map(|study| counts[*study as usize]).collect())
    }

    /// The value under test less the origin of the effect sizes; not finite where the scale has none.
    pub fn null(&self) -> f64 {
        let (null, scale) = (self.spec.null, self.result.scale());
        self.sizes.deviation_of_null(null, &scale, self.spec.conventions)
    }

    /// From the analysis scale to what is shown, for a value with this standard error.
    pub fn scale(&self, se: f64) -> Scale {
        self.sizes.scale(self.result.data.counts(), &self.spec, se)
    }

    /// The regression of the effect sizes on one column, by a spec.
    pub fn regression(&self, column: Vec<f64>, spec: &Spec) -> Result<RegressionFit<'_>, String> {
        let prepared = self.result.prepared(&self.sizes);
        regression(&prepared, column, spec)
    }

    /// That of y on a column with these variances in place of its own: least squares whose weights are the inverse of
    /// the variances, with the spread of the residuals in the standard error.
    pub fn weighted(&self, rows: &[usize], v: &[f64], column: Vec<f64>) -> Result<Regressed, String> {
        let estimates: Option<Vec<Estimate>> =
            rows.iter().zip(v).map(|(row, v)| Estimate::new(self.sizes.y[*row], *v)).collect();
        let sizes = EffectSizes::of_estimates(&estimates.ok_or("a variance is too small or too large")?);
        // The variances are known up to a factor, and so are the counts.
        let prepared = Prepared::of_counts(&sizes, &[]);
        let fit = regression(&prepared, column, &self.least_squares())?;
        Regressed::new(&fit, &self.least_squares())
    }

    /// Weighted least squares: τ² = 0, and the standard errors times √(Q/(k − 2)).
    pub fn least_squares(&self) -> Spec {
        Spec { tau2: Tau2::Fixed(0.0), ci: Ci::Hk, ..self.spec.clone() }
    }
}

/// Intercept and slope of a regression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Regressed {
    pub intercept: Coefficient,
    pub slope: Coefficient,
    pub tau2: f64,
}

impl Regressed {
    pub fn new(fit: &RegressionFit<'_>, spec: &Spec) -> Result<Self, String> {
        let coefficients = fit.coefficients(spec).map_err(|error| error.to_string())?;
        let [intercept, slope]: [_; 2] = coefficients.try_into().expect("two columns");
        if slope.p.is_none() || slope.statistic.is_none() {
            return Err(match fit.k() {
                2 => "two studies leave no degrees of freedom".to_string(),
                _ => "the studies lie on the line exactly, so its slope has no standard error".to_string(),
            });
        }
        Ok(Self { intercept, slope, tau2: fit.tau2() })
    }
}

/// The regression on a constant and a column.
fn regression<'a>(
    prepared: &Prepared<'a>,
    column: Vec<f64>,
    spec: &Spec,
) -> Result<RegressionFit<'a>, String> {
    if column.len() < 2 {
        return Err("a regression takes at least three studies".to_string());
    }
    let matrix = ModelMatrix::with_intercept([("predictor", column)])
        .map_err(|_| "the predictor is the same in every study".to_string())?;
    match prepared.fit(Rows::All, Design::Moderators(&matrix), spec) {
        Ok(Fit::Regression(fit)) => Ok(fit),
        Ok(_) => unreachable!("moderators make a regression"),
        Err(error) => Err(error.to_string()),
    }
}
