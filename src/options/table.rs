//! The table of options: one row for each choice that an analysis makes.
//!
//! A row gives the field of [`Request`] and of [`Spec`] with its accessor, the method of the builder
//! [`Analysis`](crate::analysis::Analysis), the flag with its help, completions and manual page, the key of the
//! analysis file, the words that `metaprop list` prints, the property of the JSON Schema, and the sentence and
//! the line of a report. To add an option, add its row here, its words (if it has any) in `choices.rs`, and the
//! code that does what it says; `CONTRIBUTING.md` has an example.
//!
//! ```text
//! /// Its documentation; the first paragraph is the help of its flag.
//! field: required Type {            // or optional, or omittable: see `Presence`
//!     typed: { key, kind, … },      // the flag and TOML key; how a value is read and written; `Flag` has the rest
//!     settled: |asked| …,           // the value that takes effect: what was typed, or the default
//!     …                             // what else there is to say: the fields of `Details`
//! }
//! ```

use super::choice::Choice;
use super::choice_row::{ChoiceRow, Details, Presence, request_and_spec};
use super::choices::{
    BackTransform, Ci, I2Method, InputScale, Measure, Model, PredictionMethod, Profile, Quadrature, StudyCi,
    Tau2Ci, ZeroCells,
};
use super::conventions::Conventions;
use super::kind::{AMOUNT, Kind, LEVEL, PROPORTION, SEED, TAU2, word};
use super::row::option_set;
use super::values::{DEFAULT_NULL, DEFAULT_SEED, Level, Tau2};
use crate::format::NumberFormat;

/// Hands the rows to the macro `$make`.
macro_rules! each_choice {
    ($make:ident) => { $make! {
        /// A named set of defaults and conventions.
        profile: required Profile {
            typed: { key: "profile", kind: word(), value_name: "PROFILE" },
            settled: Request::effective_profile,
            moves_pooled: false,
        }

        /// The scale on which proportions are pooled.
        measure: required Measure {
            typed: { key: "measure", kind: word(), value_name: "MEASURE" },
            settled: Request::effective_measure,
            brief: true,
            sentence: |spec| Some(match spec.input_scale {
                None => format!("Proportions were pooled on the scale of the {}", spec.measure.title()),
                Some(scale) => format!("Studies were given as estimates with their precision: {}", scale.title()),
            }),
        }

        /// The scale of estimates and limits in the table, where they are given in place of counts.
        ///
        /// It is typed with the columns of the table, and `None` for proportions.
        input_scale: omittable InputScale {
            typed: { key: "input-scale", kind: word(), value_name: "INPUT_SCALE", elsewhere: true },
            settled: |asked| {
                let applies = asked.effective_measure() == Measure::Generic;
                applies.then(|| asked.input_scale.unwrap_or(InputScale::Identity))
            },
            needs: |asked| asked.needs_measure(&[Measure::Generic]),
            brief: true,
        }

        /// Which model gives the pooled proportion.
        model: required Model {
            typed: { key: "model", kind: word(), value_name: "MODEL" },
            settled: Request::effective_model,
            brief: true,
            sentence: |spec| Some(format!("Pooled by a {}", spec.model.title())),
        }

        /// How the integral in the likelihood of the model glmm is computed [default: exact].
        ///
        /// `None` in every other model.
        quadrature: omittable Quadrature {
            typed: { key: "quadrature", kind: word(), value_name: "QUADRATURE" },
            settled: |asked| {
                let applies = asked.effective_model() == Model::Glmm;
                applies.then(|| asked.quadrature.unwrap_or(Quadrature::Exact))
            },
            needs: Request::needs_integral,
            // The exact integral is what the model is; only an approximation is worth a word.
            in_effect: |spec| spec.quadrature.is_some_and(|quadrature| quadrature != Quadrature::Exact),
            brief: true,
            sentence: |spec| {
                let approximation = spec.quadrature.filter(|quadrature| *quadrature != Quadrature::Exact)?;
                Some(format!("The integral in the likelihood of each study: {}", approximation.title()))
            },
        }

        /// How the between-study variance is estimated, or a number: a fixed value.
        tau2: required Tau2 {
            typed: { key: "tau2", kind: TAU2, value_name: "TAU2" },
            settled: Request::effective_tau2,
            in_effect: Spec::has_tau2,
            title: "fixed value",
            brief: true,
            sentence: |spec| Some(match spec.tau2 {
                _ if !spec.has_tau2() => {
                    "The spread of the true proportions is ρ, the correlation of two of those counted in a study; it is estimated \
                     by maximum likelihood, and its interval is that of the profile likelihood".to_string()
                }
                Tau2::Estimated(method) => format!("Between-study variance τ²: {}", method.title()),
                Tau2::Fixed(value) => format!("Between-study variance τ²: fixed at {value}"),
            }),
        }

        /// The confidence interval of the random-effects estimate.
        ci: required Ci {
            typed: { key: "ci", kind: word(), value_name: "CI" },
            settled: Request::effective_ci,
            brief: true,
            sentence: |spec| {
                let what = if spec.pools_proportions() { "proportion" } else { "estimate" };
                Some(format!("Confidence interval of the pooled {what}: {}", spec.ci.title()))
            },
        }

        /// The prediction interval.
        prediction: required PredictionMethod {
            typed: { key: "prediction", kind: word(), value_name: "PREDICTION" },
            settled: Request::effective_prediction,
            brief: true,
            sentence: |spec| {
                let predicts = spec.model != Model::Common;
                predicts.then(|| format!("Prediction interval: {}", spec.prediction_word().title))
            },
            shown_word: |spec| Some(spec.prediction_word()),
        }

        /// The confidence interval of tau2.
        tau2_ci: required Tau2Ci {
            typed: { key: "tau2-ci", kind: word(), value_name: "TAU2_CI" },
            settled: Request::effective_tau2_ci,
            in_effect: Spec::has_tau2,
            moves_pooled: false,
            sentence: |spec| {
                let interval = || format!("Its {}% interval: {}", spec.level.percent(), spec.tau2_ci.title());
                spec.has_tau2().then(interval)
            },
        }

        /// How I2 is defined.
        i2: required I2Method {
            typed: { key: "i2", kind: word(), value_name: "I2" },
            settled: Request::effective_i2,
            sentence: |spec| Some(format!("I²: {}", spec.i2_word().title)),
            shown_word: |spec| Some(spec.i2_word()),
        }

        /// The confidence interval of each study.
        study_ci: required StudyCi {
            typed: { key: "study-ci", kind: word(), value_name: "STUDY_CI" },
            settled: |asked| match asked.effective_measure() {
                // A study has its estimate and its variance, and no counts for another interval.
                Measure::Generic => StudyCi::Transform,
                _ => asked.study_ci.unwrap_or(asked.defaults().study_ci),
            },
            needs: |asked| asked.needs_measure(Measure::OF_PROPORTIONS),
            in_effect: Spec::pools_proportions,
            moves_pooled: false,
            brief: true,
            sentence: |spec| Some(format!("Confidence intervals of the studies: {}", spec.study_ci.title())),
        }

        /// Which studies get an amount added to events and non-events.
        zero_cells: required ZeroCells {
            typed: { key: "zero-cells", kind: word(), value_name: "ZERO_CELLS" },
            settled: Request::effective_zero_cells,
            needs: |asked| asked.needs_measure(Measure::OF_PROPORTIONS),
            in_effect: |spec| spec.pools_proportions() && !spec.model.is_of_counts(),
            brief: true,
            sentence: |spec| match spec.zero_cells {
                _ if !spec.pools_proportions() => None,
                _ if spec.model.is_of_counts() => {
                    Some("The likelihood is that of the counts as they stand; nothing is added to them".to_string())
                }
                ZeroCells::None => Some("No count was corrected for zero cells".to_string()),
                rule => {
                    let (amount, title) = (spec.zero_amount, rule.title());
                    Some(format!("Zero cells: {amount} added to events and to non-events in {title}"))
                }
            },
        }

        /// The amount added [default: 0.5].
        ///
        /// 0 where no study is corrected.
        zero_amount: required f64 {
            typed: { key: "zero-amount", kind: AMOUNT, value_name: "AMOUNT" },
            settled: |asked| match asked.effective_zero_cells() {
                ZeroCells::None => 0.0,
                _ => asked.zero_amount.unwrap_or(0.5),
            },
            needs: |asked| asked.needs_measure(Measure::OF_PROPORTIONS),
            in_effect: |spec| spec.zero_cells != ZeroCells::None,
            about: "added to events and to non-events of a corrected study",
            title: "added to events and to non-events",
        }

        /// Which n enters the inverse of the Freeman-Tukey transformation.
        ///
        /// `None` on every other scale.
        back_transform: optional BackTransform {
            typed: { key: "back-transform", kind: word(), value_name: "BACK_TRANSFORM" },
            settled: |asked| {
                let applies = asked.effective_measure() == Measure::FreemanTukey;
                applies.then(|| asked.back_transform.unwrap_or(BackTransform::Harmonic))
            },
            needs: |asked| asked.needs_measure(&[Measure::FreemanTukey]),
            brief: true,
            sentence: |spec| {
                let title = spec.back_transform?.title();
                Some(format!("The n of the Freeman-Tukey inverse: {title}"))
            },
        }

        /// The confidence level, in percent; a fraction from 0.5 up is read as one [default: 95].
        level: required Level {
            typed: { key: "level", kind: LEVEL, value_name: "PERCENT" },
            settled: |asked| asked.level.unwrap_or(Level::DEFAULT),
            about: "the confidence level, in percent",
            title: "confidence level in percent",
        }

        /// The proportion that the test compares with [default: 50%].
        ///
        /// In the library and in documents a fraction in (0, 1). Estimates that are no proportions are compared with 0
        /// on the scale on which they are pooled.
        null: required f64 {
            typed: { key: "null", kind: PROPORTION, value_name: "PROPORTION" },
            settled: |asked| match asked.effective_measure() {
                Measure::Generic => 0.0,
                _ => asked.null.unwrap_or(DEFAULT_NULL),
            },
            needs: |asked| asked.needs_measure(Measure::OF_PROPORTIONS),
            in_effect: Spec::pools_proportions,
            moves_pooled: false,
            about: "the proportion that the tests compare with; 0 for measure generic: 0 on the pooled scale",
            title: "proportion that the test compares with",
        }

        /// Estimate the share of true proportions above this one, with an interval.
        ///
        /// In the library and in documents a fraction in (0, 1).
        cutoff: optional f64 {
            typed: { key: "cutoff", kind: PROPORTION, value_name: "PROPORTION" },
            settled: |asked| asked.cutoff,
            needs: |asked| asked.needs_measure(Measure::OF_PROPORTIONS),
            moves_pooled: false,
            about: "the proportion above which the share of true proportions is estimated",
            title: "share of the true proportions above it",
            formula: "Phi((y - c)/tau)",
            source: "Mathur & VanderWeele 2019, doi:10.1002/sim.8057",
            sentence: |spec| {
                let cutoff = NumberFormat::default().exact(spec.cutoff?);
                Some(format!(
                    "Share of the true proportions above {cutoff}: that of the fitted distribution, with an \
                     interval by the delta method on the probit scale and the quantile of that of the pooled proportion"
                ))
            },
        }

        /// The seed of the random numbers of a bootstrap [default: 1].
        ///
        /// `None` where none are drawn.
        seed: optional u64 {
            typed: { key: "seed", kind: SEED, value_name: "N" },
            settled: |asked| {
                let random = asked.effective_ci() == Ci::Bootstrap
                    || asked.effective_prediction() == PredictionMethod::Bootstrap;
                random.then(|| asked.seed.unwrap_or(DEFAULT_SEED))
            },
            about: "of the random numbers; null where none are drawn",
            title: "seed of the random numbers",
        }
    } };
}
pub(crate) use each_choice;

each_choice!(request_and_spec);
