//! What an analysis gives: every number with its spec, its convergence record and its advisories.

use serde::Serialize;

use super::Distribution;
use crate::advisory::Advisory;
use crate::data::{Dataset, Excluded};
use crate::effect::{EffectSizes, Transform};
use crate::numeric::convergence::Convergence;
use crate::options::Spec;
use crate::options::{Model, PredictionMethod};

/// The result of one analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct MetaAnalysis {
    /// Every effective choice.
    pub spec: Spec,
    /// The studies that were read.
    pub table: Dataset,
    /// The studies that were pooled, on the analysis scale.
    pub effects: EffectSizes,
    /// Rows that were left out while reading or for want of a finite estimate, by line.
    pub excluded: Vec<Excluded>,
    /// Common-effect weights, fractions that sum to 1, in the order of `effects`.
    pub weights_common: Vec<f64>,
    /// Random-effects weights; empty where the model is common-effect.
    pub weights_random: Vec<f64>,
    /// The common-effect estimate; always there.
    pub common: Summary,
    /// The random-effects estimate; `None` for `model = common`.
    pub random: Option<Summary>,
    /// The prediction interval, where there is one.
    pub prediction: Option<Prediction>,
    /// How much the studies differ.
    pub heterogeneity: Heterogeneity,
    /// The fitted distribution of true proportions, where the model has one.
    pub distribution: Option<Distribution>,
    /// How the estimate of τ² was found.
    pub convergence: Convergence,
    /// What a statistician would say about it.
    pub advisories: Vec<Advisory>,
    /// From the analysis scale to proportions, for pooled values.
    pub transform: Transform,
}

impl MetaAnalysis {
    /// The number of studies pooled.
    #[must_use]
    pub fn k(&self) -> usize {
        self.effects.y.len()
    }

    /// The estimate of the model that was asked for.
    #[must_use]
    pub fn pooled(&self) -> &Summary {
        self.random.as_ref().unwrap_or(&self.common)
    }

    /// The weights of the model that was asked for.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        match self.spec.model {
            Model::Common => &self.weights_common,
            _ => &self.weights_random,
        }
    }
}

/// A pooled value with its interval and test. `y`, `se` and `ci_y` are on the analysis scale;
/// `estimate`, `lower` and `upper` are fractions, clipped to [0, 1].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The method, where the value is a random-effects one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The pooled value; `None` where a likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Its interval, never clipped; `None` where there are no degrees of freedom.
    pub ci_y: Option<[f64; 2]>,
    /// The pooled proportion.
    pub estimate: f64,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
    /// The test of `y` against the value at the null proportion.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// The two-sided p-value of the test.
    pub p: Option<f64>,
    /// The (restricted) log-likelihood at the fit.
    pub log_likelihood: Option<f64>,
    /// Akaike's criterion.
    pub aic: Option<f64>,
    /// The Bayesian (Schwarz) criterion.
    pub bic: Option<f64>,
    /// The mean proportion over the population of studies, where the model gives it beside the median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
}

/// The mean proportion over the population of studies: what a count of many such studies would find,
/// where `estimate` is the median study's. Fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Population {
    /// The mean proportion.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: f64,
    /// Its upper limit.
    pub upper: f64,
}

/// Where the proportion of another study like these is expected to lie.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// How it was made.
    pub method: PredictionMethod,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// On the analysis scale, never clipped.
    pub ci_y: [f64; 2],
    /// The lower limit, a fraction clipped to [0, 1].
    pub lower: f64,
    /// The upper limit, a fraction clipped to [0, 1].
    pub upper: f64,
}

/// How much the studies differ beyond chance.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Heterogeneity {
    /// Cochran's Q; `None` for a likelihood model, which has tests of its own below.
    pub q: Option<f64>,
    /// The degrees of freedom of the tests, k − 1.
    pub df: u64,
    /// P(χ² ≥ Q).
    pub p: Option<f64>,
    /// The between-study variance on the squared analysis scale.
    pub tau2: Option<f64>,
    /// Its standard error.
    pub tau2_se: Option<f64>,
    /// Its lower limit.
    pub tau2_lower: Option<f64>,
    /// Its upper limit.
    pub tau2_upper: Option<f64>,
    /// I², in percent.
    pub i2: Option<f64>,
    /// Its lower limit.
    pub i2_lower: Option<f64>,
    /// Its upper limit.
    pub i2_upper: Option<f64>,
    /// H².
    pub h2: Option<f64>,
    /// Wald test of heterogeneity of a likelihood model.
    pub q_wald: Option<f64>,
    /// Its p-value.
    pub p_wald: Option<f64>,
    /// Likelihood-ratio test of heterogeneity of a likelihood model.
    pub q_lrt: Option<f64>,
    /// Its p-value.
    pub p_lrt: Option<f64>,
    /// The intra-class correlation of a beta-binomial model.
    pub rho: Option<f64>,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rho_se: Option<f64>,
    /// The lower limit of its profile-likelihood interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rho_lower: Option<f64>,
    /// The upper limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rho_upper: Option<f64>,
    /// Likelihood ratio of a likelihood model against itself without heterogeneity, τ² = 0 or ρ = 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q_zero: Option<f64>,
    /// Its p-value: half of P(χ²₁ ≥ `q_zero`), since 0 lies at the boundary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_zero: Option<f64>,
}

/// A test of heterogeneity as it is shown: its symbol, statistic and p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeterogeneityTest {
    /// `Q`, or `LR` for the likelihood ratio of a likelihood model.
    pub symbol: &'static str,
    /// The statistic.
    pub statistic: f64,
    /// Its p-value on `df` degrees of freedom.
    pub p: f64,
}

impl Heterogeneity {
    /// Cochran's Q; for a likelihood model the likelihood ratio of one proportion a study to one for all.
    #[must_use]
    pub fn test(&self) -> Option<HeterogeneityTest> {
        let named = |symbol, statistic: Option<f64>, p: Option<f64>| {
            Some(HeterogeneityTest { symbol, statistic: statistic?, p: p? })
        };
        named("Q", self.q, self.p).or_else(|| named("LR", self.q_lrt, self.p_lrt))
    }
}
