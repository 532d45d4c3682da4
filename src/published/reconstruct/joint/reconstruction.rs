//! The result: tables of two outcomes, that none exists, or that none was found.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use super::annealing::{JointAnnealing, anneal};
use super::choice::Choice;
use super::query::JointQuery;
use super::ranges::JointRanges;
use super::table::{JointNearest, JointRow, PooledFigures, confirmed, figures};
use crate::error::Error;
use crate::format::grouped;
use crate::options::Spec;
use crate::published::claim::Claim;
use crate::published::reconstruct::query::PreparedQuery;

/// How many tries are made between two calls of `keep_going`.
const CHUNK: u64 = 32;

/// What a search over tables of two outcomes found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JointReconstruction {
    /// How many different tables fit, each confirmed by a full analysis of both outcomes.
    pub found: u64,
    /// Whether every choice of known studies is shown to have no table: only then does `found` 0 mean that none
    /// exists.
    pub exhaustive: bool,
    /// How many tries the local search made.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables were examined.
    #[serde(rename = "visited")]
    pub examined: u64,
    /// In how many ways the known studies can be taken, and in how many of these the figures of one outcome alone
    /// show that no table exists; `None` where there are too many to list.
    pub selections: Option<[u64; 2]>,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The specification that the figures are assumed to come from.
    pub spec: Spec,
    /// The nearest table, where none fits.
    pub nearest: Option<JointNearest>,
    /// The first tables that fit.
    pub tables: Vec<Vec<JointRow>>,
    /// The ranges of all tables that fit.
    pub common: Option<JointRanges>,
}

/// Looks for tables that give the printed figures of two outcomes of the same studies and people.
///
/// A choice of known studies has no table where the figures of one outcome alone have none, by a bound or because all
/// were examined. Where every choice is ruled out so, no table exists; else a local search is made. `keep_going` is
/// given how much is done and how much there is to do, and stops the search by returning false.
///
/// # Errors
///
/// [`Error::Usage`] where k, total or a figure is missing, the outcomes are of other studies or people, or the
/// specification has no inverse-variance weights.
///
/// ```
/// use metaprop::Spec;
/// use metaprop::options::{Profile, Request};
/// use metaprop::published::claim::Claim;
/// use metaprop::published::reconstruct::joint::{JointQuery, reconstruct_joint};
///
/// let (mut good, mut partial) = (Claim::new("", ""), Claim::new("", ""));
/// ["estimate=53.2%", "ci=40.4%,65.5%", "k=4", "total=60"].iter().try_for_each(|field| good.set_printed(field))?;
/// partial.set_printed("estimate=20%")?;
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let query = JointQuery { tries: 8, ..JointQuery::new([&good, &partial], &spec, Vec::new()) };
/// let result = reconstruct_joint(&query, |_, _| true)?;
/// assert!(result.found > 0);
/// assert!(result.tables[0].iter().all(|row| row.events + row.also_events <= row.total));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reconstruct_joint(
    query: &JointQuery<'_>,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<JointReconstruction, Error> {
    let claims = query.claims()?;
    let alone = [query.alone(&claims[0]), query.alone(&claims[1])];
    let prepared = [PreparedQuery::new(&alone[0])?, PreparedQuery::new(&alone[1])?];
    let all = Choice::all(&query.known);
    let mut out = Vec::new();
    for choice in all.iter().flatten() {
        if choice.is_ruled_out(query, &claims)? {
            out.push(choice.clone());
        }
    }
    let mut result = JointReconstruction {
        found: 0,
        exhaustive: all.as_ref().is_some_and(|all| all.len() == out.len()),
        tries: 0,
        seed: query.seed,
        examined: 0,
        selections: all.as_ref().map(|all| [all.len() as u64, out.len() as u64]),
        stopped: false,
        spec: query.spec.clone(),
        nearest: None,
        tables: Vec::new(),
        common: None,
    };
    // Where none exists, how near one comes is shown with the studies all the same.
    let avoided: &[Choice] = if result.exhaustive { &[] } else { &out };
    let (mut seen, mut least) = (BTreeSet::new(), None::<(f64, Vec<JointRow>)>);
    while result.tries < query.tries {
        if !keep_going(result.tries, query.tries) {
            result.stopped = true;
            break;
        }
        let next = (result.tries + CHUNK).min(query.tries);
        let tries = (result.tries..next).into_par_iter();
        let tried: Vec<_> = tries.map(|index| anneal(query, &prepared, avoided, index)).collect();
        for JointAnnealing { rows, distance, examined } in tried.into_iter().flatten() {
            result.examined += examined;
            if least.as_ref().is_none_or(|(so_far, _)| distance < *so_far) {
                least = Some((distance, rows.clone()));
            }
            if distance == 0.0 && !result.exhaustive && seen.insert(rows.clone()) {
                result.add(rows, query, &claims);
            }
        }
        result.tries = next;
    }
    if let Some((distance, rows)) = least.filter(|_| result.found == 0) {
        result.nearest = Some(JointNearest { distance, figures: figures(&rows, query.spec)?, rows });
    }
    Ok(result)
}

impl JointReconstruction {
    /// Adds a table, if a full analysis of both outcomes confirms it.
    fn add(&mut self, rows: Vec<JointRow>, query: &JointQuery<'_>, claims: &[Claim; 2]) {
        let Some(results) = confirmed(&rows, query.spec, claims, query.truncation) else { return };
        self.found += 1;
        let ranges = JointRanges::of_table(&rows, &results);
        self.common = Some(match self.common.take() {
            Some(common) => common.widened(&ranges),
            None => ranges,
        });
        if self.tables.len() < query.list {
            self.tables.push(rows);
        }
    }

    /// The result in a sentence. It says that no table exists only where every choice of known studies is ruled out.
    #[must_use]
    pub fn sentence(&self) -> String {
        let nearest = self.nearest.as_ref().map_or_else(String::new, |nearest| {
            let [first, second] = nearest.figures.each_ref().map(PooledFigures::shown);
            format!("; the nearest gives {first} and {second}")
        });
        match (self.found, self.exhaustive) {
            (0, true) => format!(
                "No table exists: the figures of one outcome alone have none, which a bound or an examination of all tables shows{nearest}."
            ),
            (0, false) => format!(
                "None found in {} tries, which does not show that none exists{nearest}.",
                grouped(self.tries)
            ),
            (found, _) => format!(
                "{} different tables that give the printed figures of both outcomes were found in {} tries; there may be more.",
                grouped(found),
                grouped(self.tries)
            ),
        }
    }
}
