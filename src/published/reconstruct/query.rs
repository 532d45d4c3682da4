//! What is printed, what is known, and the bounds.

use super::KnownRow;
use super::size::CountRange;
use crate::data::Counts;
use crate::error::{Error, Problem};
use crate::options::Spec;
use crate::published::claim::{Claim, Field};
use crate::published::search::{Evaluator, RowCache, Screen, Target};

/// What [`reconstruct`](super::reconstruct) looks for, and within which bounds.
#[derive(Debug, Clone)]
pub struct ReconstructQuery<'q> {
    /// The printed fields: k and total, and at least one that depends on the counts.
    pub printed: &'q Claim,
    /// The specification that the figures were made with.
    pub spec: &'q Spec,
    /// The known rows.
    pub known: Vec<KnownRow>,
    /// The least and the largest total of an unknown row.
    pub sizes: [u64; 2],
    /// Whether digits may have been cut off instead of rounded.
    pub truncation: bool,
    /// With at most so many tables within the bounds, all are examined; with more, a local search is made.
    pub budget: u64,
    /// How many tries the local search makes.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables are listed in the result.
    pub list: usize,
    /// The number of studies within bounds, in place of the printed one: each is searched by itself.
    pub k: Option<CountRange>,
    /// The number of people within bounds, in place of the printed one.
    pub total: Option<CountRange>,
}

impl<'q> ReconstructQuery<'q> {
    /// With unknown rows of any size, rounded digits, a budget of ten million tables, 200 tries, seed 1 and
    /// 10 tables listed.
    #[must_use]
    pub fn new(printed: &'q Claim, spec: &'q Spec, known: Vec<KnownRow>) -> Self {
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
            k: None,
            total: None,
        }
    }

    /// Everything that is missing or contradictory.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |what: &str, help: &str| problems.push(Problem::new(what).help(help));
        let [k, total] = self.k_and_total();
        if k.is_none_or(|k| k == 0 || k > MOST_ROWS)
            || total.is_none_or(|total| total == 0 || total > Counts::LARGEST)
        {
            wrong(
                "the number of studies and of people are needed",
                "give both as printed: k=14 and total=275",
            );
        }
        let depends_on_counts = |field: Field| !matches!(field, Field::K | Field::Total | Field::Df);
        if !self.printed.entries.iter().any(|entry| depends_on_counts(entry.field)) {
            wrong(
                "nothing printed depends on the counts",
                "give at least one such field: estimate=54.0%, ci=46.3%,61.5%",
            );
        }
        if self.sizes[0] == 0 || self.sizes[0] > self.sizes[1] {
            wrong(
                "the bounds of an unknown row's n are not bounds",
                "give the least and the most people, from 1 up",
            );
        }
        if self.known.iter().any(|known| known.readings.is_empty()) {
            wrong("a known row has no counts", "give events and total, or leave the row out");
        }
        problems
    }

    fn k_and_total(&self) -> [Option<u64>; 2] {
        [Field::K, Field::Total].map(|field| self.printed.count(field))
    }
}

/// The largest k of a query.
const MOST_ROWS: u64 = 10_000;

/// A validated query, with what every table is compared with.
pub(super) struct PreparedQuery<'q> {
    pub query: &'q ReconstructQuery<'q>,
    pub evaluator: Evaluator,
    pub target: Target,
    /// `None` where the specification or the printed fields allow no screen.
    pub screen: Option<Screen>,
    pub k: usize,
    pub total: u64,
}

impl<'q> PreparedQuery<'q> {
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that is missing, or where the specification cannot be searched.
    pub fn new(query: &'q ReconstructQuery<'q>) -> Result<Self, Error> {
        let problems = query.problems();
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let [k, total] = query.k_and_total().map(|count| count.unwrap_or(0));
        let k = usize::try_from(k).unwrap_or(0);
        let evaluator = Evaluator::new(query.spec, k)?;
        let target = Target::new(query.printed, query.truncation);
        let screen = Screen::new(&evaluator, &target, k);
        Ok(Self { query, evaluator, target, screen, k, total })
    }

    /// The least and the largest total of an unknown row.
    pub fn sizes(&self) -> [u64; 2] {
        [self.query.sizes[0], self.query.sizes[1].min(self.total)]
    }

    /// How far the figures of a table are from the printed ones, in steps of their last digits; infinite
    /// where the table cannot be fitted.
    pub fn distance(&self, counts: &[Counts], cache: &mut RowCache) -> f64 {
        let result = self.evaluator.evaluate_cached(counts, cache);
        result.map_or(f64::INFINITY, |result| self.target.distance(&result))
    }

    /// A row on the analysis scale, y measured from the origin of the screen, and v; `None` where the row
    /// would be left out or its effect depends on the other rows.
    pub fn screened_row(&self, screen: Screen, counts: Counts) -> Option<[f64; 2]> {
        let [y, v] = self.evaluator.effect(counts, self.evaluator.correction(counts)?)?;
        Some([y - screen.origin, v])
    }
}
