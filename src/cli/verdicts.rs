//! The claims of an analysis file, each held against its outcome: what `check` says and `report` shows.

use super::analysis::Analysis;
use crate::advisory::{Advisory, Code};
use crate::analysis::{MetaAnalysis, fit};
use crate::data::{Percentages, Provenance};
use crate::error::Error;
use crate::options::Spec;
use crate::options::analysis_file::OutcomeEntry;
use crate::published::claim::{self, Claim, ClaimVerdict, Verdict};
use crate::report::check::{CheckReport, CheckedOutcome};

/// Holds every claim against its outcome, and every percentage of a column against its total.
pub(super) fn check(analysis: &Analysis) -> Result<CheckReport, Error> {
    let columns = columns(analysis)?;
    let claimed = |entry: &&OutcomeEntry| analysis.claims.iter().any(|claim| claim.outcome == entry.id);
    let entries = analysis.file.outcomes.iter().filter(claimed);
    let of_entry =
        |entry: &'_ OutcomeEntry| columns.iter().find(|(of, _)| of.id == entry.id).map(|(_, column)| column);
    let recomputed = entries
        .map(|entry| Recomputation::of(entry, of_entry(entry), analysis))
        .collect::<Result<Vec<_>, _>>()?;
    let held = analysis.claims.iter().filter_map(|claim| {
        let of = recomputed.iter().find(|of| of.entry.id == claim.outcome)?;
        Some(of.judge(claim))
    });
    let of_columns = columns.iter().map(|(entry, column)| claim::check_column(&entry.id, column));
    let claims: Vec<ClaimVerdict> = of_columns.chain(held).collect();
    let advisories =
        claims.iter().filter(|claim| claim.verdict == Verdict::HoldsTruncated).map(truncated).collect();
    let outcomes = recomputed.into_iter().map(Recomputation::into_checked).collect();
    Ok(CheckReport { provenance: analysis.provenance.clone(), outcomes, claims, advisories })
}

/// The percentages of every outcome that has a column of them.
fn columns(analysis: &Analysis) -> Result<Vec<(&OutcomeEntry, Percentages)>, Error> {
    let of = |entry| Ok(analysis.percentages(entry)?.map(|column| (entry, column)));
    analysis.file.outcomes.iter().filter_map(|entry| of(entry).transpose()).collect()
}

fn truncated(claim: &ClaimVerdict) -> Advisory {
    let message = format!(
        "the claim about {} ({}) holds only where digits are cut off instead of rounded",
        claim.outcome, claim.source
    );
    Advisory::new(Code::ClaimTruncated, message)
}

/// An outcome that is claimed about, recomputed where it has data.
struct Recomputation<'a> {
    entry: &'a OutcomeEntry,
    spec: Spec,
    outcome: Option<MetaAnalysis>,
    /// How many percentages of its data are impossible: it cannot be recomputed where there is one.
    impossible: usize,
}

impl<'a> Recomputation<'a> {
    fn of(entry: &'a OutcomeEntry, column: Option<&Percentages>, analysis: &Analysis) -> Result<Self, Error> {
        let spec = analysis.file.request(entry).resolve()?;
        let impossible = column.map_or(0, Percentages::impossible);
        let outcome = if analysis.file.has_data(entry) && impossible == 0 {
            Some(fit(&analysis.table(entry)?, &spec)?)
        } else {
            None
        };
        Ok(Self { entry, spec, outcome, impossible })
    }

    fn judge(&self, claim: &Claim) -> ClaimVerdict {
        match &self.outcome {
            Some(outcome) => claim::check(claim, outcome),
            None if self.impossible > 0 => {
                let count = self.impossible;
                let rows = if count == 1 { "percentage" } else { "percentages" };
                claim::unchecked(
                    claim,
                    &format!("the data have {count} impossible {rows}, so nothing is recomputed"),
                )
            }
            None => claim::check_alone(claim, self.spec.level),
        }
    }

    fn into_checked(self) -> CheckedOutcome {
        CheckedOutcome {
            id: self.entry.id.clone(),
            title: self.entry.title.clone(),
            spec: self.outcome.is_some().then_some(self.spec),
            provenance: self.outcome.map_or_else(Provenance::default, |outcome| outcome.data.provenance),
        }
    }
}
