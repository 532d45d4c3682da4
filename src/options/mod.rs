//! What was asked for. Flags, the analysis file and the library give the same [`Request`];
//! [`Request::resolve`] turns it into a complete [`Spec`] or says everything that is wrong with it.

pub mod analysis_file;
mod applicable;
pub mod choices;
pub mod conventions;
pub mod profile;
pub mod reading;
pub mod request;
pub mod values;

use serde::{Deserialize, Serialize};

pub use choices::*;
pub use conventions::{Conventions, LogDenominator, RawCorrection, WilsonCcEnds};
pub use reading::{Decimal, Filter, ReadOptions};
pub use request::Request;
pub use values::{Level, Tau2};

/// Every effective choice of one analysis: complete, checked, and able to be run again.
///
/// Made by [`Request::resolve`]; what does not apply to the measure or the model is `None`, or the
/// choice's own `none`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The profile that gave the defaults and the conventions.
    pub profile: Profile,
    /// The analysis scale.
    pub measure: Measure,
    /// The scale of estimates in the table; `None` for proportions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_scale: Option<InputScale>,
    /// The model the pooled value is read from.
    pub model: Model,
    /// The estimator of τ², or a fixed value.
    pub tau2: Tau2,
    /// The interval of the random-effects estimate.
    pub ci: Ci,
    /// The prediction interval.
    pub prediction: PredictionMethod,
    /// The interval of τ².
    pub tau2_ci: Tau2Ci,
    /// The definition of I².
    pub i2: I2Method,
    /// The interval of each study.
    pub study_ci: StudyCi,
    /// Which studies are corrected for zero cells.
    pub zero_cells: ZeroCells,
    /// The amount added to events and non-events of a corrected study.
    pub zero_amount: f64,
    /// The n of the Freeman-Tukey inverse; `None` on every other scale.
    pub back_transform: Option<BackTransform>,
    /// The confidence level, in percent.
    pub level: Level,
    /// The proportion that the test compares with, a fraction in (0, 1).
    pub null: f64,
    /// The proportion above which the share of true proportions is estimated, a fraction in (0, 1).
    pub cutoff: Option<f64>,
    /// The seed of the random numbers; `None` where none are drawn.
    pub seed: Option<u64>,
    /// Where two packages differ, what is done.
    pub conventions: Conventions,
}

impl Spec {
    /// Whether the zero-cell correction touches this scale in this model.
    ///
    /// ```
    /// assert!(metaprop::Spec::default().is_correctable());
    /// ```
    #[must_use]
    pub const fn is_correctable(&self) -> bool {
        applicable::corrects(self.measure, self.model)
    }

    /// The request that has every choice of this spec made explicitly: it resolves to the same spec, or
    /// the spec is not one that [`Request::resolve`] made.
    ///
    /// ```
    /// use metaprop::Spec;
    /// assert_eq!(Spec::default().request().resolve()?, Spec::default());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn request(&self) -> Request {
        let corrected = self.zero_cells != ZeroCells::None;
        Request {
            profile: Some(self.profile),
            measure: Some(self.measure),
            input_scale: self.input_scale,
            model: Some(self.model),
            tau2: Some(self.tau2),
            ci: Some(self.ci),
            prediction: Some(self.prediction),
            tau2_ci: Some(self.tau2_ci),
            i2: Some(self.i2),
            study_ci: Some(self.study_ci),
            zero_cells: Some(self.zero_cells),
            zero_amount: corrected.then_some(self.zero_amount),
            back_transform: self.back_transform,
            level: Some(self.level),
            null: Some(self.null),
            cutoff: self.cutoff,
            seed: self.seed,
        }
    }
}

impl Default for Spec {
    fn default() -> Self {
        Request::default().resolve().expect("the defaults apply to each other: held by a test")
    }
}
