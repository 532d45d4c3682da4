//! A claim compared with the result recomputed from the studies.

use super::compare::{compare, verdict};
use super::field_values::candidates;
use super::reason::Reason;
use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, other_keys};
use crate::analysis::{MetaAnalysis, Statistic};
use crate::model::{SummaryField, Value};

/// Compares every printed field of a claim with the result recomputed from the studies.
///
/// Estimates and limits hold where the printed digits agree with the value as it is shown, clipped to [0, 1],
/// or as it was before. Sums and figures printed twice are checked too.
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
pub fn check(claim: &Claim, result: &MetaAnalysis) -> ClaimVerdict {
    let of_estimates = (!result.scale.is_proportion()).then(|| claim.of_estimates());
    let claim = of_estimates.as_ref().unwrap_or(claim);
    if let Some(fields) = other_keys::never_checkable(claim) {
        return ClaimVerdict::new(claim, fields, None);
    }
    let mut fields: Vec<FieldVerdict> =
        claim.entries.iter().map(|entry| check_entry(entry, result)).collect();
    let sum = |field: Field| match result.get(field.statistic()?)? {
        Value::Count(count) => Some(count),
        _ => None,
    };
    fields.extend(other_keys::verdicts(claim, sum));
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

fn check_entry(entry: &Entry, result: &MetaAnalysis) -> FieldVerdict {
    match candidates(entry.field, entry.study.as_deref(), result) {
        Err(missing) => FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(missing),
        Ok(candidates) => {
            let compared = compare(entry, &candidates);
            if compared.verdict != Verdict::Fails {
                return compared;
            }
            explanation(&compared, entry, result).into_iter().fold(compared, FieldVerdict::because)
        }
    }
}

/// What may explain that a field fails: the common-effect model, omitted rows, or the complement of a
/// percentage.
fn explanation(compared: &FieldVerdict, entry: &Entry, result: &MetaAnalysis) -> Option<Reason> {
    let gives = |value: Value| verdict(entry.field, &entry.printed, value) == Verdict::Holds;
    let common_gives = |field: SummaryField| {
        result.random.is_some() && Statistic::Common(field).of(result).is_some_and(gives)
    };
    match (entry.field, &entry.study, compared.recomputed) {
        (Field::Estimate, None, _) => common_gives(SummaryField::Estimate).then_some(Reason::CommonEstimate),
        (Field::Ci, None, _) => common_gives(SummaryField::Ci).then_some(Reason::CommonInterval),
        (Field::K, None, _) if !result.excluded.is_empty() => {
            Some(Reason::OmittedRows(result.excluded.len()))
        }
        (Field::Percent, Some(_), Some(Value::Number(value))) => {
            gives(Value::Number(1.0 - value)).then_some(Reason::Complement)
        }
        _ => None,
    }
}
