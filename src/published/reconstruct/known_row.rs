//! A row that is known from elsewhere.

use std::collections::BTreeMap;

use crate::data::{Counts, Dataset};
use crate::error::Error;

/// A row that is known from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// The study's name.
    pub study: String,
    /// Its counts; more than one where sources differ.
    pub readings: Vec<Counts>,
    /// Whether the published analysis may have left the row out.
    pub optional: bool,
}

impl KnownRow {
    /// A row that was in the table with these counts.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the events are more than the total, or the total is 0.
    ///
    /// ```
    /// use metaprop::published::reconstruct::KnownRow;
    /// let liu = KnownRow::new("Liu 2017", 38, 65)?.or(52, 90)?.optional();
    /// assert_eq!(liu.readings.len(), 2);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn new(study: impl Into<String>, events: u64, total: u64) -> Result<Self, Error> {
        let row = Self { study: study.into(), readings: Vec::new(), optional: false };
        row.or(events, total)
    }

    /// The same row, with these counts as an alternative.
    ///
    /// # Errors
    ///
    /// As [`KnownRow::new`].
    pub fn or(mut self, events: u64, total: u64) -> Result<Self, Error> {
        let counts = Counts::new(events, total);
        let Some(counts) = counts else {
            return Err(Error::usage(format!("{}: {events} events of a total of {total}", self.study)));
        };
        self.readings.push(counts);
        Ok(self)
    }

    /// The same row, which may have been left out.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The rows of a table; rows of the same name are alternatives of one study.
    ///
    /// # Errors
    ///
    /// As [`KnownRow::new`]; and [`Error::Usage`] where the data are estimates.
    ///
    /// ```
    /// use metaprop::{Dataset, published::reconstruct::KnownRow};
    /// let table = Dataset::proportions([("Liu 2017", 38, 65), ("Liu 2017", 52, 90), ("Dai 2019", 3, 3)])?;
    /// let rows = KnownRow::from_table(&table)?;
    /// assert_eq!(rows.iter().map(|row| row.readings.len()).collect::<Vec<_>>(), [2, 1]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn from_table(table: &Dataset) -> Result<Vec<Self>, Error> {
        let (mut rows, mut indices) = (Vec::<Self>::new(), BTreeMap::new());
        for study in table.counted()? {
            let (events, total) = (study.counts.events(), study.counts.total());
            match indices.get(&study.name) {
                Some(&index) => {
                    let row: &mut Self = &mut rows[index];
                    *row = row.clone().or(events, total)?;
                }
                None => {
                    indices.insert(study.name.clone(), rows.len());
                    rows.push(Self::new(&*study.name, events, total)?);
                }
            }
        }
        Ok(rows)
    }

    /// In how many ways the row can be in a table or not.
    pub(super) fn choices(&self) -> usize {
        self.readings.len() + usize::from(self.optional)
    }
}
