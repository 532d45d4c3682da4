//! The sums of a weighted mean as functions of τ², so that they are known without any one study.

use super::WeightedMean;
use super::tau2::score::ScoreTerms;
use crate::effect::exact_difference::most_precise;
use crate::numeric::chebyshev::Chebyshev;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::sum::over_pairs;

/// A sum is taken from its function of τ² where that is off by no more than this, relative to the sum.
const TOLERANCE: f64 = 5e-14;
/// Sums of w³ enter only the slopes of a score, which need fewer digits: so many times the tolerance.
const OF_CUBES: f64 = 1e3;
/// At most so many intervals between the values of τ² at which the sums are formed.
const MOST: usize = 256;
/// Where a study has more than this part of a sum, the sum of the others is formed from them.
const LARGEST_PART: f64 = 0.1;

/// Σ wᵖ, Σ wᵖ d and Σ wᵖ d² for p = 1, 2, 3, with w = 1/(v + τ²) and the deviations d of the estimates from their weighted
/// mean at τ² = 0, for every τ² from 0 to a largest one.
///
/// What is kept are the sums of r = (τ² + h)/(v + τ²) in place of w, h the harmonic mean of the variances, which change little
/// with τ², as functions of ln(τ² + c), c the smallest variance, of which they are smooth.
#[derive(Debug, Clone)]
pub(super) struct PowerSums<'a> {
    y: &'a [f64],
    v: &'a [f64],
    centre: f64,
    /// c.
    smallest: f64,
    /// h.
    harmonic: f64,
    table: Chebyshev<9>,
    largest_tau2: f64,
}

impl<'a> PowerSums<'a> {
    /// Of these estimates for τ² up to `largest_tau2`; `None` where the functions are not smooth enough.
    pub fn new(y: &'a [f64], v: &'a [f64], largest_tau2: f64) -> Option<Self> {
        let smallest = v[most_precise(v)?];
        let WeightedMean { mean: centre, sum: total, .. } = WeightedMean::at(y, v, 0.0);
        let harmonic = v.len() as f64 / total;
        let range = [ln(smallest), ln(largest_tau2 + smallest)];
        let usable = smallest > 0.0 && range[1] > range[0] && range.iter().all(|end| end.is_finite());
        let sums = |x: f64| {
            let tau2 = if x == range[0] { 0.0 } else { (exp(x) - smallest).max(0.0) };
            over_pairs(y, v, |y, v| terms(tau2, harmonic, v, y - centre))
        };
        // A sum with a sign is at most the root of the product of those without.
        let scale = |[a1, a2, a3, _, _, _, c1, c2, c3]: &[f64; 9]| {
            let of = |a: f64, c: f64| (a * c).sqrt();
            let (a3, c3) = (OF_CUBES * a3, OF_CUBES * c3);
            [*a1, *a2, a3, of(*a1, *c1), of(*a2, *c2), of(a3, c3), *c1, *c2, c3]
        };
        let table = usable.then(|| Chebyshev::of(range, TOLERANCE, MOST, scale, sums)).flatten()?;
        Some(Self { y, v, centre, smallest, harmonic, table, largest_tau2 })
    }

    /// Whether the sums without this study can be had by taking its part away from those of all.
    pub fn can_omit(&self, row: usize) -> bool {
        let ends =
            [0.0, (self.smallest * self.largest_tau2).sqrt().min(self.largest_tau2), self.largest_tau2];
        ends.into_iter().all(|tau2| {
            let (all, own) = (self.scaled(tau2), self.own(row, tau2));
            [0, 1, 2, 6, 7, 8].into_iter().all(|index| own[index] <= LARGEST_PART * all[index])
        })
    }

    /// Whether the sums at this τ² are known.
    pub fn has(&self, tau2: f64) -> bool {
        (0.0..=self.largest_tau2).contains(&tau2)
    }

    /// The sums without a study, at a τ² that they are known at.
    pub fn without(&self, row: usize, tau2: f64) -> SumsAt {
        let (all, own) = (self.scaled(tau2), self.own(row, tau2));
        self.sums(std::array::from_fn(|index| all[index] - own[index]), self.y.len() - 1, tau2)
    }

    /// Σ w of all studies.
    pub fn sum_of_weights(&self, tau2: f64) -> f64 {
        self.scaled(tau2)[0] / (tau2 + self.harmonic)
    }

    fn scaled(&self, tau2: f64) -> [f64; 9] {
        self.table.at(ln(tau2 + self.smallest))
    }

    fn own(&self, row: usize, tau2: f64) -> [f64; 9] {
        terms(tau2, self.harmonic, self.v[row], self.y[row] - self.centre)
    }

    fn sums(&self, [a1, a2, a3, b1, b2, b3, c1, c2, c3]: [f64; 9], k: usize, tau2: f64) -> SumsAt {
        let w = 1.0 / (tau2 + self.harmonic);
        let scaled = |[first, second, third]: [f64; 3]| [w * first, w * w * second, w * w * w * third];
        SumsAt {
            k,
            centre: self.centre,
            weights: scaled([a1, a2, a3]),
            first: scaled([b1, b2, b3]),
            second: scaled([c1, c2, c3]),
        }
    }
}

/// rᵖ, rᵖ d and rᵖ d² of a study.
fn terms(tau2: f64, harmonic: f64, v: f64, d: f64) -> [f64; 9] {
    let r = (tau2 + harmonic) / (tau2 + v);
    let (r2, dd) = (r * r, d * d);
    let r3 = r2 * r;
    [r, r2, r3, r * d, r2 * d, r3 * d, r * dd, r2 * dd, r3 * dd]
}

/// Sums at one τ²: Σ wᵖ, Σ wᵖ d and Σ wᵖ d² for p = 1, 2, 3.
#[derive(Debug, Clone, Copy)]
pub(super) struct SumsAt {
    k: usize,
    centre: f64,
    weights: [f64; 3],
    first: [f64; 3],
    second: [f64; 3],
}

impl SumsAt {
    /// The mean less the centre.
    fn offset(&self) -> f64 {
        self.first[0] / self.weights[0]
    }

    /// Σ wᵖ r² of the residuals r.
    fn squares(&self, power: usize) -> f64 {
        let m = self.offset();
        self.second[power] - 2.0 * m * self.first[power] + m * m * self.weights[power]
    }

    pub fn weighted_mean(&self) -> WeightedMean {
        let [sum, squares, _] = self.weights;
        WeightedMean {
            k: self.k,
            sum,
            squares,
            mean: self.centre + self.offset(),
            q: self.squares(0).max(0.0),
            q_slope: self.squares(1).max(0.0),
            trace: sum - squares / sum,
        }
    }

    /// As [`CentredStudies::score_terms`](super::tau2::score::CentredStudies::score_terms).
    pub fn score_terms(&self, is_restricted: bool) -> ScoreTerms {
        let [sum, squares, cubes] = self.weights;
        let (q, quadratic) = (self.squares(0), self.squares(1));
        let w2r = self.first[1] - self.offset() * squares;
        let cubic =
            (self.squares(2) - w2r * w2r / sum).max(if q > 0.0 { quadratic * quadratic / q } else { 0.0 });
        let ratio = squares / sum;
        let (trace, trace_slope) = if is_restricted {
            (sum - ratio, 2.0 * cubes / sum - squares - ratio * ratio)
        } else {
            (sum, -squares)
        };
        ScoreTerms { quadratic, quadratic_slope: -2.0 * cubic, trace, trace_slope }
    }
}

#[cfg(test)]
mod tests {
    use super::PowerSums;

    #[test]
    fn the_sum_of_the_weights_is_that_of_the_studies() {
        let v: Vec<f64> = (0..40).map(|i| 0.02 + 0.01 * f64::from(i % 7)).collect();
        let y: Vec<f64> = (0..40).map(|i| 0.3 * f64::from(i % 5) - 0.6).collect();
        let sums = PowerSums::new(&y, &v, 3.0).expect("smooth sums");
        for tau2 in [0.0, 0.001, 0.1, 0.7, 3.0] {
            let direct: f64 = v.iter().map(|v| 1.0 / (v + tau2)).sum();
            let relative = sums.sum_of_weights(tau2) / direct - 1.0;
            assert!(relative.abs() < 1e-12, "{tau2}: {relative}");
        }
    }
}
