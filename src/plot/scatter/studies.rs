//! Studies as points: a group each with a title, or one path where they are too many.

use super::panel::{Panel, hundredth};
use crate::format::grouped;
use crate::plot::figure::{Group, Ink, Node};
use crate::plot::text::shown;

/// So many studies have a mark with a title of their own.
pub(super) const MOST: usize = 400;
/// The side of the squares that more studies are drawn in, in pixels.
const CELL: f64 = 4.0;

/// A study as a point.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// Its number, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Its place on the two axes.
    pub at: [f64; 2],
    /// The radius of its circle, in pixels.
    pub radius: f64,
    /// What it says after its name.
    pub words: String,
}

impl Point {
    /// Whether it can be drawn.
    pub fn is_finite(&self) -> bool {
        self.at.iter().all(|value| value.is_finite())
    }

    /// What is drawn of it, with its name and its words as a title.
    pub fn group(&self, kind: Kind, children: Vec<Node>) -> Node {
        let (id, title) =
            (format!("{}{}", kind.letter, self.number), format!("{}: {}", self.shown(), self.words));
        Node::Group(Group { id, class: kind.class, title, data: Vec::new(), children })
    }

    /// Its name as it is shown.
    pub fn shown(&self) -> String {
        let name = shown(&self.name);
        if name.trim().is_empty() { "(no name)".to_string() } else { name.into_owned() }
    }
}

/// What a group of a point is: its class, and the letter before its number in the id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The class.
    pub class: &'static str,
    /// The letter.
    pub letter: char,
}

/// The studies in their frame.
pub(super) fn nodes(points: &[Point], panel: &Panel, ink: Ink) -> Vec<Node> {
    marks(points, panel, ink, Kind { class: "study", letter: 's' })
}

/// Points in their frame.
pub(super) fn marks(points: &[Point], panel: &Panel, ink: Ink, kind: Kind) -> Vec<Node> {
    if points.len() > MOST {
        return vec![cells(points, panel, ink)];
    }
    let circle =
        |point: &Point| Node::Circle { centre: panel.at(point.at), radius: hundredth(point.radius), ink };
    points.iter().map(|point| point.group(kind, vec![circle(point)])).collect()
}

/// Many points as the squares of a grid that hold one or more.
fn cells(points: &[Point], panel: &Panel, of: Ink) -> Node {
    let cell = |point: &Point| panel.at(point.at).map(|length| (length / CELL).floor() as i64);
    let mut cells: Vec<[i64; 2]> = points.iter().map(cell).map(|[x, y]| [y, x]).collect();
    cells.sort_unstable();
    cells.dedup();
    let mut lines: Vec<[[f64; 2]; 2]> = Vec::new();
    for [row, column] in cells {
        let (y, x) = ((row as f64 + 0.5) * CELL, column as f64 * CELL);
        match lines.last_mut() {
            Some(last) if last[1] == [x, y] => last[1][0] += CELL,
            _ => lines.push([[x, y], [x + CELL, y]]),
        }
    }
    let ink = Ink { class: "", fill: None, stroke: of.fill, width: CELL, dash: None };
    Node::Lines(lines, ink)
}

/// What is said where studies have no mark of their own, and where they have none at all.
pub(super) fn notes(drawn: usize, left_out: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if drawn > MOST {
        notes.push(format!("{} studies: a square is where one or more of them are.", grouped(drawn as u64)));
    }
    if left_out > 0 {
        let them = if left_out == 1 { "study has" } else { "studies have" };
        notes.push(format!("{} {them} no finite place on these axes and no mark.", grouped(left_out as u64)));
    }
    notes
}
