//! Rows of sums that stand above the rows which they are the sums of.

use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::Counts;

/// The rows that are the sum of those below them, and of how many: rows that are named as sums, each of those up to the
/// next of them or to the end; and others where the whole table is made of such rows and theirs.
///
/// `named` are the rows with such a name, in order.
pub(super) fn find(counts: &[Counts], named: &[usize]) -> Vec<(usize, usize)> {
    let ends = named.iter().skip(1).copied().chain([counts.len()]);
    let of_named = named.iter().zip(ends).filter_map(|(place, end)| {
        let below = &counts[place + 1..end];
        let rows = rows_below(counts[*place], below)?;
        (rows == below.len()).then_some((*place, rows))
    });
    let of_named: Vec<(usize, usize)> = of_named.collect();
    if of_named.is_empty() { blocks(counts).unwrap_or_default() } else { of_named }
}

/// The first rows of blocks that each have a sum and the rows, at least two, that it is the sum of; `None` where the table
/// is not made of such blocks alone.
fn blocks(counts: &[Counts]) -> Option<Vec<(usize, usize)>> {
    let (mut sums, mut place) = (Vec::new(), 0);
    while place < counts.len() {
        let rows = rows_below(counts[place], &counts[place + 1..]).filter(|rows| *rows > 1)?;
        sums.push((place, rows));
        place += rows + 1;
    }
    Some(sums)
}

/// How many of these rows, from the first on, add up to the counts of a row.
fn rows_below(sum: Counts, rows: &[Counts]) -> Option<usize> {
    let (mut events, mut total) = (0_u128, 0_u128);
    let [all_events, all] = [sum.events(), sum.total()].map(u128::from);
    let at = rows.iter().position(|row| {
        events += u128::from(row.events());
        total += u128::from(row.total());
        total >= all
    })?;
    (total == all && events == all_events).then_some(at + 1)
}

/// The remark on a row that is the sum of rows below it and not named as one.
pub(super) fn remark(name: &str, line: u32, rows: usize) -> Advisory {
    let message = format!(
        "the row {} on line {line} is the sum of the {rows} rows below it; it is kept as a study: name it total if it is none",
        quoted(name)
    );
    Advisory::new(Code::SumRow, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(u64, u64)]) -> Vec<Counts> {
        rows.iter().map(|(events, total)| Counts::new(*events, *total).expect("counts")).collect()
    }

    #[test]
    fn sums_above_their_rows_are_found() {
        let table = counts(&[(5, 30), (2, 10), (3, 20), (9, 50), (4, 20), (5, 30)]);
        assert_eq!(find(&table, &[]), [(0, 2), (3, 2)]);
        assert_eq!(find(&table[..5], &[]), [], "the last block is of one row");
        let among_others = counts(&[(2, 10), (5, 30), (2, 10), (3, 20)]);
        assert_eq!(find(&among_others, &[]), [], "not the whole table");
        assert_eq!(find(&among_others, &[1]), [(1, 2)]);
        assert_eq!(find(&[], &[]), []);
    }
}
