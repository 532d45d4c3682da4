//! A step-function selection model.

use serde::Serialize;

use super::maximum::{Likelihood, Maximum, Segment, Step};
use super::options::{Alternative, BiasOptions};
use super::tested::Tested;
use crate::model::{Design, Fit, Rows};
use crate::numeric::{chi_squared, normal};
use crate::options::{Ci, Model, Spec, Tau2, Tau2Method};

/// The step-function selection model of Hedges (1992, doi:10.1214/ss/1177011364) and Vevea and Hedges (1995,
/// doi:10.1007/BF02294384): a study is published with a probability that depends on the interval of its p-value.
///
/// y ~ N(μ, v + τ²) times δ of its interval over Σ δ Pr(interval); δ of the first interval is 1. By maximum likelihood,
/// with the Wald interval of the observed information.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct Selection {
    /// The limits of the intervals of p.
    pub steps: Vec<f64>,
    /// The direction of p.
    pub alternative: Alternative,
    /// The mean μ without selection, on the analysis scale.
    pub y: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// As it is shown.
    pub estimate: Option<f64>,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance.
    pub tau2: Option<f64>,
    /// The intervals of p.
    pub weights: Vec<Weight>,
    /// The likelihood ratio of the model against that with δ = 1 everywhere.
    pub lrt: Option<f64>,
    /// Its degrees of freedom: the number of free δ.
    pub df: usize,
    /// Its p-value, by χ².
    pub p: Option<f64>,
    /// Why there are no numbers; absent where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An interval of p.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Weight {
    /// Above this.
    pub above: f64,
    /// Up to and with this.
    pub to: f64,
    /// How many studies have their p in it.
    pub k: usize,
    /// The probability to be published, over that of the first interval.
    pub delta: Option<f64>,
    /// Its standard error; `None` for the first.
    pub se: Option<f64>,
}

/// The model in O(k) for each of a few dozen evaluations.
pub(super) fn selection(tested: &Tested<'_>, options: &BiasOptions) -> Selection {
    let limits: Vec<f64> = [0.0].into_iter().chain(options.steps.iter().copied()).chain([1.0]).collect();
    let empty = Selection {
        steps: options.steps.clone(),
        alternative: options.alternative,
        df: options.steps.len(),
        ..Selection::default()
    };
    let refused = |weights, reason: String| Selection { weights, reason: Some(reason), ..empty.clone() };
    if tested.result.spec.model.is_of_counts() {
        let reason = "it is a normal model of estimates with standard errors, and this model takes counts; \
                      pool with model = random";
        return refused(Vec::new(), reason.to_string());
    }
    let sign = if options.alternative == Alternative::Less { -1.0 } else { 1.0 };
    let null = tested.null();
    if !null.is_finite() {
        return refused(Vec::new(), "the value under test has no place on the analysis scale".to_string());
    }
    let y: Vec<f64> = tested.sizes.deviations.iter().map(|y| sign * (y - null)).collect();
    let steps: Vec<usize> = y.iter().zip(&tested.sizes.v).map(|(y, v)| step(y / v.sqrt(), options)).collect();
    let weight = |index: usize| Weight {
        above: limits[index],
        to: limits[index + 1],
        k: steps.iter().filter(|step| **step == index).count(),
        delta: None,
        se: None,
    };
    let mut weights: Vec<Weight> = (0..=options.steps.len()).map(weight).collect();
    if let Some(without) = weights.iter().find(|weight| weight.k == 0) {
        let reason = format!("no study has its p-value above {} and at most {}", without.above, without.to);
        return refused(weights, reason);
    }
    let likelihood = Likelihood { y: &y, v: &tested.sizes.v, steps: &steps, segments: segments(options) };
    let (start, unselected) = match start(tested, sign, null) {
        Ok(start) => start,
        Err(reason) => return refused(weights, reason),
    };
    let fixed = unselected.is_fixed;
    let Some(found) = likelihood.maximise(start, !fixed, options.steps.len()) else {
        let reason = "the likelihood has no maximum: the probability of publication in an interval goes to 0 or \
                      grows without bound";
        return refused(weights, reason.to_string());
    };
    for (weight, (delta, se)) in weights.iter_mut().zip(found.deltas()) {
        (weight.delta, weight.se) = (Some(delta), se);
    }
    shown(tested, &found, unselected.log_likelihood, (sign, null), Selection { weights, ..empty })
}

/// The result as it is shown.
fn shown(
    tested: &Tested<'_>,
    found: &Maximum,
    without: f64,
    (sign, null): (f64, f64),
    of: Selection,
) -> Selection {
    let y = sign * found.mean + null + tested.sizes.origin();
    let quantile = normal::upper_quantile(tested.spec.level.tail());
    let scale = tested.scale(found.se);
    let limit = |sign: f64| Some(scale.to_natural(y + sign * quantile * found.se));
    let lrt = (2.0 * (found.log_likelihood - without)).max(0.0);
    Selection {
        y: Some(y),
        se: Some(found.se),
        estimate: Some(scale.to_natural(y)),
        lower: limit(-1.0),
        upper: limit(1.0),
        tau2: Some(found.tau2),
        lrt: Some(lrt),
        p: Some(chi_squared::sf(lrt, of.df as f64)),
        ..of
    }
}

/// The model without selection.
struct Unselected {
    log_likelihood: f64,
    is_fixed: bool,
}

/// Mean and τ² of the model without selection by maximum likelihood, for the mirrored or plain values.
fn start(tested: &Tested<'_>, sign: f64, null: f64) -> Result<((f64, f64), Unselected), String> {
    let asked = &tested.result.spec;
    let tau2 = match (asked.model, asked.tau2) {
        (Model::Common, _) => Tau2::Fixed(0.0),
        (_, Tau2::Fixed(value)) => Tau2::Fixed(value),
        (_, Tau2::Estimated(_)) => Tau2::Estimated(Tau2Method::Ml),
    };
    let spec = Spec { tau2, ci: Ci::Wald, ..tested.spec.clone() };
    let fit = tested.result.prepared(&tested.sizes).fit(Rows::All, Design::Mean, &spec);
    let Fit::Weighted(fit) = fit.map_err(|error| error.to_string())? else {
        unreachable!("a random-effects model has weights")
    };
    let mean = sign * (fit.location(&spec) - tested.sizes.origin() - null);
    let log = crate::model::likelihood::normal::Likelihood::Full;
    let log_likelihood = log.log(&tested.sizes.deviations, &tested.sizes.v, fit.tau2());
    let is_fixed = matches!(tau2, Tau2::Fixed(_));
    Ok(((mean, fit.tau2()), Unselected { log_likelihood, is_fixed }))
}

/// In which interval the p-value of this z lies.
fn step(z: f64, options: &BiasOptions) -> usize {
    let p = match options.alternative {
        Alternative::TwoSided => normal::two_sided_p(z),
        Alternative::Greater | Alternative::Less => normal::sf(z),
    };
    options.steps.iter().take_while(|limit| p > **limit).count()
}

/// The intervals of z that each interval of p is.
fn segments(options: &BiasOptions) -> Vec<Segment> {
    let both = options.alternative == Alternative::TwoSided;
    let last = options.steps.len();
    let z = |limit: f64| normal::upper_quantile(if both { 0.5 * limit } else { limit });
    let mut segments = Vec::new();
    for index in 0..=last {
        let upper = if index == 0 { f64::INFINITY } else { z(options.steps[index - 1]) };
        let lower = if index < last { z(options.steps[index]) } else { f64::NEG_INFINITY };
        let step = Step(index);
        if !both {
            segments.push(Segment { lower, upper, step });
        } else if index == last {
            segments.push(Segment { lower: -upper, upper, step });
        } else {
            segments.push(Segment { lower, upper, step });
            segments.push(Segment { lower: -upper, upper: -lower, step });
        }
    }
    segments
}
