//! Rows in groups, each of which is an analysis of its own.

use super::Dataset;
use crate::error::Error;

/// Rows in groups: each group is an analysis of its own.
///
/// A group is told apart by its values in one or more columns. The groups are counted from 0, in the order in which they
/// first appear. What is read of a group is read when it is asked for, so that as many groups as there are take no memory
/// of their own.
pub trait Groups: Sync {
    /// The names of the columns that tell the groups apart.
    fn columns(&self) -> &[String];

    /// How many groups there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of a group in these columns; a missing one is empty.
    fn values(&self, group: usize) -> Vec<String>;

    /// The rows of a group.
    fn group(&self, group: usize) -> Group;
}

/// The rows of one group.
#[derive(Debug)]
#[non_exhaustive]
pub struct Group {
    /// The studies, or what is wrong with the rows.
    pub data: Result<Dataset, Error>,
    /// How many rows were left out while reading.
    pub excluded: usize,
}

impl Group {
    /// Of studies, or of what is wrong with the rows, of which so many are known to be left out then.
    pub(crate) fn new(data: Result<Dataset, Error>, excluded: usize) -> Self {
        let excluded = data.as_ref().map_or(excluded, |data| data.ledger().excluded.len());
        Self { data, excluded }
    }
}
