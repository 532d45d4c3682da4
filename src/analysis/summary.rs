//! A pooled value and a prediction as the outcome holds them: proportions beside the analysis scale.

use super::{Prediction, Summary};
use crate::effect::Transform;
use crate::model::likelihood::normal::Criteria;
use crate::model::{Inference, Pooled};
use crate::options::PredictionMethod;

impl Summary {
    /// Of a pooled value with its interval and test.
    pub(super) fn new(
        method: Option<&'static str>,
        pooled: &Pooled,
        inference: &Inference,
        transform: &Transform,
        criteria: Option<&Criteria>,
    ) -> Self {
        let limit = |end: usize| inference.ci_y.map(|ci_y| transform.to_proportion(ci_y[end]));
        Self {
            method,
            y: Some(pooled.y),
            se: Some(pooled.se),
            ci_y: inference.ci_y,
            estimate: transform.to_proportion(pooled.y),
            lower: limit(0),
            upper: limit(1),
            statistic: inference.statistic,
            df: pooled.df.filter(|df| *df > 0.0),
            p: inference.p,
            log_likelihood: criteria.map(|criteria| criteria.log_likelihood),
            aic: criteria.map(|criteria| criteria.aic),
            bic: criteria.map(|criteria| criteria.bic),
            population: None,
        }
    }
}

impl Prediction {
    /// Of an interval on the analysis scale.
    pub(super) fn new(
        method: PredictionMethod,
        df: Option<f64>,
        ci_y: [f64; 2],
        transform: &Transform,
    ) -> Self {
        let [lower, upper] = ci_y.map(|y| transform.to_proportion(y));
        Self { method, df, ci_y, lower, upper }
    }
}
