//! Regressions of the estimates on a measure of the size of the studies.

use serde::Serialize;

use super::tested::{Regressed, Tested};
use crate::options::{Ci, Spec};

/// A regression of the estimates y on the size of the studies, and the test that its slope is 0.
///
/// All numbers are on the analysis scale. Without small-study effects the slope is 0.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct RegressionTest {
    /// How many studies enter.
    pub k: usize,
    /// The slope over its standard error: t, or z where `df` is `None`.
    pub statistic: Option<f64>,
    /// Degrees of freedom; `None` for the normal distribution.
    pub df: Option<f64>,
    /// The two-sided p-value.
    pub p: Option<f64>,
    /// The slope. For a regression on the standard error it is Egger's *intercept*: the constant of his regression of
    /// y/se on 1/se.
    pub intercept: Option<f64>,
    /// Its standard error.
    pub intercept_se: Option<f64>,
    /// The expected estimate where the predictor is 0: for the standard error and 1/n that of an infinitely large
    /// study.
    pub limit_y: Option<f64>,
    /// Its lower limit.
    pub limit_lower_y: Option<f64>,
    /// Its upper limit.
    pub limit_upper_y: Option<f64>,
    /// The between-study variance that is left, where the test has one.
    pub tau2: Option<f64>,
    /// Why there are no numbers; absent where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl RegressionTest {
    fn of(k: usize, regressed: Result<Regressed, String>, has_tau2: bool) -> Self {
        match regressed {
            Ok(Regressed { intercept, slope, tau2 }) => Self {
                k,
                statistic: slope.statistic,
                df: slope.df,
                p: slope.p,
                intercept: Some(slope.estimate),
                intercept_se: Some(slope.se),
                limit_y: Some(intercept.estimate),
                limit_lower_y: intercept.lower,
                limit_upper_y: intercept.upper,
                tau2: has_tau2.then_some(tau2),
                reason: None,
            },
            Err(reason) => Self { k, reason: Some(reason), ..Self::default() },
        }
    }

    fn refused(reason: &str) -> Self {
        Self { reason: Some(reason.to_string()), ..Self::default() }
    }
}

/// Why estimates have no test that takes the number of people.
const NO_COUNTS: &str = "it takes the number of people of each study, and the data are estimates";

/// Egger's test (Egger, Davey Smith, Schneider & Minder 1997, doi:10.1136/bmj.315.7109.629): y on se, weights 1/v, t on
/// k − 2 degrees of freedom; the standard errors have the spread of the residuals, √(Q/(k − 2)), in them.
pub(super) fn egger(tested: &Tested<'_>) -> RegressionTest {
    on(tested, tested.se(), &tested.least_squares(), false)
}

/// The same regression as a mixed-effects model (Sterne & Egger 2005, chapter 6 of *Publication Bias in Meta-Analysis*;
/// Viechtbauer 2010, doi:10.18637/jss.v036.i03): weights 1/(v + τ²), interval and test as the analysis has them.
pub(super) fn egger_mixed(tested: &Tested<'_>) -> RegressionTest {
    on(tested, tested.se(), &tested.spec, true)
}

/// Thompson and Sharp's (1999, doi:10.1002/(SICI)1097-0258(19991030)18:20<2693::AID-SIM235>3.0.CO;2-V) regression on
/// the standard error with an additive τ²: weights 1/(v + τ²), t on k − 2 degrees of freedom.
pub(super) fn thompson(tested: &Tested<'_>) -> RegressionTest {
    on(tested, tested.se(), &Spec { ci: Ci::T, ..tested.spec.clone() }, true)
}

/// Macaskill, Walter and Irwig's (2001, doi:10.1002/sim.698) regression on the number of people, weights 1/v.
pub(super) fn macaskill(tested: &Tested<'_>) -> RegressionTest {
    match tested.counts() {
        Some(counts) => {
            let totals = counts.iter().map(|counts| counts.total() as f64).collect();
            on(tested, totals, &tested.least_squares(), false)
        }
        None => RegressionTest::refused(NO_COUNTS),
    }
}

/// Peters, Sutton, Jones, Abrams and Rushton's (2006, doi:10.1001/jama.295.6.676) regression on 1/n, for one group of
/// people: weights x(n − x)/n. The weight of a study with none or all events is 0, so it is not counted.
pub(super) fn peters(tested: &Tested<'_>) -> RegressionTest {
    let Some(counts) = tested.counts() else { return RegressionTest::refused(NO_COUNTS) };
    let rows: Vec<usize> = (0..counts.len()).filter(|row| !counts[*row].at_boundary()).collect();
    let reals = || rows.iter().map(|row| counts[*row].as_reals());
    let v: Vec<f64> = reals().map(|(events, total)| 1.0 / events + 1.0 / (total - events)).collect();
    let regressed = tested.weighted(&rows, &v, reals().map(|(_, total)| 1.0 / total).collect());
    let regressed = regressed.map_err(|reason| match rows.len() {
        k if k < counts.len() => {
            format!("{reason} ({} with none or all events have weight 0)", counts.len() - k)
        }
        _ => reason,
    });
    RegressionTest::of(rows.len(), regressed, false)
}

fn on(tested: &Tested<'_>, predictor: Vec<f64>, spec: &Spec, has_tau2: bool) -> RegressionTest {
    let regressed = tested.regression(predictor, spec).and_then(|fit| Regressed::new(&fit, spec));
    RegressionTest::of(tested.k(), regressed, has_tau2)
}
