//! The remarks a statistician would make about an outcome.

use super::MetaAnalysis;
use super::companion::is_sparse;
use crate::advisory::{Advisory, Code};
use crate::data::{Counts, Dataset, Repeated};
use crate::effect::{EffectSizes, Scale, study_interval};
use crate::format::{NumberFormat, fixed, grouped, significant};
use crate::model::distribution::Shape;
use crate::model::{Design, Fit, Rows, VarianceLimits};
use crate::options::{Choice, Ci, InputScale, Measure, Model};
use crate::options::{Spec, Tau2};

/// Fewer studies than this leave τ² poorly known
/// (IntHout, Ioannidis & Borm 2014, doi:10.1186/1471-2288-14-25).
const FEW: usize = 5;

/// Every remark, in a fixed order: first what the table says, then what the fit says.
pub(super) fn all(
    result: &MetaAnalysis,
    unusable: usize,
    wald: Option<[f64; 2]>,
    limits: &VarianceLimits,
) -> Vec<Advisory> {
    let display = result.number_format();
    let mut remarks = result.data.advisories.clone();
    // In the three-level model rows of one name are what clusters are for.
    let independent = result.spec.model != Model::ThreeLevel;
    if independent {
        let repeated = result.data.repeated(&result.sizes.study);
        remarks.extend(Dataset::duplicated(&repeated));
        remarks.extend(rows_share_study(result, &repeated));
    }
    remarks.extend(variances_not_separable(result));
    remarks.extend(unusable_studies(unusable));
    remarks.extend(number_of_studies(result));
    remarks.extend(hartung_knapp(result, wald));
    remarks.extend(no_limits(result));
    remarks.extend(prediction(result));
    remarks.extend(heterogeneity_alone(result));
    remarks.extend(tau2_interval(result, limits));
    remarks.extend(tau2_estimate(result, limits));
    remarks.extend(heterogeneity_test(result));
    remarks.extend(cutoff(result, display));
    remarks.extend(dominating_study(result));
    remarks.extend(zero_cells(result, display));
    remarks.extend(outside_range(result));
    remarks.extend(freeman_tukey(result, display));
    remarks
}

impl MetaAnalysis {
    /// The advisories as they read where proportions are printed so: the numbers in them follow.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// use metaprop::{Dataset, MetaAnalysis};
    ///
    /// let data = Dataset::proportions([("A", 0, 12), ("B", 0, 15), ("C", 1, 9), ("D", 0, 14)])?;
    /// let result = MetaAnalysis::of_proportions().model("common").cutoff(0.02).fit(&data)?;
    /// let remarks = result.advisories_in(NumberFormat::per(1000));
    /// assert!(remarks.iter().any(|remark| remark.message.contains("above 20 per 1,000")));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn advisories_in(&self, display: NumberFormat) -> Vec<Advisory> {
        let reworded = |remark: &Advisory| reworded(self, remark.code, display);
        let remarks = self.advisories.iter();
        remarks.map(|remark| reworded(remark).unwrap_or_else(|| remark.clone())).collect()
    }
}

/// A remark with proportions in it, as it reads where they are printed so.
fn reworded(result: &MetaAnalysis, code: Code, display: NumberFormat) -> Option<Advisory> {
    match code {
        Code::NoDistribution | Code::CutoffAtBoundary => cutoff(result, display),
        Code::ZeroCellsCarryResult => zero_cells(result, display),
        Code::FreemanTukeyInverse => freeman_tukey(result, display),
        _ => None,
    }
}

/// Rows of one study, or of one cluster, that the model takes as independent.
fn rows_share_study(result: &MetaAnalysis, repeated: &Repeated<'_>) -> Option<Advisory> {
    let studies = &result.sizes.study;
    let model = result.spec.model.key();
    let message = match result.data.clusters() {
        Some(clusters) => {
            let [all, several] = clusters.among(studies);
            let rows = result.k();
            (several > 0).then(|| format!(
                "{several} of the {all} clusters by {} {} several of the {rows} rows, which model = {model} takes as independent: model = three-level does not", clusters.column(), if several == 1 { "has" } else { "have" }
            ))?
        }
        None => {
            let rows: usize = repeated.values().map(|(_, lines)| lines.len()).sum();
            let (names, k) = (repeated.len(), result.k());
            let have = if names == 1 { "name stands" } else { "names stand" };
            (names > 0).then(|| format!(
                "{names} {have} on several rows, {rows} of the {k}, which model = {model} takes as independent: where they are rows of one study, use model = three-level with the column of the studies as cluster"
            ))?
        }
    };
    Some(Advisory::new(Code::RowsShareStudy, message))
}

/// Clusters that do not tell the two variances of the three-level model apart.
fn variances_not_separable(result: &MetaAnalysis) -> Option<Advisory> {
    let clusters =
        result.data.clusters().filter(|_| result.spec.model == Model::ThreeLevel && result.k() > 1)?;
    let message = match clusters.among(&result.sizes.study) {
        [1, _] => {
            "all rows are of one cluster: the variance between clusters cannot be estimated, tau2 is the variance within it, and the interval does not hold for other clusters"
        }
        [_, 0] => {
            "every cluster has one row: the variances between and within clusters cannot be told apart, and tau2 is their sum"
        }
        _ => return None,
    };
    Some(Advisory::new(Code::VariancesNotSeparable, message))
}

fn unusable_studies(count: usize) -> Option<Advisory> {
    (count > 0).then(|| {
        Advisory::new(
            Code::StudiesExcluded,
            format!("{count} of the studies have no finite estimate on the analysis scale and are left out"),
        )
    })
}

fn number_of_studies(result: &MetaAnalysis) -> Option<Advisory> {
    match result.k() {
        1 => Some(Advisory::new(
            Code::SingleStudy,
            "one study: nothing is pooled, and nothing can be said about how studies differ",
        )),
        k if k < FEW && result.random.is_some() => Some(Advisory::new(
            Code::FewStudies,
            format!("{k} studies: the between-study variance and what is built on it are poorly known"),
        )),
        _ => None,
    }
}

fn hartung_knapp(result: &MetaAnalysis, wald: Option<[f64; 2]>) -> Option<Advisory> {
    let random = result
        .random
        .as_ref()
        .filter(|_| result.k() > 1 && matches!(result.spec.ci, Ci::Hk | Ci::HkFloor | Ci::ClusterRobust))?;
    if random.se == Some(0.0) && result.spec.ci == Ci::ClusterRobust {
        return Some(Advisory::new(
            Code::HkDegenerate,
            "all clusters have the same mean, so the cluster-robust standard error is 0: its limits are the estimate itself, and no interval; ci = t or wald has one",
        ));
    }
    if random.se == Some(0.0) {
        return Some(Advisory::new(
            Code::HkDegenerate,
            "all estimates are equal, so the Hartung-Knapp standard error is 0: its limits are the estimate itself, and no interval; ci = hk-floor, t or wald has one",
        ));
    }
    let [lower, upper] = random.ci_y?;
    let [wald_lower, wald_upper] = wald?;
    let wald_width = wald_upper - wald_lower;
    (upper - lower < wald_width).then(|| {
        let percent = 100.0 * (upper - lower) / wald_width;
        Advisory::new(Code::HkNarrower, format!("the Hartung-Knapp interval is {percent:.0}% as wide as the Wald interval; ci = hk-floor never is narrower in its standard error"))
    })
}

/// Why a pooled value has no interval although there are studies enough.
fn no_limits(result: &MetaAnalysis) -> Option<Advisory> {
    let random = result.random.as_ref()?;
    if let Some(reason) = &random.missing {
        let what = match (random.lower, random.upper) {
            (None, None) => "limits",
            (None, _) => "lower limit",
            _ => "upper limit",
        };
        let message = format!("the profile-likelihood interval has no {what}: {reason}");
        return Some(Advisory::new(Code::IntervalMissing, message));
    }
    if result.spec.ci == Ci::ClusterRobust && result.k() > 1 && random.ci_y.is_none() {
        let message = "the cluster-robust interval has no limits: it takes at least two clusters";
        return Some(Advisory::new(Code::IntervalMissing, message));
    }
    let silent = result.spec.ci == Ci::Kr && result.k() > 1 && random.ci_y.is_none();
    let df = random.df.map(|df| significant(df, 2)).unwrap_or_default();
    silent.then(|| {
        Advisory::new(
            Code::IntervalMissing,
            format!("the Kenward-Roger interval has no limits: its degrees of freedom are {df}, for which the quantile of t is no finite number; ci = hk or t has limits"),
        )
    })
}

fn prediction(result: &MetaAnalysis) -> Option<Advisory> {
    let ([low, high], [lower, upper]) = (result.prediction.as_ref()?.ci_y?, result.random.as_ref()?.ci_y?);
    (low > lower || high < upper).then(|| {
        Advisory::new(Code::PredictionNarrower, "the prediction interval does not contain the confidence interval: they use different quantiles or standard errors")
    })
}

fn tau2_interval(result: &MetaAnalysis, limits: &VarianceLimits) -> Option<Advisory> {
    Some(match limits {
        VarianceLimits::AsShown => return None,
        VarianceLimits::Empty => Advisory::new(
            Code::Tau2IntervalEmpty,
            "the studies agree more than chance would have them: both limits of tau2 lie below 0 and [0, 0] stands for an empty interval",
        ),
        VarianceLimits::Unbounded => Advisory::new(
            Code::Tau2IntervalMissing,
            "tau2 has no upper limit: the likelihood never falls far enough as tau2 grows",
        ),
        VarianceLimits::NotFound(reason) => {
            let what = if result.heterogeneity.rho.is_some() { "rho" } else { "tau2" };
            Advisory::new(Code::Tau2IntervalMissing, format!("{what} has no interval: {reason}"))
        }
    })
}

/// What an asked-for cut-off cannot be answered with.
fn cutoff(result: &MetaAnalysis, display: NumberFormat) -> Option<Advisory> {
    let cutoff = display.exact(result.spec.cutoff?);
    let none = |reason: &str| {
        let message = format!("the share of true proportions above {cutoff} does not exist: {reason}");
        Some(Advisory::new(Code::NoDistribution, message))
    };
    match (&result.distribution, result.spec.model) {
        (Some(distribution), _) if distribution.shape == Shape::Point => Some(Advisory::new(
            Code::CutoffAtBoundary,
            format!(
                "tau2 is 0, so that all true proportions lie on one side of {cutoff}: the share above it is 0 or 1 and has no interval"
            ),
        )),
        (Some(_), _) => None,
        (None, Model::Common) => none("a common-effect model has one true proportion"),
        (None, Model::ThreeLevel) => none(
            "it is computed for models with one variance between studies, and the three-level model has two",
        ),
        (None, Model::Ivhet) => none("the IVhet model has no distribution of true proportions"),
        _ if result.k() == 1 => none("one study does not tell how studies differ"),
        _ if result.spec.ci == Ci::HenmiCopas => none(
            "ci = henmi-copas has the common-effect estimate, which is the mean of no fitted distribution",
        ),
        _ => none("the likelihood has no finite maximum"),
    }
}

/// I² from here on is "considerable" (Cochrane Handbook, section 10.10.2), in percent.
const CONSIDERABLE: f64 = 75.0;

fn heterogeneity_alone(result: &MetaAnalysis) -> Option<Advisory> {
    let i2 = result.heterogeneity.i2.map(|i2| i2.estimate).filter(|i2| *i2 >= CONSIDERABLE)?;
    let silent = result.random.is_some() && result.prediction.is_none() && result.k() > 2;
    silent.then(|| {
        let i2 = fixed(i2, 0);
        Advisory::new(
            Code::HeterogeneityWithoutPrediction,
            format!("I2 is {i2}% and no prediction interval is given: the pooled {} says little about a single study", result.scale.noun()),
        )
    })
}

fn tau2_estimate(result: &MetaAnalysis, limits: &VarianceLimits) -> Option<Advisory> {
    let component = result.heterogeneity.tau2.filter(|_| result.random.is_some() && result.k() > 1)?;
    let tau2 = component.estimate;
    if !matches!(limits, VarianceLimits::Empty)
        && (component.lower.is_some_and(|lower| tau2 < lower)
            || component.upper.is_some_and(|upper| tau2 > upper))
    {
        return Some(Advisory::new(
            Code::Tau2OutsideInterval,
            "the estimate of tau2 lies outside its own interval: estimator and interval rest on different equations",
        ));
    }
    (tau2 == 0.0 && !matches!(result.spec.tau2, Tau2::Fixed(_))).then(|| {
        Advisory::new(Code::Tau2AtBoundary, "tau2 is estimated as 0: that the studies do not differ is not shown by it, above all with few studies")
    })
}

/// A test of heterogeneity that some studies have no part in.
fn heterogeneity_test(result: &MetaAnalysis) -> Option<Advisory> {
    let h = &result.heterogeneity;
    h.wald_leaves_out.then(|| {
        let without = result.counts().filter(|counts| counts.at_boundary()).count();
        let (without, k) = (grouped(without as u64), grouped(result.k() as u64));
        let i2 = if h.i2_leaves_out() { ", and I2 and H2, which rest on it, say nothing of them" } else { "" };
        Advisory::new(
            Code::WaldLeavesOut,
            format!(
                "Wald's Q leaves out {without} of the {k} studies, those with none or all of the events: it is no test of heterogeneity; the likelihood ratio counts every study{i2}"
            ),
        )
    })
}

/// Said where it is so: the pooled value can be what the interval of that study holds, or lie elsewhere.
fn dominating_study(result: &MetaAnalysis) -> Option<Advisory> {
    let (index, weight) =
        result.weights().iter().enumerate().find(|(_, weight)| **weight > 0.5).filter(|_| result.k() > 2)?;
    let nobody_differs = result.crude().is_some_and(|crude| crude == 0.0 || crude == 1.0);
    let (study, pooled) = (result.row(index), result.pooled().estimate);
    if nobody_differs || !(study.lower..=study.upper).contains(&pooled) {
        return None;
    }
    let (name, percent) = (study.study, fixed(100.0 * weight, 0));
    Some(Advisory::new(
        Code::DominatingStudy,
        format!("'{name}' has {percent}% of the weight: the pooled value is mostly its own"),
    ))
}

/// The amounts between which a result should not move by more than its standard error.
const AMOUNTS: [f64; 2] = [0.1, 0.5];
/// With more studies than this the two refits cost more than they tell.
const MANY: usize = 100_000;

fn zero_cells(result: &MetaAnalysis, display: NumberFormat) -> Option<Advisory> {
    let moved = moved_by_the_amount(result, display);
    let said = match (is_sparse(result), moved) {
        (false, None) => return None,
        (false, Some(moved)) => {
            format!(
                "the zero-cell correction carries the result: {moved}; a model that needs no correction, such as glmm, does not ask"
            )
        }
        (true, moved) => {
            let at_boundary = result.counts().filter(|counts| counts.at_boundary()).count();
            let (some, k) = (grouped(at_boundary as u64), grouped(result.k() as u64));
            let crude = display.with_sign(result.crude()?);
            let carries = moved
                .map_or("may carry the result".to_string(), |moved| format!("carries the result: {moved}"));
            format!(
                "{some} of the {k} studies have none or all of the events, and the zero-cell correction {carries}; the crude proportion is {crude}, and the exact models, such as glmm, need no correction"
            )
        }
    };
    Some(Advisory::new(Code::ZeroCellsCarryResult, said))
}

/// Where another amount moves the pooled value by more than its standard error: what two of them give.
fn moved_by_the_amount(result: &MetaAnalysis, display: NumberFormat) -> Option<String> {
    if !result.sizes.any_corrected() || result.k() > MANY {
        return None;
    }
    let (small, large) = (location_at(result, AMOUNTS[0])?, location_at(result, AMOUNTS[1])?);
    let se = result.pooled().se?;
    ((small - large).abs() > se).then(|| {
        let [small, large] = [small, large].map(|y| display.with_sign(result.scale.to_natural(y)));
        format!("adding 0.1 gives {small}, adding 0.5 gives {large}")
    })
}

/// The pooled value on the analysis scale with this amount added for zero cells; `None` where there is none.
fn location_at(result: &MetaAnalysis, amount: f64) -> Option<f64> {
    let spec = Spec { zero_amount: amount, ..result.spec.clone() };
    let (sizes, _) = EffectSizes::new(result.data.studies(), &spec);
    if sizes.k() == 0 {
        return None;
    }
    match result.prepared(&sizes).fit(Rows::All, Design::Mean, &spec).ok()? {
        Fit::Weighted(fit) => Some(fit.location(&spec)),
        _ => None,
    }
}

fn outside_range(result: &MetaAnalysis) -> Option<Advisory> {
    let mut cut = Vec::new();
    let clips = |limits: &[f64]| limits.iter().any(|&y| !result.scale.is_inside(y));
    let clips_summary = |y: Option<f64>, ci_y: Option<[f64; 2]>| {
        y.is_some_and(|y| clips(&[y])) || ci_y.is_some_and(|limits| clips(&limits))
    };
    if clips_summary(result.common.y, result.common.ci_y) {
        cut.push("the common-effect estimate or its limits");
    }
    if result.random.as_ref().is_some_and(|random| clips_summary(random.y, random.ci_y)) {
        cut.push("the random-effects estimate or its limits");
    }
    let predicted = result.prediction.as_ref().and_then(|prediction| prediction.ci_y);
    if predicted.is_some_and(|limits| clips(&limits)) {
        cut.push("the prediction interval");
    }
    let percentiles = result.distribution.as_ref().and_then(|distribution| distribution.percentiles_y);
    if percentiles.is_some_and(|limits| clips(&limits)) {
        cut.push("the percentiles of the true proportions");
    }
    if studies_clipped(result) {
        cut.push("the limits of some studies");
    }
    (!cut.is_empty()).then(|| {
        Advisory::new(Code::OutsideRange, format!("cut to the range from 0 to 1: {}", cut.join(", ")))
    })
}

fn studies_clipped(result: &MetaAnalysis) -> bool {
    let sizes = &result.sizes;
    result
        .counts()
        .zip(sizes.y.iter().zip(&sizes.v))
        .any(|(counts, (&y, &v))| study_interval::is_clipped(counts, (y, v), &result.spec))
}

/// Where the Freeman-Tukey inverse cannot be believed: it leaves the studies, lies further from sin² of the pooled value
/// than half the width of the interval, or has no value other than 0 or 1 although some had the event and some not.
fn freeman_tukey(result: &MetaAnalysis, display: NumberFormat) -> Option<Advisory> {
    if result.spec.measure != Measure::FreemanTukey {
        return None;
    }
    let proportions = result.counts().map(Counts::proportion);
    let (least, most) = proportions.fold((1.0f64, 0.0f64), |(least, most), p| (least.min(p), most.max(p)));
    let pooled = result.pooled();
    let (y, estimate) = (pooled.y?, pooled.estimate);
    // What no n enters.
    let plain = Scale::new(Measure::FreemanTukey, InputScale::Identity);
    let sine = plain.to_natural(y);
    let width = pooled.ci_y.map(|limits| limits.map(|y| plain.to_natural(y))).map(|[low, high]| high - low);
    let crude = result.crude().unwrap_or_default();
    let wrong = match width {
        _ if estimate < least || estimate > most => format!(
            "lies outside the studies' range {} to {}",
            display.with_sign(least),
            display.with_sign(most)
        ),
        Some(width) if (estimate - sine).abs() > 0.5 * width => format!(
            "differs from sin² of the pooled angle, {}, by more than the interval is wide on either side",
            display.with_sign(sine)
        ),
        _ if is_cut(result) && crude > 0.0 && crude < 1.0 => {
            format!("or a limit of it is cut to 0 or 1, and {} had the event", display.with_sign(crude))
        }
        _ => return None,
    };
    let said =
        "the Freeman-Tukey inverse with this n misleads (Schwarzer et al. 2019, doi:10.1002/jrsm.1348)";
    let message = format!("the back-transformed estimate {} {wrong}: {said}", display.with_sign(estimate));
    Some(Advisory::new(Code::FreemanTukeyInverse, message))
}

/// Whether a pooled value or a limit of one is cut to 0 or 1.
fn is_cut(result: &MetaAnalysis) -> bool {
    let summaries = [Some(&result.common), result.random.as_ref()].into_iter().flatten();
    let mut values =
        summaries.flat_map(|summary| summary.y.into_iter().chain(summary.ci_y.into_iter().flatten()));
    values.any(|y| !result.scale.is_inside(y))
}
