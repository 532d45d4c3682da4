//! I² and H², by either definition.

use super::WeightedMean;
use super::tau2::interval::Tau2Interval;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::normal;
use crate::options::I2Method;

/// I² in percent with its limits, and H².
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Inconsistency {
    /// I², in percent.
    pub i2: Option<f64>,
    /// Its limits, in percent.
    pub limits: Option<[f64; 2]>,
    /// H².
    pub h2: Option<f64>,
}

/// I² and H² of at least two studies; `common` are the sums at τ² = 0.
#[must_use]
pub fn inconsistency(
    method: I2Method,
    common: &WeightedMean,
    tau2: f64,
    interval: Option<Tau2Interval>,
    tail: f64,
) -> Inconsistency {
    match method {
        I2Method::Tau2 => from_tau2(common, tau2, interval),
        I2Method::Q => of_test(common.q, common.k as f64, tail),
    }
}

/// Higgins & Thompson 2002, eq. 9, doi:10.1002/sim.1186: the typical within-study variance
/// ṽ = (k − 1)/(S₁ − S₂/S₁), I² = 100 τ²/(τ² + ṽ), H² = 1 + τ²/ṽ.
fn from_tau2(common: &WeightedMean, tau2: f64, interval: Option<Tau2Interval>) -> Inconsistency {
    let typical = common.df() / common.trace;
    // As a ratio to τ², so that no finite τ² overflows.
    let percent = |tau2: f64| if tau2 > 0.0 { 100.0 / (1.0 + typical / tau2) } else { 0.0 };
    Inconsistency {
        i2: Some(percent(tau2)),
        limits: interval.map(|interval| [percent(interval.lower), percent(interval.upper)]),
        h2: Some(1.0 + tau2 / typical).filter(|h2| h2.is_finite()),
    }
}

/// Higgins & Thompson 2002: I² = 100 (Q − df)/Q, cut at 0; limits from ln H ± z se(ln H), where H is
/// cut at 1 and the standard error is their test-based one for Q > k and else the one under homogeneity,
/// which needs three studies.
#[must_use]
pub fn of_test(q: f64, k: f64, tail: f64) -> Inconsistency {
    let df = k - 1.0;
    let h = (q / df).max(1.0).sqrt();
    let se = if q > k {
        Some(0.5 * (ln(q) - ln(df)) / ((2.0 * q).sqrt() - (2.0 * k - 3.0).sqrt()))
    } else {
        let spare = k - 2.0;
        (spare > 0.0).then(|| (1.0 / (2.0 * spare) * (1.0 - 1.0 / (3.0 * spare * spare))).sqrt())
    };
    let percent = |h: f64| 100.0 * (h * h - 1.0) / (h * h);
    let limits = se.map(|se| {
        let margin = normal::upper_quantile(tail) * se;
        [percent(exp(ln(h) - margin).max(1.0)), percent(exp(ln(h) + margin).max(1.0))]
    });
    Inconsistency { i2: Some(percent(h)), limits, h2: Some(q / df) }
}
