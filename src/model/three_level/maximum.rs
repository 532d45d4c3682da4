//! The variances at which the likelihood is largest.

use super::rows::ClusteredRows;
use super::surface::{Point, Symmetric, Variances};
use crate::error::Error;
use crate::model::likelihood::normal::Likelihood;

/// Which of the variances are estimated; the others stay as they are.
pub(super) type Free = [bool; 2];

/// A maximum of the likelihood over variances of at least 0.
#[derive(Debug, Clone)]
pub(super) struct Maximum {
    pub at: Variances,
    pub point: Point,
    /// Steps of Newton's method from the start that led here.
    pub iterations: u32,
    /// The sums of the variances at other local maxima, which are lower.
    pub alternatives: Vec<f64>,
}

/// Steps of Newton's method from one start.
const MOST_STEPS: u32 = 200;
/// After so many steps that lower nothing the rest is rounding.
const MOST_WITHIN_ROUNDING: u32 = 12;
/// So often a step is halved.
const HALVINGS: u32 = 60;
/// The length of a last step, in parts of the variance and of the smallest level.
pub(super) const TOLERANCE: f64 = 1e-11;
/// From so many local maxima of a grid Newton's method starts.
const MOST_STARTS: usize = 8;
/// Starts stand in a grid with this ratio from one to the next.
const RATIO: f64 = 4.0;
/// No more levels than this, however far the variances of the rows lie apart.
const MOST_LEVELS: usize = 24;

/// 0 and a geometric series of variances, from a hundredth of the smallest variance that a row has to the square of the
/// range of the estimates, which no estimate of a variance exceeds.
pub(super) fn levels(rows: &ClusteredRows) -> Vec<f64> {
    let (least, most) = range(&rows.y);
    let largest = (most - least) * (most - least);
    let smallest = (0.01 * range(&rows.v).0).max(1e-8 * largest);
    let mut levels = vec![0.0];
    let mut level = largest;
    while level > smallest && levels.len() < MOST_LEVELS {
        levels.push(level);
        level /= RATIO;
    }
    levels[1..].reverse();
    levels
}

fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
        (least.min(*value), most.max(*value))
    })
}

/// The highest of the local maxima that are found from the best points of a grid, among them points of both boundaries.
///
/// # Errors
///
/// [`Error::NoConvergence`] where Newton's method ends at no maximum.
pub(super) fn maximise(rows: &ClusteredRows, likelihood: Likelihood, free: Free) -> Result<Maximum, Error> {
    let levels = levels(rows);
    let found: Vec<Maximum> = starts(rows, likelihood, free, &levels)
        .into_iter()
        .filter_map(|start| climb(rows, likelihood, free, start))
        .collect();
    let best = found.iter().min_by(|one, other| one.point.value.total_cmp(&other.point.value));
    let best = best.ok_or_else(|| {
        Error::NoConvergence(
            "the likelihood of the variances between and within clusters: no maximum was found".into(),
        )
    })?;
    let is_near = |other: &Maximum| {
        let sum = best.at[0] + best.at[1];
        (0..2).all(|of| (best.at[of] - other.at[of]).abs() <= 1e-6 * sum)
    };
    let mut alternatives: Vec<f64> = Vec::new();
    for other in found.iter().filter(|other| !is_near(other)) {
        let sum = other.at[0] + other.at[1];
        if alternatives.iter().all(|known| (known - sum).abs() > 1e-6 * sum) {
            alternatives.push(sum);
        }
    }
    Ok(Maximum { alternatives, ..best.clone() })
}

/// The points of the grid that no neighbour is above, the best of them first.
fn starts(rows: &ClusteredRows, likelihood: Likelihood, free: Free, levels: &[f64]) -> Vec<Variances> {
    let counts = free.map(|free| if free { levels.len() } else { 1 });
    let at = |place: usize| [levels[place % counts[0]], levels[place / counts[0]]];
    let values: Vec<f64> =
        (0..counts[0] * counts[1]).map(|place| Point::new(rows, at(place), likelihood).value).collect();
    let is_best = |place: usize| {
        let [column, row] = [place % counts[0], place / counts[0]];
        let mut near = (row.saturating_sub(1)..(row + 2).min(counts[1])).flat_map(|row| {
            (column.saturating_sub(1)..(column + 2).min(counts[0])).map(move |column| (column, row))
        });
        near.all(|(column, row)| values[place] <= values[row * counts[0] + column])
    };
    let mut best: Vec<usize> = (0..values.len()).filter(|place| is_best(*place)).collect();
    best.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    best.into_iter().take(MOST_STARTS).map(at).collect()
}

/// Newton's method kept to variances of at least 0 (Bertsekas 1982, doi:10.1137/0320018); `None` where it does not end.
pub(super) fn climb(
    rows: &ClusteredRows,
    likelihood: Likelihood,
    free: Free,
    start: Variances,
) -> Option<Maximum> {
    let (mut at, mut point) = (start, Point::new(rows, start, likelihood));
    let least = range(&rows.v).0;
    let mut within_rounding = 0;
    for iterations in 0..MOST_STEPS {
        let moves: Free = std::array::from_fn(|of| free[of] && (at[of] > 0.0 || point.gradient[of] < 0.0));
        if moves == [false; 2] {
            return Some(Maximum { at, point, iterations, alternatives: Vec::new() });
        }
        let (next, reached) = step(rows, likelihood, at, &point, moves)?;
        let is_last = (0..2).all(|of| (next[of] - at[of]).abs() <= TOLERANCE * (at[of] + 1e-3 * least));
        within_rounding += u32::from(reached.value >= point.value);
        (at, point) = (next, reached);
        if is_last || within_rounding > MOST_WITHIN_ROUNDING {
            return Some(Maximum { at, point, iterations: iterations + 1, alternatives: Vec::new() });
        }
    }
    None
}

/// The next point: a step that lowers the value, or where that is within its rounding, one that shortens the gradient.
fn step(
    rows: &ClusteredRows,
    likelihood: Likelihood,
    at: Variances,
    point: &Point,
    moves: Free,
) -> Option<(Variances, Point)> {
    let newton = solve(&point.hessian, point.gradient, moves);
    let directions = [newton, solve(&point.expected, point.gradient, moves)];
    for direction in directions.into_iter().flatten() {
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let next: Variances = std::array::from_fn(|of| (at[of] + length * direction[of]).max(0.0));
            let reached = Point::new(rows, next, likelihood);
            let slope: f64 = (0..2).map(|of| point.gradient[of] * (next[of] - at[of])).sum();
            let rounding = 1e-13 * (rows.k() as f64 + point.value.abs());
            let lower = reached.value <= point.value + 1e-4 * slope && slope < 0.0;
            let level = (reached.value - point.value).abs() <= rounding && slope.abs() <= 1e3 * rounding;
            if lower || level {
                return Some((next, reached));
            }
            length *= 0.5;
        }
    }
    None
}

/// −M⁻¹g over the variances that move; `None` where M is not positive definite there.
fn solve(matrix: &Symmetric, gradient: [f64; 2], moves: Free) -> Option<[f64; 2]> {
    let Symmetric { diagonal: [first, second], beside } = *matrix;
    let direction = match moves {
        [true, true] => {
            let determinant = first * second - beside * beside;
            if first <= 0.0 || determinant <= 1e-14 * first * second {
                return None;
            }
            [
                (beside * gradient[1] - second * gradient[0]) / determinant,
                (beside * gradient[0] - first * gradient[1]) / determinant,
            ]
        }
        [true, false] if first > 0.0 => [-gradient[0] / first, 0.0],
        [false, true] if second > 0.0 => [0.0, -gradient[1] / second],
        _ => return None,
    };
    direction.iter().all(|step| step.is_finite()).then_some(direction)
}
