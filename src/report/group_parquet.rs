//! Rows of many groups as a Parquet file.

use std::io;
use std::mem;

use super::group_rows::{FIELDS, key, numbers};
use crate::analysis::GroupRow;
use crate::io::parquet::{ColumnCells, Kind, ParquetFile};

/// So many rows stand together in the file.
const ROWS_AT_ONCE: usize = 1 << 16;

/// A Parquet file of rows, which is written as they come.
#[derive(Debug)]
pub(crate) struct GroupParquet {
    file: ParquetFile,
    /// The rows that are not written yet.
    rows: Vec<GroupRow>,
}

impl GroupParquet {
    /// A file of groups that are told apart by these columns.
    pub(crate) fn new(columns: &[String]) -> io::Result<Self> {
        let of_field = |name: &&str| {
            let kind = match *name {
                "k" | "events" | "total" | "excluded" => Kind::Whole,
                "advisories" | "error" => Kind::Text,
                _ => Kind::Number,
            };
            ((*name).to_owned(), kind)
        };
        let of_groups = columns.iter().map(|column| (column.clone(), Kind::Text));
        let all: Vec<(String, Kind)> = of_groups.chain(FIELDS.iter().map(of_field)).collect();
        Ok(Self { file: ParquetFile::new(&all)?, rows: Vec::new() })
    }

    /// Adds a row; the bytes that come next.
    pub(crate) fn push(&mut self, row: &GroupRow) -> io::Result<Vec<u8>> {
        self.rows.push(row.clone());
        if self.rows.len() < ROWS_AT_ONCE { Ok(Vec::new()) } else { self.write() }
    }

    /// The end of the file.
    pub(crate) fn finish(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = if self.rows.is_empty() { Vec::new() } else { self.write()? };
        bytes.extend(self.file.finish()?);
        Ok(bytes)
    }

    fn write(&mut self) -> io::Result<Vec<u8>> {
        let rows = mem::take(&mut self.rows);
        let groups = rows.first().map_or(0, |row| row.values.len());
        let value = |column: usize| rows.iter().map(|row| Some(row.values[column].clone())).collect();
        let mut columns: Vec<ColumnCells> =
            (0..groups).map(|column| ColumnCells::Text(value(column))).collect();
        columns.push(ColumnCells::Whole(rows.iter().map(|row| row.k.map(|k| k as u64)).collect()));
        columns.push(ColumnCells::Whole(rows.iter().map(|row| row.events).collect()));
        columns.push(ColumnCells::Whole(rows.iter().map(|row| row.total).collect()));
        let numbers: Vec<_> = rows.iter().map(numbers).collect();
        let of_field = |field: usize| numbers.iter().map(|numbers| numbers[field]).collect();
        columns.extend((0..11).map(|field| ColumnCells::Number(of_field(field))));
        columns.push(ColumnCells::Whole(rows.iter().map(|row| Some(row.excluded as u64)).collect()));
        let codes =
            |row: &GroupRow| row.advisories.iter().map(|code| key(*code)).collect::<Vec<_>>().join(" ");
        columns.push(ColumnCells::Text(rows.iter().map(|row| Some(codes(row))).collect()));
        columns.push(ColumnCells::Text(rows.iter().map(|row| row.error.clone()).collect()));
        self.file.push(columns)
    }
}
