//! Quantiles of the beta distribution.

use super::complete::ln_shape_times_beta;
use super::incomplete::IncompleteBeta;
use crate::numeric::double_double::DoubleDouble;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::normal;
use crate::numeric::quantile;

/// The `x` with `I_x(a, b) = p`; 0 and 1 at 0 and 1, `NaN` outside `[0, 1]` or for `a, b ≤ 0`.
///
/// Relative error below 1e-14 / min(1, a), of `1 − x` below 1e-14 / min(1, b). The limits of a
/// Clopper–Pearson interval are `quantile(α/2, x, n − x + 1)` and `upper_quantile(α/2, x + 1, n − x)`.
///
/// Source: Halley's iteration on the logarithm of the smaller tail, in `ln(x/(1−x))`.
///
/// ```
/// use metaprop::numeric::beta::quantile;
/// assert!((quantile(0.4375, 1.0, 2.0) - 0.25).abs() < 1e-15);
/// // No event in 10: the upper limit of Clopper and Pearson is 1 − 0.025^(1/10).
/// assert!((quantile(0.975, 1.0, 10.0) - 0.3084971078187608).abs() < 1e-15);
/// ```
#[must_use]
pub fn quantile(p: f64, a: f64, b: f64) -> f64 {
    quantile_and_complement(p, a, b)[0]
}

/// The same `x` and `1 − x`, which is accurate where `x` is 1 to all digits.
pub(crate) fn quantile_and_complement(p: f64, a: f64, b: f64) -> [f64; 2] {
    let (probability, upper) = if p > 0.5 { (1.0 - p, true) } else { (p, false) };
    IncompleteBeta::new(a, b).quantile(probability, upper, None).into()
}

/// The `x` with `1 − I_x(a, b) = q`, accurate for the smallest `q`; else as [`quantile`](fn@quantile).
///
/// ```
/// use metaprop::numeric::beta::upper_quantile;
/// assert!((upper_quantile(0.5625, 1.0, 2.0) - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn upper_quantile(q: f64, a: f64, b: f64) -> f64 {
    upper_quantile_and_complement(q, a, b)[0]
}

/// The same `x` and `1 − x`, which is accurate where `x` is 1 to all digits.
pub(crate) fn upper_quantile_and_complement(q: f64, a: f64, b: f64) -> [f64; 2] {
    let (probability, upper) = if q > 0.5 { (1.0 - q, false) } else { (q, true) };
    IncompleteBeta::new(a, b).quantile(probability, upper, None).into()
}

impl IncompleteBeta {
    /// The pair `(x, 1 − x)` at which the lower or upper tail has this probability, at most ½.
    pub fn quantile(&self, probability: f64, upper: bool, start: Option<(f64, f64)>) -> (f64, f64) {
        if !(0.0..=0.5).contains(&probability) || self.a.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        if probability == 0.0 {
            return if upper { (1.0, 0.0) } else { (0.0, 1.0) };
        }
        let (x, y) = start.unwrap_or_else(|| self.start(probability, upper));
        if x <= 0.0 || y <= 0.0 {
            return (x, y);
        }
        let at = |(x, y): (f64, f64)| {
            let (x, y) = exact_pair(x, y);
            self.trial(x, y)
        };
        quantile::solve(probability, upper, (x, y), at, advance)
    }

    fn start(&self, probability: f64, upper: bool) -> (f64, f64) {
        let Self { a, b, .. } = *self;
        if a >= 1.0 && b >= 1.0 {
            let z = normal::quantile(probability);
            return carter(a, b, if upper { -z } else { z });
        }
        // With a shape below 1 the mass gathers at an end: the first term of the series there, whichever
        // end it is.
        let other = 1.0 - probability;
        let (lower, higher) = if upper { (other, probability) } else { (probability, other) };
        let x = exp((ln(lower) + ln_shape_times_beta(a, b)) / a);
        let y = exp((ln(higher) + ln_shape_times_beta(b, a)) / b);
        if x < y {
            from_small(x)
        } else {
            let (y, x) = from_small(y);
            (x, y)
        }
    }
}

/// The pair `(x, 1 − x)`; where the first term of the series exceeds ½ it is no approximation, and ½ serves
/// as well.
fn from_small(x: f64) -> (f64, f64) {
    let x = if x < 0.5 { x } else { 0.5 };
    (x, 1.0 - x)
}

/// Carter's (1947) approximation, Abramowitz & Stegun 26.5.22, with `z` the normal quantile.
fn carter(a: f64, b: f64, z: f64) -> (f64, f64) {
    let (s, t) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let h = 2.0 / (s + t);
    let r = (z * z - 3.0) / 6.0;
    // h + r is negative only where both shapes are close to 1 and z to 0.
    let w = -z * (h + r).max(0.0).sqrt() / h - (t - s) * (r + 5.0 / 6.0 - 2.0 / (3.0 * h));
    let w = w.clamp(-300.0, 300.0);
    let odds = a / b * exp(-2.0 * w);
    (odds / (1.0 + odds), 1.0 / (1.0 + odds))
}

/// Takes the smaller of the two as exact and the other as its exact complement.
fn exact_pair(x: f64, y: f64) -> (DoubleDouble, DoubleDouble) {
    if x <= y {
        (DoubleDouble::new(x), DoubleDouble::sum(1.0, -x))
    } else {
        (DoubleDouble::sum(1.0, -y), DoubleDouble::new(y))
    }
}

/// Moves the point by a step in `ln(x/y)`.
fn advance((x, y): (f64, f64), step: f64) -> (f64, f64) {
    let factor = exp(step);
    let total = y + x * factor;
    (x * factor / total, y / total)
}
