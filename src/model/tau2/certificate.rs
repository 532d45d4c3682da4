//! All local maxima of a likelihood over τ² ≥ 0, with a proof that there are no others.

use super::score::{Score, ScoreTerms};
use crate::error::Error;
use crate::numeric::elementary::{exp_m1, ln, ln_1p};

/// The proof that a maximum is the global one.
///
/// `score` is the slope of the log-likelihood in τ². It has been shown that the likelihood has no local
/// maximum over τ² ≥ 0 other than the one in `bracket` and the `alternatives`.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Two τ² between which the score changes from positive to negative; both 0 for a maximum at τ² = 0.
    pub bracket: [f64; 2],
    /// The score at both ends of the bracket.
    pub score: [f64; 2],
    /// The log-likelihood at the maximum; `None` if it is the only local maximum, so that none was needed.
    pub log_likelihood: Option<f64>,
    /// The other local maxima, smallest τ² first.
    pub alternatives: Vec<Alternative>,
    /// The score is negative for all larger τ².
    pub upper_bound: f64,
    /// How often the score was evaluated.
    pub evaluations: u32,
}

/// A local maximum that is not the global one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative {
    /// The τ² at the maximum.
    pub tau2: f64,
    /// The log-likelihood there.
    pub log_likelihood: f64,
}

/// A local maximum with a bracket in which the score changes sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BracketedMaximum {
    /// The τ² at the maximum.
    pub tau2: f64,
    /// Two τ² around it; both 0 for a maximum at τ² = 0.
    pub bracket: [f64; 2],
    /// The score at both ends of the bracket.
    pub score: [f64; 2],
}

/// Every local maximum over τ² ≥ 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LocalMaxima {
    /// At least one, smallest τ² first.
    pub maxima: Vec<BracketedMaximum>,
    /// The score is negative for all larger τ².
    pub upper_bound: f64,
    /// How often the score was evaluated.
    pub evaluations: u32,
}

/// A τ² and the terms of the score there.
type Point = (f64, ScoreTerms);

/// Finds every local maximum of a likelihood over τ² ≥ 0.
///
/// Twice the score is `quadratic` − `trace`, both decreasing and convex in τ² (see [`ScoreTerms`]). On an
/// interval each term lies below its chord and above its tangents at the ends, which bounds the score; and
/// the slope of each term increases from one end to the other, which bounds the slope of the score. An
/// interval is decided if the score cannot be 0 in it, or if the score is monotone in it; otherwise it is
/// split. Beyond an upper bound in closed form the score is negative.
///
/// # Errors
///
/// [`Error::NoConvergence`] where an interval cannot be decided: the score touches 0 without a clear change of
/// sign, or an estimate or variance is not a number.
pub(crate) fn find(score: &impl Score) -> Result<LocalMaxima, Error> {
    let [min_v, max_v] = score.variances();
    let mut search = Search { score, min_v, evaluations: 0, points: Vec::with_capacity(24) };
    let upper_bound = upper_bound(score.bounds(), min_v, max_v);
    let zero = search.at(0.0);
    let mut maxima = Vec::new();
    if zero.1.twice_score() <= 0.0 {
        let score = [0.5 * zero.1.twice_score(); 2];
        maxima.push(BracketedMaximum { tau2: 0.0, bracket: [0.0; 2], score });
    }
    if upper_bound > 0.0 {
        let end = search.at(upper_bound);
        search.points.push(zero);
        search.points.push(end);
        let guess = search.newton_from_moment_estimate(upper_bound);
        search.decide_intervals(guess, &mut maxima)?;
    }
    if maxima.is_empty() {
        return Err(not_certified("no maximum could be bracketed below", upper_bound));
    }
    Ok(LocalMaxima { maxima, upper_bound, evaluations: search.evaluations })
}

/// A τ² above which the score is negative: where S/(v_min + τ²)² is below n/(v_max + τ²), which is a quadratic
/// inequality in τ² (see [`Score::bounds`]).
fn upper_bound((squares, terms): (f64, f64), min_v: f64, max_v: f64) -> f64 {
    let variance = squares / terms;
    let root = (variance * variance + 4.0 * variance * (max_v - min_v)).sqrt();
    // Enlarged by more than the rounding error.
    0.5 * (variance + root) * (1.0 + 1e-9) - min_v
}

struct Search<'a, S> {
    score: &'a S,
    /// The smallest variance.
    min_v: f64,
    evaluations: u32,
    /// The points evaluated so far, by τ².
    points: Vec<Point>,
}

impl<S: Score> Search<'_, S> {
    fn at(&mut self, tau2: f64) -> Point {
        self.evaluations += 1;
        (tau2, self.score.terms(tau2))
    }

    /// Newton's iteration towards a maximum, from a moment estimate of τ². The points on the way are kept for
    /// the proof. Returns the last point.
    fn newton_from_moment_estimate(&mut self, upper_bound: f64) -> f64 {
        let min_v = self.min_v;
        let mut tau2 = (self.score.sum_of_squares() / self.score.k() - min_v).clamp(0.0, 0.5 * upper_bound);
        for step in 0..MAX_STEPS {
            let point = if tau2 > 0.0 { self.at(tau2) } else { self.points[0] };
            let (_, terms) = point;
            let next = newton(&point, min_v);
            let converged = terms.twice_score().abs() <= 1e-4 * (terms.quadratic + terms.trace);
            if tau2 > 0.0 && !converged {
                self.insert(point);
            }
            if !(0.0 < next && next < upper_bound) || step + 1 == MAX_STEPS {
                return tau2;
            }
            tau2 = next;
            if converged {
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

    /// Goes through the intervals from the left and splits the undecided ones; every change of sign of the
    /// score from positive to negative gives a maximum. `guess` is where one is expected.
    fn decide_intervals(&mut self, guess: f64, maxima: &mut Vec<BracketedMaximum>) -> Result<(), Error> {
        let mut left = 0;
        while left + 1 < self.points.len() {
            let (a, b) = (self.points[left], self.points[left + 1]);
            match classify(&a, &b) {
                Interval::NoMaximum => left += 1,
                Interval::OneMaximum => {
                    let start = if a.0 < guess && guess < b.0 { guess } else { 0.5 * (a.0 + b.0) };
                    maxima.push(self.refine(start, a, b));
                    left += 1;
                }
                Interval::Undecided => {
                    let split = split_point(a.0, b.0, guess, self.min_v);
                    // Splitting never decides an interval with NaN, or one in which the score touches 0.
                    if self.evaluations > MAX_EVALUATIONS || !(a.0 < split && split < b.0) {
                        return Err(not_certified("the sign of its slope cannot be decided near", a.0));
                    }
                    let point = self.at(split);
                    self.points.insert(left + 1, point);
                }
            }
        }
        Ok(())
    }

    /// The root of a score that is monotone between `a` and `b`, by Newton's iteration kept within them, with
    /// the smallest bracket in which the change of sign is not lost in rounding.
    fn refine(&mut self, start: f64, a: Point, b: Point) -> BracketedMaximum {
        let (mut low, mut high) = (a, b);
        let mut tau2 = start;
        let mut last = f64::INFINITY;
        for _ in 0..MAX_STEPS {
            let point = self.at(tau2);
            if point.1.twice_score() > 0.0 {
                low = point;
            } else {
                high = point;
            }
            let next = newton(&point, self.min_v);
            let next = if low.0 <= next && next <= high.0 { next } else { 0.5 * (low.0 + high.0) };
            let step = (next - tau2).abs();
            // Convergence is quadratic: the remaining error is the square of the relative step, or rounding.
            let done = step <= 1e-9 * next || step >= last && step <= 1e-6 * next;
            (tau2, last) = (next, step);
            if done {
                break;
            }
        }
        self.bracketed(tau2, low, high)
    }

    /// Widens a bracket from a few floats around `tau2` until the score has the right sign at both ends, at
    /// most to `low` and `high`.
    fn bracketed(&mut self, tau2: f64, low: Point, high: Point) -> BracketedMaximum {
        let (mut bracket, mut twice_score) = ([low.0, high.0], [low.1.twice_score(), high.1.twice_score()]);
        for (end, sign) in [(0, -1.0), (1, 1.0)] {
            let mut width = 4.0 * f64::EPSILON * (tau2 + self.min_v);
            loop {
                let point = self.at((tau2 + sign * width).max(0.0));
                let outside = if end == 0 { point.0 <= low.0 } else { point.0 >= high.0 };
                if outside {
                    break;
                }
                if point.1.twice_score() * sign < 0.0 {
                    (bracket[end], twice_score[end]) = (point.0, point.1.twice_score());
                    break;
                }
                width *= 4.0;
            }
        }
        BracketedMaximum { tau2, bracket, score: twice_score.map(|score| 0.5 * score) }
    }
}

/// About 4 are used.
const MAX_STEPS: u32 = 60;
/// About 15 are used; the most difficult multimodal likelihoods known need some hundreds.
const MAX_EVALUATIONS: u32 = 20_000;

/// The Newton step for ln `quadratic` = ln `trace` in the variable ln(τ² + c), in which both are nearly
/// linear.
fn newton(&(tau2, terms): &Point, min_v: f64) -> f64 {
    // τ² + c, with c a typical variance: −trace/trace_slope, which is τ² + v for equal variances.
    let length = (-terms.trace / terms.trace_slope).max(tau2 + min_v);
    let ratio = terms.twice_score() / terms.trace;
    let log_ratio = if ratio.abs() < 0.5 { ln_1p(ratio) } else { ln(terms.quadratic / terms.trace) };
    let slope = terms.quadratic_slope / terms.quadratic - terms.trace_slope / terms.trace;
    let step = -log_ratio / (slope * length);
    let growth = if step.abs() < 1e-3 { step + 0.5 * step * step } else { exp_m1(step.clamp(-3.0, 3.0)) };
    tau2 + length * growth
}

/// What is known of an interval between two points.
enum Interval {
    NoMaximum,
    OneMaximum,
    Undecided,
}

/// Decides from its two ends whether an interval contains a maximum.
fn classify(a: &Point, b: &Point) -> Interval {
    let (score_a, score_b) = (a.1.twice_score(), b.1.twice_score());
    // The rounding error of the bounds is far below this.
    let margin = 1e-10 * (a.1.quadratic + a.1.trace);
    if largest_score(a, b) < -margin || smallest_score(a, b) > margin {
        return Interval::NoMaximum;
    }
    // The slopes of both terms increase from a to b, so the slope of the score lies between these.
    let least_slope = a.1.quadratic_slope - b.1.trace_slope;
    let most_slope = b.1.quadratic_slope - a.1.trace_slope;
    let margin = 1e-10 * (a.1.quadratic_slope.abs() + a.1.trace_slope.abs());
    if most_slope < -margin {
        return if score_a > 0.0 && score_b <= 0.0 { Interval::OneMaximum } else { Interval::NoMaximum };
    }
    if least_slope > margin { Interval::NoMaximum } else { Interval::Undecided }
}

/// An upper bound of twice the score in the interval: the chord of `quadratic` minus the tangents of `trace`.
fn largest_score(a: &Point, b: &Point) -> f64 {
    let kink = tangent_intersection(a, b, |s| (s.trace, s.trace_slope));
    let quadratic = chord(a, b, kink, |s| s.quadratic);
    let trace = a.1.trace + a.1.trace_slope * (kink - a.0);
    a.1.twice_score().max(b.1.twice_score()).max(quadratic - trace)
}

/// A lower bound of twice the score in the interval: the tangents of `quadratic` minus the chord of `trace`.
fn smallest_score(a: &Point, b: &Point) -> f64 {
    let kink = tangent_intersection(a, b, |s| (s.quadratic, s.quadratic_slope));
    let quadratic = a.1.quadratic + a.1.quadratic_slope * (kink - a.0);
    a.1.twice_score().min(b.1.twice_score()).min(quadratic - chord(a, b, kink, |s| s.trace))
}

/// The chord of one term, at τ² = t.
fn chord(a: &Point, b: &Point, t: f64, term: impl Fn(&ScoreTerms) -> f64) -> f64 {
    term(&a.1) + (term(&b.1) - term(&a.1)) * ((t - a.0) / (b.0 - a.0))
}

/// The τ² where the tangents of one term (value and slope) at the ends meet. By convexity it lies between
/// them; if the tangents are parallel it is an end.
fn tangent_intersection(a: &Point, b: &Point, term: impl Fn(&ScoreTerms) -> (f64, f64)) -> f64 {
    let ((fa, sa), (fb, sb)) = (term(&a.1), term(&b.1));
    let t = a.0 + (fb - fa - sb * (b.0 - a.0)) / (sa - sb);
    if t.is_nan() { a.0 } else { t.clamp(a.0, b.0) }
}

/// Where an undecided interval is split: next to the maximum that Newton's iteration found if that is inside,
/// else at the geometric mean of v_min + τ², on whose scale the score changes.
fn split_point(a: f64, b: f64, guess: f64, min_v: f64) -> f64 {
    if a < guess && guess < b {
        // Far enough from the root for the sign of the score to be clear, close enough for the score to be
        // monotone in between.
        for factor in [0.7, 1.4] {
            let split = (guess + min_v) * factor - min_v;
            if a < split && split < b {
                return split;
            }
        }
    }
    ((a + min_v) * (b + min_v)).sqrt() - min_v
}

fn not_certified(what: &str, tau2: f64) -> Error {
    Error::NoConvergence(format!(
        "the maximum of the likelihood of tau2 cannot be certified: {what} {tau2:e}"
    ))
}
