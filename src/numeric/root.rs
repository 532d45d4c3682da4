//! Roots of a function of one variable, to the last bit.

mod bracket;

use bracket::{Bracket, Progress};
pub use bracket::{Root, RootError};

/// Finds where `f` changes sign between `lower` and `upper`, to neighbouring floats.
///
/// `f` must have opposite signs (or a zero) at the ends; an infinite value counts by its sign. The result is
/// a point where the computed `f` is 0, or the better of two neighbouring floats between which it changes
/// sign, so there is no tolerance. If there are several sign changes, one of them is found.
///
/// Method: inverse quadratic interpolation or bisection by the criterion of Chandrupatla, T. R. (1997), A
/// new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function, *Advances in
/// Engineering Software* 28, 145–149, doi:10.1016/S0965-9978(96)00051-8. If the number of floats in the
/// bracket has not fallen to an eighth within a few evaluations, one evaluation bisects the floats
/// themselves. So fewer than 260 evaluations are needed for any function, and about 10 for a smooth one.
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
    let mut bracket = Bracket::new(f, lower, upper)?;
    let mut progress = Progress::new(&bracket);
    let mut next = bracket.midpoint();
    while !bracket.is_done() {
        let x = if progress.stalls(&bracket) { bracket.middle_float() } else { bracket.inside(next) };
        let replaced = bracket.evaluate(x)?;
        next = bracket.interpolate(replaced).unwrap_or_else(|| bracket.midpoint());
    }
    Ok(bracket.root())
}

/// Finds the root of a function with a known derivative: `f` gives `(value, derivative)`.
///
/// As [`find`], but by Newton steps kept inside the bracket, so that a smooth function needs about 5
/// evaluations. A wrong derivative costs time, not correctness.
///
/// Source: Press et al. (2007), *Numerical Recipes*, section 9.4, for Newton's method with a bracket; the
/// bisection in between is that of [`find`].
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
    let mut bracket = Bracket::new(value, lower, upper)?;
    let mut progress = Progress::new(&bracket);
    // The derivative is that at the upper end, which was evaluated last.
    let mut next = bracket.newton(derivative.get());
    while !bracket.is_done() {
        let x = if progress.stalls(&bracket) { bracket.middle_float() } else { bracket.inside(next) };
        bracket.evaluate(x)?;
        next = bracket.newton(derivative.get());
    }
    Ok(bracket.root())
}

/// Doubles `start` > 0 until `f` is no longer below 0; returns the last two points tried. The first of them
/// is 0 if `f(start)` is not below 0.
///
/// The points are multiples of `start`, so a root of any magnitude is found if `start` is of its scale.
///
/// # Errors
///
/// [`RootError::NoBracket`] where `f` stays below 0 up to the largest float, [`RootError::NotANumber`] where
/// `f` or `start` is not a number.
///
/// ```
/// use metaprop::numeric::root;
/// assert_eq!(root::double_upward(|x| x - 100.0, 1.0), Ok((64.0, 128.0)));
/// ```
pub fn double_upward(mut f: impl FnMut(f64) -> f64, start: f64) -> Result<(f64, f64), RootError> {
    let (mut lower, mut upper) = (0.0, start);
    while upper.is_finite() {
        let value = f(upper);
        if value.is_nan() {
            return Err(RootError::NotANumber { x: upper });
        }
        if value >= 0.0 {
            return Ok((lower, upper));
        }
        (lower, upper) = (upper, 2.0 * upper);
    }
    Err(if start.is_nan() {
        RootError::NotANumber { x: start }
    } else {
        RootError::NoBracket { start, limit: f64::MAX }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::{exp, ln};

    #[test]
    fn the_bracket_ends_in_neighbouring_floats() {
        let root = find(|x| exp(x) - 5.0, -10.0, 100.0).unwrap();
        assert!(root.bracket.0 == root.bracket.1 || root.bracket.0.next_up() == root.bracket.1);
        assert!((root.x - ln(5.0)).abs() < 1e-15);
        assert!(root.iterations < 30, "{}", root.iterations);
    }

    #[test]
    fn steps_flat_and_noisy_functions_end_within_the_limit() {
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
    }

    #[test]
    fn doubling_finds_a_bracket_on_any_scale() {
        for root in [1e-300, 1e-9, 3.0, 1e200] {
            let (lower, upper) = double_upward(|x| x - root, 1e-3 * root).unwrap();
            assert!(lower < root && root <= upper && upper <= 2.5 * root);
        }
        assert_eq!(double_upward(|x| x, 5.0), Ok((0.0, 5.0)));
        assert!(double_upward(|_| -1.0, 1.0).is_err() && double_upward(|_| f64::NAN, 1.0).is_err());
    }
}
