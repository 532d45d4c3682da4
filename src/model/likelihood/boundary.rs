//! What both models answer at the ends of their parameter space.

use super::binomial::totals;
use crate::data::Counts;
use crate::numeric::chi_squared;
use crate::numeric::elementary::exp_m1;
use crate::numeric::normal;
use crate::numeric::sum::sum;

/// Whether no spread above 0 can be better, whatever a scan would say: one study is fitted perfectly without
/// one, and of one person a study only the mean proportion is seen, however the proportions are spread.
pub(in crate::model) fn tells_no_spread(counts: &[Counts]) -> bool {
    counts.len() == 1 || counts.iter().all(|c| c.total() == 1)
}

/// Half the upper tail of χ²₁, and 1 at 0: the distribution of a likelihood ratio for a spread of 0.
pub(in crate::model) fn half_chi_squared(ratio: f64) -> f64 {
    if ratio > 0.0 { 0.5 * chi_squared::sf(ratio, 1.0) } else { 1.0 }
}

/// The χ²₁ quantile z² of a two-sided interval with this probability in each tail.
pub(in crate::model) fn drop(tail: f64) -> f64 {
    let z = normal::upper_quantile(tail);
    z * z
}

/// Without any event: [0, 1 − exp(−χ²₁/(2 Σn))], the proportions p whose log-likelihood Σn ln(1 − p) at no
/// spread is within ½ χ²₁ of its supremum 0; mirrored without non-events. `None` where there are both.
///
/// `tail` is the probability of one tail of the two-sided interval whose χ²₁ this is.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::one_sided;
///
/// let nothing = [Counts::new(0, 20).unwrap(), Counts::new(0, 25).unwrap()];
/// let [lower, upper] = one_sided(&nothing, 0.025).unwrap();
/// assert!(lower == 0.0 && (upper - 0.0418).abs() < 1e-4);
/// ```
#[must_use]
pub fn one_sided(counts: &[Counts], tail: f64) -> Option<[f64; 2]> {
    let (events, others) = totals(counts);
    let reach = -exp_m1(-drop(tail) / (2.0 * (events + others)));
    match () {
        () if events == 0.0 => Some([0.0, reach]),
        () if others == 0.0 => Some([1.0 - reach, 1.0]),
        () => None,
    }
}

/// The terms divided by their sum.
pub(in crate::model) fn fractions(terms: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total = sum(terms.clone());
    terms.map(|term| term / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_forty_five() {
        let of = |events, total| [Counts::new(events, total).unwrap()];
        // −45 ln(1 − p) = 1.96²/2.
        let [lower, upper] = one_sided(&of(0, 45), 0.025).unwrap();
        assert_eq!(lower, 0.0);
        assert!((45.0 * (-upper).ln_1p() + 1.920_729_410_347_062).abs() < 1e-12);
        assert_eq!(one_sided(&of(45, 45), 0.025), Some([1.0 - upper, 1.0]));
        assert_eq!(one_sided(&of(1, 45), 0.025), None);
    }
}
