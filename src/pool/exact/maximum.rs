//! The global maximum of a likelihood in a location and a spread ≥ 0, with its certificate.

use super::{Accuracy, Derivatives, Edge, Surface};

/// The largest spread the scan looks at before it says that the likelihood rises without end.
const LARGEST_SPREAD: f64 = 1e8;
/// Newton steps, relative to the spread and to the standard error, at which the search settles: the
/// derivatives are those one step before.
pub(in crate::pool) const SETTLED: f64 = 1e-13;
/// What has to do where rounding keeps the steps larger, as for a spread that is hardly above 0.
const ROUNDED: f64 = 1e-9;
/// Steps at full accuracy after which it does.
const PATIENCE: u32 = 4;
/// The step at which an evaluation is worth its full accuracy.
const CLOSE: f64 = 1e-4;
const MOST_STEPS: u32 = 80;

/// The global maximum and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    /// The best location.
    pub location: f64,
    /// The best spread; 0 at the boundary.
    pub spread: f64,
    /// The log-likelihood.
    pub value: f64,
    /// Value and derivatives there; in the location alone where the spread is 0.
    pub derivatives: Derivatives,
    /// Newton steps taken, over all maxima looked at.
    pub iterations: u32,
    /// What makes it the global one.
    pub certificate: Certificate,
    /// The scan along the spread, from which profile intervals start.
    pub(super) scan: Vec<ScanPoint>,
}

/// A maximum along the spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Where; 0 at the boundary.
    pub spread: f64,
    /// The log-likelihood there.
    pub value: f64,
}

/// Why a maximum is the global one: everything needed to doubt it.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// √(gᵀ J⁻¹ g): the gradient at the maximum, in standard errors.
    pub gradient: f64,
    /// The eigenvalues of the observed information, the smaller first; at spread 0 both are that of
    /// the location.
    pub eigenvalues: [f64; 2],
    /// Two spreads between which the profile likelihood turns from rising to falling; both 0 at the
    /// boundary.
    pub bracket: [f64; 2],
    /// Its slopes there.
    pub slopes: [f64; 2],
    /// The log-likelihood at spread 0.
    pub value_at_zero: f64,
    /// The slope into the interior at spread 0: in τ² or in θ.
    pub slope_at_zero: f64,
    /// Every local maximum seen, the chosen one included, by spread.
    pub maxima: Vec<Local>,
    /// How many spreads the scan looked at, and the largest.
    pub scanned: (usize, f64),
}

/// One spread of the scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ScanPoint {
    pub spread: f64,
    pub location: f64,
    /// The profile likelihood.
    pub value: f64,
    /// Its slope.
    pub slope: f64,
}

/// Finds the global maximum.
///
/// The profile likelihood's slope is followed along a geometric scan of the spread, from where no study
/// notices it to where it exceeds every difference between them; each turn from rising to falling is a
/// maximum, refined by Newton's method in both parameters with the observed information; the boundary
/// is one where the likelihood falls from it. The highest wins, the smaller spread among equals.
///
/// # Errors
///
/// A sentence: where the likelihood still rises at the largest spread, or where a maximum does not
/// settle.
pub fn maximise(surface: &mut impl Surface) -> Result<Maximum, String> {
    let location = surface.edge_location();
    let edge = surface.edge(location);
    let scan = scan(surface, location)?;
    let mut best = (edge.inward <= 0.0).then(|| at_edge(location, &edge));
    let mut maxima: Vec<Local> = best.iter().map(|m| Local { spread: 0.0, value: m.value }).collect();
    let mut iterations = 0;
    let start = ScanPoint { spread: 0.0, location, value: edge.value, slope: edge.inward };
    for (below, above) in std::iter::once(&start).chain(&scan).zip(&scan) {
        if below.slope > 0.0 && above.slope <= 0.0 {
            let Some(found) = refine(surface, below, above, &mut iterations)? else { continue };
            maxima.push(Local { spread: found.spread, value: found.value });
            if best.as_ref().is_none_or(|best| found.value > best.value) {
                best = Some(found);
            }
        }
    }
    // A rise at the boundary that the first point of the scan no longer sees lies below it.
    let mut best = best.ok_or("the slope of the likelihood changes sign nowhere along the spread")?;
    let largest = scan.last().map_or(0.0, |point| point.spread);
    best.certificate.value_at_zero = edge.value;
    best.certificate.slope_at_zero = edge.inward;
    best.certificate.maxima = maxima;
    best.certificate.scanned = (scan.len(), largest);
    best.iterations = iterations;
    best.scan = scan;
    Ok(best)
}

/// The maximum at spread 0.
pub(in crate::pool) fn at_edge(location: f64, edge: &Edge) -> Maximum {
    let derivatives = Derivatives {
        value: edge.value,
        location: edge.location,
        location2: edge.location2,
        ..Derivatives::default()
    };
    let certificate = Certificate {
        gradient: edge.location.abs() / (-edge.location2).sqrt(),
        eigenvalues: [-edge.location2; 2],
        bracket: [0.0; 2],
        slopes: [edge.inward; 2],
        value_at_zero: edge.value,
        slope_at_zero: edge.inward,
        maxima: Vec::new(),
        scanned: (0, 0.0),
    };
    let value = edge.value;
    Maximum { location, spread: 0.0, value, derivatives, iterations: 0, certificate, scan: Vec::new() }
}

fn scan(surface: &mut impl Surface, start: f64) -> Result<Vec<ScanPoint>, String> {
    let [first, least] = surface.scan_range();
    let (mut points, mut location, mut spread) = (Vec::new(), start, first);
    loop {
        let point = profile_at(surface, location, spread);
        location = point.location;
        let falls = point.slope < 0.0;
        points.push(point);
        if falls && spread >= least {
            return Ok(points);
        }
        if spread > LARGEST_SPREAD || !point.slope.is_finite() {
            return Err(format!(
                "the likelihood still rises at a spread of {spread:.3e}: no study tells where it ends"
            ));
        }
        spread *= surface.scan_factor();
    }
}

/// The profile likelihood and its slope at one spread, to the accuracy of a scan.
fn profile_at(surface: &mut impl Surface, mut location: f64, spread: f64) -> ScanPoint {
    let mut seen = surface.at(location, spread, Accuracy::Coarse);
    for _ in 0..MOST_STEPS {
        let step = guarded_step(&seen);
        // The slope is right to second order: half a standard error is close enough.
        if step * step * -seen.location2 < 0.25 {
            break;
        }
        location += step;
        seen = surface.at(location, spread, Accuracy::Coarse);
    }
    let step = guarded_step(&seen);
    let value = seen.value + 0.5 * step * seen.location;
    ScanPoint { spread, location: location + step, value, slope: seen.profile_slope() }
}

/// Newton's step in the location, or the sign of the slope where the curvature is not negative.
fn guarded_step(seen: &Derivatives) -> f64 {
    match seen.location_step() {
        Some(step) => step.clamp(-4.0, 4.0),
        None if seen.location == 0.0 => 0.0,
        None => seen.location.signum(),
    }
}

/// The maximum between two points of the scan; `None` where the full accuracy sees no turn.
fn refine(
    surface: &mut impl Surface,
    below: &ScanPoint,
    above: &ScanPoint,
    iterations: &mut u32,
) -> Result<Option<Maximum>, String> {
    let (mut lower, mut upper) = (*below, *above);
    let (mut location, mut spread) = start_between(&lower, &upper);
    let (mut accuracy, mut careful_steps) = (Accuracy::Close, 0);
    for _ in 0..MOST_STEPS {
        *iterations += 1;
        careful_steps += u32::from(accuracy == Accuracy::Full);
        let seen = surface.at(location, spread, accuracy);
        let step = seen.joint_step().filter(|(_, s)| lower.spread < spread + s && spread + s < upper.spread);
        let Some(step) = step else {
            // Newton leaves the bracket: narrow it, with the location settled first.
            let along = guarded_step(&seen);
            if along * along * -seen.location2 < 0.01 {
                let here = ScanPoint { spread, location, value: seen.value, slope: seen.profile_slope() };
                if here.slope > 0.0 {
                    lower = here
                } else {
                    upper = here
                }
                spread = middle(lower.spread, upper.spread);
            }
            location += along;
            if upper.spread - lower.spread <= 1e-9 * upper.spread {
                if accuracy == Accuracy::Full {
                    return Ok(None);
                }
                // The bracket was seen with less accuracy: the maximum may lie beyond its ends.
                accuracy = Accuracy::Full;
                (lower.spread, upper.spread) = (0.5 * lower.spread, 2.0 * upper.spread);
            }
            continue;
        };
        let scaled = (step.0.abs() * (-seen.location2).sqrt()).max(step.1.abs() / spread);
        location += step.0;
        spread += step.1;
        match accuracy {
            Accuracy::Full if scaled < if careful_steps > PATIENCE { ROUNDED } else { SETTLED } => {
                return Ok(Some(settled(location, spread, &seen, [&lower, &upper])));
            }
            Accuracy::Close if scaled < CLOSE => {
                accuracy = Accuracy::Full;
                (lower.spread, upper.spread) = (0.5 * lower.spread, 2.0 * upper.spread);
            }
            _ => {}
        }
    }
    Err(format!(
        "Newton's method does not settle between the spreads {:.6e} and {:.6e}",
        lower.spread, upper.spread
    ))
}

/// Where the slope, taken as linear between two points, is 0.
fn start_between(lower: &ScanPoint, upper: &ScanPoint) -> (f64, f64) {
    let share = if lower.spread == 0.0 { 0.5 } else { lower.slope / (lower.slope - upper.slope) };
    let share = share.clamp(0.05, 0.95);
    let between = |a: f64, b: f64| a + share * (b - a);
    (between(lower.location, upper.location), between(lower.spread, upper.spread))
}

/// Halves a bracket of spreads: in their logarithm where it spans orders of magnitude.
fn middle(lower: f64, upper: f64) -> f64 {
    if upper > 4.0 * lower && lower > 0.0 { (lower * upper).sqrt() } else { 0.5 * (lower + upper) }
}

fn settled(location: f64, spread: f64, seen: &Derivatives, bracket: [&ScanPoint; 2]) -> Maximum {
    let step = seen.joint_step().unwrap_or((0.0, 0.0));
    let certificate = Certificate {
        gradient: (step.0 * seen.location + step.1 * seen.spread).max(0.0).sqrt(),
        eigenvalues: seen.eigenvalues(),
        bracket: bracket.map(|point| point.spread),
        slopes: bracket.map(|point| point.slope),
        value_at_zero: 0.0,
        slope_at_zero: 0.0,
        maxima: Vec::new(),
        scanned: (0, 0.0),
    };
    Maximum {
        location,
        spread,
        value: seen.value,
        derivatives: *seen,
        iterations: 0,
        certificate,
        scan: Vec::new(),
    }
}
