//! The global maximum of a likelihood in a location and a spread ≥ 0, with its certificate.

pub(in crate::model) use super::search::SETTLED;
use super::search::refine;
use super::{Accuracy, Derivatives, Edge, Surface};
use crate::numeric::convergence::Convergence;

/// The largest spread the scan looks at before it says that the likelihood rises without end.
const LARGEST_SPREAD: f64 = 1e8;
/// Newton steps in the location at one spread of the scan.
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

const ALGORITHM: &str = "profile scan, then Newton with observed information";

impl Maximum {
    /// The record of the search in the parameter that the model reports: `of` takes it from the spread, and
    /// `rate` is the derivative of that. The slopes are those of the profile log-likelihood.
    pub(in crate::model) fn record(&self, of: fn(f64) -> f64, rate: fn(f64) -> f64) -> Convergence {
        let Certificate { bracket, slopes, maxima, .. } = &self.certificate;
        // At 0 the slope is in that parameter already: see `Edge`.
        let slope = |end: usize| match bracket[end] {
            0.0 => slopes[end],
            spread => slopes[end] / rate(spread),
        };
        let others = maxima.iter().filter(|other| other.spread != self.spread);
        Convergence::of_iteration(ALGORITHM, self.iterations, SETTLED, true).certified(
            bracket.map(of),
            [slope(0), slope(1)],
            others.map(|other| of(other.spread)).collect(),
        )
    }
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
pub(in crate::model) fn at_edge(location: f64, edge: &Edge) -> Maximum {
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
pub(super) fn guarded_step(seen: &Derivatives) -> f64 {
    match seen.location_step() {
        Some(step) => step.clamp(-4.0, 4.0),
        None if seen.location == 0.0 => 0.0,
        None => seen.location.signum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::{exp, ln};

    /// −½ location² + ln(Σ wᵢ exp(−½ (ln spread − cᵢ)²/σ²)): a maximum near each cᵢ.
    struct Hills {
        weights: [f64; 2],
    }

    const CENTRES: [f64; 2] = [-2.0, 1.5];
    const SIGMA: f64 = 0.6;

    impl Surface for Hills {
        fn at(&mut self, location: f64, spread: f64, _: Accuracy) -> Derivatives {
            let s = ln(spread);
            let pull = CENTRES.map(|centre| (centre - s) / (SIGMA * SIGMA));
            let hill = [0, 1].map(|i| self.weights[i] * exp(-0.5 * SIGMA * SIGMA * pull[i] * pull[i]));
            let total = hill[0] + hill[1];
            let share = hill.map(|hill| hill / total);
            let first = share[0] * pull[0] + share[1] * pull[1];
            let square = share[0] * pull[0] * pull[0] + share[1] * pull[1] * pull[1];
            let second = square - 1.0 / (SIGMA * SIGMA) - first * first;
            Derivatives {
                value: ln(total) - 0.5 * location * location,
                location: -location,
                spread: first / spread,
                location2: -1.0,
                cross: 0.0,
                spread2: (second - first) / (spread * spread),
            }
        }

        fn edge(&self, location: f64) -> Edge {
            Edge { value: -20.0, location: -location, location2: -1.0, inward: 1.0 }
        }

        fn edge_location(&self) -> f64 {
            0.0
        }

        fn scan_range(&self) -> [f64; 2] {
            [1e-3, 50.0]
        }

        fn scan_factor(&self) -> f64 {
            1.8
        }
    }

    #[test]
    fn the_higher_of_two_maxima_is_found_and_the_other_one_told() {
        for (weights, centre) in [([1.0, 1.1], CENTRES[1]), ([1.1, 1.0], CENTRES[0])] {
            let found = maximise(&mut Hills { weights }).unwrap();
            assert!((ln(found.spread) - centre).abs() < 1e-6, "{}", found.spread);
            let maxima = &found.certificate.maxima;
            assert_eq!(maxima.len(), 2);
            assert!(maxima.iter().all(|local| local.value <= found.value));
            assert!(found.certificate.gradient < 1e-12 && found.certificate.eigenvalues[0] > 0.0);
        }
    }

    /// Rises for ever.
    struct Slope;

    impl Surface for Slope {
        fn at(&mut self, location: f64, spread: f64, _: Accuracy) -> Derivatives {
            let (value, slope) = (ln(spread) - location * location, 1.0 / spread);
            let spread2 = -slope * slope;
            Derivatives {
                value,
                location: -2.0 * location,
                spread: slope,
                location2: -2.0,
                cross: 0.0,
                spread2,
            }
        }

        fn edge(&self, location: f64) -> Edge {
            Edge { value: -1.0, location: -2.0 * location, location2: -2.0, inward: 1.0 }
        }

        fn edge_location(&self) -> f64 {
            0.0
        }

        fn scan_range(&self) -> [f64; 2] {
            [0.1, 10.0]
        }

        fn scan_factor(&self) -> f64 {
            2.0
        }
    }

    #[test]
    fn a_likelihood_without_end_is_an_error() {
        let problem = maximise(&mut Slope).unwrap_err();
        assert!(problem.contains("still rises"), "{problem}");
    }
}
