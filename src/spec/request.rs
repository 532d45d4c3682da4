//! What was typed, before the profile fills the gaps.

use super::profile::Defaults;
use super::{Level, Spec, Tau2};
use crate::error::{Error, Problem};
use crate::vocabulary::{
    BackTransform, Choice, Ci, I2Method, Measure, Model, PredictionMethod, Profile, StudyCi, Tau2Ci,
    ZeroCells,
};

/// The choices that were made explicitly; what is `None` is left to the profile.
///
/// ```
/// use metaprop::spec::Request;
/// use metaprop::vocabulary::{Ci, Measure, Profile};
///
/// let request = Request { profile: Some(Profile::Metafor), measure: Some(Measure::Probit), ..Request::default() };
/// let spec = request.resolve()?;
/// assert_eq!((spec.measure, spec.ci), (Measure::Probit, Ci::Wald));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Request {
    /// The named set of defaults and conventions.
    pub profile: Option<Profile>,
    /// The analysis scale.
    pub measure: Option<Measure>,
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
}

impl Request {
    /// These choices, with `other`'s where this has none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            profile: self.profile.or(other.profile),
            measure: self.measure.or(other.measure),
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
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let profile = self.profile.unwrap_or(Profile::Default);
        let defaults = Defaults::of(profile);
        let measure = self.measure.unwrap_or(Measure::Logit);
        let model = self.model.unwrap_or(Model::Random);
        let tau2 = self.tau2.unwrap_or(Tau2::Estimated(defaults.tau2));
        let ci = self.ci.unwrap_or(if model == Model::Common { Ci::Wald } else { defaults.ci });
        let prediction = match model {
            Model::Common => PredictionMethod::None,
            Model::Random => self.prediction.unwrap_or_else(|| (defaults.prediction)(ci)),
        };
        // metafor's common-effect fit has no τ², so its I² comes from Q.
        let i2 =
            if model == Model::Common && profile == Profile::Metafor { I2Method::Q } else { defaults.i2 };
        let zero_cells =
            if corrects(measure) { self.zero_cells.unwrap_or(ZeroCells::Only0) } else { ZeroCells::None };
        Ok(Spec {
            profile,
            measure,
            model,
            tau2,
            ci,
            prediction,
            tau2_ci: self.tau2_ci.unwrap_or_else(|| (defaults.tau2_ci)(tau2)),
            i2: self.i2.unwrap_or(i2),
            study_ci: self.study_ci.unwrap_or(defaults.study_ci),
            zero_cells,
            zero_amount: if zero_cells == ZeroCells::None { 0.0 } else { self.zero_amount.unwrap_or(0.5) },
            back_transform: (measure == Measure::FreemanTukey)
                .then(|| self.back_transform.unwrap_or(BackTransform::Harmonic)),
            level: self.level.unwrap_or(Level::DEFAULT),
            null: self.null.unwrap_or(0.5),
            conventions: defaults.conventions,
        })
    }

    /// Every explicit choice that does not apply.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |what: String, help: &str| problems.push(Problem::new(what).help(help));
        let measure = self.measure.unwrap_or(Measure::Logit);
        if self.model == Some(Model::Common) {
            if let Some(ci) = self.ci.filter(|ci| *ci != Ci::Wald) {
                wrong(
                    format!("ci = {} does not apply to model = common", ci.key()),
                    "the common-effect interval is always wald",
                );
            }
            if let Some(method) = self.prediction.filter(|method| *method != PredictionMethod::None) {
                wrong(
                    format!("prediction = {} does not apply to model = common", method.key()),
                    "a common-effect model predicts no other proportion; leave it out, or use model = random",
                );
            }
        }
        if let Some(back) = self.back_transform.filter(|_| measure != Measure::FreemanTukey) {
            wrong(
                format!("back-transform = {} does not apply to measure = {}", back.key(), measure.key()),
                "it belongs to measure = freeman-tukey",
            );
        }
        match self.zero_amount {
            Some(amount) if !(amount.is_finite() && amount > 0.0) => {
                wrong(
                    format!("zero-amount = {amount} is not a number above 0"),
                    "to correct nothing, use zero-cells = none",
                );
            }
            Some(amount) if self.zero_cells == Some(ZeroCells::None) && corrects(measure) => {
                wrong(
                    format!("zero-amount = {amount} contradicts zero-cells = none"),
                    "leave one of the two out",
                );
            }
            _ => {}
        }
        problems
    }
}

/// Whether the zero-cell correction touches this scale.
pub(crate) const fn corrects(measure: Measure) -> bool {
    !matches!(measure, Measure::Arcsine | Measure::FreemanTukey)
}

#[cfg(test)]
mod tests {
    use super::*;

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
