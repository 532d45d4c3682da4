//! Roots of a function of one variable, to the last bit.

use thiserror::Error;

/// A root, and the two points between which the function changes sign.
///
/// ```
/// let root = metaprop::numeric::root::find(|x| x - 0.5, 0.0, 2.0).unwrap();
/// assert_eq!(root.x, 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// The end of the bracket where the function is smaller in absolute value.
    pub x: f64,
    /// Evaluations of the function, the two ends included.
    pub iterations: u32,
    /// The last bracket: both ends equal `x` at an exact zero, else neighbouring floats.
    pub bracket: (f64, f64),
    /// The function at the ends of the bracket.
    pub f_bracket: (f64, f64),
}

/// Why there is no root to give.
///
/// ```
/// use metaprop::numeric::root::{RootError, find};
/// assert!(matches!(find(|_| 1.0, 0.0, 1.0), Err(RootError::SameSign { .. })));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum RootError {
    /// The function has the same sign at both ends.
    #[error("no change of sign: f({lower}) = {f_lower}, f({upper}) = {f_upper}")]
    SameSign {
        /// The lower end.
        lower: f64,
        /// The upper end.
        upper: f64,
        /// The function at the lower end.
        f_lower: f64,
        /// The function at the upper end.
        f_upper: f64,
    },
    /// The function, or an end of the bracket, is not a number.
    #[error("not a number: f({x})")]
    NotANumber {
        /// Where.
        x: f64,
    },
    /// No change of sign up to the limit of the search.
    #[error("no change of sign between {start} and {limit}")]
    NoBracket {
        /// Where the search began.
        start: f64,
        /// Where it ended.
        limit: f64,
    },
}

/// Finds where `f` changes sign between `lower` and `upper`, to neighbouring floats.
///
/// `f` must have opposite signs (or a zero) at the ends; infinite values count by their sign. The
/// result is a point where the computed `f` is 0, or the better of two neighbouring floats between
/// which it changes sign: nothing a tolerance could improve. Of several sign changes, one is found.
///
/// Method: inverse quadratic interpolation where it can be trusted, else bisection: Chandrupatla, T. R.
/// (1997), A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function,
/// *Advances in Engineering Software* 28, 145–149, doi:10.1016/S0965-9978(96)00051-8. Whenever three
/// evaluations have not halved the bracket three times, one bisects the floats themselves, so that the
/// number of evaluations is below 260 for any function, and about 10 for a smooth one.
///
/// # Errors
///
/// [`RootError::SameSign`] without a change of sign, [`RootError::NotANumber`] where `f` is `NaN`.
///
/// ```
/// use metaprop::numeric::root;
/// let root = root::find(|x| x * x - 2.0, 0.0, 2.0).unwrap();
/// assert!((root.x - 2.0_f64.sqrt()).abs() < 3e-16);
/// assert!(root.iterations < 20);
/// ```
pub fn find(f: impl FnMut(f64) -> f64, lower: f64, upper: f64) -> Result<Root, RootError> {
    let mut search = Search::new(f, lower, upper)?;
    let mut progress = Progress::new(&search);
    let mut next = search.midpoint();
    while !search.is_done() {
        let x = if progress.stalls(&search) {
            search.middle_float()
        } else {
            search.inside(next)
        };
        let replaced = search.evaluate(x)?;
        next = search
            .interpolate(replaced)
            .unwrap_or_else(|| search.midpoint());
    }
    Ok(search.root())
}

/// Finds the root of a function with a known derivative: `f` gives `(value, derivative)`.
///
/// As [`find`], but with Newton's step wherever it stays inside the bracket and shrinks, so that a
/// smooth function needs about 5 evaluations. A wrong derivative costs time, not correctness.
///
/// Source: Press et al. (2007), *Numerical Recipes*, section 9.4, for the idea of keeping a bracket;
/// the guard by halving is that of [`find`].
///
/// # Errors
///
/// As [`find`].
///
/// ```
/// use metaprop::numeric::root;
/// let root = root::newton_bracketed(|x| (x * x - 2.0, 2.0 * x), 0.0, 2.0).unwrap();
/// assert!((root.x - 2.0_f64.sqrt()).abs() < 3e-16);
/// ```
pub fn newton_bracketed(
    mut f: impl FnMut(f64) -> (f64, f64),
    lower: f64,
    upper: f64,
) -> Result<Root, RootError> {
    let derivative = std::cell::Cell::new(f64::NAN);
    let value = |x: f64| {
        let (value, slope) = f(x);
        derivative.set(slope);
        value
    };
    let mut search = Search::new(value, lower, upper)?;
    let mut progress = Progress::new(&search);
    // The derivative at hand belongs to the upper end, which was evaluated last.
    let mut next = search.newton(derivative.get());
    while !search.is_done() {
        let x = if progress.stalls(&search) {
            search.middle_float()
        } else {
            search.inside(next)
        };
        search.evaluate(x)?;
        next = search.newton(derivative.get());
    }
    Ok(search.root())
}

/// Looks upwards from `start`, doubling the distance, for a point where `f` has the other sign.
///
/// Returns a bracket `(lower, upper)` for [`find`]: the last two points tried. The first step is
/// `max(|start|, 1)`, the last point `limit` itself.
///
/// # Errors
///
/// [`RootError::NoBracket`] if the sign stays the same up to `limit`, [`RootError::NotANumber`] where `f`
/// is `NaN`.
///
/// ```
/// use metaprop::numeric::root;
/// let (lower, upper) = root::expand_upward(|x| 100.0 - x, 0.0, 1e6).unwrap();
/// assert!(lower <= 100.0 && 100.0 <= upper);
/// ```
pub fn expand_upward(
    mut f: impl FnMut(f64) -> f64,
    start: f64,
    limit: f64,
) -> Result<(f64, f64), RootError> {
    let mut known = |x: f64| {
        let value = f(x);
        if value.is_nan() {
            Err(RootError::NotANumber { x })
        } else {
            Ok(value)
        }
    };
    let f_start = known(start)?;
    if f_start == 0.0 {
        return Ok((start, start));
    }
    let mut lower = start;
    let mut step = start.abs().max(1.0);
    while lower < limit {
        let upper = (start + step).min(limit);
        if known(upper)? * f_start.signum() <= 0.0 {
            return Ok((lower, upper));
        }
        lower = upper;
        step *= 2.0;
    }
    Err(RootError::NoBracket { start, limit })
}

/// A bracket that shrinks by one evaluation at a time.
struct Search<F> {
    f: F,
    lower: (f64, f64),
    upper: (f64, f64),
    last_is_lower: bool,
    /// The fewest floats the next point keeps from the last one. Doubled while the same end moves:
    /// once interpolation has arrived, this carries the point across the root.
    stride: u64,
    iterations: u32,
}

impl<F: FnMut(f64) -> f64> Search<F> {
    fn new(mut f: F, lower: f64, upper: f64) -> Result<Self, RootError> {
        let (lower, upper) = if lower <= upper {
            (lower, upper)
        } else {
            (upper, lower)
        };
        let f_lower = f(lower);
        let f_upper = f(upper);
        for (x, value) in [(lower, f_lower), (upper, f_upper)] {
            if x.is_nan() || value.is_nan() {
                return Err(RootError::NotANumber { x });
            }
        }
        if f_lower != 0.0 && f_upper != 0.0 && (f_lower > 0.0) == (f_upper > 0.0) {
            return Err(RootError::SameSign {
                lower,
                upper,
                f_lower,
                f_upper,
            });
        }
        let (lower, upper) = ((lower, f_lower), (upper, f_upper));
        Ok(Self {
            f,
            lower,
            upper,
            last_is_lower: false,
            stride: 1,
            iterations: 2,
        })
    }

    fn is_done(&self) -> bool {
        let (lower, upper) = (self.lower, self.upper);
        lower.1 == 0.0 || upper.1 == 0.0 || lower.0.next_up() >= upper.0
    }

    /// The end evaluated last, and the other one.
    fn ends(&self) -> ((f64, f64), (f64, f64)) {
        if self.last_is_lower {
            (self.lower, self.upper)
        } else {
            (self.upper, self.lower)
        }
    }

    /// Replaces the end of the same sign; returns the end that was replaced.
    fn evaluate(&mut self, x: f64) -> Result<(f64, f64), RootError> {
        let value = (self.f)(x);
        if value.is_nan() {
            return Err(RootError::NotANumber { x });
        }
        self.iterations += 1;
        let is_lower = (value > 0.0) == (self.lower.1 > 0.0);
        self.stride = if is_lower == self.last_is_lower {
            self.stride.saturating_mul(2)
        } else {
            1
        };
        self.last_is_lower = is_lower;
        let end = if is_lower {
            &mut self.lower
        } else {
            &mut self.upper
        };
        Ok(std::mem::replace(end, (x, value)))
    }

    fn midpoint(&self) -> f64 {
        let middle = self.lower.0 * 0.5 + self.upper.0 * 0.5;
        if middle.is_finite() {
            middle
        } else {
            self.middle_float()
        }
    }

    /// The float half way between the ends in the ordering of all floats: halves the work left even
    /// between 0 and 1e300.
    fn middle_float(&self) -> f64 {
        float_above(self.lower.0, floats_between(self.lower.0, self.upper.0) / 2)
    }

    /// `x`, moved strictly between the ends and a stride away from the last point.
    fn inside(&self, x: f64) -> f64 {
        if x.is_nan() {
            return self.middle_float();
        }
        let all = floats_between(self.lower.0, self.upper.0);
        let stride = self.stride.min(all / 2).max(1);
        let (least, most) = if self.last_is_lower {
            (stride, all - 1)
        } else {
            (1, all - stride)
        };
        x.clamp(
            float_above(self.lower.0, least),
            float_above(self.lower.0, most),
        )
    }

    fn newton(&self, derivative: f64) -> f64 {
        let ((x, value), _) = self.ends();
        x - value / derivative
    }

    /// Inverse quadratic interpolation through the ends and the point just replaced, where
    /// Chandrupatla's criterion says that the three lie on an invertible curve.
    fn interpolate(&self, (xc, fc): (f64, f64)) -> Option<f64> {
        let ((xa, fa), (xb, fb)) = self.ends();
        let xi = (xa - xb) / (xc - xb);
        let phi = (fa - fb) / (fc - fb);
        if !(phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi) {
            return None;
        }
        let fraction = fa / (fb - fa) * (fc / (fb - fc))
            + (xc - xa) / (xb - xa) * (fa / (fc - fa)) * (fb / (fc - fb));
        Some(xa + fraction * (xb - xa))
    }

    fn root(&self) -> Root {
        let (lower, upper) = (self.lower, self.upper);
        if lower.1 == 0.0 || upper.1 == 0.0 {
            let x = if lower.1 == 0.0 { lower.0 } else { upper.0 };
            let iterations = self.iterations;
            return Root {
                x,
                iterations,
                bracket: (x, x),
                f_bracket: (0.0, 0.0),
            };
        }
        Root {
            x: if lower.1.abs() <= upper.1.abs() {
                lower.0
            } else {
                upper.0
            },
            iterations: self.iterations,
            bracket: (lower.0, upper.0),
            f_bracket: (lower.1, upper.1),
        }
    }
}

/// Watches that the number of floats in the bracket falls at least eightfold in three evaluations.
struct Progress {
    floats: u64,
    evaluations: u32,
}

impl Progress {
    fn new<F: FnMut(f64) -> f64>(search: &Search<F>) -> Self {
        Self {
            floats: floats_between(search.lower.0, search.upper.0),
            evaluations: 0,
        }
    }

    fn stalls<F: FnMut(f64) -> f64>(&mut self, search: &Search<F>) -> bool {
        self.evaluations += 1;
        if !self.evaluations.is_multiple_of(4) {
            return false;
        }
        let floats = floats_between(search.lower.0, search.upper.0);
        let stalls = floats > self.floats / 8;
        self.floats = floats;
        stalls
    }
}

/// The position of a number among all floats, `−0` and `0` being one; the smallest has position 0.
fn position(x: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = x.to_bits();
    if bits & SIGN == 0 {
        SIGN + bits
    } else {
        SIGN - (bits & !SIGN)
    }
}

fn floats_between(lower: f64, upper: f64) -> u64 {
    position(upper) - position(lower)
}

/// The float `steps` places above `x`.
fn float_above(x: f64, steps: u64) -> f64 {
    const SIGN: u64 = 1 << 63;
    let target = position(x) + steps;
    if target >= SIGN {
        f64::from_bits(target - SIGN)
    } else {
        -f64::from_bits(SIGN - target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::{exp, ln};

    #[test]
    fn ends_are_neighbours_of_opposite_sign() {
        let root = find(|x| exp(x) - 5.0, -10.0, 100.0).unwrap();
        assert!(root.bracket.0 == root.bracket.1 || root.bracket.0.next_up() == root.bracket.1);
        assert!((root.x - ln(5.0)).abs() < 1e-15);
        assert!(root.iterations < 30, "{}", root.iterations);
    }

    #[test]
    fn hard_functions_end_in_time() {
        let steep = |x: f64| if x < 1e-200 { -1.0 } else { 1.0 };
        let flat = |x: f64| (x - 1.0) * (x - 1.0) * (x - 1.0) * (x - 1.0) * (x - 1.0);
        let noisy = |x: f64| (x - 0.7) + if x.to_bits() & 1 == 0 { 1e-13 } else { -1e-13 };
        assert!(find(steep, -1e300, 1e300).unwrap().iterations < 260);
        assert!(find(flat, -3.0, 1e5).unwrap().iterations < 260);
        assert!(find(noisy, 0.0, 1e5).unwrap().iterations < 60);
    }

    #[test]
    fn zeros_at_the_ends_and_infinite_values() {
        assert_eq!(find(|x| x, 0.0, 1.0).unwrap().x, 0.0);
        assert_eq!(find(|x| x - 1.0, 0.0, 1.0).unwrap().x, 1.0);
        let root = find(|x| ln(x) + 1.0, 0.0, 1.0).unwrap();
        assert!((root.x - exp(-1.0)).abs() < 1e-15);
        assert!(find(|_| f64::NAN, 0.0, 1.0).is_err());
    }

    #[test]
    fn newton_survives_a_wrong_derivative() {
        let right = newton_bracketed(|x| (exp(x) - 5.0, exp(x)), -10.0, 100.0).unwrap();
        let wrong = newton_bracketed(|x| (exp(x) - 5.0, -1.0), -10.0, 100.0).unwrap();
        assert!((right.x - wrong.x).abs() < 1e-15);
        assert!(wrong.iterations < 260, "{}", wrong.iterations);
        assert!(expand_upward(|x| x + 1.0, 0.0, 1e3).is_err());
    }
}
