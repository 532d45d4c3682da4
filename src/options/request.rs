//! From what was typed to a complete spec: the profile fills the gaps.

use super::applicable::{self, Applicable, corrects};
use super::choice_row::Unmet;
use super::choices::{
    Ci, I2Method, Measure, Model, PredictionMethod, Profile, Tau2Ci, Tau2Method, ZeroCells,
};
use super::profile::Defaults;
use super::row::OptionSet;
use super::values::Tau2;
use super::{Choice, Parts, Presentation, ReadOptions, Request, Spec};
use crate::error::{Error, Problem};

impl Request {
    /// The complete spec: the profile's defaults where nothing was typed.
    ///
    /// A default that does not apply gives way; a choice that was typed and does not apply is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every choice that does not apply and every value that is impossible.
    ///
    /// ```
    /// use metaprop::options::Request;
    /// let asked = Request { zero_amount: Some(-3.0), null: Some(7.0), ..Request::default() };
    /// let error = asked.resolve().unwrap_err().to_string();
    /// assert!(error.contains("zero-amount = -3") && error.contains("null = 7"), "{error}");
    /// ```
    pub fn resolve(self) -> Result<Spec, Error> {
        let mut problems = applicable::problems(&self);
        problems.extend(Spec::CHOICES.iter().filter_map(|row| {
            let (key, value) = (row.option.key, (row.option.get)(&self).pop()?);
            let unmet = (row.details.needs)(&self).err()?;
            let what = format!("{key} = {value} does not apply to {}", unmet.has);
            Some(Problem::new(what).help(format!("it belongs to {}", unmet.needs)))
        }));
        problems.extend(Self::ROWS.iter().filter_map(|row| (row.check)(&self).err()));
        if problems.is_empty() { Ok(Spec::settled(&self)) } else { Err(Error::Usage(problems)) }
    }

    /// These choices for a table that is read so: where it has estimates, they are what is pooled.
    ///
    /// ```
    /// use metaprop::options::{InputScale, Measure, ReadOptions, Request};
    /// let read = ReadOptions { estimate: Some("hr".into()), input_scale: Some(InputScale::Log), ..ReadOptions::default() };
    /// let spec = Request::default().for_table(&read).resolve()?;
    /// assert_eq!((spec.measure(), spec.input_scale()), (Measure::Generic, Some(InputScale::Log)));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn for_table(self, read: &ReadOptions) -> Self {
        if !read.has_estimates() {
            return self;
        }
        Self { measure: Some(Measure::Generic), input_scale: read.input_scale, ..self }
    }

    /// The same choices without those that are of proportions alone.
    pub(super) fn of_estimates(self) -> Self {
        let takes_estimates = |model: &Model| Applicable::to(*model).takes(Measure::Generic);
        Self {
            measure: None,
            model: self.model.filter(takes_estimates),
            quadrature: None,
            study_ci: None,
            zero_cells: None,
            zero_amount: None,
            back_transform: None,
            null: None,
            cutoff: None,
            ..self
        }
    }

    /// The complete spec for a table that is read so, numbers that are printed so, and these parts of the result.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that does not go together, in the choices or between them and the others.
    ///
    /// ```
    /// use metaprop::options::{Parts, Presentation, ReadOptions, Request};
    /// let read = ReadOptions { estimate: Some("y".into()), ..ReadOptions::default() };
    /// let error = Request::default().resolve_for(&read, Presentation::default(), &Parts::default()).unwrap_err();
    /// assert!(error.to_string().contains("estimate needs se, variance, or lower and upper"), "{error}");
    /// ```
    pub fn resolve_for(
        self,
        read: &ReadOptions,
        printed: Presentation,
        parts: &Parts,
    ) -> Result<Spec, Error> {
        let mut problems = read.problems();
        problems.extend(parts.problem(self.effective_model()));
        problems.extend(printed.problem(read.scale_of_estimates()));
        if let Some(measure) =
            self.measure.filter(|measure| read.has_estimates() && *measure != Measure::Generic)
        {
            let what = format!("measure = {} is of counts, and the table has estimates", measure.key());
            problems.push(Problem::new(what).help("leave measure out, or name columns of counts"));
        }
        match self.for_table(read).resolve() {
            resolved if problems.is_empty() => resolved,
            Err(Error::Usage(more)) => Err(Error::Usage([problems, more].concat())),
            _ => Err(Error::Usage(problems)),
        }
    }

    /// The defaults of the profile.
    pub(super) fn defaults(&self) -> Defaults {
        Defaults::of(self.effective_profile())
    }

    /// What goes with the model.
    fn applicable(&self) -> Applicable {
        Applicable::to(self.effective_model())
    }

    /// Whether the measure is one of these.
    pub(super) fn needs_measure(&self, measures: &[Measure]) -> Result<(), Unmet> {
        needs(self.effective_measure(), measures)
    }

    /// Whether the model has an integral in its likelihood: the beta-binomial likelihood is a closed form.
    pub(super) fn needs_integral(&self) -> Result<(), Unmet> {
        needs(self.effective_model(), &[Model::Glmm])
    }

    /// The profile that was typed, or the default.
    pub(super) fn effective_profile(&self) -> Profile {
        self.profile.unwrap_or(Profile::Default)
    }

    /// The model that was typed, or random effects.
    pub(in crate::options) fn effective_model(&self) -> Model {
        self.model.unwrap_or(Model::Random)
    }

    /// The measure that was typed, or the profile's; a model that has only the logit scale keeps it.
    pub(super) fn effective_measure(&self) -> Measure {
        let likelihood = self.effective_model().is_of_counts();
        self.measure.unwrap_or(if likelihood { Measure::Logit } else { self.defaults().measure })
    }

    /// The estimator that was typed, or the one that goes with the profile, the model and the interval:
    /// an interval that belongs to one estimator brings it along.
    pub(super) fn effective_tau2(&self) -> Tau2 {
        let default = match (self.effective_model(), self.ci) {
            (Model::Ivhet, _) | (Model::Random, Some(Ci::HenmiCopas)) => Tau2Method::Dl,
            (Model::Random, Some(Ci::Kr)) => Tau2Method::Reml,
            (Model::Random, Some(Ci::Profile)) => Tau2Method::Ml,
            _ => self.defaults().tau2,
        };
        self.tau2.unwrap_or_else(|| self.applicable().tau2(Tau2::Estimated(default)))
    }

    /// The interval that was typed, or the profile's, or what takes its place in the model.
    pub(super) fn effective_ci(&self) -> Ci {
        self.ci.unwrap_or_else(|| self.applicable().ci(self.defaults().ci))
    }

    /// The prediction interval that was typed, or the one that goes with the profile and the interval.
    pub(super) fn effective_prediction(&self) -> PredictionMethod {
        self.prediction.unwrap_or_else(|| match self.effective_ci() {
            Ci::HenmiCopas => PredictionMethod::None,
            ci => self.applicable().prediction((self.defaults().prediction)(ci)),
        })
    }

    /// The interval of τ² that was typed, or the one that goes with the profile and the estimator.
    pub(super) fn effective_tau2_ci(&self) -> Tau2Ci {
        let default = || (self.defaults().tau2_ci)(self.effective_tau2());
        self.tau2_ci.unwrap_or_else(|| self.applicable().tau2_ci(default()))
    }

    /// The definition of I² that was typed, or the profile's.
    pub(super) fn effective_i2(&self) -> I2Method {
        self.i2.unwrap_or_else(|| match (self.effective_model(), self.effective_profile()) {
            // metafor's common-effect fit has no τ², so its I² comes from Q.
            (Model::Common, Profile::Metafor) => I2Method::Q,
            _ => self.applicable().i2(self.defaults().i2),
        })
    }

    /// The correction that was typed, or the profile's; none on a scale that is never corrected.
    pub(super) fn effective_zero_cells(&self) -> ZeroCells {
        match corrects(self.effective_measure(), self.effective_model()) {
            true => self.zero_cells.unwrap_or_else(|| self.defaults().zero_cells),
            false => ZeroCells::None,
        }
    }
}

/// Whether a choice is one of those that an option belongs to.
fn needs<C: Choice>(choice: C, among: &[C]) -> Result<(), Unmet> {
    if among.contains(&choice) {
        return Ok(());
    }
    let keys: Vec<&str> = among.iter().map(|choice| choice.key()).collect();
    let name = C::NAME;
    Err(Unmet { has: format!("{name} = {}", choice.key()), needs: format!("{name} = {}", keys.join(" or ")) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::BackTransform;

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
