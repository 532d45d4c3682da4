//! What the cells of a column hold: what rules a column out, and what tells between candidates.

use std::collections::{HashMap, HashSet};

use super::cell_rules::CellRules;
use super::cells::Row;
use super::count::{self, CountCell};
use super::decimals::text;
use super::filter::RowFilter;
use super::header::{Header, listed};
use super::intervals::with_interval;
use super::roles::INDEX;
use super::table::Table;
use super::text::shown;
use crate::data::cell::{begins_as_number, number, number_with_unit, shared_unit};

/// The cells of a table, column by column.
#[derive(Clone, Copy)]
pub(super) struct Contents<'t> {
    pub table: &'t Table<'t>,
    pub header: &'t Header<'t>,
    pub rules: &'t CellRules,
}

/// What stands behind a number in its cell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Behind {
    Nothing,
    Interval,
    Unit,
}

impl<'t> Contents<'t> {
    fn cells(self, column: usize) -> impl Iterator<Item = &'t str> {
        self.table.rows().map(move |row| row.cell(column))
    }

    /// Whether every cell is a word or missing.
    pub(super) fn is_words(self, column: usize) -> bool {
        self.cells(column).all(|cell| self.rules.is_missing(cell) || !begins_as_number(cell))
    }

    /// Whether every cell is a number or missing.
    pub(super) fn is_numbers(self, column: usize) -> bool {
        let decimal = self.rules.decimal(column);
        self.cells(column).all(|cell| self.rules.is_missing(cell) || number(cell, decimal).is_some())
    }

    /// Whether a column bears no name or that of a row index, and holds 0, 1, 2 … or 1, 2, 3 … in order.
    pub(super) fn is_row_index(self, column: usize) -> bool {
        if !INDEX.contains(&self.header.plain(column)) {
            return false;
        }
        let in_order = |first: u64| {
            let mut cells = self.cells(column).zip(first..);
            cells.all(|(cell, index)| cell.parse() == Ok(index))
        };
        let rows = self.cells(column).take(2).count();
        rows == 2 && (in_order(1) || in_order(0))
    }

    /// Whether most cells are words.
    pub(super) fn is_of_labels(self, column: usize) -> bool {
        let (mut words, mut all) = (0_usize, 0_usize);
        for cell in self.cells(column) {
            all += 1;
            words += usize::from(!begins_as_number(cell) && !cell.is_empty());
        }
        all > 0 && 2 * words > all
    }

    /// Whether these columns together have another value in every row.
    pub(super) fn tells_rows_apart(self, columns: &[usize]) -> bool {
        let mut seen = HashSet::new();
        let mut rows = self.table.rows();
        rows.all(|row| seen.insert(columns.iter().map(|column| row.cell(*column)).collect::<Vec<_>>()))
    }

    /// Whether totals are at least the events in every row where both are counts.
    pub(super) fn can_be_total(self, events: usize, total: usize) -> bool {
        self.table.rows().all(|row| match [events, total].map(|column| self.count(row, column)) {
            [Some(events), Some(total)] => events.count <= total.count,
            _ => true,
        })
    }

    /// Whether rows that share the name in these columns stand more than once with different cells in another.
    pub(super) fn tells_names_apart(self, names: &[usize], column: usize) -> bool {
        let mut seen: HashMap<Vec<&str>, &str> = HashMap::new();
        self.table.rows().any(|row| {
            let name = names.iter().map(|column| row.cell(*column)).collect();
            *seen.entry(name).or_insert(row.cell(column)) != row.cell(column)
        })
    }

    fn count(self, row: Row<'_>, column: usize) -> Option<CountCell> {
        count::in_column(row, column, self.rules).ok().flatten()
    }

    /// Whether every cell that is not missing has events and a total: `12/50`.
    pub(super) fn has_totals(self, column: usize) -> bool {
        let mut any = false;
        let all = self.table.rows().filter(|row| !self.rules.is_missing(row.cell(column))).all(|row| {
            any = true;
            self.count(row, column).is_some_and(|cell| cell.total.is_some())
        });
        any && all
    }

    /// Whether most cells that are not missing are counts with their percentage: `12 (24%)`.
    pub(super) fn has_percentages(self, column: usize) -> bool {
        let (mut both, mut all) = (0_usize, 0_usize);
        for row in self.table.rows().filter(|row| !self.rules.is_missing(row.cell(column))) {
            all += 1;
            both += usize::from(self.count(row, column).is_some_and(|cell| cell.percent.is_some()));
        }
        2 * both > all
    }

    /// The different values of a column in the rows that conditions keep, in the order in which they first stand there, up
    /// to a number of them.
    pub(super) fn values(self, column: usize, filters: &[RowFilter], most: usize) -> Vec<&'t str> {
        let mut values: Vec<&str> = Vec::new();
        let rows = self
            .table
            .rows()
            .filter(|row| filters.iter().all(|filter| filter.holds(*row, self.rules) == Ok(true)));
        for cell in rows.map(|row| row.cell(column)) {
            if !self.rules.is_missing(cell) && !values.contains(&cell) {
                values.push(cell);
                if values.len() == most {
                    break;
                }
            }
        }
        values
    }

    /// Whether at least half of the cells that hold something are numbers or counts.
    pub(super) fn holds_numbers(self, column: usize) -> bool {
        let (mut numbers, mut all) = (0_usize, 0_usize);
        for row in self.table.rows().filter(|row| !self.rules.is_missing(row.cell(column))) {
            all += 1;
            // A word behind digits can be a part of a name or of a password: such cells are no numbers here.
            numbers += usize::from(self.held(row, column).is_some_and(|(_, what)| what != Behind::Unit));
        }
        all > 0 && 2 * numbers >= all
    }

    /// How many cells of a column hold something, and how many are missing.
    pub(super) fn filled(self, column: usize) -> [usize; 2] {
        let missing = self.cells(column).filter(|cell| self.rules.is_missing(cell)).count();
        [self.table.rows().count() - missing, missing]
    }

    /// The first cell of a column that holds something.
    pub(super) fn example(self, column: usize) -> &'t str {
        self.cells(column).find(|cell| !self.rules.is_missing(cell)).unwrap_or_default()
    }

    /// In a few words what a column holds: words, whole numbers 3 to 90, numbers, nothing.
    pub(super) fn described(self, column: usize) -> String {
        let (mut least, mut most, mut words) = (f64::INFINITY, f64::NEG_INFINITY, 0_usize);
        let (mut whole, mut behind) = (true, Behind::Nothing);
        for row in self.table.rows().filter(|row| !self.rules.is_missing(row.cell(column))) {
            match self.held(row, column) {
                Some((number, what)) => {
                    (least, most) = (least.min(number), most.max(number));
                    whole &= number.fract() == 0.0 && what != Behind::Interval;
                    behind = behind.max(what);
                }
                None => words += 1,
            }
        }
        let unit = match behind {
            Behind::Nothing => Some(String::new()),
            Behind::Interval => Some(", with intervals".to_owned()),
            Behind::Unit => self.unit(column).map(|unit| match unit {
                "%" => "%".to_owned(),
                unit => format!(" {}", shown(unit)),
            }),
        };
        match (least <= most, words, unit) {
            (false, 0, _) => "nothing".to_owned(),
            (false, ..) => "words".to_owned(),
            (true, 0, Some(unit)) if whole => {
                format!("whole numbers {} to {}{unit}", text(least), text(most))
            }
            (true, 0, Some(unit)) => format!("numbers {} to {}{unit}", text(least), text(most)),
            _ => "numbers and words".to_owned(),
        }
    }

    /// The unit behind all numbers of a column.
    fn unit(self, column: usize) -> Option<&'t str> {
        let cells = self.cells(column).filter(|cell| !self.rules.is_missing(cell));
        shared_unit(cells, self.rules.decimal(column))
    }

    /// The number in a cell: a number, a count, one with an interval or a unit behind it.
    fn held(self, row: Row<'_>, column: usize) -> Option<(f64, Behind)> {
        let (cell, decimal) = (row.cell(column), self.rules.decimal(column));
        let with_unit = |cell| number_with_unit(cell, decimal).map(|(number, _)| number);
        let with_interval = || {
            let estimate = with_interval(cell, decimal)?.estimate;
            number(estimate, decimal).or_else(|| with_unit(estimate))
        };
        let count = || Some(self.count(row, column)?.count as f64);
        let plain = number(cell, decimal).or_else(count).map(|number| (number, Behind::Nothing));
        let unit = || with_unit(cell).map(|number| (number, Behind::Unit));
        plain.or_else(unit).or_else(|| with_interval().map(|number| (number, Behind::Interval)))
    }

    /// Whether most cells that hold something have a percent sign, or an interval behind their number.
    pub(super) fn looks_like_percentages(self, column: usize) -> bool {
        let (mut such, mut all) = (0_usize, 0_usize);
        for cell in self.cells(column).filter(|cell| !self.rules.is_missing(cell)) {
            all += 1;
            let signed = begins_as_number(cell) && cell.ends_with('%');
            such += usize::from(signed || with_interval(cell, self.rules.decimal(column)).is_some());
        }
        2 * such > all
    }

    /// The names of the columns and what each holds, the first thirty of them.
    pub(super) fn list(self) -> String {
        let one = |column: usize| format!("{} ({})", self.header.quoted(column), self.described(column));
        listed(0..self.header.names.len(), one)
    }
}
