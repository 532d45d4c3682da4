//! Parquet files, by the crate `parquet`.
//!
//! A row of the table is a row of the file, its line the number of that row. A null is an empty cell, a day `2019-05-31`,
//! a truth value `TRUE`. Columns of lists and structures are no columns of a table, and refused.

mod column;
mod pages;
mod value;
#[cfg(feature = "cli")]
mod written;

use ::parquet::basic::Repetition;
use ::parquet::column::reader::get_column_reader;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::{BasicTypeInfo, SchemaDescriptor};
use bytes::Bytes;

use self::column::Column;
use self::pages::Pages;
use super::caught::caught;
use super::cells::Cells;
use super::table::Table;
use super::text::{quoted, refused};
use crate::error::Error;
#[cfg(feature = "cli")]
pub(crate) use written::{ColumnCells, Kind, ParquetFile};

/// How many rows of all columns are decoded at a time.
const ROWS: usize = 4096;

/// As much text as the cells of a file may have together: a value that is kept once may stand in every row.
const MOST_BYTES: usize = 4 << 30;

/// A file may have this many cells in any case, and more where it is no more than so many for each of its bytes: a million
/// rows of one value are kept in a few bytes.
const CELLS_AT_LEAST: usize = 50_000_000;
const CELLS_FOR_ONE: usize = 4;

/// The table in a file.
///
/// # Errors
///
/// [`Error::Data`] where the file is broken, or has columns of lists or structures.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<Table<'static>, Error> {
    let broken = |error: ParquetError| {
        let what = format!("this Parquet file cannot be read: {error}");
        refused(file, what, "write it again, or save the table as CSV")
    };
    let most = CELLS_AT_LEAST.max(bytes.len().saturating_mul(CELLS_FOR_ONE));
    let opened = || SerializedFileReader::new(Bytes::copy_from_slice(bytes));
    let reader =
        caught(opened).unwrap_or_else(|| Err(cut_off("what it says of its columns is"))).map_err(broken)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let nested = nested(schema);
    if !nested.is_empty() {
        let what =
            format!("these columns hold lists or structures, and no single values: {}", nested.join(", "));
        return Err(refused(file, what, "write the table without them"));
    }
    let names = schema.columns().iter().map(|column| column.name().to_owned()).collect();
    // The crate panics on some values that are cut off, deep in its decoders; `Pages` finds the other faults before.
    let cells = caught(|| cells(&reader, most));
    let cells = cells.unwrap_or_else(|| Err(cut_off("the values of a column are"))).map_err(broken)?;
    Ok(Table::of_records(names, cells))
}

fn cut_off(what: &str) -> ParquetError {
    ParquetError::General(format!("{what} cut off"))
}

/// The columns that do not have one value a row.
fn nested(schema: &SchemaDescriptor) -> Vec<String> {
    let fields = schema.root_schema().get_fields().iter();
    let repeats = |info: &BasicTypeInfo| info.has_repetition() && info.repetition() == Repetition::REPEATED;
    let nested = fields.filter(|field| !field.is_primitive() || repeats(field.get_basic_info()));
    nested.map(|field| quoted(field.name())).collect()
}

/// The cells of all rows, at most so many: as many as the file says there are are refused before one is read, and as many
/// as there are wherever it says less.
fn cells(reader: &SerializedFileReader<Bytes>, most: usize) -> Result<Cells<'static>, ParquetError> {
    let file = reader.metadata().file_metadata();
    let said = usize::try_from(file.num_rows()).unwrap_or(usize::MAX);
    if said.saturating_mul(file.schema_descr().num_columns()) > most {
        return Err(too_many(most));
    }
    let (mut cells, mut line, mut bytes) = (Cells::default(), 0_u32, 0);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let column = |place| {
            check(group.metadata().column(place))?;
            let described = group.metadata().column(place).column_descr_ptr();
            let pages = Pages::new(group.get_column_page_reader(place)?);
            let reader = get_column_reader(described.clone(), Box::new(pages));
            Ok(Column::new(reader, &described))
        };
        let columns: Result<Vec<Column>, ParquetError> = (0..group.num_columns()).map(column).collect();
        let mut columns = columns?;
        loop {
            let rows = next_rows(&mut columns)?;
            if rows == 0 {
                break;
            }
            bytes += columns.iter().map(Column::bytes).sum::<usize>();
            if bytes > MOST_BYTES {
                return Err(ParquetError::General("its cells have more than 4 GiB of text".to_owned()));
            }
            if (line as usize + rows).saturating_mul(columns.len()) > most {
                return Err(too_many(most));
            }
            for row in 0..rows {
                line = line.saturating_add(1);
                cells.push(line, columns.iter().map(|column| column.cell(row)));
            }
        }
    }
    Ok(cells)
}

/// Whether a column says where it begins and how long it is in numbers that can be: the crate panics where they are
/// negative.
fn check(column: &ColumnChunkMetaData) -> Result<(), ParquetError> {
    let begins = [Some(column.data_page_offset()), column.dictionary_page_offset()];
    let numbers = [column.compressed_size(), column.uncompressed_size(), column.num_values()];
    if begins.into_iter().flatten().chain(numbers).any(|number| number < 0) {
        let what =
            format!("the column {} has a negative place or length", quoted(column.column_descr().name()));
        return Err(ParquetError::General(what));
    }
    Ok(())
}

fn too_many(most: usize) -> ParquetError {
    ParquetError::General(format!("it has more than {most} cells, which is far more than so few bytes hold"))
}

/// Decodes the next rows of all columns, and how many they are.
fn next_rows(columns: &mut [Column]) -> Result<usize, ParquetError> {
    let mut rows = None;
    for column in columns {
        let read = column.read(ROWS)?;
        if *rows.get_or_insert(read) != read {
            let what = format!("the column {} has another number of rows", quoted(column.name()));
            return Err(ParquetError::General(what));
        }
    }
    Ok(rows.unwrap_or(0))
}
