//! The search where the number of studies or of people is known within bounds: one search for each of them.

use super::query::ReconstructQuery;
use super::reconstruction::{Reconstruction, reconstruct_size};
use super::size::{CountRange, SizeResult};
use crate::error::{Error, Problem};
use crate::published::claim::{Claim, Field};

/// More sizes than this are not searched.
const MOST_SIZES: u64 = 2_000;
/// The parts of one search, for a count of what is done over all of them.
const PARTS: u64 = 1_000;

/// Looks for count tables that are consistent with a printed summary.
///
/// Where the tables within the bounds are no more than the budget, all of them are examined; else a local
/// search is made, of as many tries as asked for. Where k or total is known within bounds, each pair of them is searched
/// by itself, with its share of the tries, and `by_size` says for which it is proved that no table exists. `keep_going`
/// is given how much is done and how much there is to do, and stops the search by returning false. It is asked between
/// two steps, and every 50 ms while one lasts, which is then left.
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
/// let result = reconstruct(&ReconstructQuery::new(&printed, &spec, known.clone()), |_, _| true)?;
/// assert!(result.exhaustive && result.found > 0);
/// assert!(result.sentence().ends_with("tables within the bounds give the printed figures."));
/// assert!(result.tables[0].iter().all(|row| row.known || row.study.starts_with("reconstructed")));
///
/// let range = ReconstructQuery {
///     k: Some("3..4".parse()?),
///     ..ReconstructQuery::new(&printed, &spec, known)
/// };
/// let either = reconstruct(&range, |_, _| true)?;
/// let by_k: Vec<u64> = either.by_size.iter().map(|size| size.found).collect();
/// assert_eq!(by_k[1], result.found);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reconstruct(
    query: &ReconstructQuery<'_>,
    mut keep_going: impl FnMut(u64, u64) -> bool,
) -> Result<Reconstruction, Error> {
    if query.k.is_none() && query.total.is_none() {
        return reconstruct_size(query, keep_going);
    }
    let sizes = sizes(query)?;
    let tries = query.tries.div_ceil(sizes.len() as u64);
    let all = PARTS * sizes.len() as u64;
    let mut merged: Option<Reconstruction> = None;
    for (index, &(k, total)) in (0_u64..).zip(&sizes) {
        let stopped = merged.as_ref().is_some_and(|merged| merged.stopped);
        let printed = of_size(query.printed, k, total)?;
        let asked = if stopped { 0 } else { tries };
        let one = ReconstructQuery {
            printed: &printed,
            known: query.known.clone(),
            k: None,
            total: None,
            tries: asked,
            ..*query
        };
        let found = reconstruct_size(&one, |done, of| {
            let part = (PARTS * done.min(of)).checked_div(of).unwrap_or(0);
            !stopped && keep_going(PARTS * index + part, all)
        })?;
        let size =
            SizeResult { k, total, found: found.found, exhaustive: found.exhaustive, tries: found.tries };
        merged = Some(match merged {
            None => found.of_size(size),
            Some(before) => before.joined(found.of_size(size), query.list),
        });
    }
    merged.ok_or_else(|| Error::usage("there is no size to search"))
}

/// Every number of studies with every number of people.
fn sizes(query: &ReconstructQuery<'_>) -> Result<Vec<(u64, u64)>, Error> {
    let point = |field| query.printed.count(field).map(|count| CountRange { least: count, most: count });
    let missing = || {
        let problem = Problem::new("the number of studies and of people are needed");
        Error::Usage(vec![problem.help("give both as printed or as ranges: k=12..14 and total=275")])
    };
    let k = query.k.or_else(|| point(Field::K)).ok_or_else(missing)?;
    let total = query.total.or_else(|| point(Field::Total)).ok_or_else(missing)?;
    if k.count().saturating_mul(total.count()) > MOST_SIZES {
        let problem = Problem::new(format!("k = {k} and total = {total} are more than {MOST_SIZES} sizes"));
        return Err(Error::Usage(vec![
            problem.help("each of them is searched by itself: give narrower ranges"),
        ]));
    }
    Ok(k.numbers().flat_map(|k| total.numbers().map(move |total| (k, total))).collect())
}

/// What is printed, of a table of this size.
fn of_size(printed: &Claim, k: u64, total: u64) -> Result<Claim, Error> {
    let mut claim = printed.clone();
    claim.entries.retain(|entry| entry.study.is_some() || !matches!(entry.field, Field::K | Field::Total));
    claim.set_printed(&format!("k={k}"))?;
    claim.set_printed(&format!("total={total}"))?;
    Ok(claim)
}
