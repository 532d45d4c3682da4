//! A table with a column of percentages instead of counts.
//!
//! A printed percentage of a known number of people stands for a range of counts, usually for one. The count
//! nearest to the printed value is used and the others are listed; where there is none the percentage is
//! impossible (GRIM).

use super::{Excluded, Provenance};
use crate::error::Error;
use crate::printed::Printed;
use crate::printed::grim::{Derived, Grim, derive, grim};

/// A row of a table of percentages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PercentRow {
    /// The study's name.
    pub study: Box<str>,
    /// Its line in the file.
    pub line: u32,
    /// The percentage as it was printed, in the unit of the column.
    pub percent: Printed,
    /// The number of people, above 0.
    pub total: u64,
}

/// The percentages of a table, possible or not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Percentages {
    /// The rows that have a percentage and a total.
    pub rows: Vec<PercentRow>,
    /// The rows that were left out, by line.
    pub excluded: Vec<Excluded>,
    /// Where the table came from.
    pub provenance: Provenance,
    /// The name of the column of percentages.
    pub column: String,
}

impl Percentages {
    /// How many rows are impossible: no count gives their percentage.
    #[must_use]
    pub fn impossible(&self) -> usize {
        self.rows.iter().filter(|row| row.derived().is_none()).count()
    }
}

impl PercentRow {
    /// The counts that the percentage can stand for; `None` where it is impossible.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        derive(&self.percent, self.total)
    }

    /// Whether some count of the total gives the percentage.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] as [`grim`].
    pub fn grim(&self) -> Result<Grim, Error> {
        grim(&self.percent, self.total)
    }
}
