//! Likelihood intervals: the parameter values at which the profile log-likelihood is at most ½ χ²₁ below its
//! maximum (Venzon & Moolgavkar 1988, doi:10.2307/2347496), and the one-sided interval without a finite
//! maximum.

use super::binomial::totals;
use super::maximum::Maximum;
use super::profile::{ProfilePoint, ScanPoint, best_location, best_spread};
use super::surface::{Accuracy, Surface};
use crate::data::Counts;
use crate::error::Error;
use crate::numeric::elementary::exp_m1;
use crate::numeric::normal;

const MAX_STEPS: u32 = 100;
/// The relative step at which a limit has converged; the next Newton step would be its square.
const TOLERANCE: f64 = 1e-9;
/// The relative step at which a limit is close enough for full accuracy.
const CLOSE: f64 = 1e-5;

/// The χ²₁ quantile z² of a two-sided interval with this probability in each tail.
pub(super) fn chi_squared_quantile(tail: f64) -> f64 {
    let z = normal::upper_quantile(tail);
    z * z
}

/// Without any event: [0, 1 − exp(−χ²₁/(2 Σn))], the proportions p whose log-likelihood Σn ln(1 − p) at no
/// spread is within ½ χ²₁ of its supremum 0. Without non-events: the mirror image. `None` where there are
/// both.
///
/// `tail` is the probability of one tail of the two-sided interval to which the χ²₁ quantile belongs.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::one_sided;
///
/// let no_events = [Counts::new(0, 20).unwrap(), Counts::new(0, 25).unwrap()];
/// let [lower, upper] = one_sided(&no_events, 0.025).unwrap();
/// assert!(lower == 0.0 && (upper - 0.0418).abs() < 1e-4);
/// ```
#[must_use]
pub fn one_sided(counts: &[Counts], tail: f64) -> Option<[f64; 2]> {
    let (events, others) = totals(counts);
    let width = -exp_m1(-chi_squared_quantile(tail) / (2.0 * (events + others)));
    match () {
        () if events == 0.0 => Some([0.0, width]),
        () if others == 0.0 => Some([1.0 - width, 1.0]),
        () => None,
    }
}

/// A lower and an upper limit, each with the reason where it was not found.
pub type Limits = [Result<f64, Error>; 2];

/// The limits of the location; `quantile` is that of χ²₁. Each has its own work.
pub fn location<S: Surface + Clone>(surface: &mut S, maximum: &Maximum, quantile: f64) -> Limits {
    let width = (quantile / -maximum.derivatives.location2).sqrt();
    let fresh = surface.clone();
    [-1.0, 1.0].map(|sign| {
        surface.clone_from(&fresh);
        let found = location_limit(surface, maximum, quantile, sign * width);
        surface.finished(found)
    })
}

/// The limits of the location at spread 0, where the likelihood is a closed form: for counts that do not
/// identify a spread.
pub fn location_at_zero_spread(surface: &impl Surface, maximum: &Maximum, quantile: f64) -> Limits {
    [-1.0, 1.0].map(|sign: f64| {
        let width = sign * (quantile / -maximum.derivatives.location2).sqrt();
        let excess = |distance: f64| {
            let zero = surface.at_zero_spread(maximum.location + distance);
            let point = ProfilePoint { other: 0.0, value: zero.value, slope: zero.location };
            root_deviance_excess(maximum.value, &point, quantile, sign)
        };
        let mut outer = width;
        while excess(outer).0 < 0.0 && outer.abs() < 1e6 * width.abs() {
            outer *= 2.0;
        }
        newton_in_bracket(|x| Ok(excess(x)), [0.0, outer], 0.5 * outer, TOLERANCE)
            .map(|distance| maximum.location + distance)
            .map_err(Error::NoConvergence)
    })
}

/// One limit of the location; `width` is the distance of the Wald limit from the maximum, with its sign.
fn location_limit(
    surface: &mut impl Surface,
    maximum: &Maximum,
    quantile: f64,
    width: f64,
) -> Result<f64, String> {
    let centre = maximum.location;
    // Doubled until it lies outside the interval.
    let (mut inner, mut distance, mut spread) = (0.0, width, maximum.spread);
    let outer = loop {
        let point = best_spread(surface, centre + distance, spread, Accuracy::Close)?;
        if 2.0 * (maximum.value - point.value) - quantile > 0.0 {
            break distance;
        }
        if distance.abs() > 1e6 * width.abs() {
            return Err("the profile likelihood of the location does not fall far enough".into());
        }
        (inner, spread) = (distance, point.other);
        distance *= 2.0;
    };
    let excess = |distance: f64, accuracy: Accuracy| {
        let point = best_spread(surface, centre + distance, spread, accuracy)?;
        spread = point.other;
        Ok(root_deviance_excess(maximum.value, &point, quantile, width.signum()))
    };
    approach(excess, [inner, outer]).map(|distance| centre + distance)
}

/// The limits of the spread: 0 below if the deviance at 0 is at most `quantile`, `None` above if the profile
/// likelihood never decreases far enough. Where the set has gaps, the limits are its ends.
///
/// # Errors
///
/// A sentence, where an inner maximisation does not converge.
pub fn spread(
    surface: &mut impl Surface,
    maximum: &Maximum,
    quantile: f64,
) -> Result<(f64, Option<f64>), String> {
    let target = maximum.value - 0.5 * quantile;
    let points = scan_with_maximum(maximum);
    let inside = |point: &ScanPoint| point.value >= target;
    let lower = if maximum.certificate.value_at_zero >= target {
        0.0
    } else {
        let first = points.iter().position(inside).unwrap_or(0);
        let below = if first == 0 { 0.0 } else { points[first - 1].spread };
        spread_limit(surface, maximum, quantile, [points[first].spread, below], points[first].location)?
    };
    let last = points.iter().rposition(inside).unwrap_or(points.len() - 1);
    let (mut known, mut location) = (points[last].spread, points[last].location);
    let mut beyond = points.get(last + 1).map_or(2.0 * known, |point| point.spread);
    loop {
        let point = best_location(surface, beyond, location, Accuracy::Close)?;
        if point.value < target {
            return Ok((lower, Some(spread_limit(surface, maximum, quantile, [known, beyond], location)?)));
        }
        if beyond > surface.max_spread() {
            return Ok((lower, None));
        }
        (known, location, beyond) = (beyond, point.other, 2.0 * beyond);
    }
}

/// The points of the scan and the maximum, by spread.
fn scan_with_maximum(maximum: &Maximum) -> Vec<ScanPoint> {
    let Maximum { spread, location, value, .. } = *maximum;
    let mut points: Vec<ScanPoint> = maximum.scan.clone();
    points.push(ScanPoint { spread, location, value, slope: 0.0 });
    points.sort_by(|a, b| a.spread.total_cmp(&b.spread));
    points
}

/// The spread between one inside the interval and one outside it at which the deviance of the profile likelihood is `quantile`.
fn spread_limit(
    surface: &mut impl Surface,
    maximum: &Maximum,
    quantile: f64,
    [inner, outer]: [f64; 2],
    mut location: f64,
) -> Result<f64, String> {
    let sign = if outer > maximum.spread { 1.0 } else { -1.0 };
    let excess = |spread: f64, accuracy: Accuracy| {
        if spread == 0.0 {
            let root = (2.0 * (maximum.value - maximum.certificate.value_at_zero)).sqrt();
            return Ok((root - quantile.sqrt(), f64::NAN));
        }
        let point = best_location(surface, spread, location, accuracy)?;
        location = point.other;
        Ok(root_deviance_excess(maximum.value, &point, quantile, sign))
    };
    approach(excess, [inner, outer])
}

/// √deviance − √quantile and its derivative, with deviance = 2 (maximum − value). The root of the deviance is
/// nearly linear, so few Newton steps are needed. `sign` is that of the distance from the maximum.
fn root_deviance_excess(maximum: f64, point: &ProfilePoint, quantile: f64, sign: f64) -> (f64, f64) {
    let root = (2.0 * (maximum - point.value)).max(0.0).sqrt();
    let slope = if root > 0.0 { -point.slope / root } else { sign };
    (root - quantile.sqrt(), slope)
}

/// The root between two ends: first at reduced accuracy, then in the few steps that are left at full accuracy.
fn approach(
    mut f: impl FnMut(f64, Accuracy) -> Result<(f64, f64), String>,
    [a, b]: [f64; 2],
) -> Result<f64, String> {
    let close = newton_in_bracket(|x| f(x, Accuracy::Close), [a, b], 0.5 * (a + b), CLOSE)?;
    newton_in_bracket(|x| f(x, Accuracy::Full), [a, b], close, TOLERANCE)
}

/// The root between two ends, the first on the side of the maximum, where f is negative, by Newton's method
/// within the bracket, else by bisection. `f` gives the value and the derivative. [`crate::numeric::root`] would
/// go on to the last bit, but here every evaluation is a maximisation.
fn newton_in_bracket(
    mut f: impl FnMut(f64) -> Result<(f64, f64), String>,
    [mut inner, mut outer]: [f64; 2],
    start: f64,
    tolerance: f64,
) -> Result<f64, String> {
    let mut x = start;
    for _ in 0..MAX_STEPS {
        let (value, slope) = f(x)?;
        if value.is_nan() {
            return Err("the profile likelihood is not a number".into());
        }
        if value > 0.0 {
            outer = x
        } else {
            inner = x
        }
        let newton = x - value / slope;
        let inside = inner.min(outer) <= newton && newton <= inner.max(outer);
        let next = if inside { newton } else { 0.5 * (inner + outer) };
        if (next - x).abs() <= tolerance * x.abs() {
            return Ok(next);
        }
        x = next;
    }
    Err("the iteration for a limit of the profile likelihood does not converge".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sided_interval_of_no_events_in_forty_five() {
        let limits = |events, total| one_sided(&[Counts::new(events, total).unwrap()], 0.025);
        // −45 ln(1 − p) = 1.96²/2.
        let [lower, upper] = limits(0, 45).unwrap();
        assert_eq!(lower, 0.0);
        assert!((45.0 * (-upper).ln_1p() + 1.920_729_410_347_062).abs() < 1e-12);
        assert_eq!(limits(45, 45), Some([1.0 - upper, 1.0]));
        assert_eq!(limits(1, 45), None);
    }
}
