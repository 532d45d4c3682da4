//! Other readings of the data: the small slips by which a table differs from what was pooled.

use serde::Serialize;

use crate::study::{Counts, Study, StudyTable};

/// One slip; the studies are named as in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    /// A study was not pooled.
    LeftOut {
        /// Its name.
        study: String,
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
            Self::LeftOut { .. } => 1,
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
    pub fn as_read(table: &StudyTable) -> Self {
        Self { edits: Vec::new(), studies: table.studies.to_vec() }
    }

    pub fn cost(&self) -> u32 {
        self.edits.iter().map(Edit::cost).sum()
    }
}

/// The table as it was read, and, where asked for, with every single slip.
pub(super) fn all(table: &StudyTable, slips: bool) -> Vec<Reading> {
    let mut readings = vec![Reading::as_read(table)];
    if slips {
        (0..table.k()).for_each(|row| readings.extend(of_row(table, row)));
    }
    readings
}

fn of_row(table: &StudyTable, row: usize) -> Vec<Reading> {
    let studies = &table.studies;
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
    readings.push(with(Edit::Twice { study: study.clone() }, &|studies| studies.insert(row, studies[row].clone())));
    let counts = studies[row].counts;
    if let Some(other) = Counts::new(counts.total() - counts.events(), counts.total()).filter(|other| *other != counts) {
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

    #[test]
    fn digits_change_places() {
        let slips = transposed(Counts::new(12, 135).unwrap());
        let seen: Vec<_> = slips.iter().map(|counts| (counts.events(), counts.total())).collect();
        assert_eq!(seen, [(21, 135), (12, 315), (12, 153)]);
    }

    #[test]
    fn every_single_slip_once() {
        let table = StudyTable::from_counts([("A", 3, 12), ("B", 5, 10)]).unwrap();
        let readings = all(&table, true);
        // As read; A: left out, twice, swapped, 3/21; B: left out, twice (5 of 10 swapped is itself).
        assert_eq!(readings.len(), 7);
        assert_eq!(readings.iter().filter(|reading| reading.cost() == 0).count(), 1);
    }
}
