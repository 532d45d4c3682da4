//! The maximum of the likelihood of a step-function selection model.

use crate::numeric::elementary::{exp, ln};
use crate::numeric::normal;
use crate::numeric::sum::Sum;

/// Which interval of p, counted from that of the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(pub usize);

/// An interval of z in which a study has one probability to be published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub lower: f64,
    pub upper: f64,
    pub step: Step,
}

/// ℓ(μ, τ², λ) = Σ [ln N(y; μ, v + τ²) + λ(step of y) − ln A], A = Σ e^λ (Φ(b) − Φ(a)) over the segments, with
/// a = (z √v − μ)/√(v + τ²) and λ = ln δ; λ of the first step is 0.
#[derive(Debug, Clone)]
pub(super) struct Likelihood<'a> {
    pub y: &'a [f64],
    pub v: &'a [f64],
    pub steps: &'a [usize],
    pub segments: Vec<Segment>,
}

/// The maximum, with standard errors by the observed information.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maximum {
    pub mean: f64,
    pub se: f64,
    pub tau2: f64,
    pub log_likelihood: f64,
    /// ln δ of the steps after the first, with its standard error.
    lambdas: Vec<(f64, f64)>,
}

impl Maximum {
    /// δ of each step with its standard error, which is e^λ times that of λ.
    pub fn deltas(&self) -> impl Iterator<Item = (f64, Option<f64>)> {
        let others = self.lambdas.iter().map(|(lambda, se)| (exp(*lambda), Some(exp(*lambda) * se)));
        [(1.0, None)].into_iter().chain(others)
    }
}

/// Newton's method ends where the step it would still take raises ℓ by less than this.
const RISE: f64 = 1e-20;
const ITERATIONS: usize = 500;
/// Beyond e^±12 the likelihood is flat: a probability of publication that goes to 0 or without bound.
const FURTHEST: f64 = 12.0;

impl Likelihood<'_> {
    /// From these values of μ and τ², and δ = 1. `None` where there is no maximum.
    ///
    /// Newton's method with the exact slopes, their differences as second derivatives, and Levenberg's damping; τ² is
    /// held at 0 while ℓ falls from there.
    pub fn maximise(&self, (mean, tau2): (f64, f64), free_tau2: bool, lambdas: usize) -> Option<Maximum> {
        let mut at = vec![mean, tau2];
        at.resize(2 + lambdas, 0.0);
        let (mut value, mut slopes) = self.at(&at);
        let mut damping = 1e-3;
        for _ in 0..ITERATIONS {
            let free = |index: &usize| *index != 1 || (free_tau2 && (at[1] > 0.0 || slopes[1] > 0.0));
            let free: Vec<usize> = (0..at.len()).filter(free).collect();
            let curvature = self.curvature(&at, &free);
            let gradient: Vec<f64> = free.iter().map(|index| slopes[*index]).collect();
            let newton = solve(&curvature, &gradient);
            let rise = newton.as_ref().map(|step| dot(step, &gradient));
            if rise.is_some_and(|rise| (0.0..=RISE).contains(&rise)) {
                return self.found(&at, value, &free, &curvature);
            }
            let mut improved = false;
            while damping < 1e12 {
                let step = solve(&damped(&curvature, damping), &gradient);
                let next = step.map(|step| moved(&at, &free, &step));
                let next = next.map(|next| (self.at(&next), next));
                if let Some(((higher, new_slopes), next)) = next
                    && higher >= value
                    && next != at
                {
                    improved = higher > value;
                    (at, value, slopes) = (next, higher, new_slopes);
                    damping = (damping * 0.1).max(1e-15);
                    break;
                }
                damping *= 10.0;
            }
            if at[2..].iter().any(|lambda| lambda.abs() > FURTHEST) {
                return None;
            }
            // At the rounding of ℓ no step raises it any more.
            if !improved {
                let close = rise.is_some_and(|rise| (0.0..=1e-11).contains(&rise));
                return if close { self.found(&at, value, &free, &curvature) } else { None };
            }
        }
        None
    }

    fn found(
        &self,
        at: &[f64],
        log_likelihood: f64,
        free: &[usize],
        curvature: &[Vec<f64>],
    ) -> Option<Maximum> {
        let variance = |index: usize| {
            let place = free.iter().position(|free| *free == index)?;
            let unit: Vec<f64> = (0..free.len()).map(|other| f64::from(u8::from(other == place))).collect();
            Some(solve(curvature, &unit)?[place]).filter(|variance| *variance > 0.0)
        };
        let lambdas: Option<Vec<(f64, f64)>> =
            (2..at.len()).map(|index| Some((at[index], variance(index)?.sqrt()))).collect();
        Some(Maximum { mean: at[0], se: variance(0)?.sqrt(), tau2: at[1], log_likelihood, lambdas: lambdas? })
    }

    /// ℓ and its slopes in μ, τ² and the λ.
    fn at(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let (mean, tau2) = (at[0], at[1]);
        let lambda = |step: usize| if step == 0 { 0.0 } else { at[step + 1] };
        let deltas: Vec<f64> = (0..at.len() - 1).map(|step| exp(lambda(step))).collect();
        let mut value = Sum::new();
        let mut slopes = vec![Sum::new(); at.len()];
        let mut of_steps = vec![0.0; deltas.len()];
        for ((y, v), step) in self.y.iter().zip(self.v).zip(self.steps) {
            let (variance, residual) = (v + tau2, y - mean);
            let sigma = variance.sqrt();
            of_steps.fill(0.0);
            let (mut of_mean, mut of_tau2) = (0.0, 0.0);
            for segment in &self.segments {
                let [lower, upper] = [segment.lower, segment.upper].map(|z| (z * v.sqrt() - mean) / sigma);
                let delta = deltas[segment.step.0];
                of_steps[segment.step.0] += delta * between(lower, upper);
                of_mean += delta * (normal::pdf(lower) - normal::pdf(upper)) / sigma;
                of_tau2 += delta * (weighted_density(lower) - weighted_density(upper)) / (2.0 * variance);
            }
            let all: f64 = of_steps.iter().sum();
            value.add(-0.5 * (ln(std::f64::consts::TAU * variance) + residual * residual / variance));
            value.add(lambda(*step) - ln(all));
            slopes[0].add(residual / variance - of_mean / all);
            slopes[1].add(0.5 * (residual * residual / variance - 1.0) / variance - of_tau2 / all);
            for (index, part) in of_steps.iter().enumerate().skip(1) {
                slopes[index + 1].add(f64::from(u8::from(index == *step)) - part / all);
            }
        }
        (value.value(), slopes.iter().map(Sum::value).collect())
    }

    /// The negative second derivatives, by central differences of the slopes.
    fn curvature(&self, at: &[f64], free: &[usize]) -> Vec<Vec<f64>> {
        let least = self.v.iter().copied().fold(f64::INFINITY, f64::min);
        let width = |index: usize| match index {
            0 => 1e-4 * (at[1] + least).sqrt(),
            1 => 1e-4 * (at[1] + least),
            _ => 1e-4,
        };
        let columns: Vec<Vec<f64>> = free
            .iter()
            .map(|index| {
                let slopes = |by: f64| {
                    let mut moved = at.to_vec();
                    moved[*index] += by * width(*index);
                    self.at(&moved).1
                };
                // To the fourth order: Abramowitz & Stegun 25.3.21 has the second.
                let [near, far] = [1.0, 2.0].map(|by| (slopes(by), slopes(-by)));
                let one = |other: usize| {
                    let [near, far] = [&near, &far].map(|(up, down)| up[other] - down[other]);
                    -(8.0 * near - far) / (12.0 * width(*index))
                };
                free.iter().map(|other| one(*other)).collect()
            })
            .collect();
        let symmetric = |row: usize, column: usize| 0.5 * (columns[row][column] + columns[column][row]);
        (0..free.len()).map(|row| (0..free.len()).map(|column| symmetric(row, column)).collect()).collect()
    }
}

/// Φ(b) − Φ(a), from the nearer tail.
fn between(a: f64, b: f64) -> f64 {
    if a > 0.0 { normal::sf(a) - normal::sf(b) } else { normal::cdf(b) - normal::cdf(a) }
}

/// z φ(z), 0 at infinity.
fn weighted_density(z: f64) -> f64 {
    if z.is_finite() { z * normal::pdf(z) } else { 0.0 }
}

fn moved(at: &[f64], free: &[usize], step: &[f64]) -> Vec<f64> {
    let mut next = at.to_vec();
    free.iter().zip(step).for_each(|(index, step)| next[*index] += step);
    next[1] = next[1].max(0.0);
    next
}

fn damped(curvature: &[Vec<f64>], damping: f64) -> Vec<Vec<f64>> {
    let mut damped = curvature.to_vec();
    for (index, row) in damped.iter_mut().enumerate() {
        row[index] = row[index].abs() * (1.0 + damping) + f64::MIN_POSITIVE;
    }
    damped
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The x with M x = b for a symmetric positive definite M, by LDLᵀ; `None` where M is not.
fn solve(matrix: &[Vec<f64>], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let (mut lower, mut diagonal) = (vec![vec![0.0; n]; n], vec![0.0; n]);
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column).map(|i| lower[row][i] * lower[column][i] * diagonal[i]).sum();
            let rest = matrix[row][column] - known;
            if column < row {
                lower[row][column] = rest / diagonal[column];
            } else if rest > 0.0 {
                diagonal[row] = rest;
            } else {
                return None;
            }
        }
    }
    let mut x = b.to_vec();
    for row in 0..n {
        x[row] -= (0..row).map(|column| lower[row][column] * x[column]).sum::<f64>();
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|below| lower[below][row] * x[below]).sum();
        x[row] = x[row] / diagonal[row] - known;
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved() {
        let matrix = vec![vec![4.0, 2.0, 0.4], vec![2.0, 3.0, 0.5], vec![0.4, 0.5, 1.0]];
        let x = solve(&matrix, &[8.2, 7.5, 3.9]).unwrap();
        for (row, want) in matrix.iter().zip([8.2, 7.5, 3.9]) {
            assert!((dot(row, &x) - want).abs() < 1e-12, "{x:?}");
        }
        assert_eq!(solve(&[vec![1.0, 2.0], vec![2.0, 1.0]], &[1.0, 1.0]), None);
    }

    /// The slopes are those of the value.
    #[test]
    fn slopes() {
        let segments = [(1.96, f64::INFINITY), (0.0, 1.96), (f64::NEG_INFINITY, 0.0)];
        let segments = segments.iter().zip(0..).map(|((lower, upper), step)| Segment {
            lower: *lower,
            upper: *upper,
            step: Step(step),
        });
        let likelihood = Likelihood {
            y: &[1.0, 0.2, -0.3, 0.9],
            v: &[0.1, 0.2, 0.05, 0.3],
            steps: &[0, 1, 2, 1],
            segments: segments.collect(),
        };
        let at = [0.3, 0.2, -0.5, 0.4];
        let slopes = likelihood.at(&at).1;
        for (index, slope) in slopes.iter().enumerate() {
            let value = |by: f64| {
                let mut at = at;
                at[index] += by;
                likelihood.at(&at).0
            };
            assert!(((value(1e-5) - value(-1e-5)) / 2e-5 - slope).abs() < 1e-8, "{index} {slopes:?}");
        }
    }
}
