//! Profile-likelihood intervals: the parameter values whose best log-likelihood, over the other
//! parameter, is at most ½ χ²₁ below the maximum (Venzon & Moolgavkar 1988, doi:10.2307/2347496).

use super::maximum::ScanPoint;
use super::{Accuracy, Derivatives, Maximum, Surface};

const MOST_STEPS: u32 = 100;
/// Steps after which an evaluation that does not come close is worth its full accuracy: what it sees may be
/// the error of the coarser one.
const HURRIED_STEPS: u32 = 12;
/// Newton steps in units of the standard error or of the spread at which an inner maximum has settled.
const SETTLED: f64 = 1e-11;
/// The relative step at which a limit has settled; Newton's next one would be its square.
const SETTLED_LIMIT: f64 = 1e-9;

/// A point of a profile: where the other parameter is best, and the slope along the profile.
#[derive(Clone, Copy)]
pub(super) struct Profiled {
    other: f64,
    value: f64,
    pub(super) slope: f64,
}

/// The limits of the location; `drop` is the χ²₁ quantile.
///
/// # Errors
///
/// A sentence, where a limit cannot be bracketed or an inner maximum does not settle.
pub fn location(surface: &mut impl Surface, maximum: &Maximum, drop: f64) -> Result<[f64; 2], String> {
    let reach = (drop / -maximum.derivatives.location2).sqrt();
    let side = |surface: &mut _, direction: f64| location_limit(surface, maximum, drop, direction * reach);
    Ok([side(surface, -1.0)?, side(surface, 1.0)?])
}

/// The limits of the location at spread 0, where the likelihood is a closed form: for one study, which says
/// nothing of the spread.
///
/// # Errors
///
/// A sentence, where a limit cannot be bracketed.
pub fn edge_location(surface: &impl Surface, maximum: &Maximum, drop: f64) -> Result<[f64; 2], String> {
    let side = |direction: f64| {
        let reach = direction * (drop / -maximum.derivatives.location2).sqrt();
        let height = |distance: f64| {
            let edge = surface.edge(maximum.location + distance);
            let profiled = Profiled { other: 0.0, value: edge.value, slope: edge.location };
            signed_root(maximum.value, &profiled, drop, direction)
        };
        let mut outer = reach;
        while height(outer).0 < 0.0 && outer.abs() < 1e6 * reach.abs() {
            outer *= 2.0;
        }
        bracketed(height, 0.0, outer).map(|distance| maximum.location + distance)
    };
    Ok([side(-1.0)?, side(1.0)?])
}

/// The root between two ends of opposite sign, in either order: Newton's method inside the bracket, else
/// halving. Each evaluation is a maximisation, so it ends as soon as the next step would not matter.
fn bracketed(mut f: impl FnMut(f64) -> (f64, f64), a: f64, b: f64) -> Result<f64, String> {
    let (mut low, mut high) = (a, b);
    let rises = f(b).0 > 0.0;
    let mut x = 0.5 * (a + b);
    for _ in 0..MOST_STEPS {
        let (value, slope) = f(x);
        if value.is_nan() {
            return Err("the profile likelihood is not a number".into());
        }
        if (value > 0.0) == rises {
            high = x
        } else {
            low = x
        }
        let newton = x - value / slope;
        let inside = low.min(high) <= newton && newton <= low.max(high);
        let next = if inside { newton } else { 0.5 * (low + high) };
        if (next - x).abs() <= SETTLED_LIMIT * x.abs() {
            return Ok(next);
        }
        x = next;
    }
    Err("a limit of the profile likelihood does not settle".into())
}

fn location_limit(
    surface: &mut impl Surface,
    maximum: &Maximum,
    drop: f64,
    reach: f64,
) -> Result<f64, String> {
    let centre = maximum.location;
    let excess = |profiled: &Profiled| 2.0 * (maximum.value - profiled.value) - drop;
    // The first point that is too far out, looking at twice the distance each time.
    let (mut inner, mut distance, mut spread) = (0.0, reach, maximum.spread);
    let outer = loop {
        let profiled = best_spread(surface, centre + distance, spread)?;
        if excess(&profiled) > 0.0 {
            break distance;
        }
        if distance.abs() > 1e6 * reach.abs() {
            return Err("the profile likelihood of the location does not fall far enough".into());
        }
        (inner, spread) = (distance, profiled.other);
        distance *= 2.0;
    };
    let mut failure = None;
    let signed_root = |distance: f64| match best_spread(surface, centre + distance, spread) {
        Ok(profiled) => {
            spread = profiled.other;
            signed_root(maximum.value, &profiled, drop, reach.signum())
        }
        Err(problem) => {
            failure = Some(problem);
            (f64::NAN, f64::NAN)
        }
    };
    let distance = bracketed(signed_root, inner, outer);
    failure.map_or(distance, Err).map(|distance| centre + distance)
}

/// √(2 (maximum − value)) − √drop and its slope, which is nearly constant: Newton's steps on it arrive
/// in a few. `side` is the sign of the distance from the maximum.
fn signed_root(maximum: f64, profiled: &Profiled, drop: f64, side: f64) -> (f64, f64) {
    let depth = (2.0 * (maximum - profiled.value)).max(0.0).sqrt();
    let slope = if depth > 0.0 { -profiled.slope / depth } else { side };
    (depth - drop.sqrt(), slope)
}

/// The best spread at a location: from the last one by Newton's method, against the boundary, and
/// against whatever else a scan sees.
fn best_spread(surface: &mut impl Surface, location: f64, start: f64) -> Result<Profiled, String> {
    let edge = surface.edge(location);
    let mut best =
        (edge.inward <= 0.0).then_some(Profiled { other: 0.0, value: edge.value, slope: edge.location });
    let scan = spread_scan(surface, location, edge.inward);
    for pair in scan.windows(2) {
        if pair[0].slope > 0.0 && pair[1].slope <= 0.0 {
            let bracket = [pair[0].spread, pair[1].spread];
            let seen = climb_spread(surface, location, bracket, start)?;
            if best.is_none_or(|best| seen.value > best.value) {
                best = Some(seen);
            }
        }
    }
    best.ok_or_else(|| format!("no best spread at the location {location}"))
}

/// The slope along the spread at one location, from 0 to where it stays negative.
fn spread_scan(surface: &mut impl Surface, location: f64, inward: f64) -> Vec<ScanPoint> {
    let [first, least] = surface.scan_range();
    let distance = (location - surface.edge_location()).abs();
    let mut points = vec![ScanPoint { spread: 0.0, location, value: f64::NEG_INFINITY, slope: inward }];
    let mut spread = first;
    loop {
        let seen = surface.at(location, spread, Accuracy::Coarse);
        points.push(ScanPoint { spread, location, value: seen.value, slope: seen.spread });
        // Away from the centre, the spread that reaches back to the studies grows with the distance.
        if (seen.spread < 0.0 && spread >= least + distance) || spread > surface.farthest_spread() {
            return points;
        }
        spread *= surface.scan_factor();
    }
}

/// The maximum along the spread inside a bracket.
fn climb_spread(
    surface: &mut impl Surface,
    location: f64,
    [mut lower, mut upper]: [f64; 2],
    start: f64,
) -> Result<Profiled, String> {
    let mut spread = if lower < start && start < upper { start } else { 0.5 * (lower + upper) };
    let mut accuracy = Accuracy::Close;
    for taken in 0..MOST_STEPS {
        let seen = surface.at(location, spread, accuracy);
        if seen.spread > 0.0 {
            lower = spread
        } else {
            upper = spread
        }
        let newton = if seen.spread2 < 0.0 { spread - seen.spread / seen.spread2 } else { f64::NAN };
        let next = if lower <= newton && newton <= upper { newton } else { 0.5 * (lower + upper) };
        let step = (next - spread).abs() / spread;
        let arrived = step < if accuracy == Accuracy::Full { SETTLED } else { 1e-4 };
        if arrived && accuracy == Accuracy::Full {
            // The value is stationary in the spread; the slope in the location is carried along.
            let slope = seen.location + seen.cross * (next - spread);
            return Ok(Profiled { other: next, value: seen.value, slope });
        }
        if accuracy == Accuracy::Close && (arrived || taken > HURRIED_STEPS) {
            // The bracket was seen with less accuracy: the maximum may lie beyond its ends.
            accuracy = Accuracy::Full;
            (lower, upper) = (0.5 * lower, 2.0 * upper);
        }
        spread = next;
    }
    Err(format!("the best spread at the location {location} does not settle"))
}

/// The limits of the spread, 0 where the likelihood ratio there stays below `drop`; no upper limit
/// where the profile likelihood never falls that far.
///
/// Where the set is not connected, its ends.
///
/// # Errors
///
/// A sentence, where an inner maximum does not settle.
pub fn spread(
    surface: &mut impl Surface,
    maximum: &Maximum,
    drop: f64,
) -> Result<(f64, Option<f64>), String> {
    let target = maximum.value - 0.5 * drop;
    let top =
        ScanPoint { spread: maximum.spread, location: maximum.location, value: maximum.value, slope: 0.0 };
    let mut points: Vec<ScanPoint> = maximum.scan.clone();
    points.push(top);
    points.sort_by(|a, b| a.spread.total_cmp(&b.spread));
    let inside = |point: &ScanPoint| point.value >= target;
    let lower = if maximum.certificate.value_at_zero >= target {
        0.0
    } else {
        let first = points.iter().position(inside).unwrap_or(0);
        let below = if first == 0 { 0.0 } else { points[first - 1].spread };
        crossing(surface, maximum, drop, [below, points[first].spread], points[first].location)?
    };
    let last = points.iter().rposition(inside).unwrap_or(points.len() - 1);
    let (mut known, mut location) = (points[last].spread, points[last].location);
    let mut beyond = points.get(last + 1).map_or(2.0 * known, |point| point.spread);
    loop {
        let profiled = best_location(surface, beyond, location)?;
        if profiled.value < target {
            return Ok((lower, Some(crossing(surface, maximum, drop, [known, beyond], location)?)));
        }
        if beyond > surface.farthest_spread() {
            return Ok((lower, None));
        }
        (known, location, beyond) = (beyond, profiled.other, 2.0 * beyond);
    }
}

/// The spread between two where the profile likelihood is ½ `drop` below the maximum.
fn crossing(
    surface: &mut impl Surface,
    maximum: &Maximum,
    drop: f64,
    [lower, upper]: [f64; 2],
    mut location: f64,
) -> Result<f64, String> {
    let mut failure = None;
    let side = if upper > maximum.spread { 1.0 } else { -1.0 };
    let height = |spread: f64| {
        if spread == 0.0 {
            let depth = (2.0 * (maximum.value - maximum.certificate.value_at_zero)).sqrt();
            return (depth - drop.sqrt(), f64::NAN);
        }
        match best_location(surface, spread, location) {
            Ok(profiled) => {
                location = profiled.other;
                signed_root(maximum.value, &profiled, drop, side)
            }
            Err(problem) => {
                failure = Some(problem);
                (f64::NAN, f64::NAN)
            }
        }
    };
    let spread = bracketed(height, lower, upper);
    failure.map_or(spread, Err)
}

/// The best location at a spread: the only maximum there is.
pub(super) fn best_location(surface: &mut impl Surface, spread: f64, start: f64) -> Result<Profiled, String> {
    let (mut location, mut accuracy) = (start, Accuracy::Close);
    let mut bracket = [f64::NEG_INFINITY, f64::INFINITY];
    for taken in 0..MOST_STEPS {
        let seen = surface.at(location, spread, accuracy);
        if accuracy == Accuracy::Close {
            bracket[usize::from(seen.location < 0.0)] = location;
        }
        let next = location + newton_within(&seen, location, bracket);
        let step = (next - location).abs() * seen.location2.abs().sqrt();
        if accuracy == Accuracy::Full && step < SETTLED {
            let slope = seen.spread + seen.cross * (next - location);
            return Ok(Profiled {
                other: next,
                value: seen.value + 0.5 * (next - location) * seen.location,
                slope,
            });
        }
        if accuracy == Accuracy::Close && (step < 1e-4 || taken > HURRIED_STEPS) {
            accuracy = Accuracy::Full;
            bracket = [f64::NEG_INFINITY, f64::INFINITY];
        }
        location = next;
    }
    Err(format!("the best location at the spread {spread} does not settle"))
}

/// Newton's step in the location, at most 4 and inside what is known; half the bracket otherwise.
fn newton_within(seen: &Derivatives, location: f64, [lower, upper]: [f64; 2]) -> f64 {
    let step = seen.location_step().map_or_else(|| seen.location.signum(), |step| step.clamp(-4.0, 4.0));
    let next = location + step;
    if lower <= next && next <= upper { step } else { 0.5 * (lower + upper) - location }
}
