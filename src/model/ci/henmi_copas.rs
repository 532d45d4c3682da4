//! The Henmi-Copas interval, around the common-effect mean.

use crate::error::Error;
use crate::model::tau2::moment::der_simonian_laird;
use crate::model::{Inference, MeanResiduals, Pooled, WeightedMean};
use crate::numeric::elementary::ln;
use crate::numeric::quadrature::integrate;
use crate::numeric::root::{self, RootError};
use crate::numeric::sum::sum;
use crate::numeric::{chi_squared, normal};

/// Henmi & Copas 2010, doi:10.1002/sim.4029: the common-effect mean, with the standard error
/// √(1/S₁ + τ² S₂/S₁²) at DerSimonian and Laird's τ², and the quantile of the ratio U of the two, which
/// allows for τ² having been estimated from the same data.
///
/// With T = √S₁ (μ̂ − μ), U = T/√(1 + τ̂² S₂/S₁) exceeds u where T > u and
/// Q ≤ (k − 1) + (T²/u² − 1)(S₁/S₂)(S₁ − S₂/S₁). T is normal; given T, the distribution of Q is approximated
/// by the gamma distribution with the exact conditional mean and variance, at τ² = τ̂². The integral over T is adaptive, to a relative error of 1e-13.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the integral or its inversion does not converge.
///
/// ```
/// use metaprop::model::ci::henmi_copas::henmi_copas;
/// let (y, v) = ([-0.4, 0.1, 0.9, 1.6], [0.1, 0.2, 0.15, 0.1]);
/// let (pooled, inference) = henmi_copas(&y, &v, 0.025, 0.0)?;
/// let [lower, upper] = inference.ci_y.unwrap();
/// // Wider than the normal interval with the same standard error.
/// assert!((upper - lower) / (2.0 * pooled.se) > 1.96);
/// assert!((henmi_copas(&y, &v, 0.025, lower)?.1.p.unwrap() - 0.05).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn henmi_copas(y: &[f64], v: &[f64], tail: f64, null: f64) -> Result<(Pooled, Inference), Error> {
    let tau2 = der_simonian_laird(&MeanResiduals::new(y, v)).tau2;
    let common = WeightedMean::at(y, v, 0.0);
    let joint = JointDistribution::new(&common, v, tau2);
    let pooled = Pooled { y: common.mean, se: (joint.variance / common.sum).sqrt(), df: None };
    let quantile = joint.quantile(tail).map_err(|problem| not_found(&problem))?;
    let margin = quantile * pooled.se;
    let statistic = (pooled.y - null) / pooled.se;
    let p = (2.0 * joint.upper_tail(statistic.abs())).min(1.0);
    let ci_y = Some([pooled.y - margin, pooled.y + margin]);
    Ok((pooled, Inference { ci_y, statistic: Some(statistic), p: Some(p) }))
}

/// The joint distribution of T and Q, by the conditional mean and variance of Q given T.
///
/// With x = W^(1/2)(y − μ) ~ N(0, Δ), δ = 1 + τ² w, and the unit vector b, b² = w/S₁: T = bᵀx and
/// Q = xᵀ(I − bbᵀ)x. Given T = r the mean of x is Δb r/c, c = bᵀΔb, and its variance
/// C = Δ − Δbbᵀ Δ/c, which has Cb = 0. So E(Q | r) = tr C + r² (bᵀΔ²b − c²)/c² and
/// Var(Q | r) = 2 tr C² + 4 r² (bᵀΔCΔb)/c².
#[derive(Debug, Clone, Copy, PartialEq)]
struct JointDistribution {
    df: f64,
    /// c = 1 + τ² S₂/S₁, the variance of T.
    variance: f64,
    /// E(Q | r): tr C, and the coefficient of r².
    mean: [f64; 2],
    /// Var(Q | r): 2 tr C², and the coefficient of r².
    conditional_variance: [f64; 2],
    /// (S₁/S₂)(S₁ − S₂/S₁).
    slope: f64,
}

impl JointDistribution {
    /// From the sums at τ² = 0 and the variances.
    ///
    /// Where one study dominates, its δ is nearly the mean of all: its distance from the mean is taken from the distances
    /// of the others.
    fn new(common: &WeightedMean, v: &[f64], tau2: f64) -> Self {
        let heaviest = (0..v.len()).fold(0, |best, index| if v[index] < v[best] { index } else { best });
        let terms = || {
            v.iter().enumerate().map(|(index, v)| {
                let (share, delta) = (1.0 / (v * common.sum), 1.0 + tau2 / v);
                (index == heaviest, share, delta)
            })
        };
        let c = 1.0 + tau2 * common.squares / common.sum;
        // Differences from c are computed without the largest δ b²: where one study dominates, c − δ b² is
        // the sum of the others.
        let others = sum(terms().filter(|term| !term.0).map(|(_, share, delta)| share * delta));
        let second = sum(terms().map(|(_, share, delta)| share * delta * delta));
        let seconds = sum(terms().filter(|term| !term.0).map(|(_, share, delta)| share * delta * delta));
        let remainder = |heavy: bool, h: f64| if heavy { others / c } else { (c - h) / c };
        let trace = sum(terms().map(|(heavy, share, delta)| delta * remainder(heavy, share * delta)));
        let square = sum(terms().map(|(heavy, share, delta)| {
            let (h, rest) = (share * delta, if heavy { seconds } else { second - share * delta * delta });
            let diagonal = delta * remainder(heavy, h);
            diagonal * diagonal + h * delta * rest / (c * c)
        }));
        // Σ weight (δ − mean)², the weights being b² or δ b² and the mean theirs.
        let spread = |weight: &dyn Fn(f64, f64) -> f64, total: f64, mean: f64| {
            let largest = 1.0 + tau2 / v[heaviest];
            let others =
                || terms().filter(|term| !term.0).map(|(_, share, delta)| (weight(share, delta), delta));
            let above_mean = sum(others().map(|(weight, delta)| weight * (largest - delta))) / total;
            let of_heaviest = weight(1.0 / (v[heaviest] * common.sum), largest) * above_mean * above_mean;
            sum(others().map(|(weight, delta)| weight * (delta - mean) * (delta - mean)).chain([of_heaviest]))
        };
        let about_mean = spread(&|share, _| share, 1.0, c);
        let about_centre = spread(&|share, delta| share * delta, c, second / c);
        Self {
            df: common.df(),
            variance: c,
            mean: [trace, about_mean / (c * c)],
            conditional_variance: [2.0 * square, 4.0 * about_centre / (c * c)],
            slope: common.sum / common.squares * common.trace,
        }
    }

    /// The mean and variance of Q given T = t.
    fn conditional_moments(&self, t: f64) -> [f64; 2] {
        [self.mean, self.conditional_variance].map(|[constant, coefficient]| constant + t * t * coefficient)
    }

    /// P(U > u) for u ≥ 0; NaN where the integral does not converge.
    fn upper_tail(&self, u: f64) -> f64 {
        if u == 0.0 {
            return 0.5;
        }
        let sigma = self.variance.sqrt();
        let integrand = |t: f64| {
            let [mean, variance] = self.conditional_moments(t);
            let bound = self.df + self.slope * (t - u) * (t + u) / (u * u);
            // Gamma with shape mean²/variance and scale variance/mean.
            let scale = variance / mean;
            chi_squared::cdf(2.0 * bound / scale, 2.0 * mean / scale) * normal::pdf(t / sigma) / sigma
        };
        let far = u + 10.0 * sigma;
        let mut ends = vec![u];
        ends.extend(self.transition(u).map(|end| end.clamp(u, far)));
        ends.push(far);
        let pieces = ends.windows(2).filter(|piece| piece[0] < piece[1]);
        sum(pieces.map(|piece| {
            let found = integrate(integrand, piece[0], piece[1], 1e-13);
            if found.converged { found.value } else { f64::NAN }
        }))
    }

    /// The T at which the bound on Q equals its conditional mean, minus and plus ten standard deviations.
    /// With many studies the integrand is close to a step function there, which adaptive integration would
    /// miss if it were not given these points.
    fn transition(&self, u: f64) -> [f64; 2] {
        let [mean, variance] = self.conditional_moments(u);
        let centre = u * (1.0 + ((mean - self.df) / self.slope).max(0.0)).sqrt();
        let width = 10.0 * variance.sqrt() * u * u / (2.0 * self.slope * centre);
        [centre - width, centre + width]
    }

    fn quantile(&self, tail: f64) -> Result<f64, RootError> {
        let excess = |u: f64| ln(tail) - ln(self.upper_tail(u));
        let (lower, upper) = root::double_upward(excess, 1.0)?;
        // Not down to 0, where the tail is ½ and the bound on Q infinite.
        root::find(excess, lower.max(1e-3), upper).map(|root| root.x)
    }
}

fn not_found(problem: &RootError) -> Error {
    Error::NoConvergence(format!("the quantile of the Henmi-Copas interval could not be found: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const V: [f64; 4] = [0.1, 0.2, 0.15, 0.1];

    fn joint(tau2: f64) -> JointDistribution {
        JointDistribution::new(&WeightedMean::at(&[0.0; 4], &V, 0.0), &V, tau2)
    }

    #[test]
    fn without_heterogeneity_q_is_chi_squared_and_independent_of_t() {
        let [mean, variance] = joint(0.0).conditional_moments(2.0);
        assert!((mean - 3.0).abs() < 1e-14 && (variance - 6.0).abs() < 1e-13, "{mean} {variance}");
    }

    #[test]
    fn the_upper_tail_decreases_from_one_half() {
        let joint = joint(0.3);
        assert_eq!(joint.upper_tail(0.0), 0.5);
        assert!(joint.upper_tail(1.96) > joint.upper_tail(2.5));
    }

    /// One raw proportion of 102,355,304 of 102,355,304 among six small studies; the values are from 40-digit arithmetic
    /// (`tests/reference/scripts/henmi_copas_dominated.py`).
    #[test]
    fn a_dominating_study_leaves_the_moments_exact() {
        let rows = [
            [70.0, 95.0],
            [163.0, 180.0],
            [6.5, 7.0],
            [81.0, 155.0],
            [101.0, 128.0],
            [28.0, 33.0],
            [102_355_304.5, 102_355_305.0],
        ];
        let v = rows.map(|[events, total]: [f64; 2]| events * (total - events) / (total * total * total));
        let joint =
            JointDistribution::new(&WeightedMean::at(&[0.0; 7], &v, 0.0), &v, 0.026_334_206_581_456_374);
        let close = |ours: f64, exact: f64| assert!((ours / exact - 1.0).abs() < 1e-12, "{ours} {exact}");
        close(joint.mean[1], 2.074_676_638_387_547_6e-13);
        close(joint.conditional_variance[1], 2.960_587_513_275_591e-11);
        close(joint.upper_tail(2.0306), 0.025_004_443_922_881_696);
    }
}
