//! A study that is known from elsewhere.

use std::collections::BTreeMap;

use crate::data::Dataset;
use crate::error::Error;

/// One reading of a study: its people, and the events of each outcome where they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// People.
    pub total: u64,
    /// The events of the first and of the second outcome.
    pub events: [Option<u64>; 2],
}

/// A study that is known from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStudy {
    /// Its name.
    pub study: String,
    /// Its counts; more than one where sources differ.
    pub readings: Vec<Reading>,
    /// Whether the published analysis may have left it out.
    pub optional: bool,
}

impl KnownStudy {
    /// The studies of a table that was read twice, once with the events of each outcome. A row that only one of the
    /// two has is a study whose other events are not known; rows of one name are readings of one study.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the events of a row add up to more than its total, or the data are estimates.
    ///
    /// ```
    /// use metaprop::{Dataset, published::reconstruct::joint::KnownStudy};
    ///
    /// let good = Dataset::proportions([("Liu 2017", 38, 65), ("Dai 2019", 3, 3)])?;
    /// let partial = Dataset::proportions([("Liu 2017", 12, 65)])?;
    /// let known = KnownStudy::from_tables(&good, &partial)?;
    /// assert_eq!(known[0].readings[0].events, [Some(38), Some(12)]);
    /// assert_eq!(known[1].readings[0].events, [Some(3), None]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn from_tables(first: &Dataset, second: &Dataset) -> Result<Vec<Self>, Error> {
        let mut rows: BTreeMap<u32, (String, Reading)> = BTreeMap::new();
        for (outcome, table) in [first, second].into_iter().enumerate() {
            for row in table.counted()? {
                let fresh = Reading { total: row.counts.total(), events: [None; 2] };
                let (name, reading) = rows.entry(row.line).or_insert((row.name.to_string(), fresh));
                if **name != *row.name || reading.total != row.counts.total() {
                    return Err(Error::usage(format!(
                        "line {} is not of the same study in both tables",
                        row.line
                    )));
                }
                reading.events[outcome] = Some(row.counts.events());
            }
        }
        let mut studies: Vec<Self> = Vec::new();
        for (name, reading) in rows.into_values() {
            let events: u64 = reading.events.iter().flatten().sum();
            if events > reading.total {
                return Err(Error::usage(format!(
                    "{name}: the events of the two outcomes are {events} of {} people",
                    reading.total
                )));
            }
            match studies.iter_mut().find(|of| of.study == name) {
                Some(study) => study.readings.push(reading),
                None => studies.push(Self { study: name, readings: vec![reading], optional: false }),
            }
        }
        Ok(studies)
    }

    /// The counts as they are shown: `21 + 21 of 66`, with `?` for what is not known.
    #[must_use]
    pub fn counts(&self) -> String {
        let shown = |events: Option<u64>| events.map_or_else(|| "?".to_string(), |events| events.to_string());
        let readings = self.readings.iter().map(|reading| {
            let [first, second] = reading.events.map(shown);
            format!("{first} + {second} of {}", reading.total)
        });
        readings.collect::<Vec<_>>().join(" or ")
    }

    /// In how many ways the study can be in a table or not.
    pub(super) fn choices(&self) -> u64 {
        self.readings.len() as u64 + u64::from(self.optional)
    }
}
