//! How often as good a match happens by chance.

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::Serialize;

use super::best_matches::Match;
use super::data_variant::data_variants;
use super::prior;
use super::query::{OwnedQuery, ReproduceQuery};
use super::score::Score;
use super::search::Reproduction;
use super::space::Space;
use super::specifications::for_each_specification;
use super::subset::Subsets;
use crate::data::{Counts, Dataset};
use crate::error::Error;
use crate::numeric::random::Stream;
use crate::published::search::{Ask, Findings, search};

/// The result of the same search on redrawn data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Chance {
    /// How many redrawn data sets were searched.
    pub replicates: u64,
    /// On how many of them some specification explains the printed figures as well, and was no less likely before.
    pub as_good: u64,
    /// (as_good + 1)/(replicates + 1), which is never 0: the data themselves count as one data set.
    pub probability: f64,
    /// The seed.
    pub seed: u64,
}

/// Why it was not calibrated how often as good a match happens by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Uncalibrated {
    /// Nothing gives every printed field.
    NoMatch,
    /// The search was stopped before its end.
    Stopped,
    /// No redrawn data sets were asked for.
    NotAsked,
    /// Only subsets of the studies match, and these are not searched on redrawn data.
    SubsetsAlone,
    /// Only specifications match that are not searched on redrawn data: all but inverse variance with the
    /// Wald, t and Hartung-Knapp intervals.
    FullModelsAlone,
}

impl Uncalibrated {
    /// Why [`chance`] cannot calibrate this result; `None` where it can. It redraws whole tables and searches
    /// them by inverse variance.
    #[must_use]
    pub fn reason(found: &Reproduction, subsets: Option<&Subsets>) -> Option<Self> {
        match found.complete {
            _ if found.stopped => Some(Self::Stopped),
            0 if found.with_misprint > 0 => None,
            0 if subsets.is_some_and(|subsets| subsets.complete > 0) => Some(Self::SubsetsAlone),
            0 => Some(Self::NoMatch),
            all if all == found.by_full_analysis => Some(Self::FullModelsAlone),
            _ => None,
        }
    }
}

/// Redraws the events of every study from a binomial distribution with n and probability (x + ½)/(n + 1), and
/// searches the redrawn data for a result as good as `found`: one that explains as many of the printed figures, by what
/// it gives or by a misprint, and was no less likely before, over the same inverse-variance specifications and
/// variants of the data.
///
/// Many specifications and variants, compared with a few coarse digits, give a match by chance: then the
/// probability is near 1, and a match shows little. A match by a usual specification is rarer by chance than one by
/// any of thousands. The result depends on `seed` alone, not on the number of
/// threads.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{chance, reproduce, ReproduceQuery}};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let mut printed = Claim::new("", "");
/// printed.set("k", &["2"])?; // every data set has two studies
/// let query = ReproduceQuery::new(&table, &printed);
/// let best = &reproduce(&query, |_, _| true)?.matches[0];
/// assert_eq!(chance(&query, best, 9, 1)?.probability, 1.0);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn chance(
    query: &ReproduceQuery<'_>,
    found: &Match,
    replicates: u64,
    seed: u64,
) -> Result<Chance, Error> {
    chance_with(query, found, replicates, seed, |_, _| true)
}

/// As [`chance`]; `keep_going` is given how many replicates are done and how many were asked for, and stops
/// the calibration by returning false: the result is then that of the replicates done.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
pub fn chance_with(
    query: &ReproduceQuery<'_>,
    found: &Match,
    replicates: u64,
    seed: u64,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Chance, Error> {
    let space = Space::new(&query.explicit, query.printed)?.with_computations();
    let original: Vec<Counts> = query.table.counted()?.iter().map(|study| study.counts).collect();
    let (query, found) = (OwnedQuery::new(query), found.clone());
    let redraw_all = move |counted: &Findings<(u64, u64)>, ask: &mut Ask<'_>| {
        let query = query.borrowed();
        let one = |replicate: u64| -> Result<bool, Error> {
            let mut stream = Stream::new(seed, replicate);
            let counts = original.iter().map(|&counts| redrawn(counts, &mut stream)).collect();
            matches_as_well(&query, &space, &query.table.with_counts(counts), &found)
        };
        let mut first = 0;
        while first < replicates && ask(first, replicates) {
            let end = (first + REPLICATES_AT_ONCE).min(replicates);
            let matched: Vec<bool> = (first..end).into_par_iter().map(one).collect::<Result<_, _>>()?;
            let more = matched.into_iter().filter(|matched| *matched).count() as u64;
            let _ = counted.add(|(done, as_good)| (*done, *as_good) = (end, *as_good + more));
            first = end;
        }
        Ok(())
    };
    let ((done, as_good), _) = search((0, 0), redraw_all, &mut keep_going)?;
    Ok(Chance { replicates: done, as_good, probability: (as_good as f64 + 1.0) / (done as f64 + 1.0), seed })
}

/// How many redrawn data sets are searched between two looks at whether to go on.
const REPLICATES_AT_ONCE: u64 = 8;

/// Whether some specification explains the printed figures as well on redrawn data.
fn matches_as_well(
    query: &ReproduceQuery<'_>,
    space: &Space,
    table: &Dataset,
    found: &Match,
) -> Result<bool, Error> {
    let studies = table.counted()?;
    // A match that does not explain every figure is ranked by how many hold, whatever it is.
    let is_complete = found.is_complete;
    let most_cost = if is_complete { found.implausibility + 1e-9 } else { f64::INFINITY };
    let is_as_good = |score: &Score| match is_complete {
        true => score.is_complete && score.cost <= most_cost,
        false => score.is_complete || score.hold >= found.fields_hold,
    };
    Ok(data_variants(&studies, query).iter().any(|variant| {
        let cost = prior::of_variant(variant, studies.len());
        let left = most_cost - cost;
        let studies = variant.studies(&studies);
        for_each_specification(&studies, space, query.printed, left, &mut |result| {
            let enough = is_as_good(&Score::new(result, query.printed, cost, query.explicit.level));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_matches_by_inverse_variance_are_calibrated() {
        let reason = |complete, by_full_analysis| {
            let (matches, agreement) = (Vec::new(), None);
            let result = Reproduction {
                tried: 9,
                complete,
                with_misprint: 0,
                by_full_analysis,
                stopped: false,
                matches,
                agreement,
            };
            Uncalibrated::reason(&result, None)
        };
        assert_eq!(reason(0, 0), Some(Uncalibrated::NoMatch));
        assert_eq!(reason(2, 2), Some(Uncalibrated::FullModelsAlone));
        assert_eq!(reason(2, 1), None);
    }
}
