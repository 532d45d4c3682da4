//! The remarks a statistician would make about an outcome.

use super::MetaAnalysis;
use crate::advisory::{Advisory, Code};
use crate::data::Counts;
use crate::effect::{EffectSizes, study_interval};
use crate::format::{NumberFormat, fixed};
use crate::model::distribution::Shape;
use crate::model::{Design, Fit, Prepared, Rows, VarianceLimits};
use crate::options::{Ci, Measure, Model};
use crate::options::{Spec, Tau2};

/// Fewer studies than this leave τ² poorly known
/// (IntHout, Ioannidis & Borm 2014, doi:10.1186/1471-2288-14-25).
const FEW: usize = 5;

/// Every remark, in a fixed order: first what the table says, then what the fit says.
pub(super) fn all(outcome: &MetaAnalysis, unusable: usize, limits: &VarianceLimits) -> Vec<Advisory> {
    let mut remarks = outcome.data.advisories.clone();
    remarks.extend(outcome.data.duplicates(&outcome.sizes.study));
    remarks.extend(unusable_studies(unusable));
    remarks.extend(number_of_studies(outcome));
    remarks.extend(hartung_knapp(outcome));
    remarks.extend(prediction(outcome));
    remarks.extend(heterogeneity_alone(outcome));
    remarks.extend(tau2_interval(outcome, limits));
    remarks.extend(tau2_estimate(outcome, limits));
    remarks.extend(cutoff(outcome));
    remarks.extend(dominating_study(outcome));
    remarks.extend(zero_cells(outcome));
    remarks.extend(outside_range(outcome));
    remarks.extend(freeman_tukey(outcome));
    remarks
}

fn unusable_studies(count: usize) -> Option<Advisory> {
    (count > 0).then(|| {
        Advisory::new(
            Code::StudiesExcluded,
            format!("{count} of the studies have no finite estimate on the analysis scale and are left out"),
        )
    })
}

fn number_of_studies(outcome: &MetaAnalysis) -> Option<Advisory> {
    match outcome.k() {
        1 => Some(Advisory::new(
            Code::SingleStudy,
            "one study: nothing is pooled, and nothing can be said about how studies differ",
        )),
        k if k < FEW && outcome.random.is_some() => Some(Advisory::new(
            Code::FewStudies,
            format!("{k} studies: the between-study variance and what is built on it are poorly known"),
        )),
        _ => None,
    }
}

fn hartung_knapp(outcome: &MetaAnalysis) -> Option<Advisory> {
    let random = outcome
        .random
        .as_ref()
        .filter(|_| outcome.k() > 1 && matches!(outcome.spec.ci, Ci::Hk | Ci::HkFloor))?;
    if random.se == Some(0.0) {
        return Some(Advisory::new(
            Code::HkDegenerate,
            "all estimates are equal, so the Hartung-Knapp standard error is 0 and its interval has no width",
        ));
    }
    let wald = wald_se(outcome);
    let [lower, upper] = random.ci_y?;
    let wald_width = 2.0 * crate::model::inference::quantile(outcome.spec.level.tail(), None) * wald;
    (upper - lower < wald_width).then(|| {
        let percent = 100.0 * (upper - lower) / wald_width;
        Advisory::new(Code::HkNarrower, format!("the Hartung-Knapp interval is {percent:.0}% as wide as the Wald interval; ci = hk-floor never is narrower in its standard error"))
    })
}

/// The Wald standard error at the fitted τ².
fn wald_se(outcome: &MetaAnalysis) -> f64 {
    let tau2 = outcome.heterogeneity.tau2.map_or(0.0, |tau2| tau2.estimate);
    crate::model::WeightedMean::at(&outcome.sizes.y, &outcome.sizes.v, tau2).se()
}

fn prediction(outcome: &MetaAnalysis) -> Option<Advisory> {
    let ([low, high], [lower, upper]) = (outcome.prediction.as_ref()?.ci_y, outcome.random.as_ref()?.ci_y?);
    (low > lower || high < upper).then(|| {
        Advisory::new(Code::PredictionNarrower, "the prediction interval does not contain the confidence interval: they use different quantiles or standard errors")
    })
}

fn tau2_interval(outcome: &MetaAnalysis, limits: &VarianceLimits) -> Option<Advisory> {
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
            let what = if outcome.heterogeneity.rho.is_some() { "rho" } else { "tau2" };
            Advisory::new(Code::Tau2IntervalMissing, format!("{what} has no interval: {reason}"))
        }
    })
}

/// What an asked-for cut-off cannot be answered with.
fn cutoff(outcome: &MetaAnalysis) -> Option<Advisory> {
    let cutoff = NumberFormat::default().exact(outcome.spec.cutoff?);
    let none = |reason: &str| {
        let message = format!("the share of true proportions above {cutoff} does not exist: {reason}");
        Some(Advisory::new(Code::NoDistribution, message))
    };
    match (&outcome.distribution, outcome.spec.model) {
        (Some(distribution), _) if distribution.shape == Shape::Point => Some(Advisory::new(
            Code::CutoffAtBoundary,
            format!(
                "tau2 is 0, so that all true proportions lie on one side of {cutoff}: the share above it is 0 or 1 and has no interval"
            ),
        )),
        (Some(_), _) => None,
        (None, Model::Common) => none("a common-effect model has one true proportion"),
        (None, Model::Ivhet) => none("the IVhet model has no distribution of true proportions"),
        _ if outcome.k() == 1 => none("one study does not tell how studies differ"),
        _ if outcome.spec.ci == Ci::HenmiCopas => none(
            "ci = henmi-copas has the common-effect estimate, which is the mean of no fitted distribution",
        ),
        _ => none("the likelihood has no finite maximum"),
    }
}

/// I² from here on is "considerable" (Cochrane Handbook, section 10.10.2), in percent.
const CONSIDERABLE: f64 = 75.0;

fn heterogeneity_alone(outcome: &MetaAnalysis) -> Option<Advisory> {
    let i2 = outcome.heterogeneity.i2.map(|i2| i2.estimate).filter(|i2| *i2 >= CONSIDERABLE)?;
    let silent = outcome.random.is_some() && outcome.prediction.is_none() && outcome.k() > 2;
    silent.then(|| {
        let i2 = fixed(i2, 0);
        Advisory::new(
            Code::HeterogeneityWithoutPrediction,
            format!("I2 is {i2}% and no prediction interval is given: the pooled {} says little about a single study", outcome.scale.noun()),
        )
    })
}

fn tau2_estimate(outcome: &MetaAnalysis, limits: &VarianceLimits) -> Option<Advisory> {
    let component = outcome.heterogeneity.tau2.filter(|_| outcome.random.is_some() && outcome.k() > 1)?;
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
    (tau2 == 0.0 && !matches!(outcome.spec.tau2, Tau2::Fixed(_))).then(|| {
        Advisory::new(Code::Tau2AtBoundary, "tau2 is estimated as 0: that the studies do not differ is not shown by it, above all with few studies")
    })
}

fn dominating_study(outcome: &MetaAnalysis) -> Option<Advisory> {
    let (index, weight) = outcome
        .weights()
        .iter()
        .enumerate()
        .find(|(_, weight)| **weight > 0.5)
        .filter(|_| outcome.k() > 2)?;
    let name = &outcome.label(index).name;
    let percent = fixed(100.0 * weight, 0);
    Some(Advisory::new(
        Code::DominatingStudy,
        format!("'{name}' has {percent}% of the weight: the pooled value is mostly its own"),
    ))
}

/// The amounts between which a result should not move by more than its standard error.
const AMOUNTS: [f64; 2] = [0.1, 0.5];
/// With more studies than this the two refits cost more than they tell.
const MANY: usize = 100_000;

fn zero_cells(outcome: &MetaAnalysis) -> Option<Advisory> {
    if !outcome.sizes.any_corrected() || outcome.k() > MANY {
        return None;
    }
    let (small, large) = (location_at(outcome, AMOUNTS[0])?, location_at(outcome, AMOUNTS[1])?);
    let se = outcome.pooled().se?;
    ((small - large).abs() > se).then(|| {
        let [small, large] = [small, large].map(|y| NumberFormat::default().proportion(outcome.scale.to_natural(y)));
        Advisory::new(
            Code::ZeroCellsCarryResult,
            format!("the zero-cell correction carries the result: adding 0.1 gives {small}, adding 0.5 gives {large}; a model that needs no correction, such as glmm, does not ask"),
        )
    })
}

/// The pooled value on the analysis scale with this amount added for zero cells; `None` where there is none.
fn location_at(outcome: &MetaAnalysis, amount: f64) -> Option<f64> {
    let spec = Spec { zero_amount: amount, ..outcome.spec.clone() };
    let (sizes, _) = EffectSizes::new(outcome.data.studies(), &spec);
    if sizes.k() == 0 {
        return None;
    }
    match Prepared::new(&sizes, outcome.data.studies()).fit(Rows::All, Design::Mean, &spec).ok()? {
        Fit::Weighted(fit) => Some(fit.location(&spec)),
        _ => None,
    }
}

fn outside_range(outcome: &MetaAnalysis) -> Option<Advisory> {
    let mut cut = Vec::new();
    let clips = |limits: &[f64]| limits.iter().any(|&y| !outcome.scale.is_inside(y));
    let clips_summary = |y: Option<f64>, ci_y: Option<[f64; 2]>| {
        y.is_some_and(|y| clips(&[y])) || ci_y.is_some_and(|limits| clips(&limits))
    };
    if clips_summary(outcome.common.y, outcome.common.ci_y) {
        cut.push("the common-effect estimate or its limits");
    }
    if outcome.random.as_ref().is_some_and(|random| clips_summary(random.y, random.ci_y)) {
        cut.push("the random-effects estimate or its limits");
    }
    if outcome.prediction.as_ref().is_some_and(|prediction| clips(&prediction.ci_y)) {
        cut.push("the prediction interval");
    }
    let percentiles = outcome.distribution.as_ref().and_then(|distribution| distribution.percentiles_y);
    if percentiles.is_some_and(|limits| clips(&limits)) {
        cut.push("the percentiles of the true proportions");
    }
    if studies_clipped(outcome) {
        cut.push("the limits of some studies");
    }
    (!cut.is_empty()).then(|| {
        Advisory::new(Code::OutsideRange, format!("cut to the range from 0 to 1: {}", cut.join(", ")))
    })
}

fn studies_clipped(outcome: &MetaAnalysis) -> bool {
    let sizes = &outcome.sizes;
    outcome
        .counts()
        .zip(sizes.y.iter().zip(&sizes.v))
        .any(|(counts, (&y, &v))| study_interval::is_clipped(counts, (y, v), &outcome.spec))
}

fn freeman_tukey(outcome: &MetaAnalysis) -> Option<Advisory> {
    if outcome.spec.measure != Measure::FreemanTukey {
        return None;
    }
    let proportions = outcome.counts().map(Counts::proportion);
    let (least, most) = proportions.fold((1.0f64, 0.0f64), |(least, most), p| (least.min(p), most.max(p)));
    let estimate = outcome.pooled().estimate;
    (estimate < least || estimate > most).then(|| {
        let show = NumberFormat { scale: 100, digits: 4 };
        Advisory::new(Code::FreemanTukeyInverse, format!(
            "the back-transformed estimate {} lies outside the studies' range {} to {}: the Freeman-Tukey inverse with this n misleads (Schwarzer et al. 2019, doi:10.1002/jrsm.1348)",
            show.proportion(estimate), show.proportion(least), show.proportion(most),
        ))
    })
}
