//! Where data are: a file, its columns, and which of its rows are taken.

use super::section::{Section, Text};
use crate::options::{OptionSet, ReadOptions};

/// A file and how it is to be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// The file, beside the analysis file, or `@name`.
    pub file: Option<String>,
    /// Its columns and which of its rows are taken.
    pub read: ReadOptions,
}

impl Source {
    /// This, with `shared` where it has nothing. Filters add up.
    #[must_use]
    pub fn or(self, shared: &Self) -> Self {
        let shared_read = shared.read.clone();
        // What is pooled is one question: an answer of its own leaves no half of the shared one. The column of totals
        // goes with events and with percentages.
        let read = match (self.read.names_values(), self.read.has_estimates()) {
            (false, _) if self.read.names_precision() => shared_read.without_precision(),
            (false, _) => shared_read,
            (true, true) => shared_read.without_values(),
            (true, false) => ReadOptions { total: shared_read.total.clone(), ..shared_read.without_values() },
        };
        Self { file: self.file.or_else(|| shared.file.clone()), read: self.read.or(read) }
    }
}

/// The keys that say where data are, in `[data]` and in `[[outcome]]`.
pub(super) fn source_keys() -> Vec<&'static str> {
    [FILE].into_iter().chain(ReadOptions::keys()).collect()
}

/// The key of the file with the data.
pub(super) const FILE: &str = "file";

/// Reads them, of whatever section.
pub(super) fn data_source(section: &Section<'_>, source: &mut Text<'_>) -> Source {
    Source { file: section.text(FILE, source), read: section.options(source) }
}
