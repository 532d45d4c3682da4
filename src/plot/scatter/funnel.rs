//! The funnel plot: estimates against their standard errors or sizes.

use super::effects;
use super::filled;
use super::labels::Labels;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, MOST, Point};
use crate::analysis::{FunnelLimits, MetaAnalysis, TrimFill};
use crate::format::{grouped, significant, studies as count_of};
use crate::plot::figure::{Figure, Ink, Node};

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [440.0, 320.0];
/// The radius of a study's circle, in pixels.
const RADIUS: f64 = 3.6;
/// So many studies outside the limits have a name.
const MOST_NAMES: usize = 12;

/// What a funnel plot has studies stand at the height of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum By {
    /// The standard error, 0 at the top.
    #[default]
    StandardError,
    /// The number of people, the largest at the top; limits are those of a standard error, so there are none.
    Size,
}

/// The funnel plot of a result, from [`MetaAnalysis::funnel`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct Funnel<'a> {
    result: &'a MetaAnalysis,
    look: Look,
    by: By,
    filled: Option<&'a TrimFill>,
}

looks!(Funnel);

impl MetaAnalysis {
    /// The funnel plot: each study's estimate on the analysis scale against its standard error.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta & co <2002>", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let svg = fit(&data, &Spec::default())?.funnel().title("Good response").svg();
    /// assert!(svg.starts_with("<svg ") && svg.contains("<title>Beta &amp; co &lt;2002&gt;: 9 of 13"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn funnel(&self) -> Funnel<'_> {
        Funnel {
            result: self,
            look: Look::new("funnel", self.number_format()),
            by: By::default(),
            filled: None,
        }
    }
}

impl<'a> Funnel<'a> {
    /// What studies stand at the height of, their standard errors where nothing is said.
    pub fn by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// With the studies that trim-and-fill adds, as open circles, and the pooled value with them. They have standard
    /// errors and no numbers of people: by size they are not drawn.
    ///
    /// ```
    /// use metaprop::analysis::{Side, TrimFillEstimator};
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let filled = result.trim_fill(TrimFillEstimator::L0, Some(Side::Left))?;
    /// assert!(result.funnel().filled(&filled).svg().contains("Filled in: "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn filled(mut self, filled: &'a TrimFill) -> Self {
        self.filled = Some(filled);
        self
    }

    /// What trim-and-fill adds, where it is drawn.
    fn added(&self) -> Option<&'a TrimFill> {
        self.filled.filter(|_| self.by == By::StandardError)
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let limits = self.result.funnel_limits();
        let all = self.points();
        let points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        let added = self
            .added()
            .map_or_else(Vec::new, |filled| filled::points(filled, self.result, self.look.display, RADIUS));
        let (panel, width) = self.panel(&points, &added, &limits);
        let theme = &self.look.theme;
        let mut nodes = self.regions(&panel, &limits);
        nodes.extend(panel.frame(theme.margin, theme));
        if let Some(y) = limits.y.filter(|y| panel.x.axis.holds(*y)) {
            nodes.extend(
                panel.path(&[[y, panel.y.axis.domain[0]], [y, panel.y.axis.domain[1]]], theme.reference),
            );
        }
        nodes.extend(self.pseudo(&panel, &limits));
        nodes.extend(filled::nodes(&added, &panel, theme));
        nodes.extend(studies::nodes(&points, &panel, theme.dot));
        nodes.extend(self.names(&points, &added, &panel, &limits));
        let mut bottom = panel.area.y + panel.area.height + Panel::below(theme);
        if let Some(filled) = self.added() {
            let [top, end] = panel.y.axis.domain;
            let line = filled
                .y
                .filter(|_| !filled.filled.is_empty())
                .map(|y| panel.path(&[[y, top], [y, end]], filled::line(theme)));
            nodes.extend(line.into_iter().flatten());
            let from = bottom + 0.5 * theme.note.size;
            let (legend, end) = filled::legend(filled, added.len(), self.look.display, theme, from);
            nodes.extend(legend);
            bottom = end;
        }
        let said = Said {
            kind: "Funnel plot",
            description: self.description(&points, &limits),
            notes: self.notes(points.len(), all.len() - points.len(), added.len(), &limits),
        };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    fn points(&self) -> Vec<Point> {
        let display = self.look.display;
        let point = |(index, row): (usize, crate::analysis::StudyRow<'_>)| {
            let height = match (self.by, row.total) {
                (By::StandardError, _) => row.v.sqrt(),
                (By::Size, Some(total)) => total as f64,
                (By::Size, None) => f64::NAN,
            };
            let of = row
                .events
                .zip(row.total)
                .map_or_else(String::new, |(events, total)| format!("{events} of {total}, "));
            let se = significant(row.v.sqrt(), 3);
            Point {
                number: index + 1,
                name: row.study.to_string(),
                at: [row.y, height],
                radius: RADIUS,
                words: format!("{of}{}, standard error {se}", display.with_sign(row.shown())),
            }
        };
        self.result.rows().enumerate().map(point).collect()
    }

    fn panel(&self, points: &[Point], added: &[Point], limits: &FunnelLimits) -> (Panel, f64) {
        let style = self.look.theme.axis_type;
        let heights = || points.iter().map(|point| point.at[1]);
        let side = |title: &str, edge| Side::of(heights(), edge, ROOM[1], style, title);
        let y = match self.by {
            By::StandardError => side("Standard error", Some(0.0)).reversed(),
            By::Size => side("Number of people", Some(0.0)),
        };
        let reach = if self.by == By::StandardError { limits.z * y.axis.domain[1] } else { 0.0 };
        let ends = limits.y.into_iter().flat_map(|y| [y - reach, y + reach]);
        let ends = ends.chain(points.iter().chain(added).map(|point| point.at[0]));
        let x = effects::axis(ends, 0.04, self.result, &self.look, ROOM[0]);
        sheet::single(&self.look, ROOM, x, y)
    }

    /// The regions of 99, 95 and 90 %, the last as white as the paper.
    fn regions(&self, panel: &Panel, limits: &FunnelLimits) -> Vec<Node> {
        let (Some(middle), By::StandardError) = (limits.y, self.by) else { return Vec::new() };
        let theme = &self.look.theme;
        let white = Ink { class: "mp-0", fill: Some(theme.paper), ..theme.shades[0] };
        let inks = [theme.shades[1], theme.shades[0], white];
        let regions = limits.regions.iter().rev().zip(inks);
        regions
            .map(|(z, ink)| Node::Path { points: triangle(panel, middle, *z), closed: true, ink })
            .collect()
    }

    /// The pseudo confidence limits at the level of the analysis.
    fn pseudo(&self, panel: &Panel, limits: &FunnelLimits) -> Vec<Node> {
        let (Some(middle), By::StandardError) = (limits.y, self.by) else { return Vec::new() };
        let [top, bottom] = panel.y.axis.domain;
        let ink = Ink { class: "", ..self.look.theme.rule };
        let ends = [-limits.z, limits.z].map(|z| [[middle, top], [middle + z * bottom, bottom]]);
        ends.iter().flat_map(|line| panel.path(line, ink)).collect()
    }

    /// The names of the studies outside the limits, the farthest first.
    fn names(&self, points: &[Point], added: &[Point], panel: &Panel, limits: &FunnelLimits) -> Vec<Node> {
        let (Some(middle), By::StandardError) = (limits.y, self.by) else { return Vec::new() };
        let far = |point: &Point| (point.at[0] - middle).abs() / point.at[1];
        let mut outside: Vec<&Point> = points.iter().filter(|point| far(point) > limits.z).collect();
        if points.len() > MOST {
            return Vec::new();
        }
        outside.sort_by(|a, b| far(b).total_cmp(&far(a)));
        let marks = points.iter().chain(added).map(|point| (panel.at(point.at), point.radius));
        // No name runs over the limits.
        let [_, bottom] = panel.y.axis.domain;
        let along = (0..=160).map(|step| f64::from(step) / 160.0 * bottom);
        let adjusted = self.added().and_then(|filled| filled.y).unwrap_or(middle);
        let lines = along.flat_map(|se| {
            let across = [middle - limits.z * se, middle, middle + limits.z * se, adjusted];
            across.map(|y| (panel.at([y, se]), 1.0))
        });
        let marks = marks.chain(lines);
        let mut labels = Labels::new(panel.area, marks, self.look.theme.note);
        let names = outside.into_iter().take(MOST_NAMES);
        names.filter_map(|point| labels.place(&point.shown(), panel.at(point.at), point.radius)).collect()
    }

    fn notes(&self, drawn: usize, left_out: usize, added: usize, limits: &FunnelLimits) -> Vec<String> {
        let mut notes = Vec::new();
        if limits.y.is_some() {
            notes.push(match self.by {
                By::StandardError => format!(
                    "Dashed: the pooled value. Solid: {} pseudo confidence limits around it. Regions from the inside: 90% \
                     (white), 95% (light), 99% (grey). Named: studies outside the limits, where a name finds room.",
                    self.result.spec.level
                ),
                By::Size => "Dashed: the pooled value.".to_string(),
            });
        }
        notes.extend(self.added().map(|filled| filled::note(filled, added)));
        if self.result.scale().is_proportion() {
            notes.push(
                "Of proportions near 0 or 100% a funnel is asymmetric without any bias: their standard errors depend on them."
                    .to_string(),
            );
        }
        notes.extend(studies::notes(drawn, left_out));
        notes
    }

    fn description(&self, points: &[Point], limits: &FunnelLimits) -> String {
        let pooled = self.result.pooled();
        let height = if self.by == By::Size { "numbers of people" } else { "standard errors" };
        let mut text = format!(
            "Funnel plot of {}: estimates against {height}. The pooled {} is {}.",
            count_of(points.len()),
            self.result.scale().noun(),
            self.look.display.with_sign(pooled.estimate)
        );
        if let (Some(middle), By::StandardError) = (limits.y, self.by) {
            let is_outside = |point: &&Point| (point.at[0] - middle).abs() > limits.z * point.at[1];
            let outside = points.iter().filter(is_outside).count();
            text += &format!(
                " {} of {} lie outside its {} pseudo confidence limits.",
                grouped(outside as u64),
                grouped(points.len() as u64),
                self.result.spec.level
            );
        }
        if let Some(filled) = self.added() {
            let (how_many, adjusted) =
                (filled::how_many(filled), filled::adjusted(filled, self.look.display));
            text += &format!(" Trim-and-fill adds {how_many}; the pooled value is then {adjusted}.");
        }
        text
    }
}

/// The corners of the region m ± z s, cut at the sides of the frame.
fn triangle(panel: &Panel, middle: f64, z: f64) -> Vec<[f64; 2]> {
    let ([low, high], [_, bottom]) = (panel.x.axis.domain, panel.y.axis.domain);
    let mut points = vec![[middle, 0.0]];
    let (right, left) = (middle + z * bottom, middle - z * bottom);
    if right > high {
        points.extend([[high, (high - middle) / z], [high, bottom]]);
    } else {
        points.push([right, bottom]);
    }
    if left < low {
        points.extend([[low, bottom], [low, (middle - low) / z]]);
    } else {
        points.push([left, bottom]);
    }
    points.into_iter().map(|point| panel.at(point)).collect()
}
