//! The result of one analysis: every number with its spec, its convergence record and its advisories.

use super::Parts;
use super::levels::{Between, Level};
use super::statistic::Statistic;
use crate::advisory::Advisory;
use crate::data::{Counts, Dataset, Excluded, Label};
use crate::effect::{EffectSizes, Scale};
use crate::format::NumberFormat;
use crate::model::{Distribution, Heterogeneity, Prediction, Prepared, Summary, SummaryField, Value};
use crate::numeric::convergence::Convergence;
use crate::options::{Model, Spec, SubgroupTau2};

/// The result of one analysis.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MetaAnalysis {
    /// Every effective choice.
    pub spec: Spec,
    /// The studies that were read.
    pub(crate) data: Dataset,
    /// The studies that were pooled, on the analysis scale.
    pub(crate) sizes: EffectSizes,
    /// Rows that were left out while reading or for want of a finite estimate, by line.
    pub excluded: Vec<Excluded>,
    /// Common-effect weights, fractions that sum to 1, in the order of `sizes`.
    pub(crate) weights_common: Vec<f64>,
    /// Random-effects weights; empty where the model is common-effect.
    pub(crate) weights_random: Vec<f64>,
    /// The common-effect estimate; always there.
    pub common: Summary,
    /// The random-effects estimate; `None` for `model = common`.
    pub random: Option<Summary>,
    /// The prediction interval, where there is one.
    pub prediction: Option<Prediction>,
    /// How much the studies differ.
    pub heterogeneity: Heterogeneity,
    /// The fitted distribution of true proportions, where the model has one.
    pub distribution: Option<Distribution>,
    /// How the estimate of τ² was found.
    pub convergence: Convergence,
    /// Results of its studies in groups.
    pub(crate) subgroups: Vec<Subgroups>,
    /// What a statistician would say about it.
    pub advisories: Vec<Advisory>,
    /// From the analysis scale to what is shown, for pooled values.
    pub(crate) scale: Scale,
}

/// A result for each level of a column, and whether the levels differ.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Subgroups {
    /// The column.
    pub column: String,
    /// Whether each level has a between-study variance of its own.
    pub tau2: SubgroupTau2,
    /// A result a level.
    pub levels: Vec<Subgroup>,
    /// Whether the levels differ; `None` with fewer than two levels that have an estimate.
    pub between: Option<Between>,
}

/// The result of one level.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Subgroup {
    /// Its studies.
    pub of: Level,
    /// What they give; `None` where there is none, or the model could not be fitted to them.
    pub result: Option<MetaAnalysis>,
    /// Why there is no result.
    pub reason: Option<String>,
}

impl MetaAnalysis {
    /// Effect sizes of these studies ready to be fitted: the counts, and the clusters where there are some.
    pub(super) fn prepared<'a>(&'a self, sizes: &'a EffectSizes) -> Prepared<'a> {
        Prepared::new(sizes, self.data.studies()).in_clusters(self.data.clusters())
    }

    /// The number of studies pooled.
    #[must_use]
    pub fn k(&self) -> usize {
        self.sizes.k()
    }

    /// The estimate of the model that was asked for.
    #[must_use]
    pub fn pooled(&self) -> &Summary {
        self.random.as_ref().unwrap_or(&self.common)
    }

    /// The studies that were read, those among them that were not pooled included.
    #[must_use]
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// The studies that were pooled, on the analysis scale.
    #[doc(hidden)]
    #[must_use]
    pub fn sizes(&self) -> &EffectSizes {
        &self.sizes
    }

    /// From the analysis scale to what is shown, for pooled values.
    #[doc(hidden)]
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The estimates of the studies that were pooled, on the analysis scale.
    #[must_use]
    pub fn y(&self) -> &[f64] {
        &self.sizes.y
    }

    /// Their variances, on the analysis scale.
    #[must_use]
    pub fn v(&self) -> &[f64] {
        &self.sizes.v
    }

    /// Common-effect weights of the studies that were pooled: fractions that sum to 1.
    #[must_use]
    pub fn weights_common(&self) -> &[f64] {
        &self.weights_common
    }

    /// Random-effects weights: fractions that sum to 1; empty where the model is common-effect or has none.
    #[must_use]
    pub fn weights_random(&self) -> &[f64] {
        &self.weights_random
    }

    /// The weights of the model that was asked for.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        match self.spec.model {
            Model::Common => &self.weights_common,
            _ => &self.weights_random,
        }
    }

    /// The weights of this model: those of the common effect, or those of the model that was asked for.
    #[must_use]
    pub fn weights_of(&self, model: Model) -> &[f64] {
        if model == Model::Common { &self.weights_common } else { self.weights() }
    }

    /// A number of the result by its name; `None` where it does not exist.
    ///
    /// ```
    /// use metaprop::analysis::Statistic;
    /// use metaprop::model::{HeterogeneityField, Value};
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?, &Spec::default())?;
    /// assert_eq!(result.get(Statistic::K), Some(Value::Count(2)));
    /// assert!(result.get(Statistic::Heterogeneity(HeterogeneityField::Q)).is_some());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, statistic: Statistic) -> Option<Value> {
        statistic.of(self)
    }

    /// How its numbers are written where nothing else is said: proportions in percent with one decimal, rare ones with
    /// as many as their pooled interval asks for ([`NumberFormat::of_proportion`]), estimates with the decimals that
    /// their interval allows.
    #[must_use]
    pub fn number_format(&self) -> NumberFormat {
        let pooled = self.pooled();
        match pooled.limits().map(|[lower, upper]| upper - lower) {
            _ if self.spec.pools_proportions() => match self.crude() {
                // The pooled value says nothing of the magnitude.
                Some(crude) if matches!(pooled.estimate, 0.0 | 1.0) && crude != pooled.estimate => {
                    NumberFormat::of_proportion(crude, None)
                }
                _ => NumberFormat::of_proportion(pooled.estimate, pooled.limits()),
            },
            Some(width) if width.is_finite() && width > 0.0 => NumberFormat::of_estimates(width),
            _ => NumberFormat::ESTIMATES,
        }
    }

    /// Name and line of the `index`-th study that was pooled.
    ///
    /// # Panics
    ///
    /// Where `index` is not below [`k`](Self::k).
    #[must_use]
    pub fn label(&self, index: usize) -> Label<'_> {
        self.data.labels.at(self.sizes.study[index] as usize)
    }

    /// The counts of the studies that were pooled; empty for estimates.
    pub fn counts(&self) -> impl Iterator<Item = Counts> {
        let counts = self.data.counts().unwrap_or_default();
        // Without counts there is nothing to go through.
        let studies = if counts.is_empty() { &[][..] } else { &self.sizes.study };
        studies.iter().map(|&study| counts[study as usize])
    }

    /// Events over people, all studies taken as one: a fraction; `None` for estimates.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?, &Spec::default())?;
    /// assert_eq!(result.crude(), Some(0.68));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn crude(&self) -> Option<f64> {
        Statistic::Crude.of(self).and_then(Value::number)
    }

    /// Events and people of the studies that were pooled; `None` for estimates.
    #[must_use]
    pub fn sums(&self) -> Option<(u64, u64)> {
        self.data.counts()?;
        Some(self.counts().fold((0, 0), |(events, total): (u64, u64), counts| {
            (events.saturating_add(counts.events()), total.saturating_add(counts.total()))
        }))
    }
}

impl Parts for MetaAnalysis {
    fn k(&self) -> usize {
        self.k()
    }

    fn sums(&self) -> Option<(u64, u64)> {
        self.sums()
    }

    fn common(&self, field: SummaryField) -> Option<Value> {
        self.common.get(field)
    }

    fn random(&self, field: SummaryField) -> Option<Value> {
        self.random.as_ref()?.get(field)
    }

    fn has_random(&self) -> bool {
        self.random.is_some()
    }

    fn prediction(&self) -> Option<&Prediction> {
        self.prediction.as_ref()
    }

    fn between_p(&self) -> Option<f64> {
        self.subgroups.first()?.between.map(|between| between.p)
    }

    fn heterogeneity(&self) -> &Heterogeneity {
        &self.heterogeneity
    }
}
