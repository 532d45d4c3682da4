//! How τ is scanned and limits are searched, with moderators and without.

use super::study::StudyLikelihood;

/// The factor from one τ of a scan to the next.
pub(super) const FACTOR: f64 = 2.0;
/// The largest τ to which an upper limit is searched: all but one in ten thousand of the true proportions are then 0 or 1 to
/// all digits.
pub(super) const MAX_SPREAD: f64 = 1e5;

/// The length in which a step of the location is bounded: with a large τ the best coefficients move in proportion to it.
pub(super) const fn location_unit(tau: f64) -> f64 {
    tau.max(1.0)
}

/// Where a scan of τ starts and the least τ to which it goes, for these studies with their linear predictors at τ = 0: below
/// the first τ is negligible for every study; the second exceeds all differences from the predictors.
pub(super) fn range<'a>(studies: impl Iterator<Item = (&'a StudyLikelihood, f64)>) -> [f64; 2] {
    let (mut information, mut distance) = (0.0_f64, 0.0_f64);
    for (study, eta) in studies {
        let own = -study.slope(study.typical).second;
        let fitted = -study.slope(eta - study.origin).second;
        information = information.max(own).max(fitted);
        distance = distance.max((study.origin + study.typical - eta).abs());
    }
    [0.2 / information.sqrt(), 1.5 * distance + 1.5]
}
