//! Where two packages that name the same method give different numbers.

use serde::{Deserialize, Serialize};

/// What is done where packages differ; a profile chooses, and the result document says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Conventions {
    /// The denominator of the log proportion of a corrected study.
    pub log_denominator: LogDenominator,
    /// What the correction changes on the raw scale.
    pub raw_correction: RawCorrection,
    /// The limits of `wilson-cc` at none and at all events.
    pub wilson_cc_ends: WilsonCcEnds,
    /// The standard error of τ² by `dlit` and `sjit`; a document says it where it is a package's own.
    #[serde(default, skip_serializing_if = "IteratedTau2Se::is_default")]
    pub iterated_tau2_se: IteratedTau2Se,
}

/// The denominator of the log proportion of a study corrected by `a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LogDenominator {
    /// ln((x + a)/(n + 2a)), v = 1/(x + a) − 1/(n + 2a): metafor (`escalc`).
    #[serde(rename = "n+2a")]
    Both,
    /// ln((x + a)/(n + a)), v = 1/(x + a) − 1/(n + a), and y = 0, v = 1/n − 1/(n + a) at x = n: meta (`metaprop`).
    #[serde(rename = "n+a")]
    One,
}

/// What the correction of a study changes on the raw scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RawCorrection {
    /// y and v: metafor (`escalc`).
    #[serde(rename = "y-and-v")]
    EstimateAndVariance,
    /// v alone: meta (`metaprop`).
    #[serde(rename = "v-only")]
    VarianceOnly,
}

/// The limits of the continuity-corrected Wilson interval at none and at all events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WilsonCcEnds {
    /// 0 at x = 0 and 1 at x = n: Newcombe 1998, method 4.
    #[serde(rename = "zero-and-one")]
    ZeroAndOne,
    /// What the equation gives, which leaves the observed proportion out: meta (`metaprop`).
    #[serde(rename = "equation")]
    Equation,
}

/// The standard error of τ² by the iterated estimators `dlit` and `sjit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IteratedTau2Se {
    /// √(2(k − p))/tr P, that of the estimating equation Q(τ²) = k − p which both solve.
    #[default]
    #[serde(rename = "estimating-equation")]
    EstimatingEquation,
    /// What metafor 3.8-1 gives (`rma.uni`): for `dlit` the formula of the weights 1/v with the weights 1/(v + τ²) in it,
    /// for `sjit` that of Paule-Mandel.
    #[serde(rename = "metafor")]
    Metafor,
}

impl IteratedTau2Se {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
