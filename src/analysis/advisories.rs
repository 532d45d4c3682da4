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
pub(super) fn all(
    result: &MetaAnalysis,
    unusable: usize,
    wald: Option<[f64; 2]>,
    limits: &VarianceLimits,
) -> Vec<Advisory> {
    let mut remarks = result.data.advisories.clone();
    remarks.extend(result.data.duplicates(&result.sizes.study));
    remarks.extend(unusable_studies(unusable));
    remarks.extend(number_of_studies(result));
    remarks.extend(hartung_knapp(result, wald));
    remarks.extend(prediction(result));
    remarks.extend(heterogeneity_alone(result));
    remarks.extend(tau2_interval(result, limits));
    remarks.extend(tau2_estimate(result, limits));
    remarks.extend(cutoff(result));
    remarks.extend(dominating_study(result));
    remarks.extend(zero_cells(result));
    remarks.extend(outside_range(result));
    remarks.extend(freeman_tukey(result));
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
        .filter(|_| result.k() > 1 && matches!(result.spec.ci, Ci::Hk | Ci::HkFloor))?;
    if random.se == Some(0.0) {
        return Some(Advisory::new(
            Code::HkDegenerate,
            "all estimates are equal, so the Hartung-Knapp standard error is 0 and its interval has no width",
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

fn prediction(result: &MetaAnalysis) -> Option<Advisory> {
    let ([low, high], [lower, upper]) = (result.prediction.as_ref()?.ci_y, result.random.as_ref()?.ci_y?);
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
fn cutoff(result: &MetaAnalysis) -> Option<Advisory> {
    let cutoff = NumberFormat::default().exact(result.spec.cutoff?);
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

fn dominating_study(result: &MetaAnalysis) -> Option<Advisory> {
    let (index, weight) =
        result.weights().iter().enumerate().find(|(_, weight)| **weight > 0.5).filter(|_| result.k() > 2)?;
    let name = &result.label(index).name;
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

fn zero_cells(result: &MetaAnalysis) -> Option<Advisory> {
    if !result.sizes.any_corrected() || result.k() > MANY {
        return None;
    }
    let (small, large) = (location_at(result, AMOUNTS[0])?, location_at(result, AMOUNTS[1])?);
    let se = result.pooled().se?;
    ((small - large).abs() > se).then(|| {
        let [small, large] = [small, large].map(|y| NumberFormat::default().with_sign(result.scale.to_natural(y)));
        Advisory::new(
            Code::ZeroCellsCarryResult,
            format!("the zero-cell correction carries the result: adding 0.1 gives {small}, adding 0.5 gives {large}; a model that needs no correction, such as glmm, does not ask"),
        )
    })
}

/// The pooled value on the analysis scale with this amount added for zero cells; `None` where there is none.
fn location_at(result: &MetaAnalysis, amount: f64) -> Option<f64> {
    let spec = Spec { zero_amount: amount, ..result.spec.clone() };
    let (sizes, _) = EffectSizes::new(result.data.studies(), &spec);
    if sizes.k() == 0 {
        return None;
    }
    match Prepared::new(&sizes, result.data.studies()).fit(Rows::All, Design::Mean, &spec).ok()? {
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
    if result.prediction.as_ref().is_some_and(|prediction| clips(&prediction.ci_y)) {
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

fn freeman_tukey(result: &MetaAnalysis) -> Option<Advisory> {
    if result.spec.measure != Measure::FreemanTukey {
        return None;
    }
    let proportions = result.counts().map(Counts::proportion);
    let (least, most) = proportions.fold((1.0f64, 0.0f64), |(least, most), p| (least.min(p), most.max(p)));
    let estimate = result.pooled().estimate;
    (estimate < least || estimate > most).then(|| {
        let show = NumberFormat { scale: 100, digits: 4 };
        Advisory::new(Code::FreemanTukeyInverse, format!(
            "the back-transformed estimate {} lies outside the studies' range {} to {}: the Freeman-Tukey inverse with this n misleads (Schwarzer et al. 2019, doi:10.1002/jrsm.1348)",
            show.with_sign(estimate), show.with_sign(least), show.with_sign(most),
        ))
    })
}
