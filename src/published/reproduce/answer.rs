//! What a specification gives: a fit from shared parts, or the outcome of a full analysis.

use super::fit::Fit;
use crate::analysis::MetaAnalysis;
use crate::options::Spec;
use crate::published::claim::compare::Candidate;
use crate::published::claim::{Field, recomputed};

/// What a specification gives, however it was computed.
#[derive(Clone, Copy)]
pub(in crate::published) enum Answer<'a> {
    /// By inverse variance, from parts that specifications share.
    Fit(&'a Fit<'a>),
    /// By a full analysis.
    MetaAnalysis(&'a MetaAnalysis),
}

impl Answer<'_> {
    pub fn spec(&self) -> &Spec {
        match self {
            Self::Fit(fit) => &fit.spec,
            Self::MetaAnalysis(outcome) => &outcome.spec,
        }
    }

    /// The pooled proportion.
    pub fn estimate(&self) -> f64 {
        match self {
            Self::Fit(fit) => fit.estimate(),
            Self::MetaAnalysis(outcome) => outcome.pooled().estimate,
        }
    }

    /// Its limits.
    pub fn limits(&self) -> Option<[f64; 2]> {
        match self {
            Self::Fit(fit) => fit.limits(),
            Self::MetaAnalysis(outcome) => {
                let pooled = outcome.pooled();
                pooled.lower.zip(pooled.upper).map(|(lower, upper)| [lower, upper])
            }
        }
    }

    /// The between-study variance.
    pub fn tau2(&self) -> Option<f64> {
        match self {
            Self::Fit(fit) => Some(fit.tau2()),
            Self::MetaAnalysis(outcome) => outcome.heterogeneity.tau2,
        }
    }

    /// What a field can be; empty where it does not exist, or is not searched for.
    pub fn candidates(&self, field: Field, study: Option<&str>) -> Vec<Candidate> {
        match self {
            Self::Fit(fit) => fit.candidates(field, study),
            Self::MetaAnalysis(outcome) => recomputed::candidates(field, study, outcome).unwrap_or_default(),
        }
    }
}
