//! Every number of a result by name.

use crate::model::{Heterogeneity, HeterogeneityField, Prediction, PredictionField, SummaryField, Value};

/// A number of a result.
///
/// The one place where a name becomes a value: claims, `reproduce`, `--explain-diff`, `selftest` and the result
/// document ask here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Statistic {
    /// The number of studies pooled.
    K,
    /// Their events; none for estimates.
    Events,
    /// Their people; none for estimates.
    Total,
    /// Events over people, a fraction; none for estimates.
    Crude,
    /// Of the common-effect estimate.
    Common(SummaryField),
    /// Of the random-effects estimate, where the model has one.
    Random(SummaryField),
    /// Of the estimate of the model that was asked for.
    Pooled(SummaryField),
    /// Of the prediction interval.
    Prediction(PredictionField),
    /// Of heterogeneity.
    Heterogeneity(HeterogeneityField),
    /// The p-value of the test between the levels of the first column of subgroups.
    BetweenP,
}

/// Where the parts of a result are: computed beforehand, or when they are asked for.
pub(crate) trait Parts {
    /// The number of studies.
    fn k(&self) -> usize;
    /// Events and people.
    fn sums(&self) -> Option<(u64, u64)>;
    /// A number of the common-effect estimate.
    fn common(&self, field: SummaryField) -> Option<Value>;
    /// A number of the random-effects estimate, where the model has one.
    fn random(&self, field: SummaryField) -> Option<Value>;
    /// Whether the model has a random-effects estimate.
    fn has_random(&self) -> bool;
    /// The prediction interval.
    fn prediction(&self) -> Option<&Prediction>;
    /// Tests, variance components and I².
    fn heterogeneity(&self) -> &Heterogeneity;
    /// The p-value of the test between subgroups, where there are any.
    fn between_p(&self) -> Option<f64> {
        None
    }
}

impl Statistic {
    /// The value; `None` where it does not exist.
    pub(crate) fn of(self, parts: &(impl Parts + ?Sized)) -> Option<Value> {
        let sums = || parts.sums();
        match self {
            Self::K => Some(Value::Count(parts.k() as u64)),
            Self::Events => sums().map(|(events, _)| Value::Count(events)),
            Self::Total => sums().map(|(_, total)| Value::Count(total)),
            Self::Crude => sums().map(|(events, total)| Value::Number(events as f64 / total as f64)),
            Self::Common(field) => parts.common(field),
            Self::Random(field) => parts.random(field),
            Self::Pooled(field) if parts.has_random() => parts.random(field),
            Self::Pooled(field) => parts.common(field),
            Self::Prediction(field) => parts.prediction()?.get(field),
            Self::Heterogeneity(field) => parts.heterogeneity().get(field),
            Self::BetweenP => parts.between_p().map(Value::Number),
        }
    }

    /// The statistic at a path of the result document, such as `random.ci_y` or `heterogeneity.q`.
    ///
    /// ```
    /// use metaprop::analysis::Statistic;
    /// use metaprop::model::SummaryField;
    /// assert_eq!(Statistic::at("random.y"), Some(Statistic::Random(SummaryField::Y)));
    /// assert_eq!(Statistic::at("random.z"), None);
    /// ```
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        match path.split_once('.') {
            Some(("common", key)) => SummaryField::at(key).map(Self::Common),
            Some(("random", key)) => SummaryField::at(key).map(Self::Random),
            Some(("prediction", key)) => PredictionField::at(key).map(Self::Prediction),
            Some(("heterogeneity", key)) => HeterogeneityField::at(key).map(Self::Heterogeneity),
            Some(("between", "p")) => Some(Self::BetweenP),
            None if path == "k" => Some(Self::K),
            None if path == "events" => Some(Self::Events),
            None if path == "total" => Some(Self::Total),
            _ => None,
        }
    }
}
