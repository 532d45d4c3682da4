//! Studies on the analysis scale.

use rayon::prelude::*;

use super::exact_difference::{CorrectedCounts, exact_difference, most_precise};
use super::measure::estimate_and_variance;
use super::zero_cells::Correction;
use super::{Scale, Transform, freeman_tukey};
use crate::data::{Counts, Estimate, Studies};
use crate::options::{Conventions, InputScale, Measure, Spec};

/// So many studies are computed one after the other before another thread is asked.
const AT_ONCE: usize = 1 << 13;

/// The effect sizes of studies, as parallel columns: one row a study that can be pooled, and after these one row an
/// imputed study.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EffectSizes {
    /// Which study of the data set each row is. It is shorter than the other columns by the imputed rows, which are
    /// no study of the data set.
    pub study: Vec<u32>,
    /// The estimates.
    pub y: Vec<f64>,
    /// The estimates less that of the origin, each to the accuracy of its own small size: what is pooled.
    pub deviations: Vec<f64>,
    /// Their variances, above 0.
    pub v: Vec<f64>,
    /// The amount added to events and non-events of each study for zero cells; 0 for none, and where the row is
    /// imputed.
    pub amount: Vec<f64>,
    origin: Origin,
}

/// The most precise study (of several, the first; an imputed one only where all are), from which deviations are
/// taken.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Origin {
    /// There is no study.
    #[default]
    None,
    /// Its counts, from which differences are formed without loss.
    Counts(CorrectedCounts),
    /// Its estimate.
    Value(f64),
}

/// A study that cannot be pooled on the scale, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable {
    /// Which study of the data set.
    pub study: u32,
    /// Why.
    pub defect: Defect,
}

/// Why a study has no place on a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// Its estimate is not finite.
    Estimate,
    /// Its variance is not finite.
    Variance,
    /// Its variance is 0.
    ZeroVariance,
}

impl Defect {
    /// Why this estimate and variance cannot be pooled, if they cannot.
    pub(crate) fn find(y: f64, v: f64) -> Option<Self> {
        match () {
            () if !y.is_finite() => Some(Self::Estimate),
            () if !v.is_finite() => Some(Self::Variance),
            () if v <= 0.0 => Some(Self::ZeroVariance),
            () => None,
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Estimate => "no finite estimate",
            Self::Variance => "no finite variance",
            Self::ZeroVariance => "variance 0",
        }
    }
}

impl EffectSizes {
    /// Puts every study on the analysis scale; those whose y or v is not finite, or whose v is 0, are
    /// returned apart.
    ///
    /// ```
    /// use metaprop::effect::EffectSizes;
    /// use metaprop::{Dataset, Spec};
    ///
    /// let data = Dataset::proportions([("A", 4, 8), ("B", 5, 9)])?;
    /// let (sizes, unusable) = EffectSizes::new(data.studies(), &Spec::default());
    /// assert_eq!((sizes.y[0], sizes.v[0], unusable.len()), (0.0, 0.5, 0));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn new(studies: &Studies, spec: &Spec) -> (Self, Vec<Unusable>) {
        match studies {
            Studies::Proportions(counts) => Self::of_counts(counts, spec),
            Studies::Generic(estimates) => (Self::of_estimates(estimates), Vec::new()),
        }
    }

    /// Of counts, by the measure and the zero-cell rule of the spec.
    #[must_use]
    pub fn of_counts(counts: &[Counts], spec: &Spec) -> (Self, Vec<Unusable>) {
        let correction = Correction::new(spec.zero_cells, spec.zero_amount, counts);
        let mut sizes = Self::of_zeros(counts.len());
        let rows = sizes.y.par_iter_mut().zip(&mut sizes.v).zip(&mut sizes.amount).zip(counts);
        let usable = rows.with_min_len(AT_ONCE).map(|(((y, v), amount), &counts)| {
            let added = correction.amount(counts);
            if added != 0.0 {
                // Where nothing is added no page of a large column is touched.
                *amount = added;
            }
            (*y, *v) = estimate_and_variance(counts, added, spec.measure, spec.conventions);
            Defect::find(*y, *v).is_none()
        });
        let unusable = if usable.reduce(|| true, |one, other| one && other) {
            Vec::new()
        } else {
            sizes.take_unusable()
        };
        sizes.centre(counts, spec);
        (sizes, unusable)
    }

    /// A row a study, all 0.
    fn of_zeros(k: usize) -> Self {
        let zeros = || vec![0.0; k];
        Self { study: (0..).take(k).collect(), y: zeros(), v: zeros(), amount: zeros(), ..Self::default() }
    }

    /// Takes the rows away that cannot be pooled.
    fn take_unusable(&mut self) -> Vec<Unusable> {
        let (mut usable, mut unusable) = (Self::with_capacity(self.k()), Vec::new());
        for (row, &study) in self.study.iter().enumerate() {
            match Defect::find(self.y[row], self.v[row]) {
                None => usable.push(study, self.y[row], self.v[row], self.amount[row]),
                Some(defect) => unusable.push(Unusable { study, defect }),
            }
        }
        *self = usable;
        unusable
    }

    /// Of estimates with their variances.
    #[must_use]
    pub fn of_estimates(estimates: &[Estimate]) -> Self {
        let mut sizes = Self::with_capacity(estimates.len());
        for (estimate, study) in estimates.iter().zip(0..) {
            sizes.push(study, estimate.y(), estimate.v(), 0.0);
        }
        sizes.centre_estimates();
        sizes
    }

    /// Takes rows whose parts were computed before in place of its own, in the memory of these: the corrected counts,
    /// the variance and the deviation from `origin` of every study.
    pub(crate) fn set_rows(
        &mut self,
        rows: impl ExactSizeIterator<Item = (CorrectedCounts, f64, f64)>,
        origin: CorrectedCounts,
    ) {
        self.study.clear();
        self.study.extend((0..).take(rows.len()));
        let columns = [&mut self.y, &mut self.v, &mut self.deviations, &mut self.amount];
        let [y, v, deviations, amount] = columns.map(|column| {
            column.clear();
            column
        });
        for (counts, variance, deviation) in rows {
            y.push(counts.y);
            v.push(variance);
            deviations.push(deviation);
            amount.push(counts.amount);
        }
        self.origin = Origin::Counts(origin);
    }

    /// Every study as it stands, for models that take the counts themselves: where none or all had the event
    /// there is no finite value.
    #[must_use]
    pub(crate) fn uncorrected(counts: &[Counts], spec: &Spec) -> Self {
        let values =
            counts.iter().map(|&counts| estimate_and_variance(counts, 0.0, spec.measure, spec.conventions));
        let (y, v) = values.unzip();
        Self {
            study: (0..).take(counts.len()).collect(),
            y,
            v,
            amount: vec![0.0; counts.len()],
            ..Self::default()
        }
    }

    /// The rows at these places, with deviations from the most precise of them: what [`new`](Self::new) gives
    /// for those studies alone, with the same amounts added.
    ///
    /// `counts` are those that these effect sizes were made of; `None` where they were estimates.
    #[must_use]
    pub fn subset(&self, rows: &[u32], counts: Option<&[Counts]>, spec: &Spec) -> Self {
        let mut sizes = Self::with_capacity(rows.len());
        for row in rows.iter().map(|&row| row as usize) {
            sizes.study.extend(self.study.get(row));
            sizes.push_row(self.y[row], self.v[row], self.amount[row]);
        }
        // The most precise study of all is that of any part it is in, and the deviations from it are the same.
        let observed = &self.v[..self.study.len()];
        let keeps_origin = most_precise(observed).is_some_and(|origin| rows.contains(&(origin as u32)));
        if keeps_origin && self.deviations.len() == self.k() {
            sizes.deviations = rows.iter().map(|row| self.deviations[*row as usize]).collect();
            sizes.origin = self.origin;
            return sizes;
        }
        match counts {
            Some(counts) => sizes.centre(counts, spec),
            None => sizes.centre_estimates(),
        }
        sizes
    }

    /// The same effect sizes and, after them, imputed ones on the same scale, such as trim-and-fill adds: an
    /// estimate and a variance, of no study of the data set and without counts.
    ///
    /// The deviations of the studies stay those from the most precise of them.
    ///
    /// ```
    /// use metaprop::data::Estimate;
    /// use metaprop::effect::EffectSizes;
    /// use metaprop::{Dataset, Spec};
    ///
    /// let data = Dataset::proportions([("A", 4, 8), ("B", 5, 9)])?;
    /// let (sizes, _) = EffectSizes::new(data.studies(), &Spec::default());
    /// let mirrored = Estimate::new(-sizes.y[1], sizes.v[1]).unwrap();
    /// let filled = sizes.with_imputed(&[mirrored]);
    /// assert_eq!((filled.k(), filled.study.len(), filled.imputed()), (3, 2, 1));
    /// assert_eq!(filled.deviations[2], -sizes.y[1] - sizes.y[1]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn with_imputed(&self, imputed: &[Estimate]) -> Self {
        let mut sizes = self.clone();
        for estimate in imputed {
            sizes.push_row(estimate.y(), estimate.v(), 0.0);
        }
        if self.k() == 0 {
            sizes.centre_estimates();
        } else {
            sizes.deviations.extend(imputed.iter().map(|estimate| estimate.y() - self.origin()));
        }
        sizes
    }

    /// The same variances with other estimates, such as a bootstrap draws.
    pub(crate) fn with_estimates(&self, y: Vec<f64>) -> Self {
        let mut sizes = Self { y, ..self.clone() };
        sizes.centre_estimates();
        sizes
    }

    /// How many of the rows are imputed: the last ones.
    #[must_use]
    pub fn imputed(&self) -> usize {
        self.k() - self.study.len()
    }

    /// The scale on which values that were pooled from these effect sizes are shown. `counts` are those that they
    /// were made of; with them and the standard error `se` the n of the Freeman-Tukey inverse is found.
    #[must_use]
    pub fn scale(&self, counts: Option<&[Counts]>, spec: &Spec, se: f64) -> Scale {
        scale_of_studies(self.study.iter(), counts, spec, se)
    }

    /// The same for the rows at these places alone.
    pub(crate) fn scale_of(&self, rows: &[u32], counts: Option<&[Counts]>, spec: &Spec, se: f64) -> Scale {
        scale_of_studies(rows.iter().map(|row| &self.study[*row as usize]), counts, spec, se)
    }

    /// The number of rows: studies that can be pooled, and imputed ones.
    #[must_use]
    pub fn k(&self) -> usize {
        self.y.len()
    }

    /// The estimate that the deviations are taken from; 0 where there is no study.
    #[must_use]
    pub const fn origin(&self) -> f64 {
        match self.origin {
            Origin::None => 0.0,
            Origin::Counts(counts) => counts.y,
            Origin::Value(y) => y,
        }
    }

    /// The value under test less the origin, as exact as a deviation: that of the proportion `null`, or 0 for
    /// estimates.
    #[must_use]
    pub fn deviation_of_null(&self, null: f64, scale: &Scale, conventions: Conventions) -> f64 {
        let (Scale::Proportion(transform), Origin::Counts(origin)) = (scale, self.origin) else {
            return scale.null(null) - self.origin();
        };
        // Where no n enters the Freeman-Tukey inverse it is that of infinitely many people.
        let n = match transform.measure() {
            Measure::FreemanTukey => transform.n().unwrap_or(LARGE_N),
            _ => 1.0,
        };
        let at_null = CorrectedCounts::of_proportion(null, n, transform.from_proportion(null));
        exact_difference(at_null, origin, transform.measure(), conventions)
    }

    /// Whether any study was corrected for zero cells.
    #[must_use]
    pub fn any_corrected(&self) -> bool {
        self.amount.iter().any(|amount| *amount > 0.0)
    }

    fn with_capacity(k: usize) -> Self {
        Self {
            study: Vec::with_capacity(k),
            y: Vec::with_capacity(k),
            deviations: Vec::new(),
            v: Vec::with_capacity(k),
            amount: Vec::with_capacity(k),
            origin: Origin::None,
        }
    }

    fn push(&mut self, study: u32, y: f64, v: f64, amount: f64) {
        self.study.push(study);
        self.push_row(y, v, amount);
    }

    /// The columns that imputed rows have too.
    fn push_row(&mut self, y: f64, v: f64, amount: f64) {
        self.y.push(y);
        self.v.push(v);
        self.amount.push(amount);
    }

    /// Takes the deviations from the most precise study.
    fn centre_estimates(&mut self) {
        let observed = if self.study.is_empty() { &self.v[..] } else { &self.v[..self.study.len()] };
        let Some(index) = most_precise(observed) else { return };
        let origin = self.y[index];
        self.origin = Origin::Value(origin);
        self.deviations = self.y.iter().map(|y| y - origin).collect();
    }

    /// Takes the deviations from the most precise study, formed from the counts.
    fn centre(&mut self, counts: &[Counts], spec: &Spec) {
        let corrected = |row: usize| {
            CorrectedCounts::of_counts(counts[self.study[row] as usize], self.amount[row], self.y[row])
        };
        let observed = self.study.len();
        let Some(origin) = most_precise(&self.v[..observed]).map(corrected) else {
            return self.centre_estimates();
        };
        let from_origin =
            |row: usize| exact_difference(corrected(row), origin, spec.measure, spec.conventions);
        self.deviations = (0..observed).into_par_iter().with_min_len(AT_ONCE).map(from_origin).collect();
        self.deviations.extend(self.y[observed..].iter().map(|y| y - origin.y));
        self.origin = Origin::Counts(origin);
    }
}

/// n + 1 == n in f64.
const LARGE_N: f64 = 1e18;
/// The scale of a value pooled of these studies, with this standard error.
fn scale_of_studies<'a>(
    studies: impl ExactSizeIterator<Item = &'a u32> + Clone,
    counts: Option<&[Counts]>,
    spec: &Spec,
    se: f64,
) -> Scale {
    let (Some(choice), Some(counts)) = (spec.back_transform, counts) else {
        return Scale::new(spec.measure, spec.input_scale.unwrap_or(InputScale::Identity));
    };
    let totals = studies.map(|study| counts[*study as usize].total() as f64);
    Scale::Proportion(match freeman_tukey::inverse_n(choice, totals, se) {
        Some(n) => Transform::freeman_tukey(n),
        None => Transform::new(spec.measure),
    })
}
