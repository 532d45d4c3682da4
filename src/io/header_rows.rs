//! Where the names of the columns stand among the first rows of a table.

use super::cells::Row;
use super::roles::{STUDY, plain};
use super::units;
use crate::data::cell::{begins_as_number, is_missing};

/// How many rows are looked at for a header, and with how many below it each is compared.
pub(super) const LOOKED_AT: usize = 60;
const BELOW: usize = 5;

/// The rows that hold the names of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderRows {
    /// How many rows stand above them.
    pub above: usize,
    /// How many there are: two where the first names groups of columns, or the second has their units.
    pub rows: usize,
    /// Whether the second has the units of the columns.
    pub units: bool,
    /// Whether the first column has no name: the rows below have a cell more, as `write.table` of R writes row names.
    pub row_names: bool,
}

impl HeaderRows {
    /// The first row alone.
    pub(super) const FIRST: Self = Self { above: 0, rows: 1, units: false, row_names: false };

    /// The first row with at least two cells which the rows below it fit; titles and comments (`#`) above it are passed
    /// over. With `first` it is the first row.
    pub(super) fn find(rows: &[Row<'_>], first: bool) -> Self {
        let looked_at = &rows[..rows.len().min(LOOKED_AT)];
        let found = if first { None } else { (0..looked_at.len()).find(|at| is_header(looked_at, *at)) };
        // A row of numbers is no header where one of words stands above it: the rows between have a cell too many.
        let is_of_words =
            |row: &Row<'_>| filled(*row) >= 3 && !is_comment(*row) && !row.iter().any(begins_as_number);
        let words = found.filter(|at| looked_at[*at].iter().any(begins_as_number));
        let words = words.and_then(|at| looked_at[..at].iter().position(is_of_words));
        let above = words.or(found).unwrap_or(0);
        let row_names =
            looked_at.get(above).is_some_and(|first| has_row_names(*first, &looked_at[above + 1..]));
        let below = looked_at.get(above + 2..).unwrap_or_default();
        let below = below[..below.len().min(BELOW)].iter();
        let second = looked_at.get(above + 1);
        let units = second.is_some_and(|second| units::are_below(looked_at[above], *second, below.clone()));
        let goes_on = units || second.is_some_and(|second| is_second_row(looked_at[above], *second, below));
        Self { above, rows: 1 + usize::from(goes_on), units, row_names }
    }

    /// The names of the columns: those of the second row behind those of their group, or the units behind their names.
    pub(super) fn names(self, rows: &[Row<'_>]) -> Vec<String> {
        let Some(first) = rows.get(self.above) else { return Vec::new() };
        let Some(second) = rows.get(self.above + 1).filter(|_| self.rows > 1) else {
            let unnamed = self.row_names.then(String::new);
            return unnamed.into_iter().chain(first.iter().map(str::to_owned)).collect();
        };
        let mut group = "";
        let name = |column| {
            let (own, below) = (first.cell(column), second.cell(column));
            if self.units {
                return units::name_with(own, below);
            }
            // A group goes on to the right over the columns that have a name of their own below it.
            group = if below.is_empty() || !own.is_empty() { own } else { group };
            [group, below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        (0..first.len().max(second.len())).map(name).collect()
    }
}

/// Whether a row begins with `#` and a blank or a word: `#` alone is the name of a column.
pub(super) fn is_comment(row: Row<'_>) -> bool {
    row.cell(0).len() > 1 && row.cell(0).starts_with('#')
}

fn filled(row: Row<'_>) -> usize {
    row.iter().filter(|cell| !cell.is_empty()).count()
}

fn is_header(rows: &[Row<'_>], at: usize) -> bool {
    let row = rows[at];
    let below: Vec<&Row<'_>> = rows[at + 1..].iter().filter(|row| !is_comment(**row)).take(BELOW).collect();
    let columns = row.len() + usize::from(has_row_names(row, &rows[at + 1..]));
    let fits = |below: &&&Row<'_>| filled(***below) >= 2 && !below.goes_on_at(columns);
    filled(row) >= 2 && !is_comment(row) && 2 * below.iter().filter(fits).count() > below.len()
}

/// Whether every row below a header of words has exactly one cell more. Below the name of a column of studies there are
/// then no numbers: a cell too many at the end (`1,050` without quotes, a remark) is no reason to move the others.
fn has_row_names(row: Row<'_>, below: &[Row<'_>]) -> bool {
    let words = row.iter().all(|cell| !cell.is_empty() && !begins_as_number(cell));
    let studies: Vec<usize> = (0..row.len()).filter(|column| STUDY.has(&plain(row.cell(*column)))).collect();
    let mut below = below.iter().filter(|below| filled(**below) >= 2).peekable();
    let one_more = |below: &Row<'_>| {
        below.len() == row.len() + 1
            && below.goes_on_at(row.len())
            && below.iter().any(begins_as_number)
            && !studies.iter().any(|column| begins_as_number(below.cell(column + 1)))
    };
    words && row.len() > 1 && below.peek().is_some() && below.all(one_more)
}

/// Whether a row below the first row of a header belongs to it: all its cells are words, the first row has gaps that it
/// fills or it has a gap at its beginning, and most rows below have numbers where it has words.
fn is_second_row<'r>(first: Row<'_>, second: Row<'_>, below: impl Iterator<Item = &'r Row<'r>>) -> bool {
    let word = |cell: &str| !begins_as_number(cell) && !is_missing(cell);
    let own = |column: &usize| !second.cell(*column).is_empty();
    let columns: Vec<usize> = (0..second.len()).filter(own).collect();
    let fills = columns.iter().any(|column| first.cell(*column).is_empty()) || second.cell(0).is_empty();
    if columns.len() < 2 || !fills || !columns.iter().all(|column| word(second.cell(*column))) {
        return false;
    }
    let numeric = |row: &Row<'_>| columns.iter().any(|column| begins_as_number(row.cell(*column)));
    let below: Vec<bool> = below.filter(|row| filled(**row) >= 2).map(numeric).collect();
    2 * below.iter().filter(|numeric| **numeric).count() > below.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::cells::Cells;

    fn header(text: &str) -> (usize, Vec<String>) {
        let cells = Cells::of_unquoted(text, 1, b',');
        let rows: Vec<Row<'_>> = cells.rows().collect();
        let found = HeaderRows::find(&rows, false);
        (found.above, found.names(&rows))
    }

    #[test]
    fn titles_and_comments_stand_above_the_header() {
        for above in ["Table 1\n", "# from the registry, 2020\n", "Table 1,,\n", "Regrowth, by study\n"] {
            let (rows, names) = header(&format!("{above}study,events,total\nA,1,2\nB,2,3\n"));
            assert_eq!((rows, names.join("|").as_str()), (1, "study|events|total"), "{above}");
        }
    }

    #[test]
    fn rows_with_a_cell_more_than_the_header_begin_with_row_names() {
        assert_eq!(
            header("study,events\n1,A,1\n2,B,2\n"),
            (0, vec![String::new(), "study".into(), "events".into()])
        );
        assert_eq!(header("study,events\nA,1\nB,2,\n").1.len(), 2);
    }

    #[test]
    fn groups_of_columns_stand_before_the_names_below_them() {
        let (rows, names) = header("Study,Year,Good,,Any,\n,,n,N,n,N\nA,2001,1,10,2,10\n");
        assert_eq!((rows, names.join("|").as_str()), (0, "Study|Year|Good n|Good N|Any n|Any N"));
        // A first study without numbers is none of them.
        for row in ["A,NR,NR", "A,none,-"] {
            assert_eq!(
                header(&format!("study,events,total\n{row}\nB,1,2\n")).1.join("|"),
                "study|events|total"
            );
        }
    }
}
