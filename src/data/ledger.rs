//! What became of every row.

use serde::{Deserialize, Serialize};

/// A row that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The study's name.
    pub study: String,
    /// Its line in the file.
    pub line: u32,
    /// Why, in a few words.
    pub reason: String,
    /// How many people it had, where that is known and its events are not.
    pub total: Option<u64>,
}

/// What became of every row that was read: it is a study, it was excluded, or a filter left it out.
///
/// ```
/// use metaprop::io::read::read_bytes;
/// use metaprop::options::ReadOptions;
/// let csv = b"study,events,total,design\nA,3,10,trial\nB,NA,9,trial\nC,5,9,cohort\n";
/// let options = ReadOptions { filters: vec!["design=trial".parse()?], ..ReadOptions::default() };
/// let ledger = read_bytes(csv, "-", &options)?.ledger().clone();
/// assert_eq!((ledger.read, ledger.used(), ledger.excluded.len(), ledger.filtered), (3, 1, 1, 1));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Ledger {
    /// How many rows there were below the header, blank ones apart.
    pub read: usize,
    /// How many of them the filters left out.
    pub filtered: usize,
    /// The rows that were excluded, by line.
    pub excluded: Vec<Excluded>,
}

impl Excluded {
    /// A row of this name on this line, and why it was left out.
    ///
    /// ```
    /// use metaprop::data::Excluded;
    /// assert_eq!(Excluded::new("Beta 2002", 3, "events missing").total, None);
    /// ```
    pub fn new(study: impl Into<String>, line: u32, reason: impl Into<String>) -> Self {
        Self { study: study.into(), line, reason: reason.into(), total: None }
    }

    /// Why the totals of a table, which are no study, are left out.
    pub(crate) const TOTALS: &str = "totals row";

    /// Whether it is the row of totals.
    #[must_use]
    pub fn is_totals(&self) -> bool {
        self.reason == Self::TOTALS
    }
}

impl Ledger {
    /// How many rows are studies: those read that were neither excluded nor left out by a filter.
    #[must_use]
    pub fn used(&self) -> usize {
        self.read - self.filtered - self.excluded.len()
    }
}
