//! Columns of counts: Arrow buffers that are read where they are.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;
use metaprop::{Error, Problem};

use crate::arrow::ArrowTable;

/// What stands in a cell of a column of counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Count {
    /// Nothing.
    Missing,
    /// A count.
    Of(u64),
    /// A number that is no count, in words.
    Wrong(String),
}

/// A column of counts, in the parts in which its table came.
#[derive(Debug)]
pub struct CountColumn {
    /// Its name.
    pub name: String,
    parts: Vec<Part>,
}

/// The numbers of one part.
#[derive(Debug)]
enum Part {
    I8(PrimitiveArray<Int8Type>),
    I16(PrimitiveArray<Int16Type>),
    I32(PrimitiveArray<Int32Type>),
    I64(PrimitiveArray<Int64Type>),
    U8(PrimitiveArray<UInt8Type>),
    U16(PrimitiveArray<UInt16Type>),
    U32(PrimitiveArray<UInt32Type>),
    U64(PrimitiveArray<UInt64Type>),
    F32(PrimitiveArray<Float32Type>),
    F64(PrimitiveArray<Float64Type>),
    Decimal(PrimitiveArray<Decimal128Type>, i8),
    Null,
}

impl CountColumn {
    /// The column of this name and place.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where its type holds no numbers.
    pub fn new(table: &ArrowTable, place: usize) -> Result<Self, Error> {
        let name = table.schema().field(place).name().clone();
        let parts = table.batches().iter().map(|batch| part(batch.column(place)));
        match parts.collect::<Option<Vec<_>>>() {
            Some(parts) => Ok(Self { name, parts }),
            None => {
                let what = format!(
                    "the column holds {}, and counts are whole numbers",
                    table.schema().field(place).data_type()
                );
                let problem = Problem::new(what).in_column(name);
                Err(Error::Data(vec![problem.help("convert it, or name another column")]))
            }
        }
    }

    /// The count in a row of a part.
    pub fn get(&self, [part, row]: [usize; 2]) -> Count {
        match &self.parts[part] {
            Part::I8(array) => signed(array, row),
            Part::I16(array) => signed(array, row),
            Part::I32(array) => signed(array, row),
            Part::I64(array) => signed(array, row),
            Part::U8(array) => unsigned(array, row),
            Part::U16(array) => unsigned(array, row),
            Part::U32(array) => unsigned(array, row),
            Part::U64(array) => unsigned(array, row),
            Part::F32(array) => real(array, row),
            Part::F64(array) => real(array, row),
            Part::Decimal(array, scale) => decimal(array, *scale, row),
            Part::Null => Count::Missing,
        }
    }
}

fn part(array: &ArrayRef) -> Option<Part> {
    Some(match array.data_type() {
        DataType::Int8 => Part::I8(array.as_primitive().clone()),
        DataType::Int16 => Part::I16(array.as_primitive().clone()),
        DataType::Int32 => Part::I32(array.as_primitive().clone()),
        DataType::Int64 => Part::I64(array.as_primitive().clone()),
        DataType::UInt8 => Part::U8(array.as_primitive().clone()),
        DataType::UInt16 => Part::U16(array.as_primitive().clone()),
        DataType::UInt32 => Part::U32(array.as_primitive().clone()),
        DataType::UInt64 => Part::U64(array.as_primitive().clone()),
        DataType::Float32 => Part::F32(array.as_primitive().clone()),
        DataType::Float64 => Part::F64(array.as_primitive().clone()),
        DataType::Decimal128(_, scale) => Part::Decimal(array.as_primitive().clone(), *scale),
        DataType::Null => Part::Null,
        _ => return None,
    })
}

fn signed<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Count
where
    i64: From<T::Native>,
{
    if array.is_null(row) {
        return Count::Missing;
    }
    let value = i64::from(array.value(row));
    u64::try_from(value).map_or_else(|_| Count::Wrong(format!("{value} is negative")), Count::Of)
}

fn unsigned<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Count
where
    u64: From<T::Native>,
{
    if array.is_null(row) { Count::Missing } else { Count::Of(array.value(row).into()) }
}

fn real<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Count
where
    f64: From<T::Native>,
{
    /// From here on not every whole number is a double.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if array.is_null(row) {
        return Count::Missing;
    }
    match f64::from(array.value(row)) {
        value if value.is_nan() => Count::Missing,
        value if value < 0.0 => Count::Wrong(format!("{value} is negative")),
        value if value > LARGEST => Count::Wrong(format!("{value:e} is too large for a count")),
        value if value.fract() != 0.0 => Count::Wrong(format!("{value} is a fraction")),
        // A whole number that a double holds exactly.
        value => Count::Of(value as u64),
    }
}

fn decimal(array: &PrimitiveArray<Decimal128Type>, scale: i8, row: usize) -> Count {
    if array.is_null(row) {
        return Count::Missing;
    }
    let text = array.value_as_string(row);
    let one = u32::try_from(scale).ok().and_then(|scale| 10_i128.checked_pow(scale)).unwrap_or(1);
    let value = array.value(row);
    match u64::try_from(value / one) {
        _ if value < 0 => Count::Wrong(format!("{text} is negative")),
        _ if value % one != 0 => Count::Wrong(format!("{text} is a fraction")),
        Ok(count) => Count::Of(count),
        Err(_) => Count::Wrong(format!("{text} is too large for a count")),
    }
}
