//! How often as good a match happens by chance.

use std::ops::ControlFlow;

use serde::Serialize;

use super::data_variant::data_variants;
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
    /// On how many of them some specification gives as many printed fields.
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
            0 if subsets.is_some_and(|subsets| subsets.complete > 0) => Some(Self::SubsetsAlone),
            0 => Some(Self::NoMatch),
            all if all == found.by_full_analysis => Some(Self::FullModelsAlone),
            _ => None,
        }
    }
}

/// Redraws the events of every study from a binomial distribution with n and probability (x + ½)/(n + 1), and
/// searches the redrawn data for `fields_hold` fields or more, over the same inverse-variance specifications
/// and variants of the data.
///
/// Many specifications and variants, compared with a few coarse digits, give a match by chance: then the
/// probability is near 1, and a match shows little. The result depends on `seed` alone, not on the number of
/// threads.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{chance, ReproduceQuery}};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let mut printed = Claim::new("", "");
/// printed.set("k", &["2"])?; // every data set has two studies
/// assert_eq!(chance(&ReproduceQuery::new(&table, &printed), 1, 9, 1)?.probability, 1.0);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn chance(
    query: &ReproduceQuery<'_>,
    fields_hold: usize,
    replicates: u64,
    seed: u64,
) -> Result<Chance, Error> {
    chance_with(query, fields_hold, replicates, seed, |_, _| true)
}

/// As [`chance`]; `keep_going` is given how many replicates are done and how many were asked for, and stops
/// the calibration by returning false: the result is then that of the replicates done.
///
/// # Errors
///
/// As [`reproduce`](super::reproduce).
pub fn chance_with(
    query: &ReproduceQuery<'_>,
    fields_hold: usize,
    replicates: u64,
    seed: u64,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Chance, Error> {
    let space = Space::new(&query.explicit, query.printed)?;
    let original: Vec<Counts> = query.table.counted()?.iter().map(|study| study.counts).collect();
    let query = OwnedQuery::new(query);
    let redraw_all = move |found: &Findings<(u64, u64)>, ask: &mut Ask<'_>| {
        let query = query.borrowed();
        for replicate in 0..replicates {
            if !ask(replicate, replicates) {
                break;
            }
            let mut stream = Stream::new(seed, replicate);
            let counts = original.iter().map(|&counts| redrawn(counts, &mut stream)).collect();
            let table = query.table.with_counts(counts);
            let is_as_good = matches_as_well(&query, &space, &table, fields_hold)?;
            let _ = found
                .add(|(done, as_good)| (*done, *as_good) = (*done + 1, *as_good + u64::from(is_as_good)));
        }
        Ok(())
    };
    let ((done, as_good), _) = search((0, 0), redraw_all, &mut keep_going)?;
    Ok(Chance { replicates: done, as_good, probability: (as_good as f64 + 1.0) / (done as f64 + 1.0), seed })
}

/// Whether some specification gives `fields_hold` printed fields on redrawn data.
fn matches_as_well(
    query: &ReproduceQuery<'_>,
    space: &Space,
    table: &Dataset,
    fields_hold: usize,
) -> Result<bool, Error> {
    let studies = table.counted()?;
    Ok(data_variants(&studies, query).iter().any(|variant| {
        for_each_specification(&variant.studies(&studies), space, query.printed, &mut |result| {
            let enough = Score::new(result, query.printed, 0).hold >= fields_hold;
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
            let result =
                Reproduction { tried: 9, complete, by_full_analysis, stopped: false, matches, agreement };
            Uncalibrated::reason(&result, None)
        };
        assert_eq!(reason(0, 0), Some(Uncalibrated::NoMatch));
        assert_eq!(reason(2, 2), Some(Uncalibrated::FullModelsAlone));
        assert_eq!(reason(2, 1), None);
    }
}
