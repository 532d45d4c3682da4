//! Both halves of a likelihood's slope in τ², with their own slopes, at a given τ².

use crate::numeric::sum::Sum;

/// Studies seen from the most precise one.
///
/// With deviations from that study, and with its weight kept apart from the others', no sum below
/// cancels, however much that study dominates: S₁ − S₂/S₁ formed as written loses nine digits where
/// one weight is 10⁹ times the others.
#[derive(Debug, Clone)]
pub struct Studies {
    /// The least variance: that of the most precise study.
    pub least: f64,
    /// The largest variance.
    pub most: f64,
    /// The estimate of the most precise study.
    pub origin: f64,
    /// Σ(y − ȳ)².
    pub deviation: f64,
    /// The other studies: y minus the origin, and v.
    others: Vec<(f64, f64)>,
}

/// The halves of twice the slope of a log-likelihood in τ²: `rise` − `fall`.
///
/// Both fall as τ² grows, ever more slowly: each is a sum of terms c/(a + τ²)ⁿ with c ≥ 0 in the
/// eigenvalues of the weighting, so it is completely monotone. That is what makes statements about
/// whole intervals possible from their two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slopes {
    /// yᵀP²y = Σ w²(y − μ)²: what the spread of the estimates asks for.
    pub rise: f64,
    /// Its slope, −2 yᵀP³y.
    pub rise_slope: f64,
    /// Σ w, or for the restricted likelihood tr P: what is expected.
    pub fall: f64,
    /// Its slope, −Σ w², or −tr P².
    pub fall_slope: f64,
}

impl Slopes {
    /// Twice the slope of the log-likelihood.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.rise - self.fall
    }
}

/// What is held fixed while τ² moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// The full likelihood, at its best mean for each τ².
    Full,
    /// The restricted likelihood.
    Restricted,
    /// The full likelihood at this mean.
    Mean(f64),
}

impl Studies {
    /// Of at least one study.
    ///
    /// ```
    /// use metaprop::model::tau2::slopes::{Studies, Target};
    /// // Two studies of variance 1 that differ by 3: P = ½(1, −1; −1, 1)/(1 + τ²).
    /// let slopes = Studies::new(&[0.0, 3.0], &[1.0, 1.0]).slopes(Target::Restricted, 0.0);
    /// assert_eq!((slopes.rise, slopes.fall), (4.5, 1.0));
    /// assert_eq!((slopes.rise_slope, slopes.fall_slope), (-9.0, -1.0));
    /// ```
    #[must_use]
    pub fn new(y: &[f64], v: &[f64]) -> Self {
        let (mut first, mut least, mut most) = (0, f64::INFINITY, f64::NEG_INFINITY);
        for (index, &v) in v.iter().enumerate() {
            if v < least {
                (first, least) = (index, v);
            }
            most = most.max(v);
        }
        let origin = y.get(first).copied().unwrap_or(f64::NAN);
        let mut others: Vec<(f64, f64)> = y.iter().zip(v).map(|(y, v)| (y - origin, *v)).collect();
        if first < others.len() {
            others.remove(first);
        }
        let mut studies = Self { least, most, origin, deviation: 0.0, others };
        studies.deviation = studies.sum_of_squares();
        studies
    }

    /// How many studies, as a real number.
    #[must_use]
    pub fn k(&self) -> f64 {
        self.others.len() as f64 + 1.0
    }

    /// Σ(y − μ)².
    #[must_use]
    pub fn about(&self, mean: f64) -> f64 {
        let mean = mean - self.origin;
        let [squares] = self.sums(|d, _| [(d - mean) * (d - mean)]);
        squares + mean * mean
    }

    /// Σ(y − ȳ)².
    fn sum_of_squares(&self) -> f64 {
        let [total] = self.sums(|d, _| [d]);
        let mean = total / self.k();
        let [squares] = self.sums(|d, _| [(d - mean) * (d - mean)]);
        squares + mean * mean
    }

    /// Both halves of the slope at this τ² ≥ 0, in two passes.
    #[must_use]
    pub fn slopes(&self, target: Target, tau2: f64) -> Slopes {
        let own = 1.0 / (self.least + tau2);
        let [w1, w2, w3, wd] = self.sums(|d, v| {
            let w = 1.0 / (v + tau2);
            let square = w * w;
            [w, square, square * w, w * d]
        });
        let total = own + w1;
        let offset = match target {
            Target::Full | Target::Restricted => wd / total,
            Target::Mean(mean) => mean - self.origin,
        };
        let [q, squares, first, cubes] = self.sums(|d, v| {
            let w = 1.0 / (v + tau2);
            let residual = d - offset;
            let pull = w * residual;
            let first = w * pull;
            [pull * residual, pull * pull, first, first * pull]
        });
        let pull = -own * offset;
        let rise = squares + pull * pull;
        let cubes = cubes + own * pull * pull;
        let (fall, fall_slope) = match target {
            Target::Restricted => traces(own, w1, w2, w3),
            Target::Full | Target::Mean(_) => (total, -(w2 + own * own)),
        };
        let third = match target {
            Target::Mean(_) => cubes,
            // yᵀP³y as the difference of two sums, never below the bound (yᵀP²y)²/(yᵀPy) of Cauchy and Schwarz.
            Target::Full | Target::Restricted => {
                let first = first + own * pull;
                let q = q - pull * offset;
                (cubes - first * first / total).max(if q > 0.0 { rise * rise / q } else { 0.0 })
            }
        };
        Slopes { rise, rise_slope: -2.0 * third, fall, fall_slope }
    }

    /// Sums over the other studies: plain within a block, compensated between blocks, so that a
    /// million studies lose no more than sixty-four do.
    fn sums<const N: usize>(&self, terms: impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
        if self.others.len() <= BLOCK {
            return of_block(&self.others, &terms);
        }
        let mut sums = [Sum::new(); N];
        for block in self.others.chunks(BLOCK) {
            for (sum, part) in sums.iter_mut().zip(of_block(block, &terms)) {
                sum.add(part);
            }
        }
        sums.map(|sum| sum.value())
    }
}

const BLOCK: usize = 64;

#[inline]
fn of_block<const N: usize>(block: &[(f64, f64)], terms: &impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
    let mut sums = [0.0; N];
    for &(d, v) in block {
        let parts = terms(d, v);
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += part;
        }
    }
    sums
}

/// tr P and −tr P² of P = W − wwᵀ/S₁, from the largest weight and the sums of powers of the others:
/// S₁ − S₂/S₁ and S₂ − 2 S₃/S₁ + (S₂/S₁)², with what cancels between the largest weight and S₁ left out.
fn traces(own: f64, w1: f64, w2: f64, w3: f64) -> (f64, f64) {
    let total = own + w1;
    let (share, rest) = (own / total, own * w1 / total);
    let trace = rest + (w1 - w2 / total);
    let ratio = w2 / total;
    let square = (w2 - 2.0 * w3 / total) + rest * rest + 2.0 * w2 * share * share + ratio * ratio;
    (trace, -square)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two studies: P = (w₁w₂/S₁)(1, −1; −1, 1), so everything is in closed form.
    #[test]
    fn a_weight_of_a_thousand_million() {
        let (y, v) = ([0.3, 1.1], [1.0, 1e-9]);
        let slopes = Studies::new(&y, &v).slopes(Target::Restricted, 0.0);
        let p = 1.0 / (1.0 + 1e-9);
        let d = 1.1 - 0.3;
        for (got, want) in [
            (slopes.fall, 2.0 * p),
            (slopes.fall_slope, -4.0 * p * p),
            (slopes.rise, 2.0 * p * p * d * d),
            (slopes.rise_slope, -8.0 * p * p * p * d * d),
        ] {
            assert!((got / want - 1.0).abs() < 4e-16, "{got} {want}");
        }
    }

    #[test]
    fn slopes_are_the_differences() {
        let (y, v) = ([0.3, 1.1, -0.4, 2.0], [0.3, 0.1, 0.02, 0.5]);
        let studies = Studies::new(&y, &v);
        for target in [Target::Full, Target::Restricted, Target::Mean(0.7)] {
            let (h, t) = (1e-6, 0.2);
            let [a, b, c] = [t - h, t, t + h].map(|t| studies.slopes(target, t));
            assert!(((c.rise - a.rise) / (2.0 * h) / b.rise_slope - 1.0).abs() < 1e-8);
            assert!(((c.fall - a.fall) / (2.0 * h) / b.fall_slope - 1.0).abs() < 1e-8);
        }
    }
}
