//! One row a study, made where it is shown: the exact intervals cost more than the fit.

use serde::Serialize;

use super::MetaAnalysis;
use crate::effect::study_interval;

/// A study as the result document, the tables and the figures show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyRow<'a> {
    /// Its name.
    pub study: &'a str,
    /// Its line in the file.
    pub line: u32,
    /// Events.
    pub events: u64,
    /// People.
    pub total: u64,
    /// Events over total, a fraction.
    pub proportion: f64,
    /// The lower limit of the study's interval, clipped to [0, 1].
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

impl MetaAnalysis {
    /// The `index`-th study that was pooled.
    ///
    /// # Panics
    ///
    /// Where `index` is not below [`k`](Self::k).
    #[must_use]
    pub fn row(&self, index: usize) -> StudyRow<'_> {
        let study = &self.table.studies[self.effects.index[index] as usize];
        let (y, v) = (self.effects.y[index], self.effects.v[index]);
        let [lower, upper] = study_interval::clipped(study.counts, (y, v), &self.spec);
        StudyRow {
            study: &study.name,
            line: study.line,
            events: study.counts.events(),
            total: study.counts.total(),
            proportion: study.counts.proportion(),
            lower,
            upper,
            y,
            v,
            corrected: self.effects.corrected[index],
            weight_common: self.weights_common.get(index).copied(),
            weight_random: self.weights_random.get(index).copied(),
        }
    }

    /// Every study that was pooled, in the order of the table.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = StudyRow<'_>> {
        (0..self.k()).map(|index| self.row(index))
    }
}
