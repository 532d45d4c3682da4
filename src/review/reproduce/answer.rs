//! What a specification gives: a fit from shared parts, or the outcome of a full analysis.

use super::fit::Fit;
use crate::analysis::Outcome;
use crate::review::claim::compare::Candidate;
use crate::review::claim::{Field, recomputed};
use crate::spec::Spec;

/// What a specification gives, however it was computed.
#[derive(Clone, Copy)]
pub(in crate::review) enum Answer<'a> {
    /// By inverse variance, from parts that specifications share.
    Fit(&'a Fit<'a>),
    /// By a full analysis.
    Outcome(&'a Outcome),
}

impl Answer<'_> {
    pub fn spec(&self) -> &Spec {
        match self {
            Self::Fit(fit) => &fit.spec,
            Self::Outcome(outcome) => &outcome.spec,
        }
    }

    /// The pooled proportion.
    pub fn estimate(&self) -> f64 {
        match self {
            Self::Fit(fit) => fit.estimate(),
            Self::Outcome(outcome) => outcome.pooled().estimate,
        }
    }

    /// Its limits.
    pub fn limits(&self) -> Option<[f64; 2]> {
        match self {
            Self::Fit(fit) => fit.limits(),
            Self::Outcome(outcome) => {
                let pooled = outcome.pooled();
                pooled.lower.zip(pooled.upper).map(|(lower, upper)| [lower, upper])
            }
        }
    }

    /// The between-study variance.
    pub fn tau2(&self) -> Option<f64> {
        match self {
            Self::Fit(fit) => Some(fit.tau2()),
            Self::Outcome(outcome) => outcome.heterogeneity.tau2,
        }
    }

    /// What a field can be; empty where it does not exist, or is not searched for.
    pub fn candidates(&self, field: Field, study: Option<&str>) -> Vec<Candidate> {
        match self {
            Self::Fit(fit) => fit.candidates(field, study),
            Self::Outcome(outcome) => recomputed::candidates(field, study, outcome).unwrap_or_default(),
        }
    }
}
