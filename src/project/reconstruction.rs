//! A `[[reconstruct]]` of an analysis file: which tables give the printed figures.

use super::Project;
use crate::analysis::{MetaAnalysis, fit};
use crate::data::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::options::analysis_file::ReconstructEntry;
use crate::options::{DEFAULT_SEED, Spec};
use crate::published::reconstruct::{
    KnownRow, ReconstructQuery, ReconstructedRow, Reconstruction, reconstruct,
};
use crate::report::chapter::Chapter;
use crate::report::reconstruct::{ReconstructReport, each_left_out};

impl Project {
    /// The chapter, and the first table that was found as a result.
    pub(super) fn reconstruction(
        &self,
        entry: &ReconstructEntry,
    ) -> Result<(Chapter, Option<MetaAnalysis>), Error> {
        let printed = self.claim_about(&entry.claim.0, entry.claim.1.0)?;
        let spec = entry.choices.or(self.file.analysis).resolve()?;
        let (known, source) = self.known(entry)?;
        let search = |known: Vec<KnownRow>| {
            let query = ReconstructQuery {
                tries: entry.tries,
                seed: spec.seed.or(entry.choices.seed).unwrap_or(DEFAULT_SEED),
                list: 3,
                ..ReconstructQuery::new(printed, &spec, known)
            };
            reconstruct(&query, |_, _| true)
        };
        let found = search(known.clone())?;
        let example = found.tables.first().map(|rows| pooled(rows, &spec)).transpose()?;
        let figure = example.as_ref().map(|outcome| draw(entry, outcome, &found));
        let report = ReconstructReport::new(vec![source], printed.clone(), found);
        let chapter = Chapter::reconstruction(&entry.id, &entry.title, &report, figure);
        if !entry.each_left_out {
            return Ok((chapter, example));
        }
        let without = (0..known.len()).map(|index| {
            let mut others = known.clone();
            let left_out = others.remove(index);
            Ok((left_out, search(others)?))
        });
        let table = each_left_out(&without.collect::<Result<Vec<_>, Error>>()?);
        Ok((chapter.with(table), example))
    }

    /// The rows that are known, read as the section says.
    fn known(&self, entry: &ReconstructEntry) -> Result<(Vec<KnownRow>, Provenance), Error> {
        let table = self.table_of(&entry.source.clone().or(&self.file.data))?;
        let named = |name: &str| table.labels().iter().any(|label| label.name == name);
        if let Some(unknown) = entry.without.iter().chain(&entry.optional).find(|name| !named(name)) {
            let data = &table.provenance.data;
            let problem = Problem::new(format!("there is no study '{unknown}' in {data}"));
            let help = "without and optional name studies as they stand in the file";
            return Err(self.at(Error::Usage(vec![problem.help(help)]), entry.line.0));
        }
        let mut known = KnownRow::from_table(&table)?;
        known.retain(|row| !entry.without.contains(&row.study));
        for row in known.iter_mut().filter(|row| entry.optional.contains(&row.study)) {
            row.optional = true;
        }
        Ok((known, table.provenance.clone()))
    }
}

fn pooled(rows: &[ReconstructedRow], spec: &Spec) -> Result<MetaAnalysis, Error> {
    let counts = rows.iter().map(|row| {
        let made = if row.known { "" } else { " (made up)" };
        (format!("{}{made}", row.study), row.events, row.total)
    });
    fit(&Dataset::proportions(counts)?, spec)
}

fn draw(entry: &ReconstructEntry, outcome: &MetaAnalysis, found: &Reconstruction) -> String {
    let more = if found.found > 1 { format!(", the first of {} found", found.found) } else { String::new() };
    let title = format!("A reconstruction, not the data: one table that gives the printed figures{more}");
    outcome.forest().title(title).id(format!("forest-{}", entry.id)).svg()
}
