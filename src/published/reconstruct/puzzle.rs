//! What is printed, what is known, and the bounds.

use std::collections::BTreeMap;

use crate::data::{Counts, Dataset};
use crate::error::{Error, Problem};
use crate::options::Spec;
use crate::published::claim::{Claim, Field};
use crate::published::search::{Evaluator, Screen, Target};

/// A row that is known from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub study: String,
    /// Its counts; more than one where it can be read in several ways.
    pub readings: Vec<Counts>,
    /// Whether it may have been left out.
    pub optional: bool,
}

impl Known {
    /// A row that was in the table with these counts.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the events are more than the total, or the total is 0.
    ///
    /// ```
    /// use metaprop::published::reconstruct::Known;
    /// let liu = Known::new("Liu 2017", 38, 65)?.or(52, 90)?.optional();
    /// assert_eq!(liu.readings.len(), 2);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn new(study: impl Into<String>, events: u64, total: u64) -> Result<Self, Error> {
        let row = Self { study: study.into(), readings: Vec::new(), optional: false };
        row.or(events, total)
    }

    /// The same row, which can also be read so.
    ///
    /// # Errors
    ///
    /// As [`Known::new`].
    pub fn or(mut self, events: u64, total: u64) -> Result<Self, Error> {
        let counts = Counts::new(events, total);
        let Some(counts) = counts else {
            return Err(Error::usage(format!("{}: {events} events of a total of {total}", self.study)));
        };
        self.readings.push(counts);
        Ok(self)
    }

    /// The rows of a table; those of one name are readings of one study.
    ///
    /// # Errors
    ///
    /// As [`Known::new`].
    pub fn of_table(table: &Dataset) -> Result<Vec<Self>, Error> {
        let (mut rows, mut places) = (Vec::<Self>::new(), BTreeMap::new());
        for study in table.counted()? {
            let (events, total) = (study.counts.events(), study.counts.total());
            match places.get(&study.name) {
                Some(&place) => {
                    let row: &mut Self = &mut rows[place];
                    *row = row.clone().or(events, total)?;
                }
                None => {
                    places.insert(study.name.clone(), rows.len());
                    rows.push(Self::new(&*study.name, events, total)?);
                }
            }
        }
        Ok(rows)
    }

    /// The same row, which may have been left out.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Puzzle<'p> {
    /// The printed fields: k and total, and at least one that depends on the counts.
    pub printed: &'p Claim,
    /// The specification that the figures were made with.
    pub spec: &'p Spec,
    /// The rows that are known.
    pub known: Vec<Known>,
    /// The least and the most people in a row that is not known.
    pub sizes: [u64; 2],
    /// Whether digits may have been cut off instead of rounded.
    pub truncation: bool,
    /// Up to so many tables, all are looked at; beyond that the search is a local one.
    pub budget: u64,
    /// How often the local search starts anew.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables are told.
    pub list: usize,
}

impl<'p> Puzzle<'p> {
    /// With rows of any size, rounded digits, at most ten million tables, 200 tries, seed 1 and 10
    /// tables told.
    #[must_use]
    pub fn new(printed: &'p Claim, spec: &'p Spec, known: Vec<Known>) -> Self {
        Self {
            printed,
            spec,
            known,
            sizes: [1, u64::MAX],
            truncation: false,
            budget: 10_000_000,
            tries: 200,
            seed: 1,
            list: 10,
        }
    }
}

/// A puzzle that was checked, with what every table is held against.
pub(super) struct Plan<'p> {
    pub puzzle: &'p Puzzle<'p>,
    pub evaluator: Evaluator,
    pub target: Target,
    pub quick: Option<Screen>,
    pub k: usize,
    pub total: u64,
}

/// More rows than this are no table that a search over counts says anything about.
const MOST_ROWS: u64 = 10_000;

impl<'p> Plan<'p> {
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that is missing.
    pub fn new(puzzle: &'p Puzzle<'p>) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let mut wrong = |what: &str, help: &str| problems.push(Problem::new(what).help(help));
        let [k, total] = [Field::K, Field::Total].map(|field| puzzle.printed.count(field));
        if k.is_none_or(|k| k == 0 || k > MOST_ROWS)
            || total.is_none_or(|total| total == 0 || total > Counts::LARGEST)
        {
            wrong(
                "the number of studies and of people are needed",
                "give both as printed: k=14 and total=275",
            );
        }
        let of_counts = |field: Field| !matches!(field, Field::K | Field::Total | Field::Df);
        if !puzzle.printed.entries.iter().any(|entry| of_counts(entry.field)) {
            wrong(
                "nothing printed depends on the counts",
                "give at least one such field: estimate=54.0%, ci=46.3%,61.5%",
            );
        }
        if puzzle.sizes[0] == 0 || puzzle.sizes[0] > puzzle.sizes[1] {
            wrong(
                "the bounds of an unknown row's n are not bounds",
                "give the least and the most people, from 1 up",
            );
        }
        if puzzle.known.iter().any(|known| known.readings.is_empty()) {
            wrong("a known row has no counts", "give events and total, or leave the row out");
        }
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let (k, total) = (usize::try_from(k.unwrap_or(0)).unwrap_or(0), total.unwrap_or(0));
        let evaluator = Evaluator::new(puzzle.spec, k)?;
        let target = Target::new(puzzle.printed, puzzle.truncation);
        let quick = Screen::new(&evaluator, &target, k);
        Ok(Self { puzzle, evaluator, target, quick, k, total })
    }

    /// The bounds of an unknown row's n.
    pub fn sizes(&self) -> [u64; 2] {
        [self.puzzle.sizes[0], self.puzzle.sizes[1].min(self.total)]
    }
}
