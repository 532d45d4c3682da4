//! Adaptive integration.

use crate::numeric::sum::Sum;

/// The result of [`integrate`].
///
/// ```
/// let found = metaprop::numeric::quadrature::integrate(|x| x, 0.0, 2.0, 1e-12);
/// assert!(found.value == 2.0 && found.converged);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Integral {
    /// The integral.
    pub value: f64,
    /// An estimate of its absolute error; usually much too large.
    pub error: f64,
    /// How often the function was evaluated.
    pub evaluations: u32,
    /// Whether the error estimate met the tolerance.
    pub converged: bool,
}

/// `∫ₐᵇ f(x) dx` by adaptive bisection with the 7- and 15-point rules of Gauss and Kronrod.
///
/// Stops when the estimated error is below `rel_tol` times the integral of `|f|`, or below rounding, or after
/// 2000 bisections (`converged` is then false). The ends are not evaluated, so integrable singularities there
/// converge, slowly. The ends must be finite: substitute first for an infinite interval. `a > b` changes the
/// sign.
///
/// Source: Piessens et al. (1983), *QUADPACK*, `qk15` and the worst-interval-first strategy of `qag`;
/// Kronrod, A. S. (1965), *Nodes and Weights of Quadrature Formulas*.
///
/// ```
/// let found = metaprop::numeric::quadrature::integrate(|x: f64| x.exp(), 0.0, 1.0, 1e-13);
/// assert!((found.value - (1.0_f64.exp() - 1.0)).abs() < 1e-14);
/// ```
#[must_use]
pub fn integrate(mut f: impl FnMut(f64) -> f64, a: f64, b: f64, rel_tol: f64) -> Integral {
    let mut pieces = vec![Piece::new(&mut f, a, b)];
    loop {
        let total = Totals::from_pieces(&pieces);
        let bisections = u32::try_from(pieces.len()).unwrap_or(u32::MAX) - 1;
        let evaluations = 15 * (2 * bisections + 1);
        let enough = total.error <= total.absolute * rel_tol.max(4.0 * f64::EPSILON);
        let result = Integral { value: total.value, error: total.error, evaluations, converged: enough };
        if enough || bisections >= 2000 || !total.error.is_finite() {
            return result;
        }
        let worst = total.worst;
        let Piece { a, b, .. } = pieces[worst];
        let middle = 0.5 * a + 0.5 * b;
        if middle == a || middle == b {
            return result;
        }
        pieces[worst] = Piece::new(&mut f, a, middle);
        pieces.insert(worst + 1, Piece::new(&mut f, middle, b));
    }
}

/// Half of the 15-point rule: node, Kronrod's weight, Gauss's weight (0 where only Kronrod's rule has it).
/// Recomputed to 60 digits from the zeros of the Legendre and Stieltjes polynomials.
const KRONROD: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_639_21, 0.022_935_322_010_529_224_964, 0.0),
    (0.949_107_912_342_758_524_53, 0.063_092_092_629_978_553_291, 0.129_484_966_168_869_693_27),
    (0.864_864_423_359_769_072_79, 0.104_790_010_322_250_183_84, 0.0),
    (0.741_531_185_599_394_439_86, 0.140_653_259_715_525_918_75, 0.279_705_391_489_276_667_90),
    (0.586_087_235_467_691_130_29, 0.169_004_726_639_267_902_83, 0.0),
    (0.405_845_151_377_397_166_91, 0.190_350_578_064_785_409_91, 0.381_830_050_505_118_944_95),
    (0.207_784_955_007_898_467_60, 0.204_432_940_075_298_892_41, 0.0),
    (0.0, 0.209_482_141_084_727_828_01, 0.417_959_183_673_469_387_76),
];

/// One interval with the integrals of the function and of its absolute value, and the error estimate.
struct Piece {
    a: f64,
    b: f64,
    value: f64,
    absolute: f64,
    error: f64,
}

impl Piece {
    fn new(f: &mut impl FnMut(f64) -> f64, a: f64, b: f64) -> Self {
        let (centre, half) = (0.5 * a + 0.5 * b, 0.5 * b - 0.5 * a);
        let at_centre = f(centre);
        let mut kronrod = KRONROD[7].1 * at_centre;
        let mut gauss = KRONROD[7].2 * at_centre;
        let mut absolute = KRONROD[7].1 * at_centre.abs();
        for (node, weight, gauss_weight) in &KRONROD[..7] {
            let (below, above) = (f(centre - half * node), f(centre + half * node));
            kronrod += weight * (below + above);
            gauss += gauss_weight * (below + above);
            absolute += weight * (below.abs() + above.abs());
        }
        let error = ((kronrod - gauss) * half).abs();
        Self { a, b, value: kronrod * half, absolute: absolute * half.abs(), error }
    }
}

/// The sums over all pieces, from left to right, and the index of the piece with the largest error.
struct Totals {
    value: f64,
    absolute: f64,
    error: f64,
    worst: usize,
}

impl Totals {
    fn from_pieces(pieces: &[Piece]) -> Self {
        let (mut value, mut absolute, mut error) = (Sum::new(), Sum::new(), Sum::new());
        let mut worst = 0;
        for (index, piece) in pieces.iter().enumerate() {
            value.add(piece.value);
            absolute.add(piece.absolute);
            error.add(piece.error);
            if piece.error > pieces[worst].error {
                worst = index;
            }
        }
        Self { value: value.value(), absolute: absolute.value(), error: error.value(), worst }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::{exp, ln};
    use std::f64::consts::PI;

    #[test]
    fn peaks_singularities_reversed_ends_and_nan() {
        let peak = integrate(|x| exp(-1e6 * (x - 0.3) * (x - 0.3)), 0.0, 1.0, 1e-12);
        assert!((peak.value / (PI.sqrt() / 1e3) - 1.0).abs() < 1e-13, "{peak:?}");
        let singular = integrate(ln, 0.0, 1.0, 1e-12);
        assert!((singular.value + 1.0).abs() < 1e-12, "{singular:?}");
        let backwards = integrate(|x| x * x, 1.0, 0.0, 1e-12);
        assert!((backwards.value + 1.0 / 3.0).abs() < 1e-15 && backwards.converged);
        assert!(!integrate(|_| f64::NAN, 0.0, 1.0, 1e-12).converged);
    }
}
