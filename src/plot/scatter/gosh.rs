//! The GOSH plot: the estimate of every subset against its I², as a density.

use super::effects;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use crate::analysis::{Gosh, MetaAnalysis};
use crate::format::counted;
use crate::numeric::elementary::ln;
use crate::plot::figure::{Figure, Ink, Node, Rect};

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [420.0, 300.0];
/// The side of a cell, in pixels.
const CELL: f64 = 4.0;
/// The height of the histograms at the edges, and their distance from the frame, in pixels.
const EDGE: [f64; 2] = [44.0, 4.0];

/// The GOSH plot, from [`Gosh::plot`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct GoshPlot<'a> {
    result: &'a MetaAnalysis,
    of: &'a Gosh,
    look: Look,
}

looks!(GoshPlot);

impl Gosh {
    /// The plot: how many subsets have which estimate and which I².
    ///
    /// ```
    /// use metaprop::analysis::GoshOptions;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let svg = result.gosh(&GoshOptions::default())?.plot(&result).svg();
    /// assert!(svg.contains("11 subsets"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn plot<'a>(&'a self, of: &'a MetaAnalysis) -> GoshPlot<'a> {
        GoshPlot { result: of, of: self, look: Look::new("gosh", of.number_format()) }
    }
}

/// How many subsets are in each cell of a grid, by rows from the top.
struct Grid {
    columns: usize,
    counts: Vec<u32>,
}

impl Grid {
    fn of(points: &[[f64; 2]], panel: &Panel) -> Self {
        let [columns, rows] = ROOM.map(|length| (length / CELL) as usize);
        let mut counts = vec![0; columns * rows];
        let Rect { x, y, .. } = panel.area;
        for point in points {
            let [px, py] = panel.at(*point);
            let column = (((px - x) / CELL) as usize).min(columns - 1);
            let row = (((py - y) / CELL) as usize).min(rows - 1);
            counts[row * columns + column] += 1;
        }
        Self { columns, counts }
    }

    /// The sums of the columns and of the rows.
    fn sums(&self) -> [Vec<u32>; 2] {
        let rows: Vec<&[u32]> = self.counts.chunks(self.columns).collect();
        let columns = (0..self.columns).map(|column| rows.iter().map(|row| row[column]).sum()).collect();
        [columns, rows.iter().map(|row| row.iter().sum()).collect()]
    }

    /// Level lines over the runs of cells of one shade, a list a shade.
    fn runs(&self, area: Rect, shades: usize) -> Vec<Vec<[[f64; 2]; 2]>> {
        let most = self.counts.iter().copied().max().unwrap_or(0).max(1);
        let shade = |count: u32| match count {
            0 => None,
            count if most == 1 => Some(if count == 1 { shades - 1 } else { 0 }),
            count => {
                Some((ln(f64::from(count)) / ln(f64::from(most)) * (shades - 1) as f64).round() as usize)
            }
        };
        let mut runs = vec![Vec::new(); shades];
        for (row, cells) in self.counts.chunks(self.columns).enumerate() {
            let y = area.y + (row as f64 + 0.5) * CELL;
            let mut first = 0;
            for run in cells.chunk_by(|a, b| shade(*a) == shade(*b)) {
                let ends = [first, first + run.len()].map(|column| area.x + column as f64 * CELL);
                first += run.len();
                if let Some(shade) = shade(run[0]) {
                    runs[shade].push([[ends[0], y], [ends[1], y]]);
                }
            }
        }
        runs
    }
}

impl GoshPlot<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let theme = &self.look.theme;
        let points = self.points();
        let (panel, width) = self.panel(&points);
        let grid = Grid::of(&points, &panel);
        let mut nodes = Vec::new();
        // The lightest shade has to be seen on the paper.
        let shades = &theme.shades[1..];
        for (lines, shade) in grid.runs(panel.area, shades.len()).into_iter().zip(shades) {
            if !lines.is_empty() {
                let ink = Ink { class: "", stroke: shade.fill, fill: None, width: CELL, dash: None };
                nodes.push(Node::Lines(lines, ink));
            }
        }
        nodes.extend(self.histograms(&grid, &panel));
        if let Some(y) = self.result.pooled().y {
            nodes.extend(panel.path(&[[y, 0.0], [y, panel.y.axis.domain[1]]], theme.reference));
        }
        nodes.extend(panel.frame(theme.margin, theme));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let said =
            Said { kind: "GOSH plot", description: self.description(), notes: self.notes(points.len()) };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    fn points(&self) -> Vec<[f64; 2]> {
        let rows = self.of.rows.iter().filter_map(|row| Some([row.y?, row.i2?]));
        rows.filter(|point| point.iter().all(|value| value.is_finite())).collect()
    }

    /// The frame, with room for the histograms above and at the right.
    fn panel(&self, points: &[[f64; 2]]) -> (Panel, f64) {
        let style = self.look.theme.axis_type;
        let estimates = points.iter().map(|point| point[0]).chain(self.result.pooled().y);
        let x = effects::axis(estimates, 0.03, self.result, &self.look, ROOM[0]);
        let i2 = points.iter().map(|point| point[1]).chain([5.0]);
        let y = Side::of(i2, Some(0.0), ROOM[1], style, "I², %");
        let (mut panel, width) = sheet::single(&self.look, ROOM, x, y);
        let room = EDGE[0] + EDGE[1];
        panel.area.y += room;
        (panel, width + room)
    }

    fn histograms(&self, grid: &Grid, panel: &Panel) -> Vec<Node> {
        let Rect { x, y, width, .. } = panel.area;
        let [columns, rows] = grid.sums();
        let ink = Ink {
            class: "mp-b2",
            fill: None,
            stroke: self.look.theme.square.fill,
            width: CELL - 1.0,
            dash: None,
        };
        let bars = |sums: &[u32], bar: &dyn Fn(f64, f64) -> [[f64; 2]; 2]| {
            let most = f64::from(sums.iter().copied().max().unwrap_or(0).max(1));
            let filled = sums.iter().enumerate().filter(|(_, count)| **count > 0);
            filled
                .map(|(index, count)| {
                    bar((index as f64 + 0.5) * CELL, (EDGE[0] * f64::from(*count) / most).max(1.0))
                })
                .collect::<Vec<_>>()
        };
        let above = bars(&columns, &|at, long| {
            let base = y - Panel::above(&self.look.theme) - EDGE[1];
            [[x + at, base], [x + at, base - long]]
        });
        let beside = bars(&rows, &|at, long| {
            let base = x + width + EDGE[1];
            [[base, y + at], [base + long, y + at]]
        });
        [above, beside]
            .into_iter()
            .filter(|lines| !lines.is_empty())
            .map(|lines| Node::Lines(lines, ink))
            .collect()
    }

    fn notes(&self, drawn: usize) -> Vec<String> {
        let which = if self.of.exhaustive { "every subset" } else { "subsets" };
        let mut notes = vec![format!(
            "{} ({which}): the darker, the more of them, by logarithm. At the edges: how many have which estimate and \
             which I². Dashed: the pooled value of all studies.",
            subsets(drawn)
        )];
        let undrawn = self.of.rows.len() - drawn;
        if undrawn > 0 {
            let have = if undrawn == 1 { "has no I² and is" } else { "have no I² and are" };
            notes.push(format!("{} {have} not drawn.", subsets(undrawn)));
        }
        if self.of.failed > 0 {
            notes.push(format!("{} could not be fitted.", counted(self.of.failed, "subset", "subsets")));
        }
        notes
    }

    fn description(&self) -> String {
        let (summary, display) = (self.of.summary(), self.look.display);
        let mut text = format!("GOSH plot of {}: estimates against I².", subsets(self.of.rows.len()));
        if let Some((low, high)) = summary.estimate_min.zip(summary.estimate_max) {
            text += &format!(" Estimates reach from {} to {}.", display.number(low), display.with_sign(high));
        }
        text + &format!(" Of all studies it is {}.", display.with_sign(self.result.pooled().estimate))
    }
}

fn subsets(n: usize) -> String {
    counted(n as u64, "subset", "subsets")
}
