//! The error type: what went wrong, where, why, and what to do about it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use crate::format::{self, sanitize};

/// Everything that can stop an analysis. [`exit_code`](Error::exit_code) gives the exit code of the program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An option value that does not exist, does not apply, or contradicts another.
    #[error("{}", Problems(.0))]
    Usage(Vec<Problem>),
    /// An analysis file that cannot be parsed or contains unknown keys or values.
    #[error("{}", Problems(.0))]
    AnalysisFile(Vec<Problem>),
    /// Data that cannot be read as counts: every bad row, not only the first.
    #[error("{}", Problems(.0))]
    Data(Vec<Problem>),
    /// An iteration that found no certified optimum.
    #[error("no convergence: {0}")]
    NoConvergence(String),
    /// A file that could not be read or written.
    #[error("{}: {action}: {source}", format::path(path))]
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// "cannot read" or "cannot write".
        action: &'static str,
        /// The error of the operating system.
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
    /// A usage error with one problem.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::Usage(vec![Problem::new(what)])
    }

    /// A data error with one problem that is not in a particular row.
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

/// One problem: where it is, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Problem {
    /// The file, as it was named; empty if there is none.
    pub file: String,
    /// The line in the file, counted from 1.
    pub line: Option<u64>,
    /// The name of the column.
    pub column: Option<String>,
    /// What is wrong, with the value seen, in one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// The same problem with its file and line.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: impl Into<Option<u64>>) -> Self {
        self.file = file.into();
        self.line = line.into();
        self
    }

    /// The same problem with its column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same problem with a hint what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    /// `bad.csv:3: column 'events': 24 events are more than the total 20 (help: …)`, with nothing that a terminal would act
    /// on, and the problem and its help on a line each: both may quote what a stranger wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", sanitize(&self.file))?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        }
        if let Some(column) = &self.column {
            write!(f, "column '{}': ", sanitize(column))?;
        }
        write!(f, "{}", sanitize(&self.what))?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {}", sanitize(help)))
    }
}

/// At most this many problems are named; the others are counted.
pub(crate) const SHOWN_PROBLEMS: usize = 50;

/// Problems of one file, the first of them in full and the rest counted.
#[derive(Debug, Default)]
pub(crate) struct ManyProblems {
    first: Vec<Problem>,
    more: usize,
}

impl ManyProblems {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.push_with(|| problem);
    }

    /// Adds a problem that is costly to put in words.
    pub(crate) fn push_with(&mut self, problem: impl FnOnce() -> Problem) {
        if self.first.len() < SHOWN_PROBLEMS {
            self.first.push(problem());
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Whether one of those in full says this.
    pub(crate) fn has_said(&self, what: &str) -> bool {
        self.first.iter().any(|problem| problem.what == what)
    }

    /// The problems by line, and how many more there are.
    pub(crate) fn in_order(mut self, file: &str) -> Vec<Problem> {
        self.first.sort_by_key(|problem| problem.line);
        if self.more > 0 {
            let what = format!("… and {} more problems like these", self.more);
            self.first.push(Problem::new(what).at(file, None));
        }
        self.first
    }
}

/// Displays problems one per line; a help that several share stands once, below the last of them.
struct Problems<'a>(&'a [Problem]);

impl fmt::Display for Problems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = HashSet::new();
        let mut last: Vec<bool> = self
            .0
            .iter()
            .rev()
            .map(|problem| problem.help.as_ref().is_some_and(|help| said.insert(help)))
            .collect();
        last.reverse();
        for (index, (problem, last)) in self.0.iter().zip(last).enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let problem = if last {
                Cow::Borrowed(problem)
            } else {
                Cow::Owned(Problem { help: None, ..problem.clone() })
            };
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// A value of a file as messages show it, in quotes.
pub(crate) fn quoted(value: &str) -> String {
    format!("'{}'", shown(value))
}

/// A value of a file as messages show it: cut, and control characters escaped.
pub(crate) fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let cut = value.chars().nth(LONGEST).is_some();
    let shown: String = value.chars().take(LONGEST).flat_map(Shown::of).collect();
    if cut { format!("{shown}…") } else { shown }
}

/// One character as it is, or escaped where a terminal would act on it.
enum Shown {
    Plain(std::iter::Once<char>),
    Escaped(std::char::EscapeDefault),
}

impl Shown {
    fn of(c: char) -> Self {
        let directs =
            matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || directs {
            Self::Escaped(c.escape_default())
        } else {
            Self::Plain(std::iter::once(c))
        }
    }
}

impl Iterator for Shown {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Plain(c) => c.next(),
            Self::Escaped(c) => c.next(),
        }
    }
}

/// No word that is known is nearly as long.
const LONGEST_WORD: usize = 200;

/// The word in `known` that is most similar to `typed`, if one is similar enough; for "did you mean" hints.
///
/// ```
/// assert_eq!(metaprop::error::nearest("remel", ["dl", "reml"]), Some("reml"));
/// assert_eq!(metaprop::error::nearest("xyzzy", ["dl", "reml"]), None);
/// ```
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > LONGEST_WORD {
        return None;
    }
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&typed, &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
