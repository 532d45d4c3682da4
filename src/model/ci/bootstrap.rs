//! The parametric bootstrap interval of the pooled value.

use rayon::prelude::*;

use crate::error::Error;
use crate::model::{Inference, Pooled, WeightedMean};
use crate::numeric::random::Stream;
use crate::numeric::sum::sum;

/// The default number of samples. With 9,999 the limits at the levels 90, 95, 98 and 99 % are order
/// statistics.
pub const DRAWS: u64 = 9_999;

/// Percentile interval of the mean over samples drawn from the fitted model, Efron & Tibshirani 1993,
/// chapter 13, doi:10.1007/978-1-4899-4541-9; for meta-analysis Turner, Omar, Yang, Goldstein &
/// Thompson 2000, doi:10.1002/1097-0258(20001230)19:24<3417::AID-SIM614>3.0.CO;2-L.
///
/// Sample i is y* = μ̂ + √(v + τ²) z with the normal numbers z of stream i of `seed`, so the result does not
/// depend on the number of threads. `refit` estimates τ² from a sample, and μ* is the weighted mean at that
/// τ². The standard error is the standard deviation of the μ*. p is 1 minus the level of the interval that
/// ends at `null`: 2 (1 + min(#{μ* ≤ null}, #{μ* ≥ null}))/(draws + 1).
///
/// # Errors
///
/// The error of `refit` for the first sample that it cannot fit; no sample is dropped.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::ci::bootstrap::bootstrap;
/// use metaprop::model::tau2::moment::der_simonian_laird;
///
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let estimate = |y: &[f64], v: &[f64]| der_simonian_laird(&MeanResiduals::new(y, v)).tau2;
/// let tau2 = estimate(&y, &v);
/// let (pooled, inference) = bootstrap(&y, &v, tau2, |y, v| Ok(estimate(y, v)), 999, 1, 0.025, 0.0)?;
/// let [lower, upper] = inference.ci_y.unwrap();
/// assert!(lower < pooled.y && pooled.y < upper);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[allow(clippy::too_many_arguments)] // each is a choice of the analysis
pub fn bootstrap(
    y: &[f64],
    v: &[f64],
    tau2: f64,
    refit: impl Fn(&[f64], &[f64]) -> Result<f64, Error> + Sync,
    draws: u64,
    seed: u64,
    tail: f64,
    null: f64,
) -> Result<(Pooled, Inference), Error> {
    let mean = WeightedMean::at(y, v, tau2).mean;
    let sds: Vec<f64> = v.iter().map(|v| (v + tau2).sqrt()).collect();
    let sample = |index: u64| {
        let mut stream = Stream::new(seed, index);
        let drawn: Vec<f64> = sds.iter().map(|sd| mean + sd * stream.normal()).collect();
        Ok(WeightedMean::at(&drawn, v, refit(&drawn, v)?).mean)
    };
    // Collected in order, so that of several errors the first is returned on any number of threads.
    let samples: Vec<Result<f64, Error>> = (0..draws).into_par_iter().map(sample).collect();
    let mut means = samples.into_iter().collect::<Result<Vec<f64>, Error>>()?;
    means.sort_by(f64::total_cmp);
    let ci_y = Some([percentile(&means, tail), percentile(&means, 1.0 - tail)]);
    let below = means.partition_point(|drawn| *drawn <= null);
    let above = means.len() - means.partition_point(|drawn| *drawn < null);
    let p = (2.0 * (1.0 + below.min(above) as f64) / (draws as f64 + 1.0)).min(1.0);
    let pooled = Pooled { y: mean, se: standard_deviation(&means), df: None };
    Ok((pooled, Inference { ci_y, statistic: None, p: Some(p) }))
}

/// The percentile of n sorted numbers at position (n + 1) p, interpolated linearly; beyond the ends, the
/// first or the last number.
pub(crate) fn percentile(sorted: &[f64], p: f64) -> f64 {
    let [first, .., last] = *sorted else { return sorted.first().copied().unwrap_or(f64::NAN) };
    let place = p * (sorted.len() as f64 + 1.0);
    // A whole number (n + 1) p may be off by a rounding error.
    let place = if (place - place.round()).abs() < 1e-9 { place.round() } else { place };
    if place <= 1.0 {
        return first;
    }
    let below = place.floor();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at least 1, at most the length
    let index = below as usize - 1;
    sorted.get(index + 1).map_or(last, |next| sorted[index] + (place - below) * (next - sorted[index]))
}

/// √(Σ(x − x̄)²/(n − 1)).
fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    (sum(values.iter().map(|x| (x - mean) * (x - mean))) / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_lies_between_its_neighbours_at_its_place() {
        let numbers = [1.0, 2.0, 4.0, 8.0];
        let cases = [(0.1, 1.0), (0.2, 1.0), (0.25, 1.25), (0.5, 3.0), (0.7, 6.0), (0.8, 8.0), (0.9, 8.0)];
        for (p, expected) in cases {
            assert!((percentile(&numbers, p) - expected).abs() < 1e-14, "{p}: {}", percentile(&numbers, p));
        }
        assert_eq!(percentile(&[3.0], 0.5), 3.0);
        assert!(percentile(&[], 0.5).is_nan());
    }
}
