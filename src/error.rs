//! The one public error: what went wrong, where, why, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// Everything that can stop a run. Its [`exit_code`](Error::exit_code) is the program's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A choice that does not exist, does not apply, or contradicts another.
    #[error("{}", Problems(.0))]
    Usage(Vec<Problem>),
    /// An analysis file that cannot be understood.
    #[error("{}", Problems(.0))]
    AnalysisFile(Vec<Problem>),
    /// Data that cannot be read as counts: every bad row, not the first alone.
    #[error("{}", Problems(.0))]
    Data(Vec<Problem>),
    /// An iteration that found no certified optimum.
    #[error("no convergence: {0}")]
    NoConvergence(String),
    /// A file that could not be read or written.
    #[error("{}: {action}: {source}", path.display())]
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// What was tried: "cannot read", "cannot write".
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<std::convert::Infallible> for Error {
    /// A conversion that cannot fail has no error.
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl Error {
    /// One problem with the way the program or the library was called.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Usage(vec![Problem::new(what)])
    }

    /// One problem with the data as a whole.
    pub fn data(what: impl Into<String>) -> Self {
        Self::Data(vec![Problem::new(what)])
    }

    /// The exit code of the program that stops with this error: 2 usage or analysis file,
    /// 3 data rejected, 4 no convergence, 5 a file could not be read or written.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::AnalysisFile(_) => 2,
            Self::Data(_) => 3,
            Self::NoConvergence(_) => 4,
            Self::File { .. } => 5,
        }
    }
}

/// One thing that is wrong: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// The file, as it was named; empty where there is none.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
    /// What is wrong, with the value seen, in one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem that is in no particular place.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// The same problem, in a file and on a line.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: impl Into<Option<u64>>) -> Self {
        self.file = file.into();
        self.line = line.into();
        self
    }

    /// The same problem, in a column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same problem, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    /// `bad.csv:3: column 'events': 24 events are more than the total 20 (help: …)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        }
        if let Some(column) = &self.column {
            write!(f, "column '{column}': ")?;
        }
        write!(f, "{}", self.what)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

/// Problems one below the other.
struct Problems<'a>(&'a [Problem]);

impl fmt::Display for Problems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// The word among `known` that `typed` is most likely meant to be, if one is near.
///
/// ```
/// assert_eq!(metaprop::error::nearest("remel", ["dl", "reml"]), Some("reml"));
/// assert_eq!(metaprop::error::nearest("xyzzy", ["dl", "reml"]), None);
/// ```
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&typed, &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
