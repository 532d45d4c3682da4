//! One row a study, made where it is shown: the exact intervals cost more than the fit.

use serde::Serialize;

use super::MetaAnalysis;
use crate::data::Counts;
use crate::effect::study_interval;

/// A study as the result document, the tables and the figures show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StudyRow<'a> {
    /// Its name.
    pub study: &'a str,
    /// Its line in the file.
    pub line: u32,
    /// Its cluster; `None` where clusters were not named, or it has no value in their column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<&'a str>,
    /// Events; `None` for estimates.
    pub events: Option<u64>,
    /// People; `None` for estimates.
    pub total: Option<u64>,
    /// Events over total, a fraction; `None` for estimates.
    pub proportion: Option<f64>,
    /// The estimate as the table has it; `None` for counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// The lower limit of the study's interval as it is shown: clipped to [0, 1] for proportions.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// The estimate on the analysis scale.
    pub y: f64,
    /// Its variance.
    pub v: f64,
    /// Whether it was corrected for zero cells.
    pub corrected: bool,
    /// Its weight in the common-effect model, a fraction.
    pub weight_common: Option<f64>,
    /// Its weight in the random-effects model, a fraction.
    pub weight_random: Option<f64>,
}

impl StudyRow<'_> {
    /// What is shown of the study: its proportion, or its estimate as the table has it.
    #[must_use]
    pub fn shown(&self) -> f64 {
        self.proportion.or(self.estimate).unwrap_or(self.y)
    }
}

impl MetaAnalysis {
    /// The `index`-th study that was pooled.
    ///
    /// # Panics
    ///
    /// Where `index` is not below [`k`](Self::k).
    #[must_use]
    pub fn row(&self, index: usize) -> StudyRow<'_> {
        let (study, label) = (self.sizes.study[index] as usize, self.label(index));
        let (y, v) = (self.sizes.y[index], self.sizes.v[index]);
        let counts = self.data.counts().map(|counts| counts[study]);
        let estimate = self.data.studies().estimates().map(|estimates| estimates[study]);
        let [lower, upper] = match counts {
            Some(counts) => study_interval::clipped(counts, (y, v), &self.spec),
            None => study_interval::wald(y, v, self.spec.level.tail()).map(|y| self.scale.to_natural(y)),
        };
        StudyRow {
            study: label.name,
            line: label.line,
            cluster: self.data.clusters().and_then(|clusters| clusters.name(study)),
            events: counts.map(Counts::events),
            total: counts.map(Counts::total),
            proportion: counts.map(Counts::proportion),
            estimate: estimate
                .map(|estimate| estimate.table_value().unwrap_or_else(|| self.scale.to_natural(y))),
            lower,
            upper,
            y,
            v,
            corrected: self.sizes.amount[index] > 0.0,
            weight_common: self.weights_common.get(index).copied(),
            weight_random: self.weights_random.get(index).copied(),
        }
    }

    /// Every study that was pooled, in the order of the table.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = StudyRow<'_>> {
        (0..self.k()).map(|index| self.row(index))
    }
}
