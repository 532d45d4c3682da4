//! The deviance term `x₀ ln(x₀/x) + x − x₀` of a gamma or beta density, to about 60 bits.
//!
//! Loader, C. (2000). *Fast and accurate computation of binomial probabilities*, eq. 3 (`bd0`). Loader
//! works in double precision; here it is more, because the term is an exponent.

use super::double_double::{DoubleDouble, ln_1p_cubic_rest};

/// `centre ln(centre/x) + x − centre`, at least 0, for `x > 0` and `centre > 0`.
///
/// Relative error about 2⁻⁶⁰ wherever the value is below 750 (above, `exp` of its negative is 0), also close
/// to `x = centre`.
pub(super) fn deviance(x: DoubleDouble, centre: f64) -> DoubleDouble {
    let centre_exact = DoubleDouble::new(centre);
    let difference = x.minus(centre_exact);
    if difference.hi.abs() < centre / 64.0 {
        // u − ln(1 + u) = u²/2 − u³/3 + …, which does not cancel.
        let u = difference.over(centre_exact);
        let square = u.times(u).halved();
        let rest = DoubleDouble::new(-ln_1p_cubic_rest(u.hi));
        return square.plus(rest).times_double(centre);
    }
    let ratio = x.over(centre_exact);
    let ln_ratio =
        if ratio.hi > 1e-270 && ratio.hi < 1e290 { ratio.log() } else { x.log().minus(centre_exact.log()) };
    difference.minus(ln_ratio.times_double(centre))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mpmath, 40 digits: `a*log(a/x) + x - a`.
    #[test]
    fn values_near_and_far_from_the_centre() {
        for (x, centre, expected) in [
            (1.5, 1.0, 0.094_534_891_891_835_618_0),
            (1.0, 1.015, 0.000_111_941_681_156_913_2),
            (500_000.0, 500_001.0, 9.999_993_333_339_999_992e-7),
            (1e-300, 2.0, 1_380.937_350_157_547_3),
        ] {
            let got = deviance(DoubleDouble::new(x), centre).value();
            assert!((got / expected - 1.0_f64).abs() < 1e-12, "{x} {centre}: {got:e}");
        }
    }
}
