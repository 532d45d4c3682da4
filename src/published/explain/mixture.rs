//! The analyses between two specs: some conventions of the one, the others of the other.

use std::collections::HashMap;

use super::convention::{Convention, can_be_parted, is_normal, standard_error};
use super::{QUANTITIES, Switched};
use crate::analysis::{MetaAnalysis, Statistic, fit};
use crate::data::Dataset;
use crate::error::Error;
use crate::model::inference::quantile;
use crate::model::{SummaryField, Value};
use crate::options::Spec;
use crate::options::{Ci, Tau2Ci};

/// The numbers of one analysis, in the order of [`QUANTITIES`].
type Values = [Option<f64>; QUANTITIES.len()];

/// Every mixture of two specs, computed when it is asked for; a bit a convention.
pub(super) struct Mixtures<'a> {
    table: &'a Dataset,
    ends: [&'a Spec; 2],
    conventions: Vec<Convention>,
    /// `None` where a mixture is no analysis: its choices do not go together, or it cannot be fitted.
    known: HashMap<u32, Option<Values>>,
}

impl<'a> Mixtures<'a> {
    /// With both ends computed.
    pub fn new(table: &'a Dataset, a: &'a Spec, b: &'a Spec) -> Result<Self, Error> {
        let conventions = Convention::between(a, b);
        let full = (1u32 << conventions.len()) - 1;
        let ends = [values(&fit(table, a)?, false), values(&fit(table, b)?, false)];
        let known = HashMap::from([(0, Some(ends[0])), (full, Some(ends[1]))]);
        Ok(Self { table, ends: [a, b], conventions, known })
    }

    /// The conventions in groups: each alone, unless some mixture is no analysis; then those that it parts
    /// are switched together.
    pub fn groups(&mut self) -> Vec<u32> {
        let mut groups: Vec<u32> = (0..self.conventions.len()).map(|index| 1 << index).collect();
        'anew: loop {
            for set in 0u32..1 << groups.len() {
                if self.compute(super::members(&groups, set)).is_none() {
                    let pair = self.parted(&groups, set);
                    let joined = groups.remove(pair[1]);
                    groups[pair[0]] |= joined;
                    continue 'anew;
                }
            }
            return groups;
        }
    }

    /// Two groups, one inside this set and one outside, that must not be parted: two that make it an analysis
    /// when they are on one side. The smaller index first.
    fn parted(&mut self, groups: &[u32], set: u32) -> [usize; 2] {
        let is_in = |index: &usize| set & (1 << index) != 0;
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..groups.len()).partition(is_in);
        let pairs = inside.iter().flat_map(|&i| outside.iter().map(move |&o| [i, o]));
        let pairs: Vec<[usize; 2]> = pairs.collect();
        let heals = |[i, o]: &[usize; 2]| {
            [set | 1 << o, set & !(1 << i)]
                .iter()
                .any(|&moved| self.compute(super::members(groups, moved)).is_some())
        };
        // Neither end is without value, so there is a pair.
        let mut pair = pairs.iter().copied().find(heals).unwrap_or(pairs[0]);
        pair.sort_unstable();
        pair
    }

    /// One number of a mixture.
    pub fn value(&mut self, mask: u32, quantity: usize) -> Option<f64> {
        self.compute(mask)?[quantity]
    }

    fn compute(&mut self, mask: u32) -> Option<Values> {
        if let Some(known) = self.known.get(&mask) {
            return *known;
        }
        let (spec, normal) = self.spec(mask);
        let values =
            able(&spec).and_then(|spec| fit(self.table, &spec).ok()).map(|outcome| values(&outcome, normal));
        self.known.insert(mask, values);
        values
    }

    /// The spec of a mixture, and whether its quantile is the normal one where no interval of the vocabulary
    /// has that beside its standard error.
    fn spec(&self, mask: u32) -> (Spec, bool) {
        let [a, b] = self.ends;
        // None of the quantities rests on the interval of τ², and some intervals need one estimator.
        let mut spec = Spec { seed: a.seed.or(b.seed), tau2_ci: Tau2Ci::None, ..a.clone() };
        let taken = |convention: &Convention| {
            self.conventions
                .iter()
                .position(|known| known == convention)
                .is_some_and(|at| mask & (1 << at) != 0)
        };
        for convention in self.conventions.iter().filter(|convention| taken(convention)) {
            convention.take(&mut spec, a, b);
        }
        if a.model != b.model || !can_be_parted(a, b) {
            return (spec, false);
        }
        let side = |convention| if taken(&convention) { b.ci } else { a.ci };
        let normal = is_normal(side(Convention::Quantile));
        let error = side(Convention::StandardError);
        let is_classic = standard_error(error) == standard_error(Ci::Wald);
        spec.ci = match (is_classic, normal) {
            (true, true) => Ci::Wald,
            (true, false) => Ci::T,
            (false, _) => error,
        };
        (spec, !is_classic && normal)
    }

    /// How many analyses were computed.
    pub fn computed(&self) -> usize {
        self.known.values().flatten().count()
    }

    /// Whether both ends are on one scale, so that their τ² can be compared.
    pub fn is_one_scale(&self) -> bool {
        self.ends[0].measure == self.ends[1].measure
    }

    /// A group in words.
    pub fn switched(&self, group: u32) -> Switched {
        let members: Vec<Convention> = self
            .conventions
            .iter()
            .enumerate()
            .filter(|(index, _)| group & (1 << index) != 0)
            .map(|(_, convention)| *convention)
            .collect();
        let joined =
            |words: &dyn Fn(&Convention) -> String| members.iter().map(words).collect::<Vec<_>>().join(", ");
        Switched {
            convention: joined(&|convention| convention.name().to_string()),
            a: joined(&|convention| convention.words(self.ends[0])),
            b: joined(&|convention| convention.words(self.ends[1])),
        }
    }
}

/// The spec as its own choices give it, with the conventions it was put together with.
fn able(spec: &Spec) -> Option<Spec> {
    let resolved = spec.request().resolve().ok()?;
    Some(Spec { conventions: spec.conventions, ..resolved })
}

/// The numbers of a result, with the normal quantile in place of its own where that is asked for.
fn values(result: &MetaAnalysis, normal: bool) -> Values {
    let mut values = QUANTITIES.map(|(_, statistic)| result.get(statistic).and_then(Value::number));
    let pooled = result.pooled();
    if let Some((y, se)) = pooled.y.zip(pooled.se).filter(|_| normal) {
        let margin = quantile(result.spec.level.tail(), None) * se;
        for (value, (_, statistic)) in values.iter_mut().zip(QUANTITIES) {
            match statistic {
                Statistic::Pooled(SummaryField::Lower) => *value = Some(result.scale.to_natural(y - margin)),
                Statistic::Pooled(SummaryField::Upper) => *value = Some(result.scale.to_natural(y + margin)),
                _ => {}
            }
        }
    }
    values
}
