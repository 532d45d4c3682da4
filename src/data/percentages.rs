//! A column of percentages instead of counts: what each can count, and the count that is taken.
//!
//! A printed percentage of a known number of people is a range of counts, most often of one. The count
//! nearest to the printed value is taken and the others are listed; where there is none the percentage is
//! impossible (GRIM), and so is the row.

use super::dataset::{Excluded, Provenance};
use crate::error::Error;
use crate::printed::Printed;
use crate::printed::grim::{Derived, Grim, derive, grim};

/// A row of a table of percentages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PercentRow {
    /// The study's name.
    pub study: Box<str>,
    /// Its line in the file.
    pub line: u32,
    /// The percentage as it was printed, with the unit of the column.
    pub percent: Printed,
    /// Of how many people; above 0.
    pub total: u64,
}

/// The percentages of a table, whether they are possible or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Percentages {
    /// The rows that have a percentage and a total.
    pub rows: Vec<PercentRow>,
    /// The rows that were left out, by line.
    pub excluded: Vec<Excluded>,
    /// Where the table came from.
    pub provenance: Provenance,
    /// The column of the percentages.
    pub column: String,
}

impl Percentages {
    /// How many rows are impossible: no count of their total is printed so.
    #[must_use]
    pub fn impossible(&self) -> usize {
        self.rows.iter().filter(|row| row.derived().is_none()).count()
    }
}

impl PercentRow {
    /// What the percentage can count; `None` where it is impossible.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        derive(&self.percent, self.total)
    }

    /// The percentage held against the total.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] as [`grim`].
    pub fn grim(&self) -> Result<Grim, Error> {
        grim(&self.percent, self.total)
    }
}
