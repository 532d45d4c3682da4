//! Where the columns stand, from left to right, and how wide the axis is.

use std::borrow::Cow;

use super::band::{Band, NO_INTERVAL, label_type};
use super::field::{Content, Field};
use super::options::{Options, PX_PER_MM};
use super::row::{Effect, Kind, Row};
use super::table::Table;
use crate::plot::figure::Anchor;
use crate::plot::theme::Theme;

/// The columns and the axis; every length in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The columns, from left to right.
    pub placed: Vec<Placed>,
    /// The ends of the axis.
    pub plot: [f64; 2],
    /// The left edge of what stands for numbers, and the right edge.
    pub words: [f64; 2],
    /// The right edge of the last column.
    pub right: f64,
    /// How many of them are left of the axis.
    pub left: usize,
    /// The width that names are broken at.
    names: f64,
}

/// A column at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What stands in it.
    pub content: Content,
    /// The lines of its head.
    pub head: Vec<String>,
    /// Its left edge and its right edge.
    pub edges: [f64; 2],
    /// Which edge its words stand at.
    pub anchor: Anchor,
    /// The right edges of the digits of estimates and of lower limits.
    pub effect: [f64; 2],
}

impl Placed {
    /// Where the anchor of its words is.
    pub fn x(&self) -> f64 {
        let [left, right] = self.edges;
        match self.anchor {
            Anchor::Start => left,
            Anchor::Middle => (left + right) / 2.0,
            Anchor::End => right,
        }
    }
}

/// The least width of the axis, in ems of the rows: below it no label fits beside another.
const LEAST_PLOT: f64 = 8.0;
/// The least width that names are broken at, in ems.
const LEAST_NAMES: f64 = 8.0;
/// The gaps of a figure that has to be narrow, as a share of others.
const CLOSE: f64 = 0.6;
/// The diameter of a disc, in ems.
pub const DISC: f64 = 1.15;

impl Columns {
    /// The columns of a table. Where a width is asked for, the axis takes what the columns leave. Where that is too
    /// little, heads are broken into lines, then names into shorter ones, then columns stand closer, and then the
    /// figure is wider than was asked for.
    #[must_use]
    pub fn of(table: &Table, options: &Options, theme: &Theme) -> Self {
        let wide = Widths::of(table, theme, false);
        let Some(millimetres) = options.width else {
            return wide.columns(table, theme, theme.label_limit, theme.plot_width);
        };
        let target = millimetres * PX_PER_MM;
        let em = theme.body.size;
        let least = LEAST_PLOT * em;
        let beside = |widths: &Widths<'_>, theme: &Theme, names: f64| {
            widths.columns(table, theme, names, 0.0).right + theme.margin
        };
        let fitted = |widths: &Widths<'_>, theme: &Theme, names: f64| {
            // Whole pixels everywhere, so that the sum is not above what was asked for.
            let plot = (target - beside(widths, theme, names)).floor().max(least.floor());
            widths.columns(table, theme, names, plot)
        };
        if beside(&wide, theme, theme.label_limit) + least <= target {
            return fitted(&wide, theme, theme.label_limit);
        }
        let narrow = Widths::of(table, theme, true);
        let mut names = theme.label_limit;
        while beside(&narrow, theme, names) + least > target && names > LEAST_NAMES * em {
            names = (names - em / 2.0).max(LEAST_NAMES * em);
        }
        if beside(&narrow, theme, names) + least <= target {
            return fitted(&narrow, theme, names);
        }
        let close = Theme { gap: CLOSE * theme.gap, plot_gap: CLOSE * theme.plot_gap, ..theme.clone() };
        fitted(&narrow, &close, names)
    }

    /// The rows with their words broken into lines.
    pub fn bands(&self, table: &Table, theme: &Theme) -> Vec<Band> {
        let words = self.words[1] - self.words[0];
        let of = |row: &Row| Band::of(row, [self.names + self.free(row), words], theme);
        table.rows.iter().map(of).collect()
    }

    /// How far the label of a row may run across the columns beside that of the names, which are empty in it.
    fn free(&self, row: &Row) -> f64 {
        if !row.may_run_on() {
            return 0.0;
        }
        let beside =
            self.placed[..self.left].iter().skip(1).take_while(|column| row.is_empty(column.content));
        beside.last().map_or(0.0, |last| last.edges[1] - self.placed[0].edges[1])
    }

    /// How many lines the heads have.
    pub fn head_lines(&self) -> usize {
        self.placed.iter().map(|column| column.head.len()).max().unwrap_or(1)
    }
}

/// How wide the columns are, but for that of the names.
struct Widths<'a> {
    /// The columns left of the axis and right of it, with their heads in lines.
    fields: [Vec<Cow<'a, Field>>; 2],
    /// The width of each.
    columns: [Vec<f64>; 2],
    /// Estimate, lower limit with what stands before it, upper limit with what stands before it and behind.
    effect: [f64; 3],
    /// What stands for an interval, where a row has none.
    without_interval: f64,
}

impl<'a> Widths<'a> {
    /// Measures every cell; heads are broken into lines as wide as the cells below them where that is asked for.
    fn of(table: &'a Table, theme: &Theme, narrow: bool) -> Self {
        let mut effect = [0.0_f64; 3];
        let mut without_interval = 0.0_f64;
        let [open, between, close] = &theme.house.around;
        for row in &table.rows {
            let style = label_type(row, theme);
            let Effect::Numbers { estimate, interval } = &row.effect else { continue };
            let mut wider = |at: usize, text: &str| effect[at] = effect[at].max(style.width(text));
            wider(0, estimate.as_deref().unwrap_or_default());
            match interval {
                Some([lower, upper]) => {
                    wider(1, &format!("{open}{lower}"));
                    wider(2, &format!("{between}{upper}{close}"));
                }
                None => without_interval = without_interval.max(style.width(NO_INTERVAL)),
            }
        }
        let numbers = effect[0] + theme.space() + (effect[1] + effect[2]).max(without_interval);
        let of_cells = |content: Content| match content {
            // Three of the edges are moved to whole pixels.
            Content::Effect => numbers + 3.0,
            Content::Bias(_) => DISC * theme.body.size,
            Content::Study => 0.0,
            content => {
                let widths = table.rows.iter().map(|row| label_type(row, theme).width(row.cell(content)));
                widths.fold(0.0, f64::max)
            }
        };
        let fields = table.fields.each_ref().map(|side| {
            let head = |field: &'a Field| match field.content {
                Content::Study => Cow::Borrowed(field),
                content if narrow => Cow::Owned(field.broken(of_cells(content), theme.strong)),
                _ => Cow::Borrowed(field),
            };
            side.iter().map(head).collect::<Vec<_>>()
        });
        let columns = fields.each_ref().map(|side| {
            let width = |field: &Cow<'_, Field>| field.head_width(theme.strong).max(of_cells(field.content));
            side.iter().map(width).collect()
        });
        Self { fields, columns, effect, without_interval }
    }

    /// Places the columns on whole pixels, with names broken at this width and an axis of this one.
    fn columns(&self, table: &Table, theme: &Theme, names: f64, plot_width: f64) -> Columns {
        let mut columns = Columns {
            placed: Vec::new(),
            plot: [0.0; 2],
            words: [0.0; 2],
            right: theme.margin,
            left: table.fields[0].len(),
            names,
        };
        columns.extend(0, self, theme, |at| (at == 0).then(|| self.names(table, theme, names)));
        let left = columns.right + theme.plot_gap;
        columns.plot = [left, left + plot_width];
        // Where nothing stands beside the axis, half of its last label and an arrow still reach beyond it.
        columns.right = columns.plot[1] + theme.axis_type.size;
        if !self.fields[1].is_empty() {
            columns.right = columns.plot[1];
            columns.right += theme.plot_gap - theme.gap;
            columns.extend(1, self, theme, |_| None);
        }
        columns.words = columns.words_between();
        let wide = |column: &Placed| match column.content {
            Content::Covariate(at) => {
                let cells = || table.rows.iter().map(|row| row.cell(Content::Covariate(at)));
                !cells()
                    .all(|cell| cell.is_empty() || cell.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
            }
            _ => false,
        };
        for column in &mut columns.placed {
            if wide(column) {
                column.anchor = Anchor::Start;
            }
        }
        columns
    }

    /// The width of the column of names: of the names in lines, and of the labels of pooled rows, which may run across
    /// the columns beside it that are empty in their row.
    fn names(&self, table: &Table, theme: &Theme, limit: f64) -> f64 {
        let head = self.fields[0].first().map_or(0.0, |field| field.head_width(theme.strong));
        let of = |row: &Row| {
            let beside = self.fields[0].iter().zip(&self.columns[0]).skip(1);
            let empty = beside.take_while(|(field, _)| row.may_run_on() && row.is_empty(field.content));
            let free: f64 = empty.map(|(_, width)| theme.gap + width).sum();
            let style = label_type(row, theme);
            let band = Band::of(row, [limit + free, f64::INFINITY], theme);
            band.label.iter().map(|line| style.width(line.trim_end())).fold(0.0, f64::max) - free
        };
        table.rows.iter().map(of).fold(head, f64::max)
    }
}

impl Row {
    /// Whether its label may run across columns that are empty in it.
    fn may_run_on(&self) -> bool {
        matches!(self.kind, Kind::Pooled | Kind::Total)
    }

    /// Whether nothing stands in a column.
    fn is_empty(&self, content: Content) -> bool {
        match content {
            Content::Effect => matches!(self.effect, Effect::Blank),
            Content::Bias(at) => self.bias.get(at).is_none(),
            content => self.cell(content).is_empty(),
        }
    }
}

impl Columns {
    /// Adds columns at the right; `own` is the width of one that is not measured.
    fn extend(&mut self, side: usize, all: &Widths<'_>, theme: &Theme, own: impl Fn(usize) -> Option<f64>) {
        for (at, (field, width)) in all.fields[side].iter().zip(&all.columns[side]).enumerate() {
            let begins = at == 0 && self.placed.is_empty();
            let left = self.right + if begins { 0.0 } else { theme.gap };
            let right = (left + own(at).unwrap_or(*width)).ceil();
            // An interval in words can be wider than one in numbers.
            let limits = (right - all.effect[2]).floor();
            let estimate = (limits - all.effect[1]).min(right - all.without_interval) - theme.space();
            self.placed.push(Placed {
                content: field.content,
                head: field.head.clone(),
                edges: [left, right],
                anchor: match field.content {
                    Content::Study => Anchor::Start,
                    Content::Bias(_) => Anchor::Middle,
                    _ => Anchor::End,
                },
                effect: [estimate.floor(), limits],
            });
            self.right = right;
        }
    }

    /// Where the words of rows without numbers stand: from the column of estimates over those behind it on its side.
    fn words_between(&self) -> [f64; 2] {
        let at = self.placed.iter().position(|column| column.content == Content::Effect);
        match at {
            Some(at) if at < self.left => [self.placed[at].edges[0], self.placed[self.left - 1].edges[1]],
            Some(at) => [self.placed[at].edges[0], self.right],
            None => self.plot,
        }
    }
}

impl Theme {
    /// The width of the space between an estimate and its interval.
    #[must_use]
    pub fn space(&self) -> f64 {
        self.body.width(" ")
    }
}
