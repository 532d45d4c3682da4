//! A frame with two axes: where a value is in it, its lines, ticks and words.

use crate::format::fixed;
use crate::plot::axis::{Axis, Scale, Step, Tick};
use crate::plot::figure::{Anchor, Node, Rect, Type};
use crate::plot::theme::Theme;

/// Half the height of a capital in ems.
const HALF_CAPITAL: f64 = 0.358;

/// How far labels are apart at least, in pixels, and the most steps between them.
const LABEL_ROOM: f64 = 32.0;
const MOST_STEPS: f64 = 8.0;

/// An axis with these ends, labelled at the multiples of a step between them.
fn ticked(domain: [f64; 2], step: Step) -> Axis {
    let size = step.size();
    let [first, last] = [(domain[0] / size - 1e-9).ceil(), (domain[1] / size + 1e-9).floor()];
    let ticks = (first as i64..=last as i64).map(|index| index as f64 * size);
    let ticks = ticks.map(|value| Tick { value, label: fixed(value, step.decimals()) });
    Axis { domain, ticks: ticks.collect() }
}

/// An axis and what it shows.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// The axis.
    pub axis: Axis,
    /// What stands beside it.
    pub title: String,
    /// Whether its values grow to the left or downwards.
    pub reversed: bool,
}

impl Side {
    /// An axis in its usual direction.
    pub fn new(axis: Axis, title: impl Into<String>) -> Self {
        Self { axis, title: title.into(), reversed: false }
    }

    /// An axis of numbers that reaches as far as these, `room` long, with a little more at its ends; the first value is
    /// an end of its own where it is `edge`.
    pub fn of(
        values: impl Iterator<Item = f64>,
        edge: Option<f64>,
        room: f64,
        style: Type,
        title: impl Into<String>,
    ) -> Self {
        let values = values.chain(edge).filter(|value| value.is_finite());
        let [mut low, mut high] = values
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let wide = high - low;
        let more = if wide > 0.0 { 0.04 * wide } else { 0.5 * low.abs().max(1e-6) };
        let is_edge = |end: f64| edge == Some(end) && wide > 0.0;
        (low, high) =
            (if is_edge(low) { low } else { low - more }, if is_edge(high) { high } else { high + more });
        let steps = (room / LABEL_ROOM).min(MOST_STEPS);
        let mut step = Step::at_least((high - low) / steps);
        let mut axis = ticked([low, high], step);
        while axis.ticks.len() > 2 && !axis.fits(room, style) {
            step = step.next();
            axis = ticked([low, high], step);
        }
        Self::new(axis, title)
    }

    /// The same with its values in the other direction.
    pub fn reversed(self) -> Self {
        Self { reversed: true, ..self }
    }

    /// How wide its labels are.
    pub fn label_width(&self, style: Type) -> f64 {
        self.axis.ticks.iter().map(|tick| style.width(&tick.label)).fold(0.0, f64::max)
    }

    fn scale(&self, [from, to]: [f64; 2]) -> Scale {
        Scale { domain: self.axis.domain, ends: if self.reversed { [to, from] } else { [from, to] } }
    }
}

/// A frame with two axes.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    /// Where its marks are.
    pub area: Rect,
    /// The axis below.
    pub x: Side,
    /// The axis at the left.
    pub y: Side,
}

impl Panel {
    /// Where a value of the axis below is, in whole hundredths.
    pub fn x(&self, value: f64) -> f64 {
        hundredth(self.x.scale([self.area.x, self.area.x + self.area.width]).at(value))
    }

    /// Where a value of the axis at the left is.
    pub fn y(&self, value: f64) -> f64 {
        hundredth(self.y.scale([self.area.y + self.area.height, self.area.y]).at(value))
    }

    /// Where a point is.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x(x), self.y(y)]
    }

    /// The room that labels and title of the axis at the left take.
    pub fn left(y: &Side, theme: &Theme) -> f64 {
        (y.label_width(theme.axis_type) + theme.tick + 4.0).ceil()
    }

    /// The room that the title over the frame takes.
    pub fn above(theme: &Theme) -> f64 {
        (1.8 * theme.axis_type.size).ceil()
    }

    /// The room that labels and title of the axis below take.
    pub fn below(theme: &Theme) -> f64 {
        (theme.tick + 3.0 + 2.7 * theme.axis_type.size).ceil()
    }

    /// The two axes with ticks and words; the title of the axis at the left stands over it, from `left` on.
    pub fn frame(&self, left: f64, theme: &Theme) -> Vec<Node> {
        let Rect { x, y, width, height } = self.area;
        let (bottom, style) = (y + height, theme.axis_type);
        let mut nodes = vec![
            Node::line([x, y], [x, bottom], theme.rule),
            Node::line([x, bottom], [x + width, bottom], theme.rule),
        ];
        for tick in &self.x.axis.ticks {
            let at = self.x(tick.value);
            nodes.push(Node::line([at, bottom], [at, bottom + theme.tick], theme.rule));
            let place = [at, hundredth(bottom + theme.tick + 3.0 + 0.72 * style.size)];
            nodes.push(Node::text(place, Anchor::Middle, style, &*tick.label));
        }
        for tick in &self.y.axis.ticks {
            let at = self.y(tick.value);
            nodes.push(Node::line([x - theme.tick, at], [x, at], theme.rule));
            let place = [x - theme.tick - 3.0, hundredth(at + HALF_CAPITAL * style.size)];
            nodes.push(Node::text(place, Anchor::End, style, &*tick.label));
        }
        nodes.push(Node::text([left, hundredth(y - 0.9 * style.size)], Anchor::Start, style, &*self.y.title));
        let below = hundredth(bottom + theme.tick + 3.0 + 2.1 * style.size);
        nodes.push(Node::text([hundredth(x + width / 2.0), below], Anchor::Middle, style, &*self.x.title));
        nodes
    }

    /// A path through points, cut where they leave the frame; one a stretch inside.
    pub fn path(&self, points: &[[f64; 2]], ink: crate::plot::figure::Ink) -> Vec<Node> {
        let mut paths = Vec::new();
        let mut run: Vec<[f64; 2]> = Vec::new();
        for pair in points.windows(2) {
            let Some([from, to]) = self.within(pair[0], pair[1]) else {
                paths.push(std::mem::take(&mut run));
                continue;
            };
            let (from, to) = (self.at(from), self.at(to));
            if run.last() != Some(&from) {
                paths.push(std::mem::replace(&mut run, vec![from]));
            }
            run.push(to);
        }
        paths.push(run);
        let paths = paths.into_iter().filter(|points| points.len() > 1);
        paths.map(|points| Node::Path { points, closed: false, ink }).collect()
    }

    /// The part of a line that is in the frame (Liang and Barsky 1984, doi:10.1145/357332.357333).
    fn within(&self, from: [f64; 2], to: [f64; 2]) -> Option<[[f64; 2]; 2]> {
        let (mut start, mut end) = (0.0_f64, 1.0_f64);
        for (axis, (a, b)) in [&self.x, &self.y].into_iter().zip(from.into_iter().zip(to)) {
            let [low, high] = axis.axis.domain;
            if !(a.is_finite() && b.is_finite()) {
                return None;
            }
            if a == b {
                if a < low || a > high {
                    return None;
                }
                continue;
            }
            let [first, last] = [(low - a) / (b - a), (high - a) / (b - a)];
            start = start.max(first.min(last));
            end = end.min(first.max(last));
        }
        let at = |t: f64| [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
        (start < end).then(|| [at(start), at(end)])
    }
}

/// Places in whole hundredths of a pixel, as they are written.
pub(super) fn hundredth(length: f64) -> f64 {
    (length * 100.0).round() / 100.0
}
