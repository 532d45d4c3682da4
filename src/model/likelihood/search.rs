//! Newton's method for one maximum inside a bracket of spreads.

use super::interval::best_location;
use super::maximum::{Certificate, Maximum, ScanPoint, guarded_step};
use super::{Accuracy, Derivatives, Surface};

/// Newton steps, relative to the spread and to the standard error, at which the search settles: the
/// derivatives are those one step before.
pub(in crate::model) const SETTLED: f64 = 1e-13;
/// What has to do where rounding keeps the steps larger, as for a spread that is hardly above 0.
const ROUNDED: f64 = 1e-9;
/// Steps at full accuracy after which it does.
const PATIENCE: u32 = 4;
/// The step at which an evaluation is worth its full accuracy.
const CLOSE: f64 = 1e-4;
const MOST_STEPS: u32 = 80;
/// Steps after which an evaluation that does not come close is worth its full accuracy all the same.
const HURRIED_STEPS: u32 = 12;

/// The maximum between two points of the scan; `None` where the full accuracy sees no turn.
pub(super) fn refine(
    surface: &mut impl Surface,
    below: &ScanPoint,
    above: &ScanPoint,
    iterations: &mut u32,
) -> Result<Option<Maximum>, String> {
    let mut search = Search::between(*below, *above);
    for _ in 0..MOST_STEPS {
        *iterations += 1;
        let seen = surface.at(search.location, search.spread, search.accuracy);
        let inside = |spread: f64| search.lower.spread < spread && spread < search.upper.spread;
        match seen.joint_step().filter(|(_, step)| inside(search.spread + step)) {
            Some(step) if search.advance(step, &seen) => {
                // After a step that was not small to rounding, the derivatives are taken again.
                let seen = match search.size > SETTLED {
                    true => surface.at(search.location, search.spread, Accuracy::Full),
                    false => seen,
                };
                return search.settled(&seen, surface, [below, above]).map(Some);
            }
            Some(_) => {}
            None if search.narrow(&seen) => return Ok(None),
            None => {}
        }
    }
    let [lower, upper] = [search.lower.spread, search.upper.spread];
    Err(format!("Newton's method does not settle between the spreads {lower:.6e} and {upper:.6e}"))
}

/// A search for a maximum inside a bracket of spreads.
struct Search {
    lower: ScanPoint,
    upper: ScanPoint,
    location: f64,
    spread: f64,
    accuracy: Accuracy,
    /// Of the last step, relative to the spread and to the standard error.
    size: f64,
    hurried_steps: u32,
    careful_steps: u32,
}

impl Search {
    fn between(lower: ScanPoint, upper: ScanPoint) -> Self {
        let (location, spread) = start_between(&lower, &upper);
        Self {
            lower,
            upper,
            location,
            spread,
            accuracy: Accuracy::Close,
            size: f64::INFINITY,
            hurried_steps: 0,
            careful_steps: 0,
        }
    }

    /// Takes Newton's step; whether it was the last one.
    fn advance(&mut self, (along, across): (f64, f64), seen: &Derivatives) -> bool {
        let size = (along.abs() * (-seen.location2).sqrt()).max(across.abs() / self.spread);
        (self.location, self.spread, self.size) = (self.location + along, self.spread + across, size);
        if self.accuracy == Accuracy::Full {
            self.careful_steps += 1;
            return size < if self.careful_steps > PATIENCE { ROUNDED } else { SETTLED };
        }
        self.hurried_steps += 1;
        if size < CLOSE || self.hurried_steps > HURRIED_STEPS {
            self.look_carefully();
        }
        false
    }

    /// Where Newton leaves the bracket: settles the location, then halves the bracket; whether nothing of it
    /// is left.
    fn narrow(&mut self, seen: &Derivatives) -> bool {
        let along = guarded_step(seen);
        if along * along * -seen.location2 < 0.01 {
            let Self { location, spread, .. } = *self;
            let here = ScanPoint { spread, location, value: seen.value, slope: seen.profile_slope() };
            let end = if here.slope > 0.0 { &mut self.lower } else { &mut self.upper };
            *end = here;
            self.spread = middle(self.lower.spread, self.upper.spread);
        }
        self.location += along;
        let is_empty = self.upper.spread - self.lower.spread <= 1e-9 * self.upper.spread;
        self.hurried_steps += 1;
        if self.accuracy == Accuracy::Close && (is_empty || self.hurried_steps > HURRIED_STEPS) {
            self.look_carefully();
            return false;
        }
        is_empty
    }

    /// The bracket was seen with less accuracy: the maximum may lie beyond its ends.
    fn look_carefully(&mut self) {
        self.accuracy = Accuracy::Full;
        self.lower.spread *= 0.5;
        self.upper.spread *= 2.0;
    }

    /// The maximum with its certificate: between two points of the scan, or, where the careful look left
    /// them, between the wider ones.
    fn settled(
        &self,
        seen: &Derivatives,
        surface: &mut impl Surface,
        [below, above]: [&ScanPoint; 2],
    ) -> Result<Maximum, String> {
        let (along, across) = seen.joint_step().unwrap_or((0.0, 0.0));
        let (mut bracket, mut slopes) = ([below.spread, above.spread], [below.slope, above.slope]);
        if !(bracket[0] <= self.spread && self.spread <= bracket[1]) {
            bracket = [self.lower.spread, self.upper.spread];
            // At the accuracy of the scan the slope has no sign there.
            for (slope, spread) in slopes.iter_mut().zip(bracket).filter(|(_, spread)| *spread > 0.0) {
                *slope = best_location(surface, spread, self.location)?.slope;
            }
        }
        if !(slopes[0] > 0.0 && slopes[1] <= 0.0) {
            let spread = self.spread;
            return Err(format!(
                "the maximum at a spread of {spread:.6e} lies between no two slopes of its sign"
            ));
        }
        let certificate = Certificate {
            gradient: (along * seen.location + across * seen.spread).max(0.0).sqrt(),
            eigenvalues: seen.eigenvalues(),
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
            value: seen.value,
            derivatives: *seen,
            iterations: 0,
            certificate,
            scan: Vec::new(),
        })
    }
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
