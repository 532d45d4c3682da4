//! The studies under one specification, computed as far as the printed fields need.

use std::ops::ControlFlow;

use super::space::Space;
use crate::data::Study;
use crate::effect::{self, EffectSizes, Transform, freeman_tukey};
use crate::model::heterogeneity::inconsistency;
use crate::model::inference::quantile;
use crate::model::prediction::predict;
use crate::model::tau2::interval::{Tau2Interval, q_profile};
use crate::model::{Pooled, WeightedMean, tau2};
use crate::numeric::chi_squared;
use crate::options::{BackTransform, Ci, Measure, Model, PredictionMethod, Profile, Tau2Ci, ZeroCells};
use crate::options::{Conventions, Request, Spec, Tau2};
use crate::published::claim::compare::Candidate;
use crate::published::claim::recomputed::{UNCLIPPED, unclipped};
use crate::published::claim::{Claim, Field};

/// The studies on one analysis scale, with what does not depend on τ².
struct Scaled<'t> {
    studies: &'t [Study],
    /// Measure, zero cells and conventions are those of the effects.
    spec: Spec,
    effects: EffectSizes,
    common: WeightedMean,
}

/// A fit: everything a printed field can be.
pub(in crate::published) struct Fit<'t> {
    scaled: &'t Scaled<'t>,
    pub spec: Spec,
    weighing: &'t WeightedMean,
    tau2: f64,
    /// From the origin of the effects.
    pooled: Pooled,
    /// The pooled value on the analysis scale.
    y: f64,
    /// The limits on the analysis scale.
    ci_y: Option<[f64; 2]>,
    transform: Transform,
    interval: Option<Tau2Interval>,
}

/// Visits every specification of the space that these studies can be pooled under, until told to stop.
/// Specifications that cannot differ on them (rules for zero cells where there are none) are one.
pub(in crate::published) fn each(
    studies: &[Study],
    space: &Space,
    printed: &Claim,
    visit: &mut dyn FnMut(&Fit<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut seen: Vec<(Measure, EffectSizes)> = Vec::new();
    for &measure in &space.measures {
        for (zero_cells, profile) in rules(measure, space) {
            let spec = scaled_spec(space, measure, zero_cells, profile);
            let (effects, _) = effect::estimate(studies, &spec);
            if effects.y.is_empty() || seen.iter().any(|(other, same)| *other == measure && *same == effects)
            {
                continue;
            }
            seen.push((measure, effects.clone()));
            let common = WeightedMean::at(&effects.deviations, &effects.v, 0.0);
            Scaled { studies, spec, effects, common }.each_model(space, printed, visit)?;
        }
    }
    ControlFlow::Continue(())
}

/// The rules for zero cells and the conventions that can matter on a scale.
fn rules(measure: Measure, space: &Space) -> Vec<(ZeroCells, Profile)> {
    let first = space.profiles[0];
    match measure {
        Measure::Arcsine | Measure::FreemanTukey => vec![(ZeroCells::None, first)],
        Measure::Raw | Measure::Log => space
            .zero_cells
            .iter()
            .flat_map(|&rule| space.profiles.iter().map(move |&profile| (rule, profile)))
            .collect(),
        _ => space.zero_cells.iter().map(|&rule| (rule, first)).collect(),
    }
}

fn scaled_spec(space: &Space, measure: Measure, zero_cells: ZeroCells, profile: Profile) -> Spec {
    let amount = if zero_cells == ZeroCells::None {
        0.0
    } else if space.base.zero_amount > 0.0 {
        space.base.zero_amount
    } else {
        0.5
    };
    Spec {
        measure,
        zero_cells,
        zero_amount: amount,
        profile,
        conventions: conventions(profile, space),
        back_transform: None,
        ..space.base.clone()
    }
}

fn conventions(profile: Profile, space: &Space) -> Conventions {
    let request = Request { profile: Some(profile), ..Request::default() };
    request.resolve().map_or(space.base.conventions, |spec| spec.conventions)
}

impl Scaled<'_> {
    fn each_model(
        &self,
        space: &Space,
        printed: &Claim,
        visit: &mut dyn FnMut(&Fit<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for &model in &space.models {
            // The common effect has no τ²; the specification carries one all the same.
            let first = [space.tau2.first().copied().unwrap_or(space.base.tau2)];
            let methods: &[Tau2] = if model == Model::Common { &first } else { &space.tau2 };
            for &method in methods {
                let Some(tau2) = self.tau2(method) else { continue };
                let spec = Spec { model, tau2: method, ..self.spec.clone() };
                let weighing = if model == Model::Common {
                    self.common
                } else {
                    WeightedMean::at(&self.effects.deviations, &self.effects.v, tau2)
                };
                self.each_interval(&spec, &weighing, tau2, space, printed, visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// `None` where the estimator finds no certified optimum.
    fn tau2(&self, method: Tau2) -> Option<f64> {
        match method {
            Tau2::Fixed(value) => Some(value),
            Tau2::Estimated(_) if self.common.k < 2 => Some(0.0),
            Tau2::Estimated(method) => {
                tau2::fit(method, &self.effects.deviations, &self.effects.v).ok().map(|fit| fit.tau2)
            }
        }
    }

    fn each_interval(
        &self,
        spec: &Spec,
        weighing: &WeightedMean,
        tau2: f64,
        space: &Space,
        printed: &Claim,
        visit: &mut dyn FnMut(&Fit<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let common = spec.model == Model::Common;
        let (wald, none) = ([Ci::Wald], [PredictionMethod::None]);
        let needs_interval = self.spec.tau2_ci == Tau2Ci::QProfile
            && printed.entries.iter().any(|entry| matches!(entry.field, Field::Tau2Ci | Field::I2Ci));
        for &level in &space.levels {
            let interval = if needs_interval && self.common.k > 1 {
                q_profile(&self.effects.deviations, &self.effects.v, level.tail()).ok()
            } else {
                None
            };
            for &ci in if common { &wald[..] } else { &space.ci } {
                let (pooled, origin) = (Pooled::new(weighing, ci), self.effects.origin());
                // One quantile for every back-transform, prediction and I² of this interval.
                let ci_y = limits(&pooled, level.tail()).map(|ci_y| ci_y.map(|y| y + origin));
                for (back_transform, transform) in self.transforms(space, weighing.se()) {
                    for &prediction in if common { &none[..] } else { &space.predictions } {
                        for &i2 in &space.i2 {
                            let spec = Spec { level, ci, back_transform, prediction, i2, ..spec.clone() };
                            visit(&Fit {
                                scaled: self,
                                spec,
                                weighing,
                                tau2,
                                pooled,
                                y: pooled.y + origin,
                                ci_y,
                                transform,
                                interval,
                            })?;
                        }
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn transforms(&self, space: &Space, se: f64) -> Vec<(Option<BackTransform>, Transform)> {
        if self.spec.measure != Measure::FreemanTukey {
            return vec![(None, Transform::new(self.spec.measure))];
        }
        let totals =
            || self.effects.index.iter().map(|&index| self.studies[index as usize].counts.total() as f64);
        let scale =
            |n: Option<f64>| n.map_or(Transform::new(Measure::FreemanTukey), Transform::freeman_tukey);
        space
            .back_transforms
            .iter()
            .map(|&choice| (Some(choice), scale(freeman_tukey::inverse_n(choice, totals(), se))))
            .collect()
    }
}

fn limits(pooled: &Pooled, tail: f64) -> Option<[f64; 2]> {
    if pooled.df == Some(0.0) {
        return None;
    }
    let margin = quantile(tail, pooled.df) * pooled.se;
    Some([pooled.y - margin, pooled.y + margin])
}

impl Fit<'_> {
    /// The pooled proportion.
    pub fn estimate(&self) -> f64 {
        self.transform.to_proportion(self.y)
    }

    /// The between-study variance.
    pub const fn tau2(&self) -> f64 {
        self.tau2
    }

    /// Its limits.
    pub fn limits(&self) -> Option<[f64; 2]> {
        self.ci_y.map(|ci_y| ci_y.map(|y| self.transform.to_proportion(y)))
    }

    /// What a field can be; empty where it does not exist, or is not searched for.
    pub fn candidates(&self, field: Field, study: Option<&str>) -> Vec<Candidate> {
        match study {
            None => self.pooled(field).unwrap_or_default(),
            Some(name) => {
                self.of_study(field, name).map(|value| vec![Candidate::one(value)]).unwrap_or_default()
            }
        }
    }

    fn pooled(&self, field: Field) -> Option<Vec<Candidate>> {
        let common = &self.scaled.common;
        let alone = common.k < 2;
        let one = |value: f64| Some(vec![Candidate::one(value)]);
        let shared = || inconsistency(self.spec.i2, common, self.tau2, self.interval, self.spec.level.tail());
        match field {
            Field::Estimate => Some(vec![
                Candidate::one(self.estimate()),
                Candidate::one(unclipped(&self.transform, self.y)).remarked(UNCLIPPED),
            ]),
            Field::Ci => self.ci_y.map(|ci_y| self.both(ci_y)),
            Field::Prediction => {
                predict(self.spec.prediction, self.spec.ci, self.weighing, self.tau2, self.spec.level.tail())
                    .map(|interval| self.both(interval.ci_y.map(|y| y + self.scaled.effects.origin())))
            }
            Field::K => one(common.k as f64),
            Field::Total => one(self.sums().1 as f64),
            Field::Events => one(self.sums().0 as f64),
            Field::Percent => one(self.sums().0 as f64 / self.sums().1 as f64),
            Field::Q => one(common.q),
            Field::Df => one(common.df()),
            Field::P => one(if alone { 1.0 } else { chi_squared::sf(common.q, common.df()) }),
            Field::PNull => self.pooled.infer(self.spec.level.tail(), self.null()).p.and_then(one),
            _ if alone => None,
            Field::Tau2 => one(self.tau2),
            Field::Tau => one(self.tau2.sqrt()),
            Field::Tau2Ci => {
                self.interval.map(|interval| vec![Candidate::two([interval.lower, interval.upper])])
            }
            Field::I2 => shared().i2.and_then(one),
            Field::I2Ci => shared().limits.map(|limits| vec![Candidate::two(limits)]),
            Field::H2 => shared().h2.and_then(one),
            Field::Weight => None,
        }
    }

    /// The value under test, from the origin of the effects.
    fn null(&self) -> f64 {
        self.scaled.effects.deviation_of(self.spec.null, &self.transform, self.spec.conventions)
    }

    /// Limits as they are shown, and before they are cut to [0, 1].
    fn both(&self, ci_y: [f64; 2]) -> Vec<Candidate> {
        let clipped = Candidate::two(ci_y.map(|y| self.transform.to_proportion(y)));
        vec![clipped, Candidate::two(ci_y.map(|y| unclipped(&self.transform, y))).remarked(UNCLIPPED)]
    }

    fn sums(&self) -> (u64, u64) {
        let counts =
            self.scaled.effects.index.iter().map(|&index| self.scaled.studies[index as usize].counts);
        counts.fold((0, 0), |(events, total), counts| (events + counts.events(), total + counts.total()))
    }

    fn of_study(&self, field: Field, name: &str) -> Option<f64> {
        let Scaled { studies, effects, .. } = self.scaled;
        let row = effects.index.iter().position(|&index| &*studies[index as usize].name == name)?;
        let counts = studies[effects.index[row] as usize].counts;
        match field {
            Field::Percent => Some(counts.proportion()),
            Field::Events => Some(counts.events() as f64),
            Field::Total => Some(counts.total() as f64),
            Field::Weight => {
                let tau2 = if self.spec.model == Model::Common { 0.0 } else { self.tau2 };
                Some(1.0 / (effects.v[row] + tau2) / self.weighing.sum)
            }
            _ => None,
        }
    }
}
