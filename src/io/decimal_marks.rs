//! The decimal mark of a column, by its cells.

use super::table::Table;
use crate::data::cell::begins_as_number;

/// Of each column whether its cells show that the comma is their decimal mark: in one of them it cannot group thousands,
/// and in none a point stands before decimals.
pub(super) fn decimal_commas(table: &Table<'_>) -> Vec<bool> {
    if !table.has_commas() {
        return Vec::new();
    }
    let mut shown = vec![[false; 2]; table.names.len()];
    for row in table.rows() {
        for (cell, shown) in row.iter().zip(&mut shown) {
            if begins_as_number(cell) {
                shown[0] |= is_decimal_mark(cell, b',');
                shown[1] |= is_decimal_mark(cell, b'.');
            }
        }
    }
    shown.into_iter().map(|[comma, point]| comma && !point).collect()
}

/// Whether a mark stands in a cell between digits where it groups no thousands.
fn is_decimal_mark(cell: &str, mark: u8) -> bool {
    let bytes = cell.as_bytes();
    let digits =
        |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| byte.is_ascii_digit()).count();
    let mut marks = (0..bytes.len()).filter(|at| bytes[*at] == mark);
    marks.any(|at| {
        let [before, after] = [digits(&mut bytes[..at].iter().rev()), digits(&mut bytes[at + 1..].iter())];
        let next_to_mark = at.checked_sub(before + 1).is_some_and(|at| bytes[at] == mark)
            || bytes.get(at + 1 + after) == Some(&mark);
        let groups = after == 3 && (1..=3).contains(&before) && bytes[at - before] != b'0';
        // German SPSS writes `,24`.
        (before > 0 || at == 0) && after > 0 && !groups && !next_to_mark
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_groups_no_thousands_is_a_decimal_mark() {
        for cell in ["54,5", "0,123", "1234,567", "12 (34,3%)", "1,0666", "-0,5", ",24"] {
            assert!(is_decimal_mark(cell, b','), "{cell}");
        }
        for cell in ["1,066", "12,345,678", "12", "2001, 2002", "12,", "1,2,3"] {
            assert!(!is_decimal_mark(cell, b','), "{cell}");
        }
    }

    #[test]
    fn the_decimal_mark_is_that_of_the_column() {
        let table = "study;percent;n\nA;54,5;1,066\nB;20;2,000\n";
        let table = Table::of_text(table, "a.csv", None).expect("a table");
        assert_eq!(decimal_commas(&table), [false, true, false]);
    }
}
