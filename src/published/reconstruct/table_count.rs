//! How many tables there are within the bounds.

use super::query::PreparedQuery;
use super::selection::{Remainder, Selection};

/// With more people than this in the unknown rows the tables are more than any budget, and are not counted.
const MOST_PEOPLE: u64 = 2_000;
/// With more unknown rows than this neither.
const MOST_ROWS: usize = 40;

/// The number of tables that complete these selections, saturating; `u128::MAX` where they are not counted.
/// Unknown rows have no names, so their order does not count.
pub(super) fn table_count(query: &PreparedQuery<'_>, selections: &[(Selection, Remainder)]) -> u128 {
    let remainders = || selections.iter().map(|(_, remainder)| remainder);
    let (Some(rows), Some(people)) = (
        remainders().map(|remainder| remainder.rows).max(),
        remainders().map(|remainder| remainder.people).max(),
    ) else {
        return 0;
    };
    if rows > MOST_ROWS || people > MOST_PEOPLE {
        return u128::MAX;
    }
    let counts = counts_of_completions(rows, people as usize, query.sizes());
    remainders()
        .fold(0_u128, |sum, remainder| sum.saturating_add(counts[remainder.rows][remainder.people as usize]))
}

/// In how many ways r unknown rows can have p people together, and each any number of events, at index
/// [r][p], for all r and p up to the arguments. A row of n people has n + 1 possible numbers of events, so r
/// rows of the same n are a multiset: C(n + r, r) ways.
fn counts_of_completions(rows: usize, people: usize, [least, most]: [u64; 2]) -> Vec<Vec<u128>> {
    let mut counts = vec![vec![0_u128; people + 1]; rows + 1];
    counts[0][0] = 1;
    let first = usize::try_from(least).unwrap_or(people + 1);
    let last = usize::try_from(most).unwrap_or(people).min(people);
    for n in first..=last {
        // In descending order, so that the rows of this n are added to counts without rows of this n.
        for row in (1..=rows).rev() {
            for sum in (n..=people).rev() {
                let mut multisets = 1_u128;
                for same in 1..=row.min(sum / n) {
                    multisets = multisets.saturating_mul((n + same) as u128) / same as u128;
                    let before = counts[row - same][sum - same * n];
                    counts[row][sum] = counts[row][sum].saturating_add(before.saturating_mul(multisets));
                }
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_of_tables_by_hand() {
        // Two rows have three people: 1 + 2, with 2 · 3 ways to choose the events.
        assert_eq!(counts_of_completions(2, 3, [1, 9])[2][3], 6);
        // 1 + 1: {0,0}, {0,1}, {1,1}; 2 + 2 has C(4, 2) = 6, and 1 + 3 has 2 · 4.
        assert_eq!(counts_of_completions(2, 4, [1, 9])[2][2], 3);
        assert_eq!(counts_of_completions(2, 4, [1, 9])[2][4], 14);
        assert_eq!(counts_of_completions(2, 4, [2, 9])[2][4], 6);
        assert_eq!(counts_of_completions(0, 4, [1, 9])[0][0], 1);
    }
}
