//! Which known rows are in a table, with which counts, and what that leaves to the unknown rows.

use super::KnownRow;
use super::query::PreparedQuery;
use crate::data::Counts;

/// Beyond so many selections they are not listed.
const MOST_SELECTIONS: u128 = 100_000;

/// One choice for each known row: the index of its reading, or `None` where it is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Selection(pub Vec<Option<usize>>);

/// What a selection leaves to the unknown rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remainder {
    pub rows: usize,
    pub people: u64,
}

impl Selection {
    /// Every row in, with its first reading.
    fn first(known: &[KnownRow]) -> Self {
        Self(vec![Some(0); known.len()])
    }

    /// How many selections there are, saturating.
    fn count(known: &[KnownRow]) -> u128 {
        known.iter().fold(1_u128, |count, row| count.saturating_mul(row.choices() as u128))
    }

    /// Every selection, the one with all first readings first.
    pub fn all(known: &[KnownRow]) -> impl Iterator<Item = Self> + '_ {
        std::iter::successors(Some(Self::first(known)), |selection| selection.next(known))
    }

    /// Every selection that leaves room for a table; `None` where there are too many to list.
    pub fn feasible(query: &PreparedQuery<'_>) -> Option<Vec<(Self, Remainder)>> {
        let known = &query.query.known;
        let few = Self::count(known) <= MOST_SELECTIONS;
        few.then(|| {
            Self::all(known)
                .filter_map(|selection| selection.remainder(query).map(|remainder| (selection, remainder)))
                .collect()
        })
    }

    /// The next selection, counting up like the digits of a number whose first digit is the lowest.
    fn next(&self, known: &[KnownRow]) -> Option<Self> {
        let mut next = self.clone();
        for (choice, row) in next.0.iter_mut().zip(known) {
            *choice = match *choice {
                Some(reading) if reading + 1 < row.readings.len() => Some(reading + 1),
                Some(_) if row.optional => None,
                _ => Some(0),
            };
            if *choice != Some(0) {
                return Some(next);
            }
        }
        None
    }

    /// The known rows that are in.
    pub fn rows<'k>(&'k self, known: &'k [KnownRow]) -> impl Iterator<Item = (&'k str, Counts)> {
        self.0
            .iter()
            .zip(known)
            .filter_map(|(choice, row)| Some((row.study.as_str(), row.readings[(*choice)?])))
    }

    /// What is left to the unknown rows; `None` where no rows within the bounds add up to it.
    pub fn remainder(&self, query: &PreparedQuery<'_>) -> Option<Remainder> {
        let (mut rows, mut people) = (0, 0_u64);
        for (_, counts) in self.rows(&query.query.known) {
            rows += 1;
            people = people.checked_add(counts.total())?;
        }
        let remainder =
            Remainder { rows: query.k.checked_sub(rows)?, people: query.total.checked_sub(people)? };
        let [least, most] = query.sizes().map(|n| (remainder.rows as u64).saturating_mul(n));
        (least <= remainder.people && remainder.people <= most).then_some(remainder)
    }
}
