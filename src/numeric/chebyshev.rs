//! Functions of one variable by their values at Chebyshev points.

use std::f64::consts::PI;

use super::elementary::cos;

/// Several smooth functions on an interval, by the polynomial through their values at the points
/// x_j = cos(jπ/n), j = 0 … n.
///
/// Evaluated by the barycentric formula (Berrut & Trefethen 2004, doi:10.1137/S0036144502417715, eq. 4.2 and 5.4), which
/// gives the values at the points themselves as they are.
#[derive(Debug, Clone)]
pub struct Chebyshev<const N: usize> {
    centre: f64,
    half: f64,
    points: Vec<f64>,
    values: Vec<[f64; N]>,
}

/// The number of intervals between the first points.
const FIRST: usize = 16;

impl<const N: usize> Chebyshev<N> {
    /// The functions on an interval, with as many points as are needed, at most `most` intervals between them: the points
    /// are doubled until at each new one the polynomial through the others is off by no more than `tolerance` times what
    /// `scale` gives for the values there. `None` where that is not reached.
    ///
    /// ```
    /// use metaprop::numeric::chebyshev::Chebyshev;
    /// let inverse = |x: f64| [1.0 / (1.0 + x)];
    /// let table = Chebyshev::of([0.0, 4.0], 1e-14, 128, |value| value.map(f64::abs), inverse).unwrap();
    /// assert_eq!(table.at(0.0), [1.0]);
    /// assert!((table.at(1.7)[0] * 2.7 - 1.0).abs() < 1e-14);
    /// ```
    #[must_use]
    pub fn of(
        [low, high]: [f64; 2],
        tolerance: f64,
        most: usize,
        scale: impl Fn(&[f64; N]) -> [f64; N],
        functions: impl Fn(f64) -> [f64; N],
    ) -> Option<Self> {
        let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
        let point = |j: usize, n: usize| cos(PI * j as f64 / n as f64);
        let at_end = |x: f64| {
            if x == 1.0 {
                high
            } else if x == -1.0 {
                low
            } else {
                centre + half * x
            }
        };
        let points: Vec<f64> = (0..=FIRST).map(|j| point(j, FIRST)).collect();
        let values = points.iter().map(|x| functions(at_end(*x))).collect();
        let mut table = Self { centre, half, points, values };
        let mut n = FIRST;
        while n < most {
            n *= 2;
            let between: Vec<f64> = (1..n).step_by(2).map(|j| point(j, n)).collect();
            let new: Vec<[f64; N]> = between.iter().map(|x| functions(at_end(*x))).collect();
            let is_close = between.iter().zip(&new).all(|(x, want)| {
                let (got, scale) = (table.at_point(*x), scale(want));
                (0..N).all(|index| (got[index] - want[index]).abs() <= tolerance * scale[index])
            });
            if is_close {
                return Some(table);
            }
            table.points = merged(&table.points, &between);
            table.values = merged(&table.values, &new);
        }
        None
    }

    /// The functions at a place in the interval.
    #[must_use]
    pub fn at(&self, x: f64) -> [f64; N] {
        self.at_point((x - self.centre) / self.half)
    }

    fn at_point(&self, x: f64) -> [f64; N] {
        let (mut sums, mut total) = ([0.0; N], 0.0);
        let last = self.points.len() - 1;
        for (j, (point, values)) in self.points.iter().zip(&self.values).enumerate() {
            let distance = x - point;
            if distance == 0.0 {
                return *values;
            }
            let size = if j == 0 || j == last { 0.5 } else { 1.0 };
            let weight = if j % 2 == 0 { size } else { -size } / distance;
            total += weight;
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
        }
        sums.map(|sum| sum / total)
    }
}

/// Old and new in turn, beginning and ending with an old one.
fn merged<T: Copy>(old: &[T], new: &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(old.len() + new.len());
    for (index, value) in old.iter().enumerate() {
        all.push(*value);
        all.extend(new.get(index));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::exp;

    #[test]
    fn what_is_not_smooth_is_refused() {
        let corner = |x: f64| [x.abs()];
        assert!(Chebyshev::of([-1.0, 1.3], 1e-14, 128, |value| value.map(f64::abs), corner).is_none());
    }

    #[test]
    fn several_functions_at_once() {
        let functions = |x: f64| [exp(x), exp(-2.0 * x)];
        let table = Chebyshev::of([-1.0, 1.5], 1e-13, 128, |value| *value, functions).unwrap();
        for step in 0..=100 {
            let x = -1.0 + 0.025 * f64::from(step);
            for (got, want) in table.at(x).into_iter().zip(functions(x)) {
                assert!((got / want - 1.0).abs() < 1e-13, "{x}: {got} {want}");
            }
        }
    }
}
