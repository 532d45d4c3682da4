//! A figure of panels: the title above, the notes below.

use super::look::Look;
use super::panel::{Panel, Side, hundredth};
use crate::plot::figure::{Anchor, Figure, Node, Rect, Type};
use crate::plot::text::{shown, wrap};

/// The lines of some words from `pen` down, and where they end.
fn lines(words: &str, style: Type, leading: f64, look: &Look, width: f64, pen: &mut f64) -> Vec<Node> {
    let words = shown(words);
    let room = width - 2.0 * look.theme.margin;
    let lines = wrap(&words, room, style.size, style.face).into_iter().filter(|line| !line.trim().is_empty());
    let mut nodes = Vec::new();
    for line in lines {
        let place = [look.theme.margin, hundredth(*pen + style.size)];
        nodes.push(Node::text(place, Anchor::Start, style, line.trim_end()));
        *pen += leading * style.size;
    }
    nodes
}

/// The title of a figure so wide, and where what is below it begins.
pub(super) fn head(look: &Look, width: f64) -> (Vec<Node>, f64) {
    let mut pen = look.theme.margin;
    let title = look.title.as_deref().unwrap_or_default();
    let nodes = lines(title, look.theme.title, look.theme.leading, look, width, &mut pen);
    if !nodes.is_empty() {
        pen += 0.6 * look.theme.title.size;
    }
    (nodes, pen.ceil())
}

/// A figure with one panel whose marks are `room` large: the panel, and the width of the figure.
pub(super) fn single(look: &Look, room: [f64; 2], x: Side, y: Side) -> (Panel, f64) {
    let theme = &look.theme;
    let left = theme.margin + Panel::left(&y, theme);
    // The last label may hang over the end of its axis, and the title over the axis at the left may be long.
    let over = x.label_width(theme.axis_type) / 2.0;
    let titles = theme.margin + theme.axis_type.width(&y.title);
    let below = left + room[0] / 2.0 + theme.axis_type.width(&x.title) / 2.0;
    let right = (left + room[0] + over).max(titles).max(below);
    let width = (right + theme.margin).ceil();
    let (_, top) = head(look, width);
    let area = Rect { x: left.ceil(), y: top + Panel::above(theme), width: room[0], height: room[1] };
    (Panel { area, x, y }, width)
}

/// What a figure is, and what is said of it.
pub(super) struct Said<'a> {
    /// The kind of figure.
    pub kind: &'a str,
    /// What it shows, in sentences.
    pub description: String,
    /// What marks mean, and what is not drawn.
    pub notes: Vec<String>,
}

/// The figure of these marks, which end at `bottom`.
pub(super) fn figure(look: &Look, width: f64, bottom: f64, marks: Vec<Node>, said: Said<'_>) -> Figure {
    let theme = &look.theme;
    let (mut nodes, _) = head(look, width);
    nodes.extend(marks);
    let mut pen = bottom + 0.5 * theme.note.size;
    for note in &said.notes {
        nodes.extend(lines(note, theme.note, 1.3, look, width, &mut pen));
    }
    Figure {
        id: look.id.clone(),
        title: look.titled(said.kind),
        description: said.description,
        language: "en",
        width,
        height: (pen + theme.margin - 0.3 * theme.note.size).ceil(),
        unit: 1.0,
        fonts: theme.fonts,
        paper: theme.paper,
        nodes,
    }
}
