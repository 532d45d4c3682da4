//! The specifications that agree best with the printed figures.

use std::sync::Arc;

use serde::Serialize;

use super::agreement::estimate_and_limits;
use super::data_variant::{DataVariant, Edit};
use super::query::OwnedQuery;
use super::score::{Score, misprints};
use crate::options::{Level, Spec};
use crate::published::claim::compare::compare;
use crate::published::claim::field_values::{FieldValues, candidates};
use crate::published::claim::{Claim, Computation, FieldVerdict};

/// A specification and how it agrees with the printed figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Match {
    /// How many printed fields hold; one that was misprinted does not count.
    pub fields_hold: usize,
    /// The largest distance of a field that does not hold, in steps of its last printed digit; 0 where all
    /// hold, null in documents where one has no value.
    pub distance: f64,
    /// The verdict on each printed field.
    pub fields: Vec<FieldVerdict>,
    /// What was changed in the data, or misprinted; empty for the data as they were read and what was printed.
    pub edits: Vec<Edit>,
    /// How it was computed, where that differs from what the specification says.
    pub computed: Option<Computation>,
    /// The specification.
    pub spec: Spec,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// How many more specifications give the same estimate and limits.
    pub also: u64,
    /// Whether every printed field holds or was misprinted.
    #[serde(skip)]
    pub is_complete: bool,
    /// What it is ranked by among those that explain every figure: minus the logarithm of its prior share.
    pub implausibility: f64,
}

/// The best matches so far, the best first.
pub(super) struct BestMatches {
    printed: Arc<Claim>,
    /// The level given for the printed intervals.
    level: Option<Level>,
    /// How many are kept.
    list: usize,
    matches: Vec<RankedMatch>,
}

struct RankedMatch {
    score: Score,
    /// The index of the data variant, and what was changed in it.
    variant: usize,
    edits: Vec<Edit>,
    spec: Spec,
    computed: Option<Computation>,
    misprints: Vec<Edit>,
    estimate_and_limits: [f64; 3],
    fields: Vec<FieldVerdict>,
    also: u64,
}

impl BestMatches {
    pub fn new(query: &OwnedQuery) -> Self {
        Self {
            printed: Arc::clone(&query.printed),
            level: query.explicit.level,
            list: query.list,
            matches: Vec::new(),
        }
    }

    /// Adds a result on the data variant with this index, if it is among the best.
    pub fn add(&mut self, result: &dyn FieldValues, score: Score, index: usize, variant: &DataVariant) {
        let is_worse = self.matches.len() >= self.list
            && self.matches.last().is_some_and(|last| last.score.order(&score).is_le());
        if is_worse && !self.has_numbers_of(result, index) {
            return;
        }
        self.insert(result, score, index, variant);
    }

    /// Whether a match has the same numbers on the same data.
    fn has_numbers_of(&self, result: &dyn FieldValues, variant: usize) -> bool {
        let numbers = estimate_and_limits(result);
        self.matches.iter().any(|known| known.has_numbers(&numbers, variant))
    }

    fn insert(&mut self, result: &dyn FieldValues, score: Score, index: usize, variant: &DataVariant) {
        let numbers = estimate_and_limits(result);
        let same = self
            .matches
            .iter_mut()
            .find(|known| known.has_numbers(&numbers, index) && known.score.order(&score).is_le());
        if let Some(same) = same {
            same.also += 1;
            return;
        }
        let fields = self.printed.entries.iter().map(|entry| {
            let candidates = candidates(entry.field, entry.study.as_deref(), result).unwrap_or_default();
            compare(entry, &candidates)
        });
        let ranked = RankedMatch {
            score,
            variant: index,
            edits: variant.edits(),
            spec: result.spec().clone(),
            computed: result.computation(),
            misprints: if score.is_misprinted {
                misprints(result, &self.printed, self.level).into_iter().map(Edit::Misprint).collect()
            } else {
                Vec::new()
            },
            estimate_and_limits: numbers,
            fields: fields.collect(),
            also: 0,
        };
        self.place(ranked);
    }

    /// After its equals: of equally good specifications the more usual one is tried first.
    fn place(&mut self, ranked: RankedMatch) {
        let place = self.matches.partition_point(|other| other.score.order(&ranked.score).is_le());
        self.matches.insert(place, ranked);
        self.matches.truncate(self.list);
    }

    /// With those of another part of the search, which comes after this one.
    pub fn join(&mut self, other: Self) {
        other.matches.into_iter().for_each(|ranked| self.place(ranked));
    }

    pub fn into_matches(self) -> Vec<Match> {
        let matches = self.matches.into_iter().map(|ranked| {
            let [estimate, lower, upper] = ranked.estimate_and_limits;
            Match {
                fields_hold: ranked.score.hold,
                distance: ranked.score.distance,
                edits: ranked.edits.into_iter().chain(ranked.misprints).collect(),
                computed: ranked.computed,
                is_complete: ranked.score.is_complete,
                implausibility: ranked.score.cost,
                fields: ranked.fields,
                spec: ranked.spec,
                estimate,
                lower: Some(lower).filter(|limit| limit.is_finite()),
                upper: Some(upper).filter(|limit| limit.is_finite()),
                also: ranked.also,
            }
        });
        matches.collect()
    }
}

impl RankedMatch {
    /// Whether it has these numbers, up to rounding errors, on the same data.
    fn has_numbers(&self, numbers: &[f64; 3], variant: usize) -> bool {
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 || (a.is_nan() && b.is_nan());
        self.variant == variant && self.estimate_and_limits.iter().zip(numbers).all(close)
    }
}
