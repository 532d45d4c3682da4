//! Other readings of the data: the small slips by which a table differs from what was pooled.

use serde::Serialize;

use super::Search;
use crate::data::{Counts, Dataset, Study};
use crate::error::Error;
use crate::printed::grim::grim;
use crate::published::claim::{Entry, Field, Figure};

/// A percentage that more counts than this share says too little to be worth the search.
const MOST_COUNTS: usize = 50;

/// One slip; the studies are named as in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    /// A study was not pooled.
    LeftOut {
        /// Its name.
        study: String,
    },
    /// A row that was read and left out was pooled.
    PutBack {
        /// Its name.
        study: String,
    },
    /// A printed percentage was read as another count that is printed so.
    Recounted {
        /// The study's name.
        study: String,
        /// The events that were pooled.
        events: u64,
    },
    /// Events and non-events changed places.
    Swapped {
        /// The study's name.
        study: String,
    },
    /// A row was counted twice.
    Twice {
        /// The study's name.
        study: String,
    },
    /// Two neighbouring digits of a count changed places.
    Transposed {
        /// The study's name.
        study: String,
        /// The events that were pooled.
        events: u64,
        /// The total that was pooled.
        total: u64,
    },
}

impl Edit {
    /// How large the slip is, so that the smaller is told first.
    #[must_use]
    pub const fn cost(&self) -> u32 {
        match self {
            Self::LeftOut { .. } | Self::PutBack { .. } | Self::Recounted { .. } => 1,
            Self::Swapped { .. } | Self::Twice { .. } => 2,
            Self::Transposed { .. } => 3,
        }
    }
}

/// A reading of the table: the slips in it, and the studies it leaves.
pub(super) struct Reading {
    pub edits: Vec<Edit>,
    pub studies: Vec<Study>,
}

impl Reading {
    pub fn as_read(studies: &[Study]) -> Self {
        Self { edits: Vec::new(), studies: studies.to_vec() }
    }

    pub fn cost(&self) -> u32 {
        self.edits.iter().map(Edit::cost).sum()
    }
}

/// The table as it was read, and, where asked for, with every single slip. `table` may be another than
/// the search's own, with the same studies.
///
/// # Errors
///
/// [`Error::Usage`] where the data are estimates.
pub(super) fn all(table: &Dataset, search: &Search<'_>) -> Result<Vec<Reading>, Error> {
    let studies = table.counted()?;
    let mut readings = vec![Reading::as_read(&studies)];
    if search.slips {
        (0..studies.len()).for_each(|row| {
            readings.extend(of_row(&studies, row));
            readings.extend(recounted(&studies, row, search));
        });
        readings.extend(search.aside.iter().map(|row| put_back(&studies, row)));
    }
    Ok(readings)
}

/// With a row that was left out, at its place in the file.
fn put_back(studies: &[Study], row: &Study) -> Reading {
    let mut studies = studies.to_vec();
    let place = studies.iter().position(|study| study.line > row.line).unwrap_or(studies.len());
    studies.insert(place, row.clone());
    Reading { edits: vec![Edit::PutBack { study: row.name.to_string() }], studies }
}

/// With every other count that is printed as the study's percentage, where one was printed.
fn recounted(studies: &[Study], row: usize, search: &Search<'_>) -> Vec<Reading> {
    let study = &studies[row];
    let of_study =
        |entry: &&Entry| entry.field == Field::Percent && entry.study.as_deref() == Some(&*study.name);
    let claimed = search.printed.entries.iter().find(of_study).and_then(|entry| match &entry.printed {
        Figure::One(percent) => Some(percent),
        Figure::Two(_) => None,
    });
    let of_column = || search.percentages.iter().find(|of| of.line == study.line).map(|of| &of.percent);
    let Some(percent) = claimed.or_else(of_column) else { return Vec::new() };
    let Ok(grim) = grim(percent, study.counts.total()) else { return Vec::new() };
    let others = grim.events.into_iter().filter(|events| *events != study.counts.events()).take(MOST_COUNTS);
    let counts = others.filter_map(|events| Counts::new(events, study.counts.total()));
    counts
        .map(|counts| {
            let mut studies = studies.to_vec();
            studies[row].counts = counts;
            Reading {
                edits: vec![Edit::Recounted { study: study.name.to_string(), events: counts.events() }],
                studies,
            }
        })
        .collect()
}

fn of_row(studies: &[Study], row: usize) -> Vec<Reading> {
    let study = studies[row].name.to_string();
    let with = |edit: Edit, change: &dyn Fn(&mut Vec<Study>)| {
        let mut changed = studies.to_vec();
        change(&mut changed);
        Reading { edits: vec![edit], studies: changed }
    };
    let mut readings = Vec::new();
    if studies.len() > 1 {
        readings.push(with(Edit::LeftOut { study: study.clone() }, &|studies| {
            studies.remove(row);
        }));
    }
    readings.push(with(Edit::Twice { study: study.clone() }, &|studies| {
        studies.insert(row, studies[row].clone())
    }));
    let counts = studies[row].counts;
    if let Some(other) =
        Counts::new(counts.total() - counts.events(), counts.total()).filter(|other| *other != counts)
    {
        readings.push(with(Edit::Swapped { study: study.clone() }, &|studies| studies[row].counts = other));
    }
    readings.extend(transposed(counts).into_iter().map(|other| {
        let edit = Edit::Transposed { study: study.clone(), events: other.events(), total: other.total() };
        with(edit, &|studies| studies[row].counts = other)
    }));
    readings
}

/// The counts with two neighbouring digits of one number exchanged, where they are counts.
fn transposed(counts: Counts) -> Vec<Counts> {
    let (events, total) = (counts.events(), counts.total());
    let slips = |number: u64| {
        let digits = number.to_string().into_bytes();
        (1..digits.len()).filter_map(move |at| {
            let mut other = digits.clone();
            other.swap(at - 1, at);
            String::from_utf8(other).ok()?.parse::<u64>().ok().filter(|slip| *slip != number)
        })
    };
    let of_events = slips(events).filter_map(|events| Counts::new(events, total));
    of_events.chain(slips(total).filter_map(|total| Counts::new(events, total))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published::claim::Claim;

    #[test]
    fn digits_change_places() {
        let slips = transposed(Counts::new(12, 135).unwrap());
        let seen: Vec<_> = slips.iter().map(|counts| (counts.events(), counts.total())).collect();
        assert_eq!(seen, [(21, 135), (12, 315), (12, 153)]);
    }

    #[test]
    fn every_single_slip_once() {
        let table = Dataset::proportions([("A", 3, 12), ("B", 5, 10)]).unwrap();
        let mut printed = Claim::new("", "");
        let of = |printed: &Claim| {
            all(
                &table,
                &Search {
                    table: &table,
                    printed,
                    explicit: Default::default(),
                    slips: true,
                    aside: &[],
                    percentages: &[],
                    list: 1,
                },
            )
            .unwrap()
        };
        let readings = of(&printed);
        // As read; A: left out, twice, swapped, 3/21; B: left out, twice (5 of 10 swapped is itself).
        assert_eq!(readings.len(), 7);
        assert_eq!(readings.iter().filter(|reading| reading.cost() == 0).count(), 1);
        // 25% of 12 is 3 alone.
        printed.set_of_study("A", "percent", &["25%"]).unwrap();
        assert_eq!(of(&printed).len(), 7);
    }

    #[test]
    fn rows_put_back_and_percentages_read_anew() {
        let table = Dataset::proportions([("A", 123, 250), ("C", 5, 10)]).unwrap();
        let mut printed = Claim::new("", "");
        printed.set_of_study("A", "percent", &["49%"]).unwrap();
        let aside = [Study { name: "B".into(), line: 2, counts: Counts::new(1, 9).unwrap() }];
        let search = Search {
            table: &table,
            printed: &printed,
            explicit: Default::default(),
            slips: true,
            aside: &aside,
            percentages: &[],
            list: 1,
        };
        let readings = all(&table, &search).unwrap();
        // 122 of 250 is 48.8%, 123 is 49.2%; 121 is 48.4%, 124 is 49.6%.
        assert!(
            readings
                .iter()
                .any(|reading| reading.edits == [Edit::Recounted { study: "A".to_string(), events: 122 }])
        );
        let back =
            readings.iter().find(|reading| matches!(reading.edits[..], [Edit::PutBack { .. }])).unwrap();
        assert_eq!(back.studies.iter().map(|study| &*study.name).collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
