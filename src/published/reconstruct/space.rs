//! How many tables there are within the bounds.

use super::puzzle::Plan;
use super::selection::{Left, Selection};

/// Beyond this many people the tables are more than any budget, and are not counted.
const MOST_PEOPLE: u64 = 2_000;
/// Nor are they beyond this many unknown rows.
const MOST_ROWS: usize = 40;
/// Nor over more selections of known rows than this.
const MOST_SELECTIONS: u128 = 100_000;

/// Every selection that leaves room for a table; `None` where they are too many to go through.
pub(super) fn selections(plan: &Plan<'_>) -> Option<Vec<(Selection, Left)>> {
    let known = &plan.puzzle.known;
    let few = Selection::count(known) <= MOST_SELECTIONS;
    few.then(|| {
        Selection::all(known)
            .filter_map(|selection| selection.left(plan).map(|left| (selection, left)))
            .collect()
    })
}

/// The number of tables, saturating; unknown rows are a multiset, because nothing tells them apart.
pub(super) fn size(plan: &Plan<'_>, selections: &[(Selection, Left)]) -> u128 {
    let lefts = || selections.iter().map(|(_, left)| left);
    let (Some(rows), Some(people)) =
        (lefts().map(|left| left.rows).max(), lefts().map(|left| left.people).max())
    else {
        return 0;
    };
    if rows > MOST_ROWS || people > MOST_PEOPLE {
        return u128::MAX;
    }
    let ways = ways(rows, people as usize, plan.sizes());
    lefts().fold(0_u128, |sum, left| sum.saturating_add(ways[left.rows][left.people as usize]))
}

/// In how many ways up to so many rows can share up to so many people, and each n its events: by the
/// number of rows and of people. A row of n has n + 1 counts, and r rows of the same n are a multiset
/// of them: C(n + r, r).
fn ways(rows: usize, people: usize, [least, most]: [u64; 2]) -> Vec<Vec<u128>> {
    let mut ways = vec![vec![0_u128; people + 1]; rows + 1];
    ways[0][0] = 1;
    let first = usize::try_from(least).unwrap_or(people + 1);
    let last = usize::try_from(most).unwrap_or(people).min(people);
    for n in first..=last {
        // From the largest down, so that a row of this n is not added twice.
        for row in (1..=rows).rev() {
            for sum in (n..=people).rev() {
                let mut multiset = 1_u128;
                for same in 1..=row.min(sum / n) {
                    multiset = multiset.saturating_mul((n + same) as u128) / same as u128;
                    let before = ways[row - same][sum - same * n];
                    ways[row][sum] = ways[row][sum].saturating_add(before.saturating_mul(multiset));
                }
            }
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_spaces_by_hand() {
        // Two rows share three people: 1 + 2, with 2 · 3 events.
        assert_eq!(ways(2, 3, [1, 9])[2][3], 6);
        // 1 + 1: {0,0}, {0,1}, {1,1}; 2 + 2 has C(4, 2) = 6, and 1 + 3 has 2 · 4.
        assert_eq!(ways(2, 4, [1, 9])[2][2], 3);
        assert_eq!(ways(2, 4, [1, 9])[2][4], 14);
        assert_eq!(ways(2, 4, [2, 9])[2][4], 6);
        assert_eq!(ways(0, 4, [1, 9])[0][0], 1);
    }
}
