//! The fit of a count table under one specification.

use std::borrow::Cow;

use super::evaluation::Evaluation;
use super::row_cache::RowCache;
use crate::data::Counts;
use crate::effect::EffectSizes;
use crate::effect::exact_difference::CorrectedCounts;
use crate::effect::measure::estimate_and_variance;
use crate::effect::sizes::Defect;
use crate::effect::zero_cells::Correction;
use crate::error::{Error, Problem};
use crate::model::inference::quantile;
use crate::model::{Pooled, Prepared, WeightedFit, WeightedMean};
use crate::options::{Choice, Ci, Model, Spec, ZeroCells};

/// The models whose pooled value is a weighted mean.
pub(in crate::published) const MODELS: [Model; 2] = [Model::Random, Model::Common];
/// The intervals of a weighted mean that are searched.
pub(in crate::published) const CI: [Ci; 4] = [Ci::Wald, Ci::Hk, Ci::T, Ci::HkFloor];

/// A specification with the quantiles of its interval, to fit many tables of at most a given number of rows.
#[derive(Debug, Clone)]
pub(in crate::published) struct Evaluator {
    pub spec: Spec,
    /// By the number of rows: tables of as many rows have the same quantile.
    quantiles: Vec<f64>,
}

impl Evaluator {
    /// For tables of up to `most_rows` rows.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the model is not one of [`MODELS`] or the interval not one of [`CI`].
    pub fn new(spec: &Spec, most_rows: usize) -> Result<Self, Error> {
        if !MODELS.contains(&spec.model) || !CI.contains(&spec.ci) {
            let problem = Problem::new(format!(
                "model = {} with ci = {} cannot be searched over count tables",
                spec.model.key(),
                spec.ci.key()
            ));
            let words = CI.iter().map(|ci| ci.key()).collect::<Vec<_>>().join(", ");
            return Err(Error::Usage(vec![
                problem.help(format!("use model = common or random, and ci = {words}")),
            ]));
        }
        // The df depend on the number of rows alone, so any weighted mean of as many gives them.
        let quantile_of = |k: usize| {
            let rows = vec![1.0; k];
            quantile(
                spec.level.tail(),
                Pooled::new(&WeightedMean::at(&rows, &rows, 0.0), spec.ci).df.map(|df| df.max(1.0)),
            )
        };
        Ok(Self { spec: spec.clone(), quantiles: (0..=most_rows).map(quantile_of).collect() })
    }

    /// The quantile of the interval of a table with k rows.
    pub fn quantile(&self, k: usize) -> f64 {
        self.quantiles.get(k).copied().unwrap_or(f64::NAN)
    }

    /// What the correction of zero cells adds to each cell of a row; `None` where that depends on the other
    /// rows.
    pub fn correction(&self, counts: Counts) -> Option<f64> {
        let Spec { zero_cells, zero_amount, .. } = self.spec;
        let of_row_alone = zero_cells != ZeroCells::If0All;
        of_row_alone.then(|| Correction::new(zero_cells, zero_amount, &[counts]).amount(counts))
    }

    /// Estimate and variance of a row on the analysis scale; `None` where the analysis would leave the row
    /// out.
    pub fn effect(&self, counts: Counts, amount: f64) -> Option<[f64; 2]> {
        let (y, v) = estimate_and_variance(counts, amount, self.spec.measure, self.spec.conventions);
        Defect::find(y, v).is_none().then_some([y, v])
    }

    /// The table fitted under the specification; `None` where the analysis would leave a row out or does not
    /// converge.
    pub fn evaluate<'a>(&'a self, rows: &'a [Counts]) -> Option<Evaluation<'a>> {
        let (sizes, unusable) = EffectSizes::of_counts(rows, &self.spec);
        if !unusable.is_empty() {
            return None;
        }
        self.evaluation(Prepared::fit_weighted(Cow::Owned(sizes), rows, &self.spec).ok()?, rows)
    }

    /// The same for one of many tables that differ in a row or two; a rule for zero cells that looks at the whole
    /// table takes nothing from the cache.
    pub fn evaluate_cached<'a>(
        &'a self,
        rows: &'a [Counts],
        cache: &'a mut RowCache,
    ) -> Option<Evaluation<'a>> {
        if self.spec.zero_cells == ZeroCells::If0All {
            return self.evaluate(rows);
        }
        let sizes = Cow::Borrowed(self.cached_sizes(rows, cache)?);
        self.evaluation(Prepared::fit_weighted(sizes, rows, &self.spec).ok()?, rows)
    }

    /// The effect sizes of the rows; `None` where one of them would be left out.
    fn cached_sizes<'c>(&self, rows: &[Counts], cache: &'c mut RowCache) -> Option<&'c EffectSizes> {
        let row_of = |counts| {
            let amount = self.correction(counts)?;
            let [y, v] = self.effect(counts, amount)?;
            Some((CorrectedCounts::of_counts(counts, amount, y), v))
        };
        cache.effect_sizes(rows, row_of, &self.spec)
    }

    fn evaluation<'a>(&'a self, fit: WeightedFit<'a>, rows: &'a [Counts]) -> Option<Evaluation<'a>> {
        let limits = fit.limits(&self.spec, Some(self.quantile(rows.len()))).ok()?;
        Some(Evaluation::new(Cow::Owned(fit), Cow::Borrowed(&self.spec), limits, rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Stream;
    use crate::options::{Measure, Request};

    /// Tables that differ in a row or two, so that the origin changes and comes back.
    #[test]
    fn has_the_bits_of_effect_sizes_made_anew() {
        for &measure in Measure::OF_PROPORTIONS {
            let spec = Request { measure: Some(measure), ..Request::default() }.resolve().unwrap();
            let evaluator = Evaluator::new(&spec, 6).unwrap();
            let (mut stream, mut cache) = (Stream::new(1, 0), RowCache::new());
            let mut rows: Vec<Counts> = (0..6).map(|row| Counts::new(row, 20 + row).unwrap()).collect();
            for _ in 0..500 {
                let total = 1 + stream.below(60);
                let counts = Counts::new(stream.below(total + 1), total).unwrap();
                rows[stream.below(6) as usize] = counts;
                let (fresh, unusable) = EffectSizes::of_counts(&rows, &spec);
                let cached = evaluator.cached_sizes(&rows, &mut cache);
                assert_eq!(cached, unusable.is_empty().then_some(&fresh), "{measure:?} {rows:?}");
            }
        }
    }
}
