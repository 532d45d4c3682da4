//! The Freeman-Tukey double arcsine transform on the half-angle scale, and its inverse.

use crate::numeric::elementary::{atan2, cos, exp, ln, sin};
use crate::numeric::sum::sum;
use crate::options::BackTransform;

/// The double arcsine of `x` events of `n` people: ½(asin √(x/(n+1)) + asin √((x+1)/(n+1))).
///
/// Freeman & Tukey 1950, doi:10.1214/aoms/1177729756, halved. `x` may be fractional.
///
/// ```
/// let half = metaprop::effect::freeman_tukey::forward(5.0, 10.0);
/// assert!((half - std::f64::consts::FRAC_PI_4).abs() < 1e-15);
/// ```
#[must_use]
pub fn forward(x: f64, n: f64) -> f64 {
    0.5 * (angle(x, n - x + 1.0) + angle(x + 1.0, n - x))
}

/// asin √(x/(x + m)), computed as the angle of the point (√m, √x), which is accurate to rounding near 0 and
/// near 1.
///
/// ```
/// let nearly_all = metaprop::effect::freeman_tukey::angle(1e9, 1.0);
/// let rest = std::f64::consts::FRAC_PI_2 - nearly_all;
/// assert!((rest - 3.162277659114287e-5).abs() < 3e-16);
/// ```
#[must_use]
pub fn angle(x: f64, m: f64) -> f64 {
    atan2(x.max(0.0).sqrt(), m.max(0.0).sqrt())
}

/// The proportion whose double arcsine with `n` people is `y`; 0 or 1 where `y` is beyond the values for 0
/// and n events.
///
/// Miller 1978, doi:10.1080/00031305.1978.10479283:
/// p = ½(1 − sgn(cos 2y) √(1 − (sin 2y + (sin 2y − 1/sin 2y)/n)²)).
///
/// ```
/// use metaprop::effect::freeman_tukey::{forward, inverse};
/// assert!((inverse(forward(3.0, 20.0), 20.0) - 0.15).abs() < 1e-16);
/// assert!((inverse(forward(4_991.0, 10_000.0), 10_000.0) - 0.4991).abs() < 1e-15);
/// assert_eq!(inverse(-0.1, 20.0), 0.0);
/// ```
#[must_use]
pub fn inverse(y: f64, n: f64) -> f64 {
    if y <= forward(0.0, n) {
        return 0.0;
    }
    if y >= forward(n, n) {
        return 1.0;
    }
    let (sine, cosine) = (sin(2.0 * y), cos(2.0 * y));
    // With i = sin 2y + (sin 2y − 1/sin 2y)/n, √(1 − i²) equals |cos 2y| √(1 + 2/n − (cos 2y/(n sin 2y))²),
    // which does not cancel for p near ½. Below ½, 1 − √(1 − i²) equals i²/(1 + √(1 − i²)), which does not
    // cancel near 0.
    let ratio = cosine / (n * sine);
    let root = cosine.abs() * (1.0 + 2.0 / n - ratio * ratio).max(0.0).sqrt();
    let inner = sine - cosine * ratio;
    if cosine >= 0.0 { 0.5 * inner * inner / (1.0 + root) } else { 0.5 * (1.0 + root) }
}

/// The n for the inverse of a pooled value; `None` for the plain arcsine inverse sin² y.
///
/// `totals` are the numbers of people in the studies, `se` is the pooled standard error on the half-angle
/// scale.
#[must_use]
pub fn inverse_n(choice: BackTransform, totals: impl ExactSizeIterator<Item = f64>, se: f64) -> Option<f64> {
    let k = totals.len() as f64;
    match choice {
        BackTransform::Harmonic => Some(k / sum(totals.map(f64::recip))),
        BackTransform::Arithmetic => Some(sum(totals) / k),
        BackTransform::Geometric => Some(exp(sum(totals.map(ln)) / k)),
        BackTransform::InverseVariance => Some(1.0 / (4.0 * se * se)),
        BackTransform::None => None,
    }
}
