//! Names beside points, each where it touches nothing.

use super::panel::hundredth;
use crate::plot::figure::{Anchor, Node, Rect, Text, Type};
use crate::plot::text::shown;

/// The most letters of a name.
const LONGEST: usize = 28;

/// What is in the way of names, and the frame that they stay in.
pub(super) struct Labels {
    taken: Vec<Rect>,
    area: Rect,
    style: Type,
}

impl Labels {
    /// In a frame with these points and their radii.
    pub fn new(area: Rect, points: impl Iterator<Item = ([f64; 2], f64)>, style: Type) -> Self {
        let square = |([x, y], radius): ([f64; 2], f64)| {
            let side = 2.0 * radius;
            Rect { x: x - radius, y: y - radius, width: side, height: side }
        };
        Self { taken: points.map(square).collect(), area, style }
    }

    /// The name right of, left of, above or below a point; none where none of these places is free.
    pub fn place(&mut self, name: &str, [x, y]: [f64; 2], radius: f64) -> Option<Node> {
        let name = short(&shown(name));
        let middle = 0.358 * self.style.size;
        let away = radius + 3.0;
        let places = [
            (x + away, y + middle, Anchor::Start),
            (x - away, y + middle, Anchor::End),
            (x, y - away, Anchor::Middle),
            (x, y + away + 2.0 * middle, Anchor::Middle),
        ];
        let texts = places
            .into_iter()
            .map(|(x, y, anchor)| Text::line(hundredth(x), hundredth(y), anchor, self.style, name.clone()));
        let with_box = |text: Text| {
            let covered = text.boxes().next()?;
            Some((covered, text))
        };
        let (covered, text) = texts.filter_map(with_box).find(|(covered, _)| self.is_free(covered))?;
        self.taken.push(covered);
        Some(Node::Text(text))
    }

    fn is_free(&self, covered: &Rect) -> bool {
        let Rect { x, y, width, height } = self.area;
        covered.x > x
            && covered.y > y
            && covered.x + covered.width < x + width
            && covered.y + covered.height < y + height
            && !self.taken.iter().any(|other| other.overlaps(covered))
    }
}

/// A name cut to what fits beside a point.
fn short(name: &str) -> String {
    let name = name.trim();
    if name.chars().count() <= LONGEST {
        return name.to_string();
    }
    let kept: String = name.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}
