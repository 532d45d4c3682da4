//! The chapters of a report beside its pooled outcomes, computed as the analysis file asks for them.

use super::Project;
use super::plots::subsets;
use crate::analysis::{BiasOptions, MetaAnalysis, Regression};
use crate::error::{Error, Problem};
use crate::options::analysis_file::{Line as FileLine, OutcomeEntry, ReconstructEntry};
use crate::options::{Model, Request};
use crate::published::claim::Claim;
use crate::published::multiverse::{Conclusion, multiverse};
use crate::published::reproduce::{ReproduceQuery, reproduce};
use crate::report::chapter::Chapter;
use crate::report::multiverse::MultiverseReport;
use crate::report::opening::{Evidence, Opening, Searched};
use crate::report::reproduce::ReproduceReport;
use crate::report::side_by_side::{self, Line};
use crate::report::sources;
use crate::report::table::Table;
use crate::report::{BiasReport, GoshReport, InfluenceReport, LeaveOneOutReport, RegressionReport};

/// How many of the nearest specifications a report lists.
const NEAREST: usize = 10;

impl Project {
    /// Every chapter beside the outcomes, in the order they stand in, and what the report opens with.
    pub(super) fn chapters(
        &self,
        results: &[MetaAnalysis],
    ) -> Result<(Vec<Chapter>, Option<Opening>), Error> {
        let (mut chapters, mut tried) = (Vec::new(), Vec::new());
        for (entry, outcome) in self.file.pooled().zip(results) {
            chapters.extend(self.regressions(entry, outcome)?);
            chapters.extend(self.sensitivity(entry, outcome)?);
            chapters.extend(self.bias(entry, outcome)?);
            chapters.extend(self.plots(entry, outcome)?);
            chapters.extend(self.every_specification(entry, outcome)?);
            if let Some((chapter, counts)) = self.nearest(entry, outcome)? {
                chapters.push(chapter);
                tried.push((entry, outcome, counts));
            }
        }
        let (mut reconstructed, mut searches) = (Vec::new(), Vec::new());
        for entry in &self.file.reconstructions {
            let made = self.reconstruction(entry)?;
            chapters.push(made.chapter);
            reconstructed.extend(made.example.map(|outcome| (entry, outcome)));
            searches.extend(made.searched.map(|searched| (entry, searched)));
        }
        let checked = self.verdicts(results)?;
        if !checked.claims().is_empty() {
            chapters.insert(0, Chapter::claims(&checked));
        }
        if let Some(table) = self.side_by_side(results, &reconstructed) {
            chapters.insert(0, Chapter::overview("Side by side", table));
        }
        let with_sources = self.file.pooled().zip(results).filter(|(entry, _)| !entry.sources.is_empty());
        let sources = with_sources.map(|(entry, outcome)| self.sources(entry, outcome));
        chapters.splice(0..0, sources.collect::<Result<Vec<_>, _>>()?);
        let opening = self.opening(&tried, &searches);
        Ok((chapters, opening))
    }

    /// What the report opens with: the first printed figure whose outcome has no data here, where series were pooled
    /// or tables searched in its place.
    fn opening(
        &self,
        tried: &[(&OutcomeEntry, &MetaAnalysis, [u64; 2])],
        searches: &[(&ReconstructEntry, Searched)],
    ) -> Option<Opening> {
        let has_data = |id: &str| self.file.pooled().any(|entry| entry.id == id);
        let printed = self.claims.iter().find(|claim| !has_data(&claim.outcome))?;
        let is_about =
            |id: &Option<(String, FileLine)>| id.as_ref().is_some_and(|(id, _)| *id == printed.outcome);
        let pooled = tried.iter().find(|(entry, ..)| is_about(&entry.reproduce));
        let searched = searches.iter().find(|(entry, _)| entry.claim.0 == printed.outcome);
        if pooled.is_none() && searched.is_none() {
            return None;
        }
        Opening::of(Evidence {
            printed,
            unit: self.file.parts.unit.as_deref().unwrap_or("people"),
            pooled: pooled.map(|(_, outcome, counts)| (*outcome, *counts)),
            searched: searched.map(|(_, searched)| searched),
        })
    }

    /// `sources = [...]`: the counts of every row, with the columns that say where it comes from.
    fn sources(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Chapter, Error> {
        let table = sources::table(&outcome.data, &entry.sources);
        let table = table.map_err(|error| self.at(error, 0))?;
        Ok(Chapter::sources(&entry.id, &entry.title, table))
    }

    /// Printed, recomputed and reconstructed in one table, where a pooled figure was printed.
    fn side_by_side(
        &self,
        results: &[MetaAnalysis],
        reconstructed: &[(&ReconstructEntry, MetaAnalysis)],
    ) -> Option<Table> {
        let titled = |claim: &Claim| {
            let entry = self.file.outcomes.iter().find(|entry| entry.id == claim.outcome);
            entry.map_or_else(|| claim.outcome.clone(), |entry| entry.title.clone())
        };
        let mut lines: Vec<Line> =
            self.claims.iter().filter_map(|claim| Line::printed(&titled(claim), claim)).collect();
        if lines.is_empty() || results.is_empty() {
            return None;
        }
        lines.extend(self.file.pooled().zip(results).map(|(entry, of)| Line::pooled(&entry.title, of)));
        lines.extend(reconstructed.iter().map(|(entry, of)| Line::reconstructed(&entry.title, of)));
        Some(side_by_side::table(&lines, self.file.parts.unit.as_deref().unwrap_or("people")))
    }

    /// `mods = "…"`: a meta-regression for each formula.
    fn regressions(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Vec<Chapter>, Error> {
        let display = self.file.presentation(entry).over(outcome.number_format());
        let found = self.regressed(entry, outcome)?;
        let chapter = |((found, _), number): (&(Regression, &str), usize)| {
            let report = RegressionReport::new(outcome, found).display(display);
            Chapter::regression(&entry.id, &entry.title, number, &report)
        };
        Ok(found.iter().zip(1..).map(chapter).collect())
    }

    /// `sensitivity = true`: what drives the result. Subsets are fitted where each is a weighted mean: of the exact
    /// models there would be minutes of them.
    fn sensitivity(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Option<Chapter>, Error> {
        if !entry.sensitivity {
            return Ok(None);
        }
        let display = self.file.presentation(entry).over(outcome.number_format());
        let without = LeaveOneOutReport::new(outcome, outcome.leave_one_out()?).display(display);
        let influence = InfluenceReport::new(outcome, outcome.influence()?).display(display);
        let gosh =
            (!outcome.spec.model().is_of_counts()).then(|| outcome.gosh(&subsets(outcome))).transpose()?;
        let gosh = gosh.as_ref().map(|gosh| GoshReport::new(outcome, gosh).display(display));
        Ok(Some(Chapter::sensitivity(&entry.id, &entry.title, &without, &influence, gosh.as_ref())))
    }

    /// `bias = true`: small-study effects.
    fn bias(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Option<Chapter>, Error> {
        if !entry.bias {
            return Ok(None);
        }
        let display = self.file.presentation(entry).over(outcome.number_format());
        let report = BiasReport::new(outcome, outcome.bias(&BiasOptions::default())?).display(display);
        Ok(Some(Chapter::bias(&entry.id, &entry.title, &report)))
    }

    /// `multiverse = true`: every specification, and how many of them bear the conclusion out.
    fn every_specification(
        &self,
        entry: &OutcomeEntry,
        outcome: &MetaAnalysis,
    ) -> Result<Option<Chapter>, Error> {
        if !entry.multiverse {
            return Ok(None);
        }
        let conclusion = match &entry.conclusion {
            Some((typed, line)) => Some(typed.parse::<Conclusion>().map_err(|error| self.at(error, line.0))?),
            None => None,
        };
        let all = multiverse(&outcome.data, &self.level_of(entry), conclusion, |_, _| true);
        let all = all.map_err(|error| self.at(error, 0))?;
        let display = self.file.presentation(entry).over(all.number_format());
        let curve = all
            .curve()
            .asked(&outcome.spec)
            .title(entry.title.as_str())
            .id(format!("specification-{}", entry.id));
        let curve = curve.display(display).svg();
        let report = MultiverseReport::new(&outcome.data, outcome.spec.clone(), all).display(display);
        Ok(Some(Chapter::survey(&entry.id, &entry.title, &report, curve)))
    }

    /// `reproduce = "ID"`: every specification against what is printed of that outcome.
    /// With how many specifications were tried, and how many give every figure.
    fn nearest(
        &self,
        entry: &OutcomeEntry,
        outcome: &MetaAnalysis,
    ) -> Result<Option<(Chapter, [u64; 2])>, Error> {
        let Some((id, line)) = &entry.reproduce else { return Ok(None) };
        // Other studies than those that were pooled: their number is no figure to come near to.
        let printed = self.claim_about(id, line.0)?.without_sizes();
        let query = ReproduceQuery {
            explicit: self.level_of(entry),
            list: NEAREST,
            ..ReproduceQuery::new(&outcome.data, &printed)
        };
        let found = reproduce(&query, |_, _| true).map_err(|error| self.at(error, line.0))?;
        let counts = [found.tried, found.complete];
        let report = ReproduceReport::new(&query, outcome.spec.clone(), found);
        let display = self.file.presentation(entry).over(report.number_format());
        let report = report.display(display);
        Ok(Some((Chapter::nearest(&entry.id, &entry.title, &report), counts)))
    }

    /// What an outcome asks for is one specification of them all, so its choices are not settled here, but for
    /// the level: a paper says whose limits it prints; and for a model of rows in clusters, which is refused as none of
    /// those that are tried.
    fn level_of(&self, entry: &OutcomeEntry) -> Request {
        let Request { level, model, .. } = self.file.request(entry);
        Request { level, model: model.filter(|model| *model == Model::ThreeLevel), ..Request::default() }
    }

    /// The first claim about an outcome; `line` is where it was asked for.
    pub(super) fn claim_about(&self, id: &str, line: u64) -> Result<&Claim, Error> {
        let is_of_all = |claim: &&Claim| claim.subgroup.is_none() && claim.coefficient.is_none();
        self.claims.iter().filter(is_of_all).find(|claim| claim.outcome == id).ok_or_else(|| {
            let problem = Problem::new(format!("there is no [[claim]] about '{id}'"));
            self.at(Error::Usage(vec![problem.help("name an outcome that something is claimed about")]), line)
        })
    }
}
