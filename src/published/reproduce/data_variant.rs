//! The data with one error undone: what may have been pooled instead of the table as it was read.

use std::borrow::Cow;

use serde::Serialize;

use super::misprint::Misprint;
use super::query::ReproduceQuery;
use crate::data::{Counts, Study};
use crate::printed::Printed;
use crate::printed::grim::grim;
use crate::published::claim::{Entry, Field, Figure};

/// At most so many other counts are tried for a percentage.
const MOST_COUNTS: usize = 50;

/// One difference between the table and what was pooled, with the studies named as in the table, or between what was
/// printed and what should have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Edit {
    /// The study was not pooled.
    LeftOut {
        /// Its name.
        study: String,
    },
    /// A row that was read and omitted was pooled.
    PutBack {
        /// Its name.
        study: String,
    },
    /// The printed percentage stands for another count.
    Recounted {
        /// The study's name.
        study: String,
        /// The events that were pooled.
        events: u64,
    },
    /// Non-events were pooled as events.
    Swapped {
        /// The study's name.
        study: String,
    },
    /// The row was pooled twice.
    Twice {
        /// The study's name.
        study: String,
    },
    /// Two neighbouring digits of a count were transposed.
    Transposed {
        /// The study's name.
        study: String,
        /// The events that were pooled.
        events: u64,
        /// The total that was pooled.
        total: u64,
    },
    /// A figure was printed wrongly.
    Misprint(Misprint),
}

/// The data as they were read, or with one edit. The studies themselves are made when they are needed: of a large table
/// there are thousands of variants.
pub(super) struct DataVariant {
    edit: Option<(Edit, Change)>,
}

/// What an edit does to the studies.
enum Change {
    /// The study at this place is another.
    Counts(usize, Counts),
    LeaveOut(usize),
    /// A study more at this place.
    Insert(usize, Study),
}

impl DataVariant {
    const AS_READ: Self = Self { edit: None };

    fn new(edit: Edit, change: Change) -> Self {
        Self { edit: Some((edit, change)) }
    }

    /// What was changed, if anything was.
    pub fn edit(&self) -> Option<&Edit> {
        self.edit.as_ref().map(|(edit, _)| edit)
    }

    /// What was changed; empty for the data as they were read.
    pub fn edits(&self) -> Vec<Edit> {
        self.edit.iter().map(|(edit, _)| edit.clone()).collect()
    }

    /// The studies after the edit; `as_read` are those of the table.
    pub fn studies<'s>(&self, as_read: &'s [Study]) -> Cow<'s, [Study]> {
        let Some((_, change)) = &self.edit else { return Cow::Borrowed(as_read) };
        let mut studies = as_read.to_vec();
        match change {
            Change::Counts(row, counts) => studies[*row].counts = *counts,
            Change::LeaveOut(row) => {
                studies.remove(*row);
            }
            Change::Insert(place, study) => studies.insert(*place, study.clone()),
        }
        Cow::Owned(studies)
    }
}

/// The table as it was read and, if the query asks for data errors, with every single edit. `studies` may be those of
/// another table than the query's, with the same names and lines.
pub(super) fn data_variants(studies: &[Study], query: &ReproduceQuery<'_>) -> Vec<DataVariant> {
    let mut variants = vec![DataVariant::AS_READ];
    if query.data_errors {
        (0..studies.len()).for_each(|row| {
            variants.extend(row_variants(studies, row));
            variants.extend(recounted(studies, row, query));
        });
        variants.extend(query.omitted_rows.iter().map(|row| put_back(studies, row)));
    }
    variants
}

/// With an omitted row, at its place in the file.
fn put_back(studies: &[Study], row: &Study) -> DataVariant {
    let place = studies.iter().position(|study| study.line > row.line).unwrap_or(studies.len());
    DataVariant::new(Edit::PutBack { study: row.name.to_string() }, Change::Insert(place, row.clone()))
}

/// With every other count that gives the printed percentage of the study, where one was printed.
fn recounted(studies: &[Study], row: usize, query: &ReproduceQuery<'_>) -> Vec<DataVariant> {
    let study = &studies[row];
    let Some(percent) = printed_percentage(study, query) else { return Vec::new() };
    let Ok(grim) = grim(percent, study.counts.total()) else { return Vec::new() };
    let others = grim.events.into_iter().filter(|events| *events != study.counts.events()).take(MOST_COUNTS);
    let counts = others.filter_map(|events| Counts::new(events, study.counts.total()));
    let recounted = |counts: Counts| {
        let edit = Edit::Recounted { study: study.name.to_string(), events: counts.events() };
        DataVariant::new(edit, Change::Counts(row, counts))
    };
    counts.map(recounted).collect()
}

/// The percentage that the query prints for a study, or else that of its row in the table.
fn printed_percentage<'q>(study: &Study, query: &'q ReproduceQuery<'_>) -> Option<&'q Printed> {
    let is_of_study =
        |entry: &&Entry| entry.field == Field::Percent && entry.study.as_deref() == Some(&*study.name);
    let printed = query.printed.entries.iter().find(is_of_study).map(|entry| &entry.printed);
    printed
        .and_then(Figure::one)
        .or_else(|| query.percentages.iter().find(|row| row.line == study.line).map(|row| &row.percent))
}

/// With a row left out, pooled twice, swapped, and with transposed digits.
fn row_variants(studies: &[Study], row: usize) -> Vec<DataVariant> {
    let (study, counts) = (studies[row].name.to_string(), studies[row].counts);
    let mut variants = Vec::new();
    if studies.len() > 1 {
        variants.push(DataVariant::new(Edit::LeftOut { study: study.clone() }, Change::LeaveOut(row)));
    }
    let twice = Change::Insert(row, studies[row].clone());
    variants.push(DataVariant::new(Edit::Twice { study: study.clone() }, twice));
    let swapped = Counts::new(counts.total() - counts.events(), counts.total());
    if let Some(swapped) = swapped.filter(|swapped| *swapped != counts) {
        variants.push(DataVariant::new(Edit::Swapped { study: study.clone() }, Change::Counts(row, swapped)));
    }
    variants.extend(transposed(counts).into_iter().map(|other| {
        let edit = Edit::Transposed { study: study.clone(), events: other.events(), total: other.total() };
        DataVariant::new(edit, Change::Counts(row, other))
    }));
    variants
}

/// The counts with two neighbouring digits of one number transposed, where events do not exceed the total.
fn transposed(counts: Counts) -> Vec<Counts> {
    let (events, total) = (counts.events(), counts.total());
    let transpositions = |number: u64| {
        let digits = number.to_string().into_bytes();
        (1..digits.len()).filter_map(move |at| {
            let mut other = digits.clone();
            other.swap(at - 1, at);
            String::from_utf8(other).ok()?.parse::<u64>().ok().filter(|other| *other != number)
        })
    };
    let in_events = transpositions(events).filter_map(|events| Counts::new(events, total));
    in_events.chain(transpositions(total).filter_map(|total| Counts::new(events, total))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::published::claim::Claim;

    #[test]
    fn neighbouring_digits_are_transposed() {
        let transposed = transposed(Counts::new(12, 135).unwrap());
        let seen: Vec<_> = transposed.iter().map(|counts| (counts.events(), counts.total())).collect();
        assert_eq!(seen, [(21, 135), (12, 315), (12, 153)]);
    }

    fn variants(table: &Dataset, printed: &Claim, omitted_rows: &[Study]) -> Vec<DataVariant> {
        let query = ReproduceQuery { data_errors: true, omitted_rows, ..ReproduceQuery::new(table, printed) };
        data_variants(&table.counted().unwrap(), &query)
    }

    #[test]
    fn every_single_edit_is_made_once() {
        let table = Dataset::proportions([("A", 3, 12), ("B", 5, 10)]).unwrap();
        let mut printed = Claim::new("", "");
        let variants = |printed: &Claim| variants(&table, printed, &[]);
        let of_counts = variants(&printed);
        // As read; A: left out, twice, swapped, 3/21; B: left out, twice (5 of 10 swapped is itself).
        assert_eq!(of_counts.len(), 7);
        assert_eq!(of_counts.iter().filter(|variant| variant.edit().is_none()).count(), 1);
        // 25% of 12 is 3 alone.
        printed.set_of_study("A", "percent", &["25%"]).unwrap();
        assert_eq!(variants(&printed).len(), 7);
    }

    #[test]
    fn omitted_rows_are_put_back_and_other_counts_of_a_percentage_are_tried() {
        let table = Dataset::proportions([("A", 123, 250), ("C", 5, 10)]).unwrap();
        let mut printed = Claim::new("", "");
        printed.set_of_study("A", "percent", &["49%"]).unwrap();
        let omitted = [Study { name: "B".into(), line: 2, counts: Counts::new(1, 9).unwrap() }];
        let variants = variants(&table, &printed, &omitted);
        // 122 of 250 is 48.8%, 123 is 49.2%; 121 is 48.4%, 124 is 49.6%.
        assert!(
            variants
                .iter()
                .any(|variant| variant.edits() == [Edit::Recounted { study: "A".to_string(), events: 122 }])
        );
        let back =
            variants.iter().find(|variant| matches!(variant.edits()[..], [Edit::PutBack { .. }])).unwrap();
        let as_read = table.counted().unwrap();
        assert_eq!(
            back.studies(&as_read).iter().map(|study| &*study.name).collect::<Vec<_>>(),
            ["A", "B", "C"]
        );
    }
}
