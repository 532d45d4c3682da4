//! Where the data of an analysis are: a table by its name, or one in memory.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use metaprop::data::{Percentages, embedded};
use metaprop::io::{open, read};
use metaprop::options::ReadOptions;
use metaprop::{Dataset, Error};
use pyo3::prelude::*;

use crate::arrow::ArrowTable;

/// What messages call a table that has no name.
const SHOWN: &str = "table";

/// Columns with the text of each cell.
type Columns = Vec<(String, Vec<String>)>;

/// Where the data are.
#[derive(Debug, Clone)]
pub enum Source {
    /// A path, or `@NAME` of a data set that comes with the library.
    Named(String),
    /// The bytes of a file, and its name.
    File(String, Arc<[u8]>),
    /// A table in memory, as JSON: what it holds is read by the rules that the program has for files.
    Table(Arc<[u8]>),
}

impl Source {
    /// The source of a name, of an object with an Arrow stream, of columns of texts, or of what [`state`](Self::state) gave.
    ///
    /// # Errors
    ///
    /// What the object raises where it has no stream.
    pub fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(name) = object.extract::<String>() {
            return Ok(Self::Named(name));
        }
        if let Ok((name, bytes)) = object.extract::<(Option<String>, Vec<u8>)>() {
            return Ok(name.map_or_else(
                || Self::Table(bytes.clone().into()),
                |name| Self::File(name, bytes.clone().into()),
            ));
        }
        if object.hasattr("__arrow_c_stream__")? {
            return Ok(Self::Table(as_json(&texts(&ArrowTable::import(object)?)).into()));
        }
        Ok(Self::Table(as_json(&object.extract::<Columns>()?).into()))
    }

    /// The same with the bytes of its file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where the file cannot be read, [`Error::Usage`] where there is no data set of its name.
    pub fn loaded(self) -> Result<Self, Error> {
        match self {
            Self::Named(name) => open::load(&name).map(|(bytes, shown)| Self::File(shown, bytes.into())),
            loaded => Ok(loaded),
        }
    }

    /// The name of the file, where there is one, and the bytes: what a pickle keeps.
    pub fn state(&self) -> (Option<&str>, &[u8]) {
        match self {
            Self::Named(name) => (Some(name), &[]),
            Self::File(name, bytes) => (Some(name), bytes),
            Self::Table(bytes) => (None, bytes),
        }
    }

    /// The studies.
    ///
    /// # Errors
    ///
    /// As [`Dataset::read_with`].
    pub fn read(&self, options: &ReadOptions) -> Result<Dataset, Error> {
        match self {
            Self::Named(name) => Dataset::read_with(name, options),
            Self::File(name, bytes) => read::read_bytes(bytes, name, options),
            Self::Table(json) => {
                let data = read::read_bytes(json, SHOWN, options)?;
                let mut provenance = data.provenance().clone();
                provenance.data.clear();
                provenance.sha256.clear();
                Ok(data.with_provenance(provenance))
            }
        }
    }

    /// The percentages of the table.
    ///
    /// # Errors
    ///
    /// As [`read::read_percentages`].
    pub fn percentages(&self, options: &ReadOptions) -> Result<Percentages, Error> {
        match self.clone().loaded()? {
            Self::File(name, bytes) => read::read_percentages(&bytes, &name, options),
            of => read::read_percentages(of.state().1, SHOWN, options),
        }
    }

    /// What people call it.
    pub fn shown(&self) -> &str {
        self.state().0.unwrap_or(SHOWN)
    }
}

/// The columns of a table whose cells have a text; nested ones are left out.
fn texts(table: &ArrowTable) -> Columns {
    let mut columns = Vec::new();
    for (place, field) in table.schema().fields().iter().enumerate() {
        let mut cells = Vec::new();
        let parts = table.batches().iter().map(|batch| batch.column(place));
        if parts.into_iter().all(|part| push_cells(part, &mut cells)) {
            columns.push((field.name().clone(), cells));
        }
    }
    columns
}

/// Adds the text of each cell, the empty one for null; whether the type has texts.
pub fn push_cells(array: &ArrayRef, cells: &mut Vec<String>) -> bool {
    macro_rules! push {
        ($type:ty, $text:expr) => {
            push_with(array, cells, |row| $text(array.as_primitive::<$type>(), row))
        };
    }
    match array.data_type() {
        DataType::Null => push_with(array, cells, |_| String::new()),
        DataType::Boolean => push_with(array, cells, |row| array.as_boolean().value(row).to_string()),
        DataType::Utf8 => push_with(array, cells, |row| array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => push_with(array, cells, |row| array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => push_with(array, cells, |row| array.as_string_view().value(row).to_owned()),
        DataType::Int8 => push!(Int8Type, whole),
        DataType::Int16 => push!(Int16Type, whole),
        DataType::Int32 => push!(Int32Type, whole),
        DataType::Int64 => push!(Int64Type, whole),
        DataType::UInt8 => push!(UInt8Type, whole),
        DataType::UInt16 => push!(UInt16Type, whole),
        DataType::UInt32 => push!(UInt32Type, whole),
        DataType::UInt64 => push!(UInt64Type, whole),
        DataType::Float32 => push_with(array, cells, |row| {
            let value = array.as_primitive::<Float32Type>().value(row);
            // The shortest text of the single number, and not that of its double.
            number(format!("{value}").parse().unwrap_or(f64::from(value)))
        }),
        DataType::Float64 => {
            push_with(array, cells, |row| number(array.as_primitive::<Float64Type>().value(row)))
        }
        DataType::Decimal128(..) => {
            push_with(array, cells, |row| array.as_primitive::<Decimal128Type>().value_as_string(row))
        }
        DataType::Date32 => push!(Date32Type, date),
        DataType::Date64 => push!(Date64Type, date),
        DataType::Timestamp(TimeUnit::Second, _) => push!(TimestampSecondType, time),
        DataType::Timestamp(TimeUnit::Millisecond, _) => push!(TimestampMillisecondType, time),
        DataType::Timestamp(TimeUnit::Microsecond, _) => push!(TimestampMicrosecondType, time),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => push!(TimestampNanosecondType, time),
        DataType::Dictionary(..) => push_dictionary(array, cells),
        _ => false,
    }
}

fn push_with(array: &ArrayRef, cells: &mut Vec<String>, text: impl Fn(usize) -> String) -> bool {
    cells.extend((0..array.len()).map(|row| if array.is_null(row) { String::new() } else { text(row) }));
    true
}

fn push_dictionary(array: &ArrayRef, cells: &mut Vec<String>) -> bool {
    let dictionary = array.as_any_dictionary();
    let mut words = Vec::new();
    let has_texts = push_cells(dictionary.values(), &mut words);
    if has_texts {
        let keys = dictionary.normalized_keys();
        push_with(array, cells, |row| words.get(keys[row]).cloned().unwrap_or_default());
    }
    has_texts
}

fn whole<T: ArrowPrimitiveType>(array: &arrow_array::PrimitiveArray<T>, row: usize) -> String
where
    T::Native: ToString,
{
    array.value(row).to_string()
}

fn date<T: ArrowTemporalType>(array: &arrow_array::PrimitiveArray<T>, row: usize) -> String
where
    i64: From<T::Native>,
{
    array.value_as_date(row).map(|date| date.to_string()).unwrap_or_default()
}

fn time<T: ArrowTemporalType>(array: &arrow_array::PrimitiveArray<T>, row: usize) -> String
where
    i64: From<T::Native>,
{
    array.value_as_datetime(row).map(|time| time.to_string()).unwrap_or_default()
}

/// A number so that it reads back to the same bits; whole ones without a point, NaN as nothing.
fn number(value: f64) -> String {
    match value {
        _ if value.is_nan() => String::new(),
        _ if value != 0.0 && !(1e-16..1e16).contains(&value.abs()) => format!("{value:e}"),
        _ => format!("{value}"),
    }
}

/// A table as JSON, the names on the first line and a row on each that follows: messages name lines as those of a file
/// with a header.
fn as_json(columns: &Columns) -> Vec<u8> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let joined = |cells: Vec<String>| cells.join(",");
    let names = joined(columns.iter().map(|(name, _)| quoted(name)).collect());
    let rows = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let mut json = format!("{{\"columns\":[{names}],\"data\":[");
    for row in 0..rows {
        let cell = |(_, cells): &(String, Vec<String>)| quoted(cells.get(row).map_or("", String::as_str));
        let cells = joined(columns.iter().map(cell).collect());
        json.push_str(if row == 0 { "\n[" } else { ",\n[" });
        json.push_str(&cells);
        json.push(']');
    }
    json.push_str("]}\n");
    json.into_bytes()
}

/// The names of the data sets that come with the library.
#[pyfunction]
pub fn data_sets() -> Vec<&'static str> {
    embedded::all().iter().map(|set| set.name).collect()
}
