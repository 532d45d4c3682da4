//! The bracket of a root search: two points between which the function changes sign.

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

/// Why no root was found.
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
        /// The argument.
        x: f64,
    },
    /// No change of sign up to the limit of the search.
    #[error("no change of sign between {start} and {limit}")]
    NoBracket {
        /// Where the search started.
        start: f64,
        /// Where it ended.
        limit: f64,
    },
}

/// A bracket that shrinks by one evaluation at a time.
pub(super) struct Bracket<F> {
    f: F,
    lower: (f64, f64),
    upper: (f64, f64),
    last_is_lower: bool,
    /// The least distance of the next point from the last one, in floats. It doubles while the same end is
    /// replaced, so that a point next to the root is soon followed by one on the other side of it.
    stride: u64,
    iterations: u32,
}

impl<F: FnMut(f64) -> f64> Bracket<F> {
    pub fn new(mut f: F, lower: f64, upper: f64) -> Result<Self, RootError> {
        let (lower, upper) = if lower <= upper { (lower, upper) } else { (upper, lower) };
        let f_lower = f(lower);
        let f_upper = f(upper);
        for (x, value) in [(lower, f_lower), (upper, f_upper)] {
            if x.is_nan() || value.is_nan() {
                return Err(RootError::NotANumber { x });
            }
        }
        if f_lower != 0.0 && f_upper != 0.0 && (f_lower > 0.0) == (f_upper > 0.0) {
            return Err(RootError::SameSign { lower, upper, f_lower, f_upper });
        }
        let (lower, upper) = ((lower, f_lower), (upper, f_upper));
        Ok(Self { f, lower, upper, last_is_lower: false, stride: 1, iterations: 2 })
    }

    pub fn is_done(&self) -> bool {
        let (lower, upper) = (self.lower, self.upper);
        lower.1 == 0.0 || upper.1 == 0.0 || lower.0.next_up() >= upper.0
    }

    /// The end that was evaluated last, and the other one.
    fn ends(&self) -> ((f64, f64), (f64, f64)) {
        if self.last_is_lower { (self.lower, self.upper) } else { (self.upper, self.lower) }
    }

    /// Evaluates the function and replaces the end with the same sign; returns the replaced end.
    pub fn evaluate(&mut self, x: f64) -> Result<(f64, f64), RootError> {
        let value = (self.f)(x);
        if value.is_nan() {
            return Err(RootError::NotANumber { x });
        }
        self.iterations += 1;
        let is_lower = (value > 0.0) == (self.lower.1 > 0.0);
        self.stride = if is_lower == self.last_is_lower { self.stride.saturating_mul(2) } else { 1 };
        self.last_is_lower = is_lower;
        let end = if is_lower { &mut self.lower } else { &mut self.upper };
        Ok(std::mem::replace(end, (x, value)))
    }

    pub fn midpoint(&self) -> f64 {
        let middle = self.lower.0 * 0.5 + self.upper.0 * 0.5;
        if middle.is_finite() { middle } else { self.middle_float() }
    }

    /// The float half way between the ends in the order of all floats, which halves the number of floats
    /// left even between 0 and 1e300.
    pub fn middle_float(&self) -> f64 {
        float_above(self.lower.0, floats_between(self.lower.0, self.upper.0) / 2)
    }

    /// `x` moved strictly between the ends, at least a stride away from the last point.
    pub fn inside(&self, x: f64) -> f64 {
        if x.is_nan() {
            return self.middle_float();
        }
        let all = floats_between(self.lower.0, self.upper.0);
        let stride = self.stride.min(all / 2).max(1);
        let (least, most) = if self.last_is_lower { (stride, all - 1) } else { (1, all - stride) };
        x.clamp(float_above(self.lower.0, least), float_above(self.lower.0, most))
    }

    pub fn newton(&self, derivative: f64) -> f64 {
        let ((x, value), _) = self.ends();
        x - value / derivative
    }

    /// Inverse quadratic interpolation through the ends and the end that was just replaced, if Chandrupatla's
    /// criterion accepts it.
    pub fn interpolate(&self, (xc, fc): (f64, f64)) -> Option<f64> {
        let ((xa, fa), (xb, fb)) = self.ends();
        let xi = (xa - xb) / (xc - xb);
        let phi = (fa - fb) / (fc - fb);
        if !(phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi) {
            return None;
        }
        let fraction =
            fa / (fb - fa) * (fc / (fb - fc)) + (xc - xa) / (xb - xa) * (fa / (fc - fa)) * (fb / (fc - fb));
        Some(xa + fraction * (xb - xa))
    }

    pub fn root(&self) -> Root {
        let (lower, upper) = (self.lower, self.upper);
        if lower.1 == 0.0 || upper.1 == 0.0 {
            let x = if lower.1 == 0.0 { lower.0 } else { upper.0 };
            let iterations = self.iterations;
            return Root { x, iterations, bracket: (x, x), f_bracket: (0.0, 0.0) };
        }
        Root {
            x: if lower.1.abs() <= upper.1.abs() { lower.0 } else { upper.0 },
            iterations: self.iterations,
            bracket: (lower.0, upper.0),
            f_bracket: (lower.1, upper.1),
        }
    }
}

/// Checks every fourth evaluation whether the number of floats in the bracket has fallen to an eighth.
pub(super) struct Progress {
    floats: u64,
    evaluations: u32,
}

impl Progress {
    pub fn new<F: FnMut(f64) -> f64>(bracket: &Bracket<F>) -> Self {
        Self { floats: floats_between(bracket.lower.0, bracket.upper.0), evaluations: 0 }
    }

    pub fn stalls<F: FnMut(f64) -> f64>(&mut self, bracket: &Bracket<F>) -> bool {
        self.evaluations += 1;
        if !self.evaluations.is_multiple_of(4) {
            return false;
        }
        let floats = floats_between(bracket.lower.0, bracket.upper.0);
        let stalls = floats > self.floats / 8;
        self.floats = floats;
        stalls
    }
}

/// The position of a number in the order of all floats; `−0` and `0` share one.
fn position(x: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = x.to_bits();
    if bits & SIGN == 0 { SIGN + bits } else { SIGN - (bits & !SIGN) }
}

fn floats_between(lower: f64, upper: f64) -> u64 {
    position(upper) - position(lower)
}

/// The float `steps` places above `x`.
fn float_above(x: f64, steps: u64) -> f64 {
    const SIGN: u64 = 1 << 63;
    let target = position(x) + steps;
    if target >= SIGN { f64::from_bits(target - SIGN) } else { -f64::from_bits(SIGN - target) }
}
