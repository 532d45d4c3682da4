//! What is drawn in a row, clipped to the axis: whatever is cut off leaves an arrow.

use super::row::Shape;
use crate::options::Model;
use crate::plot::theme::Theme;

/// A mark; places across are fractions on the axis, sizes and heights are pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line between two limits.
    Interval {
        /// The left end on the axis.
        from: f64,
        /// The right end on the axis.
        to: f64,
    },
    /// The head of an arrow at an end of the axis: what is drawn goes on beyond it.
    Arrow {
        /// The end of the axis.
        at: f64,
        /// Whether it points to the right.
        right: bool,
    },
    /// A square of this side.
    Square {
        /// Its centre.
        at: f64,
        /// Its side.
        side: f64,
    },
    /// A short upright line: an estimate too light for a square, or one without an interval.
    Tick {
        /// Where it stands.
        at: f64,
        /// How high it is.
        height: f64,
    },
    /// A diamond, or what the axis leaves of it; heights are below the middle of the row.
    Diamond {
        /// Whose it is.
        model: Model,
        /// Its corners.
        corners: Vec<(f64, f64)>,
    },
    /// The bar of a prediction interval.
    Bar {
        /// The left end on the axis.
        from: f64,
        /// The right end on the axis.
        to: f64,
    },
}

/// The marks of a shape on an axis with these ends.
#[must_use]
pub fn of(shape: &Shape, domain: [f64; 2], theme: &Theme) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(4);
    match *shape {
        Shape::None => {}
        Shape::Study { estimate, limits, weight } => {
            marks.extend(square(estimate, weight, domain, theme));
            marks.extend(within(limits, domain).map(|[from, to]| Mark::Interval { from, to }));
            marks.extend(arrows(limits, domain));
        }
        Shape::Diamond { estimate, limits: None, .. } => {
            marks.extend(on_axis(estimate, domain).map(|at| Mark::Tick { at, height: theme.diamond_height }));
            marks.extend(arrows([estimate; 2], domain));
        }
        Shape::Diamond { model, estimate, limits: Some(limits) } => {
            marks.extend(diamond(model, estimate, limits, domain, theme.diamond_height));
            marks.extend(arrows(limits, domain));
        }
        Shape::Prediction(limits) => {
            marks.extend(within(limits, domain).map(|[from, to]| bar(from, to, theme)));
            marks.extend(arrows(limits, domain));
        }
    }
    marks
}

/// Whether any part of a shape lies beyond the axis.
#[must_use]
pub fn is_clipped(shape: &Shape, domain: [f64; 2]) -> bool {
    let limits = match *shape {
        Shape::None => return false,
        Shape::Study { limits, .. } | Shape::Prediction(limits) => limits,
        Shape::Diamond { estimate, limits, .. } => limits.unwrap_or([estimate; 2]),
    };
    arrows(limits, domain).next().is_some()
}

/// Whether a study is so light that a tick stands for its square.
#[must_use]
pub fn is_light(shape: &Shape, theme: &Theme) -> bool {
    matches!(shape, Shape::Study { weight, .. } if side(*weight, theme) < theme.least_side)
}

/// The side of a square whose area is proportional to this share of the heaviest weight.
fn side(weight: f64, theme: &Theme) -> f64 {
    theme.square_side * weight.sqrt()
}

fn on_axis(value: f64, [low, high]: [f64; 2]) -> Option<f64> {
    (low <= value && value <= high).then_some(value)
}

/// The part of an interval that is on the axis.
fn within([lower, upper]: [f64; 2], [low, high]: [f64; 2]) -> Option<[f64; 2]> {
    (lower <= high && upper >= low).then(|| [lower.max(low), upper.min(high)])
}

fn arrows([lower, upper]: [f64; 2], [low, high]: [f64; 2]) -> impl Iterator<Item = Mark> {
    let left = (lower < low).then_some(Mark::Arrow { at: low, right: false });
    let right = (upper > high).then_some(Mark::Arrow { at: high, right: true });
    left.into_iter().chain(right)
}

fn square(estimate: f64, weight: f64, domain: [f64; 2], theme: &Theme) -> Option<Mark> {
    let at = on_axis(estimate, domain)?;
    let side = side(weight, theme);
    Some(if side < theme.least_side {
        Mark::Tick { at, height: 3.0 * theme.least_side }
    } else {
        Mark::Square { at, side }
    })
}

/// A bar, or a tick where it would have no width.
fn bar(from: f64, to: f64, theme: &Theme) -> Mark {
    if from < to { Mark::Bar { from, to } } else { Mark::Tick { at: from, height: theme.bar_height } }
}

/// A diamond cut at the ends of the axis; upright where its interval has no width.
fn diamond(
    model: Model,
    estimate: f64,
    [lower, upper]: [f64; 2],
    domain: [f64; 2],
    height: f64,
) -> Option<Mark> {
    if lower >= upper {
        return on_axis(estimate, domain).map(|at| Mark::Tick { at, height });
    }
    let half = height / 2.0;
    let whole = vec![(lower, 0.0), (estimate, -half), (upper, 0.0), (estimate, half)];
    let corners = cut(cut(whole, domain[0], 1.0), domain[1], -1.0);
    (corners.len() > 2).then_some(Mark::Diamond { model, corners })
}

/// The part of a convex polygon where `side · (x − at) >= 0` (Sutherland and Hodgman, 1974).
fn cut(corners: Vec<(f64, f64)>, at: f64, side: f64) -> Vec<(f64, f64)> {
    let keeps = |x: f64| side * (x - at) >= 0.0;
    if corners.iter().all(|corner| keeps(corner.0)) {
        return corners;
    }
    let mut kept = Vec::with_capacity(corners.len() + 2);
    for (index, &(x, y)) in corners.iter().enumerate() {
        let (next_x, next_y) = corners[(index + 1) % corners.len()];
        if keeps(x) {
            kept.push((x, y));
        }
        if keeps(x) != keeps(next_x) {
            kept.push((at, y + (at - x) / (next_x - x) * (next_y - y)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: Theme = Theme::DEFAULT;

    #[test]
    fn areas_are_proportional_to_weights_and_the_light_get_a_tick() {
        for weight in [1.0, 0.7, 0.31, 0.05] {
            let shape = Shape::Study { estimate: 0.5, limits: [0.4, 0.6], weight };
            let Some(Mark::Square { side, .. }) = of(&shape, [0.0, 1.0], &THEME).into_iter().next() else {
                panic!("{weight}")
            };
            assert!((side * side / weight / 144.0 - 1.0).abs() < 1e-15);
        }
        let light = Shape::Study { estimate: 0.5, limits: [0.4, 0.6], weight: 0.04 };
        assert!(is_light(&light, &THEME));
        assert!(matches!(of(&light, [0.0, 1.0], &THEME)[0], Mark::Tick { .. }));
    }

    #[test]
    fn what_lies_beyond_the_axis_is_an_arrow() {
        let shape = Shape::Study { estimate: 0.1, limits: [0.05, 0.3], weight: 1.0 };
        let expected = [
            Mark::Square { at: 0.1, side: THEME.square_side },
            Mark::Interval { from: 0.05, to: 0.2 },
            Mark::Arrow { at: 0.2, right: true },
        ];
        assert_eq!(of(&shape, [0.0, 0.2], &THEME), expected);
        let outside = Shape::Study { estimate: 0.1, limits: [0.05, 0.3], weight: 1.0 };
        assert_eq!(of(&outside, [0.8, 1.0], &THEME), [Mark::Arrow { at: 0.8, right: false }]);
        assert!(is_clipped(&outside, [0.8, 1.0]) && !is_clipped(&outside, [0.0, 1.0]));
    }

    #[test]
    fn a_diamond_is_cut_straight() {
        let shape = Shape::Diamond { model: Model::Random, estimate: 0.1, limits: Some([0.0, 0.3]) };
        let marks = of(&shape, [0.0, 0.2], &THEME);
        let Mark::Diamond { corners, .. } = &marks[0] else { panic!("{marks:?}") };
        assert_eq!(corners.len(), 5);
        let cut: Vec<_> = corners.iter().filter(|corner| corner.0 == 0.2).map(|corner| corner.1).collect();
        assert!((cut[0] + 2.75).abs() < 1e-12 && (cut[1] - 2.75).abs() < 1e-12, "{cut:?}");
        assert_eq!(marks[1], Mark::Arrow { at: 0.2, right: true });
    }

    #[test]
    fn no_interval_and_an_interval_without_width_are_ticks() {
        for limits in [None, Some([1.0, 1.0])] {
            let shape = Shape::Diamond { model: Model::Random, estimate: 1.0, limits };
            assert_eq!(
                of(&shape, [0.0, 1.0], &THEME),
                [Mark::Tick { at: 1.0, height: THEME.diamond_height }]
            );
        }
    }
}
