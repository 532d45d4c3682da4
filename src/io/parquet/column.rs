//! The cells of a column as text, some thousand rows at a time.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

use super::value::Kind;

pub(super) struct Column {
    reader: ColumnReader,
    name: String,
    kind: Kind,
    /// The level of a value that is no null; 0 where none is.
    level: i16,
    cells: Texts,
}

/// Texts one after the other.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Column {
    pub(super) fn new(reader: ColumnReader, described: &ColumnDescriptor) -> Self {
        let (name, kind) = (described.name().to_owned(), Kind::of(described));
        Self { reader, name, kind, level: described.max_def_level(), cells: Texts::default() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How long the cells that were read last are together.
    pub(super) fn bytes(&self) -> usize {
        self.cells.text.len()
    }

    /// A cell of those that were read last.
    pub(super) fn cell(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.cells.ends[before]);
        &self.cells.text[start..self.cells.ends[row]]
    }

    /// Reads at most so many cells, and says how many it read.
    pub(super) fn read(&mut self, most: usize) -> Result<usize, ParquetError> {
        let Self { reader, kind, level, cells, .. } = self;
        cells.text.clear();
        cells.ends.clear();
        let (text, ends, level) = (&mut cells.text, &mut cells.ends, *level);
        let mut read = Read { text, ends, level, most };
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                read.from(reader, |value, text| kind.truth(*value, text))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                read.from(reader, |value, text| kind.whole((*value).into(), text))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                read.from(reader, |value, text| kind.whole(*value, text))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                read.from(reader, |value, text| kind.old_time(value.data(), text))
            }
            ColumnReader::FloatColumnReader(reader) => {
                read.from(reader, |value, text| kind.float(*value, text))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                read.from(reader, |value, text| kind.double(*value, text))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                read.from(reader, |value, text| kind.bytes(value.data(), text))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                read.from(reader, |value, text| kind.bytes(value.data(), text))
            }
        }?;
        Ok(self.cells.ends.len())
    }
}

/// Where texts go, and how many are wanted.
struct Read<'c> {
    text: &'c mut String,
    ends: &'c mut Vec<usize>,
    level: i16,
    most: usize,
}

impl Read<'_> {
    fn from<T: DataType>(
        &mut self,
        reader: &mut ColumnReaderImpl<T>,
        write: impl Fn(&T::T, &mut String) -> Result<(), ParquetError>,
    ) -> Result<(), ParquetError> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        reader.read_records(self.most, Some(&mut levels), None, &mut values)?;
        let mut values = values.iter();
        if self.level == 0 {
            levels = vec![0; values.len()];
        }
        for level in levels {
            if level == self.level
                && let Some(value) = values.next()
            {
                write(value, self.text)?;
            }
            self.ends.push(self.text.len());
        }
        Ok(())
    }
}
