//! The studies fitted under every specification by inverse variance.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::prior;
use super::space::Space;
use crate::data::{Counts, Study};
use crate::effect::EffectSizes;
use crate::model::{Design, Fit, Prepared, Rows, WeightedFit};
use crate::options::{
    BackTransform, Ci, Conventions, Measure, Model, PredictionMethod, Profile, Request, Spec, Tau2, Tau2Ci,
    ZeroCells,
};
use crate::published::claim::computation::tau2_at_stop;
use crate::published::claim::{Claim, Computation, Field};
use crate::published::search::Evaluation;

/// The studies on one analysis scale.
struct ScaledStudies<'t> {
    studies: &'t [Study],
    counts: &'t [Counts],
    /// The specification, of which measure, zero cells and conventions are those of the effect sizes.
    spec: Spec,
    sizes: EffectSizes,
}

/// A stop of the iteration for τ² that moves no weight by more than this fraction is not tried beside the converged
/// value: no printed digit shows it, unless that value lies at a tie.
const LEAST_DIFFERENCE: f64 = 1e-4;

/// Calls `visit` with the result of every specification of the space under which these studies can be pooled,
/// until it returns `Break`; those whose prior cost is above `most_cost` are left out. Specifications that cannot differ on these studies (rules for zero cells where
/// there are none) are visited once.
pub(in crate::published) fn for_each_specification(
    studies: &[Study],
    space: &Space,
    printed: &Claim,
    most_cost: f64,
    visit: &mut dyn FnMut(&Evaluation<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let counts: Vec<Counts> = studies.iter().map(|study| study.counts).collect();
    let mut seen: Vec<(Measure, EffectSizes)> = Vec::new();
    for &measure in &space.measures {
        if prior::of_measure(measure) > most_cost {
            continue;
        }
        for (zero_cells, profile) in zero_cell_rules(measure, space) {
            let spec = scaled_spec(space, measure, zero_cells, profile);
            let (sizes, _) = EffectSizes::of_counts(&counts, &spec);
            if sizes.k() == 0 || seen.iter().any(|(other, same)| *other == measure && *same == sizes) {
                continue;
            }
            seen.push((measure, sizes.clone()));
            let left = most_cost - prior::of_measure(measure) - prior::of_zero_cells(zero_cells, measure);
            ScaledStudies { studies, counts: &counts, spec, sizes }
                .for_each_model(space, printed, left, visit)?;
        }
    }
    ControlFlow::Continue(())
}

/// The rules for zero cells, and the profiles whose conventions can matter, on a scale.
fn zero_cell_rules(measure: Measure, space: &Space) -> Vec<(ZeroCells, Profile)> {
    let first = space.profiles[0];
    match measure {
        measure if !measure.is_correctable() => vec![(ZeroCells::None, first)],
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

impl ScaledStudies<'_> {
    fn for_each_model(
        &self,
        space: &Space,
        printed: &Claim,
        most_cost: f64,
        visit: &mut dyn FnMut(&Evaluation<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let prepared = Prepared::of_counts(&self.sizes, self.counts);
        for &model in &space.models {
            // The common-effect model has no τ², but its specification has an estimator.
            let first = [space.tau2.first().copied().unwrap_or(space.base.tau2)];
            let methods: &[Tau2] = if model == Model::Common { &first } else { &space.tau2 };
            for &tau2 in methods {
                let left = most_cost - prior::of_model(model, tau2);
                if left < 0.0 {
                    continue;
                }
                let spec = Spec { model, tau2, ..self.spec.clone() };
                // An estimator without a certified optimum gives no result.
                let Ok(Fit::Weighted(fit)) = prepared.fit(Rows::All, Design::Mean, &spec) else { continue };
                self.for_each_interval(&spec, (&fit, None), space, printed, left, visit)?;
                // Where no other computation is tried, nothing is iterated.
                let stop = if space.computations { self.early_stop(&spec, fit.tau2()) } else { None };
                if let Some(stop) = stop {
                    let at_stop = Spec { tau2: Tau2::Fixed(stop), ..spec.clone() };
                    let Ok(Fit::Weighted(stopped)) = prepared.fit(Rows::All, Design::Mean, &at_stop) else {
                        continue;
                    };
                    let computed = Computation::EarlyStop { tau2: stop, converged: fit.tau2() };
                    self.for_each_interval(&spec, (&stopped, Some(computed)), space, printed, left, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// τ² where metafor's iteration stops, if that is another than the converged one.
    fn early_stop(&self, spec: &Spec, converged: f64) -> Option<f64> {
        let stop = tau2_at_stop(spec, &self.sizes)?;
        let least_v = self.sizes.v.iter().copied().fold(f64::INFINITY, f64::min);
        ((stop - converged).abs() > LEAST_DIFFERENCE * (least_v + converged)).then_some(stop)
    }

    fn for_each_interval(
        &self,
        spec: &Spec,
        (fit, computed): (&WeightedFit<'_>, Option<Computation>),
        space: &Space,
        printed: &Claim,
        most_cost: f64,
        visit: &mut dyn FnMut(&Evaluation<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let common = spec.model == Model::Common;
        let (wald, none) = ([Ci::Wald], [PredictionMethod::None]);
        let needs_interval = self.spec.tau2_ci == Tau2Ci::QProfile
            && printed.entries.iter().any(|entry| matches!(entry.field, Field::Tau2Ci | Field::I2Ci));
        for &level in &space.levels {
            let spec = Spec { level, ..spec.clone() };
            let interval =
                if needs_interval && fit.k() > 1 { fit.tau2_interval(&spec).ok().flatten() } else { None };
            for &ci in if common { &wald[..] } else { &space.ci } {
                let spec = Spec { ci, ..spec.clone() };
                let left = most_cost - prior::of_level(level) - prior::of_ci(ci, spec.model);
                if left < 0.0 {
                    continue;
                }
                // The limits are the same for every back-transform, prediction interval and definition of I².
                let Ok(limits) = fit.limits(&spec, None) else { continue };
                for back_transform in self.back_transforms(space) {
                    let spec = Spec { back_transform, ..spec.clone() };
                    for &prediction in if common { &none[..] } else { &space.predictions } {
                        for &i2 in &space.i2 {
                            let spec = Cow::Owned(Spec { prediction, i2, ..spec.clone() });
                            let evaluation = Evaluation::new(Cow::Borrowed(fit), spec, limits, self.counts)
                                .with_early_stop(computed)
                                .with_studies(self.studies)
                                .with_tau2_interval(interval);
                            visit(&evaluation)?;
                        }
                    }
                }
                // The inverse at half the angle has no n, so it is tried once.
                if space.computations && self.spec.measure == Measure::FreemanTukey && computed.is_none() {
                    let spec = Spec { back_transform: Some(BackTransform::None), ..spec };
                    let evaluation =
                        Evaluation::new(Cow::Borrowed(fit), Cow::Owned(spec), limits, self.counts);
                    visit(&evaluation.with_studies(self.studies).at_half_angle(limits))?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn back_transforms(&self, space: &Space) -> Vec<Option<BackTransform>> {
        match self.spec.measure {
            Measure::FreemanTukey => space.back_transforms.iter().copied().map(Some).collect(),
            _ => vec![None],
        }
    }
}
