//! The point on the real axis through which the inversion contour passes.

use super::Law;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::sum::sum;

/// A saddle point of ψ(p) = p q − ½ ln D(p) − ln |p| on the real axis, nearly: any point there will do,
/// the right one is the fastest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Saddle {
    /// Above 0 for the lower tail, below for the upper.
    pub p: f64,
    /// exp ψ(p).
    pub height: f64,
    /// 1/√ψ″: the width of the integrand across the axis.
    pub width: f64,
    /// By how much, in widths, the path of steepest descent bends to the left one width from the axis.
    pub bend: f64,
}

/// ψ′, ψ″ and ψ‴ at a point.
type Derivatives = [f64; 3];

impl Saddle {
    /// ψ is convex on either side of 0, so that a Newton iteration kept in a bracket arrives.
    pub fn find(law: &Law, q: f64, upper: bool) -> Option<Self> {
        let df = law.terms.len() as f64;
        // No eigenvalue can bring ψ′ below q − (df/2 + 1)/p for p > 0; for p < 0 the largest eigenvalue
        // lies between the two largest d.
        let second = law.terms.iter().fold(0.0, |most: f64, term| most.max(term.d));
        let (mut low, mut high) = if upper { (-0.5 / second, 0.0) } else { (0.0, (0.5 * df + 1.0) / q) };
        let mut p = if upper { start_of_upper(law, q).max(0.5 * low) } else { high };
        for _ in 0..MOST_STEPS {
            let next = match derivatives(law, p, q) {
                // On or beyond the first singularity.
                None => {
                    low = p;
                    0.5 * (low + high)
                }
                Some(found) => {
                    let step = found[0] / found[1];
                    if step.abs() * found[1].sqrt() < 0.05 {
                        return Self::at(law, p, q, found);
                    }
                    if found[0] > 0.0 {
                        high = p;
                    } else {
                        low = p;
                    }
                    p - step
                }
            };
            p = if low < next && next < high { next } else { between(low, high) };
        }
        None
    }

    fn at(law: &Law, p: f64, q: f64, [_, second, third]: Derivatives) -> Option<Self> {
        let (factors, factor) =
            (sum(law.terms.iter().map(|term| ln(1.0 + 2.0 * p * term.d))), rank_one(law, p)[0]);
        let psi = p * q - 0.5 * (factors + ln(factor)) - ln(p.abs());
        let width = 1.0 / second.sqrt();
        let df = law.terms.len() as f64;
        // Bent at least a little: on a straight line the integrand falls too slowly where k is small.
        let bend = (-third * width * width * width / 6.0).max(0.2 / (0.5 * df + 1.0).sqrt()).min(0.5);
        (width.is_finite() && psi.is_finite()).then(|| Self { p, height: exp(psi), width, bend })
    }
}

/// Of the lower tail some ten are used, of the upper one some more to find the singularity.
const MOST_STEPS: u32 = 400;

/// A point well inside, in ratio where one end is 0.
fn between(low: f64, high: f64) -> f64 {
    if low == 0.0 {
        0.25 * high
    } else if high == 0.0 {
        0.25 * low
    } else {
        0.5 * (low + high)
    }
}

/// Where the saddle point of one χ² with the mean of Q and df degrees of freedom would be:
/// p q − (df/2) ln(1 + 2 p m/df) − ln(−p).
fn start_of_upper(law: &Law, q: f64) -> f64 {
    let df = law.terms.len() as f64;
    let scale = 2.0 * law.mean / df;
    // q scale p² + (q − (df/2 + 1) scale) p − 1 = 0, the root below 0.
    let b = q - (0.5 * df + 1.0) * scale;
    let root = (b * b + 4.0 * q * scale).sqrt();
    if b > 0.0 { -(b + root) / (2.0 * q * scale) } else { -2.0 / (root - b) }
}

/// (a_m + (1 + 2 p d_m) Σ a/(1 + 2 p d))/Σ a over the terms but the largest, and its first three derivatives in p.
fn rank_one(law: &Law, p: f64) -> [f64; 4] {
    let mut b = [0.0; 4];
    for term in &law.terms {
        let u = 1.0 / (1.0 + 2.0 * p * term.d);
        let mut part = term.a * u;
        for b in &mut b {
            *b += part;
            part *= term.d * u;
        }
    }
    let (d, c) = (law.largest.d, 1.0 + 2.0 * p * law.largest.d);
    let values = [
        law.largest.a + c * b[0],
        2.0 * (d * b[0] - c * b[1]),
        8.0 * (c * b[2] - d * b[1]),
        48.0 * (d * b[2] - c * b[3]),
    ];
    values.map(|value| value / law.total)
}

/// ψ′, ψ″, ψ‴; nothing on or beyond a singularity.
fn derivatives(law: &Law, p: f64, q: f64) -> Option<Derivatives> {
    let mut factors = [0.0; 3];
    for term in &law.terms {
        let factor = 1.0 + 2.0 * p * term.d;
        if factor <= 0.0 {
            return None;
        }
        let r = 2.0 * term.d / factor;
        factors[0] += r;
        factors[1] -= r * r;
        factors[2] += 2.0 * r * r * r;
    }
    let [h, h1, h2, h3] = rank_one(law, p);
    if h.is_nan() || h <= 0.0 {
        return None;
    }
    let (r1, r2, r3) = (h1 / h, h2 / h, h3 / h);
    let logs = [r1, r2 - r1 * r1, r3 - 3.0 * r1 * r2 + 2.0 * r1 * r1 * r1];
    let second = -0.5 * (factors[1] + logs[1]) + 1.0 / (p * p);
    Some([
        q - 0.5 * (factors[0] + logs[0]) - 1.0 / p,
        // Convex, whatever rounding says.
        second.max(1.0 / (p * p)),
        -0.5 * (factors[2] + logs[2]) - 2.0 / (p * p * p),
    ])
}
