//! Begg and Mazumdar's rank correlation.

use serde::Serialize;

use super::tested::Tested;
use crate::numeric::kendall::Kendall;
use crate::numeric::normal;
use crate::numeric::sum::sum;
use crate::options::Profile;

/// Begg and Mazumdar's test (1994, doi:10.2307/2533446): Kendall's rank correlation of the standardised estimates
/// (y − m)/√(v − 1/Σw) with the variances v, m being the common-effect mean.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct RankTest {
    /// How many studies enter.
    pub k: usize,
    /// z = S/√var S, with the variance for the ties that there are and without correction for continuity.
    pub statistic: Option<f64>,
    /// Kendall's τ-b.
    pub tau: Option<f64>,
    /// Always `None`: z has none.
    pub df: Option<f64>,
    /// The two-sided p-value.
    pub p: Option<f64>,
    /// Whether p is that of Kendall's exact distribution; else that of z.
    pub exact: bool,
    /// Why there are no numbers; absent where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The exact distribution is used to this many studies: above it 1/k! is no double.
const EXACT_TO: usize = 170;

/// The test in O(k log k). The exact p is that of the profile `metafor`, where there are no ties.
pub(super) fn begg(tested: &Tested<'_>) -> RankTest {
    let k = tested.k();
    let refused = |reason: &str| RankTest { k, reason: Some(reason.to_string()), ..RankTest::default() };
    if k < 2 {
        return refused("a rank correlation takes at least two studies");
    }
    let v = &tested.sizes.v;
    let Some(found) = Kendall::new(&standardised(&tested.sizes.deviations, v), v) else {
        return refused("the variances, or the standardised estimates, are the same in every study");
    };
    let z = found.score / found.variance.sqrt();
    let exact = tested.spec.profile == Profile::Metafor && !found.tied && k <= EXACT_TO;
    let p = if exact { found.exact_p() } else { normal::two_sided_p(z) };
    RankTest { k, statistic: Some(z), tau: Some(found.tau), df: None, p: Some(p), exact, reason: None }
}

/// (y − m)/√(v − 1/Σw) = (y − m)/√(v Σ'w/Σw), Σ' over the other studies: without the difference of nearly equal
/// numbers where one study has most of the weight.
fn standardised(y: &[f64], v: &[f64]) -> Vec<f64> {
    let w: Vec<f64> = v.iter().map(|v| 1.0 / v).collect();
    let all = sum(w.iter().copied());
    let mean = sum(w.iter().zip(y).map(|(w, y)| w * y)) / all;
    let mut before = vec![0.0; w.len()];
    let mut after = vec![0.0; w.len()];
    for row in 1..w.len() {
        before[row] = before[row - 1] + w[row - 1];
        let back = w.len() - 1 - row;
        after[back] = after[back + 1] + w[back + 1];
    }
    let others = before.iter().zip(&after).map(|(before, after)| before + after);
    y.iter().zip(v).zip(others).map(|((y, v), others)| (y - mean) / (v * (others / all)).sqrt()).collect()
}
