//! The profile-likelihood interval of the pooled value.

use crate::error::Error;
use crate::model::tau2::certificate;
use crate::model::tau2::likelihood::certified_maximum;
use crate::model::tau2::profile::log_ratios;
use crate::model::tau2::score::{CentredStudies, MeanScore, Target};
use crate::model::{Inference, MeanResiduals, Pooled, WeightedMean, likelihood::normal::Likelihood};
use crate::numeric::chi_squared;
use crate::numeric::root::{self, RootError};

/// Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A: the μ
/// for which D(μ) = 2(ℓ(μ̂, τ̂²) − max over τ² ≥ 0 of ℓ(μ, τ²)) is at most the χ²(1) quantile; ℓ is the full
/// log-likelihood.
///
/// The inner maximum is the certified global one at every μ. Outside the range of the estimates D is
/// monotone. Inside it the set may have a gap, so the outermost μ in the set is first searched on a grid of
/// 8 points. The standard error is the Wald one; the statistic is the signed square root of D at
/// `null`.
///
/// # Errors
///
/// [`Error::NoConvergence`] where a maximum cannot be certified or a limit cannot be bracketed.
///
/// ```
/// use metaprop::model::ci::profile::profile;
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let (pooled, inference) = profile(&y, &v, 0.025, 0.0)?;
/// let [lower, upper] = inference.ci_y.unwrap();
/// assert!(lower < pooled.y && pooled.y < upper);
/// // The p-value at a limit is 1 minus the level.
/// assert!((profile(&y, &v, 0.025, upper)?.1.p.unwrap() - 0.05).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile(y: &[f64], v: &[f64], tail: f64, null: f64) -> Result<(Pooled, Inference), Error> {
    let best = certified_maximum(Likelihood::Full, &MeanResiduals::new(y, v))?;
    let at_best = WeightedMean::at(y, v, best.tau2);
    let likelihood = ProfileLikelihood { studies: CentredStudies::new(y, v), y, v, tau2: best.tau2, at_best };
    let limit = chi_squared::upper_quantile(2.0 * tail, 1.0);
    let lower = likelihood.limit(-1.0, limit)?;
    let upper = likelihood.limit(1.0, limit)?;
    let deviance = likelihood.deviance(null)?.max(0.0);
    let pooled = Pooled { y: at_best.mean, se: at_best.se(), df: None };
    let statistic = deviance.sqrt() * if pooled.y < null { -1.0 } else { 1.0 };
    let inference = Inference {
        ci_y: Some([lower, upper]),
        statistic: Some(statistic),
        p: Some(chi_squared::sf(deviance, 1.0)),
    };
    Ok((pooled, inference))
}

/// The number of grid intervals between the maximum and the outermost estimate.
const GRID: u32 = 8;

/// The full likelihood, profiled over τ², relative to its maximum.
struct ProfileLikelihood<'a> {
    studies: CentredStudies,
    y: &'a [f64],
    v: &'a [f64],
    /// τ² at the maximum.
    tau2: f64,
    /// The sums at that τ².
    at_best: WeightedMean,
}

impl ProfileLikelihood<'_> {
    /// D(μ), from the highest of the local maxima in τ².
    fn deviance(&self, mean: f64) -> Result<f64, Error> {
        let found = certificate::find(&MeanScore { studies: &self.studies, target: Target::Mean(mean) })?;
        let deviances = found.maxima.iter().map(|maximum| {
            let w = WeightedMean::at(self.y, self.v, maximum.tau2);
            let distance = mean - w.mean;
            log_ratios(self.v, maximum.tau2, self.tau2) + (w.q - self.at_best.q) + w.sum * distance * distance
        });
        Ok(deviances.fold(f64::INFINITY, f64::min))
    }

    /// The outermost μ on one side (−1 or 1) with D(μ) ≤ `limit`.
    fn limit(&self, side: f64, limit: f64) -> Result<f64, Error> {
        let start = self.at_best.mean;
        let range = self.y.iter().map(|y| side * (y - start)).fold(0.0, f64::max);
        let mut failure = None;
        let mut excess = |distance: f64| match self.deviance(start + side * distance) {
            Ok(deviance) => deviance - limit,
            Err(error) => {
                failure = Some(error);
                f64::NAN
            }
        };
        let distance = outermost(&mut excess, range, self.at_best.se());
        match (failure, distance) {
            (Some(error), _) => Err(error),
            (None, Ok(distance)) => Ok(start + side * distance),
            (None, Err(problem)) => {
                Err(Error::NoConvergence(format!("a limit of the profile likelihood of the mean: {problem}")))
            }
        }
    }
}

/// The largest distance at which `excess` is at most 0: beyond `range`, where `excess` is increasing, or else
/// next to the outermost grid point within `range` at which it is.
fn outermost(excess: &mut impl FnMut(f64) -> f64, range: f64, se: f64) -> Result<f64, RootError> {
    if range == 0.0 || excess(range) <= 0.0 {
        let (lower, upper) = root::double_upward(|step| excess(range + step), se)?;
        return root::find(excess, range + lower, range + upper).map(|root| root.x);
    }
    let point = |index: u32| range * f64::from(index) / f64::from(GRID);
    let inside = (1..GRID).rev().find(|index| excess(point(*index)) <= 0.0).unwrap_or(0);
    root::find(excess, point(inside), point(inside + 1)).map(|root| root.x)
}
