//! The Kullback-Leibler divergence of two proportions, without cancellation where they are close.

use crate::numeric::elementary::{ln, ln_1p};

/// ln(1 + x) − x for x > −1, with full relative accuracy near 0, where the two terms cancel.
///
/// With r = x/(2 + x), ln(1 + x) = 2 artanh r and x = 2r/(1 − r), so that
/// ln(1 + x) − x = −r x + 2r³(1/3 + r²/5 + r⁴/7 + …); DLMF 4.6.4.
fn ln_1p_minus(x: f64) -> f64 {
    // Elsewhere little cancels.
    if !(-0.35..=0.5).contains(&x) {
        return ln_1p(x) - x;
    }
    let r = x / (2.0 + x);
    let square = r * r;
    // |r| ≤ 0.213, so the truncation error is below 1e-17, relative to the first term.
    let mut series = 0.0;
    let mut odd = 25.0;
    while odd > 1.0 {
        series = series * square + 1.0 / odd;
        odd -= 2.0;
    }
    r * (2.0 * square * series - x)
}

/// ln(ratio) − difference for ratio = 1 + difference, where both are known to full relative accuracy.
fn ln_ratio_minus(ratio: f64, difference: f64) -> f64 {
    if difference.abs() < 0.5 { ln_1p_minus(difference) } else { ln(ratio) - difference }
}

/// ln(ratio) for ratio = 1 + difference, where both are known to full relative accuracy.
pub(super) fn ln_ratio(ratio: f64, difference: f64) -> f64 {
    if difference.abs() < 0.5 { ln_1p(difference) } else { ln(ratio) }
}

/// The Kullback-Leibler divergence p ln(p/r) + q ln(q/s) of the proportion r = 1 − s from p = 1 − q,
/// with `difference` = r − p; 0 ln 0 = 0.
///
/// The first-order parts of the two terms cancel exactly and are left out, so that the result keeps its
/// relative accuracy however close r is to p.
pub(super) fn divergence([p, q]: [f64; 2], [r, s]: [f64; 2], difference: f64) -> f64 {
    // For p = 0 it is ln(1/s), for q = 0 it is ln(1/r).
    if p == 0.0 {
        return -ln_ratio(s, -r);
    }
    if q == 0.0 {
        return -ln_ratio(r, -s);
    }
    -p * ln_ratio_minus(r / p, difference / p) - q * ln_ratio_minus(s / q, -difference / q)
}

#[cfg(test)]
#[allow(clippy::excessive_precision)] // values as printed by 50-digit arithmetic
mod tests {
    use super::*;

    /// mpmath, 40 digits: `log1p(x) - x`.
    #[test]
    fn values_near_and_far_from_zero() {
        for (x, expected) in [
            (1e-9, -4.999_999_996_666_666e-19),
            (0.25, -0.026_856_448_685_790_246),
            (-0.3, -0.056_674_943_938_732_375),
            (0.5, -0.094_534_891_891_835_62),
            (-0.9, -1.402_585_092_994_046),
            (3.0, -1.613_705_638_880_109_4),
        ] {
            let got = ln_1p_minus(x);
            assert!((got / expected - 1.0_f64).abs() < 5e-16, "{x}: {got:e}");
        }
    }

    #[test]
    fn divergence_of_close_proportions() {
        // p = 0.3, r = p + 1e-9: d²/(2pq) − d³(q − p)/(6p²q²)…
        let got = divergence([0.3, 0.7], [0.300_000_001, 0.699_999_999], 1e-9);
        assert!((got / 2.380_952_377_928_949_5e-18 - 1.0).abs() < 1e-12, "{got:e}");
        assert_eq!(divergence([0.0, 1.0], [0.5, 0.5], 0.5), std::f64::consts::LN_2);
        assert_eq!(divergence([1.0, 0.0], [0.5, 0.5], -0.5), std::f64::consts::LN_2);
    }
}
