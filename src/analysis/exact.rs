//! The models with exact likelihoods: binomial-normal and beta-binomial. Every study counts as it
//! is; none is corrected, and none is left out.

use super::run::Fit;
use super::{Heterogeneity, Population, Prediction, Summary};
use crate::effect::{Effects, Transform, measure};
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::ln;
use crate::pool::beta_binomial::{self, BetaBinomialFit};
use crate::pool::exact::binomial::typical_variance;
use crate::pool::exact::{Homogeneity, Link};
use crate::pool::glmm::{self, GlmmFit};
use crate::pool::heterogeneity::of_test;
use crate::pool::inference::quantile;
use crate::pool::likelihood::Criteria;
use crate::pool::{Inference, Pooled};
use crate::spec::Spec;
use crate::study::{Counts, StudyTable};
use crate::vocabulary::{Ci, I2Method, Model, PredictionMethod, Tau2Ci};

/// Fits the model of the spec to the counts of a table.
pub(super) fn fit(table: &StudyTable, spec: &Spec) -> Result<Fit, Error> {
    let counts: Vec<Counts> = table.studies.iter().map(|study| study.counts).collect();
    let scene = Scene::new(&counts, spec);
    let effects = effects(table, spec);
    match spec.model {
        Model::BetaBinomial => scene.beta_binomial(&beta_binomial::fit(&counts)?, effects),
        _ => scene.glmm(&glmm::fit(scene.link, &counts)?, effects),
    }
}

/// The studies on the analysis scale, for those who look at them one by one: where none or all had the
/// event there is no finite value, and the document says null.
fn effects(table: &StudyTable, spec: &Spec) -> Effects {
    let values = table
        .studies
        .iter()
        .map(|study| measure::of_counts(study.counts, 0.0, spec.measure, spec.conventions));
    let (y, v) = values.unzip();
    Effects {
        index: (0..).take(table.k()).collect(),
        y,
        v,
        corrected: vec![false; table.k()],
        ..Effects::default()
    }
}

/// What both models are told.
struct Scene<'a> {
    counts: &'a [Counts],
    spec: &'a Spec,
    link: Link,
    transform: Transform,
    tail: f64,
    null: f64,
}

/// What both models say of their location.
struct Location {
    y: Option<f64>,
    se: Option<f64>,
    estimate: f64,
    /// The one-sided limits where `y` does not exist.
    one_sided: Option<[f64; 2]>,
    criteria: Criteria,
}

impl<'a> Scene<'a> {
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

    fn glmm(&self, fit: &GlmmFit, effects: Effects) -> Result<Fit, Error> {
        let location = Location {
            y: fit.y,
            se: fit.se,
            estimate: fit.estimate,
            one_sided: fit.one_sided(self.counts, self.tail),
            criteria: Criteria { log_likelihood: fit.log_likelihood, aic: fit.aic, bic: fit.bic },
        };
        let profile = self.profile(fit.y, || glmm::profile_mean(self.counts, fit, self.tail))?;
        let mut random = self.summary(Some("glmm"), &location, self.spec.ci, profile);
        random.population = fit.population.map(|mean| {
            let [lower, upper] = mean.interval(quantile(self.tail, random.df));
            Population { estimate: mean.proportion, lower, upper }
        });
        let tau2_interval = match self.spec.tau2_ci {
            Tau2Ci::Profile if fit.maximum.is_some() && self.counts.len() > 1 => {
                glmm::profile_tau2(self.counts, fit, self.tail).ok()
            }
            _ => None,
        };
        Ok(Fit {
            prediction: self.glmm_prediction(fit),
            heterogeneity: self.glmm_heterogeneity(fit, tau2_interval),
            ..self.assemble(
                effects,
                &fit.common,
                random,
                location.one_sided,
                fit.weights.clone(),
                fit.convergence.clone(),
            )
        })
    }

    fn glmm_prediction(&self, fit: &GlmmFit) -> Option<Prediction> {
        let df = match self.spec.prediction {
            PredictionMethod::None => return None,
            PredictionMethod::T => Some(self.df()),
            PredictionMethod::Hts => Some(self.df() - 1.0),
            _ => None,
        };
        if df.is_some_and(|df| df <= 0.0) {
            return None;
        }
        let ci_y = fit.prediction(quantile(self.tail, df))?;
        Some(Prediction::new(self.spec.prediction, df, ci_y, &self.transform))
    }

    fn glmm_heterogeneity(&self, fit: &GlmmFit, interval: Option<(f64, Option<f64>)>) -> Heterogeneity {
        let tests = tests(&fit.common);
        let Some(typical) = typical_variance(self.link, self.counts) else {
            return Heterogeneity { tau2: Some(fit.tau2), ..tests };
        };
        let percent = |tau2: f64| 100.0 * tau2 / (tau2 + typical);
        let own = Heterogeneity {
            tau2: Some(fit.tau2),
            tau2_se: fit.tau2_se,
            tau2_lower: interval.map(|(lower, _)| lower),
            tau2_upper: interval.and_then(|(_, upper)| upper),
            ..tests
        };
        match self.spec.i2 {
            I2Method::Tau2 => Heterogeneity {
                i2: Some(percent(fit.tau2)),
                i2_lower: own.tau2_lower.map(percent),
                i2_upper: own.tau2_upper.map(percent),
                h2: Some(1.0 + fit.tau2 / typical),
                ..own
            },
            I2Method::Q => self.of_wald_test(fit.common.q_wald, own),
        }
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

    fn beta_binomial(&self, fit: &BetaBinomialFit, effects: Effects) -> Result<Fit, Error> {
        let location = Location {
            y: fit.y,
            se: fit.se,
            estimate: fit.estimate,
            one_sided: fit.one_sided(self.counts, self.tail),
            criteria: Criteria { log_likelihood: fit.log_likelihood, aic: fit.aic, bic: fit.bic },
        };
        let profile = self.profile(fit.y, || beta_binomial::profile_mean(self.counts, fit, self.tail))?;
        let random = self.summary(Some("beta-binomial"), &location, self.spec.ci, profile);
        let heterogeneity = Heterogeneity { rho: Some(fit.rho), ..tests(&fit.common) };
        let heterogeneity = if self.counts.len() > 1 {
            self.of_wald_test(fit.common.q_wald, heterogeneity)
        } else {
            heterogeneity
        };
        Ok(Fit {
            prediction: self.beta_prediction(fit),
            heterogeneity,
            ..self.assemble(
                effects,
                &fit.common,
                random,
                location.one_sided,
                fit.weights.clone(),
                fit.convergence.clone(),
            )
        })
    }

    /// The interval is of the proportion; its ends are put on the logit scale for the document.
    fn beta_prediction(&self, fit: &BetaBinomialFit) -> Option<Prediction> {
        if self.spec.prediction == PredictionMethod::None {
            return None;
        }
        let [lower, upper] = fit.prediction(self.tail, quantile(self.tail, None))?;
        let ci_y = [lower, upper].map(|p| self.transform.from_proportion(p));
        Some(Prediction { method: self.spec.prediction, df: None, ci_y, lower, upper })
    }

    /// The common-effect part that both share, and the places of the rest.
    fn assemble(
        &self,
        effects: Effects,
        common: &Homogeneity,
        random: Summary,
        one_sided: Option<[f64; 2]>,
        weights_random: Vec<f64>,
        convergence: Convergence,
    ) -> Fit {
        let log_likelihood = common.log_likelihood;
        let location = Location {
            y: common.y,
            se: common.se,
            estimate: common.proportion,
            one_sided,
            criteria: Criteria {
                log_likelihood,
                aic: 2.0 - 2.0 * log_likelihood,
                bic: ln(self.k()) - 2.0 * log_likelihood,
            },
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
            tau2_interval_empty: false,
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
        let criteria = Some(&location.criteria);
        let (Some(y), Some(se)) = (location.y, location.se) else {
            let none = Inference { ci_y: None, statistic: None, p: None };
            let nothing = Pooled { y: f64::NAN, se: f64::NAN, df: None };
            let limit = |end: usize| location.one_sided.map(|limits| limits[end]);
            return Summary {
                y: None,
                se: None,
                estimate: location.estimate,
                lower: limit(0),
                upper: limit(1),
                ..Summary::new(method, &nothing, &none, &self.transform, criteria)
            };
        };
        let pooled = Pooled { y, se, df: (ci == Ci::T).then(|| self.df()) };
        let inference = pooled.infer(self.tail, self.null);
        let inference = Inference { ci_y: profile.or(inference.ci_y), ..inference };
        Summary {
            estimate: location.estimate,
            ..Summary::new(method, &pooled, &inference, &self.transform, criteria)
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
