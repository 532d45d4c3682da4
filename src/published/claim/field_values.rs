//! The values of printed fields in a result: an analysis, or a fitted model of a search.

use super::reason::Missing;
use super::{Computation, Field};
use crate::analysis::{MetaAnalysis, Parts, Statistic};
use crate::effect::Scale;
use crate::error::nearest;
use crate::model::{PredictionField, SummaryField, Value};
use crate::options::Spec;

/// A result that has a value for each printed field, or computes it when it is asked for.
pub(in crate::published) trait FieldValues: Parts {
    /// Every effective choice.
    fn spec(&self) -> &Spec;
    /// The back-transform of the pooled value.
    fn scale(&self) -> Scale;
    /// How it was computed, where that differs from what the specification says.
    fn computation(&self) -> Option<Computation> {
        None
    }
    /// The value of a field of the study of this name, or why there is none.
    fn study_value(&self, field: Field, study: &str) -> Result<Value, Missing>;
}

impl FieldValues for MetaAnalysis {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn scale(&self) -> Scale {
        self.scale
    }

    fn study_value(&self, field: Field, study: &str) -> Result<Value, Missing> {
        let row = self.row(row_of(study, self)?);
        let weight = if self.random.is_some() { row.weight_random } else { row.weight_common };
        match field {
            Field::Estimate => Ok(Value::Number(row.shown())),
            Field::Percent => row.proportion.map(Value::Number).ok_or(Missing::Counts),
            Field::Events => row.events.map(Value::Count).ok_or(Missing::Counts),
            Field::Total => row.total.map(Value::Count).ok_or(Missing::Counts),
            Field::Lower => Ok(Value::Number(row.lower)),
            Field::Upper => Ok(Value::Number(row.upper)),
            Field::Weight => weight.map(Value::Number).ok_or(Missing::Weights),
            _ => Err(Missing::NotOfStudy),
        }
    }
}

/// The row of the study of this name.
fn row_of(study: &str, result: &MetaAnalysis) -> Result<usize, Missing> {
    let names: Vec<&str> = (0..result.k()).map(|index| result.label(index).name).collect();
    let rows: Vec<usize> = (0..names.len()).filter(|&index| names[index] == study).collect();
    match rows[..] {
        [row] => Ok(row),
        [] => Err(Missing::Study(nearest(study, names).map(Into::into))),
        _ => Err(Missing::SeveralStudies),
    }
}

/// A value that the printed digits may stand for.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Candidate {
    pub value: Value,
    /// Whether it is the value before it is clipped to [0, 1], as some software shows it.
    pub unclipped: bool,
}

impl Candidate {
    /// A whole number becomes a number: printed digits are compared with numbers.
    fn new(value: Value) -> Self {
        Self { value: value.number().map_or(value, Value::Number), unclipped: false }
    }
}

/// One or two values that a field can have, the usual one first; none where it has no value.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::published) struct Candidates {
    values: [Option<Candidate>; 2],
}

impl Candidates {
    /// One number.
    pub fn of_number(value: f64) -> Self {
        Self { values: [Some(Candidate::new(Value::Number(value))), None] }
    }

    /// Every value.
    pub fn iter(&self) -> impl Iterator<Item = &Candidate> {
        self.values.iter().flatten()
    }
}

/// The values that a field of the pooled result, or of a study, can have; or why there is none.
pub(in crate::published) fn candidates(
    field: Field,
    study: Option<&str>,
    result: &dyn FieldValues,
) -> Result<Candidates, Missing> {
    match study {
        None => pooled_candidates(field, result),
        Some(study) => {
            let value = result.study_value(field, study)?;
            Ok(Candidates { values: [Some(Candidate::new(value)), None] })
        }
    }
}

/// The value as it is shown and, of proportions, before it is clipped to [0, 1].
fn pooled_candidates(field: Field, result: &dyn FieldValues) -> Result<Candidates, Missing> {
    let statistic = field.statistic().ok_or(match field {
        Field::Coefficient => Missing::CoefficientName,
        _ => Missing::StudyName,
    })?;
    let shown = statistic.of(result).ok_or_else(|| missing(field, result))?;
    let unclipped =
        unclipped(field, result).map(|value| Candidate { unclipped: true, ..Candidate::new(value) });
    Ok(Candidates { values: [Some(Candidate::new(shown)), unclipped] })
}

/// The back-transformed value of a field that is a proportion, not clipped to [0, 1].
fn unclipped(field: Field, result: &dyn FieldValues) -> Option<Value> {
    let statistic = match field {
        Field::Estimate => Statistic::Pooled(SummaryField::Y),
        Field::Lower | Field::Upper => Statistic::Pooled(SummaryField::CiY),
        Field::Prediction => Statistic::Prediction(PredictionField::CiY),
        _ => return None,
    };
    let scale = result.scale();
    Some(match statistic.of(result)? {
        Value::Limits([lower, _]) if field == Field::Lower => Value::Number(scale.unclipped(lower)),
        Value::Limits([_, upper]) if field == Field::Upper => Value::Number(scale.unclipped(upper)),
        Value::Limits(ci_y) => Value::Limits(ci_y.map(|y| scale.unclipped(y))),
        value => Value::Number(scale.unclipped(value.number()?)),
    })
}

/// Why a field of the pooled result has no value.
fn missing(field: Field, result: &dyn FieldValues) -> Missing {
    match field {
        Field::Prediction => Missing::Prediction(result.spec().prediction),
        Field::Tau2Ci | Field::I2Ci => Missing::HeterogeneityInterval,
        Field::Q | Field::P => Missing::Q,
        Field::BetweenP => Missing::Subgroups,
        Field::Events | Field::Total | Field::Percent => Missing::Counts,
        _ => Missing::SingleStudy,
    }
}
