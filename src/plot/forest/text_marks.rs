//! The marks of a row in cells of a terminal.

use super::marks::{self, Mark};
use super::row::{Kind, Row};
use super::signs::{Diamond, Set};
use super::table::Table;
use crate::options::Model;
use crate::plot::axis::{Axis, Scale};
use crate::plot::theme::Theme;

/// The cells of the axis, with one more at each end for arrows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    axis: &'a Axis,
    /// How many cells the axis has, two at least.
    count: usize,
    set: Set,
}

impl<'a> Cells<'a> {
    pub fn new(axis: &'a Axis, count: usize, set: Set) -> Self {
        Self { axis, count: count.max(2), set }
    }

    /// How many there are with those for arrows.
    pub const fn width(&self) -> usize {
        self.count + 2
    }

    /// The cell of a value on the axis: its ends are the middles of the first and the last.
    pub fn at(&self, value: f64) -> usize {
        let scale = Scale { domain: self.axis.domain, ends: [0.0, (self.count - 1) as f64] };
        1 + (scale.at(value).round().max(0.0) as usize).min(self.count - 1)
    }

    /// A row without marks: the value of no effect, and the pooled estimate.
    pub fn empty(&self, table: &Table) -> Vec<char> {
        let mut cells = vec![' '; self.width()];
        for (value, sign) in [(table.null, self.set.null), (table.reference, self.set.reference)] {
            if let Some(value) = value.filter(|value| self.axis.holds(*value)) {
                cells[self.at(value)] = sign;
            }
        }
        cells
    }

    /// The marks of a row.
    pub fn row(&self, row: &Row, table: &Table, theme: &Theme) -> Vec<char> {
        let mut cells = self.empty(table);
        let mut marks = marks::of(&row.shape, self.axis.domain, theme);
        // Squares and ticks stand on their lines, and arrows in cells of their own.
        marks.sort_by_key(|mark| matches!(mark, Mark::Square { .. } | Mark::Tick { .. }));
        let goes_on = [false, true]
            .map(|end| marks.iter().any(|mark| matches!(mark, Mark::Arrow { right, .. } if *right == end)));
        for mark in &marks {
            self.mark(mark, row.kind, goes_on, theme, &mut cells);
        }
        cells
    }

    fn mark(&self, mark: &Mark, kind: Kind, goes_on: [bool; 2], theme: &Theme, cells: &mut [char]) {
        let set = &self.set;
        let [heavy, light, lightest] = set.studies;
        match mark {
            Mark::Interval { from, to } => cells[self.at(*from)..=self.at(*to)].fill(set.interval),
            Mark::Square { at, side } => {
                cells[self.at(*at)] = if *side >= theme.square_side / 2.0 { heavy } else { light };
            }
            Mark::Tick { at, .. } => {
                cells[self.at(*at)] = if kind == Kind::Study { lightest } else { set.point };
            }
            Mark::Arrow { right, .. } => {
                let end = if *right { self.count + 1 } else { 0 };
                cells[end] = set.arrows[usize::from(*right)];
            }
            Mark::Diamond { model, corners } => {
                let signs = if *model == Model::Common { set.common } else { set.random };
                self.diamond(corners, signs, goes_on, cells);
            }
            Mark::Bar { from, to } => {
                let [left, line, right] = set.prediction;
                let ends = [if goes_on[0] { line } else { left }, if goes_on[1] { line } else { right }];
                fill(&mut cells[self.at(*from)..=self.at(*to)], line, ends);
            }
        }
    }

    /// A diamond from its corners, of which the axis may have cut some off.
    fn diamond(&self, corners: &[(f64, f64)], signs: Diamond, goes_on: [bool; 2], cells: &mut [char]) {
        let places = || corners.iter().map(|corner| corner.0);
        let (from, to) = (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max));
        let Diamond { left, line, estimate, right } = signs;
        let ends = [if goes_on[0] { line } else { left }, if goes_on[1] { line } else { right }];
        fill(&mut cells[self.at(from)..=self.at(to)], line, ends);
        // It is highest at the estimate; where the axis ends before that, at its end.
        let highest = corners.iter().max_by(|one, other| one.1.abs().total_cmp(&other.1.abs()));
        if let Some((place, _)) = highest {
            cells[self.at(*place)] = estimate;
        }
    }

    /// The axis, below its rows.
    pub fn axis(&self) -> Vec<char> {
        let [line, tick] = self.set.axis;
        let mut cells = vec![line; self.width()];
        (cells[0], cells[self.count + 1]) = (' ', ' ');
        self.axis.ticks.iter().for_each(|at| cells[self.at(at.value)] = tick);
        cells
    }

    /// Where the labels of the axis begin, and what they say, from the left: all of them, or every second, third …
    /// where they would touch. The first cell of the plot is at `offset`, and no label goes beyond `room`.
    pub fn labels(&self, offset: usize, room: usize) -> Vec<(usize, &'a str)> {
        let ticks = &self.axis.ticks;
        (1..=ticks.len().max(1))
            .map(|stride| self.every(stride, offset, room))
            .find(|labels| apart(labels))
            .unwrap_or_default()
    }

    fn every(&self, stride: usize, offset: usize, room: usize) -> Vec<(usize, &'a str)> {
        let place = |value: f64, label: &str| {
            let wide = label.chars().count();
            (offset + self.at(value)).saturating_sub(wide / 2).min(room.saturating_sub(wide))
        };
        let ticks = self.axis.ticks.iter().step_by(stride);
        ticks.map(|tick| (place(tick.value, &tick.label), tick.label.as_str())).collect()
    }
}

/// A line with its ends.
fn fill(cells: &mut [char], line: char, [left, right]: [char; 2]) {
    cells.fill(line);
    if let [first, .., last] = cells {
        (*first, *last) = (left, right);
    }
}

/// Whether there is a blank between any two.
fn apart(labels: &[(usize, &str)]) -> bool {
    labels.windows(2).all(|pair| pair[0].0 + pair[0].1.chars().count() < pair[1].0)
}
