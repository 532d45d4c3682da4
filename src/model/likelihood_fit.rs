//! What the models with exact likelihoods share: their counts, their common-effect part and their intervals.

use std::borrow::Cow;

use super::heterogeneity::{Heterogeneity, Test, of_test};
use super::likelihood::normal::Criteria;
use super::likelihood::{Homogeneity, Limits, one_sided};
use super::{Inference, Pooled, Summary};
use crate::data::Counts;
use crate::effect::Scale;
use crate::error::Error;
use crate::numeric::elementary::ln;
use crate::options::{Ci, InputScale, Spec};

/// The counts that a likelihood model was fitted to, every study as it stands.
#[derive(Debug, Clone)]
pub(super) struct LikelihoodInputs<'a> {
    pub counts: Cow<'a, [Counts]>,
    pub scale: Scale,
}

/// An estimated location: a pooled value on the link scale with what belongs to it.
pub(super) struct Location {
    pub y: Option<f64>,
    pub se: Option<f64>,
    /// The proportion, which exists where y does not (no events at all).
    pub estimate: f64,
    pub log_likelihood: f64,
    /// How many parameters the likelihood was maximised in.
    pub parameters: f64,
}

impl<'a> LikelihoodInputs<'a> {
    pub fn new(counts: Cow<'a, [Counts]>, spec: &Spec) -> Self {
        Self { counts, scale: Scale::new(spec.measure, InputScale::Identity) }
    }

    pub fn k(&self) -> f64 {
        self.counts.len() as f64
    }

    /// The degrees of freedom of t intervals.
    pub fn df(&self) -> f64 {
        self.k() - 1.0
    }

    /// I² and H² by Q are those of Wald's test, as R meta has them.
    pub fn with_wald_inconsistency(&self, q: f64, spec: &Spec, own: Heterogeneity) -> Heterogeneity {
        let own = own.with_inconsistency(&of_test(q, self.k(), spec.level.tail()), spec);
        Heterogeneity { i2_by_wald: true, ..own }
    }

    /// The tests of one proportion against one a study. A study without events, or with nothing else, has no weight in
    /// Wald's Q, although it counts in the degrees of freedom: with one of them that is no test of heterogeneity, and a
    /// document has it only in the profile of a package that prints it.
    pub fn tests(&self, common: &Homogeneity, spec: &Spec) -> Heterogeneity {
        let leaves_out = self.counts.len() > 1 && self.counts.iter().any(|counts| counts.at_boundary());
        Heterogeneity {
            df: common.df as u64,
            wald: Some(Test { statistic: common.q_wald, p: common.p_wald }),
            wald_leaves_out: leaves_out,
            wald_withheld: leaves_out && !spec.package_prints_wald(),
            likelihood_ratio: Some(Test { statistic: common.q_lrt, p: common.p_lrt }),
            ..Heterogeneity::default()
        }
    }

    /// One proportion for all studies, with its Wald interval.
    pub fn common(&self, common: &Homogeneity, spec: &Spec) -> Summary {
        let location = Location {
            y: common.y,
            se: common.se,
            estimate: common.proportion,
            log_likelihood: common.log_likelihood,
            parameters: 1.0,
        };
        self.summary(None, &location, Ci::Wald, None, spec)
    }

    /// The weights of one proportion for all studies: their share of the people.
    pub fn common_weights(&self) -> Vec<f64> {
        let people: f64 = self.counts.iter().map(|counts| counts.total() as f64).sum();
        self.counts.iter().map(|counts| counts.total() as f64 / people).collect()
    }

    /// The profile-likelihood limits, where they are asked for and the location is finite.
    pub fn profile(
        y: Option<f64>,
        spec: &Spec,
        limits: impl FnOnce() -> Result<Limits, Error>,
    ) -> Result<Option<Limits>, Error> {
        if spec.ci == Ci::Profile && y.is_some() { limits().map(Some) } else { Ok(None) }
    }

    /// A location with its interval: Wald's, t, or the `profile` one; one-sided where there is no value.
    pub fn summary(
        &self,
        method: Option<&'static str>,
        location: &Location,
        ci: Ci,
        profile: Option<Limits>,
        spec: &Spec,
    ) -> Summary {
        let tail = spec.level.tail();
        let Location { log_likelihood, parameters, .. } = *location;
        let criteria = Criteria {
            log_likelihood,
            aic: 2.0 * parameters - 2.0 * log_likelihood,
            bic: parameters * ln(self.k()) - 2.0 * log_likelihood,
        };
        let (Some(y), Some(se)) = (location.y, location.se) else {
            let none = Inference { ci_y: None, statistic: None, p: None };
            let nothing = Pooled { y: f64::NAN, se: f64::NAN, df: None };
            let limits = one_sided(&self.counts, tail);
            return Summary {
                y: None,
                se: None,
                estimate: location.estimate,
                lower: limits.map(|limits| limits[0]),
                upper: limits.map(|limits| limits[1]),
                ..Summary::new(method, &nothing, &none, &self.scale, Some(&criteria))
            };
        };
        let pooled = Pooled { y, se, df: (ci == Ci::T).then(|| self.df()) };
        let inference = pooled.infer(tail, self.scale.null(spec.null));
        let summary = |inference: &Inference| Summary {
            estimate: location.estimate,
            ..Summary::new(method, &pooled, inference, &self.scale, Some(&criteria))
        };
        match profile {
            None => summary(&inference),
            Some([Ok(lower), Ok(upper)]) => summary(&Inference { ci_y: Some([lower, upper]), ..inference }),
            Some(limits) => {
                let [lower, upper] =
                    limits.each_ref().map(|y| y.as_ref().ok().map(|&y| self.scale.to_natural(y)));
                let missing = limits.into_iter().find_map(Result::err).map(|error| error.to_string());
                Summary { lower, upper, missing, ..summary(&Inference { ci_y: None, ..inference }) }
            }
        }
    }
}
