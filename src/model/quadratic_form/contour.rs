//! The inversion integral by the trapezoidal rule on a hyperbola through the saddle point.

use std::f64::consts::PI;

use super::Law;
use super::saddle::Saddle;
use crate::numeric::elementary::{atan2, cos, exp, ln, sin};

/// A complex number.
#[derive(Debug, Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

/// What a term contributes relative to the saddle point p₀: with z = 2 (p − p₀) g the factor
/// (1 + 2 p d)/(1 + 2 p₀ d) is 1 + z and a/(1 + 2 p d) is b/(1 + z).
struct Shifted {
    g: f64,
    b: f64,
}

/// The tail on the side of the saddle point; NaN where the rule does not settle.
pub(super) fn integral(law: &Law, saddle: &Saddle, q: f64) -> f64 {
    let shifted: Vec<Shifted> = law
        .terms
        .iter()
        .map(|term| {
            let factor = 1.0 + 2.0 * saddle.p * term.d;
            Shifted { g: term.d / factor, b: term.a / factor }
        })
        .collect();
    let at_saddle = rank_one(law, saddle, &shifted, Complex { re: 0.0, im: 0.0 }).0.re;
    // u = sinh t: near the axis a normal density decides, far out an exponential that falls slowly in u.
    let integrand = |t: f64| {
        let (grown, shrunk) = (exp(t), exp(-t));
        let (value, size) = integrand(law, saddle, &shifted, at_saddle, q, 0.5 * (grown - shrunk));
        let stretch = 0.5 * (grown + shrunk);
        (value * stretch, size * stretch)
    };
    // Half of the node on the axis: the integrand there is 1, its step i.
    let mut sum = 0.5;
    let mut step = 0.5;
    sum += nodes(&integrand, step, step, sum);
    for _ in 0..MOST_HALVINGS {
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
const MOST_HALVINGS: u32 = 14;

/// The sum over the nodes `first`, `first` + `step`, … until they no longer count.
fn nodes(integrand: &impl Fn(f64) -> (f64, f64), first: f64, step: f64, known: f64) -> f64 {
    let (mut sum, mut t) = (0.0, first);
    loop {
        let (value, size) = integrand(t);
        sum += value;
        // The size falls from its first node on: along steepest descent without a turn.
        if size.is_nan() || size <= 1e-18 * (known + sum).abs().max(1e-3) {
            return sum;
        }
        t += step;
    }
}

/// Im[exp(ψ(p) − ψ(p₀)) dp/du]/width at p = p₀ + width (i u + x(u)), and its modulus.
///
/// x(u) = −A (√(1 + (u/B)²) − 1) starts as −bend u² does and ends as a straight line: a parabola would
/// turn into the valley's side where the integrand is nearly a normal density.
fn integrand(law: &Law, saddle: &Saddle, shifted: &[Shifted], at_saddle: f64, q: f64, u: f64) -> (f64, f64) {
    let slope = (3.0 * saddle.bend).max(0.5);
    let ratio = 2.0 * saddle.bend * u / slope;
    let root = (1.0 + ratio * ratio).sqrt();
    // A (√(1 + r²) − 1) = A r²/(1 + √(1 + r²)), A = slope²/(2 bend).
    let left = slope * u * ratio / (1.0 + root);
    let away = Complex { re: -saddle.width * left, im: saddle.width * u };
    let (rank_one, product) = rank_one(law, saddle, shifted, away);
    let p = Complex { re: saddle.p + away.re, im: away.im };
    // exp(p q) D^(−1/2)/p, relative to its value at the saddle point.
    let modulus = away.re * q
        - 0.5 * (product.ln_modulus + ln(length(rank_one) / at_saddle))
        - ln(length(p) / saddle.p.abs());
    let turn = if saddle.p < 0.0 { atan2(-p.im, -p.re) } else { atan2(p.im, p.re) };
    let angle = away.im * q - 0.5 * (product.angle + atan2(rank_one.im, rank_one.re)) - turn;
    let size = exp(modulus);
    let sideways = slope * ratio / root;
    (size * (cos(angle) - sideways * sin(angle)), size * (1.0 + sideways))
}

fn length(z: Complex) -> f64 {
    (z.re * z.re + z.im * z.im).sqrt()
}

/// A product of many complex factors of the upper half-plane, as the logarithm of its modulus and its
/// angle without wrapping.
struct Product {
    ln_modulus: f64,
    angle: f64,
}

/// (a_m + (1 + 2 p d_m) Σ a/(1 + 2 p d))/Σ a, and Π (1 + 2 p d)/(1 + 2 p₀ d), over the terms but the largest.
///
/// By interlacing, the first is a quotient of factors whose angles add up to less than π: its
/// principal logarithm is the continuous one.
fn rank_one(law: &Law, saddle: &Saddle, shifted: &[Shifted], away: Complex) -> (Complex, Product) {
    let mut running = Running::default();
    let (mut re, mut im) = (0.0, 0.0);
    let (x, y) = (2.0 * away.re, 2.0 * away.im);
    for term in shifted {
        let factor = Complex { re: 1.0 + x * term.g, im: y * term.g };
        let scale = term.b / (factor.re * factor.re + factor.im * factor.im);
        re += scale * factor.re;
        im -= scale * factor.im;
        running.multiply(factor);
    }
    let d = 2.0 * law.largest.d;
    let c = Complex { re: 1.0 + (saddle.p + away.re) * d, im: away.im * d };
    let value = Complex {
        re: (law.largest.a + (c.re * re - c.im * im)) / law.total,
        im: (c.re * im + c.im * re) / law.total,
    };
    (value, running.product())
}

/// A running product: its value scaled by a power of two, and how many half turns it has made.
struct Running {
    re: f64,
    im: f64,
    half_turns: f64,
    scalings: f64,
}

impl Default for Running {
    fn default() -> Self {
        Self { re: 1.0, im: 0.0, half_turns: 0.0, scalings: 0.0 }
    }
}

const SCALE: f64 = 1.157_920_892_373_162e77; // 2²⁵⁶
const LN_SCALE: f64 = 256.0 * std::f64::consts::LN_2;

impl Running {
    /// By a factor with an angle in [0, π): the sign of the imaginary part changes once a half turn.
    fn multiply(&mut self, factor: Complex) {
        let (re, im) = (self.re * factor.re - self.im * factor.im, self.re * factor.im + self.im * factor.re);
        if (im < 0.0) != (self.im < 0.0) {
            self.half_turns += self.turned(re, im);
        }
        (self.re, self.im) = (re, im);
        let size = re.abs() + im.abs();
        if size > SCALE {
            (self.re, self.im, self.scalings) = (re / SCALE, im / SCALE, self.scalings + 1.0);
        } else if size < 1.0 / SCALE {
            (self.re, self.im, self.scalings) = (re * SCALE, im * SCALE, self.scalings - 1.0);
        }
    }

    /// A half turn forward; or back, where rounding alone has taken a product next to the real axis
    /// across it the wrong way.
    fn turned(&self, re: f64, im: f64) -> f64 {
        let beside_axis =
            im.abs() < 1e-9 * re.abs() && self.im.abs() < 1e-9 * self.re.abs() && re * self.re > 0.0;
        let forward = (im < 0.0) == (re < 0.0);
        if beside_axis && !forward { -1.0 } else { 1.0 }
    }

    fn product(&self) -> Product {
        let ln_modulus = ln(length(Complex { re: self.re, im: self.im })) + self.scalings * LN_SCALE;
        // Within the half turn the angle is that of ±(re, im) in the upper half-plane.
        let within = if self.im < 0.0 { atan2(-self.im, -self.re) } else { atan2(self.im, self.re) };
        Product { ln_modulus, angle: self.half_turns * PI + within }
    }
}
