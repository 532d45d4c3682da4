//! Roots of a function of one variable, to the last bit.

mod search;

use thiserror::Error;

use search::{Progress, Search};

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
        let x = if progress.stalls(&search) { search.middle_float() } else { search.inside(next) };
        let replaced = search.evaluate(x)?;
        next = search.interpolate(replaced).unwrap_or_else(|| search.midpoint());
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
        let x = if progress.stalls(&search) { search.middle_float() } else { search.inside(next) };
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
pub fn expand_upward(mut f: impl FnMut(f64) -> f64, start: f64, limit: f64) -> Result<(f64, f64), RootError> {
    let mut known = |x: f64| {
        let value = f(x);
        if value.is_nan() { Err(RootError::NotANumber { x }) } else { Ok(value) }
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
