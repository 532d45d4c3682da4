//! Small-study effects: tests of asymmetry, and what pooled results would be without it.

mod begg;
mod doi;
mod fail_safe;
mod maximum;
mod options;
mod pet_peese;
mod regression;
mod selection;
mod tested;
mod trim_fill;

pub use begg::RankTest;
pub use doi::{Doi, DoiPoint};
pub use fail_safe::FailSafe;
pub use options::{Alternative, BiasOptions};
pub use pet_peese::{AtZero, PetPeese, WeightedLine};
pub use regression::RegressionTest;
pub use selection::{Selection, Weight};
pub use trim_fill::{Filled, Side, TrimFill, TrimFillEstimator};

use serde::Serialize;

use self::tested::{Tested, takes_independent_studies};
use super::MetaAnalysis;
use crate::error::{Error, Problem};
use crate::options::Model;

/// Whether small studies differ from large ones, by every test there is, and what that would do to the pooled result.
///
/// Nothing here tells publication bias from another cause: small studies may be of other people, or worse. For
/// proportions the standard error itself depends on the proportion, but on the arcsine and Freeman-Tukey scales; near 0
/// and 1 asymmetry is built in. What a test cannot say is `None`, with the reason beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bias {
    /// Egger's regression on the standard error.
    pub egger: RegressionTest,
    /// The same as a mixed-effects model.
    pub egger_mixed: RegressionTest,
    /// Begg and Mazumdar's rank correlation.
    pub begg: RankTest,
    /// Peters's regression on 1/n.
    pub peters: RegressionTest,
    /// Macaskill's regression on n.
    pub macaskill: RegressionTest,
    /// Thompson and Sharp's regression on the standard error with an additive τ².
    pub thompson: RegressionTest,
    /// The LFK index; the reason why there is none is that of `doi`.
    pub lfk: Option<f64>,
    /// The Doi plot in numbers.
    pub doi: Doi,
    /// Trim-and-fill by three estimators on both sides, first those on the side that the regression points to.
    pub trim_fill: Vec<TrimFill>,
    /// The step-function selection model.
    pub selection: Selection,
    /// PET-PEESE.
    pub pet_peese: PetPeese,
    /// Fail-safe N.
    pub fail_safe_n: FailSafe,
}

impl MetaAnalysis {
    /// Small-study effects by the choices of the analysis.
    ///
    /// Every test takes the studies as estimates with standard errors. A model of the counts has none: there the tests of
    /// the studies take those of its measure, with 0.5 added to zero cells, and trim-and-fill and the selection model,
    /// whose results would be compared with that of the exact model, are refused.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the steps do not ascend between 0 and 1, or the target is no number.
    ///
    /// ```
    /// use metaprop::analysis::BiasOptions;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)])?;
    /// let bias = fit(&data, &Spec::default())?.bias(&BiasOptions::default())?;
    /// assert_eq!((bias.egger.df, bias.peters.k, bias.trim_fill.len()), (Some(3.0), 5, 6));
    /// // No proportion is significantly above 50%: the selection model has nothing to compare.
    /// assert!(bias.selection.reason.unwrap().contains("no study has its p-value"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn bias(&self, options: &BiasOptions) -> Result<Bias, Error> {
        options.check()?;
        takes_independent_studies(self, "the tests of small-study effects take")?;
        let tested = Tested::new(self);
        let (egger, egger_mixed) = (regression::egger(&tested), regression::egger_mixed(&tested));
        let slope = if self.spec.model == Model::Common { egger.intercept } else { egger_mixed.intercept };
        let doi = doi::doi(&tested);
        Ok(Bias {
            begg: begg::begg(&tested),
            peters: regression::peters(&tested),
            macaskill: regression::macaskill(&tested),
            thompson: regression::thompson(&tested),
            lfk: doi.lfk,
            doi,
            trim_fill: trim_fill::trim_fill(&tested, slope),
            selection: selection::selection(&tested, options),
            pet_peese: pet_peese::pet_peese(&tested),
            fail_safe_n: fail_safe::fail_safe(&tested, options.orwin_target),
            egger,
            egger_mixed,
        })
    }

    /// Trim-and-fill by one estimator, on a side of the funnel; without one, on that which the regression on the standard
    /// error points to, by the weights of the model.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the regression points to no side and none is named, for models of the counts, and where the
    /// estimator gives no number.
    ///
    /// ```
    /// use metaprop::analysis::{Side, TrimFillEstimator};
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let left = result.trim_fill(TrimFillEstimator::R0, Some(Side::Left))?;
    /// assert_eq!(left.k0, Some(left.filled.len()));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn trim_fill(&self, estimator: TrimFillEstimator, side: Option<Side>) -> Result<TrimFill, Error> {
        takes_independent_studies(self, "trim-and-fill takes")?;
        let tested = Tested::new(self);
        let slope = if self.spec.model == Model::Common {
            regression::egger(&tested).intercept
        } else {
            regression::egger_mixed(&tested).intercept
        };
        let chosen = trim_fill::side(slope);
        let Some(side) = side.or(chosen) else {
            let problem =
                Problem::new("trim-and-fill: the regression on the standard error points to no side");
            return Err(Error::Usage(vec![
                problem.help("name the side where studies may be missing: left or right"),
            ]));
        };
        let found = trim_fill::of(self, estimator, side, chosen == Some(side));
        match &found.reason {
            Some(reason) => Err(Error::usage(format!("trim-and-fill: {reason}"))),
            None => Ok(found),
        }
    }
}
