//! The log-likelihood of the two variances with its first and second derivatives.

use super::rows::ClusteredRows;
use crate::model::likelihood::normal::Likelihood;
use crate::numeric::elementary::ln;
use crate::numeric::sum::{Sum, of_logs, sum};

/// The variances: between clusters, and within them.
pub(super) type Variances = [f64; 2];

/// A symmetric matrix of two rows: its corners and what stands beside the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Symmetric {
    pub diagonal: [f64; 2],
    pub beside: f64,
}

/// The likelihood at a pair of variances.
///
/// With a = 1/(v + τ²_within), A = Σa of a cluster and m its mean by these weights, the covariance V of a cluster is
/// diag(v + τ²_within) + τ²_between 11ᵀ, and by the formula of Sherman and Morrison V⁻¹1 = ca with
/// c = 1/(1 + τ²_between A). So a cluster is its mean m with the weight W = cA = 1/(1/A + τ²_between).
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// −2 ln L without what is constant in the variances.
    pub value: f64,
    /// Its derivatives.
    pub gradient: [f64; 2],
    /// Its second derivatives.
    pub hessian: Symmetric,
    /// Their expected values: twice the information. It is positive definite.
    pub expected: Symmetric,
    /// The mean of all: Σ W m/S, less the origin of the estimates.
    pub mean: f64,
    /// S = Σ W, the inverse of the variance of the mean.
    pub precision: f64,
}

/// What a cluster is at a pair of variances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cluster {
    /// A = Σ a.
    pub a: f64,
    /// Σ a².
    squares: f64,
    /// Σ a³.
    cubes: f64,
    /// m = Σ a y/A.
    pub mean: f64,
    /// c = 1/(1 + τ²_between A).
    pub factor: f64,
    /// W = cA.
    pub weight: f64,
}

impl Cluster {
    fn new(y: &[f64], v: &[f64], [between, within]: Variances) -> Self {
        let [mut a, mut squares, mut cubes, mut weighted] = [Sum::new(); 4];
        // Deviations from a row of the cluster: those of rows that agree lose no digits.
        let origin = y[0];
        for (y, v) in y.iter().zip(v) {
            let weight = 1.0 / (v + within);
            a.add(weight);
            squares.add(weight * weight);
            cubes.add(weight * weight * weight);
            weighted.add(weight * (y - origin));
        }
        let a = a.value();
        let factor = 1.0 / (1.0 + between * a);
        Self {
            a,
            squares: squares.value(),
            cubes: cubes.value(),
            mean: origin + weighted.value() / a,
            factor,
            weight: factor * a,
        }
    }
}

/// The clusters at a pair of variances.
pub(super) fn clusters(rows: &ClusteredRows, at: Variances) -> Vec<Cluster> {
    rows.each().map(|(y, v)| Cluster::new(y, v, at)).collect()
}

/// Mean and precision of the clusters: Σ W m/Σ W, and Σ W.
pub(super) fn mean(clusters: &[Cluster]) -> (f64, f64) {
    let precision = sum(clusters.iter().map(|cluster| cluster.weight));
    // From the heaviest cluster, so that one that dominates costs no digits.
    let heaviest = clusters.iter().max_by(|one, other| one.weight.total_cmp(&other.weight));
    let origin = heaviest.map_or(0.0, |cluster| cluster.mean);
    let shifted = sum(clusters.iter().map(|cluster| cluster.weight * (cluster.mean - origin)));
    (origin + shifted / precision, precision)
}

/// Sums over the clusters that value and derivatives are made of.
#[derive(Default)]
struct Sums {
    /// Q = yᵀPy = Σ a d² + Σ W r², with d = y − m of a row and r = m − μ of a cluster.
    q: Sum,
    /// tr V⁻¹Z and the traces of products, for Z = 11ᵀ and 1.
    trace: [Sum; 2],
    trace_products: [Sum; 3],
    /// qᵀZq with q = V⁻¹(y − μ) = a(d + cr).
    score: [Sum; 2],
    /// 1ᵀV⁻¹ZV⁻¹1.
    of_ones: [Sum; 2],
    /// 1ᵀV⁻¹ZV⁻¹ZV⁻¹1.
    of_ones_twice: [Sum; 3],
    /// 1ᵀV⁻¹Zq, and qᵀZV⁻¹Zq.
    crossed: [Sum; 2],
    curvature: [Sum; 3],
}

impl Sums {
    fn add(&mut self, y: &[f64], v: &[f64], cluster: &Cluster, [between, within]: Variances, mu: f64) {
        let Cluster { squares, cubes, mean, factor: c, weight, .. } = *cluster;
        let residual = mean - mu;
        let [mut q, mut length, mut weighted, mut weighted_squares] = [Sum::new(); 4];
        for (y, v) in y.iter().zip(v) {
            let (a, d) = (1.0 / (v + within), y - mean);
            let of_row = a * (d + c * residual);
            q.add(a * d * d);
            length.add(of_row * of_row);
            weighted.add(a * of_row);
            weighted_squares.add(a * of_row * of_row);
        }
        let shrunk = between * c;
        let (s, h) = (weight * residual, c * weighted.value());
        self.q.add(q.value());
        self.q.add(weight * residual * residual);
        self.trace[0].add(weight);
        self.trace[1].add(cluster.a - shrunk * squares);
        let of_product = squares - 2.0 * shrunk * cubes + shrunk * shrunk * squares * squares;
        add(&mut self.trace_products, [weight * weight, c * c * squares, of_product]);
        add(&mut self.score, [s * s, length.value()]);
        add(&mut self.of_ones, [weight * weight, c * c * squares]);
        let twice = c * c * (cubes - shrunk * squares * squares);
        add(&mut self.of_ones_twice, [weight * weight * weight, weight * c * c * squares, twice]);
        add(&mut self.crossed, [weight * s, h]);
        let own = weighted_squares.value() - shrunk * weighted.value() * weighted.value();
        add(&mut self.curvature, [weight * s * s, s * h, own]);
    }
}

fn add<const N: usize>(sums: &mut [Sum; N], terms: [f64; N]) {
    sums.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
}

impl Point {
    /// In O(k): with P = V⁻¹ − V⁻¹11ᵀV⁻¹/S and f = −2 ln L, ∂f = tr V⁻¹Z − yᵀPZPy for the full likelihood, with tr PZ for
    /// the restricted one, and ∂²f = 2yᵀPZPZPy − tr V⁻¹ZV⁻¹Z, or tr PZPZ.
    pub fn new(rows: &ClusteredRows, at: Variances, likelihood: Likelihood) -> Self {
        let clusters = clusters(rows, at);
        let (mean, precision) = mean(&clusters);
        let mut sums = Sums::default();
        for ((y, v), cluster) in rows.each().zip(&clusters) {
            sums.add(y, v, cluster, at, mean);
        }
        let scaled: Vec<f64> = clusters.iter().map(|cluster| at[0] * cluster.a).collect();
        let value = of_logs(&rows.v, at[1]) + of_logs(&scaled, 1.0) + sums.q.value();
        let restricted = likelihood == Likelihood::Restricted;
        let once = |of: usize| sums.of_ones[of].value() / precision;
        let slope = |of: usize| {
            let trace = sums.trace[of].value();
            let trace = if restricted { trace - once(of) } else { trace };
            trace - sums.score[of].value()
        };
        // Between, across, within.
        let pairs = [(0, 0), (0, 1), (1, 1)];
        let expected = |of: usize| {
            let (one, other) = pairs[of];
            let trace = sums.trace_products[of].value();
            let less = 2.0 * sums.of_ones_twice[of].value() / precision;
            if restricted { trace - less + once(one) * once(other) } else { trace }
        };
        let second = |of: usize| {
            let (one, other) = pairs[of];
            let crossed = sums.crossed[one].value() * sums.crossed[other].value() / precision;
            2.0 * (sums.curvature[of].value() - crossed) - expected(of)
        };
        let matrix = |of: &dyn Fn(usize) -> f64| Symmetric { diagonal: [of(0), of(2)], beside: of(1) };
        Self {
            value: if restricted { value + ln(precision) } else { value },
            gradient: [slope(0), slope(1)],
            hessian: matrix(&second),
            expected: matrix(&expected),
            mean,
            precision,
        }
    }

    /// The log-likelihood of k rows: −½(k ln 2π + f), restricted −½((k − 1) ln 2π − ln k + f).
    pub fn log_likelihood(&self, k: usize, likelihood: Likelihood) -> f64 {
        let (k, ln_2pi) = (k as f64, ln(std::f64::consts::TAU));
        match likelihood {
            Likelihood::Full => -0.5 * (k * ln_2pi + self.value),
            Likelihood::Restricted => -0.5 * ((k - 1.0) * ln_2pi - ln(k) + self.value),
        }
    }
}
