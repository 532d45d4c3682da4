//! The standard normal distribution, both tails and their logarithms.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};

use super::double_double::DoubleDouble;
use super::elementary::{erfc, exp, ln, ln_1p};

/// `1/√(2π)`.
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_677_94;
/// `1/√π`.
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_286_95;
/// `1/√2` less its rounding to a double.
const FRAC_1_SQRT_2_LOW: f64 = -4.833_646_656_726_457e-17;

/// The density `φ(z) = exp(−z²/2) / √(2π)`; relative error below 1e-15.
///
/// ```
/// let peak = metaprop::numeric::normal::pdf(0.0);
/// assert!((peak - 0.3989422804014327).abs() < 1e-16);
/// ```
#[must_use]
pub fn pdf(z: f64) -> f64 {
    if z.abs() > 40.0 {
        return 0.0;
    }
    DoubleDouble::product(z, z).halved().exp_negative() * FRAC_1_SQRT_2_PI
}

/// The distribution function `Φ(z) = ½ erfc(−z/√2)`; relative error below 1e-15, in the lower tail too.
///
/// Source: DLMF 7.2.2; `erfc` of Sun's fdlibm in pure Rust.
///
/// ```
/// use metaprop::numeric::normal;
/// assert_eq!(normal::cdf(0.0), 0.5);
/// assert!((normal::cdf(-37.0) / 5.725571222524576e-300 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
#[inline]
pub fn cdf(z: f64) -> f64 {
    sf(-z)
}

/// The survival function `1 − Φ(z)`; relative error below 1e-15, in the upper tail too.
///
/// ```
/// let q = metaprop::numeric::normal::sf(10.0);
/// assert!((q / 7.619853024160527e-24 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sf(z: f64) -> f64 {
    if z <= 1.0 {
        return 0.5 * erfc(z * FRAC_1_SQRT_2);
    }
    if z > 40.0 {
        return 0.0;
    }
    // A relative rounding error ε of y = z/√2 would become 2y²ε in the result, so it is corrected to first
    // order. The logarithmic derivative of erfc, −2 exp(−y²)/(√π erfc y), lies between −y − √(y² + 2) and
    // −y − √(y² + 4/π) (DLMF 7.8.2).
    let y = DoubleDouble::product(z, FRAC_1_SQRT_2);
    let rounding = y.lo + z * FRAC_1_SQRT_2_LOW;
    0.5 * erfc(y.hi) * (1.0 - rounding * (y.hi + (y.hi * y.hi + 1.6).sqrt()))
}

/// `ln Φ(z)`, finite far beyond the underflow of [`cdf`]; relative error below 1e-15.
///
/// ```
/// let log = metaprop::numeric::normal::log_cdf(-1e3);
/// assert!((log / -500007.8266948122 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn log_cdf(z: f64) -> f64 {
    log_sf(-z)
}

/// `ln(1 − Φ(z))`, finite far beyond the underflow of [`sf`]; relative error below 1e-15.
///
/// ```
/// use metaprop::numeric::normal;
/// assert_eq!(normal::log_sf(0.0), -2.0_f64.ln());
/// assert!((normal::log_sf(40.0) / -804.6084420137538 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn log_sf(z: f64) -> f64 {
    if z <= 0.0 {
        return ln_1p(-sf(-z));
    }
    if z < 5.0 {
        return ln(sf(z));
    }
    ln(scaled_erfc(z / SQRT_2)) - LN_2 - 0.5 * z * z
}

/// The quantile `z` with `Φ(z) = p`; `∓∞` at 0 and 1, `NaN` outside `[0, 1]`.
///
/// Relative error below 1e-15, for every `p` a double can hold, near ½ included.
///
/// Source: Wichura, M. J. (1988). Algorithm AS 241: the percentage points of the normal distribution.
/// *Applied Statistics* 37, 477–484 (the coefficients of `PPND16`). doi:10.2307/2347330.
///
/// ```
/// use metaprop::numeric::normal;
/// assert_eq!(normal::quantile(0.5), 0.0);
/// assert!((normal::quantile(0.975) - 1.959963984540054).abs() < 1e-15);
/// assert!(normal::quantile(-0.1).is_nan());
/// ```
#[must_use]
pub fn quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        return central_quantile(centred);
    }
    if centred < 0.0 { -far_quantile(p) } else { far_quantile(1.0 - p) }
}

/// The quantile of the probability `x/(x + m)` for `x, m ≥ 0`, without the loss of digits in `1 − p` or in
/// `p − ½`.
///
/// ```
/// use metaprop::numeric::normal;
/// assert!((normal::quantile_of(500_000_001.0, 499_999_999.0) / 2.5066282746310007e-9 - 1.0).abs() < 1e-15);
/// assert_eq!(normal::quantile_of(1e20, 1.0), -normal::quantile_of(1.0, 1e20));
/// ```
#[must_use]
pub fn quantile_of(x: f64, m: f64) -> f64 {
    let total = x + m;
    let centred = (x - m) / (2.0 * total);
    match () {
        () if centred.abs() < 0.25 => central_quantile(centred),
        () if x < m => quantile(x / total),
        () => upper_quantile(m / total),
    }
}

/// The quantile `z` with `Φ(z) = ½ + c`, for `|c| ≤ 0.425`.
fn central_quantile(c: f64) -> f64 {
    let r = 0.180_625 - c * c;
    c * polynomial(&CENTRE_NUMERATOR, r) / polynomial(&CENTRE_DENOMINATOR, r)
}

/// The density φ(z) at a `z` whose smaller tail probability `tail` is also known, as `tail` divided by Mills'
/// ratio. A rounding error of `z` has almost no effect on it, whereas `exp(−z²/2)` amplifies it by z².
///
/// ```
/// use metaprop::numeric::normal;
/// assert!((normal::density_at_tail(0.5, 0.0) - 0.3989422804014327).abs() < 1e-16);
/// let z = normal::quantile(1e-9);
/// assert!((normal::density_at_tail(1e-9, z) / 6.1581e-9 - 1.0).abs() < 1e-3);
/// ```
#[must_use]
pub fn density_at_tail(tail: f64, z: f64) -> f64 {
    if z.abs() < 1.5 {
        return exp(-0.5 * z * z) * FRAC_1_SQRT_2_PI;
    }
    2.0 * FRAC_1_SQRT_2_PI * tail / scaled_erfc(z.abs() * FRAC_1_SQRT_2)
}

/// The quantile `z` with `1 − Φ(z) = q`, accurate for the smallest `q`; domain and error as [`quantile`].
///
/// ```
/// let z = metaprop::numeric::normal::upper_quantile(1e-300);
/// assert!((z - 37.0470962993612).abs() < 1e-13);
/// ```
#[must_use]
#[inline]
pub fn upper_quantile(q: f64) -> f64 {
    -quantile(q)
}

/// The two-sided p-value `2 (1 − Φ(|z|))`.
///
/// ```
/// let p = metaprop::numeric::normal::two_sided_p(-1.959963984540054);
/// assert!((p - 0.05).abs() < 1e-15);
/// ```
#[must_use]
pub fn two_sided_p(z: f64) -> f64 {
    2.0 * sf(z.abs())
}

/// `exp(x²) erfc(x)` for `x ≥ 0`; relative error below 2e-15.
///
/// From 8 on by the asymptotic series DLMF 7.12.1, whose 19th term there is 1e-18.
pub(super) fn scaled_erfc(x: f64) -> f64 {
    if x < 8.0 {
        let square = DoubleDouble::product(x, x);
        return exp(square.hi) * (1.0 + square.lo) * erfc(x);
    }
    let t = 0.5 / (x * x);
    let mut series = 1.0;
    let mut odd = 37.0;
    while odd > 0.0 {
        series = 1.0 - odd * t * series;
        odd -= 2.0;
    }
    FRAC_1_SQRT_PI * series / x
}

/// The positive quantile of an upper tail probability below 0.075.
fn far_quantile(tail: f64) -> f64 {
    if tail == 0.0 {
        return f64::INFINITY;
    }
    // NaN for a tail below 0 or NaN, which is the domain check.
    let r = (-ln(tail)).sqrt();
    if r <= 5.0 {
        let s = r - 1.6;
        polynomial(&NEAR_NUMERATOR, s) / polynomial(&NEAR_DENOMINATOR, s)
    } else {
        let s = r - 5.0;
        polynomial(&FAR_NUMERATOR, s) / polynomial(&FAR_DENOMINATOR, s)
    }
}

/// Horner's rule, coefficients from the constant upwards.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, coefficient| value * x + coefficient)
}

// Wichura (1988), PPND16: a, b for |p − ½| ≤ 0.425; c, d for √(−ln tail) ≤ 5; e, f beyond.
const CENTRE_NUMERATOR: [f64; 8] = [
    3.387_132_872_796_366_608,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561e3,
];
const NEAR_NUMERATOR: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_7e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_4e-4,
];
const NEAR_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    6.897_673_349_851_000_045_5e-1,
    1.481_039_764_274_800_745_9e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
const FAR_NUMERATOR: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    2.965_605_718_285_048_912_3e-1,
    2.653_218_952_657_612_309_3e-2,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_9e-1,
    1.369_298_809_227_358_053_1e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];
