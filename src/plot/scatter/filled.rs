//! The studies that trim-and-fill adds to a funnel plot, and the lines that say what they are.

use super::panel::{Panel, hundredth};
use super::studies::{self, MOST, Point};
use crate::analysis::{MetaAnalysis, TrimFill};
use crate::format::{NumberFormat, grouped, significant, studies as count_of};
use crate::plot::figure::{Anchor, Ink, Node};
use crate::plot::theme::Theme;

/// The room of the sample at the left of a line of the legend, in pixels.
const SAMPLE: f64 = 22.0;

/// The studies filled in, as points on the axes of the funnel.
pub(super) fn points(of: &TrimFill, result: &MetaAnalysis, display: NumberFormat, radius: f64) -> Vec<Point> {
    let point = |(filled, number): (&crate::analysis::Filled, usize)| {
        let se = filled.v.sqrt();
        let shown = display.with_sign(result.scale().to_natural(filled.y));
        Point {
            number,
            name: format!("filled in, the mirror image of {}", filled.mirrors),
            at: [filled.y, se],
            radius,
            words: format!("{shown}, standard error {}", significant(se, 3)),
        }
    };
    of.filled.iter().zip(1..).map(point).filter(Point::is_finite).collect()
}

/// Open circles; squares in a light shade where they are too many.
pub(super) fn nodes(points: &[Point], panel: &Panel, theme: &Theme) -> Vec<Node> {
    studies::marks(points, panel, mark(points.len(), theme), studies::Kind { class: "filled", letter: 'f' })
}

fn mark(many: usize, theme: &Theme) -> Ink {
    if many > MOST { theme.shades[2] } else { theme.common }
}

/// The pooled value with them.
pub(super) fn line(theme: &Theme) -> Ink {
    Ink { class: "", width: 1.3, dash: Some([1.3, 2.2]), ..theme.reference }
}

/// The legend from `top` down, and where it ends: a line for the marks and one for the pooled value with them.
pub(super) fn legend(
    of: &TrimFill,
    drawn: usize,
    display: NumberFormat,
    theme: &Theme,
    top: f64,
) -> (Vec<Node>, f64) {
    let (style, left) = (theme.note, theme.margin);
    let row = 1.5 * style.size;
    let middle = |index: f64| hundredth(top + (index + 0.5) * row);
    let baseline = |index: f64| hundredth(middle(index) + 0.358 * style.size);
    let centre = [left + SAMPLE / 2.0, middle(0.0)];
    let words =
        |index, text: String| Node::text([left + SAMPLE + 4.0, baseline(index)], Anchor::Start, style, text);
    let mut nodes = vec![
        Node::Circle { centre, radius: 3.6, ink: mark(drawn, theme) },
        words(0.0, format!("Filled in: {} (trim-and-fill, {})", how_many(of), of.estimator.key())),
    ];
    if of.filled.is_empty() {
        return (nodes, top + row);
    }
    nodes.extend([
        Node::line([left, middle(1.0)], [left + SAMPLE, middle(1.0)], line(theme)),
        words(1.0, format!("Pooled value with them: {}", adjusted(of, display))),
    ]);
    (nodes, top + 2.0 * row)
}

/// `3 studies on the left`.
pub(super) fn how_many(of: &TrimFill) -> String {
    let side = of.side.key();
    match of.k0.unwrap_or(0) {
        0 => format!("no study on the {side}"),
        some => format!("{} on the {side}", count_of(some)),
    }
}

/// `45.2% [38.1%, 52.4%]`.
pub(super) fn adjusted(of: &TrimFill, display: NumberFormat) -> String {
    let estimate = of.estimate.map_or_else(|| "none".to_string(), |estimate| display.with_sign(estimate));
    match of.lower.zip(of.upper) {
        Some((lower, upper)) => {
            format!("{estimate} [{}, {}]", display.with_sign(lower), display.with_sign(upper))
        }
        None => estimate,
    }
}

/// What is said of them below the figure.
pub(super) fn note(of: &TrimFill, drawn: usize) -> String {
    let side = if of.chosen {
        "the side that the regression on the standard error points to"
    } else {
        "the side that was asked for"
    };
    if of.filled.is_empty() {
        return format!("Trim-and-fill adds nothing on {side}: the pooled value stays.");
    }
    let mut text = format!(
        "Filled in are mirror images of the studies that trim-and-fill takes away; {side}. They are no data: where proportions \
         truly differ, it adds studies for heterogeneity."
    );
    if drawn > MOST {
        text += &format!(
            " {} filled in: a light square is where one or more of them are.",
            grouped(drawn as u64)
        );
    }
    text
}
