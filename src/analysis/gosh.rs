//! The pooled value of every subset of the studies.

use rayon::prelude::*;
use serde::Serialize;

use super::leave_one_out::needs_two;
use super::refit::Refitted;
use super::{KeepGoing, MetaAnalysis};
use crate::effect::Scale;
use crate::error::{Error, Problem};
use crate::format::studies;
use crate::model::subset::SubsetMean;
use crate::numeric::random::Stream;
use crate::numeric::sum::{Sum, sum};
use crate::options::DEFAULT_SEED;

/// Up to so many studies every subset is fitted.
const MOST_STUDIES: usize = 20;
/// So many subsets are drawn where there are more studies.
const DRAWN: u64 = 1_000_000;
/// So many where each is a fit of an exact model.
const DRAWN_EXACT: u64 = 10_000;
/// More than these would not fit into memory.
const MOST_SUBSETS: u64 = 20_000_000;

/// Which subsets are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct GoshOptions {
    /// The least number of studies of a subset.
    pub min_size: usize,
    /// How many subsets are drawn at random, where that is fewer than there are; `None` for every subset of up to 20
    /// studies, and 1,000,000 drawn ones of more (10,000 for an exact model).
    pub subsets: Option<u64>,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for GoshOptions {
    fn default() -> Self {
        Self { min_size: 2, subsets: None, seed: DEFAULT_SEED }
    }
}

/// The pooled value of every subset of the studies, or of many drawn ones: a graphical display of study heterogeneity
/// (Olkin, Dahabreh & Trikalinos 2012, doi:10.1002/jrsm.1053).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gosh {
    /// Whether every subset was fitted.
    pub exhaustive: bool,
    /// How many subsets were asked for.
    pub asked: u64,
    /// The subsets whose model could be fitted.
    pub rows: Vec<Subset>,
    /// How many could not be fitted.
    pub failed: u64,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
    names: Vec<String>,
    members: Members,
}

/// The pooled value of one subset.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Subset {
    /// Which subset it is.
    index: u64,
    /// The number of studies.
    pub k: usize,
    /// The pooled value on the analysis scale; `None` where an exact model has no finite one.
    pub y: Option<f64>,
    /// The pooled value as it is shown.
    pub estimate: f64,
    /// The between-study variance.
    pub tau2: Option<f64>,
    /// I², in percent.
    pub i2: Option<f64>,
    /// The test of heterogeneity.
    pub q: Option<f64>,
}

/// What the subsets give together: means, and the standard deviation of the estimates over the subsets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GoshSummary {
    /// The mean of the estimates as they are shown.
    pub estimate_mean: Option<f64>,
    /// Their standard deviation, with n − 1.
    pub estimate_sd: Option<f64>,
    /// The least of them.
    pub estimate_min: Option<f64>,
    /// The largest.
    pub estimate_max: Option<f64>,
    /// The mean of the pooled values on the analysis scale.
    pub y_mean: Option<f64>,
    /// Their standard deviation.
    pub y_sd: Option<f64>,
    /// The mean of τ².
    pub tau2_mean: Option<f64>,
    /// The mean of I², in percent.
    pub i2_mean: Option<f64>,
}

/// The subsets with a study beside those without it: means of the estimates as they are shown, and of I² in percent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StudyInSubsets {
    /// The study; where several rows have its name, with its line.
    pub study: String,
    /// How many subsets have it.
    pub subsets_with: u64,
    /// The mean of their estimates.
    pub estimate_with: Option<f64>,
    /// The mean of the estimates of the others.
    pub estimate_without: Option<f64>,
    /// The mean of the I² of the subsets that have it.
    pub i2_with: Option<f64>,
    /// The mean of the I² of the others.
    pub i2_without: Option<f64>,
}

/// Which studies a subset has, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    /// The bits of the index.
    Bits { k: usize },
    /// Drawn with a stream of random numbers of its own.
    Drawn { k: usize, min_size: usize, seed: u64 },
}

impl Members {
    /// The studies, counted from 0, in ascending order.
    fn of(self, index: u64, into: &mut Vec<u32>) {
        into.clear();
        match self {
            Self::Bits { k } => into.extend((0..k as u32).filter(|study| index >> study & 1 == 1)),
            Self::Drawn { k, min_size, seed } => {
                let mut stream = Stream::new(seed, index);
                while into.len() < min_size {
                    into.clear();
                    let mut bits = 0;
                    for study in 0..k as u32 {
                        if study % 64 == 0 {
                            bits = stream.bits();
                        }
                        if bits >> (study % 64) & 1 == 1 {
                            into.push(study);
                        }
                    }
                }
            }
        }
    }
}

impl Gosh {
    /// The studies of a subset, counted from 0.
    #[must_use]
    pub fn studies(&self, subset: &Subset) -> Vec<u32> {
        let mut studies = Vec::new();
        self.members.of(subset.index, &mut studies);
        studies
    }

    /// Shows every `step`-th subset with its studies, counted from 0.
    pub(super) fn visit(&self, step: usize, visit: &mut impl FnMut(&Subset, &[u32])) {
        let mut studies = Vec::new();
        for row in self.rows.iter().step_by(step) {
            self.members.of(row.index, &mut studies);
            visit(row, &studies);
        }
    }

    /// What the subsets give together.
    #[must_use]
    pub fn summary(&self) -> GoshSummary {
        let estimates = Moments::of(self.rows.iter().map(|row| Some(row.estimate)));
        let y = Moments::of(self.rows.iter().map(|row| row.y));
        let extreme = |pick: fn(f64, f64) -> f64| self.rows.iter().map(|row| row.estimate).reduce(pick);
        GoshSummary {
            estimate_mean: estimates.mean,
            estimate_sd: estimates.sd,
            estimate_min: extreme(f64::min),
            estimate_max: extreme(f64::max),
            y_mean: y.mean,
            y_sd: y.sd,
            tau2_mean: Moments::of(self.rows.iter().map(|row| row.tau2)).mean,
            i2_mean: Moments::of(self.rows.iter().map(|row| row.i2)).mean,
        }
    }
}

impl Gosh {
    /// The subsets with each study beside those without it.
    #[must_use]
    pub fn by_study(&self) -> Vec<StudyInSubsets> {
        // For each study the subsets with it, and for all the subsets together.
        let mut with = vec![Totals::default(); self.names.len()];
        let (mut all, mut studies) = (Totals::default(), Vec::new());
        for row in &self.rows {
            all.add(row);
            self.members.of(row.index, &mut studies);
            studies.iter().for_each(|study| with[*study as usize].add(row));
        }
        let row = |(study, with): (&String, Totals)| {
            let without = all.less(&with);
            StudyInSubsets {
                study: study.clone(),
                subsets_with: with.subsets,
                estimate_with: with.estimate(),
                estimate_without: without.estimate(),
                i2_with: with.i2(),
                i2_without: without.i2(),
            }
        };
        self.names.iter().zip(with).map(row).collect()
    }
}

/// Sums over subsets.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    subsets: u64,
    estimate: f64,
    with_i2: u64,
    i2: f64,
}

impl Totals {
    fn add(&mut self, row: &Subset) {
        self.subsets += 1;
        self.estimate += row.estimate;
        if let Some(i2) = row.i2 {
            self.with_i2 += 1;
            self.i2 += i2;
        }
    }

    fn less(&self, part: &Self) -> Self {
        Self {
            subsets: self.subsets - part.subsets,
            estimate: self.estimate - part.estimate,
            with_i2: self.with_i2 - part.with_i2,
            i2: self.i2 - part.i2,
        }
    }

    fn estimate(&self) -> Option<f64> {
        (self.subsets > 0).then(|| self.estimate / self.subsets as f64)
    }

    fn i2(&self) -> Option<f64> {
        (self.with_i2 > 0).then(|| (self.i2 / self.with_i2 as f64).max(0.0))
    }
}

/// Mean and standard deviation of the values that exist.
#[derive(Default)]
struct Moments {
    mean: Option<f64>,
    sd: Option<f64>,
}

impl Moments {
    fn of(values: impl Iterator<Item = Option<f64>> + Clone) -> Self {
        let (mut total, mut n) = (Sum::new(), 0u64);
        for value in values.clone().flatten() {
            total.add(value);
            n += 1;
        }
        if n == 0 {
            return Self::default();
        }
        let mean = total.value() / n as f64;
        let squares = sum(values.flatten().map(|value| (value - mean) * (value - mean)));
        Self { mean: Some(mean), sd: (n > 1).then(|| (squares / (n - 1) as f64).sqrt()) }
    }
}

impl MetaAnalysis {
    /// The pooled value of every subset of the studies, or of many drawn ones.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is one study alone and a subset has two; [`Error::Usage`] where there are fewer studies
    /// than the least size of a subset, or more subsets are asked for than memory holds.
    ///
    /// ```
    /// use metaprop::analysis::GoshOptions;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let all = fit(&data, &Spec::default())?.gosh(&GoshOptions::default())?;
    /// // Six pairs, four triples, and all four.
    /// assert_eq!((all.rows.len(), all.exhaustive), (11, true));
    /// assert_eq!(all.studies(&all.rows[0]), [0, 1]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn gosh(&self, options: &GoshOptions) -> Result<Gosh, Error> {
        self.gosh_watched(options, &mut |_, _| true)
    }

    /// The same; `keep_going` is given how many subsets are done, and stops it by returning false.
    ///
    /// # Errors
    ///
    /// As [`gosh`](Self::gosh).
    pub fn gosh_watched(&self, options: &GoshOptions, keep_going: &mut KeepGoing<'_>) -> Result<Gosh, Error> {
        let (members, indices, exhaustive) = self.subsets(options)?;
        let asked = indices.len() as u64;
        let subsets = Subsets::new(self, members);
        let batch = if !self.spec.model.weights_rows() { 16 } else { 1 << 14 };
        let (mut rows, mut failed, mut stopped) = (Vec::new(), 0, false);
        for (done, some) in indices.batches(batch) {
            if !keep_going(done, asked) {
                stopped = true;
                break;
            }
            let fits: Vec<Option<Subset>> = some
                .into_par_iter()
                .map_init(Scratch::default, |scratch, index| subsets.fit(index, scratch))
                .collect();
            failed += fits.iter().filter(|fit| fit.is_none()).count() as u64;
            rows.extend(fits.into_iter().flatten());
        }
        let named = self.row_names();
        let names = (0..self.k()).map(|study| named.of(study)).collect();
        Ok(Gosh { exhaustive: exhaustive && !stopped, asked, rows, failed, stopped, names, members })
    }

    fn subsets(&self, options: &GoshOptions) -> Result<(Members, Indices, bool), Error> {
        let (k, min_size) = (self.k(), options.min_size.max(1));
        if min_size == 2 {
            needs_two(self, "gosh")?;
        }
        if k < min_size {
            let (there, are) = (studies(k), if k == 1 { "is" } else { "are" });
            let what = format!("there {are} {there}, and a subset is to have at least {min_size}");
            return Err(Error::Usage(vec![Problem::new(what).help("give a smaller --min-size")]));
        }
        let drawn = if !self.spec.model.weights_rows() { DRAWN_EXACT } else { DRAWN };
        let wanted = options.subsets.unwrap_or(drawn);
        if wanted == 0 || wanted > MOST_SUBSETS {
            let what = format!("{wanted} subsets: give a number from 1 to {MOST_SUBSETS}");
            return Err(Error::usage(what));
        }
        if k <= MOST_STUDIES {
            let all: Vec<u32> =
                (1u32..1 << k).filter(|bits| bits.count_ones() as usize >= min_size).collect();
            if options.subsets.is_none_or(|wanted| wanted >= all.len() as u64) {
                return Ok((Members::Bits { k }, Indices::These(all), true));
            }
        }
        Ok((Members::Drawn { k, min_size, seed: options.seed }, Indices::UpTo(wanted), false))
    }
}

/// The indices of the subsets that are fitted.
enum Indices {
    These(Vec<u32>),
    UpTo(u64),
}

impl Indices {
    fn len(&self) -> usize {
        match self {
            Self::These(indices) => indices.len(),
            Self::UpTo(end) => *end as usize,
        }
    }

    /// So many at a time, each time with how many came before.
    fn batches(&self, size: usize) -> impl Iterator<Item = (u64, Vec<u64>)> {
        (0..self.len()).step_by(size).map(move |start| {
            let end = self.len().min(start + size);
            let some = match self {
                Self::These(indices) => indices[start..end].iter().map(|index| u64::from(*index)).collect(),
                Self::UpTo(_) => (start as u64..end as u64).collect(),
            };
            (start as u64, some)
        })
    }
}

/// What fits a subset by its index.
struct Subsets<'a> {
    result: &'a MetaAnalysis,
    members: Members,
    refitted: Refitted<'a>,
}

/// Memory that one fit after the other uses.
#[derive(Default)]
struct Scratch {
    studies: Vec<u32>,
    y: Vec<f64>,
    v: Vec<f64>,
}

impl<'a> Subsets<'a> {
    fn new(result: &'a MetaAnalysis, members: Members) -> Self {
        Self { result, members, refitted: Refitted::new(result) }
    }

    fn fit(&self, index: u64, scratch: &mut Scratch) -> Option<Subset> {
        self.members.of(index, &mut scratch.studies);
        if !self.result.spec.model.weights_rows() {
            self.exact(index, scratch)
        } else {
            self.mean(index, scratch)
        }
    }

    fn exact(&self, index: u64, scratch: &Scratch) -> Option<Subset> {
        let fit = self.refitted.to(&scratch.studies);
        let estimate = fit.estimate?;
        Some(Subset { index, k: fit.k, y: fit.y, estimate, tau2: fit.tau2, i2: fit.i2, q: fit.q })
    }

    fn mean(&self, index: u64, scratch: &mut Scratch) -> Option<Subset> {
        let sizes = &self.result.sizes;
        let Scratch { studies, y, v } = scratch;
        y.clear();
        v.clear();
        y.extend(studies.iter().map(|study| sizes.deviations[*study as usize]));
        v.extend(studies.iter().map(|study| sizes.v[*study as usize]));
        let fit = SubsetMean::fit(y, v, &self.result.spec).ok()?;
        let pooled = sizes.origin() + fit.mean;
        let estimate = self.scale(studies, fit.se).to_natural(pooled);
        Some(Subset {
            index,
            k: studies.len(),
            y: Some(pooled),
            estimate,
            tau2: fit.tau2,
            i2: fit.i2,
            q: Some(fit.q),
        })
    }

    /// The scale of a pooled value with this standard error: the n of the Freeman-Tukey inverse is that of the subset.
    fn scale(&self, studies: &[u32], se: f64) -> Scale {
        let result = self.result;
        match result.spec.back_transform {
            None => result.scale,
            Some(_) => result.sizes.scale_of(studies, result.data.counts(), &result.spec, se),
        }
    }
}
