//! Which known studies are in a table, with which counts.

use super::known_study::{KnownStudy, Reading};
use super::query::JointQuery;
use crate::error::Error;
use crate::numeric::random::Stream;
use crate::published::claim::Claim;
use crate::published::reconstruct::{KnownRow, reconstruct};

/// With more choices than this they are not listed.
const MOST: u64 = 4_096;

/// For each known study the index of its reading, or `None` where it is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice(pub Vec<Option<usize>>);

impl Choice {
    /// Every choice; `None` where there are too many.
    pub fn all(known: &[KnownStudy]) -> Option<Vec<Self>> {
        let count = known.iter().try_fold(1_u64, |count, study| count.checked_mul(study.choices()))?;
        (count <= MOST).then(|| {
            let start = vec![Self(Vec::new())];
            known.iter().fold(start, |choices, study| {
                let of_study = || {
                    let readings = (0..study.readings.len()).map(Some);
                    readings.chain(study.optional.then_some(None)).collect::<Vec<_>>()
                };
                let longer = |choice: &Self| {
                    of_study()
                        .into_iter()
                        .map(|next| Self([&choice.0[..], &[next]].concat()))
                        .collect::<Vec<_>>()
                };
                choices.iter().flat_map(longer).collect()
            })
        })
    }

    /// A random one: each study in or out, and each of its readings, with the same chance.
    pub fn random(known: &[KnownStudy], stream: &mut Stream) -> Self {
        let draw = |study: &KnownStudy| {
            let drawn = stream.below(study.choices()) as usize;
            Some(drawn).filter(|drawn| *drawn < study.readings.len())
        };
        Self(known.iter().map(draw).collect())
    }

    /// The studies that are in, each with its reading.
    pub fn studies<'k>(&'k self, known: &'k [KnownStudy]) -> impl Iterator<Item = (&'k str, Reading)> {
        let chosen = self.0.iter().zip(known);
        chosen.filter_map(|(choice, study)| Some((study.study.as_str(), study.readings[(*choice)?])))
    }

    /// Whether the figures of one outcome alone show that no table has these studies.
    ///
    /// # Errors
    ///
    /// As [`reconstruct`].
    pub fn is_ruled_out(&self, query: &JointQuery<'_>, claims: &[Claim; 2]) -> Result<bool, Error> {
        for (outcome, claim) in claims.iter().enumerate() {
            let mut alone = query.alone(claim);
            for (name, Reading { total, events }) in self.studies(&query.known) {
                match events[outcome] {
                    Some(events) => alone.known.push(KnownRow::new(name, events, total)?),
                    // Its people are known and its events are not: here it is one of the unknown rows.
                    None => alone.sizes = [alone.sizes[0].min(total), alone.sizes[1].max(total)],
                }
            }
            let found = reconstruct(&alone, |_, _| true)?;
            if found.exhaustive && found.found == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
