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
