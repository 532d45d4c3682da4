//! The smallest standard error that a pooled estimate of a given number of people can have.
//!
//! Inverse-variance pooling has se = 1/√Σwᵢ with wᵢ = 1/(vᵢ + τ²) ≤ 1/vᵢ, for `wald` and `t` intervals. With
//! N people in k studies:
//!
//! - **arcsine**: 1/vᵢ = 4nᵢ, so Σwᵢ ≤ 4N whatever the counts (Freeman-Tukey: 4N + 2k).
//! - **logit**: 1/vᵢ = nᵢpᵢ(1 − pᵢ), and if the pooled logit is θ, back-transformed p, then
//!   Σwᵢ ≤ N p(1 − p) for *every* set of studies. For any λ, Σwᵢ = Σwᵢ(1 − λ(θᵢ − θ)), because the
//!   pooled value is the weighted mean; with f(θᵢ) = pᵢ(1 − pᵢ), each term is at most
//!   nᵢ max f(t)(1 − λ(t − θ)) where the bracket is positive, and below 0 elsewhere; and with λ = 1 − 2p
//!   that product is log-concave in t with its only stationary point, hence its maximum, at t = θ,
//!   where it is p(1 − p). A correction of zero cells by ½ adds one person to a study, so N + k
//!   stands for N.
//! - **raw** and **log**: 1/vᵢ is largest where all but one, or all with ½ added, had the event (raw: or one,
//!   or none), and there at most 8/3 (nᵢ + 1)²: n³/(n − 1) and (n + 1)³/(½(n + ½)) on the raw scale, n(n − 1)
//!   and 2(n + ½)(n + 1) on the log scale. So Σwᵢ ≤ 8/3 (N + k)², a weak bound, which one large study
//!   attains. It holds for no other correction than ½.
//!
//! A Hartung-Knapp interval is scaled by the agreement of the studies and can be narrower:
//! [`probability_of_agreement`] says how often studies agree so well by chance alone.

use crate::numeric::chi_squared;
use crate::options::Measure;

/// The least and the largest 1/(n v) over a range of proportions: raw 1/(p(1 − p)), log p/(1 − p), logit p(1
/// − p), arcsine 4.
#[must_use]
pub(super) fn information_per_person(measure: Measure, [low, high]: [f64; 2]) -> [f64; 2] {
    // p(1 − p) has its maximum, ¼, at ½.
    let product = |p: f64| p * (1.0 - p);
    let least = product(low).min(product(high));
    let most = if low <= 0.5 && 0.5 <= high { 0.25 } else { product(low).max(product(high)) };
    match measure {
        Measure::Raw => [1.0 / most, 1.0 / least],
        Measure::Log => [low / (1.0 - low), high / (1.0 - high)],
        Measure::Arcsine | Measure::FreemanTukey => [4.0, 4.0],
        _ => [least, most],
    }
}

/// The smallest standard error of a `wald` or `t` interval on this scale with `total` people in k studies,
/// with no correction of zero cells or one of ½; `proportion` is the range of the estimate. `None` on the
/// scales without a bound here.
#[must_use]
pub(super) fn smallest_standard_error(
    measure: Measure,
    proportion: [f64; 2],
    total: u64,
    k: Option<u64>,
) -> Option<f64> {
    // Every study has at least one person, so there are at most as many studies as people.
    let (people, studies) = (total as f64, k.unwrap_or(total) as f64);
    let information = match measure {
        Measure::Logit => (people + studies) * information_per_person(measure, proportion)[1],
        Measure::Arcsine => 4.0 * people + 2.0 * studies,
        Measure::Raw | Measure::Log => 8.0 / 3.0 * (people + studies) * (people + studies),
        _ => return None,
    };
    (information > 0.0).then(|| 1.0 / information.sqrt())
}

/// The probability that k studies that differ by chance alone give a Hartung-Knapp standard error of at most
/// this fraction of the unscaled one: P(χ²(k − 1) ≤ (k − 1) ratio²).
#[must_use]
pub(super) fn probability_of_agreement(ratio: f64, k: u64) -> f64 {
    let df = k.saturating_sub(1) as f64;
    chi_squared::cdf(df * ratio * ratio, df)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_standard_error_by_hand() {
        assert_eq!(smallest_standard_error(Measure::Logit, [0.5, 0.5], 100, Some(0)), Some(0.2));
        // One study of 100 in which all but one had the event.
        let least = smallest_standard_error(Measure::Raw, [0.99, 0.99], 100, Some(1)).unwrap();
        assert!(least < (0.99_f64 * 0.01 / 100.0).sqrt() && least > 0.005);
    }

    #[test]
    fn fourteen_studies_rarely_agree_so_well_that_the_standard_error_is_halved() {
        assert!(probability_of_agreement(0.5, 14) < 0.005);
    }

    proptest! {
        /// The bound of the logit scale, on random studies and any τ².
        #[test]
        fn no_studies_have_more_information_on_the_logit_scale_than_the_bound(
            studies in proptest::collection::vec((1.0_f64..500.0, 0.001_f64..0.999), 1..12),
            tau2 in 0.0_f64..3.0,
        ) {
            let weights = studies.iter().map(|(n, p)| 1.0 / (1.0 / (n * p * (1.0 - p)) + tau2));
            let (mut sum, mut weighted) = (0.0, 0.0);
            for (w, (_, p)) in weights.zip(&studies) {
                sum += w;
                weighted += w * (p / (1.0 - p)).ln();
            }
            let pooled = 1.0 / (1.0 + (-weighted / sum).exp());
            let people: f64 = studies.iter().map(|(n, _)| n).sum();
            prop_assert!(sum <= people * pooled * (1.0 - pooled) * (1.0 + 1e-12));
        }

        /// The bound of the raw and the log scale, with ½ added to studies with zero cells.
        #[test]
        fn no_studies_have_more_information_on_the_raw_and_log_scale_than_the_bound(
            studies in proptest::collection::vec((1_u32..400, 0.0_f64..1.0), 1..12),
        ) {
            let (mut raw, mut log, mut people) = (0.0, 0.0, 0.0);
            for &(n, share) in &studies {
                let (n, x) = (f64::from(n), (share * 1.2 * f64::from(n) - 0.1 * f64::from(n)).clamp(0.0, f64::from(n)).round());
                let a = if x == 0.0 || x == n { 0.5 } else { 0.0 };
                let (x, m, corrected) = (x + a, n - x + a, n + 2.0 * a);
                raw += corrected * corrected * corrected / (x * m);
                log += x * corrected / m;
                people += n;
            }
            let most = 8.0 / 3.0 * (people + studies.len() as f64) * (people + studies.len() as f64);
            prop_assert!(raw <= most && log <= most, "{raw} {log} {most}");
        }
    }
}
