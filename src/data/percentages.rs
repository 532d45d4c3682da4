//! A table with a column of percentages instead of counts.
//!
//! A printed percentage of a known number of people stands for a range of counts, usually for one. The count
//! nearest to the printed value is used and the others are listed; where there is none the percentage is
//! impossible (GRIM).

use super::{Excluded, Provenance};
use crate::advisory::Advisory;
use crate::error::Error;
use crate::options::OnImpossible;
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
    /// What is done with those that no count gives.
    pub on_impossible: OnImpossible,
    /// Remarks made while reading.
    pub advisories: Vec<Advisory>,
}

impl Percentages {
    /// How many rows are impossible: no count gives their percentage.
    #[must_use]
    pub fn impossible(&self) -> usize {
        self.rows.iter().filter(|row| row.derived().is_none()).count()
    }

    /// How many of them keep the table from being pooled: none where they are left out or replaced by the nearest count.
    #[must_use]
    pub fn blocking(&self) -> usize {
        if self.on_impossible == OnImpossible::Stop { self.impossible() } else { 0 }
    }
}

impl PercentRow {
    /// The counts that the percentage can stand for; `None` where it is impossible.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        derive(&self.percent, self.total)
    }

    /// That no count gives the percentage, and why that can be.
    #[must_use]
    pub fn not_a_count(&self) -> String {
        let (percent, total) = (&self.percent, self.total);
        format!("{percent} is not a plain count of {total}: another denominator, imputation or a misprint")
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
