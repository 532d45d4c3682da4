//! The profile likelihoods of a [`Surface`]: the maximum over one parameter at a fixed value of the other.

use super::surface::{Accuracy, Derivatives, Surface};

/// The largest spread of a scan; if the likelihood still increases there, it has no maximum.
const LARGEST_SPREAD: f64 = 1e8;
const MAX_STEPS: u32 = 100;
/// Newton steps in the location at one spread of a scan.
const MAX_SCAN_STEPS: u32 = 80;
/// Steps at reduced accuracy after which full accuracy is used: the steps may be following the evaluation
/// error.
const MAX_CLOSE_STEPS: u32 = 12;
/// The iteration has converged when a Newton step is below this, in standard errors or relative to the
/// spread.
const CONVERGED: f64 = 1e-11;
/// The same at reduced accuracy.
const CLOSE: f64 = 1e-4;

/// The profile likelihood of the spread, to the accuracy of a scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ScanPoint {
    pub spread: f64,
    /// The best location at that spread.
    pub location: f64,
    /// The profile log-likelihood.
    pub value: f64,
    /// Its derivative in the spread.
    pub slope: f64,
}

/// A point of a profile likelihood.
#[derive(Clone, Copy)]
pub(super) struct ProfilePoint {
    /// The best value of the other parameter.
    pub other: f64,
    /// The profile log-likelihood.
    pub value: f64,
    /// Its derivative.
    pub slope: f64,
}

/// A geometric scan of the profile likelihood along the spread, up to where it decreases for good.
pub(super) fn scan(surface: &mut impl Surface, start: f64) -> Result<Vec<ScanPoint>, String> {
    let [first, least] = surface.scan_range();
    let (mut points, mut location, mut spread) = (Vec::new(), start, first);
    loop {
        let point = scan_point(surface, location, spread);
        location = point.location;
        let decreases = point.slope < 0.0;
        points.push(point);
        if decreases && spread >= least {
            return Ok(points);
        }
        if spread > LARGEST_SPREAD || !point.slope.is_finite() {
            return Err(format!(
                "the likelihood still rises at a spread of {spread:.3e}; the data do not bound the heterogeneity"
            ));
        }
        spread *= surface.scan_factor();
    }
}

fn scan_point(surface: &mut impl Surface, mut location: f64, spread: f64) -> ScanPoint {
    let mut derivatives = surface.at(location, spread, Accuracy::Coarse);
    let unit = surface.location_unit(spread);
    for _ in 0..MAX_SCAN_STEPS {
        let step = derivatives.bounded_location_step(unit);
        // The profile slope is accurate to second order, so half a standard error is close enough.
        if derivatives.is_within(step, 0.25) {
            break;
        }
        location += step;
        derivatives = surface.at(location, spread, Accuracy::Coarse);
    }
    let step = derivatives.bounded_location_step(unit);
    let value = derivatives.value + 0.5 * step * derivatives.location;
    ScanPoint { spread, location: location + step, value, slope: derivatives.profile_slope() }
}

/// The best location at a spread. Both likelihoods have only one maximum in the location. `accuracy` is that of
/// the result: [`Accuracy::Close`] is enough to approach a limit.
pub(super) fn best_location(
    surface: &mut impl Surface,
    spread: f64,
    start: f64,
    wanted: Accuracy,
) -> Result<ProfilePoint, String> {
    let (mut location, mut accuracy) = (start, Accuracy::Close);
    let mut bracket = [f64::NEG_INFINITY, f64::INFINITY];
    let unit = surface.location_unit(spread);
    for taken in 0..MAX_STEPS {
        let derivatives = surface.at(location, spread, accuracy);
        if accuracy == Accuracy::Close {
            bracket[usize::from(derivatives.location < 0.0)] = location;
        }
        let next = location + newton_within(&derivatives, location, bracket, unit);
        let step = (next - location).abs() * derivatives.location2.abs().sqrt();
        let converged = step < if accuracy == Accuracy::Full { CONVERGED } else { CLOSE };
        if converged && (accuracy == Accuracy::Full || wanted != Accuracy::Full) {
            let slope = derivatives.spread + derivatives.cross * (next - location);
            let value = derivatives.value + 0.5 * (next - location) * derivatives.location;
            return Ok(ProfilePoint { other: next, value, slope });
        }
        if accuracy == Accuracy::Close && (converged || taken > MAX_CLOSE_STEPS) {
            accuracy = Accuracy::Full;
            bracket = [f64::NEG_INFINITY, f64::INFINITY];
        }
        location = next;
    }
    Err(format!("the iteration for the best location at the spread {spread} does not converge"))
}

/// The bounded Newton step in the location if it stays within the bracket, else the step to its middle.
fn newton_within(derivatives: &Derivatives, location: f64, [lower, upper]: [f64; 2], unit: f64) -> f64 {
    let step = derivatives.bounded_location_step(unit);
    let next = location + step;
    if lower <= next && next <= upper { step } else { 0.5 * (lower + upper) - location }
}

/// The best spread at a location: the best of the boundary and of every local maximum that a scan shows.
/// `start` is the first guess; `wanted` is the accuracy of the result, as for [`best_location`].
pub(super) fn best_spread(
    surface: &mut impl Surface,
    location: f64,
    start: f64,
    wanted: Accuracy,
) -> Result<ProfilePoint, String> {
    let zero = surface.at_zero_spread(location);
    let mut best =
        (zero.inward <= 0.0).then_some(ProfilePoint { other: 0.0, value: zero.value, slope: zero.location });
    let infinite = surface.at_infinite_spread(location);
    if let Some((value, slope)) = infinite {
        let candidate = ProfilePoint { other: f64::INFINITY, value, slope };
        best = best.filter(|best| best.value > value).or(Some(candidate));
    }
    let slopes = spread_slopes(surface, location, zero.inward);
    for pair in slopes.windows(2) {
        if pair[0].1 > 0.0 && pair[1].1 <= 0.0 {
            let found = local_best_spread(surface, location, [pair[0].0, pair[1].0], start, wanted);
            // Where the likelihood tends to a limit, its slope is rounding error far out.
            let Ok(candidate) = found else { if infinite.is_some() { continue } else { return found } };
            if best.is_none_or(|best| candidate.value > best.value) {
                best = Some(candidate);
            }
        }
    }
    let rises = slopes.last().filter(|(_, slope)| *slope > 0.0);
    best.ok_or_else(|| match rises {
        Some((spread, _)) => format!(
            "at the location {location:.6e} the likelihood still rises at a spread of {spread:.3e}, beyond which none is looked for"
        ),
        None => format!("no best spread was found at the location {location:.6e}"),
    })
}

/// Spreads from 0 on and the derivatives of the log-likelihood there, at one location, up to where the
/// likelihood decreases for good.
fn spread_slopes(surface: &mut impl Surface, location: f64, inward: f64) -> Vec<(f64, f64)> {
    let [first, least] = surface.scan_range();
    let distance = (location - surface.common_location()).abs();
    let mut points = vec![(0.0, inward)];
    let mut spread = first;
    loop {
        let derivatives = surface.at(location, spread, Accuracy::Coarse);
        points.push((spread, derivatives.spread));
        // Away from the common location the spread has to bridge the distance to it as well.
        if (derivatives.spread < 0.0 && spread >= least + distance) || spread > surface.max_spread() {
            return points;
        }
        spread *= surface.scan_factor();
    }
}

/// The maximum along the spread inside a bracket.
fn local_best_spread(
    surface: &mut impl Surface,
    location: f64,
    [mut lower, mut upper]: [f64; 2],
    start: f64,
    wanted: Accuracy,
) -> Result<ProfilePoint, String> {
    let mut spread = if lower < start && start < upper { start } else { 0.5 * (lower + upper) };
    let (mut accuracy, ends) = (Accuracy::Close, [lower, upper]);
    for taken in 0..MAX_STEPS {
        let derivatives = surface.at(location, spread, accuracy);
        if derivatives.spread > 0.0 {
            lower = spread
        } else {
            upper = spread
        }
        let newton = if derivatives.spread2 < 0.0 {
            spread - derivatives.spread / derivatives.spread2
        } else {
            f64::NAN
        };
        let next = if lower <= newton && newton <= upper { newton } else { 0.5 * (lower + upper) };
        let step = (next - spread).abs() / spread;
        let converged = step < if accuracy == Accuracy::Full { CONVERGED } else { CLOSE };
        // At reduced accuracy an end of the bracket is no maximum.
        let at_end = || ends.iter().any(|end| (next - end).abs() <= 100.0 * CLOSE * next);
        if converged && (accuracy == Accuracy::Full || (wanted != Accuracy::Full && !at_end())) {
            // The value is stationary in the spread; the slope in the location is corrected for the last
            // step.
            let slope = derivatives.location + derivatives.cross * (next - spread);
            return Ok(ProfilePoint { other: next, value: derivatives.value, slope });
        }
        if accuracy == Accuracy::Close && (converged || taken > MAX_CLOSE_STEPS) {
            // The bracket was found at reduced accuracy: the maximum may lie just outside it.
            accuracy = Accuracy::Full;
            (lower, upper) = (0.5 * lower, 2.0 * upper);
        }
        spread = next;
    }
    Err(format!("the iteration for the best spread at the location {location} does not converge"))
}
