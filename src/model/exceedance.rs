//! How much of the fitted distribution of true proportions lies above a cut-off, with an interval.
//!
//! The share P is estimated by plugging the fitted mean and spread into the distribution. Its interval is
//! by the delta method on the probit scale, Φ(z ± quantile × se(z)) with z = Φ⁻¹(P): it stays in [0, 1], and
//! for the normal distribution z is the plain (μ − c)/τ.
//!
//! Source: Mathur & VanderWeele 2019, doi:10.1002/sim.8057, for the share and the delta method; its use on
//! the probit scale and for the beta distribution is our own.

use crate::numeric::elementary::{exp, expit, ln};
use crate::numeric::{beta, normal};

/// The share of a distribution above a cut-off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exceedance {
    /// The share, in [0, 1].
    pub above: f64,
    /// Its limits; `None` where there is no spread, or no finite standard error.
    pub limits: Option<[f64; 2]>,
}

/// The estimated mean and spread of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean on the scale of the cut-off (of a beta distribution, its logit).
    pub mean: f64,
    /// τ, above 0; of a beta distribution, θ = 1/(α + β).
    pub spread: f64,
    /// The variances of mean and spread, and their covariance.
    pub covariance: [f64; 3],
}

impl Exceedance {
    /// Where there is no spread: all or nothing, and no interval.
    #[must_use]
    pub fn of_point(mean: f64, cutoff: f64) -> Self {
        Self { above: if mean > cutoff { 1.0 } else { 0.0 }, limits: None }
    }

    /// Of N(μ, τ²): Φ(z) with z = (μ − c)/τ and
    /// var z = (var μ − 2 z cov(μ, τ) + z² var τ)/τ².
    ///
    /// With cov = 0 and var τ = var(τ²)/(4τ²) that is the variance of Mathur & VanderWeele. `cutoff` is on the
    /// scale of μ; `quantile` is that of the interval.
    ///
    /// ```
    /// use metaprop::model::exceedance::{Exceedance, Spread};
    ///
    /// let fitted = Spread { mean: 0.4, spread: 0.5, covariance: [0.01, 0.02, 0.0] };
    /// let share = Exceedance::of_normal(&fitted, 0.0, 1.959963984540054);
    /// assert!((share.above - 0.7881446014166034).abs() < 1e-15);
    /// let [lower, upper] = share.limits.unwrap();
    /// assert!(lower < share.above && share.above < upper && upper < 1.0);
    /// ```
    #[must_use]
    pub fn of_normal(fitted: &Spread, cutoff: f64, quantile: f64) -> Self {
        let Spread { mean, spread, covariance: [of_mean, of_spread, both] } = *fitted;
        let z = (mean - cutoff) / spread;
        let variance = (of_mean - 2.0 * z * both + z * z * of_spread) / (spread * spread);
        Self::of_probit(z, variance, quantile)
    }

    /// Of the beta distribution with mean p = expit(`mean`) and α = p/θ, β = (1 − p)/θ; the cut-off is a
    /// proportion. The slopes of z in logit p and in ln θ are by central differences of fourth order.
    ///
    /// ```
    /// use metaprop::model::exceedance::{Exceedance, Spread};
    ///
    /// // Beta(1, 1): uniform.
    /// let fitted = Spread { mean: 0.0, spread: 0.5, covariance: [0.02, 0.01, 0.0] };
    /// let share = Exceedance::of_beta(&fitted, 0.25, 1.959963984540054);
    /// assert!((share.above - 0.75).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn of_beta(fitted: &Spread, cutoff: f64, quantile: f64) -> Self {
        let Spread { mean, spread, covariance: [of_mean, of_spread, both] } = *fitted;
        let z = |mean: f64, ln_spread: f64| probit_above(mean, exp(ln_spread), cutoff);
        let ln_spread = ln(spread);
        let by_mean = slope(|step| z(mean + step, ln_spread));
        let by_spread = slope(|step| z(mean, ln_spread + step)) / spread;
        let variance = by_mean * by_mean * of_mean
            + 2.0 * by_mean * by_spread * both
            + by_spread * by_spread * of_spread;
        Self::of_probit(z(mean, ln_spread), variance, quantile)
    }

    fn of_probit(z: f64, variance: f64, quantile: f64) -> Self {
        let margin = quantile * variance.sqrt();
        let limits = || [normal::cdf(z - margin), normal::cdf(z + margin)];
        Self { above: normal::cdf(z), limits: (z.is_finite() && margin.is_finite()).then(limits) }
    }
}

/// Φ⁻¹ of the share of a beta distribution above a cut-off, from its smaller tail.
fn probit_above(logit_mean: f64, theta: f64, cutoff: f64) -> f64 {
    let (alpha, beta) = (expit(logit_mean) / theta, expit(-logit_mean) / theta);
    let (below, above) =
        (beta::regularized(cutoff, alpha, beta), beta::upper_regularized(cutoff, alpha, beta));
    if above < below { normal::quantile(above) } else { -normal::quantile(below) }
}

/// The slope at 0, with an error of the fourth order in the step: about 1e-11 of a function that varies
/// over lengths of 1, as much by rounding as by the order.
fn slope(of: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1.0 / 512.0;
    let difference = |steps: f64| of(steps * STEP) - of(-steps * STEP);
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
    fn the_interval_holds_the_share_and_widens_with_the_variance() {
        let of = |variance| {
            let fitted = Spread { mean: 0.3, spread: 0.7, covariance: [variance, variance, 0.0] };
            Exceedance::of_normal(&fitted, 0.8, QUANTILE).limits.unwrap()
        };
        let ([a, b], [c, d]) = (of(0.01), of(0.1));
        let share = normal::cdf((0.3 - 0.8) / 0.7);
        assert!(0.0 < c && c < a && a < share && share < b && b < d && d < 1.0);
    }

    /// (logit mean, θ, cut-off), share and limits: by 40-digit arithmetic with numerical derivatives of its own.
    #[test]
    fn of_beta_distributions() {
        let known = [
            ([-0.6, 0.3, 0.5], [0.270_857_437_531_912_1, 0.156_608_812_256_806_95, 0.416_072_949_178_640_85]),
            ([2.5, 0.004, 0.9], [0.917_462_484_044_503_6, 0.432_947_190_587_113_7, 0.998_386_703_574_476_7]),
            ([1.0, 3.0, 0.25], [0.792_293_557_035_048_8, 0.721_507_347_131_882_5, 0.851_174_765_480_191]),
        ];
        for ([mean, spread, cutoff], [above, lower, upper]) in known {
            let covariance = [0.04, 0.01 * spread * spread, 0.005 * spread];
            let share = Exceedance::of_beta(&Spread { mean, spread, covariance }, cutoff, QUANTILE);
            near(share.above, above, 1e-13);
            let limits = share.limits.unwrap();
            near(limits[0], lower, 1e-9);
            near(limits[1], upper, 1e-9);
        }
    }

    #[test]
    fn a_point_lies_above_or_not() {
        assert_eq!(Exceedance::of_point(0.2, 0.1), Exceedance { above: 1.0, limits: None });
        assert_eq!(Exceedance::of_point(0.2, 0.2), Exceedance { above: 0.0, limits: None });
    }
}
