//! What the columns of a table hold, and which of them are read as what.

use serde::Serialize;

use super::Provenance;
use crate::error::Problem;
use crate::options::Decimal;

/// The columns of a table before anything is pooled.
///
/// ```
/// use metaprop::data::FoundBy;
/// use metaprop::io::read::read_columns;
/// use metaprop::options::ReadOptions;
///
/// let table = read_columns(b"study,cases,n\nA,3,10\nB,NR,20\n", "-", &ReadOptions::default())?;
/// let cases = &table.columns[1];
/// assert_eq!((cases.role, cases.by), (Some("events"), Some(FoundBy::Name)));
/// assert_eq!((cases.values, cases.missing, &*cases.example), (1, 1, "3"));
/// assert!(table.problems.is_empty());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableColumns {
    /// Where the table came from.
    pub provenance: Provenance,
    /// The line of the header; `None` where the names stand on none.
    pub header_line: Option<u32>,
    /// How many rows are below it.
    pub rows: usize,
    /// What stands between two cells of a text.
    pub delimiter: Option<char>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
    /// The decimal mark: the comma where a column has it.
    pub decimal: Decimal,
    /// Every column, in the order of the table.
    pub columns: Vec<TableColumn>,
    /// Why the table cannot be pooled as it is; empty where it can.
    pub problems: Vec<Problem>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableColumn {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its position, counted from 1: `#3` names the third.
    pub position: usize,
    /// What it is read as: study, year, events, total, percent, estimate, se, variance, lower, upper or filter; `None`
    /// for a column that is kept as it is.
    pub role: Option<&'static str>,
    /// How it was found.
    pub by: Option<FoundBy>,
    /// Why it is read so, or why it is not although its name is known; empty where there is nothing to say.
    pub why: String,
    /// What it holds, in a few words.
    pub holds: String,
    /// How many cells hold something.
    pub values: usize,
    /// How many are missing.
    pub missing: usize,
    /// The first cell that holds something.
    pub example: String,
}

/// How a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FoundBy {
    /// A flag names it.
    Flag,
    /// Its name is known.
    Name,
    /// Its cells.
    Content,
}

impl FoundBy {
    /// The word for it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Name => "name",
            Self::Content => "content",
        }
    }
}
