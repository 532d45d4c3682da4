//! Profile-likelihood intervals of the variances.

use super::maximum::{Free, Maximum, climb, levels};
use super::rows::ClusteredRows;
use super::surface::{Point, Variances};
use crate::error::Error;
use crate::model::likelihood::normal::Likelihood;
use crate::numeric::normal;
use crate::numeric::root;

/// The variances between and within clusters that the likelihood is profiled over.
pub(super) struct Profile<'a> {
    rows: &'a ClusteredRows,
    likelihood: Likelihood,
    maximum: &'a Maximum,
    free: Free,
    levels: Vec<f64>,
}

impl<'a> Profile<'a> {
    pub fn new(rows: &'a ClusteredRows, likelihood: Likelihood, maximum: &'a Maximum, free: Free) -> Self {
        Self { rows, likelihood, maximum, free, levels: levels(rows) }
    }

    /// The values of one of the variances at which −2 ln L, at the best other variance, is within the quantile of
    /// χ² with one degree of freedom of its minimum (Hardy & Thompson 1996; for several variances Viechtbauer 2010,
    /// doi:10.18637/jss.v036.i03, `confint.rma.mv`).
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn limits(&self, of: usize, tail: f64) -> Result<[f64; 2], Error> {
        let quantile = normal::upper_quantile(tail);
        let allowed = self.maximum.point.value + quantile * quantile;
        let estimate = self.maximum.at[of];
        let excess = |value: f64| self.at(of, value) - allowed;
        let failed = |error: root::RootError| {
            let which = ["between", "within"][of];
            Error::NoConvergence(format!("a profile limit of the variance {which} clusters: {error}"))
        };
        let lower = match estimate {
            0.0 => 0.0,
            _ if excess(0.0) <= 0.0 => 0.0,
            _ => root::find(excess, 0.0, estimate).map_err(failed)?.x,
        };
        let start = if estimate > 0.0 { 0.5 * estimate } else { self.levels.get(1).copied().unwrap_or(1.0) };
        let (inside, outside) = root::double_upward(|step| excess(estimate + step), start).map_err(failed)?;
        let upper = root::find(|step| excess(estimate + step), inside, outside).map_err(failed)?.x;
        Ok([lower, estimate + upper])
    }

    /// The least −2 ln L with one of the variances at this value.
    fn at(&self, of: usize, value: f64) -> f64 {
        let other = 1 - of;
        let with = |other: f64| {
            let mut at: Variances = [value; 2];
            at[1 - of] = other;
            at
        };
        let value_at = |other: f64| Point::new(self.rows, with(other), self.likelihood).value;
        if !self.free[other] {
            return value_at(self.maximum.at[other]);
        }
        let mut free = [false; 2];
        free[other] = true;
        let starts = || std::iter::once(self.maximum.at[other]).chain(self.levels.iter().copied());
        let best =
            starts().map(|start| (value_at(start), start)).min_by(|one, next| one.0.total_cmp(&next.0));
        let (least, start) = best.expect("the maximum is a start");
        let climbed = climb(self.rows, self.likelihood, free, with(start));
        climbed.map_or(least, |maximum| maximum.point.value)
    }
}
