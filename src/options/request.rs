//! What was typed, before the profile fills the gaps.

use serde::Deserialize;

use super::applicable::{self, Applicable, corrects};
use super::profile::Defaults;
use super::{Level, Spec, Tau2};
use crate::error::Error;
use crate::options::{
    BackTransform, Ci, I2Method, InputScale, Measure, Model, PredictionMethod, Profile, StudyCi, Tau2Ci,
    Tau2Method, ZeroCells,
};

/// The choices that were made explicitly; what is `None` is left to the profile.
///
/// ```
/// use metaprop::options::Request;
/// use metaprop::options::{Ci, Measure, Profile};
///
/// let request = Request { profile: Some(Profile::Metafor), measure: Some(Measure::Probit), ..Request::default() };
/// let spec = request.resolve()?;
/// assert_eq!((spec.measure, spec.ci), (Measure::Probit, Ci::Wald));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Request {
    /// The named set of defaults and conventions.
    pub profile: Option<Profile>,
    /// The analysis scale.
    pub measure: Option<Measure>,
    /// The scale of estimates in the table, where they are given in place of counts.
    pub input_scale: Option<InputScale>,
    /// The model.
    pub model: Option<Model>,
    /// The estimator of τ², or a fixed value.
    pub tau2: Option<Tau2>,
    /// The interval of the random-effects estimate.
    pub ci: Option<Ci>,
    /// The prediction interval.
    pub prediction: Option<PredictionMethod>,
    /// The interval of τ².
    pub tau2_ci: Option<Tau2Ci>,
    /// The definition of I².
    pub i2: Option<I2Method>,
    /// The interval of each study.
    pub study_ci: Option<StudyCi>,
    /// Which studies are corrected for zero cells.
    pub zero_cells: Option<ZeroCells>,
    /// The amount added.
    pub zero_amount: Option<f64>,
    /// The n of the Freeman-Tukey inverse.
    pub back_transform: Option<BackTransform>,
    /// The confidence level.
    pub level: Option<Level>,
    /// The proportion under test.
    pub null: Option<f64>,
    /// The proportion above which the share of true proportions is estimated.
    pub cutoff: Option<f64>,
    /// The seed of the random numbers, where any are drawn.
    pub seed: Option<u64>,
}

impl Request {
    /// These choices, with `other`'s where this has none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            profile: self.profile.or(other.profile),
            measure: self.measure.or(other.measure),
            input_scale: self.input_scale.or(other.input_scale),
            model: self.model.or(other.model),
            tau2: self.tau2.or(other.tau2),
            ci: self.ci.or(other.ci),
            prediction: self.prediction.or(other.prediction),
            tau2_ci: self.tau2_ci.or(other.tau2_ci),
            i2: self.i2.or(other.i2),
            study_ci: self.study_ci.or(other.study_ci),
            zero_cells: self.zero_cells.or(other.zero_cells),
            zero_amount: self.zero_amount.or(other.zero_amount),
            back_transform: self.back_transform.or(other.back_transform),
            level: self.level.or(other.level),
            null: self.null.or(other.null),
            cutoff: self.cutoff.or(other.cutoff),
            seed: self.seed.or(other.seed),
        }
    }

    /// The complete spec: the profile's defaults where nothing was typed.
    ///
    /// A default that does not apply gives way; a choice that was typed and does not apply is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every choice that does not apply.
    pub fn resolve(self) -> Result<Spec, Error> {
        let problems = applicable::problems(&self);
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let (profile, measure, model) =
            (self.effective_profile(), self.effective_measure(), self.effective_model());
        let (defaults, applicable) = (Defaults::of(profile), Applicable::to(model));
        let (tau2, ci) = (self.effective_tau2(), self.ci.unwrap_or_else(|| applicable.ci(defaults.ci)));
        let prediction = self.prediction.unwrap_or_else(|| match ci {
            Ci::HenmiCopas => PredictionMethod::None,
            _ => applicable.prediction((defaults.prediction)(ci)),
        });
        // metafor's common-effect fit has no τ², so its I² comes from Q.
        let i2 =
            if model == Model::Common && profile == Profile::Metafor { I2Method::Q } else { defaults.i2 };
        let zero_cells = match corrects(measure, model) {
            true => self.zero_cells.unwrap_or(defaults.zero_cells),
            false => ZeroCells::None,
        };
        let random = ci == Ci::Bootstrap || prediction == PredictionMethod::Bootstrap;
        Ok(Spec {
            profile,
            measure,
            input_scale: (measure == Measure::Generic)
                .then(|| self.input_scale.unwrap_or(InputScale::Identity)),
            model,
            tau2,
            ci,
            prediction,
            tau2_ci: self.tau2_ci.unwrap_or_else(|| applicable.tau2_ci((defaults.tau2_ci)(tau2))),
            i2: self.i2.unwrap_or(i2),
            study_ci: self.study_ci.unwrap_or(defaults.study_ci),
            zero_cells,
            zero_amount: if zero_cells == ZeroCells::None { 0.0 } else { self.zero_amount.unwrap_or(0.5) },
            back_transform: (measure == Measure::FreemanTukey)
                .then(|| self.back_transform.unwrap_or(BackTransform::Harmonic)),
            level: self.level.unwrap_or(Level::DEFAULT),
            null: self.null.unwrap_or(0.5),
            cutoff: self.cutoff,
            seed: random.then(|| self.seed.unwrap_or(1)),
            conventions: defaults.conventions,
        })
    }

    /// The profile that was typed, or the default.
    pub(super) fn effective_profile(&self) -> Profile {
        self.profile.unwrap_or(Profile::Default)
    }

    /// The model that was typed, or random effects.
    pub(super) fn effective_model(&self) -> Model {
        self.model.unwrap_or(Model::Random)
    }

    /// The measure that was typed, or the profile's; a model that has only the logit scale keeps it.
    pub(super) fn effective_measure(&self) -> Measure {
        let default = Defaults::of(self.effective_profile()).measure;
        let likelihood = matches!(self.effective_model(), Model::Glmm | Model::BetaBinomial);
        self.measure.unwrap_or(if likelihood { Measure::Logit } else { default })
    }

    /// The estimator that was typed, or the one that goes with the profile, the model and the interval:
    /// an interval that belongs to one estimator brings it along.
    pub(super) fn effective_tau2(&self) -> Tau2 {
        let default = match (self.effective_model(), self.ci) {
            (Model::Ivhet, _) | (Model::Random, Some(Ci::HenmiCopas)) => Tau2Method::Dl,
            (Model::Random, Some(Ci::Kr)) => Tau2Method::Reml,
            (Model::Random, Some(Ci::Profile)) => Tau2Method::Ml,
            _ => Defaults::of(self.effective_profile()).tau2,
        };
        self.tau2.unwrap_or_else(|| Applicable::to(self.effective_model()).tau2(Tau2::Estimated(default)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Choice;

    #[test]
    fn every_profile_resolves_without_a_choice() {
        for &profile in Profile::ALL {
            let request = Request { profile: Some(profile), ..Request::default() };
            assert!(request.resolve().is_ok(), "{}", profile.key());
        }
    }

    #[test]
    fn all_problems_are_said_at_once() {
        let request = Request {
            model: Some(Model::Common),
            ci: Some(Ci::Hk),
            back_transform: Some(BackTransform::Harmonic),
            ..Request::default()
        };
        assert!(matches!(request.resolve(), Err(Error::Usage(problems)) if problems.len() == 2));
    }

    #[test]
    fn metafor_predicts_with_the_quantile_of_the_interval() {
        let with = |ci| {
            Request { profile: Some(Profile::Metafor), ci, ..Request::default() }
                .resolve()
                .unwrap()
                .prediction
        };
        assert_eq!(with(None), PredictionMethod::Z);
        assert_eq!(with(Some(Ci::T)), PredictionMethod::T);
        assert_eq!(with(Some(Ci::HkFloor)), PredictionMethod::Hk);
    }
}
