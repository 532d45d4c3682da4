//! From weights to a pooled value with its interval and its test.

use super::{ResidualSums, WeightedMean};
use crate::numeric::{normal, student_t};
use crate::options::{Ci, Model, Spec};

/// A pooled value on the analysis scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// The pooled value.
    pub y: f64,
    /// The standard error that its interval uses.
    pub se: f64,
    /// The degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
}

/// How far from the value and how surprising.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inference {
    /// The interval, never clipped; `None` with no degrees of freedom.
    pub ci_y: Option<[f64; 2]>,
    /// (y − y₀)/se; `None` where the standard error is 0, or with no degrees of freedom.
    pub statistic: Option<f64>,
    /// Two-sided; 0 where the standard error is 0.
    pub p: Option<f64>,
}

impl Pooled {
    /// The pooled value at these weights, with the standard error of this kind of interval: that of
    /// Hartung and Knapp for theirs, else 1/√S₁; the quantile is normal for `wald`, else t with k − 1
    /// degrees of freedom. The intervals that need more than the sums are in [`ci`](super::ci).
    #[must_use]
    pub fn new(w: &WeightedMean, ci: Ci) -> Self {
        let se = match ci {
            Ci::Hk => hartung_knapp_se(w, false),
            Ci::HkFloor => hartung_knapp_se(w, true),
            _ => w.se(),
        };
        let df = (ci != Ci::Wald).then(|| w.df());
        Self { y: w.mean, se, df }
    }

    /// The value on a scale whose 0 lies at `origin` of this one's.
    #[must_use]
    pub fn moved(self, origin: f64) -> Self {
        Self { y: self.y + origin, ..self }
    }

    /// The interval with this probability in each tail; `None` with no degrees of freedom, or so few
    /// (Kenward-Roger's can be 0.01) that the quantile overflows.
    #[must_use]
    pub fn interval(&self, tail: f64) -> Option<[f64; 2]> {
        if self.df == Some(0.0) { None } else { self.interval_at(quantile(tail, self.df)) }
    }

    /// y ± quantile × se; `None` with no degrees of freedom, or where that is not finite.
    #[must_use]
    pub fn interval_at(&self, quantile: f64) -> Option<[f64; 2]> {
        let margin = quantile * self.se;
        (self.df != Some(0.0) && margin.is_finite()).then_some([self.y - margin, self.y + margin])
    }

    /// The interval with this probability in each tail, and the test against `null`.
    #[must_use]
    pub fn infer(&self, tail: f64, null: f64) -> Inference {
        if self.df == Some(0.0) {
            return Inference { ci_y: None, statistic: None, p: None };
        }
        let ci_y = self.interval(tail);
        let Some(statistic) = self.statistic(null) else {
            return Inference { ci_y, statistic: None, p: Some(0.0) };
        };
        let p = self
            .df
            .map_or_else(|| normal::two_sided_p(statistic), |df| student_t::two_sided_p(statistic, df));
        Inference { ci_y, statistic: Some(statistic), p: Some(p) }
    }

    /// (y − `null`)/se; `None` where the standard error is 0, or with no degrees of freedom.
    #[must_use]
    pub fn statistic(&self, null: f64) -> Option<f64> {
        (self.df != Some(0.0) && self.se != 0.0).then(|| (self.y - null) / self.se)
    }
}

impl Inference {
    /// The interval on a scale whose 0 lies at `origin` of this one's; the test is the same.
    #[must_use]
    pub fn moved(self, origin: f64) -> Self {
        Self { ci_y: self.ci_y.map(|ci_y| ci_y.map(|y| y + origin)), ..self }
    }
}

/// The quantile with `tail` above it, of the normal or of t.
#[must_use]
pub fn quantile(tail: f64, df: Option<f64>) -> f64 {
    df.map_or_else(|| normal::upper_quantile(tail), |df| student_t::upper_quantile(tail, df))
}

/// The quantile of the interval of k studies, where model and interval of the spec have one that k alone determines; `None`
/// for the others.
#[must_use]
pub(crate) fn quantile_of(spec: &Spec, k: usize) -> Option<f64> {
    let df = match (spec.model, spec.ci) {
        (Model::Common, _) | (Model::Random | Model::Ivhet, Ci::Wald) => None,
        (Model::Random, Ci::T | Ci::Hk | Ci::HkFloor) | (Model::Ivhet, Ci::T) if k > 1 => {
            Some(k as f64 - 1.0)
        }
        _ => return None,
    };
    Some(quantile(spec.level.tail(), df))
}

/// Hartung & Knapp 2001, doi:10.1002/sim.791: √(s²/S₁) with the s² of [`hartung_knapp_scale`].
#[must_use]
pub fn hartung_knapp_se(w: &WeightedMean, floor: bool) -> f64 {
    (hartung_knapp_scale(w, floor) / w.sum).sqrt()
}

/// What the variance of a pooled value or of a coefficient is multiplied by: s² = Q(τ²)/(k − p), Hartung & Knapp
/// 2001, doi:10.1002/sim.791, for one mean, Knapp & Hartung 2003, doi:10.1002/sim.1482, for p coefficients; with
/// the floor of the latter at least 1.
///
/// An s² of no more than the rounding of its terms is 0: all estimates are equal, or lie on the fit.
#[must_use]
pub fn hartung_knapp_scale(w: &impl ResidualSums, floor: bool) -> f64 {
    let ratio = w.q() / w.df();
    match ratio {
        s2 if floor => s2.max(1.0),
        s2 if s2 <= f64::EPSILON => 0.0,
        s2 => s2,
    }
}
