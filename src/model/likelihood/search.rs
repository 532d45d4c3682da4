//! The search for the global maximum of a [`Surface`].

use super::maximum::{Certificate, LocalMaximum, Maximum, TOLERANCE};
use super::profile::{ScanPoint, best_location, scan};
use super::surface::{Accuracy, Derivatives, Surface};

const MAX_STEPS: u32 = 80;
/// The step size below which full accuracy is used from then on.
const CLOSE: f64 = 1e-4;
/// Steps at reduced accuracy after which full accuracy is used in any case.
const MAX_CLOSE_STEPS: u32 = 12;
/// The tolerance where rounding keeps the steps above [`TOLERANCE`], for example next to spread 0.
const ROUNDING_TOLERANCE: f64 = 1e-9;
/// Steps at full accuracy after which [`ROUNDING_TOLERANCE`] is accepted.
const MAX_FULL_STEPS: u32 = 4;

/// Finds the global maximum.
///
/// The slope of the profile likelihood is followed along a geometric scan of the spread, from where the
/// spread is negligible for every study to where it exceeds all differences between them. Each change from
/// increasing to decreasing is a local maximum, which is refined by Newton's method in both parameters with
/// the observed information; the boundary is one if the likelihood decreases from it. The highest is the
/// result; of equally high ones, the one with the smallest spread.
///
/// # Errors
///
/// A sentence: where the likelihood still increases at the largest spread, or where the iteration for a
/// maximum does not converge.
pub fn maximise(surface: &mut impl Surface) -> Result<Maximum, String> {
    let location = surface.common_location();
    let zero = surface.at_zero_spread(location);
    let scan = scan(surface, location)?;
    let mut best = (zero.inward <= 0.0).then(|| Maximum::at_zero_spread(location, &zero));
    let mut maxima: Vec<LocalMaximum> =
        best.iter().map(|m| LocalMaximum { spread: 0.0, value: m.value }).collect();
    let mut iterations = 0;
    let start = ScanPoint { spread: 0.0, location, value: zero.value, slope: zero.inward };
    for (below, above) in std::iter::once(&start).chain(&scan).zip(&scan) {
        if below.slope > 0.0 && above.slope <= 0.0 {
            let Some(found) = refine(surface, below, above, &mut iterations)? else { continue };
            maxima.push(LocalMaximum { spread: found.spread, value: found.value });
            if best.as_ref().is_none_or(|best| found.value > best.value) {
                best = Some(found);
            }
        }
    }
    let mut best = best.ok_or("the slope of the profile likelihood changes sign nowhere along the spread")?;
    let largest = scan.last().map_or(0.0, |point| point.spread);
    best.certificate.value_at_zero = zero.value;
    best.certificate.slope_at_zero = zero.inward;
    best.certificate.maxima = maxima;
    best.certificate.scanned = (scan.len(), largest);
    best.iterations = iterations;
    best.scan = scan;
    Ok(best)
}

/// The maximum between two points of the scan; `None` if at full accuracy there is none.
fn refine(
    surface: &mut impl Surface,
    below: &ScanPoint,
    above: &ScanPoint,
    iterations: &mut u32,
) -> Result<Option<Maximum>, String> {
    let mut search = NewtonSearch::between(*below, *above);
    for _ in 0..MAX_STEPS {
        *iterations += 1;
        let derivatives = surface.at(search.location, search.spread, search.accuracy);
        let inside = |spread: f64| search.lower.spread < spread && spread < search.upper.spread;
        match derivatives.joint_step().filter(|(_, step)| inside(search.spread + step)) {
            Some(step) if search.step(step, &derivatives) => {
                // After a larger step the derivatives are evaluated again.
                let derivatives = match search.step_size > TOLERANCE {
                    true => surface.at(search.location, search.spread, Accuracy::Full),
                    false => derivatives,
                };
                return search.maximum(&derivatives, surface, [below, above]).map(Some);
            }
            Some(_) => {}
            None if search.halve(&derivatives, surface.location_unit(search.spread)) => return Ok(None),
            None => {}
        }
    }
    let [lower, upper] = [search.lower.spread, search.upper.spread];
    Err(format!("Newton's method does not converge between the spreads {lower:.6e} and {upper:.6e}"))
}

/// The search for a local maximum within a bracket of spreads.
struct NewtonSearch {
    lower: ScanPoint,
    upper: ScanPoint,
    location: f64,
    spread: f64,
    accuracy: Accuracy,
    /// The size of the last step: in standard errors, or relative to the spread.
    step_size: f64,
    close_steps: u32,
    full_steps: u32,
}

impl NewtonSearch {
    fn between(lower: ScanPoint, upper: ScanPoint) -> Self {
        let (location, spread) = start_between(&lower, &upper);
        Self {
            lower,
            upper,
            location,
            spread,
            accuracy: Accuracy::Close,
            step_size: f64::INFINITY,
            close_steps: 0,
            full_steps: 0,
        }
    }

    /// Takes a Newton step in location and spread; returns whether the search has converged.
    fn step(&mut self, (location_step, spread_step): (f64, f64), derivatives: &Derivatives) -> bool {
        let size =
            (location_step.abs() * (-derivatives.location2).sqrt()).max(spread_step.abs() / self.spread);
        (self.location, self.spread) = (self.location + location_step, self.spread + spread_step);
        self.step_size = size;
        if self.accuracy == Accuracy::Full {
            self.full_steps += 1;
            return size < if self.full_steps > MAX_FULL_STEPS { ROUNDING_TOLERANCE } else { TOLERANCE };
        }
        self.close_steps += 1;
        if size < CLOSE || self.close_steps > MAX_CLOSE_STEPS {
            self.use_full_accuracy();
        }
        false
    }

    /// Where a Newton step would leave the bracket: moves to the best location, then halves the bracket.
    /// Returns whether the bracket is empty.
    fn halve(&mut self, derivatives: &Derivatives, unit: f64) -> bool {
        let location_step = derivatives.bounded_location_step(unit);
        if derivatives.is_within(location_step, 0.01) {
            let Self { location, spread, .. } = *self;
            let here =
                ScanPoint { spread, location, value: derivatives.value, slope: derivatives.profile_slope() };
            let end = if here.slope > 0.0 { &mut self.lower } else { &mut self.upper };
            *end = here;
            self.spread = middle(self.lower.spread, self.upper.spread);
        }
        self.location += location_step;
        let is_empty = self.upper.spread - self.lower.spread <= 1e-9 * self.upper.spread;
        self.close_steps += 1;
        if self.accuracy == Accuracy::Close && (is_empty || self.close_steps > MAX_CLOSE_STEPS) {
            self.use_full_accuracy();
            return false;
        }
        is_empty
    }

    /// Widens the bracket as well: it was found at reduced accuracy, so the maximum may lie just outside it.
    fn use_full_accuracy(&mut self) {
        self.accuracy = Accuracy::Full;
        self.lower.spread *= 0.5;
        self.upper.spread *= 2.0;
    }

    /// The maximum with its certificate. The bracket is that of the scan, or the widened one if the maximum
    /// lies outside that.
    fn maximum(
        &self,
        derivatives: &Derivatives,
        surface: &mut impl Surface,
        [below, above]: [&ScanPoint; 2],
    ) -> Result<Maximum, String> {
        let (location_step, spread_step) = derivatives.joint_step().unwrap_or((0.0, 0.0));
        let (mut bracket, mut slopes) = ([below.spread, above.spread], [below.slope, above.slope]);
        if !(bracket[0] <= self.spread && self.spread <= bracket[1]) {
            bracket = [self.lower.spread, self.upper.spread];
            // At the accuracy of the scan the sign of the slope is not reliable there.
            for (slope, spread) in slopes.iter_mut().zip(bracket).filter(|(_, spread)| *spread > 0.0) {
                *slope = best_location(surface, spread, self.location, Accuracy::Full)?.slope;
            }
        }
        if !(slopes[0] > 0.0 && slopes[1] <= 0.0) {
            let spread = self.spread;
            return Err(format!(
                "no bracket with slopes of opposite sign was found around the maximum at a spread of {spread:.6e}"
            ));
        }
        let certificate = Certificate {
            gradient: (location_step * derivatives.location + spread_step * derivatives.spread)
                .max(0.0)
                .sqrt(),
            eigenvalues: derivatives.eigenvalues(),
            bracket,
            slopes,
            value_at_zero: 0.0,
            slope_at_zero: 0.0,
            maxima: Vec::new(),
            scanned: (0, 0.0),
        };
        Ok(Maximum {
            location: self.location,
            spread: self.spread,
            value: derivatives.value,
            derivatives: *derivatives,
            iterations: 0,
            certificate,
            scan: Vec::new(),
        })
    }
}

/// The location and spread at which the slope is 0 by linear interpolation between two points.
fn start_between(lower: &ScanPoint, upper: &ScanPoint) -> (f64, f64) {
    let share = if lower.spread == 0.0 { 0.5 } else { lower.slope / (lower.slope - upper.slope) };
    let share = share.clamp(0.05, 0.95);
    let between = |a: f64, b: f64| a + share * (b - a);
    (between(lower.location, upper.location), between(lower.spread, upper.spread))
}

/// The middle of a bracket of spreads: the geometric mean if it spans more than a factor of 4.
fn middle(lower: f64, upper: f64) -> f64 {
    if upper > 4.0 * lower && lower > 0.0 { (lower * upper).sqrt() } else { 0.5 * (lower + upper) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::likelihood::surface::ZeroSpread;
    use crate::numeric::elementary::{exp, ln};

    /// −½ location² + ln(Σ wᵢ exp(−½ (ln spread − cᵢ)²/σ²)), with a local maximum near each cᵢ.
    struct TwoMaxima {
        weights: [f64; 2],
    }

    const CENTRES: [f64; 2] = [-2.0, 1.5];
    const SIGMA: f64 = 0.6;

    impl Surface for TwoMaxima {
        fn at(&mut self, location: f64, spread: f64, _: Accuracy) -> Derivatives {
            let s = ln(spread);
            let score = CENTRES.map(|centre| (centre - s) / (SIGMA * SIGMA));
            let density = [0, 1].map(|i| self.weights[i] * exp(-0.5 * SIGMA * SIGMA * score[i] * score[i]));
            let total = density[0] + density[1];
            let share = density.map(|density| density / total);
            let first = share[0] * score[0] + share[1] * score[1];
            let square = share[0] * score[0] * score[0] + share[1] * score[1] * score[1];
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

        fn at_zero_spread(&self, location: f64) -> ZeroSpread {
            ZeroSpread { value: -20.0, location: -location, location2: -1.0, inward: 1.0 }
        }

        fn common_location(&self) -> f64 {
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
    fn the_higher_of_two_maxima_is_found_and_the_other_is_reported() {
        for (weights, centre) in [([1.0, 1.1], CENTRES[1]), ([1.1, 1.0], CENTRES[0])] {
            let found = maximise(&mut TwoMaxima { weights }).unwrap();
            assert!((ln(found.spread) - centre).abs() < 1e-6, "{}", found.spread);
            let maxima = &found.certificate.maxima;
            assert_eq!(maxima.len(), 2);
            assert!(maxima.iter().all(|local| local.value <= found.value));
            assert!(found.certificate.gradient < 1e-12 && found.certificate.eigenvalues[0] > 0.0);
        }
    }

    /// ln spread − location², which has no maximum.
    struct Unbounded;

    impl Surface for Unbounded {
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

        fn at_zero_spread(&self, location: f64) -> ZeroSpread {
            ZeroSpread { value: -1.0, location: -2.0 * location, location2: -2.0, inward: 1.0 }
        }

        fn common_location(&self) -> f64 {
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
    fn an_unbounded_likelihood_is_an_error() {
        let problem = maximise(&mut Unbounded).unwrap_err();
        assert!(problem.contains("still rises"), "{problem}");
    }
}
