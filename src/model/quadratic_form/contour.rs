//! The inversion integral, by the trapezoidal rule on a hyperbola through the saddle point.

use std::f64::consts::PI;

use super::determinant::Determinant;
use super::saddle::SaddlePoint;
use crate::numeric::elementary::{atan2, cos, exp, ln, sin};

#[derive(Debug, Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

/// A term relative to the saddle point p₀: with z = 2 (p − p₀) g, (1 + 2 p d)/(1 + 2 p₀ d) = 1 + z and
/// a/(1 + 2 p d) = b/(1 + z).
struct RelativeTerm {
    g: f64,
    b: f64,
}

/// The lower tail probability for a saddle point above 0, the upper one for a saddle point below; NaN where
/// the rule does not converge.
pub(super) fn integral(determinant: &Determinant, saddle: &SaddlePoint, q: f64) -> f64 {
    let contour = Contour::new(determinant, saddle, q);
    // u = sinh t: near the axis the integrand is close to a normal density, far out it decreases slowly in u.
    let integrand = |t: f64| {
        let (grown, shrunk) = (exp(t), exp(-t));
        let (value, modulus) = contour.integrand(0.5 * (grown - shrunk));
        let stretch = 0.5 * (grown + shrunk);
        (value * stretch, modulus * stretch)
    };
    // The node on the axis counts half; the integrand there is 1.
    let mut sum = 0.5;
    let mut step = 0.5;
    sum += nodes(&integrand, step, step, sum);
    for _ in 0..MAX_HALVINGS {
        let more = nodes(&integrand, 0.5 * step, step, sum);
        let (coarse, fine) = (step * sum, 0.5 * step * (sum + more));
        (sum, step) = (sum + more, 0.5 * step);
        if (fine - coarse).abs() <= 1e-10 * fine.abs() {
            return fine * saddle.width * saddle.height / PI;
        }
    }
    f64::NAN
}

/// Two are usual.
const MAX_HALVINGS: u32 = 14;

/// The sum over the nodes `first`, `first` + `step`, … until they are negligible beside `known` + the sum.
fn nodes(integrand: &impl Fn(f64) -> (f64, f64), first: f64, step: f64, known: f64) -> f64 {
    let (mut sum, mut t) = (0.0, first);
    loop {
        let (value, modulus) = integrand(t);
        sum += value;
        // The modulus decreases monotonically along a path of steepest descent.
        if modulus.is_nan() || modulus <= 1e-18 * (known + sum).abs().max(1e-3) {
            return sum;
        }
        t += step;
    }
}

/// The path p = p₀ + width (i u + x(u)) through the saddle point p₀, and what is computed once for it.
///
/// x(u) = −A (√(1 + (u/B)²) − 1) starts like −bend u² and becomes a straight line. A parabola would leave the
/// valley of the integrand where that is nearly a normal density.
struct Contour<'a> {
    determinant: &'a Determinant,
    saddle: &'a SaddlePoint,
    q: f64,
    terms: Vec<RelativeTerm>,
    /// The rank-one factor at the saddle point.
    rank_one_at_saddle: f64,
}

impl<'a> Contour<'a> {
    fn new(determinant: &'a Determinant, saddle: &'a SaddlePoint, q: f64) -> Self {
        let relative = determinant.others.iter().map(|term| {
            let factor = 1.0 + 2.0 * saddle.p * term.d;
            RelativeTerm { g: term.d / factor, b: term.a / factor }
        });
        let terms = relative.collect();
        let mut contour = Self { determinant, saddle, q, terms, rank_one_at_saddle: f64::NAN };
        contour.rank_one_at_saddle = contour.factors(Complex { re: 0.0, im: 0.0 }).0.re;
        contour
    }

    /// Im[exp(ψ(p) − ψ(p₀)) dp/du]/width at u, and the modulus.
    fn integrand(&self, u: f64) -> (f64, f64) {
        let saddle = self.saddle;
        let slope = (3.0 * saddle.bend).max(0.5);
        let ratio = 2.0 * saddle.bend * u / slope;
        let root = (1.0 + ratio * ratio).sqrt();
        // A (√(1 + r²) − 1) = A r²/(1 + √(1 + r²)), A = slope²/(2 bend).
        let left = slope * u * ratio / (1.0 + root);
        let away = Complex { re: -saddle.width * left, im: saddle.width * u };
        let (rank_one, product) = self.factors(away);
        let p = Complex { re: saddle.p + away.re, im: away.im };
        // exp(p q) D^(−1/2)/p, relative to its value at the saddle point.
        let ln_modulus = away.re * self.q
            - 0.5 * (product.ln_modulus + ln(length(rank_one) / self.rank_one_at_saddle))
            - ln(length(p) / saddle.p.abs());
        let angle_of_p = if saddle.p < 0.0 { atan2(-p.im, -p.re) } else { atan2(p.im, p.re) };
        let angle = away.im * self.q - 0.5 * (product.angle + atan2(rank_one.im, rank_one.re)) - angle_of_p;
        let modulus = exp(ln_modulus);
        let sideways = slope * ratio / root;
        (modulus * (cos(angle) - sideways * sin(angle)), modulus * (1.0 + sideways))
    }

    /// The rank-one factor at p = p₀ + `away`, and Π (1 + 2 p d)/(1 + 2 p₀ d) over the other terms.
    ///
    /// The eigenvalues interlace with the d, so the rank-one factor is a quotient of factors whose angles add
    /// up to less than π: its principal logarithm is the continuous one.
    fn factors(&self, away: Complex) -> (Complex, Product) {
        let mut running = RunningProduct::default();
        let (mut re, mut im) = (0.0, 0.0);
        let (x, y) = (2.0 * away.re, 2.0 * away.im);
        for term in &self.terms {
            let factor = Complex { re: 1.0 + x * term.g, im: y * term.g };
            let scale = term.b / (factor.re * factor.re + factor.im * factor.im);
            re += scale * factor.re;
            im -= scale * factor.im;
            running.multiply(factor);
        }
        let Determinant { largest, total, .. } = self.determinant;
        let d = 2.0 * largest.d;
        let c = Complex { re: 1.0 + (self.saddle.p + away.re) * d, im: away.im * d };
        let rank_one = Complex {
            re: (largest.a + (c.re * re - c.im * im)) / total,
            im: (c.re * im + c.im * re) / total,
        };
        (rank_one, running.product())
    }
}

fn length(z: Complex) -> f64 {
    (z.re * z.re + z.im * z.im).sqrt()
}

/// A product of complex factors from the upper half-plane: the logarithm of its modulus, and its angle, which
/// is not reduced by multiples of 2π.
struct Product {
    ln_modulus: f64,
    angle: f64,
}

/// A product as it is formed: scaled by a power of two against overflow, with the number of half turns of its
/// angle.
struct RunningProduct {
    re: f64,
    im: f64,
    half_turns: f64,
    scalings: f64,
}

impl Default for RunningProduct {
    fn default() -> Self {
        Self { re: 1.0, im: 0.0, half_turns: 0.0, scalings: 0.0 }
    }
}

const SCALE: f64 = 1.157_920_892_373_162e77; // 2²⁵⁶
const LN_SCALE: f64 = 256.0 * std::f64::consts::LN_2;

impl RunningProduct {
    /// Multiplies by a factor with an angle in [0, π). The sign of the imaginary part changes once in each
    /// half turn.
    fn multiply(&mut self, factor: Complex) {
        let (re, im) = (self.re * factor.re - self.im * factor.im, self.re * factor.im + self.im * factor.re);
        if (im < 0.0) != (self.im < 0.0) {
            self.half_turns += self.half_turn(re, im);
        }
        (self.re, self.im) = (re, im);
        let size = re.abs() + im.abs();
        if size > SCALE {
            (self.re, self.im, self.scalings) = (re / SCALE, im / SCALE, self.scalings + 1.0);
        } else if size < 1.0 / SCALE {
            (self.re, self.im, self.scalings) = (re * SCALE, im * SCALE, self.scalings - 1.0);
        }
    }

    /// 1 for a half turn forward. −1 where only rounding has moved a product that lies next to the real axis
    /// across it backwards.
    fn half_turn(&self, re: f64, im: f64) -> f64 {
        let beside_axis =
            im.abs() < 1e-9 * re.abs() && self.im.abs() < 1e-9 * self.re.abs() && re * self.re > 0.0;
        let forward = (im < 0.0) == (re < 0.0);
        if beside_axis && !forward { -1.0 } else { 1.0 }
    }

    fn product(&self) -> Product {
        let ln_modulus = ln(length(Complex { re: self.re, im: self.im })) + self.scalings * LN_SCALE;
        // The angle beyond the half turns is that of ±(re, im), in the upper half-plane.
        let within = if self.im < 0.0 { atan2(-self.im, -self.re) } else { atan2(self.im, self.re) };
        Product { ln_modulus, angle: self.half_turns * PI + within }
    }
}
