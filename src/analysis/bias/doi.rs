//! The Doi plot in numbers, and the LFK index.

use serde::Serialize;

use super::tested::Tested;
use crate::analysis::MetaAnalysis;
use crate::numeric::normal;
use crate::numeric::sum::sum;
use crate::options::Model;

/// The Doi plot and the LFK index of Furuya-Kanamori, Barendregt and Doi (2018, doi:10.1097/XEB.0000000000000141).
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct Doi {
    /// The LFK index.
    #[serde(skip)]
    pub lfk: Option<f64>,
    /// The estimate of the study with the smallest |z|, on the analysis scale: the line that parts the two limbs.
    pub tip_y: Option<f64>,
    /// A point a study, in the order of the studies.
    pub points: Vec<DoiPoint>,
    /// Why there is no index; absent where there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A study in the Doi plot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DoiPoint {
    /// The study.
    pub study: String,
    /// Its estimate on the analysis scale: the horizontal axis.
    pub y: f64,
    /// Its normal quantile; the vertical axis is |z|, reversed.
    pub z: f64,
}

impl MetaAnalysis {
    /// The Doi plot in numbers, and the LFK index.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)])?;
    /// let doi = fit(&data, &Spec::default())?.doi();
    /// assert_eq!(doi.points.len(), 5);
    /// assert!(doi.lfk.is_some() && doi.points.iter().any(|point| Some(point.y) == doi.tip_y));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn doi(&self) -> Doi {
        if self.spec.model == Model::ThreeLevel {
            let reason = "a Doi plot takes independent studies, and model = three-level has rows in clusters";
            return Doi { reason: Some(reason.to_string()), ..Doi::default() };
        }
        doi(&Tested::new(self))
    }
}

/// The LFK index (5/2k) Σ (z + r d).
///
/// A study stands for m = 100 max v/v people, rounded. In the order of the estimates its percentile is that of the middle
/// of its people, (M − m/2 − ½)/Σm with the sum M up to and with it, and z its normal quantile; d is its estimate less
/// that of the study with the smallest |z|, and r = (max z − min z)/(max d − min d). Studies with the same estimate share
/// the middle of all their people. O(k log k).
pub(super) fn doi(tested: &Tested<'_>) -> Doi {
    let refused = |reason: &str| Doi { reason: Some(reason.to_string()), ..Doi::default() };
    let (y, k) = (&tested.sizes.deviations, tested.k());
    if k < 2 {
        return refused("one study has no two limbs");
    }
    let order = ascending(y);
    let range = y[order[k - 1]] - y[order[0]];
    if range <= 0.0 {
        return refused("every study has the same estimate");
    }
    let z = quantiles(y, &people(&tested.sizes.v), &order);
    // Of two that are as near, that of the smaller estimate.
    let tip = order.iter().copied().min_by(|a, b| z[*a].abs().total_cmp(&z[*b].abs())).expect("a study");
    let spread = z[order[k - 1]] - z[order[0]];
    let terms = (0..k).map(|row| z[row] + spread * ((y[row] - y[tip]) / range));
    let lfk = 2.5 / k as f64 * sum(terms);
    let point = |row: usize| DoiPoint {
        study: tested.result.data.labels.at(tested.sizes.study[row] as usize).name.to_string(),
        y: tested.sizes.y[row],
        z: z[row],
    };
    Doi {
        lfk: Some(lfk),
        tip_y: Some(tested.sizes.y[tip]),
        points: (0..k).map(point).collect(),
        reason: None,
    }
}

/// The rows by ascending value.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    order
}

/// How many people each study stands for.
fn people(v: &[f64]) -> Vec<f64> {
    let largest = v.iter().copied().fold(0.0, f64::max);
    v.iter().map(|v| (100.0 * largest / v).round()).collect()
}

/// Estimates that differ by less than this part of the largest deviation differ by rounding alone.
const TIED: f64 = 1e-13;

fn quantiles(y: &[f64], people: &[f64], order: &[usize]) -> Vec<f64> {
    let all = sum(people.iter().copied());
    let largest = y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
    let mut z = vec![0.0; y.len()];
    let mut below = 0.0;
    for tied in order.chunk_by(|a, b| y[*b] - y[*a] <= TIED * largest) {
        let here: f64 = tied.iter().map(|row| people[*row]).sum();
        let [low, high] = [below + 0.5 * here - 0.5, all - below - 0.5 * here + 0.5];
        // From the nearer end, so that a percentile near 1 loses nothing.
        let quantile =
            if low < high { normal::quantile(low / all) } else { normal::upper_quantile(high / all) };
        tied.iter().for_each(|row| z[*row] = quantile);
        below += here;
    }
    z
}
