//! Bias, coverage and width of a specification over many tables.

use serde::Serialize;

use super::pooled::Pooled;
use crate::numeric::sum::Sum;

/// How a specification does over the repetitions, each figure with its Monte Carlo standard error.
///
/// The figures and their standard errors are those of Morris, White & Crowther 2019, doi:10.1002/sim.8086, table 6. The
/// repetitions without an estimate are in none of them, those without an interval not in coverage and width.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct Performance {
    /// How many tables were pooled.
    pub repetitions: u64,
    /// How many of them gave no estimate: no study could be pooled, or the model could not be fitted.
    pub failed: u64,
    /// How many gave an estimate and no interval, such as that of Hartung and Knapp of one study.
    pub without_interval: u64,
    /// The mean of the estimates.
    pub mean: Option<f64>,
    /// Their mean less the true value.
    pub bias: Option<f64>,
    /// The standard error of the bias.
    pub bias_se: Option<f64>,
    /// The standard deviation of the estimates, with n − 1.
    pub empirical_se: Option<f64>,
    /// Its standard error.
    pub empirical_se_se: Option<f64>,
    /// The root of the mean squared distance to the true value.
    pub rmse: Option<f64>,
    /// Its standard error, from that of the mean square by the delta method.
    pub rmse_se: Option<f64>,
    /// The share of the intervals that have the true value.
    pub coverage: Option<f64>,
    /// Its standard error.
    pub coverage_se: Option<f64>,
    /// The share of the intervals that lie below the true value.
    pub below: Option<f64>,
    /// The share of those that lie above it.
    pub above: Option<f64>,
    /// The mean width of the intervals.
    pub width: Option<f64>,
    /// Its standard error.
    pub width_se: Option<f64>,
}

/// What is added up over the repetitions, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    truth: f64,
    repetitions: u64,
    estimates: u64,
    /// Σ d, Σ d², Σ d⁴ of the distances d of the estimates to the truth.
    powers: [Sum; 3],
    intervals: u64,
    below: u64,
    above: u64,
    /// Σ w, Σ w² of the widths.
    widths: [Sum; 2],
}

impl Totals {
    /// Nothing yet, of estimates of this value.
    pub fn new(truth: f64) -> Self {
        Self {
            truth,
            repetitions: 0,
            estimates: 0,
            powers: [Sum::new(); 3],
            intervals: 0,
            below: 0,
            above: 0,
            widths: [Sum::new(); 2],
        }
    }

    /// One more repetition.
    pub fn add(&mut self, pooled: &Pooled) {
        self.repetitions += 1;
        if pooled.estimate.is_nan() {
            return;
        }
        self.estimates += 1;
        let distance = pooled.estimate - self.truth;
        let square = distance * distance;
        self.powers.iter_mut().zip([distance, square, square * square]).for_each(|(sum, term)| sum.add(term));
        if pooled.lower.is_nan() || pooled.upper.is_nan() {
            return;
        }
        self.intervals += 1;
        self.below += u64::from(pooled.upper < self.truth);
        self.above += u64::from(pooled.lower > self.truth);
        let width = pooled.upper - pooled.lower;
        self.widths[0].add(width);
        self.widths[1].add(width * width);
    }

    /// The figures.
    pub fn performance(&self) -> Performance {
        let mut figures = Performance {
            repetitions: self.repetitions,
            failed: self.repetitions - self.estimates,
            without_interval: self.estimates - self.intervals,
            ..Performance::default()
        };
        if self.estimates > 0 {
            let n = self.estimates as f64;
            let [bias, square, fourth] = self.powers.map(|sum| sum.value() / n);
            figures.mean = Some(self.truth + bias);
            figures.bias = Some(bias);
            figures.rmse = Some(square.sqrt());
            if let Some(sd) = deviation(bias, square, n) {
                figures.empirical_se = Some(sd);
                figures.empirical_se_se = Some(sd / (2.0 * (n - 1.0)).sqrt());
                figures.bias_se = Some(sd / n.sqrt());
                let of_square = deviation(square, fourth, n).unwrap_or(0.0) / n.sqrt();
                figures.rmse_se = Some(if square > 0.0 { of_square / (2.0 * square.sqrt()) } else { 0.0 });
            }
        }
        if self.intervals > 0 {
            let n = self.intervals as f64;
            let [below, above] = [self.below, self.above].map(|count| count as f64 / n);
            let coverage = (self.intervals - self.below - self.above) as f64 / n;
            figures.coverage = Some(coverage);
            figures.coverage_se = Some((coverage * (1.0 - coverage) / n).sqrt());
            (figures.below, figures.above) = (Some(below), Some(above));
            let [width, square] = self.widths.map(|sum| sum.value() / n);
            figures.width = Some(width);
            figures.width_se = deviation(width, square, n).map(|sd| sd / n.sqrt());
        }
        figures
    }
}

/// The standard deviation with n − 1, from the mean and the mean square.
fn deviation(mean: f64, square: f64, n: f64) -> Option<f64> {
    (n > 1.0).then(|| ((square - mean * mean).max(0.0) * n / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(truth: f64, pooled: &[[f64; 3]]) -> Performance {
        let mut totals = Totals::new(truth);
        pooled.iter().for_each(|&[estimate, lower, upper]| totals.add(&Pooled { estimate, lower, upper }));
        totals.performance()
    }

    #[test]
    fn the_figures_of_three_estimates_by_hand() {
        let found = totals(
            0.5,
            &[[0.4, 0.2, 0.45], [0.5, 0.3, 0.7], [0.9, 0.5, 1.0], [f64::NAN; 3], [0.6, f64::NAN, f64::NAN]],
        );
        assert_eq!((found.repetitions, found.failed, found.without_interval), (5, 1, 1));
        let near = |value: Option<f64>, expected: f64| {
            assert!((value.unwrap() - expected).abs() < 1e-14, "{value:?}")
        };
        near(found.mean, 0.6);
        near(found.bias, 0.1);
        near(found.empirical_se, (0.14_f64 / 3.0).sqrt());
        near(found.bias_se, (0.14_f64 / 3.0).sqrt() / 2.0);
        near(found.empirical_se_se, (0.14_f64 / 3.0).sqrt() / 6.0_f64.sqrt());
        near(found.rmse, 0.045_f64.sqrt());
        // The squares are 0.01, 0, 0.16, 0.01, their mean 0.045, their sum of squares about it 0.0177.
        near(found.rmse_se, (0.0177_f64 / 12.0).sqrt() / (2.0 * 0.045_f64.sqrt()));
        near(found.coverage, 2.0 / 3.0);
        near(found.coverage_se, (2.0_f64 / 27.0).sqrt());
        near(found.below, 1.0 / 3.0);
        near(found.above, 0.0);
        near(found.width, (0.25 + 0.4 + 0.5) / 3.0);
    }

    #[test]
    fn nothing_and_one_estimate() {
        let none = totals(0.5, &[[f64::NAN; 3]]);
        assert_eq!((none.failed, none.bias, none.coverage), (1, None, None));
        let one = totals(0.5, &[[0.4, 0.3, 0.6]]);
        assert_eq!(
            (one.bias_se, one.coverage, one.coverage_se, one.width_se),
            (None, Some(1.0), Some(0.0), None)
        );
    }
}
