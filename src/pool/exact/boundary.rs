//! What both models answer at the ends of their parameter space.

use crate::numeric::chi_squared;
use crate::numeric::elementary::exp_m1;
use crate::numeric::normal;
use crate::numeric::sum::sum;
use crate::study::Counts;

/// Whether no spread above 0 can be better, whatever a scan would say: one study is fitted perfectly without
/// one, and of one person a study only the mean proportion is seen, however the proportions are spread.
pub(in crate::pool) fn tells_no_spread(counts: &[Counts]) -> bool {
    counts.len() == 1 || counts.iter().all(|c| c.total() == 1)
}

/// Half the upper tail of χ²₁, and 1 at 0: the distribution of a likelihood ratio for a spread of 0.
pub(in crate::pool) fn half_chi_squared(ratio: f64) -> f64 {
    if ratio > 0.0 { 0.5 * chi_squared::sf(ratio, 1.0) } else { 1.0 }
}

/// The χ²₁ quantile z² of a two-sided interval with this probability in each tail.
pub(in crate::pool) fn drop(tail: f64) -> f64 {
    let z = normal::upper_quantile(tail);
    z * z
}

/// Without events: [0, 1 − exp(−z²/(2n))], the proportions p whose log-likelihood n ln(1 − p) is within
/// z²/2 of its supremum 0; mirrored without non-events. `None` with both.
pub(in crate::pool) fn one_sided(events: f64, others: f64, tail: f64) -> Option<[f64; 2]> {
    let reach = -exp_m1(-drop(tail) / (2.0 * (events + others)));
    match () {
        () if events == 0.0 => Some([0.0, reach]),
        () if others == 0.0 => Some([1.0 - reach, 1.0]),
        () => None,
    }
}

/// The terms divided by their sum.
pub(in crate::pool) fn fractions(terms: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total = sum(terms.clone());
    terms.map(|term| term / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_forty_five() {
        // −45 ln(1 − p) = 1.96²/2.
        let [lower, upper] = one_sided(0.0, 45.0, 0.025).unwrap();
        assert_eq!(lower, 0.0);
        assert!((45.0 * (-upper).ln_1p() + 1.920_729_410_347_062).abs() < 1e-12);
        assert_eq!(one_sided(45.0, 0.0, 0.025), Some([1.0 - upper, 1.0]));
        assert_eq!(one_sided(1.0, 44.0, 0.025), None);
    }
}
