//! Analyses with some conventions of one spec and the others of another.

use std::collections::HashMap;

use super::convention::{Convention, is_normal, splits_into_error_and_quantile, standard_error};
use super::shapley::{Set, union};
use crate::analysis::{MetaAnalysis, Statistic, fit};
use crate::data::Dataset;
use crate::error::Error;
use crate::model::{HeterogeneityField, Pooled, PredictionField, SummaryField, Value};
use crate::options::Spec;
use crate::options::{Ci, Tau2Ci};

/// The numbers that are explained, by their keys in the result document: fractions; I² in percent; τ² on the
/// analysis scale.
pub const QUANTITIES: [(&str, Statistic); 7] = [
    ("estimate", Statistic::Pooled(SummaryField::Estimate)),
    ("lower", Statistic::Pooled(SummaryField::Lower)),
    ("upper", Statistic::Pooled(SummaryField::Upper)),
    ("tau2", Statistic::Heterogeneity(HeterogeneityField::Tau2)),
    ("i2", Statistic::Heterogeneity(HeterogeneityField::I2)),
    ("prediction_lower", Statistic::Prediction(PredictionField::Lower)),
    ("prediction_upper", Statistic::Prediction(PredictionField::Upper)),
];

/// The numbers of one analysis, in the order of [`QUANTITIES`].
type Values = [Option<f64>; QUANTITIES.len()];

/// Every analysis that has some conventions of spec `b` and the others of spec `a`, fitted when its numbers
/// are asked for.
pub(super) struct MixedAnalyses<'a> {
    table: &'a Dataset,
    a: &'a Spec,
    b: &'a Spec,
    /// The conventions in which the two differ; a [`Set`] of them is taken from `b`.
    conventions: Vec<Convention>,
    /// `None` where the choices are not compatible or the analysis cannot be fitted.
    fitted: HashMap<Set, Option<Values>>,
}

impl<'a> MixedAnalyses<'a> {
    /// Fits `a` and `b` themselves.
    pub fn new(table: &'a Dataset, a: &'a Spec, b: &'a Spec) -> Result<Self, Error> {
        let conventions = Convention::between(a, b);
        let all = (1 << conventions.len()) - 1;
        let (of_a, of_b) = (values(&fit(table, a)?, false), values(&fit(table, b)?, false));
        let fitted = HashMap::from([(0, Some(of_a)), (all, Some(of_b))]);
        Ok(Self { table, a, b, conventions, fitted })
    }

    /// The conventions in groups, such that every union of groups taken from `b` can be fitted: one
    /// convention each as far as possible.
    pub fn groups(&mut self) -> Vec<Set> {
        let mut groups: Vec<Set> = (0..self.conventions.len()).map(|index| 1 << index).collect();
        while let Some(unfitted) = self.first_unfitted(&groups) {
            let [first, second] = self.inseparable_pair(&groups, unfitted);
            let merged = groups.remove(second);
            groups[first] |= merged;
        }
        groups
    }

    /// The first set of groups that cannot be fitted.
    fn first_unfitted(&mut self, groups: &[Set]) -> Option<Set> {
        (0..1 << groups.len()).find(|&chosen| self.values_of(union(groups, chosen)).is_none())
    }

    /// Two groups, one in the set and one outside, such that the analysis can be fitted when both are on one
    /// side; the smaller index first.
    fn inseparable_pair(&mut self, groups: &[Set], chosen: Set) -> [usize; 2] {
        let is_in = |index: &usize| chosen & (1 << index) != 0;
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..groups.len()).partition(is_in);
        let pairs = inside.iter().flat_map(|&i| outside.iter().map(move |&o| [i, o]));
        let pairs: Vec<[usize; 2]> = pairs.collect();
        let can_be_fitted = |[i, o]: &[usize; 2]| {
            [chosen | 1 << o, chosen & !(1 << i)]
                .iter()
                .any(|&moved| self.values_of(union(groups, moved)).is_some())
        };
        // `a` and `b` were fitted, so the set is neither empty nor full and there is a pair.
        let mut pair = pairs.iter().copied().find(can_be_fitted).unwrap_or(pairs[0]);
        pair.sort_unstable();
        pair
    }

    /// One number of an analysis, by its index in [`QUANTITIES`].
    pub fn value(&mut self, from_b: Set, quantity: usize) -> Option<f64> {
        self.values_of(from_b)?[quantity]
    }

    fn values_of(&mut self, from_b: Set) -> Option<Values> {
        if let Some(fitted) = self.fitted.get(&from_b) {
            return *fitted;
        }
        let (spec, normal) = self.spec(from_b);
        let values = resolved(&spec)
            .and_then(|spec| fit(self.table, &spec).ok())
            .map(|result| values(&result, normal));
        self.fitted.insert(from_b, values);
        values
    }

    /// The mixed spec, and whether its limits are made with the normal quantile although its interval has
    /// another one: no choice of interval has Hartung and Knapp's standard error with the normal quantile.
    fn spec(&self, from_b: Set) -> (Spec, bool) {
        let (a, b) = (self.a, self.b);
        // No quantity depends on the interval of τ², and some of those intervals need one estimator.
        let mut spec = Spec { seed: a.seed.or(b.seed), tau2_ci: Tau2Ci::None, ..a.clone() };
        for convention in self.members(from_b) {
            convention.take(&mut spec, a, b);
        }
        if a.model != b.model || !splits_into_error_and_quantile(a, b) {
            return (spec, false);
        }
        let is_from_b = |wanted| self.members(from_b).any(|convention| convention == wanted);
        let ci_of = |convention| if is_from_b(convention) { b.ci } else { a.ci };
        let normal = is_normal(ci_of(Convention::Quantile));
        let error = ci_of(Convention::StandardError);
        let is_classic = standard_error(error) == standard_error(Ci::Wald);
        spec.ci = match (is_classic, normal) {
            (true, true) => Ci::Wald,
            (true, false) => Ci::T,
            (false, _) => error,
        };
        (spec, !is_classic && normal)
    }

    /// How many analyses were fitted.
    pub fn count(&self) -> usize {
        self.fitted.values().flatten().count()
    }

    /// Whether `a` and `b` are on one scale, so that their τ² can be compared.
    pub fn is_one_scale(&self) -> bool {
        self.a.measure == self.b.measure
    }

    /// The conventions of a set.
    pub fn members(&self, set: Set) -> impl Iterator<Item = Convention> + '_ {
        let members = self.conventions.iter().enumerate().filter(move |(index, _)| set & (1 << index) != 0);
        members.map(|(_, convention)| *convention)
    }
}

/// The spec with the choices that follow from its others, and with its own conventions.
fn resolved(spec: &Spec) -> Option<Spec> {
    let resolved = spec.request().resolve().ok()?;
    Some(Spec { conventions: spec.conventions, ..resolved })
}

/// The numbers of a result; with `normal` the limits are y ± z·se whatever the quantile of its interval.
fn values(result: &MetaAnalysis, normal: bool) -> Values {
    let mut values = QUANTITIES.map(|(_, statistic)| result.get(statistic).and_then(Value::number));
    let pooled = result.pooled();
    let with_normal = |(y, se): (f64, f64)| Pooled { y, se, df: None }.interval(result.spec.level.tail());
    if let Some([lower, upper]) = pooled.y.zip(pooled.se).filter(|_| normal).and_then(with_normal) {
        for (value, (_, statistic)) in values.iter_mut().zip(QUANTITIES) {
            match statistic {
                Statistic::Pooled(SummaryField::Lower) => *value = Some(result.scale.to_natural(lower)),
                Statistic::Pooled(SummaryField::Upper) => *value = Some(result.scale.to_natural(upper)),
                _ => {}
            }
        }
    }
    values
}
