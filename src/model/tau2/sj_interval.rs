//! Sidik and Jonkman's interval of τ².

use super::interval::Tau2Interval;
use super::sidik_jonkman::sidik_jonkman;
use crate::numeric::chi_squared;

/// Sidik & Jonkman 2005, section 4, doi:10.1111/j.1467-9876.2005.00489.x: (k − 1) τ²_SJ over the upper and the
/// lower `tail` quantile of χ²(k − 1).
///
/// It treats (k − 1) τ²_SJ/τ² as χ²(k − 1), which holds where τ² is large against the variances; its
/// lower limit is above 0 unless all estimates are equal.
///
/// ```
/// use metaprop::model::tau2::{sidik_jonkman::sidik_jonkman, sj_interval::sj_interval};
/// let (y, v) = ([-0.4, 0.1, 0.9], [0.1, 0.2, 0.15]);
/// let interval = sj_interval(&y, &v, 0.025);
/// // χ²(2) is exponential: its 2.5 % quantile is −2 ln 0.975.
/// let expected = 2.0 * sidik_jonkman(&y, &v).tau2 / (-2.0 * 0.975_f64.ln());
/// assert!((interval.upper / expected - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sj_interval(y: &[f64], v: &[f64], tail: f64) -> Tau2Interval {
    let df = y.len() as f64 - 1.0;
    let scaled = df * sidik_jonkman(y, v).tau2;
    let (lower, upper) =
        (scaled / chi_squared::upper_quantile(tail, df), scaled / chi_squared::quantile(tail, df));
    Tau2Interval { lower, upper, empty: false }
}
