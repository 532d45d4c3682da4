//! What the values of a row give: a study, a reason to leave it out, or something to put right.

use crate::error::Problem;

/// What a row gives.
#[derive(Debug)]
pub(super) enum Given<T> {
    /// What was measured in a study.
    Value(T),
    /// No study, and why.
    Nothing(&'static str),
    /// Cells that cannot be what they stand for.
    Wrong(Vec<Wrong>),
}

/// What is wrong with the cell in a column, and what to do.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong {
    pub column: usize,
    pub what: String,
    pub help: String,
}

impl Wrong {
    pub(super) fn new(column: usize, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { column, what: what.into(), help: help.into() }
    }

    /// The problem, with the column's name.
    pub(super) fn problem(self, column: String) -> Problem {
        Problem::new(self.what).in_column(column).help(self.help)
    }
}

impl<T> From<Wrong> for Given<T> {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(vec![wrong])
    }
}

/// Two cells that were read, or all that is wrong with them.
pub(super) fn both<A, B>(one: Result<A, Wrong>, other: Result<B, Wrong>) -> Result<(A, B), Vec<Wrong>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(one.err().into_iter().chain(other.err()).collect()),
    }
}
