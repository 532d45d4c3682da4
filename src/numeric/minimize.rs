//! The minimum of a function of one variable.

/// A minimum found by [`minimum`].
///
/// ```
/// let found = metaprop::numeric::minimize::minimum(|x| (x - 1.0) * (x - 1.0), 0.0, 3.0);
/// assert!((found.x - 1.0).abs() < 1e-7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// The point.
    pub x: f64,
    /// The function at that point: the smallest value found.
    pub f: f64,
    /// Evaluations of the function.
    pub iterations: u32,
    /// Whether the tolerance was met; otherwise the best point within the allowed evaluations.
    pub converged: bool,
}

/// The relative tolerance `√ε`. A smaller one could not be met: within it a smooth function changes by no
/// more than its rounding error.
const TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Added to the relative tolerance, for a minimum at 0.
const SMALLEST_TOLERANCE: f64 = 1e-12;

/// Golden section alone needs 40 evaluations for a factor √ε, and some 1500 across the range of the floats.
const MAX_EVALUATIONS: u32 = 2000;

/// A local minimum of `f` between `a` and `b`, to about 1.5e-8 relative in `x`.
///
/// `f` should have one minimum in the interval; if there are several, one of them is found. The ends of the
/// interval are not evaluated; a minimum at an end is approached to within the tolerance. `NaN` counts as
/// `+∞`, so `f` may be undefined in part of the interval. For more digits in `x`, find the root of the
/// derivative with [`root::find`](super::root::find). An interval that is not finite gives `NaN`.
///
/// Source: Brent, R. P. (1973). *Algorithms for Minimization without Derivatives*, chapter 5: golden
/// section steps and parabolic interpolation.
///
/// ```
/// let found = metaprop::numeric::minimize::minimum(|x: f64| x.cos(), 2.0, 5.0);
/// assert!((found.x - std::f64::consts::PI).abs() < 1e-7);
/// assert!(found.converged);
/// ```
#[must_use]
pub fn minimum(mut f: impl FnMut(f64) -> f64, a: f64, b: f64) -> Minimum {
    if !(a.is_finite() && b.is_finite()) {
        return Minimum { x: f64::NAN, f: f64::NAN, iterations: 0, converged: false };
    }
    let mut state = State::new(a.min(b), a.max(b));
    state.evaluate_start(&mut f);
    let mut iterations = 1;
    while iterations < MAX_EVALUATIONS {
        let tolerance = TOLERANCE * state.best.0.abs() + SMALLEST_TOLERANCE;
        if state.is_within(tolerance) {
            return state.result(iterations, true);
        }
        let x = state.next(tolerance);
        let value = not_nan(f(x));
        state.accept((x, value));
        iterations += 1;
    }
    state.result(iterations, false)
}

fn not_nan(value: f64) -> f64 {
    if value.is_nan() { f64::INFINITY } else { value }
}

/// The interval and the three best points, each `(x, f(x))`.
struct State {
    lower: f64,
    upper: f64,
    best: (f64, f64),
    second: (f64, f64),
    third: (f64, f64),
    step: f64,
    step_before: f64,
}

/// `(3 − √5)/2`, the smaller part of the golden section.
const GOLDEN: f64 = 0.381_966_011_250_105_151_8;

impl State {
    fn new(lower: f64, upper: f64) -> Self {
        let start = (lower + GOLDEN * (upper - lower), f64::INFINITY);
        let (best, second, third) = (start, start, start);
        Self { lower, upper, best, second, third, step: 0.0, step_before: 0.0 }
    }

    fn evaluate_start(&mut self, f: &mut impl FnMut(f64) -> f64) {
        self.best.1 = not_nan(f(self.best.0));
        (self.second, self.third) = (self.best, self.best);
    }

    fn middle(&self) -> f64 {
        0.5 * self.lower + 0.5 * self.upper
    }

    fn is_within(&self, tolerance: f64) -> bool {
        let half_width = 0.5 * (self.upper - self.lower);
        (self.best.0 - self.middle()).abs() <= 2.0 * tolerance - half_width
    }

    /// The next point: the vertex of the parabola if Brent's conditions accept it, else a golden section.
    fn next(&mut self, tolerance: f64) -> f64 {
        let x = self.best.0;
        let to_golden = if x < self.middle() { self.upper - x } else { self.lower - x };
        let before = std::mem::replace(&mut self.step_before, self.step);
        match self.parabolic_step() {
            Some(step) if before.abs() > tolerance && step.abs() < 0.5 * before.abs() => {
                self.step = step;
                let near_end =
                    x + step - self.lower < 2.0 * tolerance || self.upper - (x + step) < 2.0 * tolerance;
                if near_end {
                    self.step = if x < self.middle() { tolerance } else { -tolerance };
                }
            }
            _ => {
                self.step_before = to_golden;
                self.step = GOLDEN * to_golden;
            }
        }
        if self.step.abs() >= tolerance { x + self.step } else { x + tolerance.copysign(self.step) }
    }

    /// The step to the vertex of the parabola through the three best points, if that lies inside.
    fn parabolic_step(&self) -> Option<f64> {
        let (x, fx) = self.best;
        let r = (x - self.second.0) * (fx - self.third.1);
        let q = (x - self.third.0) * (fx - self.second.1);
        let numerator = (x - self.third.0) * q - (x - self.second.0) * r;
        let denominator = 2.0 * (q - r);
        let step = -numerator / denominator;
        (self.lower < x + step && x + step < self.upper).then_some(step)
    }

    fn accept(&mut self, point: (f64, f64)) {
        let (x, value) = point;
        if value <= self.best.1 {
            if x < self.best.0 {
                self.upper = self.best.0
            } else {
                self.lower = self.best.0
            }
            self.third = self.second;
            self.second = self.best;
            self.best = point;
            return;
        }
        if x < self.best.0 {
            self.lower = x
        } else {
            self.upper = x
        }
        let only_best = self.second.0 == self.best.0;
        if value <= self.second.1 || only_best {
            self.third = self.second;
            self.second = point;
        } else if value <= self.third.1 || self.third.0 == self.best.0 || self.third.0 == self.second.0 {
            self.third = point;
        }
    }

    fn result(&self, iterations: u32, converged: bool) -> Minimum {
        Minimum { x: self.best.0, f: self.best.1, iterations, converged }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::ln;

    #[test]
    fn smooth_functions_take_few_evaluations() {
        let found = minimum(|x| x - ln(x), 1e-3, 100.0);
        assert!((found.x - 1.0).abs() < 3e-8, "{found:?}");
        assert!(found.iterations < 40, "{found:?}");
    }

    #[test]
    fn a_kink_a_minimum_at_an_end_and_nan() {
        let kink = minimum(|x| (x - 0.3).abs(), -1.0, 2.0);
        assert!((kink.x - 0.3).abs() < 1e-7 && kink.iterations < 100, "{kink:?}");
        let end = minimum(|x| x, 2.0, 5.0);
        assert!((end.x - 2.0).abs() < 1e-6 && end.converged, "{end:?}");
        let partly_nan = minimum(|x| if x < 1.0 { f64::NAN } else { x }, 0.0, 3.0);
        assert!((partly_nan.x - 1.0).abs() < 1e-6, "{partly_nan:?}");
        assert!(minimum(|x| x, 0.0, f64::INFINITY).x.is_nan());
    }
}
