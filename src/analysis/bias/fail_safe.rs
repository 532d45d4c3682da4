//! Fail-safe N.

use serde::Serialize;

use super::tested::Tested;
use crate::numeric::normal;
use crate::numeric::sum::sum;

/// How many studies of the value under test would have to be missing, by two rules. Both are conventions, and their null
/// is arbitrary: nothing says that studies that were not published have on average that value.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct FailSafe {
    /// Rosenthal (1979, doi:10.1037/0033-2909.86.3.638): so many that the sum of z/√k is not significant at 5 %,
    /// one-sided: (Σz)²/1.645² − k, z = (y − y₀)/se; rounded up, at least 0.
    pub rosenthal: Option<f64>,
    /// Orwin (1983, doi:10.3102/10769986008002157): so many that the unweighted mean m comes down to the target t:
    /// k (|m − y₀| − |t − y₀|)/|t − y₀|; rounded up, at least 0. Without a target it is half-way to y₀, which makes it k.
    pub orwin: Option<f64>,
    /// The value under test y₀ on the analysis scale.
    pub null_y: Option<f64>,
    /// The target on the analysis scale.
    pub target_y: Option<f64>,
    /// Why a number is missing; absent where there are both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Both rules; the target is on the scale that is shown. O(k).
pub(super) fn fail_safe(tested: &Tested<'_>, target: Option<f64>) -> FailSafe {
    let (null, k, origin) = (tested.null(), tested.k() as f64, tested.sizes.origin());
    if !null.is_finite() {
        let reason = "the value under test has no place on the analysis scale".to_string();
        return FailSafe { reason: Some(reason), ..FailSafe::default() };
    }
    let (y, v) = (&tested.sizes.deviations, &tested.sizes.v);
    let z = sum(y.iter().zip(v).map(|(y, v)| (y - null) / v.sqrt()));
    let limit = normal::upper_quantile(0.05);
    let mean = sum(y.iter().map(|y| y - null)) / k;
    let scale = tested.scale(v.iter().copied().fold(f64::INFINITY, f64::min).sqrt());
    let target = target.map_or(0.5 * mean, |target| scale.from_natural(target) - origin - null);
    let orwin = if target == 0.0 || !target.is_finite() { None } else { Some((mean / target).abs() - 1.0) };
    let up = |n: f64| Some(n.max(0.0).ceil()).filter(|n| n.is_finite());
    FailSafe {
        rosenthal: up((z / limit) * (z / limit) - k),
        orwin: orwin.and_then(|ratio| up(k * ratio)),
        null_y: Some(null + origin),
        target_y: Some(target + null + origin).filter(|target| target.is_finite()),
        reason: orwin
            .is_none()
            .then(|| "the target is the value under test, which no mean comes down to".to_string()),
    }
}
