//! The answer: tables, or that none exists, or that none was found.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use super::puzzle::{Plan, Puzzle};
use super::summary::{Gathered, Summary};
use super::table::{Row, Table, Told};
use super::{bound, climb, exhaustive, space};
use crate::error::Error;
use crate::format::{fixed, grouped};
use crate::options::Spec;

/// So many tries are worked on between two looks at whether to go on.
const CHUNK: u64 = 32;

/// What a search over count tables found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reconstruction {
    /// How many different tables were found, every one confirmed by a full analysis.
    pub found: u64,
    /// Whether every table within the bounds was looked at or ruled out by a bound: only then does `found` 0 mean that none exists.
    pub exhaustive: bool,
    /// How often the local search started; 0 where all tables were looked at and some fit.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables were looked at, the local search's included.
    pub visited: u64,
    /// How many there are within the bounds; `None` where they are too many to count.
    pub space: Option<f64>,
    /// In how many ways the known rows can be in or out, or read, and how many of these a bound shows
    /// to have no table at all; `None` where they are too many to go through.
    pub selections: Option<[u64; 2]>,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The specification that the figures are taken to come from.
    pub spec: Spec,
    /// The nearest table that does not fit.
    pub nearest: Option<Told>,
    /// The first tables that fit.
    pub tables: Vec<Vec<Row>>,
    /// What all tables found have in common.
    pub common: Option<Summary>,
}

/// Looks for count tables that are consistent with a printed summary.
///
/// Where the tables within the bounds are no more than the budget, all of them are looked at. Else a
/// local search starts `tries` times anew. `keep_going` is told how much is done, of how much, and
/// stops the search by saying false.
///
/// # Errors
///
/// [`Error::Usage`] where k, total or a figure is missing, or the specification has no inverse-variance weights.
///
/// ```
/// use metaprop::Spec;
/// use metaprop::published::claim::Claim;
/// use metaprop::published::reconstruct::{Known, Puzzle, reconstruct};
/// use metaprop::options::Request;
/// use metaprop::options::Profile;
///
/// let mut printed = Claim::new("", "");
/// for field in ["estimate=53.2%", "ci=40.4%,65.5%", "k=4", "total=60"] {
///     printed.set_printed(field)?;
/// }
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let known = vec![Known::new("A", 8, 12)?, Known::new("B", 9, 20)?];
/// let found = reconstruct(&Puzzle::new(&printed, &spec, known), |_, _| true)?;
/// assert!(found.exhaustive && found.found > 0);
/// assert!(found.tables[0].iter().all(|row| row.known || row.study.starts_with("reconstructed")));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reconstruct(
    puzzle: &Puzzle<'_>,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Reconstruction, Error> {
    let plan = Plan::new(puzzle)?;
    let mut gathered = Gathered::new(&plan);
    let Some(selections) = space::selections(&plan) else {
        let (tries, going) = tried(&plan, false, &mut gathered, &mut keep_going);
        return Ok(told(&plan, gathered, Extent { tries, stopped: !going, ..Extent::default() }));
    };
    let open: Vec<_> = selections
        .iter()
        .filter(|(selection, left)| !bound::rules_out(&plan, selection, *left))
        .cloned()
        .collect();
    let (size, to_see) = (space::size(&plan, &selections), space::size(&plan, &open));
    let mut extent = Extent {
        space: (size < u128::MAX).then_some(size as f64),
        selections: Some([selections.len() as u64, (selections.len() - open.len()) as u64]),
        ..Extent::default()
    };
    if to_see <= u128::from(puzzle.budget) {
        extent.exhaustive = exhaustive::all(&plan, &open, &mut gathered, &mut keep_going);
        extent.stopped = !extent.exhaustive;
    }
    // Where all were looked at and none fits, the local search still says how near one comes.
    if !extent.stopped && gathered.found == 0 && !selections.is_empty() {
        let (tries, going) = tried(&plan, extent.exhaustive, &mut gathered, &mut keep_going);
        (extent.tries, extent.stopped) = (tries, !going);
    }
    Ok(told(&plan, gathered, extent))
}

/// How far the search went.
#[derive(Default)]
struct Extent {
    exhaustive: bool,
    tries: u64,
    stopped: bool,
    space: Option<f64>,
    selections: Option<[u64; 2]>,
}

fn told(plan: &Plan<'_>, gathered: Gathered, extent: Extent) -> Reconstruction {
    Reconstruction {
        found: gathered.found,
        exhaustive: extent.exhaustive,
        tries: extent.tries,
        seed: plan.puzzle.seed,
        visited: gathered.seen,
        space: extent.space,
        selections: extent.selections,
        stopped: extent.stopped,
        spec: plan.puzzle.spec.clone(),
        nearest: gathered.nearest.as_ref().and_then(|(_, table)| table.told(plan)),
        tables: gathered.tables.iter().map(|table| table.rows(plan)).collect(),
        common: gathered.summary,
    }
}

/// The local search, and whether it came to its end.
fn tried(
    plan: &Plan<'_>,
    complete: bool,
    gathered: &mut Gathered,
    keep_going: &mut dyn FnMut(u64, u64) -> bool,
) -> (u64, bool) {
    let mut known: BTreeSet<Table> = BTreeSet::new();
    let tries = plan.puzzle.tries;
    let mut done = 0;
    while done < tries {
        if !keep_going(done, tries) {
            return (done, false);
        }
        let next = (done + CHUNK).min(tries);
        let climbed: Vec<_> = (done..next).into_par_iter().map(|index| climb::climb(plan, index)).collect();
        for end in climbed.into_iter().flatten() {
            gathered.seen += end.seen;
            // A table that every one was shown not to be cannot be found now: its distance is rounding.
            if !(complete && end.distance == 0.0) && known.insert(end.table.clone()) {
                gathered.consider(plan, end.table, end.distance);
            }
        }
        done = next;
    }
    (tries, true)
}

impl Reconstruction {
    /// The answer in a sentence, which never takes "none found" for "none exists".
    #[must_use]
    pub fn sentence(&self) -> String {
        let within = match self.space {
            Some(size) if size < 1e15 => format!("{} tables within the bounds", grouped(size as u64)),
            Some(size) => format!("about {size:.0e} tables within the bounds"),
            None => "tables within the bounds, which are too many to count".to_string(),
        };
        let nearest = self
            .nearest
            .as_ref()
            .map_or_else(String::new, |told| format!("; the nearest gives {}", figures(told)));
        match (self.found, self.exhaustive) {
            (0, true) => format!(
                "No table exists: all {within} were looked at, or ruled out together by a bound, and none gives the printed figures{nearest}."
            ),
            (0, false) => format!(
                "None found in {} tries over {within}, which does not show that none exists{nearest}.",
                grouped(self.tries)
            ),
            (found, true) => format!("{} of all {within} give the printed figures.", grouped(found)),
            (found, false) => format!(
                "{} different tables that give the printed figures were found in {} tries over {within}; there may be more.",
                grouped(found),
                grouped(self.tries)
            ),
        }
    }
}

/// `54.1% (44.6% to 63.2%)`.
fn figures(told: &Told) -> String {
    let percent = |fraction: f64| format!("{}%", fixed(100.0 * fraction, 2));
    match told.lower.zip(told.upper) {
        Some((lower, upper)) => {
            format!("{} ({} to {})", percent(told.estimate), percent(lower), percent(upper))
        }
        None => percent(told.estimate),
    }
}
