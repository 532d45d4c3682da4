//! Standard errors of coefficients where studies of a cluster may be correlated.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::Error;
use crate::model::{RegressionFit, WeightedRegression};
use crate::numeric::linear::{Square, inverse_root, plain_dot as dot, unit_vector};
use crate::numeric::student_t;

/// Cluster-robust tests: the bias-reduced linearisation CR2 with the weights of the model, and degrees of freedom by
/// Satterthwaite (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004, eqs 4 to 12,
/// with the model's own variances as the working model).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClusterRobust {
    /// The column of the clusters.
    pub cluster: String,
    /// How many there are.
    pub clusters: u64,
    /// Each coefficient.
    pub coefficients: Vec<RobustCoefficient>,
}

/// A coefficient with its cluster-robust test against 0, on the analysis scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RobustCoefficient {
    /// The name of its column in the model matrix.
    pub term: String,
    /// The estimate.
    pub estimate: f64,
    /// The cluster-robust standard error.
    pub se: f64,
    /// estimate/se.
    pub statistic: Option<f64>,
    /// The degrees of freedom.
    pub df: Option<f64>,
    /// The two-sided p-value.
    pub p: Option<f64>,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl ClusterRobust {
    /// Of a fit whose studies belong to these clusters.
    pub(super) fn new(
        fit: &RegressionFit<'_>,
        estimates: &[(String, f64)],
        cluster: &str,
        clusters: &[u32],
        tail: f64,
    ) -> Result<Self, Error> {
        let groups = groups(clusters);
        if groups.len() < 2 {
            return Err(Error::data("cluster-robust standard errors take at least two clusters"));
        }
        let sums = fit.model_sums();
        let clusters: Vec<Cluster> = groups.iter().map(|rows| Cluster::new(rows, sums)).collect();
        let coefficients = estimates.iter().enumerate().map(|(index, (term, estimate))| {
            let z = sums.standardised(&unit_vector(estimates.len(), index));
            let squares = clusters.iter().map(|cluster| dot(&cluster.score, &z)).map(|score| score * score);
            let variance: f64 = squares.sum();
            RobustCoefficient::new(term, *estimate, variance.sqrt(), degrees_of_freedom(&clusters, &z), tail)
        });
        Ok(Self {
            cluster: cluster.to_string(),
            clusters: clusters.len() as u64,
            coefficients: coefficients.collect(),
        })
    }
}

/// What a cluster adds, on the scale on which the model's weights are all 1: there X is Q, with orthonormal columns,
/// and a coefficient is a combination z of them.
struct Cluster {
    /// The rows of Q.
    q: Vec<Vec<f64>>,
    /// A Q, with A = (I − QQᵀ)^(−1/2) of the cluster.
    adjusted: Vec<Vec<f64>>,
    /// QᵀA e, with the residuals e.
    score: Vec<f64>,
}

impl Cluster {
    fn new(rows: &[usize], sums: &WeightedRegression) -> Self {
        let q: Vec<Vec<f64>> = rows.iter().map(|row| sums.orthonormal(*row).to_vec()).collect();
        let unexplained = Square::from_fn(rows.len(), |row, column| {
            f64::from(u8::from(row == column)) - dot(&q[row], &q[column])
        });
        let root = inverse_root(&unexplained);
        let adjusted: Vec<Vec<f64>> = root.rows().map(|row| combination(row, &q)).collect();
        let e: Vec<f64> = rows.iter().map(|row| sums.standardised_residual(*row)).collect();
        let score = combination(&e, &adjusted);
        Self { q, adjusted, score }
    }
}

/// The sum of these rows, each times its factor.
fn combination(factors: &[f64], rows: &[Vec<f64>]) -> Vec<f64> {
    let mut total = vec![0.0; rows.first().map_or(0, Vec::len)];
    for (factor, row) in factors.iter().zip(rows) {
        total.iter_mut().zip(row).for_each(|(total, cell)| *total += factor * cell);
    }
    total
}

/// 2 E²/Var of the variance estimate under the model: (Σ gᵢᵢ)²/Σ gᵢⱼ² with gᵢⱼ = pᵢᵀpⱼ and pᵢ = (I − H)ᵢ Aᵢ Qᵢ z. Since
/// I − H is a projection gᵢⱼ is aᵢᵀaᵢ for i = j, less uᵢᵀuⱼ, with aᵢ = AᵢQᵢz and uᵢ = Qᵢᵀaᵢ.
fn degrees_of_freedom(clusters: &[Cluster], z: &[f64]) -> f64 {
    let p = z.len();
    let mut outer = vec![0.0; p * p];
    let (mut trace, mut squares) = (0.0, 0.0);
    for cluster in clusters {
        let a: Vec<f64> = cluster.adjusted.iter().map(|row| dot(row, z)).collect();
        let (u, own) = (combination(&a, &cluster.q), dot(&a, &a));
        let length = dot(&u, &u);
        trace += own - length;
        squares += own * own - 2.0 * own * length;
        outer.iter_mut().enumerate().for_each(|(at, cell)| *cell += u[at / p] * u[at % p]);
    }
    // Σ gᵢⱼ² = Σ (aᵢᵀaᵢ)² − 2 Σ aᵢᵀaᵢ uᵢᵀuᵢ + ‖Σ uᵢuᵢᵀ‖².
    trace * trace / (squares + dot(&outer, &outer))
}

impl RobustCoefficient {
    fn new(term: &str, estimate: f64, se: f64, df: f64, tail: f64) -> Self {
        let usable = se > 0.0 && df.is_finite() && df > 0.0;
        let exists = |value: f64| usable.then_some(value);
        let statistic = exists(estimate / se);
        let half = if usable { student_t::upper_quantile(tail, df) * se } else { f64::NAN };
        Self {
            term: term.to_string(),
            estimate,
            se,
            statistic,
            df: exists(df),
            p: statistic.map(|t| 2.0 * student_t::sf(t.abs(), df)),
            lower: exists(estimate - half),
            upper: exists(estimate + half),
        }
    }
}

/// The places of the studies of each cluster, in the order in which the clusters first stand.
fn groups(clusters: &[u32]) -> Vec<Vec<usize>> {
    let (mut places, mut groups): (HashMap<u32, usize>, Vec<Vec<usize>>) = (HashMap::new(), Vec::new());
    for (row, cluster) in clusters.iter().enumerate() {
        let place = *places.entry(*cluster).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(row);
    }
    groups
}
