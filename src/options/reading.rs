//! What is asked of a table: which columns, which decimal sign, which rows.

use std::str::FromStr;

use crate::error::{Error, Problem};

/// How a table is to be read. The default finds the columns by their names and keeps every row.
///
/// ```
/// use metaprop::io::read::read_bytes;
/// use metaprop::options::ReadOptions;
/// let options = ReadOptions { events: Some("good".into()), ..ReadOptions::default() };
/// let table = read_bytes(b"study,good,partial,n\nA,3,1,10\n", "-", &options)?;
/// assert_eq!(table.counts().unwrap()[0].events(), 3);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The columns that name a study, joined by a space; none: found by name.
    pub study: Vec<String>,
    /// The column of events; `None`: found by name.
    pub events: Option<String>,
    /// The column of percentages from which events are derived, in place of a column of events.
    pub percent: Option<String>,
    /// The column of totals; `None`: found by name.
    pub total: Option<String>,
    /// The sign before the decimals of a number.
    pub decimal: Decimal,
    /// Only rows that pass all of these are read.
    pub filters: Vec<Filter>,
    /// Of a long table, the rows of this outcome: the value of a column named outcome,
    /// endpoint or measure.
    pub outcome: Option<String>,
}

/// The sign before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Decimal {
    /// `3.5`
    #[default]
    Point,
    /// `3,5`
    Comma,
}

impl Decimal {
    /// The sign itself.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// `.` or `point`, `,` or `comma`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_lowercase().as_str() {
            "." | "point" => Ok(Self::Point),
            "," | "comma" => Ok(Self::Comma),
            _ => Err(Error::Usage(vec![
                Problem::new(format!("'{}' is no decimal sign", text.escape_debug())).help("write . or ,"),
            ])),
        }
    }
}

/// Keep the rows whose cell in a column is a value, both without outer blanks.
///
/// ```
/// use metaprop::options::Filter;
/// let filter: Filter = "design = retrospective".parse()?;
/// assert_eq!((&*filter.column, &*filter.value), ("design", "retrospective"));
/// assert!("design".parse::<Filter>().is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column's name.
    pub column: String,
    /// What its cell has to be; empty for the rows where it is empty.
    pub value: String,
}

impl FromStr for Filter {
    type Err = Error;

    /// `COL=VALUE`; what stands before the first `=` is the column.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once('=') {
            Some((column, value)) if !column.trim().is_empty() => {
                Ok(Self { column: column.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err(Error::Usage(vec![
                Problem::new(format!("'{}' is no condition on a column", text.escape_debug()))
                    .help("write COL=VALUE, such as design=retrospective"),
            ])),
        }
    }
}
