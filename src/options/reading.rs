//! What is asked of a table: which columns, which decimal sign, which rows.

use std::fmt;
use std::str::FromStr;

use super::kind::{Kind, Shape, TEXT, Typed};
use super::row::option_set;
use crate::error::{Error, Problem};

/// A condition on a column.
const FILTER: Kind<Filter> = Kind {
    shape: Shape::Text,
    parse: |_, typed| typed.parse(),
    typed: |filter| Typed::Text(filter.to_string()),
    check: |_, _| Ok(()),
};

/// A decimal mark.
const DECIMAL: Kind<Decimal> = Kind {
    shape: Shape::Sign(&[".", ","]),
    parse: |_, typed| typed.parse(),
    typed: |decimal| Typed::Text(decimal.sign().to_string()),
    check: |_, _| Ok(()),
};

option_set! {
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
    ReadOptions, "Table", {
        /// The column of study names (repeatable: joined by a space). Common names are found without it.
        study: joined String { key: "study", kind: TEXT, value_name: "COL" }

        /// The column of events.
        ///
        /// Found by its name where there is none.
        events: single String { key: "events", kind: TEXT, value_name: "COL" }

        /// The column of percentages as printed, from which the events are derived, in place of a column of
        /// events.
        percent: single String { key: "percent", kind: TEXT, value_name: "COL", conflicts: &["events"] }

        /// The column of totals.
        ///
        /// Found by its name where there is none.
        total: single String { key: "total", kind: TEXT, value_name: "COL" }

        /// The decimal mark of the table.
        decimal: single Decimal { key: "decimal", kind: DECIMAL, value_name: "MARK", default: Some(".") }

        /// The outcome to keep, of a table with a column of outcomes.
        ///
        /// It is a value of a column named outcome, endpoint or measure.
        outcome: single String { key: "outcome", kind: TEXT, value_name: "VALUE" }

        /// Keep the rows whose column has this value (repeatable).
        filters: list Filter { key: "where", kind: FILTER, value_name: "COL=VALUE" }
    }
}

/// The sign before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
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

impl fmt::Display for Filter {
    /// `COL=VALUE`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.column, self.value)
    }
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
