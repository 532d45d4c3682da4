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
use super::size::SizeResult;
use super::table::{NearestTable, ReconstructedRow, Table, TableSize};
use super::table_count::table_count;
use crate::error::Error;
use crate::format::{counted, fixed, grouped};
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
    /// Where k or total is known within bounds, what was found for each; else nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_size: Vec<SizeResult>,
    /// Then also the number of studies and of people of each of the tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table_sizes: Vec<TableSize>,
}

/// The search for tables of one size; see [`reconstruct`](super::reconstruct).
pub(super) fn reconstruct_size(
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
            by_size: Vec::new(),
            table_sizes: Vec::new(),
        }
    }

    /// The same as one of several sizes that are searched.
    pub(super) fn of_size(self, size: SizeResult) -> Self {
        let table_sizes = self.tables.iter().map(|rows| TableSize::of(rows)).collect();
        Self { by_size: vec![size], table_sizes, ..self }
    }

    /// With what was found for another size; of the tables of all sizes as many are listed as asked for.
    pub(super) fn joined(mut self, other: Self, list: usize) -> Self {
        let both = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + b);
        let selections = self.selections.zip(other.selections).map(|(a, b)| [a[0] + b[0], a[1] + b[1]]);
        self.found += other.found;
        self.exhaustive &= other.exhaustive;
        self.tries += other.tries;
        self.examined += other.examined;
        self.table_count = both(self.table_count, other.table_count);
        self.selections = selections;
        self.stopped |= other.stopped;
        let room = list.saturating_sub(self.tables.len());
        self.tables.extend(other.tables.into_iter().take(room));
        self.table_sizes.extend(other.table_sizes.into_iter().take(room));
        self.nearest = match (self.nearest, other.nearest) {
            (Some(a), Some(b)) => Some(if b.distance < a.distance { b } else { a }),
            (a, b) => a.or(b),
        };
        self.common = match (self.common, other.common) {
            (Some(a), Some(b)) => Some(a.widened(&b)),
            (a, b) => a.or(b),
        };
        self.by_size.extend(other.by_size);
        self
    }

    /// The sizes in words, where several were searched: ` of 12 to 14 studies and 270 to 280 people`.
    fn sizes_in_words(&self) -> String {
        let range = |number: fn(&SizeResult) -> u64, word: &str| {
            let numbers = || self.by_size.iter().map(number);
            match (numbers().min(), numbers().max()) {
                (Some(least), Some(most)) if least < most => {
                    format!("{} to {} {word}", grouped(least), grouped(most))
                }
                (least, _) => format!("{} {word}", grouped(least.unwrap_or(0))),
            }
        };
        match self.by_size[..] {
            [] => String::new(),
            _ => {
                format!(" of {} and {}", range(|size| size.k, "studies"), range(|size| size.total, "people"))
            }
        }
    }

    /// For each number of studies what was found, where several were searched. It says that no table exists for a number
    /// of studies only where that was shown for every number of people.
    #[must_use]
    pub fn by_k(&self) -> Vec<String> {
        let ks = self.by_size.chunk_by(|a, b| a.k == b.k);
        ks.map(|sizes| {
            let k = sizes[0].k;
            let people = match sizes {
                [one] => format!("{} people", grouped(one.total)),
                [first, .., last] => format!("{} to {} people", grouped(first.total), grouped(last.total)),
                [] => String::new(),
            };
            let found: u64 = sizes.iter().map(|size| size.found).sum();
            let tries: u64 = sizes.iter().map(|size| size.tries).sum();
            let open = sizes.iter().filter(|size| !size.exhaustive).count();
            match (found, open) {
                (0, 0) => format!("k = {k}: for no total of {people} does a table exist."),
                (0, open) => format!(
                    "k = {k}: none found in {} tries for {people}; for {open} of {} totals it is not shown that none exists.",
                    grouped(tries),
                    sizes.len()
                ),
                (found, 0) => format!("k = {k}: {}, and no others, for {people}.", tables(found)),
                (found, _) => format!("k = {k}: {} found for {people}; there may be more.", tables(found)),
            }
        })
        .collect()
    }

    /// The result in a sentence. It says that no table exists only after an exhaustive search.
    #[must_use]
    pub fn sentence(&self) -> String {
        let within = match self.table_count {
            Some(count) if count < 1e15 => format!("{} within the bounds", tables(count as u64)),
            Some(count) => format!("about {count:.0e} tables within the bounds"),
            None => "tables within the bounds, which are too many to count".to_string(),
        };
        let tables = format!("{within}{}", self.sizes_in_words());
        let (all, were) = if self.table_count == Some(1.0) {
            (format!("the one table within the bounds{}", self.sizes_in_words()), "was")
        } else {
            (format!("all {tables}"), "were")
        };
        let nearest = self
            .nearest
            .as_ref()
            .map_or_else(String::new, |nearest| format!("; the nearest gives {}", nearest.figures()));
        match (self.found, self.exhaustive) {
            (0, true) => format!(
                "No table exists: {all} {were} looked at, or ruled out together by a bound, and none gives the printed figures{nearest}."
            ),
            (0, false) => format!(
                "None found in {} tries over {tables}, which does not show that none exists{nearest}.",
                grouped(self.tries)
            ),
            (1, true) => format!("1 of {all} gives the printed figures."),
            (found, true) => format!("{} of {all} give the printed figures.", grouped(found)),
            (1, false) => format!(
                "1 table that gives the printed figures was found in {} tries over {tables}; there may be more.",
                grouped(self.tries)
            ),
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

fn tables(n: u64) -> String {
    counted(n, "table", "tables")
}
