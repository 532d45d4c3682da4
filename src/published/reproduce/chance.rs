//! How often so good a match would happen by chance.

use std::ops::ControlFlow;

use serde::Serialize;

use super::score::Score;
use super::search::{Reproduction, Search};
use super::space::Space;
use super::subset::Subsets;
use super::{reading, specification};
use crate::data::{Counts, Dataset};
use crate::error::Error;
use crate::numeric::random::Stream;

/// The same search on data that the printed figures did not come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// How many perturbed data sets were searched.
    pub replicates: u64,
    /// On how many of them some specification gives at least as many printed fields.
    pub as_good: u64,
    /// (as_good + 1)/(replicates + 1): never 0, because the data at hand are one of the possible ones.
    pub probability: f64,
    /// The seed.
    pub seed: u64,
}

/// Why so good a match was not held against chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Uncalibrated {
    /// Nothing gives every printed field.
    NoMatch,
    /// The search was stopped before its end.
    Stopped,
    /// No perturbed data set was asked for.
    NotAsked,
    /// Subsets of the studies alone match, and they are not searched on the perturbed data.
    SubsetsAlone,
    /// Only models and intervals match that are not searched on the perturbed data: all but inverse variance
    /// with the Wald, t and Hartung-Knapp intervals.
    FullModelsAlone,
}

impl Uncalibrated {
    /// Why [`chance`] has nothing to say of what was found, if so: it redraws whole tables and searches
    /// them by inverse variance.
    ///
    /// ```
    /// use metaprop::published::reproduce::{Reproduction, Uncalibrated};
    ///
    /// let found = |complete, by_full_analysis| Reproduction {
    ///     tried: 9, complete, by_full_analysis, stopped: false, matches: Vec::new(), agreement: None,
    /// };
    /// assert_eq!(Uncalibrated::of(&found(0, 0), None), Some(Uncalibrated::NoMatch));
    /// assert_eq!(Uncalibrated::of(&found(2, 2), None), Some(Uncalibrated::FullModelsAlone));
    /// assert_eq!(Uncalibrated::of(&found(2, 1), None), None);
    /// ```
    #[must_use]
    pub fn of(found: &Reproduction, subsets: Option<&Subsets>) -> Option<Self> {
        match found.complete {
            _ if found.stopped => Some(Self::Stopped),
            0 if subsets.is_some_and(|subsets| subsets.complete > 0) => Some(Self::SubsetsAlone),
            0 => Some(Self::NoMatch),
            all if all == found.by_full_analysis => Some(Self::FullModelsAlone),
            _ => None,
        }
    }
}

/// Draws every study's events anew from a binomial with (x + ½)/(n + 1) of its n, and searches again,
/// over the same inverse-variance specifications and readings, for `fields_hold` fields or more.
///
/// What is calibrated is the search: many specifications and readings, tried on a few coarse digits,
/// match something. Few digits and many tries give a probability near 1, and then a match says little.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{chance, Search}};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let mut printed = Claim::new("", "");
/// printed.set("k", &["2"])?; // every data set has two studies
/// let search = Search { table: &table, printed: &printed, explicit: Default::default(), slips: false, aside: &[], percentages: &[], list: 1 };
/// assert_eq!(chance(&search, 1, 9, 1)?.probability, 1.0);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn chance(search: &Search<'_>, fields_hold: usize, replicates: u64, seed: u64) -> Result<Chance, Error> {
    chance_with(search, fields_hold, replicates, seed, |_, _| true)
}

/// As [`chance`]; `keep_going` is told how many replicates are done, of how many, and stops it by saying
/// false: what is told is of those that were done.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
pub fn chance_with(
    search: &Search<'_>,
    fields_hold: usize,
    replicates: u64,
    seed: u64,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Chance, Error> {
    let space = Space::new(&search.explicit, search.printed)?;
    let original: Vec<Counts> = search.table.counted()?.iter().map(|study| study.counts).collect();
    let mut as_good = 0;
    let mut done = 0;
    for replicate in 0..replicates {
        if !keep_going(replicate, replicates) {
            break;
        }
        done += 1;
        let mut stream = Stream::new(seed, replicate);
        let counts = original.iter().map(|&counts| redrawn(counts, &mut stream)).collect();
        let table = search.table.with_counts(counts);
        as_good += u64::from(matches_as_well(search, &space, &table, fields_hold)?);
    }
    Ok(Chance { replicates: done, as_good, probability: (as_good as f64 + 1.0) / (done as f64 + 1.0), seed })
}

fn matches_as_well(
    search: &Search<'_>,
    space: &Space,
    table: &Dataset,
    fields_hold: usize,
) -> Result<bool, Error> {
    Ok(reading::all(table, search)?.iter().any(|reading| {
        specification::each(&reading.studies, space, search.printed, &mut |evaluation| {
            let enough = Score::of(evaluation, search.printed, 0).hold >= fields_hold;
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .is_break()
    }))
}

fn redrawn(counts: Counts, stream: &mut Stream) -> Counts {
    let (x, n) = counts.as_reals();
    let events = stream.binomial(counts.total(), (x + 0.5) / (n + 1.0));
    events.and_then(|events| Counts::new(events, counts.total())).unwrap_or(counts)
}
