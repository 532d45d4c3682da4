//! Draws the measured rows as a tree: words, marks and the axis.

use super::band::{Band, HALF_CAPITAL, NO_INTERVAL, label_type, tenth};
use super::bias::Judgement;
use super::columns::{Columns, DISC, Placed};
use super::field::Content;
use super::layout::Layout;
use super::marks::{self, Mark};
use super::row::{Effect, Kind, Row};
use super::table::Table;
use crate::options::Model;
use crate::plot::axis::{Axis, Scale};
use crate::plot::figure::{Anchor, Colour, Group, Ink, Node, Rect, Span, Text, Type};
use crate::plot::theme::Theme;

/// The nodes of the figure, the first at the back.
#[must_use]
pub fn nodes(table: &Table, columns: &Columns, layout: &Layout, axis: &Axis, theme: &Theme) -> Vec<Node> {
    let scale = Scale { domain: axis.domain, ends: columns.plot };
    let painter = Painter { columns, layout, theme, scale };
    let mut nodes = painter.frame(table, axis);
    let rows = table.rows[layout.first..].iter().zip(&layout.bands);
    nodes.extend(rows.map(|(row, band)| painter.row(row, band)));
    nodes.extend(painter.notes());
    nodes
}

struct Painter<'a> {
    columns: &'a Columns,
    layout: &'a Layout,
    theme: &'a Theme,
    scale: Scale,
}

impl Painter<'_> {
    /// Title, heads, rules, the lines at the null value and at the estimate, and the axis.
    fn frame(&self, table: &Table, axis: &Axis) -> Vec<Node> {
        let (layout, theme) = (self.layout, self.theme);
        let left = theme.margin;
        let title = layout.title.iter();
        let mut nodes: Vec<Node> =
            title.map(|line| Node::text([left, line.y], Anchor::Start, theme.title, &*line.text)).collect();
        nodes.extend(self.heads());
        nodes.extend(
            layout.rules.iter().map(|y| Node::line([left, *y], [self.columns.right, *y], theme.rule)),
        );
        if let Some(null) = table.null.filter(|null| axis.holds(*null)) {
            let x = self.x(null);
            nodes.push(Node::line([x, layout.rules[0]], [x, layout.axis], theme.rule));
        }
        if let Some(reference) = table.reference.filter(|reference| axis.holds(*reference)) {
            let x = self.x(reference);
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

    /// The heads, of which the last lines stand beside each other.
    fn heads(&self) -> Vec<Node> {
        let style = self.theme.strong;
        let of = |column: &Placed| {
            let above = column.head.len() as f64 - 1.0;
            let spans = column.head.iter().enumerate().map(|(at, line)| Span {
                x: column.x(),
                y: tenth(self.layout.head - (above - at as f64) * self.theme.leading * style.size),
                // Read as one text.
                text: if at == 0 { line.clone() } else { format!(" {line}") },
            });
            Node::Text(Text { anchor: column.anchor, style, spans: spans.collect() })
        };
        self.columns.placed.iter().map(of).collect()
    }

    fn notes(&self) -> impl Iterator<Item = Node> {
        let result = self.layout.result.iter().map(|line| (line, self.theme.result));
        let notes = self.layout.notes.iter().map(|line| (line, self.theme.note));
        let left = self.theme.margin;
        let page =
            self.layout.page.iter().map(|line| {
                Node::text([self.columns.right, line.y], Anchor::End, self.theme.note, &*line.text)
            });
        let all = result.chain(notes);
        all.map(move |(line, style)| Node::text([left, line.y], Anchor::Start, style, &*line.text))
            .chain(page)
    }

    /// A row as a group: its label and cells, its marks, its numbers.
    fn row(&self, row: &Row, band: &Band) -> Node {
        let style = label_type(row, self.theme);
        let y = tenth(band.middle + HALF_CAPITAL * style.size);
        let mut children = Vec::with_capacity(8);
        let (left, right) = self.columns.placed.split_at(self.columns.left);
        children.extend(left.iter().filter_map(|column| self.cell(column, row, band, style, y)));
        let marks = marks::of(&row.shape, self.scale.domain, self.theme);
        children.extend(marks.iter().map(|mark| self.mark(mark, band.middle, row.kind)));
        children.extend(right.iter().filter_map(|column| self.cell(column, row, band, style, y)));
        if matches!(row.effect, Effect::Words(_)) {
            children.push(self.lines(self.columns.words[0], band.middle, style, &band.words));
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

    /// What stands in a column of a row.
    fn cell(&self, column: &Placed, row: &Row, band: &Band, style: Type, y: f64) -> Option<Node> {
        match column.content {
            Content::Study => Some(self.lines(column.x(), band.middle, style, &band.label)),
            Content::Effect => match &row.effect {
                Effect::Numbers { estimate, interval } => {
                    Some(self.numbers(column, y, style, estimate.as_deref(), interval.as_ref()))
                }
                Effect::Blank | Effect::Words(_) => None,
            },
            Content::Bias(at) => row.bias.get(at).map(|judgement| self.disc(column, *judgement, band.middle)),
            content => {
                let text = row.cell(content);
                (!text.is_empty()).then(|| Node::text([column.x(), y], column.anchor, style, text))
            }
        }
    }

    /// A disc with a sign, which says the same as its colour.
    fn disc(&self, column: &Placed, judgement: Judgement, middle: f64) -> Node {
        let (style, centre) = (self.theme.strong, [thousandth(column.x()), thousandth(middle)]);
        let ink = Ink { class: "", fill: Some(judgement.colour()), stroke: None, width: 0.0, dash: None };
        let white = Type { class: "mp-x", fill: Colour(0xff, 0xff, 0xff), ..style };
        let disc = Node::Circle { centre, radius: DISC / 2.0 * self.theme.body.size, ink };
        let at = [centre[0], tenth(middle + HALF_CAPITAL * style.size)];
        Node::Group(Group {
            title: format!("{}: {}", column.head.join(" "), judgement.name()),
            class: "bias",
            children: vec![disc, Node::text(at, Anchor::Middle, white, judgement.sign())],
            ..Group::default()
        })
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

    /// Estimate and interval as one text whose parts stand at their places, so that decimal points of estimates and of
    /// lower limits stand below each other, and nothing is between a limit and what it is parted from the other by. The
    /// spaces are in front of a part, where they move nothing.
    fn numbers(
        &self,
        column: &Placed,
        y: f64,
        style: Type,
        estimate: Option<&str>,
        interval: Option<&[String; 2]>,
    ) -> Node {
        let [at_estimate, at_limits] = column.effect;
        let mut spans = Vec::with_capacity(3);
        let mut push = |x: f64, space: &str, text: &str| {
            let text = if spans.is_empty() { text.to_owned() } else { format!("{space}{text}") };
            spans.push(Span { x, y, text });
        };
        if let Some(estimate) = estimate {
            push(at_estimate, "", estimate);
        }
        match interval {
            Some([lower, upper]) => {
                let [open, between, close] = &self.theme.house.around;
                let word = between.trim_end();
                let space = &between[word.len()..];
                let after_word = at_limits + style.width(word);
                push(tenth(after_word), " ", &format!("{open}{lower}{word}"));
                let upper = format!("{upper}{close}");
                push(tenth(after_word + style.width(space) + style.width(&upper)), space, &upper);
            }
            None => push(column.edges[1], " ", NO_INTERVAL),
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
