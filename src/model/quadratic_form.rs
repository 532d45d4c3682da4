//! The exact distribution of a generalised Cochran Q, without a matrix and without its eigenvalues.

mod contour;
mod saddle;

use crate::numeric::sum::{Sum, sum};
use saddle::Saddle;

/// Q_a = Σ a (y − ȳ_a)² with any weights a > 0, ȳ_a = Σ a y/Σ a, for independent normal y of variances
/// v + τ² and one mean.
///
/// Q_a is a weighted sum of k − 1 χ²(1) variables, the weights being the eigenvalues of
/// diag(d) − uuᵀ/Σ a with d = a (v + τ²), u = √(a d). They are not needed: the Laplace transform is
/// E exp(−p Q_a) = D(p)^(−1/2) with, by the determinant of a diagonal plus a rank-one matrix,
///
/// D(p) = Π (1 + 2 p d) · Σ a/(1 + 2 p d) / Σ a,
///
/// which costs O(k). Its inversion is a contour integral; see [`Law::tails`].
///
/// Sources: Jackson 2013, doi:10.1002/jrsm.1081, and Biggerstaff & Jackson 2008, doi:10.1002/sim.3461,
/// for the use of Q_a.
///
/// ```
/// use metaprop::numeric::chi_squared;
/// use metaprop::model::quadratic_form::GeneralisedQ;
///
/// // Cochran's Q without heterogeneity is χ²(k − 1).
/// let v = [0.1, 0.2, 0.4, 0.05];
/// let cochran = GeneralisedQ::new(v.iter().map(|v| 1.0 / v), &v);
/// let (lower, upper) = cochran.law(0.0).tails(5.0);
/// assert!((lower - chi_squared::cdf(5.0, 3.0)).abs() < 1e-14);
/// assert!((upper - chi_squared::sf(5.0, 3.0)).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct GeneralisedQ {
    /// a and v of each study.
    studies: Vec<(f64, f64)>,
    /// Σ a.
    total: f64,
}

impl GeneralisedQ {
    /// With these weights, for studies of these variances.
    #[must_use]
    pub fn new(weights: impl IntoIterator<Item = f64>, v: &[f64]) -> Self {
        let studies: Vec<(f64, f64)> = weights.into_iter().zip(v.iter().copied()).collect();
        let total = sum(studies.iter().map(|(a, _)| *a));
        Self { studies, total }
    }

    /// Q_a of these estimates.
    ///
    /// ```
    /// let q = metaprop::model::quadratic_form::GeneralisedQ::new([1.0, 1.0], &[1.0, 1.0]);
    /// assert_eq!(q.observed(&[0.0, 1.0]), 0.5);
    /// ```
    #[must_use]
    pub fn observed(&self, y: &[f64]) -> f64 {
        let origin = y.first().copied().unwrap_or(0.0);
        let pairs = || self.studies.iter().zip(y).map(move |((a, _), y)| (*a, y - origin));
        let offset = sum(pairs().map(|(a, d)| a * d)) / self.total;
        sum(pairs().map(|(a, d)| a * (d - offset) * (d - offset)))
    }

    /// The mean of Q_a is `at_zero` + τ² `per_tau2`: Σ a v − Σ a² v/Σ a and Σ a − Σ a²/Σ a.
    #[must_use]
    pub fn mean(&self) -> (f64, f64) {
        let (mut at_zero, mut per_tau2) = (Sum::new(), Sum::new());
        for &(a, v) in &self.studies {
            let contrast = a * ((self.total - a) / self.total);
            at_zero.add(contrast * v);
            per_tau2.add(contrast);
        }
        (at_zero.value(), per_tau2.value())
    }

    /// The distribution of Q_a at this τ² ≥ 0.
    #[must_use]
    pub fn law(&self, tau2: f64) -> Law {
        let mut terms: Vec<Term> = self.studies.iter().map(|&(a, v)| Term { d: a * (v + tau2), a }).collect();
        let mean = sum(terms.iter().map(|term| term.d * ((self.total - term.a) / self.total)));
        let mut largest = 0;
        for (index, term) in terms.iter().enumerate() {
            if term.d > terms[largest].d {
                largest = index;
            }
        }
        let largest =
            if terms.is_empty() { Term { d: f64::NAN, a: f64::NAN } } else { terms.swap_remove(largest) };
        Law { terms, largest, total: self.total, mean }
    }
}

/// One diagonal entry d = a (v + τ²), and its weight a.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Term {
    d: f64,
    a: f64,
}

/// The distribution of [`GeneralisedQ`] at one τ².
#[derive(Debug, Clone)]
pub struct Law {
    /// All but the largest.
    terms: Vec<Term>,
    /// The term with the largest d, kept apart: (1 + 2 p d) times its share of the sum in D(p) is then
    /// its weight, so that D(p) is computed without 0 · ∞ also where 1 + 2 p d is 0 or less.
    largest: Term,
    total: f64,
    mean: f64,
}

impl Law {
    /// P(Q_a ≤ q) and P(Q_a > q): the smaller with a relative error of about 1e-13 for up to 10⁴
    /// studies, growing with √k beyond; the other is one minus it.
    ///
    /// The smaller is ±(1/2πi) ∫ exp(p q) D(p)^(−1/2)/p dp over a contour through the saddle point of
    /// the integrand, on the right of 0 for the lower tail and between 0 and the first singularity for
    /// the upper one (Rice 1980, doi:10.1137/0901031). The contour is a hyperbola bent as the path of
    /// steepest descent is, and the trapezoidal rule converges
    /// exponentially on it (Trefethen & Weideman 2014, doi:10.1137/130932132): the step is halved until
    /// two sums agree to 1e-10, so that the second is good to rounding. NaN where it never does, or where
    /// q is below 1e-150 of the mean.
    ///
    /// ```
    /// use metaprop::model::quadratic_form::GeneralisedQ;
    /// // Two studies: Q = (y₁ − y₂)²/2 is (v + τ²) χ²(1).
    /// let law = GeneralisedQ::new([1.0, 1.0], &[1.0, 1.0]).law(3.0);
    /// assert!((law.tails(4.0 * 3.841458820694124).1 - 0.05).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn tails(&self, q: f64) -> (f64, f64) {
        if q <= 0.0 {
            return (0.0, 1.0);
        }
        let upper = q > self.mean;
        let tail =
            Saddle::find(self, q, upper).map_or(f64::NAN, |saddle| contour::integral(self, &saddle, q));
        if upper { (1.0 - tail, tail) } else { (tail, 1.0 - tail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::chi_squared;

    /// Equal weights and variances: (v + τ²) χ²(k − 1), in both far tails.
    #[test]
    fn equal_studies_are_chi_squared() {
        for k in [2_usize, 3, 10, 100, 3000] {
            let v = vec![0.7; k];
            let law = GeneralisedQ::new(vec![1.3; k], &v).law(0.2);
            let df = k as f64 - 1.0;
            for p in [1e-60, 1e-12, 0.025, 0.3, 0.5] {
                let scale = 1.3 * 0.9;
                let (low, high) =
                    (chi_squared::quantile(p, df) * scale, chi_squared::upper_quantile(p, df) * scale);
                let (lower, upper) = (law.tails(low).0, law.tails(high).1);
                let tolerance = 2e-13 * (1.0 - 2.0 * crate::numeric::elementary::ln(p)).max(k as f64 / 100.0);
                assert!((lower / p - 1.0).abs() < tolerance, "k {k} p {p}: lower {lower:e}");
                assert!((upper / p - 1.0).abs() < tolerance, "k {k} p {p}: upper {upper:e}");
            }
        }
    }

    /// One weight or one variance a thousand million times the others.
    #[test]
    fn two_studies_of_any_kind() {
        for (a, v) in [
            ([1.0, 1e-9], [1.0, 1e9]),
            ([1e9, 1.0], [1e-9, 1.0]),
            ([1.0, 1.0], [1e-9, 1.0]),
            ([5.0, 0.1], [3.0, 1e9]),
        ] {
            let law = GeneralisedQ::new(a, &v).law(0.5);
            let lambda = a[0] * a[1] / (a[0] + a[1]) * (v[0] + v[1] + 1.0);
            for x in [1e-6, 0.1, 1.0, 4.0, 50.0] {
                let (lower, upper) = law.tails(x * lambda);
                assert!((lower / chi_squared::cdf(x, 1.0) - 1.0).abs() < 1e-12, "{a:?} {v:?} {x} {lower:e}");
                assert!((upper / chi_squared::sf(x, 1.0) - 1.0).abs() < 1e-12, "{a:?} {v:?} {x} {upper:e}");
            }
        }
    }
}
