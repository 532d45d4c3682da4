//! Whether the specifications that give every printed field agree on what was not printed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::Value;
use crate::options::Spec;
use crate::options::{Choice, Ci, Measure, Model, Tau2Method};
use crate::published::claim::Field;
use crate::published::claim::field_values::FieldValues;

/// The ranges over all specifications that give every printed field, on the best variant of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// How many specifications there are.
    pub specifications: u64,
    /// The range of the estimate, fractions.
    pub estimate: [f64; 2],
    /// The range of the lower limit.
    pub lower: Option<[f64; 2]>,
    /// The range of the upper limit.
    pub upper: Option<[f64; 2]>,
    /// The range of I² in percent, by the definition of each specification.
    pub i2: Option<[f64; 2]>,
    /// The range of the between-study variance, where all are on one scale.
    pub tau2: Option<[f64; 2]>,
    /// The values of each choice: one where they agree.
    pub choices: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Agreement {
    /// Of one specification.
    pub(super) fn new(result: &dyn FieldValues) -> Self {
        let range = |field: Field| number(field, result).map(|value| [value; 2]);
        let [estimate, lower, upper] = estimate_and_limits(result);
        let limit = |value: f64| value.is_finite().then_some([value; 2]);
        Self {
            specifications: 1,
            estimate: [estimate; 2],
            lower: limit(lower),
            upper: limit(upper),
            i2: range(Field::I2),
            tau2: range(Field::Tau2),
            choices: choices(result.spec()),
        }
    }

    /// Widens the ranges to one more specification.
    pub(super) fn widen(&mut self, other: &Self) {
        let join = |a: [f64; 2], b: [f64; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        let both = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| a.zip(b).map(|(a, b)| join(a, b));
        self.specifications += 1;
        self.estimate = join(self.estimate, other.estimate);
        self.lower = both(self.lower, other.lower);
        self.upper = both(self.upper, other.upper);
        self.i2 = both(self.i2, other.i2);
        for (choice, keys) in &other.choices {
            self.choices.entry(choice).or_default().extend(keys.iter().cloned());
        }
        let one_scale = self.choices.get(Measure::NAME).is_some_and(|keys| keys.len() == 1);
        self.tau2 = both(self.tau2, other.tau2).filter(|_| one_scale);
    }
}

/// The choices that the agreement lists, by name.
fn choices(spec: &Spec) -> BTreeMap<&'static str, BTreeSet<String>> {
    let tau2 = if spec.model == Model::Common { "none".to_string() } else { spec.tau2.key() };
    let keys = [
        (Measure::NAME, spec.measure.key().to_string()),
        (Model::NAME, spec.model.key().to_string()),
        (Tau2Method::NAME, tau2),
        (Ci::NAME, spec.ci.key().to_string()),
        ("level", spec.level.percent().to_string()),
    ];
    keys.into_iter().map(|(name, key)| (name, BTreeSet::from([key]))).collect()
}

/// The pooled proportion and its limits; NaN where there is none.
pub(super) fn estimate_and_limits(result: &dyn FieldValues) -> [f64; 3] {
    let [lower, upper] = value(Field::Ci, result).and_then(Value::limits).unwrap_or([f64::NAN; 2]);
    [number(Field::Estimate, result).unwrap_or(f64::NAN), lower, upper]
}

fn value(field: Field, result: &dyn FieldValues) -> Option<Value> {
    field.statistic()?.of(result)
}

fn number(field: Field, result: &dyn FieldValues) -> Option<f64> {
    value(field, result)?.number()
}
