//! The conventions in which two specs can differ, as far as they change a pooled number.

use crate::options::{Choice, ChoiceRow, Ci, Measure, Request, ZeroCells};
use crate::options::{LogDenominator, RawCorrection, Spec};

/// A convention that can be taken from another spec while the others stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Convention {
    /// The model, with all its choices: those of one model do not apply to another.
    Model,
    /// The scale, with the choices that only one of the two scales has.
    Measure,
    /// The correction of zero cells, where both scales are corrected.
    ZeroCells,
    /// The n of the Freeman-Tukey inverse, where both are on that scale.
    BackTransform,
    /// The estimator of τ².
    Tau2,
    /// The standard error of the interval: the classic one, Hartung and Knapp's, or theirs with the classic
    /// one as least value.
    StandardError,
    /// The quantile of the interval: normal, or t with k − 1 degrees of freedom.
    Quantile,
    /// The interval, where its standard error and its quantile cannot be separated.
    Interval,
    /// The prediction interval.
    Prediction,
    /// The definition of I².
    I2,
    /// The confidence level.
    Level,
    /// The seed of a bootstrap.
    Seed,
    /// Any other option that can change a pooled number, by its index in the table of options.
    Other(usize),
}

/// The keys of the options that the conventions before `Other` cover.
const OWN: [&str; 11] = [
    "measure",
    "model",
    "tau2",
    "ci",
    "prediction",
    "i2",
    "zero-cells",
    "zero-amount",
    "back-transform",
    "level",
    "seed",
];

/// A row of the table of options.
const fn row(index: usize) -> &'static ChoiceRow<Request, Spec> {
    &Spec::CHOICES[index]
}

impl Convention {
    const ALL: [Self; 12] = [
        Self::Model,
        Self::Measure,
        Self::ZeroCells,
        Self::BackTransform,
        Self::Tau2,
        Self::StandardError,
        Self::Quantile,
        Self::Interval,
        Self::Prediction,
        Self::I2,
        Self::Level,
        Self::Seed,
    ];

    /// Those in which two specs differ.
    pub fn between(a: &Spec, b: &Spec) -> Vec<Self> {
        let is_other = |index: &usize| {
            let (key, details) = (row(*index).option.key, &row(*index).details);
            details.moves_pooled && !OWN.contains(&key)
        };
        let others = (0..Spec::CHOICES.len()).filter(is_other).map(Self::Other);
        Self::ALL.into_iter().chain(others).filter(|convention| convention.differs(a, b)).collect()
    }

    fn differs(self, a: &Spec, b: &Spec) -> bool {
        let one_model = a.model == b.model;
        match self {
            Self::Model => !one_model,
            Self::I2 => a.i2 != b.i2,
            Self::Level => a.level != b.level,
            _ if !one_model => false,
            Self::Measure => a.measure != b.measure,
            Self::ZeroCells => a.is_correctable() && b.is_correctable() && correction(a) != correction(b),
            Self::BackTransform => a.measure == b.measure && a.back_transform != b.back_transform,
            Self::Tau2 => a.tau2 != b.tau2,
            Self::StandardError => {
                splits_into_error_and_quantile(a, b) && standard_error(a.ci) != standard_error(b.ci)
            }
            Self::Quantile => splits_into_error_and_quantile(a, b) && is_normal(a.ci) != is_normal(b.ci),
            Self::Interval => !splits_into_error_and_quantile(a, b) && a.ci != b.ci,
            Self::Prediction => a.prediction != b.prediction,
            Self::Seed => a.seed.zip(b.seed).is_some_and(|(a, b)| a != b),
            Self::Other(index) => row(index).value(a) != row(index).value(b),
        }
    }

    /// Replaces this convention of `mixed`, which it has from `a`, with that of `b`. Standard error and
    /// quantile are left to the caller: together they decide the interval.
    pub fn take(self, mixed: &mut Spec, a: &Spec, b: &Spec) {
        match self {
            Self::Model => {
                *mixed = Spec { i2: mixed.i2, level: mixed.level, tau2_ci: mixed.tau2_ci, ..b.clone() };
            }
            Self::Measure => {
                mixed.measure = b.measure;
                mixed.back_transform = b.back_transform;
                if !(a.is_correctable() && b.is_correctable()) {
                    take_correction(mixed, b);
                }
            }
            Self::ZeroCells => take_correction(mixed, b),
            Self::BackTransform => mixed.back_transform = b.back_transform,
            Self::Tau2 => mixed.tau2 = b.tau2,
            Self::StandardError | Self::Quantile => {}
            Self::Interval => mixed.ci = b.ci,
            Self::Prediction => mixed.prediction = b.prediction,
            Self::I2 => mixed.i2 = b.i2,
            Self::Level => mixed.level = b.level,
            Self::Seed => mixed.seed = b.seed,
            Self::Other(index) => (row(index).take)(mixed, b),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Measure => "measure",
            Self::ZeroCells => "zero cells",
            Self::BackTransform => "back-transform",
            Self::Tau2 => "tau2",
            Self::StandardError => "standard error",
            Self::Quantile => "degrees of freedom",
            Self::Interval => "ci",
            Self::Prediction => "prediction",
            Self::I2 => "i2",
            Self::Level => "level",
            Self::Seed => "seed",
            Self::Other(index) => row(index).option.key,
        }
    }

    /// The choice of a spec, by the key that a user types.
    pub fn choice(self, spec: &Spec) -> String {
        match self {
            Self::Model => spec.model.key().to_string(),
            Self::Measure => spec.measure.key().to_string(),
            Self::ZeroCells => correction(spec),
            Self::BackTransform => spec.back_transform.map_or("none", Choice::key).to_string(),
            Self::Tau2 => spec.tau2.key(),
            Self::StandardError => standard_error(spec.ci).to_string(),
            Self::Quantile => if is_normal(spec.ci) { "normal" } else { "k - 1" }.to_string(),
            Self::Interval => spec.ci.key().to_string(),
            Self::Prediction => spec.prediction.key().to_string(),
            Self::I2 => spec.i2.key().to_string(),
            Self::Level => spec.level.to_string(),
            Self::Seed => spec.seed.map(|seed| seed.to_string()).unwrap_or_default(),
            Self::Other(index) => row(index).stored(spec).map(|value| value.to_string()).unwrap_or_default(),
        }
    }
}

/// Everything about a correction of zero cells that can change an estimate on the scale of the spec, with the
/// conventions in which software differs.
fn correction(spec: &Spec) -> String {
    let conventions = match (spec.measure, spec.conventions.log_denominator, spec.conventions.raw_correction)
    {
        _ if spec.zero_cells == ZeroCells::None => return "none".to_string(),
        (Measure::Log, LogDenominator::Both, _) => ", denominator n + 2a",
        (Measure::Log, LogDenominator::One, _) => ", denominator n + a",
        (Measure::Raw, _, RawCorrection::EstimateAndVariance) => ", y and v",
        (Measure::Raw, _, RawCorrection::VarianceOnly) => ", v only",
        _ => "",
    };
    format!("{} {}{conventions}", spec.zero_cells.key(), spec.zero_amount)
}

fn take_correction(mixed: &mut Spec, from: &Spec) {
    mixed.zero_cells = from.zero_cells;
    mixed.zero_amount = from.zero_amount;
    mixed.conventions = from.conventions;
}

/// Whether both intervals are y ± quantile × standard error, each of a standard error and a quantile that the
/// other could have.
pub(super) fn splits_into_error_and_quantile(a: &Spec, b: &Spec) -> bool {
    let plain = |ci| matches!(ci, Ci::Wald | Ci::T | Ci::Hk | Ci::HkFloor);
    plain(a.ci) && plain(b.ci)
}

pub(super) const fn standard_error(ci: Ci) -> &'static str {
    match ci {
        Ci::Hk => "hk",
        Ci::HkFloor => "hk-floor",
        _ => "classic",
    }
}

pub(super) const fn is_normal(ci: Ci) -> bool {
    matches!(ci, Ci::Wald)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::InputScale;

    #[test]
    fn an_option_without_a_convention_of_its_own_is_one() {
        let spec = |scale| {
            let asked = Request { measure: Some(Measure::Generic), input_scale: scale, ..Request::default() };
            asked.resolve().unwrap()
        };
        let (a, b) = (spec(None), spec(Some(InputScale::Log)));
        let between = Convention::between(&a, &b);
        assert_eq!(between.iter().map(|convention| convention.name()).collect::<Vec<_>>(), ["input-scale"]);
        assert_eq!((between[0].choice(&a), between[0].choice(&b)), ("identity".into(), "log".into()));
        let mut mixed = a.clone();
        between[0].take(&mut mixed, &a, &b);
        assert_eq!(mixed, b);
    }
}
