//! The studies, the printed figures, and what is searched.

use std::sync::Arc;

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

/// A query that another thread can keep.
#[derive(Clone)]
pub(super) struct OwnedQuery {
    table: Dataset,
    pub printed: Arc<Claim>,
    pub explicit: Request,
    data_errors: bool,
    omitted_rows: Vec<Study>,
    percentages: Vec<PercentRow>,
    pub list: usize,
}

impl OwnedQuery {
    pub fn new(query: &ReproduceQuery<'_>) -> Self {
        Self {
            table: query.table.clone(),
            printed: Arc::new(query.printed.clone()),
            explicit: query.explicit,
            data_errors: query.data_errors,
            omitted_rows: query.omitted_rows.to_vec(),
            percentages: query.percentages.to_vec(),
            list: query.list,
        }
    }

    pub fn borrowed(&self) -> ReproduceQuery<'_> {
        ReproduceQuery {
            table: &self.table,
            printed: &self.printed,
            explicit: self.explicit,
            data_errors: self.data_errors,
            omitted_rows: &self.omitted_rows,
            percentages: &self.percentages,
            list: self.list,
        }
    }
}
