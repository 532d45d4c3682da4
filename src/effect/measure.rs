//! The estimate and the variance of each study, by measure.

use super::freeman_tukey::{self, angle};
use crate::data::Counts;
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::normal;
use crate::options::{Conventions, LogDenominator, Measure, RawCorrection};

/// The estimate and variance of one study, with `a` added to its events and to its non-events.
///
/// The formulas are those of [`Measure`]; with a correction, x + a and n − x + a take the place of
/// x and n − x, apart from what [`Conventions`] says. Arcsine and Freeman-Tukey are never corrected.
///
/// ```
/// use metaprop::effect::measure::estimate_and_variance;
/// use metaprop::{Counts, Spec};
/// use metaprop::options::Measure;
///
/// let counts = Counts::new(4, 8).unwrap();
/// let (y, v) = estimate_and_variance(counts, 0.0, Measure::Logit, Spec::default().conventions());
/// assert_eq!((y, v), (0.0, 0.5));
/// ```
#[must_use]
pub fn estimate_and_variance(
    counts: Counts,
    a: f64,
    measure: Measure,
    conventions: Conventions,
) -> (f64, f64) {
    let (x0, n0) = counts.as_reals();
    let (x, m, n) = (x0 + a, n0 - x0 + a, n0 + 2.0 * a);
    match measure {
        Measure::Raw => {
            let y = match conventions.raw_correction {
                RawCorrection::EstimateAndVariance => x / n,
                RawCorrection::VarianceOnly => x0 / n0,
            };
            (y, x * m / (n * n * n))
        }
        Measure::Log => log_proportion(counts, a, conventions.log_denominator),
        Measure::Logit => (log_ratio(x, m, 2.0 * x0 - n0), 1.0 / x + 1.0 / m),
        Measure::Arcsine => (angle(x0, n0 - x0), 1.0 / (4.0 * n0)),
        Measure::FreemanTukey => (freeman_tukey::forward(x0, n0), 1.0 / (4.0 * n0 + 2.0)),
        Measure::Probit => {
            let y = normal::quantile_of(x, m);
            let density = normal::density_at_tail(x.min(m) / n, y);
            (y, (x / n) * (m / n) / (n * density * density))
        }
        Measure::Cloglog => {
            let hazard = if x <= m { -ln_1p(-x / n) } else { -ln(m / n) };
            (ln(hazard), x / (n * m * hazard * hazard))
        }
        // Estimates are given and not made from counts.
        Measure::Generic => (f64::NAN, f64::NAN),
    }
}

/// ln(a/b), near 0 by the difference a − b, which the caller has without the rounding of a and b: all of
/// ten million with 0.01 added has ln(1 − 0.01/(n + 0.02)), of which a − b as floats keeps 7 digits.
fn log_ratio(a: f64, b: f64, difference: f64) -> f64 {
    if 0.5 * b < a && a < 2.0 * b { ln_1p(difference / b) } else { ln(a / b) }
}

/// The log proportion, by either denominator.
fn log_proportion(counts: Counts, a: f64, denominator: LogDenominator) -> (f64, f64) {
    let (x0, n0) = counts.as_reals();
    let x = x0 + a;
    match denominator {
        // 1/x − 1/n as (n − x)/(x n): no difference of near-equal terms.
        LogDenominator::Both => {
            let (m, n) = (n0 - x0 + a, n0 + 2.0 * a);
            (log_ratio(x, n, -m), m / (x * n))
        }
        LogDenominator::One if counts.events() == counts.total() => (0.0, a / (n0 * (n0 + a))),
        LogDenominator::One => (log_ratio(x, n0 + a, x0 - n0), (n0 - x0) / (x * (n0 + a))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Spec;

    /// Adding 0.01 to ten million rounds: the difference of the sums has 7 digits, the amount has 16.
    #[test]
    fn close_counts_keep_their_digits() {
        let conventions = Spec::default().conventions;
        let value = |events, total, a, measure| {
            estimate_and_variance(Counts::new(events, total).unwrap(), a, measure, conventions).0
        };
        for (got, want) in [
            (value(10_000_000, 10_000_000, 0.01, Measure::Log), -9.999999985e-10),
            (value(500_000_001, 1_000_000_001, 0.1, Measure::Logit), 1.9999999976e-09),
        ] {
            assert!((got / want - 1.0).abs() < 4e-16, "{got:e} {want:e}");
        }
    }
}
