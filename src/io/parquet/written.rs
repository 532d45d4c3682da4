//! A Parquet file that is written some rows at a time.

use std::io;
use std::mem;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Number,
}

/// The cells of a column in some rows; what is missing is null.
#[derive(Debug)]
pub(crate) enum ColumnCells {
    Text(Vec<Option<String>>),
    Whole(Vec<Option<u64>>),
    Number(Vec<Option<f64>>),
}

/// A file that is written some rows at a time: each call gives the bytes that come next.
#[derive(Debug)]
pub(crate) struct ParquetFile(SerializedFileWriter<Vec<u8>>);

impl ParquetFile {
    /// A file of these columns.
    pub(crate) fn new(columns: &[(String, Kind)]) -> io::Result<Self> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Result<_, _>>();
        let schema = fields.and_then(|fields| Type::group_type_builder("rows").with_fields(fields).build());
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = schema
            .and_then(|schema| SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)));
        writer.map(Self).map_err(io::Error::other)
    }

    /// Adds rows, one piece of each column.
    pub(crate) fn push(&mut self, columns: Vec<ColumnCells>) -> io::Result<Vec<u8>> {
        self.write(columns).map_err(io::Error::other)?;
        self.0.flush()?;
        Ok(mem::take(self.0.inner_mut()))
    }

    /// The end of the file.
    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(io::Error::other)
    }

    fn write(&mut self, columns: Vec<ColumnCells>) -> Result<(), ParquetError> {
        let mut group = self.0.next_row_group()?;
        for cells in columns {
            match cells {
                ColumnCells::Text(cells) => {
                    let bytes = |cell: Option<String>| cell.map(|text| ByteArray::from(text.into_bytes()));
                    write_column::<ByteArrayType>(&mut group, cells.into_iter().map(bytes))?;
                }
                ColumnCells::Whole(cells) => {
                    let whole = |cell: Option<u64>| cell.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
                    write_column::<Int64Type>(&mut group, cells.into_iter().map(whole))?;
                }
                ColumnCells::Number(cells) => write_column::<DoubleType>(&mut group, cells.into_iter())?,
            }
        }
        group.close().map(drop)
    }
}

fn field(name: &str, kind: Kind) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
    };
    let field = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    field.build().map(Arc::new)
}

/// Writes the next column of some rows.
fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let missing = || ParquetError::General("there are more columns than were named".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}
