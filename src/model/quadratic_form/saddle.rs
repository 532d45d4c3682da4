//! The saddle point of the inversion integral, through which its contour passes.

use super::determinant::Determinant;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::sum::sum;

/// The saddle point of ψ(p) = p q − ½ ln D(p) − ln |p| on the real axis. It is found only approximately: the
/// integral is the same through any point on its side of 0, but converges fastest through the saddle point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SaddlePoint {
    /// Positive for the lower tail, negative for the upper.
    pub p: f64,
    /// exp ψ(p).
    pub height: f64,
    /// 1/√ψ″, the width of the integrand in the imaginary direction.
    pub width: f64,
    /// How far the path of steepest descent has bent to the left one width away from the axis, in widths.
    pub bend: f64,
}

/// ψ′, ψ″ and ψ‴ at a point.
type Derivatives = [f64; 3];

impl SaddlePoint {
    /// By Newton's method within a bracket; ψ is convex on either side of 0. `mean` is that of Q.
    pub fn find(determinant: &Determinant, mean: f64, q: f64, upper: bool) -> Option<Self> {
        let df = determinant.df();
        // For p > 0, ψ′ is at least q − (df/2 + 1)/p whatever the eigenvalues are. For p < 0 the first
        // singularity is at −1/2 over the largest eigenvalue, which lies between the two largest d.
        let second = determinant.others.iter().fold(0.0, |most: f64, term| most.max(term.d));
        let (mut low, mut high) = if upper { (-0.5 / second, 0.0) } else { (0.0, (0.5 * df + 1.0) / q) };
        let mut p = if upper { start_of_upper(df, mean, q).max(0.5 * low) } else { high };
        for _ in 0..MAX_STEPS {
            let next = match derivatives(determinant, p, q) {
                // At or beyond the first singularity.
                None => {
                    low = p;
                    0.5 * (low + high)
                }
                Some(found) => {
                    let step = found[0] / found[1];
                    if step.abs() * found[1].sqrt() < 0.05 {
                        return Self::at(determinant, p, q, found);
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

    fn at(determinant: &Determinant, p: f64, q: f64, [_, second, third]: Derivatives) -> Option<Self> {
        let ln_factors = sum(determinant.others.iter().map(|term| ln(1.0 + 2.0 * p * term.d)));
        let rank_one = rank_one_factor(determinant, p)[0];
        let psi = p * q - 0.5 * (ln_factors + ln(rank_one)) - ln(p.abs());
        let width = 1.0 / second.sqrt();
        // A least value, because with few studies the integrand decreases too slowly on a straight line.
        let least_bend = 0.2 / (0.5 * determinant.df() + 1.0).sqrt();
        let bend = (-third * width * width * width / 6.0).max(least_bend).min(0.5);
        (width.is_finite() && psi.is_finite()).then(|| Self { p, height: exp(psi), width, bend })
    }
}

/// About ten are used for the lower tail, some more for the upper one, whose singularity has to be found.
const MAX_STEPS: u32 = 400;

/// The middle of the bracket; a quarter of the other end if one end is 0.
fn between(low: f64, high: f64) -> f64 {
    if low == 0.0 {
        0.25 * high
    } else if high == 0.0 {
        0.25 * low
    } else {
        0.5 * (low + high)
    }
}

/// The saddle point for the upper tail of a scaled χ²(df) with the mean m of Q, at which
/// p q − (df/2) ln(1 + 2 p m/df) − ln(−p) is stationary.
fn start_of_upper(df: f64, mean: f64, q: f64) -> f64 {
    let scale = 2.0 * mean / df;
    // The negative root of q scale p² + (q − (df/2 + 1) scale) p − 1 = 0.
    let b = q - (0.5 * df + 1.0) * scale;
    let root = (b * b + 4.0 * q * scale).sqrt();
    if b > 0.0 { -(b + root) / (2.0 * q * scale) } else { -2.0 / (root - b) }
}

/// The rank-one factor of D(p) and its first three derivatives in p.
fn rank_one_factor(determinant: &Determinant, p: f64) -> [f64; 4] {
    let mut b = [0.0; 4];
    for term in &determinant.others {
        let u = 1.0 / (1.0 + 2.0 * p * term.d);
        let mut part = term.a * u;
        for b in &mut b {
            *b += part;
            part *= term.d * u;
        }
    }
    let largest = determinant.largest;
    let (d, c) = (largest.d, 1.0 + 2.0 * p * largest.d);
    let values = [
        largest.a + c * b[0],
        2.0 * (d * b[0] - c * b[1]),
        8.0 * (c * b[2] - d * b[1]),
        48.0 * (d * b[2] - c * b[3]),
    ];
    values.map(|value| value / determinant.total)
}

/// ψ′, ψ″ and ψ‴; `None` at or beyond the first singularity.
fn derivatives(determinant: &Determinant, p: f64, q: f64) -> Option<Derivatives> {
    let mut factors = [0.0; 3];
    for term in &determinant.others {
        let factor = 1.0 + 2.0 * p * term.d;
        if factor <= 0.0 {
            return None;
        }
        let r = 2.0 * term.d / factor;
        factors[0] += r;
        factors[1] -= r * r;
        factors[2] += 2.0 * r * r * r;
    }
    let [h, h1, h2, h3] = rank_one_factor(determinant, p);
    if h.is_nan() || h <= 0.0 {
        return None;
    }
    let (r1, r2, r3) = (h1 / h, h2 / h, h3 / h);
    let logs = [r1, r2 - r1 * r1, r3 - 3.0 * r1 * r2 + 2.0 * r1 * r1 * r1];
    let second = -0.5 * (factors[1] + logs[1]) + 1.0 / (p * p);
    Some([
        q - 0.5 * (factors[0] + logs[0]) - 1.0 / p,
        // ψ″ is at least 1/p²; rounding must not take it below.
        second.max(1.0 / (p * p)),
        -0.5 * (factors[2] + logs[2]) - 2.0 / (p * p * p),
    ])
}
