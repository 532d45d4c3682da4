//! A claim compared with the result recomputed from the studies.

use super::compare::{compare, verdict};
use super::computation::tau2_at_stop;
use super::field_values::{Candidates, candidates};
use super::reason::{ComparedValue, Missing, Reason};
use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, other_keys};
use crate::analysis::{MetaAnalysis, Regression, Statistic, fit};
use crate::error::nearest;
use crate::model::{SummaryField, Value};
use crate::options::{Spec, Tau2};

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
/// // The estimate, both limits, and the number of studies.
/// assert_eq!(verdicts, [Verdict::Holds, Verdict::Holds, Verdict::Holds, Verdict::Fails]);
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
    if fields.iter().any(|field| field.verdict == Verdict::Fails) {
        fields = stopped_early(&fields, claim, result).unwrap_or(fields);
    }
    let sum = |field: Field| match result.get(field.statistic()?)? {
        Value::Count(count) => Some(count),
        _ => None,
    };
    fields.extend(other_keys::verdicts(claim, sum));
    ClaimVerdict::new(claim, fields, None)
}

/// Compares a claim about a coefficient of a meta-regression with the first of these that has it. `route[topical]` is the
/// coefficient `route=topical`.
///
/// ```
/// use metaprop::analysis::RegressionOptions;
/// use metaprop::data::Covariates;
/// use metaprop::published::claim::{Claim, Verdict, check_coefficient};
/// use metaprop::{Dataset, Spec, fit};
///
/// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 38, 60), ("E", 17, 40)])?;
/// let data = data.with_covariates(Covariates::new([("weeks", ["12", "12", "24", "52", "24"])])?)?;
/// let regression = fit(&data, &Spec::default())?.regress(&"weeks".parse()?, &RegressionOptions::default())?;
/// let mut claim = Claim { coefficient: Some("weeks".to_string()), ..Claim::default() };
/// claim.set("coefficient", &["0.034"])?;
/// assert_eq!(check_coefficient(&claim, &[regression]).verdict, Verdict::Holds);
/// assert_eq!(check_coefficient(&claim, &[]).verdict, Verdict::NotCheckable);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn check_coefficient(claim: &Claim, regressions: &[Regression]) -> ClaimVerdict {
    let value = coefficient(claim.coefficient.as_deref().unwrap_or_default(), regressions);
    let fields = claim.entries.iter().map(|entry| match &value {
        Ok(value) => compare(entry, &Candidates::of_number(*value)),
        Err(missing) => FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(missing.clone()),
    });
    ClaimVerdict::new(claim, fields.collect(), None)
}

fn coefficient(name: &str, regressions: &[Regression]) -> Result<f64, Missing> {
    if regressions.is_empty() {
        return Err(Missing::Regression);
    }
    let all = || regressions.iter().flat_map(|regression| &regression.coefficients);
    let bracketed = |term: &str| term.replacen('[', "=", 1).replace(']', "");
    let found = all().find(|known| known.term == name || known.term == bracketed(name));
    let near = || nearest(name, all().map(|known| known.term.as_str())).map(Into::into);
    found.map(|found| found.estimate).ok_or_else(|| Missing::Coefficient(near()))
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

/// The verdicts where the value at which metafor stops gives every figure; `None` where it does not, or metafor does
/// not stop early.
fn stopped_early(fields: &[FieldVerdict], claim: &Claim, result: &MetaAnalysis) -> Option<Vec<FieldVerdict>> {
    let stopped = stopped(result)?;
    let again = claim.entries.iter().map(|entry| check_entry(entry, &stopped)).collect::<Vec<_>>();
    if again.iter().any(|field| field.verdict == Verdict::Fails) {
        return None;
    }
    let joined = fields.iter().zip(again).zip(&claim.entries).map(|((converged, stopped), entry)| {
        let values =
            (converged.verdict == Verdict::Fails).then_some((stopped.recomputed, converged.recomputed));
        let Some((Some(at_stop), Some(at_end))) = values else { return converged.clone() };
        let compared = |value| ComparedValue::new(entry.field, &entry.printed, value);
        FieldVerdict::of_entry(entry, Verdict::HoldsEarlyStop)
            .with_value(at_stop)
            .because(Reason::EarlyStop { stopped: compared(at_stop), converged: compared(at_end) })
    });
    Some(joined.collect())
}

/// The same analysis at the τ² where metafor stops, if that is another.
fn stopped(result: &MetaAnalysis) -> Option<MetaAnalysis> {
    let stop = tau2_at_stop(&result.spec, result.sizes())?;
    if result.heterogeneity.tau2.is_none_or(|converged| converged.estimate == stop) {
        return None;
    }
    fit(result.data(), &Spec { tau2: Tau2::Fixed(stop), ..result.spec.clone() }).ok()
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
        (Field::Lower, None, _) => common_gives(SummaryField::Lower).then_some(Reason::CommonInterval),
        (Field::Upper, None, _) => common_gives(SummaryField::Upper).then_some(Reason::CommonInterval),
        (Field::K, None, _) if !result.excluded.is_empty() => {
            Some(Reason::OmittedRows(result.excluded.len()))
        }
        (Field::Percent, Some(_), Some(Value::Number(value))) => {
            gives(Value::Number(1.0 - value)).then_some(Reason::Complement)
        }
        _ => None,
    }
}
