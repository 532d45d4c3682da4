//! Which rows of a table are of which group: those that have the same cells in the columns of the groups.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;

use rayon::prelude::*;

use super::cells::{Cells, Row};
use super::columns::Columns;
use super::row_reader::{RowReader, RowValue};
use super::rows_above::RowsAbove;
use super::table::Table;
use super::text::refused;
use super::totals_names::is_total;
use crate::error::Error;

/// So many pieces of a table are looked at at the same time.
const PARTS_AT_ONCE: usize = 32;

/// The number of no group.
const NONE: u32 = u32::MAX;

/// The rows of a table, group by group.
pub(super) struct GroupRows<'t> {
    table: &'t Table<'t>,
    reader: RowReader<'t>,
    /// The place of the first row of each piece of the table.
    firsts: Vec<usize>,
    /// The places of the rows, group by group, in the order of the table.
    places: Vec<u32>,
    /// Where the rows of each group stand among these.
    groups: Vec<Range<u32>>,
    /// Of rows without a name the row that names them, where one does.
    named: HashMap<u32, Row<'t>>,
}

impl<'t> GroupRows<'t> {
    /// Finds the groups of a table.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where it has more rows than can be counted here.
    pub(super) fn find(table: &'t Table<'t>, reader: RowReader<'t>, file: &str) -> Result<Self, Error> {
        let firsts: Vec<usize> = table
            .parts()
            .iter()
            .scan(0, |first, part| {
                let this = *first;
                *first += part.len();
                Some(this)
            })
            .collect();
        let rows: usize = table.parts().iter().map(Cells::len).sum();
        if rows >= NONE as usize {
            return Err(refused(file, "it has more rows than can be grouped", "cut it into several tables"));
        }
        let mut found =
            Self { table, reader, firsts, places: Vec::new(), groups: Vec::new(), named: HashMap::new() };
        let (mut ids, mut first_rows) = found.by_hash(rows);
        if !found.have_keys_of_first(&ids, &first_rows) {
            (ids, first_rows) = found.by_cells(rows);
        }
        found.without_totals(&mut ids, &first_rows);
        found.sort(&ids, first_rows.len());
        Ok(found)
    }

    fn columns(&self) -> &'t Columns {
        self.reader.columns
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The rows of a group, each with the row that names it where it has no name.
    pub(super) fn rows(&self, group: usize) -> Vec<Row<'t>> {
        self.places(group).iter().map(|place| self.row(*place)).collect()
    }

    /// The places of the rows of a group.
    pub(super) fn places(&self, group: usize) -> &[u32] {
        let Range { start, end } = self.groups[group];
        &self.places[start as usize..end as usize]
    }

    /// The row that names the row at a place, which has no name.
    pub(super) fn named(&self, place: u32) -> Option<Row<'t>> {
        self.named.get(&place).copied()
    }

    /// The values of a group: the cells of its first row.
    pub(super) fn values(&self, group: usize) -> impl Iterator<Item = &'t str> {
        let row = self.places(group).first().map(|place| self.row(*place));
        let reader = self.reader;
        self.columns().keys.iter().map(move |column| row.map_or("", |row| key_cell(reader, row, *column)))
    }

    /// The first group whose rows do not all stand below each other, and the line of one that stands apart.
    pub(super) fn first_scattered(&self) -> Option<(usize, u32)> {
        let at = self.places.windows(2).position(|pair| pair[0] > pair[1])?;
        let group = self.groups.iter().position(|group| (at as u32) < group.end)?;
        Some((group, self.row(self.places[at]).line))
    }

    fn row(&self, place: u32) -> Row<'t> {
        let place = place as usize;
        let part = self.firsts.partition_point(|first| *first <= place) - 1;
        self.table.parts()[part].get(place - self.firsts[part]).expect("the place of a row")
    }

    /// The number of the group of each row, and the first row of each group, by the hashes of their cells. The rows that
    /// name others are found on the way.
    fn by_hash(&mut self, rows: usize) -> (Vec<u32>, Vec<u32>) {
        let (hasher, reader) = (RandomState::new(), self.reader);
        let (mut numbered, mut unnamed, mut read) = (Numbered::new(rows), Vec::new(), Vec::new());
        let mut enter = |parts: Vec<HashedPart>| {
            for part in parts {
                let first = numbered.ids.len();
                unnamed.extend(part.unnamed.iter().map(|place| (first + place) as u32));
                part.hashes.into_iter().for_each(|hash| numbered.push(hash));
            }
        };
        // While some pieces are looked at, those before are numbered.
        for parts in self.table.parts().chunks(PARTS_AT_ONCE) {
            let ahead = || parts.par_iter().map(|part| HashedPart::new(part, reader, &hasher)).collect();
            let (next, ()) = rayon::join(ahead, || enter(read));
            read = next;
        }
        enter(read);
        self.name(&unnamed);
        (numbered.ids, numbered.firsts)
    }

    /// Whether every row has the cells of the first row of its group: two keys may have one hash.
    fn have_keys_of_first(&self, ids: &[u32], first_rows: &[u32]) -> bool {
        let parts = self.table.parts().par_iter().zip(&self.firsts);
        parts.all(|(part, first)| {
            let mut last = None;
            part.rows().zip(&ids[*first..]).filter(|(_, id)| **id != NONE).all(|(row, id)| {
                let of = match last {
                    Some((known, of)) if known == *id => of,
                    _ => self.row(first_rows[*id as usize]),
                };
                last = Some((*id, of));
                self.columns().keys.iter().all(|column| {
                    row.cell(*column) == of.cell(*column)
                        || key_cell(self.reader, row, *column) == key_cell(self.reader, of, *column)
                })
            })
        })
    }

    /// The same by the cells themselves.
    fn by_cells(&self, rows: usize) -> (Vec<u32>, Vec<u32>) {
        let mut known: HashMap<Vec<&str>, u32> = HashMap::new();
        let (mut ids, mut firsts) = (Vec::with_capacity(rows), Vec::new());
        for (row, place) in self.table.rows().zip(0..) {
            if !is_of_group(self.reader, row) {
                ids.push(NONE);
                continue;
            }
            let key = self.columns().keys.iter().map(|column| key_cell(self.reader, row, *column)).collect();
            ids.push(*known.entry(key).or_insert_with(|| {
                firsts.push(place);
                firsts.len() as u32 - 1
            }));
        }
        (ids, firsts)
    }

    /// Takes rows that are named as totals out of groups that have no name, or the name of a total: they are those of the
    /// whole table.
    fn without_totals(&self, ids: &mut [u32], first_rows: &[u32]) {
        let is_nameless = |(_, place): &(u32, &u32)| {
            let cells =
                self.columns().keys.iter().map(|column| key_cell(self.reader, self.row(**place), *column));
            cells.into_iter().all(|cell| cell.is_empty() || is_total(cell))
        };
        let nameless: Vec<u32> = (0..).zip(first_rows).filter(is_nameless).map(|(id, _)| id).collect();
        if nameless.is_empty() {
            return;
        }
        for (id, row) in ids.iter_mut().zip(self.table.rows()) {
            if nameless.binary_search(id).is_ok() && matches!(self.reader.read(row).value, RowValue::Total) {
                *id = NONE;
            }
        }
    }

    /// Sorts the rows by their groups, of which there are so many; those that have rows are kept.
    fn sort(&mut self, ids: &[u32], groups: usize) {
        let mut ends = vec![0_u32; groups];
        ids.iter().filter(|id| **id != NONE).for_each(|id| ends[*id as usize] += 1);
        let mut end = 0;
        for rows in &mut ends {
            let start = end;
            end += *rows;
            self.groups.push(start..end);
            *rows = start;
        }
        self.places = vec![0; end as usize];
        for (id, place) in ids.iter().zip(0..).filter(|(id, _)| **id != NONE) {
            let next = &mut ends[*id as usize];
            self.places[*next as usize] = place;
            *next += 1;
        }
        self.groups.retain(|group| !group.is_empty());
    }

    /// Finds the rows that name these rows, which have no name.
    fn name(&mut self, unnamed: &[u32]) {
        let (mut above, mut last) = (RowsAbove::default(), None);
        for &place in unnamed {
            if last.is_none_or(|last: u32| last + 1 != place) {
                let before = place.checked_sub(1).map(|before| self.row(before));
                above = before.map_or_else(RowsAbove::default, RowsAbove::of);
            }
            let row = self.row(place);
            self.named.extend(above.named(row, false, self.columns()).map(|named| (place, named)));
            last = Some(place);
        }
    }
}

/// Rows that are given the number of their group, one after the other.
struct Numbered {
    known: HashMap<u64, u32>,
    /// The hash and the number of the row above: most rows of a group stand together.
    above: (u64, u32),
    ids: Vec<u32>,
    /// The first row of each group.
    firsts: Vec<u32>,
}

impl Numbered {
    fn new(rows: usize) -> Self {
        let (known, above) = (HashMap::new(), (NO_GROUP, NONE));
        Self { known, above, ids: Vec::with_capacity(rows), firsts: Vec::new() }
    }

    fn push(&mut self, hash: u64) {
        if hash != self.above.0 {
            let id = match hash {
                NO_GROUP => NONE,
                _ => *self.known.entry(hash).or_insert_with(|| {
                    self.firsts.push(self.ids.len() as u32);
                    self.firsts.len() as u32 - 1
                }),
            };
            self.above = (hash, id);
        }
        self.ids.push(self.above.1);
    }
}

/// The hash of rows that are of no group.
const NO_GROUP: u64 = 0;

/// A piece of a table: of each row a hash of its cells in the columns of the groups, and which rows have no name.
struct HashedPart {
    hashes: Vec<u64>,
    unnamed: Vec<usize>,
}

impl HashedPart {
    fn new<'t>(cells: &'t Cells<'t>, reader: RowReader<'t>, hasher: &RandomState) -> Self {
        // Where no column has names, no name goes on.
        let may_go_on = !reader.columns.names.study.is_empty();
        let mut part = Self { hashes: Vec::with_capacity(cells.len()), unnamed: Vec::new() };
        for (place, row) in cells.rows().enumerate() {
            if may_go_on && !reader.has_name(row) {
                part.unnamed.push(place);
            }
            let hash = if is_of_group(reader, row) { hash(reader, row, hasher).max(1) } else { NO_GROUP };
            part.hashes.push(hash);
        }
        part
    }
}

/// Whether a row is of a group at all: not one that a condition leaves out, nor the header once more.
fn is_of_group(reader: RowReader<'_>, row: Row<'_>) -> bool {
    !matches!(reader.is_kept(row), Ok(false)) && !reader.is_header(row)
}

fn hash(reader: RowReader<'_>, row: Row<'_>, hasher: &RandomState) -> u64 {
    let mut hash = hasher.build_hasher();
    for column in &reader.columns.keys {
        hash.write(key_cell(reader, row, *column).as_bytes());
        hash.write_u8(0xff);
    }
    hash.finish()
}

/// The cell of a row in a column of the groups; empty where it is missing.
fn key_cell<'t>(reader: RowReader<'_>, row: Row<'t>, column: usize) -> &'t str {
    let cell = row.cell(column);
    if reader.rules.is_missing(cell) { "" } else { cell }
}
