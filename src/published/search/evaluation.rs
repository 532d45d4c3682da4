//! A fitted model whose results are computed when they are asked for.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::analysis::Parts;
use crate::data::{Counts, Study};
use crate::effect::{Scale, Transform};
use crate::model::tau2::interval::Tau2Interval;
use crate::model::{Heterogeneity, Inference, Pooled, Prediction, Summary, SummaryField, Value, WeightedFit};
use crate::options::{Model, Spec};
use crate::published::claim::field_values::FieldValues;
use crate::published::claim::{Computation, Field, Missing};

/// The results of a fitted model under one specification.
///
/// Estimate and limits are computed at once; the test, the likelihood, heterogeneity and the prediction
/// interval when they are asked for, in memory of their own: millions of evaluations are moved and ask for none.
pub(in crate::published) struct Evaluation<'a> {
    fit: Cow<'a, WeightedFit<'a>>,
    spec: Cow<'a, Spec>,
    counts: &'a [Counts],
    /// The studies, for fields of one study; empty where there are none to ask for.
    studies: &'a [Study],
    scale: Scale,
    computation: Option<Computation>,
    headline: Summary,
    full: OnceCell<Box<Summary>>,
    tau2_interval: Option<Tau2Interval>,
    heterogeneity: OnceCell<Box<Heterogeneity>>,
    prediction: OnceCell<Option<Prediction>>,
}

impl<'a> Evaluation<'a> {
    /// The results of a fit to these counts, whose pooled value and limits under the specification are given.
    pub fn new(
        fit: Cow<'a, WeightedFit<'a>>,
        spec: Cow<'a, Spec>,
        (pooled, ci_y): (Pooled, Option<[f64; 2]>),
        counts: &'a [Counts],
    ) -> Self {
        let scale = fit.scale(&spec);
        let inference = Inference { ci_y, statistic: None, p: None };
        Self {
            headline: Summary::of_limits(&pooled, &inference, &scale),
            fit,
            spec,
            counts,
            studies: &[],
            scale,
            computation: None,
            full: OnceCell::new(),
            tau2_interval: None,
            heterogeneity: OnceCell::new(),
            prediction: OnceCell::new(),
        }
    }

    /// With the studies, so that fields of one study can be asked for.
    pub fn with_studies(self, studies: &'a [Study]) -> Self {
        Self { studies, ..self }
    }

    /// With an interval of τ², which that of I² follows from.
    pub fn with_tau2_interval(self, tau2_interval: Option<Tau2Interval>) -> Self {
        Self { tau2_interval, ..self }
    }

    /// Computed otherwise than the specification says; the fit is then the one at the other τ².
    pub fn with_early_stop(self, computation: Option<Computation>) -> Self {
        Self { computation, ..self }
    }

    /// Taken back by sin²(y/2): half the pooled value and half its limits, on the scale of sin².
    pub fn at_half_angle(self, (pooled, ci_y): (Pooled, Option<[f64; 2]>)) -> Self {
        let scale = Scale::Proportion(Transform::new(self.spec.measure));
        let half = Pooled { y: pooled.y / 2.0, se: pooled.se / 2.0, ..pooled };
        let inference =
            Inference { ci_y: ci_y.map(|limits| limits.map(|y| y / 2.0)), statistic: None, p: None };
        Self {
            headline: Summary::of_limits(&half, &inference, &scale),
            scale,
            computation: Some(Computation::HalfAngle),
            prediction: OnceCell::from(None),
            ..self
        }
    }

    /// The pooled estimate with its test and likelihood; where the test cannot be computed, estimate and
    /// limits alone.
    fn full(&self) -> &Summary {
        self.full
            .get_or_init(|| Box::new(self.fit.summary(&self.spec).unwrap_or_else(|_| self.headline.clone())))
    }

    fn value(&self, field: SummaryField) -> Option<Value> {
        match field {
            SummaryField::Statistic
            | SummaryField::P
            | SummaryField::LogLikelihood
            | SummaryField::Aic
            | SummaryField::Bic => self.full().get(field),
            _ => self.headline.get(field),
        }
    }
}

impl Parts for Evaluation<'_> {
    fn k(&self) -> usize {
        self.fit.k()
    }

    fn sums(&self) -> Option<(u64, u64)> {
        let counts = self.fit.studies().iter().map(|&study| self.counts[study as usize]);
        Some(
            counts.fold((0, 0), |(events, total), counts| (events + counts.events(), total + counts.total())),
        )
    }

    fn common(&self, field: SummaryField) -> Option<Value> {
        // The common-effect estimate beside a random-effects model is not searched for.
        if self.has_random() { None } else { self.value(field) }
    }

    fn random(&self, field: SummaryField) -> Option<Value> {
        if self.has_random() { self.value(field) } else { None }
    }

    fn has_random(&self) -> bool {
        self.spec.model != Model::Common
    }

    fn prediction(&self) -> Option<&Prediction> {
        self.prediction.get_or_init(|| self.fit.prediction(&self.spec).ok().flatten()).as_ref()
    }

    fn heterogeneity(&self) -> &Heterogeneity {
        self.heterogeneity
            .get_or_init(|| Box::new(self.fit.heterogeneity_within(self.tau2_interval, &self.spec)))
    }
}

impl FieldValues for Evaluation<'_> {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn scale(&self) -> Scale {
        self.scale
    }

    fn computation(&self) -> Option<Computation> {
        self.computation
    }

    fn study_value(&self, field: Field, study: &str) -> Result<Value, Missing> {
        let rows = self.fit.studies();
        let row = rows
            .iter()
            .position(|&index| self.studies.get(index as usize).is_some_and(|known| &*known.name == study));
        let row = row.ok_or(Missing::Study(None))?;
        let counts = self.counts[rows[row] as usize];
        match field {
            Field::Estimate | Field::Percent => Ok(Value::Number(counts.proportion())),
            Field::Events => Ok(Value::Count(counts.events())),
            Field::Total => Ok(Value::Count(counts.total())),
            Field::Weight => Ok(Value::Number(self.fit.weight(row))),
            // The interval of a study does not depend on the choices that are searched.
            _ => Err(Missing::NotSearched),
        }
    }
}
