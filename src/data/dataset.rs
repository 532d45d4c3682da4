//! The table of studies: order kept, each study knows its line.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Counts;
use crate::advisory::{Advisory, Code};
use crate::error::{Error, Problem};

/// One study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Its name, as typed, trimmed.
    pub name: Box<str>,
    /// Its line in the file, counted from 1 (the header is line 1).
    pub line: u32,
    /// Events out of total.
    pub counts: Counts,
}

/// A row that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The study's name.
    pub study: String,
    /// Its line in the file.
    pub line: u32,
    /// Why, in a few words.
    pub reason: String,
}

/// Where a table came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The relative path as typed, else the file's name, `-` or `@NAME`; empty for data given in code.
    pub data: String,
    /// SHA-256 of the bytes read, in hexadecimal; empty for data given in code.
    pub sha256: String,
}

/// Which columns of a file the studies came from; empty for data given in code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnsRead {
    /// The columns that make a study's name, joined by a space.
    pub study: Vec<String>,
    /// The column of events; empty where they were derived from percentages.
    pub events: String,
    /// The column of percentages; empty where there are events.
    pub percent: String,
    /// The column of totals.
    pub total: String,
}

/// Studies in the order of the file, what was left out of them, and where they came from.
///
/// Cloning is cheap: the studies are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The studies that have counts.
    pub studies: Arc<[Study]>,
    /// The rows that were left out, by line.
    pub excluded: Vec<Excluded>,
    /// Where the table came from.
    pub provenance: Provenance,
    /// Remarks made while reading.
    pub advisories: Vec<Advisory>,
    /// Which columns were read.
    pub columns: ColumnsRead,
}

impl Dataset {
    /// A table of these studies.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no study.
    pub fn new(studies: Vec<Study>, excluded: Vec<Excluded>, provenance: Provenance) -> Result<Self, Error> {
        if studies.is_empty() {
            let problem = Problem::new("no study with counts is left").at(provenance.data.clone(), None);
            return Err(Error::Data(vec![
                problem.help("give at least one row with events and a total above 0"),
            ]));
        }
        Ok(Self {
            studies: studies.into(),
            excluded,
            provenance,
            advisories: Vec::new(),
            columns: ColumnsRead::default(),
        })
    }

    /// A table from names, events and totals given in code; the first is on line 2, as in a file with a header.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] naming every row whose events exceed its total or whose total is 0,
    /// and where there is no row.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// let table = Dataset::from_counts([("A", 3, 10), ("B", 5, 9)])?;
    /// assert_eq!(table.studies.len(), 2);
    /// assert!(Dataset::from_counts([("A", 11, 10)]).is_err());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn from_counts<N: Into<Box<str>>>(
        rows: impl IntoIterator<Item = (N, u64, u64)>,
    ) -> Result<Self, Error> {
        let (mut studies, mut problems) = (Vec::new(), Vec::new());
        for ((name, events, total), line) in rows.into_iter().zip(2..) {
            match Counts::new(events, total) {
                Some(counts) => studies.push(Study { name: name.into(), line, counts }),
                None => problems.push(
                    Problem::new(format!("{events} events of a total of {total}"))
                        .at("counts", u64::from(line)),
                ),
            }
        }
        if problems.is_empty() {
            Self::new(studies, Vec::new(), Provenance::default())
        } else {
            Err(Error::Data(problems))
        }
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.studies.len()
    }

    /// All events and all people; at most `u64::MAX`.
    #[must_use]
    pub fn sums(&self) -> (u64, u64) {
        self.studies.iter().fold((0, 0), |(events, total), s| {
            (events.saturating_add(s.counts.events()), total.saturating_add(s.counts.total()))
        })
    }

    /// The remark on studies that share a name, if any of those at these indices do.
    #[must_use]
    pub fn duplicates(&self, among: &[u32]) -> Option<Advisory> {
        let mut seen: HashMap<&str, u32> = HashMap::with_capacity(self.k());
        let mut repeated: BTreeMap<u32, (&str, Vec<u32>)> = BTreeMap::new();
        for study in among.iter().map(|&index| &self.studies[index as usize]) {
            let first = *seen.entry(&study.name).or_insert(study.line);
            if first != study.line {
                repeated.entry(first).or_insert_with(|| (&study.name, vec![first])).1.push(study.line);
            }
        }
        let (name, first) = repeated.values().next()?;
        let lines: Vec<_> = first.iter().take(5).map(u32::to_string).collect();
        let more = if repeated.len() > 1 {
            format!(", and {} more name(s)", repeated.len() - 1)
        } else {
            String::new()
        };
        let message =
            format!("'{name}' stands on lines {}{more}: kept as separate studies", lines.join(", "));
        Some(Advisory::new(Code::DuplicateStudies, message))
    }
}
