//! The chapters of a report beside its pooled outcomes, computed as the analysis file asks for them.

use std::path::Path;

use super::analysis::Analysis;
use super::verdicts;
use crate::analysis::{MetaAnalysis, fit};
use crate::data::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::format::fixed;
use crate::options::analysis_file::{OutcomeEntry, ReconstructEntry};
use crate::options::{Request, Spec};
use crate::plot::{forest, specification};
use crate::published::claim::Claim;
use crate::published::multiverse::{Conclusion, multiverse};
use crate::published::reconstruct::{Known, Puzzle, Reconstruction, Row, reconstruct};
use crate::published::reproduce::{Search, Uncalibrated, reproduce};
use crate::report::chapter::Chapter;
use crate::report::multiverse::MultiverseReport;
use crate::report::reconstruct::ReconstructReport;
use crate::report::reproduce::ReproduceReport;
use crate::report::side_by_side::{self, Line};
use crate::report::table::{Align, Table};

/// How many of the nearest specifications a report lists.
const NEAREST: usize = 10;

/// Every chapter beside the outcomes, in the order they are told.
pub(super) fn all(analysis: &Analysis, results: &[MetaAnalysis]) -> Result<Vec<Chapter>, Error> {
    let mut extras = Vec::new();
    for (entry, outcome) in analysis.file.pooled().zip(results) {
        extras.extend(survey(analysis, entry, outcome)?);
        extras.extend(nearest(analysis, entry, outcome)?);
    }
    let mut drawn = Vec::new();
    for entry in &analysis.file.reconstructions {
        let (extra, example) = reconstruction(analysis, entry)?;
        extras.push(extra);
        drawn.extend(example.map(|outcome| (entry, outcome)));
    }
    let checked = verdicts::check(analysis)?;
    if !checked.claims.is_empty() {
        extras.insert(0, Chapter::claims(&checked));
    }
    if let Some(table) = beside(analysis, results, &drawn) {
        extras.insert(0, Chapter::overview("Side by side", table));
    }
    Ok(extras)
}

/// Printed, recomputed and reconstructed in one table, where a pooled figure was printed.
fn beside(
    analysis: &Analysis,
    results: &[MetaAnalysis],
    drawn: &[(&ReconstructEntry, MetaAnalysis)],
) -> Option<Table> {
    let titled = |claim: &Claim| {
        let entry = analysis.file.outcomes.iter().find(|entry| entry.id == claim.outcome);
        entry.map_or_else(|| claim.outcome.clone(), |entry| entry.title.clone())
    };
    let mut lines: Vec<Line> =
        analysis.claims.iter().filter_map(|claim| Line::printed(&titled(claim), claim)).collect();
    if lines.is_empty() || results.is_empty() {
        return None;
    }
    lines.extend(analysis.file.pooled().zip(results).map(|(entry, of)| Line::pooled(&entry.title, of)));
    lines.extend(drawn.iter().map(|(entry, of)| Line::reconstructed(&entry.title, of)));
    Some(side_by_side::table(&lines))
}

/// `multiverse = true`.
fn survey(
    analysis: &Analysis,
    entry: &OutcomeEntry,
    outcome: &MetaAnalysis,
) -> Result<Option<Chapter>, Error> {
    if !entry.multiverse {
        return Ok(None);
    }
    let conclusion = match &entry.conclusion {
        Some((typed, line)) => {
            Some(typed.parse::<Conclusion>().map_err(|error| at(error, analysis, line.0))?)
        }
        None => None,
    };
    let all = multiverse(&outcome.data, &level_of(analysis, entry), conclusion, |_, _| true)?;
    let options = specification::Options {
        title: Some(entry.title.clone()),
        id: format!("specification-{}", entry.id),
        ..specification::Options::default()
    };
    let curve = specification::draw(&all, &options);
    let surveyed =
        MultiverseReport { provenance: outcome.data.provenance.clone(), spec: outcome.spec.clone(), all };
    Ok(Some(Chapter::survey(&entry.id, &entry.title, &surveyed, curve)))
}

/// `reproduce = "ID"`: every specification against what is printed of that outcome.
fn nearest(
    analysis: &Analysis,
    entry: &OutcomeEntry,
    outcome: &MetaAnalysis,
) -> Result<Option<Chapter>, Error> {
    let Some((id, line)) = &entry.reproduce else { return Ok(None) };
    // Other studies than those that were pooled: their number is no figure to come near to.
    let printed = claimed(analysis, id, line.0)?.without_sizes();
    let search = Search {
        table: &outcome.data,
        printed: &printed,
        explicit: level_of(analysis, entry),
        slips: false,
        aside: &[],
        percentages: &[],
        list: NEAREST,
    };
    let found = reproduce(&search, |_, _| true)?;
    let searched = ReproduceReport {
        provenance: outcome.data.provenance.clone(),
        printed: printed.clone(),
        spec: outcome.spec.clone(),
        slips: false,
        found,
        subsets: None,
        chance: Err(Uncalibrated::NotAsked),
    };
    Ok(Some(Chapter::nearest(&entry.id, &entry.title, &searched)))
}

/// What an outcome asks for is one specification of them all, so its choices are not settled here, but for
/// the level: a paper says whose limits it prints.
fn level_of(analysis: &Analysis, entry: &OutcomeEntry) -> Request {
    Request { level: analysis.file.request(entry).level, ..Request::default() }
}

/// The first claim about an outcome.
fn claimed<'a>(analysis: &'a Analysis, id: &str, line: u64) -> Result<&'a Claim, Error> {
    analysis.claims.iter().find(|claim| claim.outcome == id).ok_or_else(|| {
        let problem = Problem::new(format!("there is no [[claim]] about '{id}'"));
        at(
            Error::Usage(vec![problem.help("name an outcome that something is claimed about")]),
            analysis,
            line,
        )
    })
}

/// The same error, of the analysis file.
fn at(error: Error, analysis: &Analysis, line: u64) -> Error {
    match error {
        Error::Usage(problems) => {
            let name = &analysis.provenance.data;
            Error::AnalysisFile(problems.into_iter().map(|problem| problem.at(name.clone(), line)).collect())
        }
        other => other,
    }
}

/// A `[[reconstruct]]`, and the outcome of the table that is drawn.
fn reconstruction(
    analysis: &Analysis,
    entry: &ReconstructEntry,
) -> Result<(Chapter, Option<MetaAnalysis>), Error> {
    let printed = claimed(analysis, &entry.claim.0, entry.claim.1.0)?;
    let spec = entry.choices.or(analysis.file.analysis).resolve()?;
    let (known, source) = known(analysis, entry)?;
    let puzzle = |known: Vec<Known>| Puzzle {
        tries: entry.tries,
        seed: spec.seed.or(entry.choices.seed).unwrap_or(1),
        list: 3,
        ..Puzzle::new(printed, &spec, known)
    };
    let found = reconstruct(&puzzle(known.clone()), |_, _| true)?;
    let example = found.tables.first().map(|rows| pooled(rows, &spec)).transpose()?;
    let drawn = example.as_ref().map(|outcome| draw(entry, outcome, &found));
    let made = ReconstructReport { known: vec![source], printed: printed.clone(), found };
    let extra = Chapter::reconstruction(&entry.id, &entry.title, &made, drawn);
    if !entry.each_left_out {
        return Ok((extra, example));
    }
    let table = each_left_out(&known, |known| reconstruct(&puzzle(known), |_, _| true))?;
    Ok((extra.with(table), example))
}

/// The rows that are known, read as the section says.
fn known(analysis: &Analysis, entry: &ReconstructEntry) -> Result<(Vec<Known>, Provenance), Error> {
    let table = analysis.table_of(&entry.source.clone().or(&analysis.file.data))?;
    let named = |name: &str| table.labels().iter().any(|label| &*label.name == name);
    if let Some(unknown) = entry.without.iter().chain(&entry.optional).find(|name| !named(name)) {
        let data = &table.provenance.data;
        let problem = Problem::new(format!("there is no study '{unknown}' in {data}"));
        let help = "without and optional name studies as they stand in the file";
        return Err(at(Error::Usage(vec![problem.help(help)]), analysis, entry.line.0));
    }
    let mut known = Known::of_table(&table)?;
    known.retain(|row| !entry.without.contains(&row.study));
    for row in known.iter_mut().filter(|row| entry.optional.contains(&row.study)) {
        row.optional = true;
    }
    Ok((known, table.provenance.clone()))
}

fn pooled(rows: &[Row], spec: &Spec) -> Result<MetaAnalysis, Error> {
    let counts = rows.iter().map(|row| {
        let made = if row.known { "" } else { " (made up)" };
        (format!("{}{made}", row.study), row.events, row.total)
    });
    fit(&Dataset::proportions(counts)?, spec)
}

fn draw(entry: &ReconstructEntry, outcome: &MetaAnalysis, found: &Reconstruction) -> String {
    let more = if found.found > 1 { format!(", the first of {} found", found.found) } else { String::new() };
    let options = forest::Options {
        title: Some(format!(
            "A reconstruction, not the data: one table that gives the printed figures{more}"
        )),
        id: format!("forest-{}", entry.id),
        ..forest::Options::default()
    };
    forest::draw(outcome, &options)
}

/// With each known row left out in turn: which of them can be the one that was not there.
fn each_left_out(
    known: &[Known],
    search: impl Fn(Vec<Known>) -> Result<Reconstruction, Error>,
) -> Result<Table, Error> {
    let columns = [
        ("left out", Align::Left),
        ("counts", Align::Left),
        ("tables found", Align::Right),
        ("so", Align::Left),
        ("nearest", Align::Left),
    ];
    let mut table = Table::new("With one of the known rows left out", &columns);
    for (index, row) in known.iter().enumerate() {
        let others = known.iter().enumerate().filter(|(other, _)| *other != index);
        let found = search(others.map(|(_, row)| row.clone()).collect())?;
        let so = match (found.found, found.exhaustive) {
            (0, true) => "none exists".to_string(),
            (0, false) => format!("none found in {} tries", found.tries),
            (_, true) => "these are all".to_string(),
            (_, false) => format!("in {} tries", found.tries),
        };
        let nearest = found.nearest.as_ref().filter(|_| found.found == 0).map(|told| {
            let percent = |value: f64| format!("{}%", fixed(100.0 * value, 2));
            let limits = told.lower.zip(told.upper);
            let interval = limits.map(|(low, high)| format!(" ({} to {})", percent(low), percent(high)));
            format!("{}{}", percent(told.estimate), interval.unwrap_or_default())
        });
        let counts: Vec<String> =
            row.readings.iter().map(|counts| format!("{}/{}", counts.events(), counts.total())).collect();
        table.push([
            row.study.clone(),
            counts.join(" or "),
            found.found.to_string(),
            so,
            nearest.unwrap_or_default(),
        ]);
    }
    Ok(table)
}

/// The files that the chapters read: never to be written.
pub(super) fn inputs(analysis: &Analysis, folder: &Path) -> Vec<std::path::PathBuf> {
    let sources =
        analysis.file.reconstructions.iter().map(|entry| entry.source.clone().or(&analysis.file.data));
    sources.filter_map(|source| Some(folder.join(source.file?))).collect()
}
