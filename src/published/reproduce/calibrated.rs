//! The search with its calibration: as the data were read first, and with edits of the data where that is not enough.

use super::chance::{Chance, Uncalibrated, chance_with};
use super::query::ReproduceQuery;
use super::search::{Reproduction, reproduce};
use crate::error::Error;

/// When edits of the data are tried: a study left out, a transposed count, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Slips {
    /// Where nothing gives the printed figures, or what does may be chance: in more than 5 % of redrawn data sets as
    /// good a match is found.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// Above this share of redrawn data sets with as good a match, the match may be chance.
const MAY_BE_CHANCE: f64 = 0.05;

/// A search and how often chance gives as much.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Calibrated {
    /// What was found.
    pub found: Reproduction,
    /// How often chance gives as good a match as the first one, or why that is not known.
    pub chance: Result<Chance, Uncalibrated>,
    /// Whether the data were also tried with an edit.
    pub data_errors: bool,
}

/// What the search is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Specifications and variants of the data.
    Searching,
    /// Redrawn data sets.
    Calibrating,
}

/// [`reproduce`] and [`chance`](super::chance), with edits of the data as `slips` says; whether the query asks for them
/// itself does not matter. `keep_going` is given the stage, how many steps of it are done and how many there are, and
/// stops by returning false: then the best so far is returned.
///
/// # Errors
///
/// As [`reproduce`].
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{ReproduceQuery, Slips, reproduce_calibrated}};
///
/// // What B and C alone give; A was left out.
/// let table = Dataset::proportions([("A", 5, 119), ("B", 11, 40), ("C", 23, 60)])?;
/// let printed = Claim::printed(["k=2", "events=34", "total=100"])?;
/// let query = ReproduceQuery::new(&table, &printed);
/// let result = reproduce_calibrated(&query, Slips::Auto, 0, 1, |_, _, _| true)?;
/// assert!(result.data_errors && !result.found.matches[0].edits.is_empty());
/// let as_read = reproduce_calibrated(&query, Slips::Never, 0, 1, |_, _, _| true)?;
/// assert_eq!(as_read.found.complete, 0);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reproduce_calibrated(
    query: &ReproduceQuery<'_>,
    slips: Slips,
    replicates: u64,
    seed: u64,
    mut keep_going: impl FnMut(Stage, u64, u64) -> bool,
) -> Result<Calibrated, Error> {
    let mut search = |data_errors: bool| -> Result<Calibrated, Error> {
        let query = ReproduceQuery { data_errors, ..query.clone() };
        let found = reproduce(&query, |done, all| keep_going(Stage::Searching, done as u64, all as u64))?;
        let chance = calibrate(&query, &found, replicates, seed, &mut keep_going)?;
        Ok(Calibrated { found, chance, data_errors })
    };
    let first = search(slips == Slips::Always)?;
    let enough = match &first.chance {
        Ok(chance) => chance.probability <= MAY_BE_CHANCE,
        Err(_) => first.found.complete > 0,
    };
    if slips != Slips::Auto || enough || first.found.stopped {
        return Ok(first);
    }
    search(true)
}

fn calibrate(
    query: &ReproduceQuery<'_>,
    found: &Reproduction,
    replicates: u64,
    seed: u64,
    keep_going: &mut impl FnMut(Stage, u64, u64) -> bool,
) -> Result<Result<Chance, Uncalibrated>, Error> {
    if let Some(why) = Uncalibrated::reason(found, None) {
        return Ok(Err(why));
    }
    let Some(best) = found.matches.first().filter(|_| replicates > 0) else {
        return Ok(Err(Uncalibrated::NotAsked));
    };
    let chance =
        chance_with(query, best, replicates, seed, |done, all| keep_going(Stage::Calibrating, done, all))?;
    Ok(if chance.replicates > 0 { Ok(chance) } else { Err(Uncalibrated::Stopped) })
}
