//! Trim-and-fill.

use serde::{Deserialize, Serialize};

use super::tested::Tested;
use crate::analysis::MetaAnalysis;
use crate::data::Estimate;
use crate::error::Error;
use crate::model::{Design, Fit, HeterogeneityField, Prepared, Rows, Value};

/// How the number of missing studies is estimated from the ranks of |y − m| (Duval & Tweedie 2000,
/// doi:10.1111/j.0006-341X.2000.00455.x), T being the sum of the ranks above m.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TrimFillEstimator {
    /// (4T − k(k + 1))/(2k − 1).
    L0,
    /// The run of largest ranks that are all above m, less 1.
    R0,
    /// k − ½ − √(2k² − 4T + ¼).
    Q0,
}

impl TrimFillEstimator {
    /// Its name: `L0`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::L0 => "L0",
            Self::R0 => "R0",
            Self::Q0 => "Q0",
        }
    }
}

/// The side of the funnel where studies are taken to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Side {
    /// That of small estimates.
    Left,
    /// That of large ones.
    Right,
}

impl Side {
    /// Its word: `left`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// The pooled result with the missing studies that an estimator finds on a side filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TrimFill {
    /// The estimator of their number.
    pub estimator: TrimFillEstimator,
    /// The side where they are missing.
    pub side: Side,
    /// Whether this is the side that the regression on the standard error points to, as R metafor chooses it.
    pub chosen: bool,
    /// How many are filled in.
    pub k0: Option<usize>,
    /// The pooled value with them, on the analysis scale.
    pub y: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The pooled value as it is shown.
    pub estimate: Option<f64>,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// The between-study variance.
    pub tau2: Option<f64>,
    /// I², in percent.
    pub i2: Option<f64>,
    /// Cochran's Q.
    pub q: Option<f64>,
    /// The studies filled in.
    pub filled: Vec<Filled>,
    /// Why there are no numbers; absent where there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A study that was filled in: the mirror image of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Filled {
    /// The study that it mirrors.
    pub mirrors: String,
    /// Its estimate, on the analysis scale.
    pub y: f64,
    /// Its variance: that of the study it mirrors.
    pub v: f64,
}

/// After so many rounds without rest the number of missing studies goes in a circle.
const ROUNDS: usize = 100;

/// Every estimator on the side that `slope` points to, then on the other; on both sides where there is no slope.
/// A round takes O(k log k), and there are few.
pub(super) fn trim_fill(tested: &Tested<'_>, slope: Option<f64>) -> Vec<TrimFill> {
    let chosen = side(slope);
    let sides =
        if chosen == Some(Side::Right) { [Side::Right, Side::Left] } else { [Side::Left, Side::Right] };
    let estimators = [TrimFillEstimator::L0, TrimFillEstimator::R0, TrimFillEstimator::Q0];
    let each = sides.into_iter().flat_map(|side| estimators.map(|estimator| (side, estimator)));
    each.map(|(side, estimator)| of(tested.result, estimator, side, chosen == Some(side))).collect()
}

/// The side where studies are missing, by the slope on the standard error.
pub(super) fn side(slope: Option<f64>) -> Option<Side> {
    slope.map(|slope| if slope < 0.0 { Side::Right } else { Side::Left })
}

/// One estimator on one side.
pub(super) fn of(result: &MetaAnalysis, estimator: TrimFillEstimator, side: Side, chosen: bool) -> TrimFill {
    let [y, se, estimate, lower, upper, tau2, i2, q] = [None; 8];
    let (filled, reason) = (Vec::new(), None);
    let none = TrimFill {
        estimator,
        side,
        chosen,
        k0: None,
        y,
        se,
        estimate,
        lower,
        upper,
        tau2,
        i2,
        q,
        filled,
        reason,
    };
    match filled_in(result, estimator, side) {
        Ok(found) => TrimFill { estimator, side, chosen, ..found },
        Err(reason) => TrimFill { reason: Some(reason), ..none },
    }
}

fn filled_in(result: &MetaAnalysis, estimator: TrimFillEstimator, side: Side) -> Result<TrimFill, String> {
    if result.spec.model.is_of_counts() {
        return Err("it adds studies with an estimate and a standard error, and this model takes counts; \
                    pool with model = random"
            .to_string());
    }
    if result.k() < 2 {
        return Err("one study has nothing to be asymmetric to".to_string());
    }
    let Trimmed { missing, mean } = trimmed(result, estimator, side)?;
    let mirror = |row: &u32| {
        let row = *row as usize;
        // 2m − y, by the deviation of y from the origin.
        let y = mean + (mean - result.sizes.origin() - result.sizes.deviations[row]);
        Filled { mirrors: result.label(row).name.to_string(), y, v: result.sizes.v[row] }
    };
    let filled: Vec<Filled> = missing.iter().map(mirror).collect();
    refitted(result, filled).map(|found| TrimFill { estimator, side, ..found })
}

/// The pooled result of the studies and those filled in, by the choices of the analysis.
fn refitted(result: &MetaAnalysis, filled: Vec<Filled>) -> Result<TrimFill, String> {
    let imputed: Option<Vec<Estimate>> = filled.iter().map(|study| Estimate::new(study.y, study.v)).collect();
    let imputed = imputed.ok_or("a mirrored estimate is too large")?;
    let spec = &result.spec;
    let (pooled, heterogeneity) = if imputed.is_empty() {
        (result.pooled().clone(), result.heterogeneity.clone())
    } else {
        let sizes = result.sizes.with_imputed(&imputed);
        let fit = |prepared: Prepared<'_>| -> Result<_, Error> {
            let fit = prepared.fit(Rows::All, Design::Mean, spec)?;
            let pooled =
                fit.pooled(spec)?.or_else(|| fit.common(spec)).expect("a model of one mean has an estimate");
            Ok((pooled, fit.heterogeneity(spec)?.0))
        };
        fit(result.prepared(&sizes)).map_err(|error| error.to_string())?
    };
    let number = |field| heterogeneity.get(field).and_then(Value::number);
    Ok(TrimFill {
        estimator: TrimFillEstimator::L0,
        side: Side::Left,
        chosen: false,
        k0: Some(filled.len()),
        y: pooled.y,
        se: pooled.se,
        estimate: Some(pooled.estimate),
        lower: pooled.lower,
        upper: pooled.upper,
        tau2: number(HeterogeneityField::Tau2),
        i2: number(HeterogeneityField::I2),
        q: heterogeneity.test().map(|test| test.statistic),
        filled,
        reason: None,
    })
}

/// What the iteration comes to: the studies whose mirror images are missing, and the mean that they are mirrored about.
struct Trimmed {
    missing: Vec<u32>,
    mean: f64,
}

fn trimmed(result: &MetaAnalysis, estimator: TrimFillEstimator, side: Side) -> Result<Trimmed, String> {
    let (k, sign) = (result.k(), if side == Side::Left { 1.0 } else { -1.0 });
    let values: Vec<f64> = result.sizes.deviations.iter().map(|y| sign * y).collect();
    let mut order: Vec<u32> = (0..k as u32).collect();
    // By the estimates: the deviations of two with the same proportion can differ in their last bits.
    let y = |row: &u32| sign * result.sizes.y[*row as usize];
    order.sort_by(|a, b| y(a).total_cmp(&y(b)));
    let mut missing = 0;
    for _ in 0..ROUNDS {
        let mean = mean_of(result, &order[..k - missing])?;
        let from_mean = sign * (mean - result.sizes.origin());
        let centred: Vec<f64> = order.iter().map(|row| values[*row as usize] - from_mean).collect();
        let found = number_missing(estimator, &centred)?;
        if found == missing {
            return Ok(Trimmed { missing: order[k - missing..].to_vec(), mean });
        }
        missing = found;
    }
    Err(format!("the number of missing studies does not settle within {ROUNDS} rounds"))
}

/// The pooled value of some of the studies.
fn mean_of(result: &MetaAnalysis, rows: &[u32]) -> Result<f64, String> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let prepared = result.prepared(&result.sizes);
    match prepared.fit(Rows::Only(&rows), Design::Mean, &result.spec) {
        Ok(Fit::Weighted(fit)) => Ok(fit.location(&result.spec)),
        Ok(_) => unreachable!("models of the counts are refused"),
        Err(error) => Err(error.to_string()),
    }
}

/// The estimate from the ascending differences from the mean; at most k − 1.
fn number_missing(estimator: TrimFillEstimator, centred: &[f64]) -> Result<usize, String> {
    let k = centred.len() as f64;
    let mut order: Vec<usize> = (0..centred.len()).collect();
    // Of two that are as far from the mean the smaller one has the lower rank.
    order.sort_by(|a, b| centred[*a].abs().total_cmp(&centred[*b].abs()));
    let above = |place: &usize| centred[*place] > 0.0;
    let ranks_above =
        || order.iter().zip(1_u64..).filter(|(place, _)| above(place)).map(|(_, rank)| rank as f64);
    let found = match estimator {
        TrimFillEstimator::L0 => (4.0 * ranks_above().sum::<f64>() - k * (k + 1.0)) / (2.0 * k - 1.0),
        TrimFillEstimator::R0 => order.iter().rev().take_while(|place| above(place)).count() as f64 - 1.0,
        TrimFillEstimator::Q0 => {
            let root = 2.0 * k * k - 4.0 * ranks_above().sum::<f64>() + 0.25;
            if root < 0.0 {
                return Err("Q0 is no real number: the ranks above the mean are too many".to_string());
            }
            k - 0.5 - root.sqrt()
        }
    };
    Ok((found.round().max(0.0) as usize).min(centred.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_estimators_by_hand() {
        // Ranks of |c|: 0.5 1, −1 2, −2 3, 3 4, 4 5, 5 6: above the mean 1 + 4 + 5 + 6 = 16.
        let centred = [-2.0, -1.0, 0.5, 3.0, 4.0, 5.0];
        let found = |estimator| number_missing(estimator, &centred).unwrap();
        assert_eq!(found(TrimFillEstimator::L0), 2); // (64 − 42)/11
        assert_eq!(found(TrimFillEstimator::R0), 2);
        assert_eq!(found(TrimFillEstimator::Q0), 3); // 5.5 − √8.25 = 2.63
    }

    #[test]
    fn where_all_are_equal_none_is_missing() {
        for estimator in [TrimFillEstimator::L0, TrimFillEstimator::R0, TrimFillEstimator::Q0] {
            assert_eq!(number_missing(estimator, &[0.0; 5]), Ok(0));
        }
        assert!(number_missing(TrimFillEstimator::Q0, &[1.0; 5]).is_err());
    }
}
