//! Many analyses: one a group of rows.

use std::convert::Infallible;

use rayon::prelude::*;

use super::{GroupRow, MetaAnalysis, fit};
use crate::data::Groups;
use crate::error::Error;
use crate::options::Spec;

/// So many groups are pooled before what they give is handed over.
const GROUPS_AT_ONCE: usize = 1024;

/// Pools every group, on all cores: one row a group, in the order of the groups. A group that cannot be pooled has its
/// error in its row.
///
/// The numbers are those that [`fit`] gives for the group alone, to the last bit.
///
/// ```
/// use metaprop::analysis::pool_groups;
/// use metaprop::data::GroupedCounts;
/// use metaprop::Spec;
///
/// let by = [("country", vec!["Chad", "Mali", "Chad", "Togo"])];
/// let groups = GroupedCounts::new(by, vec![3, 4, 5, 9], vec![10, 20, 30, 8])?;
/// let rows = pool_groups(&groups, &Spec::default());
/// assert_eq!((rows[0].values[0].as_str(), rows[0].k, rows[0].total), ("Chad", Some(2), Some(40)));
/// assert!(rows[1].estimate.is_some_and(|estimate| (estimate - 0.2).abs() < 1e-12));
/// assert!(rows[2].error.as_ref().is_some_and(|error| error.contains("9 events of a total of 8")));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn pool_groups(groups: &dyn Groups, spec: &Spec) -> Vec<GroupRow> {
    let which: Vec<u32> = (0..).take(groups.len()).collect();
    let make = |pooled: Pooled| GroupRow::new(pooled.values, &pooled.result, pooled.excluded);
    let mut rows = Vec::with_capacity(groups.len());
    let take = |made| {
        rows.extend::<Vec<GroupRow>>(made);
        Ok::<(), Infallible>(())
    };
    let Ok(_) = for_each_group(groups, &which, spec, make, || true, take);
    rows
}

/// Pools these groups, some at a time on all cores, makes something of each, and hands that over in order while the next
/// are pooled. Ends where `goes_on` says no, with what is pooled until then, or where `take` does; whether all of it was
/// done.
///
/// # Errors
///
/// What `take` gives.
pub(crate) fn for_each_group<T: Send, E>(
    groups: &dyn Groups,
    which: &[u32],
    spec: &Spec,
    make: impl Fn(Pooled) -> T + Sync,
    goes_on: impl Fn() -> bool + Sync,
    mut take: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<bool, E> {
    let pool = |group: &u32| {
        let group = *group as usize;
        goes_on().then(|| {
            let read = groups.group(group);
            let result = read.data.and_then(|data| fit(&data, spec));
            make(Pooled { values: groups.values(group), result, excluded: read.excluded })
        })
    };
    let mut made: Vec<T> = Vec::new();
    let mut stopped = false;
    for chunk in which.chunks(GROUPS_AT_ONCE).chain([&[][..]]) {
        let (mut next, mut taken) = (Vec::new(), Ok(()));
        rayon::in_place_scope(|scope| {
            let next = &mut next;
            scope.spawn(|_| *next = chunk.par_iter().map(pool).collect::<Vec<Option<T>>>());
            taken = take(std::mem::take(&mut made));
        });
        taken?;
        if stopped {
            break;
        }
        // Behind the first group that was not pooled others may have been: what is written has no gaps.
        made = next.into_iter().map_while(|made| made).collect();
        stopped = made.len() < chunk.len();
    }
    Ok(!stopped)
}

/// A group that was pooled.
pub(crate) struct Pooled {
    /// Its values in the columns of the groups.
    pub values: Vec<String>,
    /// What it gives, or why it gives nothing.
    pub result: Result<MetaAnalysis, Error>,
    /// How many of its rows were left out while they were read.
    pub excluded: usize,
}
