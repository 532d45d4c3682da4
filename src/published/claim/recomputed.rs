//! The value of a field in an outcome, and the verdict on a claim that is held against it.

use super::compare::{Candidate, judge, verdict};
use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, sums};
use crate::analysis::{MetaAnalysis, Parts, Statistic};
use crate::effect::Scale;
use crate::error::nearest;
use crate::model::{PredictionField, SummaryField, Value};
use crate::options::{Choice, Spec};

/// Holds every printed field of a claim against the outcome recomputed from the studies.
///
/// Estimates and limits are compared as they are shown, clipped to [0, 1], and as they were before.
///
/// ```
/// use metaprop::{fit, Spec, Dataset, published::claim::{check, Claim, Verdict}};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let spec = metaprop::options::Request {
///     measure: Some(metaprop::options::Measure::Raw),
///     model: Some(metaprop::options::Model::Common),
///     ..Default::default()
/// }.resolve()?;
/// let mut claim = Claim::new("main", "a thread of 2021");
/// claim.set("estimate", &["0.18"])?;
/// claim.set("ci", &["0.14–0.21"])?;
/// claim.set("k", &["3"])?;
/// let checked = check(&claim, &fit(&table, &spec)?);
/// let verdicts: Vec<_> = checked.fields.iter().map(|field| field.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Holds, Verdict::Holds, Verdict::Fails]);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn check(claim: &Claim, outcome: &MetaAnalysis) -> ClaimVerdict {
    if let Some(excused) = sums::excused(claim) {
        return ClaimVerdict::new(claim, excused, None);
    }
    let mut fields: Vec<FieldVerdict> = claim.entries.iter().map(|entry| field(entry, outcome)).collect();
    let sum = |field: Field| match outcome.get(field.statistic()?)? {
        Value::Count(count) => Some(count),
        _ => None,
    };
    fields.extend(sums::all(claim, sum));
    ClaimVerdict::new(claim, fields, None)
}

impl MetaAnalysis {
    /// Holds what is printed of this result against it, figure by figure, at the digits that are printed.
    ///
    /// ```
    /// use metaprop::published::claim::{Claim, Verdict};
    /// use metaprop::{Dataset, MetaAnalysis};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = MetaAnalysis::of_proportions().profile("dl-wald").fit(&data)?;
    /// let checked = result.check(&Claim::printed(["k=4", "events=47"])?);
    /// assert_eq!(checked.field("k").unwrap().verdict, Verdict::Holds);
    /// assert_eq!(checked.verdict, Verdict::Fails);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn check(&self, claim: &Claim) -> ClaimVerdict {
        check(claim, self)
    }
}

fn field(entry: &Entry, outcome: &MetaAnalysis) -> FieldVerdict {
    match candidates(entry.field, entry.study.as_deref(), outcome) {
        Ok(candidates) => {
            let judged = judge(entry, &candidates, matches!(entry.field, Field::I2 | Field::I2Ci));
            if judged.verdict == Verdict::Fails { explained(judged, entry, outcome) } else { judged }
        }
        Err(why) => {
            FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, Verdict::NotCheckable)
                .because(why)
        }
    }
}

/// A recomputed result that printed fields are held against: an analysis, or one that computes what is asked for.
pub(in crate::published) trait Source: Parts {
    /// Every effective choice.
    fn spec(&self) -> &Spec;
    /// From the analysis scale to what is shown.
    fn scale(&self) -> Scale;
    /// The value of a field of the study of this name, or why there is none.
    fn of_study(&self, field: Field, study: &str) -> Result<Value, String>;
}

impl Source for MetaAnalysis {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn scale(&self) -> Scale {
        self.scale
    }

    fn of_study(&self, field: Field, study: &str) -> Result<Value, String> {
        let row = self.row(place(study, self)?);
        let weight = if self.random.is_some() { row.weight_random } else { row.weight_common };
        let no_counts = || "the data are estimates, without counts".to_string();
        match field {
            Field::Percent => row.proportion.map(Value::Number).ok_or_else(no_counts),
            Field::Events => row.events.map(Value::Count).ok_or_else(no_counts),
            Field::Total => row.total.map(Value::Count).ok_or_else(no_counts),
            Field::Ci => Ok(Value::Limits([row.lower, row.upper])),
            Field::Weight => weight.map(Value::Number).ok_or_else(|| "the model has no weights".to_string()),
            _ => Err("this is no field of one study".to_string()),
        }
    }
}

/// What a field of the pooled result, or of a study, can be, or why it is not there.
pub(in crate::published) fn candidates(
    field: Field,
    study: Option<&str>,
    source: &dyn Source,
) -> Result<Vec<Candidate>, String> {
    match study {
        None => pooled(field, source),
        Some(study) => source.of_study(field, study).map(|value| vec![Candidate::new(value)]),
    }
}

/// What a field of the pooled result can be: the value as it is shown, and before it is clipped to [0, 1].
fn pooled(field: Field, source: &dyn Source) -> Result<Vec<Candidate>, String> {
    let statistic = field.statistic().ok_or_else(|| "a weight belongs to a study: name it".to_string())?;
    let shown = statistic.of(source).ok_or_else(|| missing(field, source))?;
    let unclipped = match field {
        Field::Estimate => unclipped(SummaryField::Y, source),
        Field::Ci => unclipped(SummaryField::CiY, source),
        Field::Prediction => Statistic::Prediction(PredictionField::CiY)
            .of(source)
            .and_then(Value::limits)
            .map(|ci_y| Value::Limits(ci_y.map(|y| source.scale().unclipped(y)))),
        _ => None,
    };
    let unclipped = unclipped.map(|value| Candidate::new(value).remarked(UNCLIPPED));
    Ok([Candidate::new(shown)].into_iter().chain(unclipped).collect())
}

/// A value of the pooled estimate as software shows it that does not clip to [0, 1].
fn unclipped(field: SummaryField, source: &dyn Source) -> Option<Value> {
    let scale = source.scale();
    Some(match Statistic::Pooled(field).of(source)? {
        Value::Limits(ci_y) => Value::Limits(ci_y.map(|y| scale.unclipped(y))),
        value => Value::Number(scale.unclipped(value.number()?)),
    })
}

/// Why a field has no value.
fn missing(field: Field, source: &dyn Source) -> String {
    match field {
        Field::Prediction => {
            format!("the specification has no prediction interval here ({})", source.spec().prediction.key())
        }
        Field::Tau2Ci | Field::I2Ci => "the specification gives no such interval here".to_string(),
        Field::Q | Field::P => "the model has no Q".to_string(),
        Field::Events | Field::Total | Field::Percent => "the data are estimates, without counts".to_string(),
        _ => "it does not exist for one study".to_string(),
    }
}

const UNCLIPPED: &str = "before it is cut to the range from 0 to 1";

/// The row of the study of this name, or why there is none.
fn place(study: &str, result: &MetaAnalysis) -> Result<usize, String> {
    let names: Vec<&str> = (0..result.k()).map(|index| &*result.label(index).name).collect();
    let found: Vec<usize> = (0..names.len()).filter(|&index| names[index] == study).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(match nearest(study, names) {
            Some(name) => format!("no study of this name was pooled; is it '{name}'?"),
            None => "no study of this name was pooled".to_string(),
        }),
        _ => Err("several studies have this name".to_string()),
    }
}

/// What would explain a failure: the other model, or studies left out.
fn explained(judged: FieldVerdict, entry: &Entry, outcome: &MetaAnalysis) -> FieldVerdict {
    let common_holds = |field: SummaryField| {
        let value = Statistic::Common(field).of(outcome);
        value.is_some_and(|value| verdict(&entry.printed, value, false) == Verdict::Holds)
    };
    let why = match (entry.field, &entry.study) {
        (Field::Estimate, None) if outcome.random.is_some() && common_holds(SummaryField::Estimate) => {
            "the common-effect estimate is printed so".to_string()
        }
        (Field::Ci, None) if outcome.random.is_some() && common_holds(SummaryField::Ci) => {
            "the common-effect interval is printed so".to_string()
        }
        (Field::K, None) if !outcome.excluded.is_empty() => {
            format!("{} rows were left out", outcome.excluded.len())
        }
        (Field::Percent, Some(_)) if complement(&judged, entry) => {
            "the percentage without the event is printed so".to_string()
        }
        _ => return judged,
    };
    let reason = judged.reason.clone().map_or_else(|| why.clone(), |reason| format!("{reason}; {why}"));
    judged.because(reason)
}

fn complement(judged: &FieldVerdict, entry: &Entry) -> bool {
    matches!(judged.recomputed, Some(Value::Number(value)) if verdict(&entry.printed, Value::Number(1.0 - value), false) == Verdict::Holds)
}
