//! One row as it is set: its words in lines.

use super::row::{Effect, Kind, Row};
use crate::plot::figure::Type;
use crate::plot::text::balanced;
use crate::plot::theme::Theme;

/// What stands for an interval that does not exist.
pub const NO_INTERVAL: &str = "(no interval)";

/// Half the height of a capital in ems: from the middle of a row to its baseline.
pub const HALF_CAPITAL: f64 = 0.358;

/// A row's place and the lines its words are broken into.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its middle.
    pub middle: f64,
    /// The lines of its label.
    pub label: Vec<String>,
    /// The lines of what stands for its numbers.
    pub words: Vec<String>,
}

/// Heights in whole tenths of a pixel: shorter to write.
#[must_use]
pub fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// How the label of a row is set.
#[must_use]
pub fn label_type(row: &Row, theme: &Theme) -> Type {
    match row.kind {
        Kind::Study => theme.body,
        Kind::Excluded | Kind::Remark => theme.muted,
        Kind::Heading | Kind::Total | Kind::Pooled => theme.strong,
    }
}

impl Band {
    /// A row whose names and words are broken into lines of these widths.
    pub fn of(row: &Row, [names, words]: [f64; 2], theme: &Theme) -> Self {
        let label = broken(&row.label, names, label_type(row, theme));
        let words = match &row.effect {
            Effect::Words(text) => broken(text, words, theme.muted),
            _ => Vec::new(),
        };
        Self { middle: 0.0, label, words }
    }

    pub fn height(&self, theme: &Theme) -> f64 {
        let lines = self.label.len().max(self.words.len()) as f64;
        theme.row + (lines - 1.0).max(0.0) * theme.leading * theme.body.size
    }
}

fn broken(text: &str, room: f64, style: Type) -> Vec<String> {
    balanced(text, room, style.size, style.face).into_iter().map(str::to_string).collect()
}
