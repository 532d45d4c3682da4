//! The proportion of the true effects above a threshold, in a fitted random-effects distribution, with an
//! interval.
//!
//! The proportion P is estimated by inserting the fitted mean and spread into the distribution. Its interval
//! is by the delta method on the probit scale, Φ(z ± quantile × se(z)) with z = Φ⁻¹(P): it stays in [0, 1],
//! and for the normal distribution z is simply (μ − c)/τ.
//!
//! Source: Mathur & VanderWeele 2019, doi:10.1002/sim.8057, for the proportion and the delta method; its use
//! on the probit scale and for the beta distribution is our own.

use crate::numeric::elementary::{exp, expit, ln};
use crate::numeric::{beta, normal};

/// The proportion of a distribution above a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionAbove {
    /// The proportion, in [0, 1].
    pub estimate: f64,
    /// Its limits; `None` without heterogeneity or without a finite standard error.
    pub limits: Option<[f64; 2]>,
}

/// A fitted distribution of true effects: normal, or beta for the beta-binomial model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedDistribution {
    /// The mean on the analysis scale; for a beta distribution the logit of its mean.
    pub mean: f64,
    /// τ, above 0; for a beta distribution θ = 1/(α + β).
    pub spread: f64,
    /// The sampling variances of mean and spread, and their covariance.
    pub covariance: [f64; 3],
}

impl ProportionAbove {
    /// Without heterogeneity: 0 or 1, without an interval.
    #[must_use]
    pub fn homogeneous(mean: f64, threshold: f64) -> Self {
        Self { estimate: if mean > threshold { 1.0 } else { 0.0 }, limits: None }
    }

    /// For N(μ, τ²): Φ(z) with z = (μ − c)/τ and var z = (var μ − 2 z cov(μ, τ) + z² var τ)/τ².
    ///
    /// With cov = 0 and var τ = var(τ²)/(4τ²) that is the variance of Mathur & VanderWeele. `threshold` is on
    /// the scale of μ; `quantile` is that of the interval of the mean: normal, or of t with its degrees of freedom, so that with
    /// a known spread the limits are those of the mean, Φ((limit − c)/τ).
    ///
    /// ```
    /// use metaprop::model::proportion_above::{FittedDistribution, ProportionAbove};
    ///
    /// let fitted = FittedDistribution { mean: 0.4, spread: 0.5, covariance: [0.01, 0.02, 0.0] };
    /// let above = ProportionAbove::normal(&fitted, 0.0, 1.959963984540054);
    /// assert!((above.estimate - 0.7881446014166034).abs() < 1e-15);
    /// let [lower, upper] = above.limits.unwrap();
    /// assert!(lower < above.estimate && above.estimate < upper && upper < 1.0);
    /// ```
    #[must_use]
    pub fn normal(fitted: &FittedDistribution, threshold: f64, quantile: f64) -> Self {
        let FittedDistribution { mean, spread, covariance: [mean_variance, spread_variance, covariance] } =
            *fitted;
        let z = (mean - threshold) / spread;
        let variance = (mean_variance - 2.0 * z * covariance + z * z * spread_variance) / (spread * spread);
        Self::from_probit(z, variance, quantile)
    }

    /// For the beta distribution with mean p = expit(`mean`) and α = p/θ, β = (1 − p)/θ; the threshold is a
    /// proportion. The derivatives of z in logit p and in ln θ are by central differences of fourth order.
    ///
    /// ```
    /// use metaprop::model::proportion_above::{FittedDistribution, ProportionAbove};
    ///
    /// // Beta(1, 1): uniform.
    /// let fitted = FittedDistribution { mean: 0.0, spread: 0.5, covariance: [0.02, 0.01, 0.0] };
    /// let above = ProportionAbove::beta(&fitted, 0.25, 1.959963984540054);
    /// assert!((above.estimate - 0.75).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn beta(fitted: &FittedDistribution, threshold: f64, quantile: f64) -> Self {
        let FittedDistribution { mean, spread, covariance: [mean_variance, spread_variance, covariance] } =
            *fitted;
        let z = |mean: f64, ln_spread: f64| probit_above(mean, exp(ln_spread), threshold);
        let ln_spread = ln(spread);
        let by_mean = derivative_at_zero(|step| z(mean + step, ln_spread));
        let by_spread = derivative_at_zero(|step| z(mean, ln_spread + step)) / spread;
        let variance = by_mean * by_mean * mean_variance
            + 2.0 * by_mean * by_spread * covariance
            + by_spread * by_spread * spread_variance;
        Self::from_probit(z(mean, ln_spread), variance, quantile)
    }

    fn from_probit(z: f64, variance: f64, quantile: f64) -> Self {
        let margin = quantile * variance.sqrt();
        let limits = || [normal::cdf(z - margin), normal::cdf(z + margin)];
        Self { estimate: normal::cdf(z), limits: (z.is_finite() && margin.is_finite()).then(limits) }
    }
}

/// Φ⁻¹ of the proportion of a beta distribution above a threshold, computed from the smaller tail.
fn probit_above(logit_mean: f64, theta: f64, threshold: f64) -> f64 {
    let (alpha, beta) = (expit(logit_mean) / theta, expit(-logit_mean) / theta);
    let (below, above) =
        (beta::regularized(threshold, alpha, beta), beta::upper_regularized(threshold, alpha, beta));
    if above < below { normal::quantile(above) } else { -normal::quantile(below) }
}

/// The derivative of `f` at 0 by central differences. The error is of fourth order in the step: about 1e-11
/// for a function that varies over lengths of 1, half of it from rounding.
fn derivative_at_zero(f: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1.0 / 512.0;
    let difference = |steps: f64| f(steps * STEP) - f(-steps * STEP);
    (8.0 * difference(1.0) - difference(2.0)) / (12.0 * STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUANTILE: f64 = 1.959_963_984_540_054;

    fn near(a: f64, b: f64, relative: f64) {
        assert!((a - b).abs() <= relative * b.abs(), "{a} {b}");
    }

    #[test]
    fn the_interval_contains_the_estimate_and_widens_with_the_variance() {
        let limits = |variance| {
            let fitted = FittedDistribution { mean: 0.3, spread: 0.7, covariance: [variance, variance, 0.0] };
            ProportionAbove::normal(&fitted, 0.8, QUANTILE).limits.unwrap()
        };
        let ([a, b], [c, d]) = (limits(0.01), limits(0.1));
        let estimate = normal::cdf((0.3 - 0.8) / 0.7);
        assert!(0.0 < c && c < a && a < estimate && estimate < b && b < d && d < 1.0);
    }

    /// (logit mean, θ, threshold), proportion and limits, by 40-digit arithmetic with numerical derivatives.
    #[test]
    fn beta_distributions() {
        let known = [
            ([-0.6, 0.3, 0.5], [0.270_857_437_531_912_1, 0.156_608_812_256_806_95, 0.416_072_949_178_640_85]),
            ([2.5, 0.004, 0.9], [0.917_462_484_044_503_6, 0.432_947_190_587_113_7, 0.998_386_703_574_476_7]),
            ([1.0, 3.0, 0.25], [0.792_293_557_035_048_8, 0.721_507_347_131_882_5, 0.851_174_765_480_191]),
        ];
        for ([mean, spread, threshold], [estimate, lower, upper]) in known {
            let covariance = [0.04, 0.01 * spread * spread, 0.005 * spread];
            let above =
                ProportionAbove::beta(&FittedDistribution { mean, spread, covariance }, threshold, QUANTILE);
            near(above.estimate, estimate, 1e-13);
            let limits = above.limits.unwrap();
            near(limits[0], lower, 1e-9);
            near(limits[1], upper, 1e-9);
        }
    }

    #[test]
    fn without_heterogeneity_the_proportion_is_0_or_1() {
        assert_eq!(ProportionAbove::homogeneous(0.2, 0.1), ProportionAbove { estimate: 1.0, limits: None });
        assert_eq!(ProportionAbove::homogeneous(0.2, 0.2), ProportionAbove { estimate: 0.0, limits: None });
    }
}
