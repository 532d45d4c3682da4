//! One specification, what it gives, and its choices by their keys.

use serde::Serialize;

use crate::analysis::Conclusion;
use crate::analysis::Statistic;
use crate::model::{HeterogeneityField, SummaryField, Value};
use crate::options::{BackTransform, Choice, Ci, Measure, Model, Tau2Method, ZeroCells};
use crate::options::{LogDenominator, RawCorrection, Spec};
use crate::published::claim::field_values::FieldValues;

/// A specification and what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpecificationResult {
    /// The specification.
    pub spec: Spec,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance on the analysis scale; `None` for the common-effect model.
    pub tau2: Option<f64>,
    /// Whether the lower limit was cut off at 0, and the upper one at 1. Not in documents.
    #[serde(skip)]
    pub is_clipped: [bool; 2],
}

impl SpecificationResult {
    /// Whether it bears a conclusion out; `None` where it gives no such limit.
    #[must_use]
    pub fn bears_out(&self, conclusion: &Conclusion) -> Option<bool> {
        conclusion.holds(self.estimate, [self.lower, self.upper])
    }

    pub(super) fn new(result: &dyn FieldValues) -> Self {
        let value = |statistic: Statistic| statistic.of(result).and_then(Value::number);
        let spec = result.spec().clone();
        let tau2 = value(Statistic::Heterogeneity(HeterogeneityField::Tau2));
        let is_clipped = match Statistic::Pooled(SummaryField::CiY).of(result) {
            Some(Value::Limits([lower, upper])) => {
                let scale = result.scale();
                [scale.unclipped(lower) < 0.0, scale.unclipped(upper) > 1.0]
            }
            _ => [false; 2],
        };
        Self {
            is_clipped,
            estimate: value(Statistic::Pooled(SummaryField::Estimate)).unwrap_or(f64::NAN),
            lower: value(Statistic::Pooled(SummaryField::Lower)),
            upper: value(Statistic::Pooled(SummaryField::Upper)),
            tau2: tau2.filter(|_| spec.model != Model::Common),
            spec,
        }
    }

    /// The specification in a line: `logit, random, dl, wald, only0`.
    ///
    /// ```
    /// # use metaprop::{Dataset, published::multiverse::multiverse};
    /// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?;
    /// let all = multiverse(&table, &Default::default(), None, |_, _| true)?;
    /// assert_eq!(all.rows[0].label(), "logit, random, dl, wald, only0");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn label(&self) -> String {
        choice_keys(&self.spec).into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// The choices that differ between specifications, in the order of the report.
pub const CHOICES: [&str; 7] = [
    Measure::NAME,
    Model::NAME,
    Tau2Method::NAME,
    Ci::NAME,
    ZeroCells::NAME,
    "conventions",
    BackTransform::NAME,
];

/// The key of a spec's value for each of the [`CHOICES`]; `None` where the choice does not apply.
///
/// ```
/// use metaprop::{Spec, published::multiverse::choice_keys};
/// let keys = choice_keys(&Spec::default());
/// assert_eq!(keys[0].as_deref(), Some("logit"));
/// assert_eq!(keys[6], None); // only Freeman-Tukey has a choice of n
/// ```
#[must_use]
pub fn choice_keys(spec: &Spec) -> [Option<String>; CHOICES.len()] {
    let random = spec.model != Model::Common;
    [
        Some(spec.measure.key().to_string()),
        Some(spec.model.key().to_string()),
        random.then(|| spec.tau2.key()),
        random.then(|| spec.ci.key().to_string()),
        spec.is_correctable().then(|| spec.zero_cells.key().to_string()),
        conventions(spec).map(str::to_string),
        spec.back_transform.map(|choice| choice.key().to_string()),
    ]
}

/// The software whose correction of zero cells the spec has, on the two scales on which software differs.
fn conventions(spec: &Spec) -> Option<&'static str> {
    if spec.zero_cells == ZeroCells::None {
        return None;
    }
    let metafor = match spec.measure {
        Measure::Raw => spec.conventions.raw_correction == RawCorrection::EstimateAndVariance,
        Measure::Log => spec.conventions.log_denominator == LogDenominator::Both,
        _ => return None,
    };
    Some(if metafor { "metafor" } else { "meta" })
}
