//! The studies, the printed figures, and what is searched.

use crate::data::{Dataset, PercentRow, Study};
use crate::options::Request;
use crate::published::claim::Claim;

/// What [`reproduce`](super::reproduce) looks for, and where.
#[derive(Debug, Clone)]
pub struct ReproduceQuery<'q> {
    /// The studies.
    pub table: &'q Dataset,
    /// The printed fields.
    pub printed: &'q Claim,
    /// The choices that are known; the others are searched.
    pub explicit: Request,
    /// Whether the data are also tried with one error undone.
    pub data_errors: bool,
    /// Rows that were read and omitted, by a filter for instance: with `data_errors` each is tried as pooled.
    pub omitted_rows: &'q [Study],
    /// The percentages that the counts were derived from: with `data_errors` the other counts that give the
    /// printed percentage are tried.
    pub percentages: &'q [PercentRow],
    /// How many matches are listed.
    pub list: usize,
}

impl<'q> ReproduceQuery<'q> {
    /// Every specification on the data as they were read, with ten matches listed.
    #[must_use]
    pub fn new(table: &'q Dataset, printed: &'q Claim) -> Self {
        Self {
            table,
            printed,
            explicit: Request::default(),
            data_errors: false,
            omitted_rows: &[],
            percentages: &[],
            list: 10,
        }
    }
}
