//! The model of an analysis, fitted again to some of its studies.

use std::borrow::Cow;

use serde::Serialize;

use super::MetaAnalysis;
use crate::effect::EffectSizes;
use crate::error::Error;
use crate::model::inference::quantile_of;
use crate::model::omitted::Omitting;
use crate::model::{Design, Fit, Heterogeneity, HeterogeneityField, Prepared, Rows, Summary};
use crate::numeric::sum::sum;
use crate::options::{Spec, Tau2Ci};

/// What the model of an analysis gives for some of its studies.
///
/// `y` and `se` are on the analysis scale; `estimate`, `lower` and `upper` on the one that is shown: fractions clipped
/// to [0, 1] for proportions. The amounts that were added to zero cells stay those of the whole analysis.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Refit {
    /// The number of studies.
    pub k: usize,
    /// The pooled value; `None` where a likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The pooled value as it is shown; `None` where the model could not be fitted.
    pub estimate: Option<f64>,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The test of heterogeneity: Cochran's Q, for an exact model the likelihood ratio.
    pub q: Option<f64>,
    /// Its p-value.
    pub p_q: Option<f64>,
    /// The between-study variance.
    pub tau2: Option<f64>,
    /// I², in percent.
    pub i2: Option<f64>,
    /// Why there are no numbers; absent where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Refit {
    /// Both limits as they are shown, where there are two.
    #[must_use]
    pub fn limits(&self) -> Option<[f64; 2]> {
        self.lower.zip(self.upper).map(<[f64; 2]>::from)
    }

    fn new(fit: &Fit<'_>, spec: &Spec, quantile: Option<f64>) -> Result<Self, Error> {
        let (pooled, heterogeneity) = match fit {
            Fit::Weighted(fit) => fit.brief(spec, quantile)?,
            _ => (pooled(fit, spec)?, fit.heterogeneity(spec)?.0),
        };
        Ok(Self::of(fit.k(), &pooled, &heterogeneity))
    }

    fn of(k: usize, pooled: &Summary, heterogeneity: &Heterogeneity) -> Self {
        let number = |field| heterogeneity.get(field).and_then(crate::model::Value::number);
        let test = heterogeneity.test();
        Self {
            k,
            y: pooled.y,
            se: pooled.se,
            estimate: Some(pooled.estimate),
            lower: pooled.lower,
            upper: pooled.upper,
            q: test.map(|test| test.statistic),
            p_q: test.map(|test| test.p),
            tau2: number(HeterogeneityField::Tau2),
            i2: number(HeterogeneityField::I2),
            reason: None,
        }
    }

    fn failed(k: usize, error: &Error) -> Self {
        let [y, se, estimate, lower, upper, q, p_q, tau2, i2] = [None; 9];
        Self { k, y, se, estimate, lower, upper, q, p_q, tau2, i2, reason: Some(error.to_string()) }
    }
}

/// The pooled value of the model that was asked for.
fn pooled(fit: &Fit<'_>, spec: &Spec) -> Result<Summary, Error> {
    let random = fit.pooled(spec)?;
    Ok(random.or_else(|| fit.common(spec)).expect("a model of one mean has an estimate"))
}

/// An analysis whose model can be fitted to any of its studies.
#[derive(Debug, Clone)]
pub(super) struct Refitted<'a> {
    prepared: Prepared<'a>,
    /// The choices of the analysis, without the limits of τ² that no row shows.
    spec: Cow<'a, Spec>,
    sizes: &'a EffectSizes,
}

impl<'a> Refitted<'a> {
    /// Of this analysis.
    pub fn new(result: &'a MetaAnalysis) -> Self {
        let spec = match result.spec.tau2_ci {
            Tau2Ci::None => Cow::Borrowed(&result.spec),
            _ => Cow::Owned(Spec { tau2_ci: Tau2Ci::None, ..result.spec.clone() }),
        };
        let sizes = &result.sizes;
        Self { prepared: result.prepared(sizes), spec, sizes }
    }

    /// To these rows, in ascending order; where the model cannot be fitted to them, the row says why.
    pub fn to(&self, rows: &[u32]) -> Refit {
        self.with_quantile(rows, None)
    }

    /// The same with the quantile of the interval, where it is known beforehand.
    fn with_quantile(&self, rows: &[u32], quantile: Option<f64>) -> Refit {
        let fit = self.prepared.fit(Rows::Only(rows), Design::Mean, &self.spec);
        fit.and_then(|fit| Refit::new(&fit, &self.spec, quantile))
            .unwrap_or_else(|error| Refit::failed(rows.len(), &error))
    }
}

/// An analysis whose model can be fitted without each of its studies.
#[derive(Debug, Clone)]
pub(super) struct LeftOut<'a> {
    refitted: Refitted<'a>,
    /// Where the model has them, the sums of all studies, from which those of the others are had.
    omitting: Option<Omitting<'a>>,
    /// The quantile of the interval, the same for each part.
    quantile: Option<f64>,
}

impl<'a> LeftOut<'a> {
    /// Of this analysis.
    pub fn new(result: &'a MetaAnalysis) -> Self {
        let refitted = Refitted::new(result);
        let omitting = Omitting::new(refitted.sizes, &refitted.spec);
        let quantile = quantile_of(&refitted.spec, refitted.sizes.k().saturating_sub(1));
        Self { refitted, omitting, quantile }
    }

    /// Without this row.
    pub fn without(&self, omitted: usize) -> Refit {
        let (spec, others) = (&*self.refitted.spec, self.refitted.sizes.k() - 1);
        match self.omitting.as_ref().and_then(|omitting| omitting.without(omitted, spec)) {
            Some(Ok(found)) => Refit::of(others, &found.summary, &found.heterogeneity),
            Some(Err(error)) => Refit::failed(others, &error),
            None => {
                let rows = (0..=others as u32).filter(|row| *row as usize != omitted);
                self.refitted.with_quantile(&rows.collect::<Vec<_>>(), self.quantile)
            }
        }
    }

    /// Σ 1/(v + τ²) of all rows, and of all but this one.
    pub fn sums_of_weights(&self, omitted: usize, tau2: f64) -> [f64; 2] {
        if let Some(known) =
            self.omitting.as_ref().and_then(|omitting| omitting.sums_of_weights(omitted, tau2))
        {
            return known;
        }
        let weight = |v: &f64| 1.0 / (v + tau2);
        let v = &self.refitted.sizes.v;
        let others = sum(v[..omitted].iter().chain(&v[omitted + 1..]).map(weight));
        [sum(v.iter().map(weight)), others]
    }
}
