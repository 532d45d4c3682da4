//! Which known rows are in, under which reading, and what that leaves.

use super::puzzle::{Known, Plan};
use crate::data::Counts;

/// One choice for each known row: the reading, or `None` where it is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Selection(pub Vec<Option<usize>>);

/// What a selection leaves to the unknown rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub rows: usize,
    pub people: u64,
}

impl Selection {
    /// Every row in, under its first reading.
    pub fn first(known: &[Known]) -> Self {
        Self(vec![Some(0); known.len()])
    }

    /// How many selections there are.
    pub fn count(known: &[Known]) -> u128 {
        known.iter().fold(1_u128, |count, row| count.saturating_mul(options(row) as u128))
    }

    /// Every selection, the full one first.
    pub fn all(known: &[Known]) -> impl Iterator<Item = Self> + '_ {
        std::iter::successors(Some(Self::first(known)), |selection| selection.next(known))
    }

    /// The digits of a number whose digits are the options of the rows, counted up by one.
    fn next(&self, known: &[Known]) -> Option<Self> {
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
    pub fn rows<'k>(&'k self, known: &'k [Known]) -> impl Iterator<Item = (&'k str, Counts)> {
        self.0
            .iter()
            .zip(known)
            .filter_map(|(choice, row)| Some((row.study.as_str(), row.readings[(*choice)?])))
    }

    /// What is left for the unknown rows; `None` where no rows within the bounds make it up.
    pub fn left(&self, plan: &Plan<'_>) -> Option<Left> {
        let (mut rows, mut people) = (0, 0_u64);
        for (_, counts) in self.rows(&plan.puzzle.known) {
            rows += 1;
            people = people.checked_add(counts.total())?;
        }
        let left = Left { rows: plan.k.checked_sub(rows)?, people: plan.total.checked_sub(people)? };
        let [least, most] = plan.sizes();
        let within = |n: u64| (left.rows as u64).saturating_mul(n);
        (within(least) <= left.people && left.people <= within(most)).then_some(left)
    }
}

/// In how many ways a row can be in the table or not.
pub(super) fn options(row: &Known) -> usize {
    row.readings.len() + usize::from(row.optional)
}
