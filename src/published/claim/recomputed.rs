//! The value of a field in an outcome, and the verdict on a claim that is held against it.

use super::compare::{Candidate, judge, verdict};
use super::verdict::{Recomputed, Verdict};
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, sums};
use crate::analysis::{MetaAnalysis, StudyRow, Summary};
use crate::effect::Transform;
use crate::error::nearest;
use crate::numeric::elementary::{exp, sin};
use crate::options::{Choice, Measure};

/// Holds every printed field of a claim against the outcome recomputed from the studies.
///
/// Estimates and limits are compared as they are shown, clipped to [0, 1], and as they were before.
///
/// ```
/// use metaprop::{fit, Spec, Dataset, published::claim::{check, Claim, Verdict}};
///
/// let table = Dataset::from_counts([("A", 5, 119), ("B", 116, 170)])?;
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
    let sum = |field: Field| match pooled(field, outcome).ok()?.first()?.value {
        // Counts are exact as floats.
        Recomputed::One(value) => Some(value as u64),
        Recomputed::Two(_) => None,
    };
    fields.extend(sums::all(claim, sum));
    ClaimVerdict::new(claim, fields, None)
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

/// What a field of the pooled result, or of a study, can be, or why it is not there.
pub(in crate::published) fn candidates(
    field: Field,
    study: Option<&str>,
    outcome: &MetaAnalysis,
) -> Result<Vec<Candidate>, String> {
    match study {
        None => pooled(field, outcome),
        Some(study) => row(study, outcome).and_then(|row| of_study(field, &row, outcome)),
    }
}

/// What a field of the pooled result can be.
fn pooled(field: Field, outcome: &MetaAnalysis) -> Result<Vec<Candidate>, String> {
    let (pooled, heterogeneity) = (outcome.pooled(), &outcome.heterogeneity);
    let sums = outcome.effects.index.iter().fold((0, 0), |(events, total), &index| {
        let counts = outcome.table.studies[index as usize].counts;
        (events + counts.events(), total + counts.total())
    });
    let alone = "it does not exist for one study";
    let number =
        |value: Option<f64>| value.map(|value| vec![Candidate::one(value)]).ok_or_else(|| alone.to_string());
    match field {
        Field::Estimate => Ok(estimates(pooled, outcome)),
        Field::Ci => limits(pooled, outcome).ok_or_else(|| alone.to_string()),
        Field::Prediction => prediction(outcome).ok_or_else(|| {
            format!("the specification has no prediction interval here ({})", outcome.spec.prediction.key())
        }),
        Field::K => Ok(vec![Candidate::one(outcome.k() as f64)]),
        Field::Total => Ok(vec![Candidate::one(sums.1 as f64)]),
        Field::Events => Ok(vec![Candidate::one(sums.0 as f64)]),
        Field::Percent => Ok(vec![Candidate::one(sums.0 as f64 / sums.1 as f64)]),
        Field::Tau2 => number(heterogeneity.tau2),
        Field::Tau => number(heterogeneity.tau2.map(f64::sqrt)),
        Field::Tau2Ci => pair(heterogeneity.tau2_lower, heterogeneity.tau2_upper),
        Field::I2 => number(heterogeneity.i2),
        Field::I2Ci => pair(heterogeneity.i2_lower, heterogeneity.i2_upper),
        Field::H2 => number(heterogeneity.h2),
        Field::Q => statistic(heterogeneity.q),
        Field::Df => Ok(vec![Candidate::one(heterogeneity.df as f64)]),
        Field::P => statistic(heterogeneity.p),
        Field::PNull => number(pooled.p),
        Field::Weight => Err("a weight belongs to a study: name it".to_string()),
    }
}

/// Cochran's Q and its p-value, which a likelihood model does not have.
fn statistic(value: Option<f64>) -> Result<Vec<Candidate>, String> {
    value.map(|value| vec![Candidate::one(value)]).ok_or_else(|| "the model has no Q".to_string())
}

fn pair(lower: Option<f64>, upper: Option<f64>) -> Result<Vec<Candidate>, String> {
    let limits =
        lower.zip(upper).ok_or_else(|| "the specification gives no such interval here".to_string())?;
    Ok(vec![Candidate::two([limits.0, limits.1])])
}

pub(in crate::published) const UNCLIPPED: &str = "before it is cut to the range from 0 to 1";

fn estimates(summary: &Summary, outcome: &MetaAnalysis) -> Vec<Candidate> {
    let before = summary.y.map(|y| Candidate::one(unclipped(&outcome.transform, y)).remarked(UNCLIPPED));
    [Candidate::one(summary.estimate)].into_iter().chain(before).collect()
}

fn limits(summary: &Summary, outcome: &MetaAnalysis) -> Option<Vec<Candidate>> {
    let clipped = [summary.lower?, summary.upper?];
    let before = summary.ci_y?.map(|y| unclipped(&outcome.transform, y));
    Some(vec![Candidate::two(clipped), Candidate::two(before).remarked(UNCLIPPED)])
}

fn prediction(outcome: &MetaAnalysis) -> Option<Vec<Candidate>> {
    let prediction = outcome.prediction.as_ref()?;
    let before = prediction.ci_y.map(|y| unclipped(&outcome.transform, y));
    Some(vec![
        Candidate::two([prediction.lower, prediction.upper]),
        Candidate::two(before).remarked(UNCLIPPED),
    ])
}

/// The back-transform of software that does not cut at 0 and 1; sin² folds back.
pub(in crate::published) fn unclipped(transform: &Transform, y: f64) -> f64 {
    match transform.measure() {
        Measure::Raw => y,
        Measure::Log => exp(y),
        Measure::Arcsine => sin(y) * sin(y),
        _ => transform.to_proportion(y),
    }
}

/// The study of this name, or why there is none.
fn row<'o>(study: &str, outcome: &'o MetaAnalysis) -> Result<StudyRow<'o>, String> {
    let names: Vec<&str> =
        outcome.effects.index.iter().map(|&index| &*outcome.table.studies[index as usize].name).collect();
    let found: Vec<usize> = (0..names.len()).filter(|&index| names[index] == study).collect();
    match found[..] {
        [one] => Ok(outcome.row(one)),
        [] => Err(match nearest(study, names) {
            Some(name) => format!("no study of this name was pooled; is it '{name}'?"),
            None => "no study of this name was pooled".to_string(),
        }),
        _ => Err("several studies have this name".to_string()),
    }
}

fn of_study(field: Field, row: &StudyRow<'_>, outcome: &MetaAnalysis) -> Result<Vec<Candidate>, String> {
    let weight = if outcome.random.is_some() { row.weight_random } else { row.weight_common };
    match field {
        Field::Percent => Ok(vec![Candidate::one(row.proportion)]),
        Field::Events => Ok(vec![Candidate::one(row.events as f64)]),
        Field::Total => Ok(vec![Candidate::one(row.total as f64)]),
        Field::Ci => Ok(vec![Candidate::two([row.lower, row.upper])]),
        Field::Weight => weight
            .map(|weight| vec![Candidate::one(weight)])
            .ok_or_else(|| "the model has no weights".to_string()),
        _ => Err("this is no field of one study".to_string()),
    }
}

/// What would explain a failure: the other model, or studies left out.
fn explained(judged: FieldVerdict, entry: &Entry, outcome: &MetaAnalysis) -> FieldVerdict {
    let holds = |candidates: Vec<Candidate>| {
        candidates.iter().any(|candidate| verdict(&entry.printed, candidate.value, false) == Verdict::Holds)
    };
    let why = match (entry.field, &entry.study) {
        (Field::Estimate, None) if outcome.random.is_some() && holds(estimates(&outcome.common, outcome)) => {
            "the common-effect estimate is printed so".to_string()
        }
        (Field::Ci, None)
            if outcome.random.is_some() && limits(&outcome.common, outcome).is_some_and(holds) =>
        {
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
    matches!(judged.recomputed, Some(Recomputed::One(value)) if verdict(&entry.printed, Recomputed::One(1.0 - value), false) == Verdict::Holds)
}
