//! The score of a likelihood in τ² (its slope), as the difference of a quadratic form and a trace.

use std::borrow::Borrow;

use crate::numeric::sum::Sum;

/// Estimates and variances, with the estimates as differences from the most precise one.
///
/// The weight of the most precise study is kept apart from the sum of the others, so that nothing below
/// cancels however much that study dominates: computed as written, S₁ − S₂/S₁ loses nine digits where one
/// weight is 10⁹ times the others.
#[derive(Debug, Clone)]
pub struct CentredStudies {
    /// The smallest variance, that of the most precise study.
    pub min_v: f64,
    /// The largest variance.
    pub max_v: f64,
    /// The estimate of the most precise study.
    pub origin: f64,
    /// Σ(y − ȳ)².
    pub sum_of_squares: f64,
    /// The other studies: y minus the origin, and v.
    others: Vec<(f64, f64)>,
}

/// The terms of twice the score at one τ²: `quadratic` − `trace`, and their slopes in τ².
///
/// Both terms are sums of c/(a + τ²)ⁿ with c ≥ 0, hence completely monotone: decreasing and convex in τ². So their
/// values and slopes at the two ends of an interval bound them, and the score, on the whole interval.
///
/// This holds for any model matrix X. With the columns of K an orthonormal basis of the contrasts, those vectors
/// that are orthogonal to the columns of X, P = K(Kᵀ(V + τ²I)K)⁻¹Kᵀ (Harville 1974,
/// doi:10.1093/biomet/61.2.383), V = diag(v), and Kᵀ(V + τ²I)K = KᵀVK + τ²I. So the a are the k − p eigenvalues
/// of KᵀVK, which do not depend on τ², and nor do its eigenvectors u: yᵀPⁿy = Σ (uᵀKᵀy)²/(a + τ²)ⁿ and
/// tr Pⁿ = Σ 1/(a + τ²)ⁿ. For the full likelihood the trace is Σ w, whose a are the v.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreTerms {
    /// yᵀP²y = Σ w² r², r the residuals.
    pub quadratic: f64,
    /// Its slope, −2 yᵀP³y.
    pub quadratic_slope: f64,
    /// The expectation of `quadratic`: Σ w, or for the restricted likelihood tr P.
    pub trace: f64,
    /// Its slope, −Σ w², or −tr P².
    pub trace_slope: f64,
}

impl ScoreTerms {
    /// Twice the slope of the log-likelihood.
    #[must_use]
    pub fn twice_score(&self) -> f64 {
        self.quadratic - self.trace
    }
}

/// The slope of a log-likelihood in τ², as the certificate searches it for the maxima.
pub trait Score {
    /// The terms of the score at this τ² ≥ 0.
    fn terms(&self, tau2: f64) -> ScoreTerms;

    /// The smallest and the largest variance v.
    fn variances(&self) -> [f64; 2];

    /// The number of studies, as a real number.
    fn k(&self) -> f64;

    /// The sum of squares of the residuals of the unweighted fit.
    fn sum_of_squares(&self) -> f64;

    /// S and n for which, at every τ² ≥ 0, `quadratic` is at most S/(v_min + τ²)² and `trace` at least
    /// n/(v_max + τ²).
    ///
    /// The eigenvalues a + τ² of Kᵀ(V + τ²I)K (see [`ScoreTerms`]) lie between v_min + τ² and v_max + τ². So
    /// yᵀP²y, which the fitted values of the unweighted fit do not change, is at most the sum of squares of its
    /// residuals over (v_min + τ²)², and tr P at least (k − p)/(v_max + τ²). The full likelihood has
    /// Σ w ≥ k/(v_max + τ²) in place of tr P, and with a fixed mean Σ(y − μ)² in place of that sum of squares.
    fn bounds(&self) -> (f64, f64);
}

/// The likelihood of one mean, as a function of τ² alone, whose score is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// The full likelihood, with the mean that maximises it at each τ².
    Full,
    /// The restricted likelihood.
    Restricted,
    /// The full likelihood at this fixed mean, as in a profile over the mean.
    Mean(f64),
}

impl CentredStudies {
    /// From at least one estimate and its variance.
    #[must_use]
    pub fn new(y: &[f64], v: &[f64]) -> Self {
        let (mut most_precise, mut min_v, mut max_v) = (0, f64::INFINITY, f64::NEG_INFINITY);
        for (index, &v) in v.iter().enumerate() {
            if v < min_v {
                (most_precise, min_v) = (index, v);
            }
            max_v = max_v.max(v);
        }
        let origin = y.get(most_precise).copied().unwrap_or(f64::NAN);
        let mut others: Vec<(f64, f64)> = y.iter().zip(v).map(|(y, v)| (y - origin, *v)).collect();
        if most_precise < others.len() {
            others.remove(most_precise);
        }
        let mut studies = Self { min_v, max_v, origin, sum_of_squares: 0.0, others };
        studies.sum_of_squares = studies.squares_about_their_mean();
        studies
    }

    /// The number of studies, as a real number.
    #[must_use]
    pub fn k(&self) -> f64 {
        self.others.len() as f64 + 1.0
    }

    /// Σ(y − μ)².
    #[must_use]
    pub fn sum_of_squares_about(&self, mean: f64) -> f64 {
        let mean = mean - self.origin;
        let [squares] = self.sums(|d, _| [(d - mean) * (d - mean)]);
        squares + mean * mean
    }

    /// Σ(y − ȳ)².
    fn squares_about_their_mean(&self) -> f64 {
        let [total] = self.sums(|d, _| [d]);
        let mean = total / self.k();
        let [squares] = self.sums(|d, _| [(d - mean) * (d - mean)]);
        squares + mean * mean
    }

    /// The terms of the score at this τ² ≥ 0, in two passes.
    #[must_use]
    pub fn score_terms(&self, target: Target, tau2: f64) -> ScoreTerms {
        let largest_w = 1.0 / (self.min_v + tau2);
        let [w1, w2, w3, wd] = self.sums(|d, v| {
            let w = 1.0 / (v + tau2);
            let square = w * w;
            [w, square, square * w, w * d]
        });
        let total = largest_w + w1;
        let offset = match target {
            Target::Full | Target::Restricted => wd / total,
            Target::Mean(mean) => mean - self.origin,
        };
        // Σ w r², Σ w² r², Σ w² r and Σ w³ r² of the residuals r.
        let [wr2, w2r2, w2r, w3r2] = self.sums(|d, v| {
            let w = 1.0 / (v + tau2);
            let r = d - offset;
            let wr = w * r;
            let w2r = w * wr;
            [wr * r, wr * wr, w2r, w2r * wr]
        });
        // The most precise study has the residual −offset.
        let wr = -largest_w * offset;
        let quadratic = w2r2 + wr * wr;
        let w3r2 = w3r2 + largest_w * wr * wr;
        let (trace, trace_slope) = match target {
            Target::Restricted => traces(largest_w, w1, w2, w3),
            Target::Full | Target::Mean(_) => (total, -(w2 + largest_w * largest_w)),
        };
        let cubic = match target {
            Target::Mean(_) => w3r2,
            // yᵀP³y is a difference of two sums; (yᵀP²y)²/(yᵀPy) is a lower bound by Cauchy and Schwarz.
            Target::Full | Target::Restricted => {
                let w2r = w2r + largest_w * wr;
                let q = wr2 - wr * offset;
                (w3r2 - w2r * w2r / total).max(if q > 0.0 { quadratic * quadratic / q } else { 0.0 })
            }
        };
        ScoreTerms { quadratic, quadratic_slope: -2.0 * cubic, trace, trace_slope }
    }

    /// Sums over the other studies: plain within a block, compensated between blocks, so that the error does
    /// not grow with the number of studies beyond that of one block.
    fn sums<const N: usize>(&self, terms: impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
        if self.others.len() <= BLOCK {
            return block_sums(&self.others, &terms);
        }
        let mut sums = [Sum::new(); N];
        for block in self.others.chunks(BLOCK) {
            for (sum, part) in sums.iter_mut().zip(block_sums(block, &terms)) {
                sum.add(part);
            }
        }
        sums.map(|sum| sum.value())
    }
}

/// The score of one likelihood of one mean; `S` is [`CentredStudies`] or a reference to them.
#[derive(Debug, Clone, Copy)]
pub struct MeanScore<S> {
    /// The studies.
    pub studies: S,
    /// The likelihood.
    pub target: Target,
}

impl<S: Borrow<CentredStudies>> Score for MeanScore<S> {
    fn terms(&self, tau2: f64) -> ScoreTerms {
        self.studies.borrow().score_terms(self.target, tau2)
    }

    fn variances(&self) -> [f64; 2] {
        let studies = self.studies.borrow();
        [studies.min_v, studies.max_v]
    }

    fn k(&self) -> f64 {
        self.studies.borrow().k()
    }

    fn sum_of_squares(&self) -> f64 {
        self.studies.borrow().sum_of_squares
    }

    fn bounds(&self) -> (f64, f64) {
        let studies = self.studies.borrow();
        match self.target {
            Target::Full => (studies.sum_of_squares, studies.k()),
            Target::Restricted => (studies.sum_of_squares, studies.k() - 1.0),
            Target::Mean(mean) => (studies.sum_of_squares_about(mean), studies.k()),
        }
    }
}

const BLOCK: usize = 64;

#[inline]
fn block_sums<const N: usize>(block: &[(f64, f64)], terms: &impl Fn(f64, f64) -> [f64; N]) -> [f64; N] {
    let mut sums = [0.0; N];
    for &(d, v) in block {
        let parts = terms(d, v);
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += part;
        }
    }
    sums
}

/// tr P and −tr P² of P = W − wwᵀ/S₁, from the largest weight and the power sums of the other weights:
/// S₁ − S₂/S₁ and S₂ − 2 S₃/S₁ + (S₂/S₁)², rearranged so that the largest weight does not cancel against S₁.
fn traces(largest_w: f64, w1: f64, w2: f64, w3: f64) -> (f64, f64) {
    let total = largest_w + w1;
    let (share, rest) = (largest_w / total, largest_w * w1 / total);
    let trace = rest + (w1 - w2 / total);
    let ratio = w2 / total;
    let square = (w2 - 2.0 * w3 / total) + rest * rest + 2.0 * w2 * share * share + ratio * ratio;
    (trace, -square)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With two studies P = (w₁w₂/S₁)(1, −1; −1, 1), so everything has a closed form.
    #[test]
    fn a_weight_of_a_thousand_million_loses_no_digits() {
        let (y, v) = ([0.3, 1.1], [1.0, 1e-9]);
        let terms = CentredStudies::new(&y, &v).score_terms(Target::Restricted, 0.0);
        let p = 1.0 / (1.0 + 1e-9);
        let d = 1.1 - 0.3;
        for (got, want) in [
            (terms.trace, 2.0 * p),
            (terms.trace_slope, -4.0 * p * p),
            (terms.quadratic, 2.0 * p * p * d * d),
            (terms.quadratic_slope, -8.0 * p * p * p * d * d),
        ] {
            assert!((got / want - 1.0).abs() < 4e-16, "{got} {want}");
        }
    }

    /// Two studies with variance 1 that differ by 3: P = ½(1, −1; −1, 1)/(1 + τ²).
    #[test]
    fn two_equal_variances() {
        let terms = CentredStudies::new(&[0.0, 3.0], &[1.0, 1.0]).score_terms(Target::Restricted, 0.0);
        assert_eq!((terms.quadratic, terms.trace), (4.5, 1.0));
        assert_eq!((terms.quadratic_slope, terms.trace_slope), (-9.0, -1.0));
    }

    #[test]
    fn slopes_agree_with_central_differences() {
        let (y, v) = ([0.3, 1.1, -0.4, 2.0], [0.3, 0.1, 0.02, 0.5]);
        let studies = CentredStudies::new(&y, &v);
        for target in [Target::Full, Target::Restricted, Target::Mean(0.7)] {
            let (h, t) = (1e-6, 0.2);
            let [a, b, c] = [t - h, t, t + h].map(|t| studies.score_terms(target, t));
            assert!(((c.quadratic - a.quadratic) / (2.0 * h) / b.quadratic_slope - 1.0).abs() < 1e-8);
            assert!(((c.trace - a.trace) / (2.0 * h) / b.trace_slope - 1.0).abs() < 1e-8);
        }
    }
}
