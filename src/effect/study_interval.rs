//! Confidence intervals of the proportion of a single study.

use super::Transform;
use super::measure::estimate_and_variance;
use crate::data::Counts;
use crate::numeric::elementary::{asin, sin};
use crate::numeric::{beta, normal, root};
use crate::options::{Measure, StudyCi};
use crate::options::{Spec, WilsonCcEnds};

/// The interval of a study by the method of `spec`, clipped to [0, 1]. `effect` is its (y, v) on the analysis
/// scale, which is only used by the method `transform`.
#[must_use]
pub fn clipped(counts: Counts, effect: (f64, f64), spec: &Spec) -> [f64; 2] {
    match spec.study_ci {
        StudyCi::Transform => {
            let transform = study_transform(counts, spec);
            analysis_scale_interval(counts, effect, spec).map(|y| transform.to_proportion(y))
        }
        StudyCi::WilsonCc if spec.conventions.wilson_cc_ends == WilsonCcEnds::Equation => {
            let (x, n) = counts.as_reals();
            wilson_equation(x, n, normal::upper_quantile(spec.level.tail()))
        }
        method => interval(method, counts, spec.level.tail()).map(|p| p.clamp(0.0, 1.0)),
    }
}

/// Whether [`clipped`] had to clip a limit.
#[must_use]
pub fn is_clipped(counts: Counts, effect: (f64, f64), spec: &Spec) -> bool {
    match spec.study_ci {
        StudyCi::Transform => {
            let transform = study_transform(counts, spec);
            analysis_scale_interval(counts, effect, spec).iter().any(|&y| !transform.is_inside(y))
        }
        StudyCi::Wald | StudyCi::AgrestiCoull => {
            interval(spec.study_ci, counts, spec.level.tail()).iter().any(|p| !(0.0..=1.0).contains(p))
        }
        // The other methods give limits within [0, 1].
        _ => false,
    }
}

/// The interval of the observed proportion, as fractions, not clipped: `wald` and `agresti-coull` can leave
/// [0, 1]. `tail` is the probability of one tail.
///
/// For the formulas and their sources see [`StudyCi`]. `transform` would need the analysis scale; here it
/// gives the Wald interval.
///
/// ```
/// use metaprop::{Counts, effect::study_interval::interval, options::StudyCi};
/// let [lower, upper] = interval(StudyCi::ClopperPearson, Counts::new(8, 12).unwrap(), 0.025);
/// assert!((lower - 0.348_875_506_418).abs() < 1e-12 && (upper - 0.900_753_908_850).abs() < 1e-12);
/// ```
#[must_use]
pub fn interval(method: StudyCi, counts: Counts, tail: f64) -> [f64; 2] {
    let (x, n) = counts.as_reals();
    match method {
        StudyCi::ClopperPearson => clopper_pearson(x, n, tail),
        StudyCi::Wilson => wilson(x, n, normal::upper_quantile(tail)),
        StudyCi::WilsonCc => wilson_corrected(x, n, normal::upper_quantile(tail)),
        StudyCi::AgrestiCoull => {
            let z = normal::upper_quantile(tail);
            wald_of_proportion((x + 0.5 * z * z) / (n + z * z), n + z * z, z)
        }
        StudyCi::Jeffreys => jeffreys(x, n, tail),
        StudyCi::MidP => mid_p(x, n, tail),
        StudyCi::Wald | StudyCi::Transform => wald_of_proportion(x / n, n, normal::upper_quantile(tail)),
        StudyCi::Arcsine => arcsine(x, n, normal::upper_quantile(tail)),
    }
}

/// The estimate and variance of a study. If they are not finite (the likelihood models include such studies),
/// they are computed with ½ added to events and non-events, as metafor does for its forest plots.
fn finite_effect(counts: Counts, (y, v): (f64, f64), spec: &Spec) -> (f64, f64) {
    if y.is_finite() && v.is_finite() {
        (y, v)
    } else {
        estimate_and_variance(counts, 0.5, spec.measure, spec.conventions)
    }
}

/// The transform of a single study: the Freeman-Tukey inverse uses the study's own n.
fn study_transform(counts: Counts, spec: &Spec) -> Transform {
    match spec.measure {
        Measure::FreemanTukey => Transform::freeman_tukey(counts.total() as f64),
        measure => Transform::new(measure),
    }
}

fn analysis_scale_interval(counts: Counts, effect: (f64, f64), spec: &Spec) -> [f64; 2] {
    let (y, v) = finite_effect(counts, effect, spec);
    wald(y, v, spec.level.tail())
}

/// y ± z √v; `tail` is the probability of one tail.
#[must_use]
pub fn wald(y: f64, v: f64, tail: f64) -> [f64; 2] {
    let margin = normal::upper_quantile(tail) * v.sqrt();
    [y - margin, y + margin]
}

fn wald_of_proportion(p: f64, n: f64, z: f64) -> [f64; 2] {
    let margin = z * (p * (1.0 - p) / n).sqrt();
    [p - margin, p + margin]
}

fn clopper_pearson(x: f64, n: f64, tail: f64) -> [f64; 2] {
    [
        if x == 0.0 { 0.0 } else { beta::quantile(tail, x, n - x + 1.0) },
        if x == n { 1.0 } else { beta::upper_quantile(tail, x + 1.0, n - x) },
    ]
}

fn jeffreys(x: f64, n: f64, tail: f64) -> [f64; 2] {
    let (a, b) = (x + 0.5, n - x + 0.5);
    [
        if x == 0.0 { 0.0 } else { beta::quantile(tail, a, b) },
        if x == n { 1.0 } else { beta::upper_quantile(tail, a, b) },
    ]
}

fn wilson(x: f64, n: f64, z: f64) -> [f64; 2] {
    let (p, z2) = (x / n, z * z);
    let centre = p + z2 / (2.0 * n);
    let margin = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At x = 0 and x = n one limit is exactly 0 or 1; the formula gives it only up to rounding.
    [
        if x == 0.0 { 0.0 } else { (centre - margin) / scale },
        if x == n { 1.0 } else { (centre + margin) / scale },
    ]
}

fn wilson_corrected(x: f64, n: f64, z: f64) -> [f64; 2] {
    let [lower, upper] = wilson_equation(x, n, z);
    [if x == 0.0 { 0.0 } else { lower }, if x == n { 1.0 } else { upper }]
}

/// Newcombe's formula without the exception for x = 0 and x = n, clipped to [0, 1].
fn wilson_equation(x: f64, n: f64, z: f64) -> [f64; 2] {
    let (p, q, z2) = (x / n, 1.0 - x / n, z * z);
    let scale = 2.0 * (n + z2);
    let lower = 2.0 * n * p + z2 - 1.0 - z * (z2 - 2.0 - 1.0 / n + 4.0 * p * (n * q + 1.0)).max(0.0).sqrt();
    let upper = 2.0 * n * p + z2 + 1.0 + z * (z2 + 2.0 - 1.0 / n + 4.0 * p * (n * q - 1.0)).max(0.0).sqrt();
    [(lower / scale).max(0.0), (upper / scale).min(1.0)]
}

fn arcsine(x: f64, n: f64, z: f64) -> [f64; 2] {
    let (angle, margin) = (asin((x / n).sqrt()), z / (2.0 * n.sqrt()));
    [angle - margin, angle + margin].map(|angle| {
        let sine = sin(angle.clamp(0.0, std::f64::consts::FRAC_PI_2));
        sine * sine
    })
}

/// The π at which the mid-P tail probability P(X > x) + ½ P(X = x), or its lower counterpart, equals `tail`.
/// With I the regularised incomplete beta function the upper one is ½ (I_π(x, n − x + 1) + I_π(x + 1,
/// n − x)), where I_π(0, ·) = 1 and I_π(·, 0) = 0.
fn mid_p(x: f64, n: f64, tail: f64) -> [f64; 2] {
    let above = |p: f64| {
        let at_least = if x == 0.0 { 1.0 } else { beta::regularized(p, x, n - x + 1.0) };
        let more = if x == n { 0.0 } else { beta::regularized(p, x + 1.0, n - x) };
        0.5 * (at_least + more)
    };
    let below = |p: f64| {
        let fewer = if x == 0.0 { 0.0 } else { beta::upper_regularized(p, x, n - x + 1.0) };
        let at_most = if x == n { 1.0 } else { beta::upper_regularized(p, x + 1.0, n - x) };
        0.5 * (fewer + at_most)
    };
    let solve = |f: &dyn Fn(f64) -> f64| root::find(f, 0.0, 1.0).map_or(f64::NAN, |root| root.x);
    [
        if x == 0.0 { 0.0 } else { solve(&|p| above(p) - tail) },
        if x == n { 1.0 } else { solve(&|p| tail - below(p)) },
    ]
}
