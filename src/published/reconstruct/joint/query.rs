//! What is printed of two outcomes, and what is known.

use super::known_study::KnownStudy;
use crate::error::{Error, Problem};
use crate::options::Spec;
use crate::published::claim::{Claim, Field};
use crate::published::reconstruct::ReconstructQuery;

/// What [`reconstruct_joint`](super::reconstruct_joint) looks for.
#[derive(Debug, Clone)]
pub struct JointQuery<'q> {
    /// The printed fields of each outcome; k and total are those of both, and may stand in either.
    pub printed: [&'q Claim; 2],
    /// The specification that the figures were made with.
    pub spec: &'q Spec,
    /// The studies that are known.
    pub known: Vec<KnownStudy>,
    /// The least and the largest total of an unknown study.
    pub sizes: [u64; 2],
    /// Whether digits may have been cut off instead of rounded.
    pub truncation: bool,
    /// With at most so many tables of one outcome, all are examined to show that none exists.
    pub budget: u64,
    /// How many tries the local search makes.
    pub tries: u64,
    /// The seed of the local search.
    pub seed: u64,
    /// How many tables are listed in the result.
    pub list: usize,
}

impl<'q> JointQuery<'q> {
    /// With unknown studies of any size, rounded digits, a budget of ten million tables, 200 tries, seed 1 and 10
    /// tables listed.
    #[must_use]
    pub fn new(printed: [&'q Claim; 2], spec: &'q Spec, known: Vec<KnownStudy>) -> Self {
        let (sizes, budget) = ([1, u64::MAX], 10_000_000);
        Self { printed, spec, known, sizes, truncation: false, budget, tries: 200, seed: 1, list: 10 }
    }

    /// The claims, each with k and total.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the two outcomes are not of the same number of studies and people.
    pub(super) fn claims(&self) -> Result<[Claim; 2], Error> {
        let mut claims = self.printed.map(Clone::clone);
        for field in [Field::K, Field::Total] {
            let [first, second] = self.printed.map(|claim| claim.count(field));
            if first.zip(second).is_some_and(|(first, second)| first != second) {
                let what = format!("the two outcomes have not the same {}", field.key());
                let help = "only outcomes of the same studies and people can be searched at once";
                return Err(Error::Usage(vec![Problem::new(what).help(help)]));
            }
            for (claim, other) in claims.iter_mut().zip([second, first]) {
                if let (None, Some(count)) = (claim.count(field), other) {
                    claim.set_printed(&format!("{}={count}", field.key()))?;
                }
            }
        }
        Ok(claims)
    }

    /// The search for tables of one outcome alone, with nothing known.
    pub(super) fn alone(&self, printed: &'q Claim) -> ReconstructQuery<'q> {
        ReconstructQuery {
            sizes: self.sizes,
            truncation: self.truncation,
            budget: self.budget,
            tries: 0,
            list: 0,
            ..ReconstructQuery::new(printed, self.spec, Vec::new())
        }
    }
}
