//! The outcomes of an analysis file, pooled.

use super::Project;
use crate::analysis::{Formula, MetaAnalysis, Regression, RegressionOptions, fit};
use crate::error::{Error, Problem};
use crate::options::analysis_file::{Line, OutcomeEntry};

impl Project {
    /// Every outcome that has data, pooled, in the order of the file.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] with the rejected rows of every outcome, [`Error::AnalysisFile`] where no outcome has
    /// data and nothing is claimed, and what [`fit`] gives.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let results = Project::demonstration()?.results()?;
    /// assert_eq!((results.len(), results[0].k()), (1, 14));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn results(&self) -> Result<Vec<MetaAnalysis>, Error> {
        let (mut results, mut problems) = (Vec::new(), Vec::new());
        for entry in self.file.pooled() {
            match self.result(entry) {
                Ok(result) => results.push(result),
                Err(Error::Data(rejected)) => problems.extend(rejected),
                Err(error) => return Err(error),
            }
        }
        problems.dedup();
        if !problems.is_empty() {
            return Err(Error::Data(problems));
        }
        if results.is_empty() && self.claims.is_empty() {
            let problem = Problem::new("no outcome has data to pool").at(self.provenance.data.clone(), None);
            return Err(Error::AnalysisFile(vec![
                problem.help("name its column of events, or claim something"),
            ]));
        }
        Ok(results)
    }

    /// The meta-regressions of an outcome, each with its formula as typed.
    pub(super) fn regressed<'e>(
        &self,
        entry: &'e OutcomeEntry,
        outcome: &MetaAnalysis,
    ) -> Result<Vec<(Regression, &'e str)>, Error> {
        let options = RegressionOptions::in_clusters_of(outcome);
        let regressed = |(typed, line): &'e (String, Line)| {
            let formula = typed.parse::<Formula>();
            let found = formula.and_then(|formula| outcome.regress(&formula, &options));
            found.map(|found| (found, typed.as_str())).map_err(|error| self.at(error, line.0))
        };
        entry.mods.iter().map(regressed).collect()
    }

    fn result(&self, entry: &OutcomeEntry) -> Result<MetaAnalysis, Error> {
        let result = fit(&self.table(entry)?, &self.file.request(entry).resolve()?)?;
        let parts = self.file.parts(entry);
        result.with_subgroups(&parts.subgroup, parts.subgroup_tau2())
    }
}
