//! Draws the measured rows as a tree: words, marks and the axis.

use super::layout::{Band, Layout, NO_INTERVAL, label_type, tenth};
use super::marks::{self, Mark};
use super::row::{Effect, Kind, Row};
use super::table::Table;
use crate::options::Model;
use crate::plot::axis::{Axis, Scale};
use crate::plot::figure::{Anchor, Group, Ink, Node, Rect, Span, Text, Type};
use crate::plot::theme::Theme;

/// Half the height of a capital in ems: from the middle of a row to its baseline.
const HALF_CAPITAL: f64 = 0.358;

/// The nodes of the figure, the first at the back.
#[must_use]
pub fn nodes(table: &Table, layout: &Layout, axis: &Axis, theme: &Theme) -> Vec<Node> {
    let scale = Scale { domain: axis.domain, ends: layout.columns.plot };
    let painter = Painter { layout, theme, scale };
    let mut nodes = painter.frame(table, axis);
    nodes.extend(table.rows.iter().zip(&layout.bands).map(|(row, band)| painter.row(row, band)));
    nodes.extend(painter.notes());
    nodes
}

struct Painter<'a> {
    layout: &'a Layout,
    theme: &'a Theme,
    scale: Scale,
}

impl Painter<'_> {
    /// Title, heads, rules, the lines at the null value and at the estimate, and the axis.
    fn frame(&self, table: &Table, axis: &Axis) -> Vec<Node> {
        let (layout, theme) = (self.layout, self.theme);
        let left = layout.columns.label;
        let title = layout.title.iter();
        let mut nodes: Vec<Node> =
            title.map(|line| Node::text([left, line.y], Anchor::Start, theme.title, &*line.text)).collect();
        nodes.extend(self.heads(table));
        nodes.extend(
            layout.rules.iter().map(|y| Node::line([left, *y], [layout.columns.weight, *y], theme.rule)),
        );
        if let Some(null) = table.null.filter(|null| axis.holds(*null)) {
            let x = self.x(null);
            nodes.push(Node::line([x, layout.rules[0]], [x, layout.axis], theme.rule));
        }
        if axis.holds(table.reference) {
            let x = self.x(table.reference);
            nodes.push(Node::line([x, layout.rules[0]], [x, layout.axis], theme.reference));
        }
        nodes.extend(self.axis(table, axis));
        nodes
    }

    fn axis(&self, table: &Table, axis: &Axis) -> Vec<Node> {
        let (layout, theme) = (self.layout, self.theme);
        let [low, high] = axis.domain;
        let ends = [low, high].map(|end| [self.x(end), layout.axis]);
        let mut nodes = vec![Node::line(ends[0], ends[1], theme.rule)];
        let label = tenth(layout.axis + theme.tick + 3.0 + 0.72 * theme.axis_type.size);
        let word = |value: f64, y: f64, text: &str| {
            Node::text([self.x(value), y], Anchor::Middle, theme.axis_type, text)
        };
        for tick in &axis.ticks {
            let x = self.x(tick.value);
            nodes.push(Node::line([x, layout.axis], [x, thousandth(layout.axis + theme.tick)], theme.rule));
            nodes.push(word(tick.value, label, &tick.label));
        }
        nodes.push(word((low + high) / 2.0, layout.axis_title, &table.axis_title));
        nodes
    }

    fn heads(&self, table: &Table) -> Vec<Node> {
        let columns = &self.layout.columns;
        let y = tenth(self.layout.head + HALF_CAPITAL * self.theme.strong.size);
        let [study, events, total, weight] = table.heads;
        let counts = columns
            .counts
            .map(|[at_events, at_total]| [(at_events, Anchor::End, events), (at_total, Anchor::End, total)]);
        let mut heads = vec![(columns.label, Anchor::Start, study)];
        heads.extend(counts.into_iter().flatten());
        heads.extend([
            (columns.effect[2], Anchor::End, table.effect_head.as_str()),
            (columns.weight, Anchor::End, weight),
        ]);
        heads
            .into_iter()
            .map(|(x, anchor, head)| Node::text([x, y], anchor, self.theme.strong, head))
            .collect()
    }

    fn notes(&self) -> impl Iterator<Item = Node> {
        let result = self.layout.result.iter().map(|line| (line, self.theme.result));
        let notes = self.layout.notes.iter().map(|line| (line, self.theme.note));
        result.chain(notes).map(|(line, style)| {
            Node::text([self.layout.columns.label, line.y], Anchor::Start, style, &*line.text)
        })
    }

    /// A row as a group: its label and counts, its marks, its numbers.
    fn row(&self, row: &Row, band: &Band) -> Node {
        let (columns, style) = (&self.layout.columns, label_type(row, self.theme));
        let y = tenth(band.middle + HALF_CAPITAL * style.size);
        let number = |x: f64, text: &str| Node::text([x, y], Anchor::End, style, text);
        let mut children = vec![self.lines(columns.label, band.middle, style, &band.label)];
        if let (Some(places), Some(counts)) = (columns.counts, &row.counts) {
            children.extend(places.into_iter().zip(counts).map(|(x, count)| number(x, count)));
        }
        let marks = marks::of(&row.shape, self.scale.domain, self.theme);
        children.extend(marks.iter().map(|mark| self.mark(mark, band.middle, row.kind)));
        match &row.effect {
            Effect::Blank => {}
            Effect::Words(_) => children.push(self.lines(columns.words, band.middle, style, &band.words)),
            Effect::Numbers { estimate, interval } => {
                children.push(self.numbers(y, style, estimate.as_deref(), interval.as_ref()));
            }
        }
        if !row.weight.is_empty() {
            children.push(number(columns.weight, &row.weight));
        }
        let class = match row.kind {
            Kind::Study => "study",
            Kind::Excluded => "excluded",
            Kind::Heading => "subgroup",
            Kind::Remark => "remark",
            Kind::Total | Kind::Pooled => "summary",
        };
        let (id, title, data) = (row.id.clone(), row.title.clone(), row.data.clone());
        Node::Group(Group { id, class, title, data, children })
    }

    /// Lines of one text, around the middle of a row.
    fn lines(&self, x: f64, middle: f64, style: Type, lines: &[String]) -> Node {
        let leading = self.theme.leading * style.size;
        let first = middle + HALF_CAPITAL * style.size - (lines.len() as f64 - 1.0) / 2.0 * leading;
        let spans = lines.iter().enumerate();
        let spans = spans.map(|(index, line)| Span {
            x,
            y: tenth(first + index as f64 * leading),
            text: line.clone(),
        });
        Node::Text(Text { anchor: Anchor::Start, style, spans: spans.collect() })
    }

    /// Estimate and interval as one text whose parts end at their columns, so that decimal points
    /// stand below each other. The spaces are in front of a part, where they move nothing.
    fn numbers(&self, y: f64, style: Type, estimate: Option<&str>, interval: Option<&[String; 2]>) -> Node {
        let places = self.layout.columns.effect;
        let mut spans = Vec::with_capacity(4);
        let mut push = |x: f64, text: String| {
            let text = if spans.is_empty() { text } else { format!(" {text}") };
            spans.push(Span { x, y, text });
        };
        if let Some(estimate) = estimate {
            push(places[0], estimate.to_string());
        }
        match interval {
            Some([lower, upper]) => {
                push(places[1], format!("({lower}"));
                push(places[1] + self.theme.space() + style.width("to"), "to".to_string());
                push(places[2], format!("{upper})"));
            }
            None => push(places[2], NO_INTERVAL.to_string()),
        }
        Node::Text(Text { anchor: Anchor::End, style, spans })
    }

    /// A mark in a row whose middle is at `y`.
    fn mark(&self, mark: &Mark, y: f64, kind: Kind) -> Node {
        let theme = self.theme;
        match mark {
            Mark::Interval { from, to } => Node::line([self.x(*from), y], [self.x(*to), y], theme.interval),
            Mark::Square { at, side } => {
                let half = thousandth(side / 2.0);
                let (x, y) = (thousandth(self.x(*at) - half), thousandth(y - half));
                Node::Rect(Rect { x, y, width: 2.0 * half, height: 2.0 * half }, theme.square)
            }
            Mark::Tick { at, height } => {
                let ink = if kind == Kind::Study { theme.interval } else { theme.point };
                let (x, half) = (self.x(*at), height / 2.0);
                Node::line([x, thousandth(y - half)], [x, thousandth(y + half)], ink)
            }
            Mark::Arrow { at, right } => {
                let [length, height] = theme.arrow_head;
                let (x, half) = (self.x(*at), height / 2.0);
                let tip = thousandth(if *right { x + length } else { x - length });
                let points = vec![[x, thousandth(y - half)], [tip, y], [x, thousandth(y + half)]];
                Node::Path { points, closed: true, ink: theme.arrow }
            }
            Mark::Diamond { model, corners } => {
                let points =
                    corners.iter().map(|&(value, below)| [self.x(value), thousandth(y + below)]).collect();
                Node::Path { points, closed: true, ink: diamond_ink(*model, theme) }
            }
            Mark::Bar { from, to } => {
                let (half, x) = (theme.bar_height / 2.0, self.x(*from));
                let [top, bottom] = [y - half, y + half].map(thousandth);
                let area = Rect { x, y: top, width: self.x(*to) - x, height: bottom - top };
                Node::Rect(area, theme.prediction)
            }
        }
    }

    /// Where a value is on the axis.
    fn x(&self, value: f64) -> f64 {
        thousandth(self.scale.at(value))
    }
}

/// Places in whole thousandths of a pixel: two decimals are written, and the last of them should not hang
/// on the last bit of a sum.
fn thousandth(length: f64) -> f64 {
    (length * 1000.0).round() / 1000.0
}

const fn diamond_ink(model: Model, theme: &Theme) -> Ink {
    match model {
        Model::Common => theme.common,
        _ => theme.random,
    }
}
