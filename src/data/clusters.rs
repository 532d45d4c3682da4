//! Which studies belong together: rows of one study, arms of one trial, series of one centre.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::cell::is_missing;

/// The cluster of each study, in the order of the studies.
///
/// A study without a value (a blank cell, `NA` and its like) is a cluster of its own.
///
/// ```
/// use metaprop::data::Clusters;
/// let clusters = Clusters::new("trial", ["one", "two", "one", "NA"]);
/// assert_eq!((0..4).map(|study| clusters.of(study)).collect::<Vec<_>>(), [0, 1, 0, 2]);
/// assert_eq!((clusters.column(), clusters.name(2), clusters.name(3)), ("trial", Some("one"), None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    column: String,
    of: Arc<Vec<u32>>,
    /// The name of each cluster; none where it is that of a study without a value.
    names: Arc<Vec<Option<Box<str>>>>,
}

impl Clusters {
    /// Of the cells of a column, one a study.
    #[must_use]
    pub fn new<C: AsRef<str>>(column: impl Into<String>, cells: impl IntoIterator<Item = C>) -> Self {
        let mut places: HashMap<Box<str>, u32> = HashMap::new();
        let mut names: Vec<Option<Box<str>>> = Vec::new();
        let mut of = Vec::new();
        for cell in cells {
            let cell = cell.as_ref().trim();
            let next = names.len() as u32;
            let place = if is_missing(cell) { next } else { *places.entry(cell.into()).or_insert(next) };
            if place == next {
                names.push((!is_missing(cell)).then(|| cell.into()));
            }
            of.push(place);
        }
        Self { column: column.into(), of: Arc::new(of), names: Arc::new(names) }
    }

    /// The column that they were read from.
    #[must_use]
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.of.len()
    }

    /// The cluster of a study, both counted from 0.
    ///
    /// # Panics
    ///
    /// Where there is no such study.
    #[must_use]
    pub fn of(&self, study: usize) -> u32 {
        self.of[study]
    }

    /// The name of the cluster of a study; `None` where the study has no value in the column.
    #[must_use]
    pub fn name(&self, study: usize) -> Option<&str> {
        self.names[self.of[study] as usize].as_deref()
    }

    /// How many clusters these studies are of, and how many of those have several of them.
    #[must_use]
    pub fn among(&self, studies: &[u32]) -> [usize; 2] {
        let (mut seen, mut several) = (HashSet::new(), HashSet::new());
        for study in studies {
            let cluster = self.of(*study as usize);
            if !seen.insert(cluster) {
                several.insert(cluster);
            }
        }
        [seen.len(), several.len()]
    }

    /// The clusters of these studies, counted from 0, in this order.
    pub(super) fn of_studies(&self, studies: &[u32]) -> Self {
        let of = studies.iter().map(|study| self.of(*study as usize)).collect();
        Self { of: Arc::new(of), ..self.clone() }
    }
}
