//! The models with exact likelihoods: binomial-normal and beta-binomial. Every study counts as it
//! is; none is corrected, and none is left out.

mod beta_binomial;
mod glmm;

use super::fit::{Fit, Tau2Limits};
use super::{Heterogeneity, Summary};
use crate::data::{Counts, Dataset};
use crate::effect::{EffectSizes, Transform, measure};
use crate::error::Error;
use crate::model::heterogeneity::of_test;
use crate::model::likelihood::normal::Criteria;
use crate::model::likelihood::{Homogeneity, Link, one_sided};
use crate::model::{Inference, Pooled};
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::ln;
use crate::options::Spec;
use crate::options::{Ci, Model};

/// Fits the model of the spec to the counts of a table.
pub(super) fn fit(table: &Dataset, spec: &Spec) -> Result<Fit, Error> {
    let counts: Vec<Counts> = table.studies.iter().map(|study| study.counts).collect();
    let scene = LikelihoodInputs::new(&counts, spec);
    let effects = effects(table, spec);
    match spec.model {
        Model::BetaBinomial => beta_binomial::outcome(&scene, effects),
        _ => glmm::outcome(&scene, effects),
    }
}

/// The studies on the analysis scale, for those who look at them one by one: where none or all had the
/// event there is no finite value, and the document says null.
fn effects(table: &Dataset, spec: &Spec) -> EffectSizes {
    let values = table
        .studies
        .iter()
        .map(|study| measure::of_counts(study.counts, 0.0, spec.measure, spec.conventions));
    let (y, v) = values.unzip();
    EffectSizes {
        index: (0..).take(table.k()).collect(),
        y,
        v,
        corrected: vec![false; table.k()],
        ..EffectSizes::default()
    }
}

/// What both models are told.
struct LikelihoodInputs<'a> {
    counts: &'a [Counts],
    spec: &'a Spec,
    link: Link,
    transform: Transform,
    tail: f64,
    null: f64,
    /// The limits where the location is not finite.
    one_sided: Option<[f64; 2]>,
}

/// What a fit says of its location.
struct Location {
    y: Option<f64>,
    se: Option<f64>,
    estimate: f64,
    log_likelihood: f64,
    /// How many parameters the likelihood was maximised in.
    parameters: f64,
}

impl<'a> LikelihoodInputs<'a> {
    fn new(counts: &'a [Counts], spec: &'a Spec) -> Self {
        let transform = Transform::new(spec.measure);
        // `spec` lets only the three links through.
        let link = Link::of(spec.measure).unwrap_or(Link::Logit);
        Self {
            counts,
            spec,
            link,
            transform,
            tail: spec.level.tail(),
            one_sided: one_sided(counts, spec.level.tail()),
            null: transform.from_proportion(spec.null),
        }
    }

    fn k(&self) -> f64 {
        self.counts.len() as f64
    }

    /// The degrees of freedom of t intervals.
    fn df(&self) -> f64 {
        self.k() - 1.0
    }

    /// I² by Q is of Wald's test, as R meta has it.
    fn of_wald_test(&self, q: f64, own: Heterogeneity) -> Heterogeneity {
        let of_q = of_test(q, self.k(), self.tail);
        let limits = of_q.limits;
        Heterogeneity {
            i2: of_q.i2,
            i2_lower: limits.map(|limits| limits[0]),
            i2_upper: limits.map(|limits| limits[1]),
            h2: of_q.h2,
            ..own
        }
    }

    /// The common-effect part that both share, and the places of the rest.
    fn assemble(
        &self,
        effects: EffectSizes,
        common: &Homogeneity,
        random: Summary,
        weights_random: Vec<f64>,
        convergence: Convergence,
    ) -> Fit {
        let location = Location {
            y: common.y,
            se: common.se,
            estimate: common.proportion,
            log_likelihood: common.log_likelihood,
            parameters: 1.0,
        };
        let people: f64 = self.counts.iter().map(|counts| counts.total() as f64).sum();
        Fit {
            effects,
            unusable: Vec::new(),
            weights_common: self.counts.iter().map(|counts| counts.total() as f64 / people).collect(),
            weights_random,
            common: self.summary(None, &location, Ci::Wald, None),
            random: Some(random),
            prediction: None,
            heterogeneity: Heterogeneity::default(),
            distribution: None,
            tau2_limits: Tau2Limits::AsShown,
            convergence,
            transform: self.transform,
        }
    }

    /// The profile-likelihood interval, where it is asked for and the location is finite.
    fn profile(
        &self,
        y: Option<f64>,
        limits: impl FnOnce() -> Result<[f64; 2], Error>,
    ) -> Result<Option<[f64; 2]>, Error> {
        if self.spec.ci == Ci::Profile && y.is_some() { limits().map(Some) } else { Ok(None) }
    }

    /// A location with its interval: Wald's, t, or the `profile` one; one-sided where there is no value.
    fn summary(
        &self,
        method: Option<&'static str>,
        location: &Location,
        ci: Ci,
        profile: Option<[f64; 2]>,
    ) -> Summary {
        let Location { log_likelihood, parameters, .. } = *location;
        let criteria = Criteria {
            log_likelihood,
            aic: 2.0 * parameters - 2.0 * log_likelihood,
            bic: parameters * ln(self.k()) - 2.0 * log_likelihood,
        };
        let (Some(y), Some(se)) = (location.y, location.se) else {
            let none = Inference { ci_y: None, statistic: None, p: None };
            let nothing = Pooled { y: f64::NAN, se: f64::NAN, df: None };
            let limit = |end: usize| self.one_sided.map(|limits| limits[end]);
            return Summary {
                y: None,
                se: None,
                estimate: location.estimate,
                lower: limit(0),
                upper: limit(1),
                ..Summary::new(method, &nothing, &none, &self.transform, Some(&criteria))
            };
        };
        let pooled = Pooled { y, se, df: (ci == Ci::T).then(|| self.df()) };
        let inference = pooled.infer(self.tail, self.null);
        let inference = Inference { ci_y: profile.or(inference.ci_y), ..inference };
        Summary {
            estimate: location.estimate,
            ..Summary::new(method, &pooled, &inference, &self.transform, Some(&criteria))
        }
    }
}

/// The tests of one proportion against one a study.
fn tests(common: &Homogeneity) -> Heterogeneity {
    Heterogeneity {
        df: common.df as u64,
        q_wald: Some(common.q_wald),
        p_wald: Some(common.p_wald),
        q_lrt: Some(common.q_lrt),
        p_lrt: Some(common.p_lrt),
        ..Heterogeneity::default()
    }
}
