//! What was measured in each study.

use std::sync::Arc;

use super::{Counts, Estimate};

/// What was measured in each study.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Studies {
    /// Events out of a total.
    Proportions(Arc<Vec<Counts>>),
    /// An estimate with its variance, on the scale on which it is pooled.
    Generic(Arc<Vec<Estimate>>),
}

impl Studies {
    /// The number of studies.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Proportions(counts) => counts.len(),
            Self::Generic(estimates) => estimates.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// These studies, counted from 0, in this order.
    pub(crate) fn of(&self, studies: &[u32]) -> Self {
        fn of<T: Copy>(all: &[T], studies: &[u32]) -> Arc<Vec<T>> {
            Arc::new(studies.iter().map(|study| all[*study as usize]).collect())
        }
        match self {
            Self::Proportions(counts) => Self::Proportions(of(counts, studies)),
            Self::Generic(estimates) => Self::Generic(of(estimates, studies)),
        }
    }

    /// The counts, where there are counts.
    #[must_use]
    pub fn counts(&self) -> Option<&[Counts]> {
        match self {
            Self::Proportions(counts) => Some(counts),
            Self::Generic(_) => None,
        }
    }

    /// The estimates, where there are estimates in place of counts.
    #[must_use]
    pub fn estimates(&self) -> Option<&[Estimate]> {
        match self {
            Self::Proportions(_) => None,
            Self::Generic(estimates) => Some(estimates),
        }
    }
}

/// One study with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Its name, as typed, trimmed.
    pub name: Box<str>,
    /// Its line in the file, counted from 1; the number of the row where a format has no lines.
    pub line: u32,
    /// Events out of total.
    pub counts: Counts,
}
