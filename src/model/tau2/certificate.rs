//! All local maxima of a likelihood over τ² ≥ 0, with the proof that there are no others.

use super::slopes::{Slopes, Studies, Target};
use crate::error::Error;
use crate::numeric::elementary::{exp_m1, ln, ln_1p};

/// Why a maximum is the maximum.
///
/// `score` is the slope of the log-likelihood in τ², and the whole of τ² ≥ 0 has been shown to hold no
/// local maximum but the one in `bracket` and the `alternatives`.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Between these the score passes from above to below 0; both are 0 for a maximum at τ² = 0.
    pub bracket: [f64; 2],
    /// The score at both ends.
    pub score: [f64; 2],
    /// The log-likelihood at the maximum; `None` where there was nothing to compare it with.
    pub log_likelihood: Option<f64>,
    /// The other local maxima, smallest τ² first.
    pub alternatives: Vec<Maximum>,
    /// From here on the score is negative: no maximum lies beyond.
    pub beyond: f64,
    /// How often the score was evaluated.
    pub evaluations: u32,
}

/// A local maximum that is not the global one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Maximum {
    /// Where.
    pub tau2: f64,
    /// The log-likelihood there.
    pub log_likelihood: f64,
}

/// A local maximum and where its score changes sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The maximum.
    pub tau2: f64,
    /// Around it.
    pub bracket: [f64; 2],
    /// The score at both ends.
    pub score: [f64; 2],
}

/// Every local maximum over τ² ≥ 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Peaks {
    /// At least one, smallest τ² first.
    pub peaks: Vec<Peak>,
    /// From here on the score is negative.
    pub beyond: f64,
    /// How often the score was evaluated.
    pub evaluations: u32,
}

/// A point on the axis with what is known there.
type Point = (f64, Slopes);

/// Finds every local maximum of a likelihood over τ² ≥ 0.
///
/// The score is `rise` − `fall`, both decreasing and convex in τ². So on an interval each lies below
/// its chord and above its tangents at the ends, which bounds the score; and the slope of each grows
/// from one end to the other, which bounds the slope of the score. An interval is settled when the
/// score cannot be 0 in it, or when the score is monotone in it; else it is cut. Beyond
/// a bound in closed form the score is negative.
///
/// # Errors
///
/// [`Error::NoConvergence`] where an interval stays open: the score touches 0 without a clear change
/// of sign, or an estimate or variance is not a number.
pub fn find(studies: &Studies, target: Target) -> Result<Peaks, Error> {
    let mut search = Search { studies, target, evaluations: 0, points: Vec::with_capacity(24) };
    let beyond = last_possible(studies, target);
    let zero = search.at(0.0);
    let mut peaks = Vec::new();
    if zero.1.score() <= 0.0 {
        peaks.push(Peak { tau2: 0.0, bracket: [0.0; 2], score: [0.5 * zero.1.score(); 2] });
    }
    if beyond > 0.0 {
        let end = search.at(beyond);
        search.points.push(zero);
        search.points.push(end);
        let near = search.approach(beyond);
        search.settle(near, &mut peaks)?;
    }
    if peaks.is_empty() {
        return Err(lost("no maximum could be bracketed", beyond));
    }
    Ok(Peaks { peaks, beyond, evaluations: search.evaluations })
}

/// The τ² from which on the score is negative.
///
/// The eigenvalues of P, apart from one 0, lie between 1/(v_max + τ²) and 1/(v_min + τ²), so that
/// yᵀP²y ≤ Σ(y − ȳ)²/(v_min + τ²)² and tr P ≥ (k − 1)/(v_max + τ²); the score is negative where the
/// first is below the second, a quadratic in τ². The full likelihood has Σ w ≥ k/(v_max + τ²) instead,
/// and with a given mean Σ(y − μ)² for Σ(y − ȳ)².
fn last_possible(studies: &Studies, target: Target) -> f64 {
    let (deviation, terms) = match target {
        Target::Full => (studies.deviation, studies.k()),
        Target::Restricted => (studies.deviation, studies.k() - 1.0),
        Target::Mean(mean) => (studies.about(mean), studies.k()),
    };
    let spread = deviation / terms;
    let root = (spread * spread + 4.0 * spread * (studies.most - studies.least)).sqrt();
    // Widened by more than the rounding of what it is made of.
    0.5 * (spread + root) * (1.0 + 1e-9) - studies.least
}

struct Search<'a> {
    studies: &'a Studies,
    target: Target,
    evaluations: u32,
    /// What has been evaluated, by τ².
    points: Vec<Point>,
}

impl Search<'_> {
    fn at(&mut self, tau2: f64) -> Point {
        self.evaluations += 1;
        (tau2, self.studies.slopes(self.target, tau2))
    }

    /// Newton's iteration towards a maximum from about where the estimates suggest it; what it
    /// evaluates on its way becomes part of the proof. Returns where it ended.
    fn approach(&mut self, beyond: f64) -> f64 {
        let scale = self.studies.least;
        let mut tau2 = (self.studies.deviation / self.studies.k() - scale).clamp(0.0, 0.5 * beyond);
        for step in 0..MOST_STEPS {
            let point = if tau2 > 0.0 { self.at(tau2) } else { self.points[0] };
            let (_, slopes) = point;
            let next = newton(&point, scale);
            let settled = slopes.score().abs() <= 1e-4 * (slopes.rise + slopes.fall);
            if tau2 > 0.0 && !settled {
                self.insert(point);
            }
            if !(0.0 < next && next < beyond) || step + 1 == MOST_STEPS {
                return tau2;
            }
            tau2 = next;
            if settled {
                return tau2;
            }
        }
        tau2
    }

    fn insert(&mut self, point: Point) {
        let place = self.points.partition_point(|known| known.0 < point.0);
        if self.points.get(place).is_none_or(|known| known.0 > point.0) {
            self.points.insert(place, point);
        }
    }

    /// Goes through the intervals from the left, cutting those that are open; every fall of the score
    /// through 0 becomes a peak. `near` is where the first is looked for.
    fn settle(&mut self, near: f64, peaks: &mut Vec<Peak>) -> Result<(), Error> {
        let mut left = 0;
        while left + 1 < self.points.len() {
            let (a, b) = (self.points[left], self.points[left + 1]);
            match verdict(&a, &b) {
                Verdict::NoMaximum => left += 1,
                Verdict::Maximum => {
                    let start = if a.0 < near && near < b.0 { near } else { 0.5 * (a.0 + b.0) };
                    peaks.push(self.polish(start, a, b));
                    left += 1;
                }
                Verdict::Open => {
                    let cut = middle(a.0, b.0, near, self.studies.least);
                    // NaN is open for ever; so is a score that touches 0.
                    if self.evaluations > MOST_EVALUATIONS || !(a.0 < cut && cut < b.0) {
                        return Err(lost("an interval stays open near", a.0));
                    }
                    let point = self.at(cut);
                    self.points.insert(left + 1, point);
                }
            }
        }
        Ok(())
    }

    /// The one root of a score that falls from `a` to `b`, by Newton's iteration kept inside, and then
    /// the smallest bracket around it in which rounding still shows the change of sign.
    fn polish(&mut self, start: f64, a: Point, b: Point) -> Peak {
        let (mut low, mut high) = (a, b);
        let mut tau2 = start;
        let mut last = f64::INFINITY;
        for _ in 0..MOST_STEPS {
            let point = self.at(tau2);
            if point.1.score() > 0.0 {
                low = point;
            } else {
                high = point;
            }
            let next = newton(&point, self.studies.least);
            let next = if low.0 <= next && next <= high.0 { next } else { 0.5 * (low.0 + high.0) };
            let step = (next - tau2).abs();
            // Quadratic convergence: the error left is the square of the relative step, or rounding.
            let done = step <= 1e-9 * next || step >= last && step <= 1e-6 * next;
            (tau2, last) = (next, step);
            if done {
                break;
            }
        }
        self.close(tau2, low, high)
    }

    /// Widens from a few floats until both sides show their sign; the bracket found before is the limit.
    fn close(&mut self, tau2: f64, low: Point, high: Point) -> Peak {
        let (mut bracket, mut score) = ([low.0, high.0], [low.1.score(), high.1.score()]);
        for (end, sign) in [(0, -1.0), (1, 1.0)] {
            let mut width = 4.0 * f64::EPSILON * (tau2 + self.studies.least);
            loop {
                let point = self.at((tau2 + sign * width).max(0.0));
                let outside = if end == 0 { point.0 <= low.0 } else { point.0 >= high.0 };
                if outside {
                    break;
                }
                if point.1.score() * sign < 0.0 {
                    (bracket[end], score[end]) = (point.0, point.1.score());
                    break;
                }
                width *= 4.0;
            }
        }
        Peak { tau2, bracket, score: score.map(|score| 0.5 * score) }
    }
}

/// About 4 are used.
const MOST_STEPS: u32 = 60;
/// About 15 are used; the hardest multimodal likelihoods known need some hundreds.
const MOST_EVALUATIONS: u32 = 20_000;

/// Newton's step for ln `rise` = ln `fall` in ln(τ² + c), in which both are nearly straight.
fn newton(&(tau2, slopes): &Point, least: f64) -> f64 {
    // c: τ² plus a typical variance is the number of terms over their sum; −fall/fall_slope is that length.
    let length = (-slopes.fall / slopes.fall_slope).max(tau2 + least);
    let ratio = slopes.score() / slopes.fall;
    let log_ratio = if ratio.abs() < 0.5 { ln_1p(ratio) } else { ln(slopes.rise / slopes.fall) };
    let slope = slopes.rise_slope / slopes.rise - slopes.fall_slope / slopes.fall;
    let step = -log_ratio / (slope * length);
    let grown = if step.abs() < 1e-3 { step + 0.5 * step * step } else { exp_m1(step.clamp(-3.0, 3.0)) };
    tau2 + length * grown
}

enum Verdict {
    NoMaximum,
    Maximum,
    Open,
}

/// What the ends of an interval say of its inside.
fn verdict(a: &Point, b: &Point) -> Verdict {
    let (score_a, score_b) = (a.1.score(), b.1.score());
    // Rounding of the bounds is far below this.
    let margin = 1e-10 * (a.1.rise + a.1.fall);
    if largest_score(a, b) < -margin || smallest_score(a, b) > margin {
        return Verdict::NoMaximum;
    }
    // The slope of the score lies between these: both slopes grow from a to b.
    let least_slope = a.1.rise_slope - b.1.fall_slope;
    let most_slope = b.1.rise_slope - a.1.fall_slope;
    let slack = 1e-10 * (a.1.rise_slope.abs() + a.1.fall_slope.abs());
    if most_slope < -slack {
        return if score_a > 0.0 && score_b <= 0.0 { Verdict::Maximum } else { Verdict::NoMaximum };
    }
    if least_slope > slack { Verdict::NoMaximum } else { Verdict::Open }
}

/// No score between lies above: the chord of `rise` less the tangents of `fall`.
fn largest_score(a: &Point, b: &Point) -> f64 {
    let rise = |t: f64| chord(a, b, t, |s| s.rise);
    let kink = crossing(a, b, |s| (s.fall, s.fall_slope));
    let fall = a.1.fall + a.1.fall_slope * (kink - a.0);
    a.1.score().max(b.1.score()).max(rise(kink) - fall)
}

/// No score between lies below: the tangents of `rise` less the chord of `fall`.
fn smallest_score(a: &Point, b: &Point) -> f64 {
    let kink = crossing(a, b, |s| (s.rise, s.rise_slope));
    let rise = a.1.rise + a.1.rise_slope * (kink - a.0);
    a.1.score().min(b.1.score()).min(rise - chord(a, b, kink, |s| s.fall))
}

fn chord(a: &Point, b: &Point, t: f64, of: impl Fn(&Slopes) -> f64) -> f64 {
    of(&a.1) + (of(&b.1) - of(&a.1)) * ((t - a.0) / (b.0 - a.0))
}

/// Where the tangents at the ends meet; in between by convexity, at an end where they are parallel.
fn crossing(a: &Point, b: &Point, of: impl Fn(&Slopes) -> (f64, f64)) -> f64 {
    let ((fa, sa), (fb, sb)) = (of(&a.1), of(&b.1));
    let t = a.0 + (fb - fa - sb * (b.0 - a.0)) / (sa - sb);
    if t.is_nan() { a.0 } else { t.clamp(a.0, b.0) }
}

/// Where an open interval is cut: beside the maximum that Newton's iteration found, else in the
/// geometric middle of v + τ², which is the scale on which the score changes.
fn middle(a: f64, b: f64, near: f64, least: f64) -> f64 {
    if a < near && near < b {
        // Far enough from the root for the sign to be clear, near enough for the score to be monotone.
        for share in [0.7, 1.4] {
            let cut = (near + least) * share - least;
            if a < cut && cut < b {
                return cut;
            }
        }
    }
    ((a + least) * (b + least)).sqrt() - least
}

fn lost(what: &str, tau2: f64) -> Error {
    Error::NoConvergence(format!(
        "the maximum of the likelihood of tau2 cannot be certified: {what} {tau2:e}"
    ))
}
