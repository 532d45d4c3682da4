//! A manuscript, held against the outcomes of an analysis file.

use super::Project;
use crate::analysis::Regression;
use crate::data::Manuscript;
use crate::error::Error;
use crate::published::scan::{ManuscriptScan, ScanOutcome};
use crate::report::ScanReport;
use crate::report::check::CheckedOutcome;

impl Project {
    /// Holds every pooled result of a manuscript against the outcomes, recomputed from their data, and every percentage
    /// against the count that is printed with it.
    ///
    /// # Errors
    ///
    /// As [`results`](Self::results).
    ///
    /// ```
    /// use metaprop::Project;
    /// use metaprop::data::{Manuscript, ManuscriptFormat};
    ///
    /// let text = "Good or complete regrowth: pooled 99.0% (95% CI 98.0% to 99.5%).";
    /// let manuscript = Manuscript::parse(text.as_bytes(), "a.txt", ManuscriptFormat::Text)?;
    /// let report = Project::demonstration()?.scan(&manuscript)?;
    /// assert!(!report.is_sound(), "{report}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn scan(&self, manuscript: &Manuscript) -> Result<ScanReport, Error> {
        let results = self.results()?;
        let entries: Vec<_> = self.file.pooled().collect();
        let regressions = entries.iter().zip(&results).map(|(entry, result)| {
            let found = self.regressed(entry, result)?;
            Ok(found.into_iter().map(|(regression, _)| regression).collect())
        });
        let regressions: Vec<Vec<Regression>> = regressions.collect::<Result<_, Error>>()?;
        let outcomes: Vec<ScanOutcome<'_>> = entries
            .iter()
            .zip(&results)
            .zip(&regressions)
            .map(|((entry, result), regressions)| ScanOutcome {
                id: &entry.id,
                title: &entry.title,
                result,
                scale: self.file.presentation(entry).scale,
                regressions,
            })
            .collect();
        let scan = ManuscriptScan::new(manuscript, &outcomes);
        let checked = outcomes.iter().map(|outcome| CheckedOutcome {
            id: outcome.id.to_string(),
            title: outcome.title.to_string(),
            provenance: outcome.result.data().provenance().clone(),
            spec: Some(outcome.result.spec.clone()),
        });
        Ok(ScanReport::new(manuscript, scan, checked.collect(), Vec::new()))
    }
}
