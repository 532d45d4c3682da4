//! Which rows of a table make a group.

use std::collections::HashMap;

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_row::{RowConverter, SortField};
use arrow_schema::{ArrowError, FieldRef};
use arrow_select::interleave::interleave;
use metaprop::Error;

use crate::arrow::ArrowTable;
use crate::errors::usage;

/// The groups of a table, in the order in which they first appear.
#[derive(Debug)]
pub struct GroupKeys {
    /// The rows, group by group: the part of the table and the row in it.
    rows: Vec<[u32; 2]>,
    /// Where the rows of each group end among these.
    ends: Vec<usize>,
    /// The first row of each group.
    first: Vec<[u32; 2]>,
}

impl GroupKeys {
    /// The groups that the columns at these places make; null is a value like others.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the type of a column cannot be compared, or there are too many rows.
    pub fn new(table: &ArrowTable, by: &[usize]) -> Result<Self, Error> {
        let numbered = Numbered::new(table, by)?;
        let mut ends: Vec<usize> = numbered.sizes.clone();
        let mut end = 0;
        for size in &mut ends {
            end += *size;
            *size = end;
        }
        // Each group is filled from its start: where the one before it ends.
        let mut next: Vec<usize> = [0].into_iter().chain(ends.iter().copied()).take(ends.len()).collect();
        let mut rows = vec![[0, 0]; end];
        let mut groups = numbered.groups.iter();
        for (part, batch) in (0_u32..).zip(table.batches()) {
            for (row, group) in (0_u32..).zip(groups.by_ref().take(batch.num_rows())) {
                let place = &mut next[*group as usize];
                rows[*place] = [part, row];
                *place += 1;
            }
        }
        Ok(Self { rows, ends, first: numbered.first })
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The rows of a group: the part of the table and the row in it.
    pub fn rows(&self, group: usize) -> &[[u32; 2]] {
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.rows[start..self.ends[group]]
    }

    /// The column of the groups' values, of the type that it has in the table.
    ///
    /// # Errors
    ///
    /// [`ArrowError`] where the values are too long for their type.
    pub fn values(
        &self,
        batches: &[RecordBatch],
        place: usize,
        field: &FieldRef,
    ) -> Result<ArrayRef, ArrowError> {
        let parts: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(place).as_ref()).collect();
        if parts.is_empty() {
            return Ok(arrow_array::new_empty_array(field.data_type()));
        }
        let first: Vec<(usize, usize)> =
            self.first.iter().map(|[part, row]| (*part as usize, *row as usize)).collect();
        interleave(&parts, &first)
    }
}

/// The rows of a table with the numbers of their groups.
struct Numbered {
    groups: Vec<u32>,
    sizes: Vec<usize>,
    first: Vec<[u32; 2]>,
}

impl Numbered {
    fn new(table: &ArrowTable, by: &[usize]) -> Result<Self, Error> {
        let fields = by.iter().map(|place| SortField::new(table.schema().field(*place).data_type().clone()));
        let converter = RowConverter::new(fields.collect()).map_err(|error| no_group(&error))?;
        let mut known: HashMap<Box<[u8]>, u32> = HashMap::new();
        let mut numbered = Self { groups: Vec::new(), sizes: Vec::new(), first: Vec::new() };
        for (part, batch) in (0_u32..).zip(table.batches()) {
            let columns: Vec<ArrayRef> = by.iter().map(|place| batch.column(*place).clone()).collect();
            let keys = converter.convert_columns(&columns).map_err(|error| no_group(&error))?;
            // Rows of a group often stand together.
            let mut before: Option<(&[u8], u32)> = None;
            for (row, key) in (0_u32..).zip(&keys) {
                let key = key.data();
                let group = match before {
                    Some((same, group)) if same == key => group,
                    _ => match known.get(key) {
                        Some(group) => *group,
                        None => {
                            let group = u32::try_from(known.len()).map_err(|_| too_many())?;
                            known.insert(key.into(), group);
                            numbered.sizes.push(0);
                            numbered.first.push([part, row]);
                            group
                        }
                    },
                };
                before = Some((key, group));
                numbered.sizes[group as usize] += 1;
                numbered.groups.push(group);
            }
        }
        Ok(numbered)
    }
}

fn no_group(error: &ArrowError) -> Error {
    usage(format!("a column of this type makes no groups: {error}"), "group by text, numbers or dates")
}

fn too_many() -> Error {
    usage("there are more than 4,294,967,295 groups", "pool them in parts")
}
