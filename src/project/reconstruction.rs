//! A `[[reconstruct]]` of an analysis file: which tables give the printed figures.

use super::Project;
use crate::analysis::{MetaAnalysis, fit};
use crate::data::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::options::analysis_file::{Line, ReconstructEntry};
use crate::options::{DEFAULT_SEED, Spec};
use crate::published::claim::Claim;
use crate::published::reconstruct::joint::{JointQuery, KnownStudy, reconstruct_joint};
use crate::published::reconstruct::{
    CountRange, KnownRow, ReconstructQuery, ReconstructedRow, Reconstruction, reconstruct,
};
use crate::report::chapter::Chapter;
use crate::report::opening::Searched;
use crate::report::{self, JointReport, ReconstructReport};

/// What became of a `[[reconstruct]]`.
pub(super) struct Reconstructed {
    pub chapter: Chapter,
    /// The first table that was found, pooled.
    pub example: Option<MetaAnalysis>,
    /// The searches; `None` where they are of two outcomes at once.
    pub searched: Option<Searched>,
}

const LEFT_OUT: &str = "With one of the known rows left out";
const ALONE: &str = "With one of the known rows alone";

impl Project {
    /// The chapter, the first table that was found as a result, and the searches themselves.
    pub(super) fn reconstruction(&self, entry: &ReconstructEntry) -> Result<Reconstructed, Error> {
        let made = match &entry.also {
            Some((id, line)) => self.joint_reconstruction(entry, self.claim_about(id, line.0)?),
            None => self.single_reconstruction(entry),
        }?;
        Ok(Reconstructed { chapter: made.chapter.in_appendix(entry.appendix), ..made })
    }

    fn single_reconstruction(&self, entry: &ReconstructEntry) -> Result<Reconstructed, Error> {
        let printed = self.claim_about(&entry.claim.0, entry.claim.1.0)?;
        let spec = entry.choices.or(self.file.analysis).resolve()?;
        let (known, source) = self.known(entry)?;
        let range = |typed: &Option<(String, Line)>| -> Result<Option<CountRange>, Error> {
            let Some((typed, line)) = typed else { return Ok(None) };
            typed.parse().map(Some).map_err(|error| self.at(error, line.0))
        };
        let (k, total) = (range(&entry.printed_k)?, range(&entry.printed_total)?);
        let search = |known: Vec<KnownRow>| {
            let query = ReconstructQuery {
                tries: entry.tries,
                seed: spec.seed.or(entry.choices.seed).unwrap_or(DEFAULT_SEED),
                list: 3,
                k,
                total,
                ..ReconstructQuery::new(printed, &spec, known)
            };
            reconstruct(&query, |_, _| true)
        };
        let found = search(known.clone())?;
        let example = found.tables.first().map(|rows| pooled(rows, &spec)).transpose()?;
        let figure = example.as_ref().map(|outcome| draw(entry, outcome, &found));
        let report = ReconstructReport::new(vec![source], printed.clone(), found.clone());
        let mut chapter = Chapter::reconstruction(&entry.id, &entry.title, &report, figure);
        let alone = if entry.each_alone { each_alone(&known, search)? } else { Vec::new() };
        let left_out = if entry.each_left_out { each_left_out(&known, search)? } else { Vec::new() };
        for (caption, head, searches) in [(ALONE, "alone", &alone), (LEFT_OUT, "left out", &left_out)] {
            if !searches.is_empty() {
                chapter = chapter.with(report::reconstruct::by_study(caption, head, searches));
            }
        }
        Ok(Reconstructed { chapter, example, searched: Some(Searched { known, all: found, left_out }) })
    }

    /// The tables that give the figures of another outcome as well.
    fn joint_reconstruction(&self, entry: &ReconstructEntry, also: &Claim) -> Result<Reconstructed, Error> {
        let printed = self.claim_about(&entry.claim.0, entry.claim.1.0)?;
        let spec = entry.choices.or(self.file.analysis).resolve()?;
        let (known, source) = self.known_of_both(entry)?;
        let search = |known: Vec<KnownStudy>| {
            let query = JointQuery {
                tries: entry.tries,
                seed: spec.seed.or(entry.choices.seed).unwrap_or(DEFAULT_SEED),
                list: 3,
                ..JointQuery::new([printed, also], &spec, known)
            };
            reconstruct_joint(&query, |_, _| true)
        };
        let found = search(known.clone())?;
        let report = JointReport::new(vec![source], [printed.clone(), also.clone()], found);
        let mut chapter = Chapter::joint(&entry.id, &entry.title, &report);
        let alone = if entry.each_alone { each_alone(&known, search)? } else { Vec::new() };
        let left_out = if entry.each_left_out { each_left_out(&known, search)? } else { Vec::new() };
        for (caption, head, searches) in [(ALONE, "alone", &alone), (LEFT_OUT, "left out", &left_out)] {
            if !searches.is_empty() {
                chapter = chapter.with(report::joint::by_study(caption, head, searches));
            }
        }
        Ok(Reconstructed { chapter, example: None, searched: None })
    }

    /// The studies that are known, with the events of both outcomes where the table has them.
    fn known_of_both(&self, entry: &ReconstructEntry) -> Result<(Vec<KnownStudy>, Provenance), Error> {
        let source = entry.source.clone().or(&self.file.data);
        let mut also = source.clone();
        also.read.events.clone_from(&entry.also_events);
        let tables = [self.table_of(&source)?, self.table_of(&also)?];
        let mut known = KnownStudy::from_tables(&tables[0], &tables[1])?;
        let names: Vec<String> = known.iter().map(|study| study.study.clone()).collect();
        self.refuse_unnamed(entry, &names, &tables[0].provenance.data)?;
        known.retain(|study| !entry.without.contains(&study.study));
        for study in known.iter_mut().filter(|study| entry.optional.contains(&study.study)) {
            study.optional = true;
        }
        Ok((known, tables[0].provenance.clone()))
    }

    /// The rows that are known, read as the section says.
    fn known(&self, entry: &ReconstructEntry) -> Result<(Vec<KnownRow>, Provenance), Error> {
        let table = self.table_of(&entry.source.clone().or(&self.file.data))?;
        let names: Vec<String> = table.labels().iter().map(|label| label.name.to_string()).collect();
        self.refuse_unnamed(entry, &names, &table.provenance.data)?;
        let mut known = KnownRow::from_table(&table)?;
        known.retain(|row| !entry.without.contains(&row.study));
        for row in known.iter_mut().filter(|row| entry.optional.contains(&row.study)) {
            row.optional = true;
        }
        Ok((known, table.provenance.clone()))
    }

    /// Refuses a study of `without` or `optional` that is not in the table.
    fn refuse_unnamed(&self, entry: &ReconstructEntry, names: &[String], data: &str) -> Result<(), Error> {
        match entry.without.iter().chain(&entry.optional).find(|name| !names.contains(name)) {
            None => Ok(()),
            Some(unknown) => {
                let problem = Problem::new(format!("there is no study '{unknown}' in {data}"));
                let help = "without and optional name studies as they stand in the file";
                Err(self.at(Error::Usage(vec![problem.help(help)]), entry.line.0))
            }
        }
    }
}

/// The search with each known row as the only one, in turn.
fn each_alone<K: Clone, F>(
    known: &[K],
    search: impl Fn(Vec<K>) -> Result<F, Error>,
) -> Result<Vec<(K, F)>, Error> {
    known.iter().map(|row| Ok((row.clone(), search(vec![row.clone()])?))).collect()
}

/// The search with each known row left out, in turn.
fn each_left_out<K: Clone, F>(
    known: &[K],
    search: impl Fn(Vec<K>) -> Result<F, Error>,
) -> Result<Vec<(K, F)>, Error> {
    let without = (0..known.len()).map(|index| {
        let mut others = known.to_vec();
        let left_out = others.remove(index);
        Ok((left_out, search(others)?))
    });
    without.collect()
}

fn pooled(rows: &[ReconstructedRow], spec: &Spec) -> Result<MetaAnalysis, Error> {
    let counts = rows.iter().map(|row| {
        let made = if row.known { "" } else { " (made up to fit)" };
        (format!("{}{made}", row.study), row.events, row.total)
    });
    fit(&Dataset::proportions(counts)?, spec)
}

fn draw(entry: &ReconstructEntry, outcome: &MetaAnalysis, found: &Reconstruction) -> String {
    let more = if found.found > 1 { format!(", the first of {} found", found.found) } else { String::new() };
    let title = format!("A reconstruction, not the data: one table that gives the printed figures{more}");
    outcome.forest().title(title).id(format!("forest-{}", entry.id)).svg()
}
