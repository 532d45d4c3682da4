//! Maximum and restricted maximum likelihood: the global maximum over τ² ≥ 0.

use super::Tau2Fit;
use crate::error::Error;
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::powf;
use crate::numeric::root;
use crate::pool::Weighing;
use crate::pool::likelihood::Likelihood;

/// Maximum likelihood, Hardy & Thompson 1996; the standard error is from the expected information, √(2/S₂).
///
/// # Errors
///
/// [`Error::NoConvergence`] where no bracket holds the maximum.
pub fn maximum(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    let (tau2, iterations) = global_maximum(Likelihood::Full, y, v)?;
    let w = Weighing::at(y, v, tau2);
    let se = (2.0 / w.squares).sqrt();
    Ok(Tau2Fit { tau2, se: Some(se), convergence: settled("bracketed root of the likelihood score", iterations) })
}

/// Restricted maximum likelihood, Viechtbauer 2005, doi:10.3102/10769986030003261; the standard error
/// is from the expected information, √(2/tr P²).
///
/// # Errors
///
/// [`Error::NoConvergence`] where no bracket holds the maximum.
pub fn restricted_maximum(y: &[f64], v: &[f64]) -> Result<Tau2Fit, Error> {
    let (tau2, iterations) = global_maximum(Likelihood::Restricted, y, v)?;
    let w = Weighing::at(y, v, tau2);
    let convergence = settled("bracketed root of the restricted likelihood score", iterations);
    Ok(Tau2Fit { tau2, se: Some((2.0 / w.trace_of_square(v, tau2)).sqrt()), convergence })
}

/// The root was followed to neighbouring floats.
const fn settled(algorithm: &'static str, iterations: u32) -> Convergence {
    Convergence::of_iteration(algorithm, iterations, f64::EPSILON, true)
}

/// How many points of a geometric grid the score is looked at.
const GRID: i32 = 24;

/// The τ² ≥ 0 with the largest likelihood, and the evaluations of the score.
///
/// The score is looked at on a geometric grid from far below the smallest variance to where it must
/// be negative; every fall through 0 is a local maximum, and 0 is one where the score starts below 0.
/// The best of them is taken, so a likelihood with two maxima is not settled by the start.
fn global_maximum(likelihood: Likelihood, y: &[f64], v: &[f64]) -> Result<(f64, u32), Error> {
    let mut evaluations = 0;
    let mut score = |tau2: f64| {
        evaluations += 1;
        likelihood.score(y, v, tau2)
    };
    let top = beyond_every_maximum(&mut score, y, v)?;
    let bottom = v.iter().copied().fold(top, f64::min) * 0.01;
    let step = powf(top / bottom, 1.0 / f64::from(GRID));
    let (mut maxima, mut left, mut slope) = (Vec::new(), 0.0, score(0.0));
    if slope <= 0.0 {
        maxima.push(0.0);
    }
    for point in 0..=GRID {
        let right = if point == GRID { top } else { bottom * powf(step, f64::from(point)) };
        let next = score(right);
        if slope > 0.0 && next <= 0.0 {
            let root = root::find(&mut score, left, right)
                .map_err(|problem| Error::NoConvergence(format!("the likelihood score of tau2: {problem}")))?;
            maxima.push(root.x);
        }
        (left, slope) = (right, next);
    }
    let best = match maxima[..] {
        [] => return Err(Error::NoConvergence("the likelihood of tau2 has no maximum that could be bracketed".to_string())),
        [only] => only,
        _ => best_of(likelihood, y, v, &maxima),
    };
    Ok((best, evaluations))
}

/// The τ² with the largest likelihood; of two equals, the smaller.
fn best_of(likelihood: Likelihood, y: &[f64], v: &[f64], maxima: &[f64]) -> f64 {
    let mut best = (f64::NEG_INFINITY, 0.0);
    for &tau2 in maxima {
        let log = likelihood.log(y, v, tau2);
        if log > best.0 {
            best = (log, tau2);
        }
    }
    best.1
}

/// A τ² above which the score stays negative: the squared range of the estimates, since then
/// w (y − μ)² < 1 for every study; doubled while rounding says otherwise.
fn beyond_every_maximum(score: &mut impl FnMut(f64) -> f64, y: &[f64], v: &[f64]) -> Result<f64, Error> {
    let (least, most) = y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
    let smallest = v.iter().copied().fold(f64::INFINITY, f64::min);
    let mut top = ((most - least) * (most - least)).max(smallest);
    for _ in 0..64 {
        if score(top) < 0.0 {
            return Ok(top);
        }
        top *= 2.0;
    }
    Err(Error::NoConvergence("the likelihood of tau2 does not fall for large tau2".to_string()))
}
