//! The profile-likelihood interval of the pooled value.

use crate::error::Error;
use crate::model::tau2::certificate;
use crate::model::tau2::likelihood::certified;
use crate::model::tau2::profile::log_ratios;
use crate::model::tau2::slopes::{Studies, Target};
use crate::model::{Inference, Pooled, WeightedMean, likelihood::normal::Likelihood};
use crate::numeric::chi_squared;
use crate::numeric::root::{self, RootError};

/// Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A: the μ
/// with D(μ) = 2(ℓ(μ̂, τ̂²) − max over τ² ≥ 0 of ℓ(μ, τ²)) up to the χ²(1) quantile, ℓ the full likelihood.
///
/// The inner maximum is the certified global one at every μ. Outside the range of the estimates D only
/// grows; inside, the outermost μ of the set is looked for on a grid of [`GRID`] points first, so that
/// a set with a gap is not cut short. The standard error is the Wald one, the statistic the signed root
/// of D at `null`.
///
/// # Errors
///
/// [`Error::NoConvergence`] where a maximum cannot be certified or a limit not be bracketed.
///
/// ```
/// use metaprop::model::ci::profile::profile;
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let (pooled, inference) = profile(&y, &v, 0.025, 0.0)?;
/// let [lower, upper] = inference.ci_y.unwrap();
/// assert!(lower < pooled.y && pooled.y < upper);
/// // The test at a limit is exactly significant.
/// assert!((profile(&y, &v, 0.025, upper)?.1.p.unwrap() - 0.05).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile(y: &[f64], v: &[f64], tail: f64, null: f64) -> Result<(Pooled, Inference), Error> {
    let best = certified(Likelihood::Full, y, v)?;
    let at_best = WeightedMean::at(y, v, best.tau2);
    let surface = Surface { studies: Studies::new(y, v), y, v, tau2: best.tau2, at_best };
    let limit = chi_squared::upper_quantile(2.0 * tail, 1.0);
    let lower = surface.limit(-1.0, limit)?;
    let upper = surface.limit(1.0, limit)?;
    let deviance = surface.deviance(null)?.max(0.0);
    let pooled = Pooled { y: at_best.mean, se: at_best.se(), df: None };
    let statistic = deviance.sqrt() * if pooled.y < null { -1.0 } else { 1.0 };
    let inference = Inference {
        ci_y: Some([lower, upper]),
        statistic: Some(statistic),
        p: Some(chi_squared::sf(deviance, 1.0)),
    };
    Ok((pooled, inference))
}

/// How many points between the maximum and the outermost estimate are looked at.
pub const GRID: u32 = 8;

/// The full likelihood seen from its maximum.
struct Surface<'a> {
    studies: Studies,
    y: &'a [f64],
    v: &'a [f64],
    tau2: f64,
    at_best: WeightedMean,
}

impl Surface<'_> {
    /// D(μ), from the best of all local maxima in τ².
    fn deviance(&self, mean: f64) -> Result<f64, Error> {
        let found = certificate::find(&self.studies, Target::Mean(mean))?;
        let deviances = found.peaks.iter().map(|peak| {
            let w = WeightedMean::at(self.y, self.v, peak.tau2);
            let away = mean - w.mean;
            log_ratios(self.v, peak.tau2, self.tau2) + (w.q - self.at_best.q) + w.sum * away * away
        });
        Ok(deviances.fold(f64::INFINITY, f64::min))
    }

    /// The outermost μ on one side with D(μ) up to `limit`.
    fn limit(&self, side: f64, limit: f64) -> Result<f64, Error> {
        let start = self.at_best.mean;
        let reach = self.y.iter().map(|y| side * (y - start)).fold(0.0, f64::max);
        let mut failure = None;
        let mut excess = |distance: f64| match self.deviance(start + side * distance) {
            Ok(deviance) => deviance - limit,
            Err(error) => {
                failure = Some(error);
                f64::NAN
            }
        };
        let distance = outermost(&mut excess, reach, self.at_best.se());
        match (failure, distance) {
            (Some(error), _) => Err(error),
            (None, Ok(distance)) => Ok(start + side * distance),
            (None, Err(problem)) => {
                Err(Error::NoConvergence(format!("a limit of the profile likelihood of the mean: {problem}")))
            }
        }
    }
}

/// The largest distance with `excess` up to 0: beyond `reach` where `excess` only grows, or the
/// outermost one that a grid shows within.
fn outermost(excess: &mut impl FnMut(f64) -> f64, reach: f64, se: f64) -> Result<f64, RootError> {
    if reach == 0.0 || excess(reach) <= 0.0 {
        let (lower, upper) = root::double_upward(|step| excess(reach + step), se)?;
        return root::find(excess, reach + lower, reach + upper).map(|root| root.x);
    }
    let point = |index: u32| reach * f64::from(index) / f64::from(GRID);
    let inside = (1..GRID).rev().find(|index| excess(point(*index)) <= 0.0).unwrap_or(0);
    root::find(excess, point(inside), point(inside + 1)).map(|root| root.x)
}
