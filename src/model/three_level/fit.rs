//! The three-level model fitted: the mean of clusters, its intervals, both variances.

use std::borrow::Cow;

use super::interval::Profile;
use super::maximum::{Free, Maximum, TOLERANCE, maximise};
use super::rows::ClusteredRows;
use super::surface::{Cluster, clusters};
use crate::data::{Clusters, Counts};
use crate::effect::{EffectSizes, Scale};
use crate::error::{Error, Problem};
use crate::model::ci::cluster_robust::cluster_robust;
use crate::model::heterogeneity::{Component, Heterogeneity, VarianceLimits};
use crate::model::likelihood::normal::{Criteria, Likelihood};
use crate::model::prediction::predict_about;
use crate::model::tau2::interval::Tau2Interval;
use crate::model::weighted_mean::fractions;
use crate::model::{MeanResiduals, Pooled, Prediction, Residuals, Summary, WeightedMean};
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::ln;
use crate::options::{Ci, Spec, Tau2, Tau2Ci, Tau2Method};

/// The three-level model of rows in clusters: y = μ + u + w + e with u ~ N(0, τ²_between) of a cluster, w ~ N(0,
/// τ²_within) of a row and e ~ N(0, v), v known, by maximum likelihood or the restricted one, in O(k) an evaluation
/// (Konstantopoulos 2011, doi:10.1002/jrsm.35; Van den Noortgate et al. 2013, doi:10.3758/s13428-012-0261-6).
///
/// On the analysis scale; everything is computed from the origin of the effect sizes. Where every cluster has one row the
/// two variances are not separable and their sum alone is estimated; with one cluster the one within it.
#[derive(Debug, Clone)]
pub struct ThreeLevelFit<'a> {
    sizes: Cow<'a, EffectSizes>,
    counts: Option<&'a [Counts]>,
    /// The cluster of each row of the effect sizes.
    clusters: Vec<u32>,
    /// The rows, times `unit`.
    rows: ClusteredRows,
    /// A power of 2 that brings the smallest variance near 1.
    unit: f64,
    likelihood: Likelihood,
    free: Free,
    maximum: Maximum,
    common: WeightedMean,
    convergence: Convergence,
}

impl<'a> ThreeLevelFit<'a> {
    /// Of these effect sizes, whose studies are of these clusters.
    pub(in crate::model) fn new(
        sizes: Cow<'a, EffectSizes>,
        counts: Option<&'a [Counts]>,
        clusters: Option<&Clusters>,
        spec: &Spec,
    ) -> Result<Self, Error> {
        let named = clusters.ok_or_else(no_clusters)?;
        if sizes.imputed() > 0 {
            let what = format!("{} of the rows are imputed, and belong to no cluster", sizes.imputed());
            return Err(Error::usage(what));
        }
        let of_row: Vec<u32> = sizes.study.iter().map(|study| named.of(*study as usize)).collect();
        let unit = unit(&sizes.v);
        let [y, v] = [(&sizes.deviations, unit), (&sizes.v, unit * unit)]
            .map(|(column, unit)| column.iter().map(|value| value * unit).collect::<Vec<f64>>());
        let rows = ClusteredRows::new(&y, &v, &of_row);
        let likelihood = match spec.tau2 {
            Tau2::Estimated(Tau2Method::Reml) if rows.k() > 1 => Likelihood::Restricted,
            _ => Likelihood::Full,
        };
        let free = [rows.clusters() > 1 && rows.clusters() < rows.k(), rows.k() > 1];
        let maximum = maximise(&rows, likelihood, free)?;
        let common = MeanResiduals::new(&sizes.deviations, &sizes.v).at(0.0);
        let convergence = Convergence {
            alternatives: maximum.alternatives.iter().map(|tau2| tau2 / (unit * unit)).collect(),
            ..Convergence::of_iteration(
                "Newton's method from a grid of both variances",
                maximum.iterations,
                TOLERANCE,
                true,
            )
        };
        Ok(Self {
            sizes,
            counts,
            clusters: of_row,
            rows,
            unit,
            likelihood,
            free,
            maximum,
            common,
            convergence,
        })
    }

    /// The number of rows.
    #[must_use]
    pub fn k(&self) -> usize {
        self.rows.k()
    }

    /// The number of clusters.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.rows.clusters()
    }

    /// τ²_between + τ²_within.
    #[must_use]
    pub fn tau2(&self) -> f64 {
        self.variance(0) + self.variance(1)
    }

    fn variance(&self, of: usize) -> f64 {
        self.maximum.at[of] / (self.unit * self.unit)
    }

    /// How the variances were found.
    #[must_use]
    pub const fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// The standard error of the mean under the model, 1/√S.
    fn se(&self) -> f64 {
        1.0 / self.maximum.point.precision.sqrt() / self.unit
    }

    fn df(&self) -> f64 {
        self.k() as f64 - 1.0
    }

    /// The pooled value from the origin, with the standard error and the degrees of freedom of the interval.
    fn location(&self, ci: Ci) -> Pooled {
        let y = self.maximum.point.mean / self.unit;
        match ci {
            Ci::ClusterRobust if self.k() > 1 => {
                let each = clusters(&self.rows, self.maximum.at);
                let each = each.iter().map(|cluster: &Cluster| (cluster.mean, cluster.weight));
                let robust = cluster_robust(self.maximum.point.mean, each);
                Pooled { y, se: robust.se / self.unit, ..robust }
            }
            Ci::Wald => Pooled { y, se: self.se(), df: None },
            _ => Pooled { y, se: self.se(), df: Some(self.df()) },
        }
    }

    /// From the analysis scale to what is shown.
    #[must_use]
    pub fn scale(&self, spec: &Spec) -> Scale {
        self.sizes.scale(self.counts, spec, self.se())
    }

    /// The pooled value on the analysis scale.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.sizes.origin() + self.maximum.point.mean / self.unit
    }

    pub(in crate::model) fn common(&self, spec: &Spec) -> Summary {
        let scale = self.sizes.scale(self.counts, spec, self.common.se());
        let criteria = Criteria::at(Likelihood::Full, &self.sizes.deviations, &self.sizes.v, 0.0, 1.0);
        self.summary(None, Pooled::new(&self.common, Ci::Wald), &scale, &criteria, spec)
    }

    pub(in crate::model) fn pooled(&self, spec: &Spec) -> Summary {
        let scale = self.scale(spec);
        self.summary(Some("three-level"), self.location(spec.ci), &scale, &self.criteria(), spec)
    }

    fn summary(
        &self,
        method: Option<&'static str>,
        pooled: Pooled,
        scale: &Scale,
        criteria: &Criteria,
        spec: &Spec,
    ) -> Summary {
        let origin = self.sizes.origin();
        let null = self.sizes.deviation_of_null(spec.null, scale, spec.conventions);
        let inference = pooled.infer(spec.level.tail(), null).moved(origin);
        Summary::new(method, &pooled.moved(origin), &inference, scale, Some(criteria))
    }

    /// With three parameters.
    fn criteria(&self) -> Criteria {
        let observations = match self.likelihood {
            Likelihood::Full => self.k() as f64,
            Likelihood::Restricted => self.df(),
        };
        let log_likelihood = self.maximum.point.log_likelihood(self.k(), self.likelihood);
        Criteria::new(log_likelihood + observations * ln(self.unit), observations, 3.0)
    }

    /// Of a further row of a further cluster: with one cluster nothing is known of others.
    pub(in crate::model) fn prediction(&self, spec: &Spec) -> Option<Prediction> {
        if self.clusters() < 2 {
            return None;
        }
        let (y, se) = (self.maximum.point.mean / self.unit, [self.se(); 2]);
        let interval = predict_about(spec.prediction, y, se, self.df(), self.tau2(), spec.level.tail())?;
        let ci_y = interval.ci_y.map(|y| y + self.sizes.origin());
        Some(Prediction::new(spec.prediction, interval.df, ci_y, &self.scale(spec)))
    }

    pub(in crate::model) fn heterogeneity(
        &self,
        spec: &Spec,
    ) -> Result<(Heterogeneity, VarianceLimits), Error> {
        let asked = spec.tau2_ci != Tau2Ci::None;
        let limits = |of: usize| match self.free[of] && asked {
            true => self.limits(of, spec.level.tail()).map(Some),
            false => Ok(None),
        };
        let limits = [limits(0)?, limits(1)?];
        // Where one variance is estimated it is the whole.
        let of_sum = limits[1].filter(|_| !self.free[0]);
        let of_sum = of_sum.map(|[lower, upper]| Tau2Interval { lower, upper, empty: false });
        let whole = Heterogeneity::of_sums(&self.common, (self.tau2(), None), of_sum, spec);
        let component = |of: usize| Component {
            lower: limits[of].map(|limits| limits[0]),
            upper: limits[of].map(|limits| limits[1]),
            ..Component::new(self.variance(of))
        };
        let is_known = [self.free[0], self.free[1] && self.clusters() < self.k()];
        let [between, within] = [0, 1].map(|of| is_known[of].then(|| component(of)));
        let share = |part: Option<Component>| {
            let i2 = whole.i2?.estimate;
            let share = part?.estimate / self.tau2();
            Some(if share.is_finite() { i2 * share } else { 0.0 })
        };
        let (i2_between, i2_within) = (share(between), share(within));
        let parts =
            Heterogeneity { tau2_between: between, tau2_within: within, i2_between, i2_within, ..whole };
        Ok((parts, VarianceLimits::AsShown))
    }

    /// The profile-likelihood interval of one of the variances.
    fn limits(&self, of: usize, tail: f64) -> Result<[f64; 2], Error> {
        let profile = Profile::new(&self.rows, self.likelihood, &self.maximum, self.free);
        Ok(profile.limits(of, tail)?.map(|limit| limit / (self.unit * self.unit)))
    }

    /// The weights of the rows in the mean, V⁻¹1/S.
    pub(in crate::model) fn weights(&self) -> [Vec<f64>; 2] {
        let [between, within] = [0, 1].map(|of| self.variance(of));
        let mut sums = std::collections::HashMap::<u32, f64>::new();
        let of_row = |row: usize| 1.0 / (self.sizes.v[row] + within);
        for (row, cluster) in self.clusters.iter().enumerate() {
            *sums.entry(*cluster).or_default() += of_row(row);
        }
        let weight = |row: usize| of_row(row) / (1.0 + between * sums[&self.clusters[row]]);
        let random = crate::numeric::sum::fractions((0..self.k()).map(weight));
        [fractions(&self.sizes.v, 0.0), random]
    }
}

/// The power of 2 that brings the least of these variances to a number from 1 to 4, as a factor of estimates.
fn unit(v: &[f64]) -> f64 {
    let least = v.iter().copied().fold(f64::INFINITY, f64::min);
    let exponent = (least.to_bits() >> 52) as i64 - 1023;
    f64::from_bits(((1023 - exponent.div_euclid(2)) as u64) << 52)
}

fn no_clusters() -> Error {
    let problem = Problem::new("model = three-level takes rows in clusters, and no clusters are named");
    Error::Usage(vec![
        problem
            .help("name the column of the clusters: --cluster COL, or cluster = \"COL\" in an analysis file"),
    ])
}
