//! The claims of an analysis file, each held against its outcome.

use std::borrow::Cow;

use super::Project;
use crate::advisory::{Advisory, Code};
use crate::analysis::{MetaAnalysis, Regression, fit};
use crate::data::{Percentages, Provenance};
use crate::error::{Error, Problem};
use crate::options::Spec;
use crate::options::analysis_file::{ClaimEntry, OutcomeEntry};
use crate::published::claim::{self, Claim, ClaimVerdict, Verdict};
use crate::report::check::{CheckReport, CheckedOutcome};

impl Project {
    /// Holds every claim against its outcome, recomputed from the data, and every percentage of a column against
    /// its total. The claims of an outcome without data are held against each other.
    ///
    /// # Errors
    ///
    /// [`Error::AnalysisFile`] where there is nothing to check, and what reading the data and [`fit`] give.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let error = Project::demonstration()?.check().unwrap_err().to_string();
    /// assert!(error.contains("there is no [[claim]] to check"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn check(&self) -> Result<CheckReport, Error> {
        let checked = self.verdicts(&[])?;
        if checked.claims().is_empty() {
            let problem =
                Problem::new("there is no [[claim]] to check").at(self.provenance.data.clone(), None);
            return Err(Error::AnalysisFile(vec![problem.help(
                "add what is printed: [[claim]] with outcome, source and figures such as estimate = \"54.0%\"",
            )]));
        }
        Ok(checked)
    }

    /// The verdicts, where there are claims or none. Outcomes that were [pooled](Self::results) before, all of them or
    /// none, are not pooled again.
    pub(super) fn verdicts(&self, pooled: &[MetaAnalysis]) -> Result<CheckReport, Error> {
        let columns = self.columns()?;
        let claimed = |entry: &&OutcomeEntry| self.claims.iter().any(|claim| claim.outcome == entry.id);
        let entries = self.file.outcomes.iter().filter(claimed);
        let column_of =
            |entry: &OutcomeEntry| columns.iter().find(|(of, _)| of.id == entry.id).map(|(_, column)| column);
        let pooled_of = |entry: &OutcomeEntry| {
            self.file.pooled().zip(pooled).find(|(of, _)| of.id == entry.id).map(|(_, outcome)| outcome)
        };
        let recomputed = entries
            .map(|entry| Recomputation::new(entry, column_of(entry), pooled_of(entry), self))
            .collect::<Result<Vec<_>, _>>()?;
        let mut held = Vec::with_capacity(self.claims.len());
        for (claim, typed) in self.claims.iter().zip(&self.file.claims) {
            if let Some(of) = recomputed.iter().find(|of| of.entry.id == claim.outcome) {
                held.push(of.judge(claim).map_err(|error| self.at(error, line_of(typed)))?);
            }
        }
        let of_columns = columns.iter().map(|(entry, column)| claim::check_column(&entry.id, column));
        let claims: Vec<ClaimVerdict> = of_columns.chain(held).collect();
        let advisories = claims.iter().filter_map(remark).collect();
        let outcomes = recomputed.into_iter().map(Recomputation::into_checked).collect();
        Ok(CheckReport::new(self.provenance.clone(), outcomes, claims, advisories))
    }

    /// The percentages of every outcome that has a column of them.
    fn columns(&self) -> Result<Vec<(&OutcomeEntry, Percentages)>, Error> {
        let of = |entry| Ok(self.percentages(entry)?.map(|column| (entry, column)));
        self.file.outcomes.iter().filter_map(|entry| of(entry).transpose()).collect()
    }
}

/// The line of the first figure of a claim.
fn line_of(claim: &ClaimEntry) -> u64 {
    let of_studies = claim.studies.iter().flat_map(|study| &study.fields);
    claim.fields.iter().chain(of_studies).map(|field| field.line.0).min().unwrap_or(0)
}

/// How a claim holds, where it does not hold plainly.
fn remark(claim: &ClaimVerdict) -> Option<Advisory> {
    let (code, how) = match claim.verdict {
        Verdict::HoldsTruncated => (Code::ClaimTruncated, "where digits are cut off instead of rounded"),
        Verdict::HoldsRoundedTwice => (Code::ClaimRoundedTwice, "where a figure is rounded twice"),
        Verdict::HoldsEarlyStop => {
            (Code::ClaimEarlyStop, "at the τ² where metafor's iteration stops, not where it converges")
        }
        _ => return None,
    };
    let message = format!("the claim about {} ({}) holds only {how}", claim.outcome, claim.source);
    Some(Advisory::new(code, message))
}

/// An outcome that is claimed about, recomputed where it has data.
struct Recomputation<'a> {
    entry: &'a OutcomeEntry,
    spec: Spec,
    outcome: Option<Cow<'a, MetaAnalysis>>,
    /// Its meta-regressions, where a claim is about one of their coefficients.
    regressions: Vec<Regression>,
    /// How many percentages of its data are impossible: it cannot be recomputed where there is one.
    impossible: usize,
}

impl<'a> Recomputation<'a> {
    fn new(
        entry: &'a OutcomeEntry,
        column: Option<&Percentages>,
        pooled: Option<&'a MetaAnalysis>,
        project: &Project,
    ) -> Result<Self, Error> {
        let spec = project.file.request(entry).resolve()?;
        let impossible = column.map_or(0, Percentages::blocking);
        let outcome = match pooled {
            _ if !project.file.has_data(entry) || impossible > 0 => None,
            Some(pooled) => Some(Cow::Borrowed(pooled)),
            None => {
                let parts = project.file.parts(entry);
                let result = fit(&project.table(entry)?, &spec)?;
                Some(Cow::Owned(result.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?))
            }
        };
        let is_about = |claim: &&Claim| claim.outcome == entry.id && claim.coefficient.is_some();
        let regressions = match outcome.as_deref() {
            Some(outcome) if project.claims.iter().any(|claim| is_about(&claim)) => {
                let found = project.regressed(entry, outcome)?;
                found.into_iter().map(|(regression, _)| regression).collect()
            }
            _ => Vec::new(),
        };
        Ok(Self { entry, spec, outcome, regressions, impossible })
    }

    fn judge(&self, claim: &Claim) -> Result<ClaimVerdict, Error> {
        Ok(match &self.outcome {
            Some(_) if claim.coefficient.is_some() => claim::check_coefficient(claim, &self.regressions),
            Some(outcome) => claim::check(claim, self.claimed(claim, outcome)?),
            None if self.impossible > 0 => claim::unchecked(claim, self.impossible),
            None => claim::check_summary(claim, self.spec.level),
        })
    }

    /// The result that a claim is about: of all studies, or of a level of a subgroup.
    fn claimed<'r>(&self, claim: &Claim, outcome: &'r MetaAnalysis) -> Result<&'r MetaAnalysis, Error> {
        let Some(level) = &claim.subgroup else { return Ok(outcome) };
        let levels = || outcome.subgroups().iter().flat_map(|subgroups| &subgroups.levels);
        let found = levels().find(|known| known.of.level == *level);
        found.and_then(|found| found.result.as_ref()).ok_or_else(|| {
            let what = match found.and_then(|found| found.reason.as_ref()) {
                Some(reason) => format!(
                    "the subgroup '{level}' of the outcome '{}' has no result: {reason}",
                    claim.outcome
                ),
                None => format!("the outcome '{}' has no subgroup '{level}'", claim.outcome),
            };
            let names: Vec<&str> = levels().map(|known| known.of.level.as_str()).collect();
            let help = match &names[..] {
                [] => "name the column of its subgroups in the outcome: subgroup = \"COL\"".to_string(),
                names => format!("its subgroups are {}", names.join(", ")),
            };
            Error::Usage(vec![Problem::new(what).help(help)])
        })
    }

    fn into_checked(self) -> CheckedOutcome {
        CheckedOutcome {
            id: self.entry.id.clone(),
            title: self.entry.title.clone(),
            spec: self.outcome.is_some().then_some(self.spec),
            provenance: self
                .outcome
                .map_or_else(Provenance::default, |outcome| outcome.data.provenance.clone()),
        }
    }
}
