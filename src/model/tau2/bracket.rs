//! Where to look for a root when the scale is not known beforehand.

use crate::numeric::root::RootError;

/// Doubles `start` > 0 until `f` is no longer below 0, and returns the last two points tried; the
/// first is 0 where `f(start)` is already there.
///
/// τ² may be 1e-9 or 1e3: only a search relative to `start` knows its scale.
///
/// # Errors
///
/// [`RootError::NoBracket`] where `f` stays below 0 up to the largest float,
/// [`RootError::NotANumber`] where `f` or `start` is not a number.
pub(crate) fn double_upward(mut f: impl FnMut(f64) -> f64, start: f64) -> Result<(f64, f64), RootError> {
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

    #[test]
    fn any_scale() {
        for root in [1e-300, 1e-9, 3.0, 1e200] {
            let (lower, upper) = double_upward(|x| x - root, 1e-3 * root).unwrap();
            assert!(lower < root && root <= upper && upper <= 2.5 * root);
        }
        assert_eq!(double_upward(|x| x, 5.0), Ok((0.0, 5.0)));
        assert!(double_upward(|_| -1.0, 1.0).is_err() && double_upward(|_| f64::NAN, 1.0).is_err());
    }
}
