//! How much each study moves the result.

use serde::Serialize;

use super::leave_one_out::{in_batches, needs_two};
use super::refit::{LeftOut, Refit};
use super::{KeepGoing, MetaAnalysis};
use crate::error::Error;
use crate::numeric::chi_squared;
use crate::options::{Ci, Model};

/// How much each study moves the result, by leaving it out (Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Influence {
    /// A row a study.
    pub rows: Vec<StudyInfluence>,
    /// From which size each number marks a study.
    pub cutoffs: Cutoffs,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
}

/// The influence of one study i. All numbers are on the analysis scale; m and s are the pooled value and its standard
/// error, τ² the between-study variance; (−i) marks what is fitted without the study.
///
/// Exact models have no weights: for them `rstudent`, `dffits`, `dfbetas`, `hat` and `weight` do not exist.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StudyInfluence {
    /// The study; where several rows have its name, with its line.
    pub study: String,
    /// The studentised deleted residual (y − m(−i))/√(c (v + τ²(−i)) + s(−i)²), with the Hartung-Knapp factor c of the
    /// others, which is 1 for a Wald interval.
    pub rstudent: Option<f64>,
    /// (m − m(−i))/√(c h (v + τ²(−i))), with the hat value h.
    pub dffits: Option<f64>,
    /// Cook's distance ((m − m(−i))/s)².
    pub cook: Option<f64>,
    /// The covariance ratio s(−i)²/s².
    pub cov_ratio: Option<f64>,
    /// τ²(−i).
    pub tau2_deleted: Option<f64>,
    /// The test of heterogeneity of the others.
    pub q_deleted: Option<f64>,
    /// The hat value: the study's part of the sum of the weights.
    pub hat: Option<f64>,
    /// The weight, a fraction.
    pub weight: Option<f64>,
    /// (m − m(−i)) in standard errors of m at τ²(−i), times √c as for `dffits`.
    pub dfbetas: Option<f64>,
    /// Whether a number is beyond its cutoff.
    pub influential: bool,
}

/// From which size a number marks a study as influential. With k studies and one coefficient these are
/// 3/√(k − 1) for |DFFITS|, the median of χ² with one degree of freedom for Cook's distance, 3/k for the hat value and
/// 1 for |DFBETAS|: those of R metafor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cutoffs {
    /// Of |DFFITS|.
    pub dffits: f64,
    /// Of Cook's distance.
    pub cook: f64,
    /// Of the hat value.
    pub hat: f64,
    /// Of |DFBETAS|.
    pub dfbetas: f64,
}

impl Cutoffs {
    fn of(k: usize) -> Self {
        let k = k as f64;
        Self {
            dffits: 3.0 / (k - 1.0).sqrt(),
            cook: chi_squared::quantile(0.5, 1.0),
            hat: 3.0 / k,
            dfbetas: 1.0,
        }
    }

    fn are_exceeded(&self, row: &StudyInfluence) -> bool {
        let above = |value: Option<f64>, cutoff: f64| value.is_some_and(|value| value.abs() > cutoff);
        above(row.dffits, self.dffits)
            || above(row.cook, self.cook)
            || above(row.hat, self.hat)
            || above(row.dfbetas, self.dfbetas)
    }
}

impl MetaAnalysis {
    /// How much each study moves the result.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is one study alone.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let rows = fit(&data, &Spec::default())?.influence()?.rows;
    /// assert!(rows[2].rstudent < Some(-1.0) && rows[2].cook > rows[3].cook);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn influence(&self) -> Result<Influence, Error> {
        self.influence_watched(&mut |_, _| true)
    }

    /// The same; `keep_going` is given how many studies are done, and stops it by returning false.
    ///
    /// # Errors
    ///
    /// As [`influence`](Self::influence).
    pub fn influence_watched(&self, keep_going: &mut KeepGoing<'_>) -> Result<Influence, Error> {
        needs_two(self, "influence")?;
        let (left_out, cutoffs) = (LeftOut::new(self), Cutoffs::of(self.k()));
        let names = self.row_names();
        let (rows, stopped) = in_batches(self, self.k(), keep_going, |study| {
            let mut row = self.influence_of(study, names.of(study), &left_out);
            row.influential = cutoffs.are_exceeded(&row);
            row
        });
        Ok(Influence { rows, cutoffs, stopped })
    }

    fn influence_of(&self, study: usize, name: String, left_out: &LeftOut<'_>) -> StudyInfluence {
        let without = &left_out.without(study);
        let pooled = self.pooled();
        let change = pooled.y.zip(without.y).map(|(all, without)| all - without);
        let variance = pooled.se.filter(|se| *se > 0.0).map(|se| se * se);
        let deleted = without.se.map(|se| se * se);
        let ratio = |value: f64| Some(value).filter(|value| value.is_finite());
        let weight = self.weights().get(study).copied();
        let tau2 = self.tau2_of_weights(without);
        let (y, v) = (self.sizes.y[study], self.sizes.v[study]);
        let total = weight.and(tau2).map(|tau2| v + tau2);
        let sums = tau2.map(|tau2| left_out.sums_of_weights(study, tau2));
        let scale = sums.zip(deleted).map(|([_, others], variance)| self.scale_of(others, variance));
        let spread = total.zip(scale).zip(deleted).map(|((total, c), variance)| c * total + variance);
        let standardised = |variance: f64| change.and_then(|change| ratio(change / variance.sqrt()));
        StudyInfluence {
            study: name,
            rstudent: spread.zip(without.y).and_then(|(spread, mean)| ratio((y - mean) / spread.sqrt())),
            dffits: weight.zip(total).zip(scale).and_then(|((h, total), c)| standardised(c * h * total)),
            cook: change.zip(variance).and_then(|(change, variance)| ratio(change * change / variance)),
            cov_ratio: deleted.zip(variance).and_then(|(deleted, variance)| ratio(deleted / variance)),
            tau2_deleted: without.tau2,
            q_deleted: without.q,
            hat: weight,
            weight,
            dfbetas: sums.zip(scale).and_then(|([all, _], c)| standardised(c / all)),
            influential: false,
        }
    }

    /// The τ² in the weights of the others.
    fn tau2_of_weights(&self, without: &Refit) -> Option<f64> {
        match self.spec.model {
            Model::Random => Some(without.tau2.unwrap_or(0.0)),
            Model::Common | Model::Ivhet => Some(0.0),
            Model::Glmm | Model::BetaBinomial | Model::ThreeLevel => None,
        }
    }

    /// By what the variance of the others' mean is more than 1/Σw, with the sum of their weights: the factor of Hartung and
    /// Knapp, else 1.
    fn scale_of(&self, sum_of_others: f64, variance: f64) -> f64 {
        match self.spec.ci {
            Ci::Hk | Ci::HkFloor if self.spec.model == Model::Random => variance * sum_of_others,
            _ => 1.0,
        }
    }
}
