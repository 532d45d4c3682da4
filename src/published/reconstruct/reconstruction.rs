//! The result: tables, that none exists, or that none was found.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::Serialize;

use super::annealing::{AnnealingResult, anneal};
use super::bound;
use super::collector::Collector;
use super::common_ranges::CommonRanges;
use super::exhaustive::examine_all;
use super::query::{PreparedQuery, ReconstructQuery};
use super::selection::{Remainder, Selection};
use super::table::{NearestTable, ReconstructedRow, Table};
use super::table_count::table_count;
use crate::error::Error;
use crate::format::{fixed, grouped};
use crate::options::Spec;
use crate::published::search::{Ask, Findings, search};

/// How many tries are made between two calls of `keep_going`.
const CHUNK: u64 = 32;

/// What a search over count tables found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reconstruction {
    /// How many different tables fit, each confirmed by a full analysis.
    pub found: u64,
    /// Whether every table within the bounds was examined or excluded by a bound: only then does `found` 0
    /// mean that none exists.
    pub exhaustive: bool,
    /// How many tries the local search made; 0 where all tables were examined and some fit.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables were examined, those of the local search included.
    #[serde(rename = "visited")]
    pub examined: u64,
    /// How many tables there are within the bounds; `None` where they are too many to count.
    #[serde(rename = "space")]
    pub table_count: Option<f64>,
    /// How many selections of known rows and their readings leave room for a table, and how many of these
    /// have no table by a bound; `None` where they are too many to list.
    pub selections: Option<[u64; 2]>,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The specification that the figures are assumed to come from.
    pub spec: Spec,
    /// The nearest table that does not fit.
    pub nearest: Option<NearestTable>,
    /// The first tables that fit.
    pub tables: Vec<Vec<ReconstructedRow>>,
    /// The ranges of all tables that fit.
    pub common: Option<CommonRanges>,
}

/// Looks for count tables that are consistent with a printed summary.
///
/// Where the tables within the bounds are no more than the budget, all of them are examined; else a local
/// search is made, of as many tries as asked for. `keep_going` is given how much is done and how much there
/// is to do, and stops the search by returning false. It is asked between two steps, and every 50 ms while one lasts,
/// which is then left.
///
/// # Errors
///
/// [`Error::Usage`] where k, total or a figure is missing, or the specification has no inverse-variance
/// weights.
///
/// ```
/// use metaprop::Spec;
/// use metaprop::published::claim::Claim;
/// use metaprop::published::reconstruct::{KnownRow, ReconstructQuery, reconstruct};
/// use metaprop::options::Request;
/// use metaprop::options::Profile;
///
/// let mut printed = Claim::new("", "");
/// for field in ["estimate=53.2%", "ci=40.4%,65.5%", "k=4", "total=60"] {
///     printed.set_printed(field)?;
/// }
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let known = vec![KnownRow::new("A", 8, 12)?, KnownRow::new("B", 9, 20)?];
/// let result = reconstruct(&ReconstructQuery::new(&printed, &spec, known), |_, _| true)?;
/// assert!(result.exhaustive && result.found > 0);
/// assert!(result.sentence().ends_with("tables within the bounds give the printed figures."));
/// assert!(result.tables[0].iter().all(|row| row.known || row.study.starts_with("reconstructed")));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reconstruct(
    query: &ReconstructQuery<'_>,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Reconstruction, Error> {
    let look = owned_search(query);
    let query = PreparedQuery::new(query)?;
    let none = Progress { collector: Collector::new(&query), coverage: Coverage::default() };
    let (Progress { collector, coverage }, stopped) = search(none, look, &mut keep_going)?;
    Ok(Reconstruction::new(&query, collector, Coverage { stopped, ..coverage }))
}

/// The search for a query, which another thread can keep.
fn owned_search(
    query: &ReconstructQuery<'_>,
) -> impl FnOnce(&Findings<Progress>, &mut Ask<'_>) -> Result<(), Error> + Send + use<> {
    let (printed, spec, known) = (query.printed.clone(), query.spec.clone(), query.known.clone());
    let ReconstructQuery { sizes, truncation, budget, tries, seed, list, .. } = *query;
    move |progress, ask| {
        let bounds = ReconstructQuery::new(&printed, &spec, known);
        let query = ReconstructQuery { sizes, truncation, budget, tries, seed, list, ..bounds };
        let _ = examine(&PreparedQuery::new(&query)?, progress, ask);
        Ok(())
    }
}

/// The tables found so far, and how much of the search was done.
struct Progress {
    collector: Collector,
    coverage: Coverage,
}

/// Examines every table, or tries; until it is asked to stop.
fn examine(query: &PreparedQuery<'_>, progress: &Findings<Progress>, ask: &mut Ask<'_>) -> ControlFlow<()> {
    if !ask(0, query.query.tries) {
        return ControlFlow::Break(());
    }
    let selections = Selection::feasible(query);
    if let Some(selections) = &selections {
        examine_selections(query, selections, progress, ask)?;
    }
    // Where all tables were examined and none fits, the local search still finds how near one comes.
    let has_room = selections.is_none_or(|selections| !selections.is_empty());
    let (mut found, mut exhaustive) = (0, false);
    progress.add(|so_far| (found, exhaustive) = (so_far.collector.found, so_far.coverage.exhaustive))?;
    if found == 0 && has_room {
        local_search(query, exhaustive, progress, ask)
    } else {
        ControlFlow::Continue(())
    }
}

/// How much of the search was done.
#[derive(Default)]
struct Coverage {
    exhaustive: bool,
    tries: u64,
    stopped: bool,
    table_count: Option<f64>,
    selections: Option<[u64; 2]>,
}

/// Examines the tables of all selections that no bound excludes, if they are no more than the budget.
fn examine_selections(
    query: &PreparedQuery<'_>,
    selections: &[(Selection, Remainder)],
    progress: &Findings<Progress>,
    ask: &mut Ask<'_>,
) -> ControlFlow<()> {
    let possible: Vec<_> = selections
        .iter()
        .filter(|(selection, remainder)| !bound::rules_out(query, selection, *remainder))
        .cloned()
        .collect();
    let count = table_count(query, selections);
    progress.add(|so_far| {
        so_far.coverage.table_count = (count < u128::MAX).then_some(count as f64);
        so_far.coverage.selections =
            Some([selections.len() as u64, (selections.len() - possible.len()) as u64]);
    })?;
    if table_count(query, &possible) > u128::from(query.query.budget) {
        return ControlFlow::Continue(());
    }
    examine_all(query, &possible, ask, &mut |part| progress.add(|so_far| so_far.collector.join(part)))?;
    progress.add(|so_far| so_far.coverage.exhaustive = true)
}

/// The local search. `exhaustive` says that every table was examined before.
fn local_search(
    query: &PreparedQuery<'_>,
    exhaustive: bool,
    progress: &Findings<Progress>,
    ask: &mut Ask<'_>,
) -> ControlFlow<()> {
    let mut seen: BTreeSet<Table> = BTreeSet::new();
    let tries = query.query.tries;
    let mut done = 0;
    while done < tries {
        if !ask(done, tries) {
            return ControlFlow::Break(());
        }
        let next = (done + CHUNK).min(tries);
        let results: Vec<Option<AnnealingResult>> =
            (done..next).into_par_iter().map(|index| anneal(query, index)).collect();
        let mut part = Collector::new(query);
        for result in results.into_iter().flatten() {
            part.examined += result.examined;
            // After an exhaustive search a table with distance 0 does not fit: a rounding error makes the 0.
            if !(exhaustive && result.distance == 0.0) && seen.insert(result.table.clone()) {
                part.add(query, result.table, result.distance);
            }
        }
        done = next;
        progress.add(|so_far| {
            so_far.collector.join(part);
            so_far.coverage.tries = done;
        })?;
    }
    ControlFlow::Continue(())
}

impl Reconstruction {
    fn new(query: &PreparedQuery<'_>, collector: Collector, coverage: Coverage) -> Self {
        Self {
            found: collector.found,
            exhaustive: coverage.exhaustive,
            tries: coverage.tries,
            seed: query.query.seed,
            examined: collector.examined,
            table_count: coverage.table_count,
            selections: coverage.selections,
            stopped: coverage.stopped,
            spec: query.query.spec.clone(),
            nearest: collector.nearest.as_ref().and_then(|(_, table)| table.nearest(query)),
            tables: collector.tables.iter().map(|table| table.rows(query)).collect(),
            common: collector.common,
        }
    }

    /// The result in a sentence. It says that no table exists only after an exhaustive search.
    #[must_use]
    pub fn sentence(&self) -> String {
        let tables = match self.table_count {
            Some(count) if count < 1e15 => format!("{} tables within the bounds", grouped(count as u64)),
            Some(count) => format!("about {count:.0e} tables within the bounds"),
            None => "tables within the bounds, which are too many to count".to_string(),
        };
        let nearest = self
            .nearest
            .as_ref()
            .map_or_else(String::new, |nearest| format!("; the nearest gives {}", nearest.figures()));
        match (self.found, self.exhaustive) {
            (0, true) => format!(
                "No table exists: all {tables} were looked at, or ruled out together by a bound, and none gives the printed figures{nearest}."
            ),
            (0, false) => format!(
                "None found in {} tries over {tables}, which does not show that none exists{nearest}.",
                grouped(self.tries)
            ),
            (found, true) => format!("{} of all {tables} give the printed figures.", grouped(found)),
            (found, false) => format!(
                "{} different tables that give the printed figures were found in {} tries over {tables}; there may be more.",
                grouped(found),
                grouped(self.tries)
            ),
        }
    }
}

impl NearestTable {
    /// Estimate and limits with two decimals: `54.12% (44.58% to 63.21%)`.
    #[must_use]
    pub fn figures(&self) -> String {
        let percent = |fraction: f64| format!("{}%", fixed(100.0 * fraction, 2));
        let estimate = percent(self.estimate);
        match self.lower.zip(self.upper) {
            Some((lower, upper)) => format!("{estimate} ({} to {})", percent(lower), percent(upper)),
            None => estimate,
        }
    }
}
