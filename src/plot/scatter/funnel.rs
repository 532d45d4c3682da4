//! The funnel plot: estimates against their standard errors or sizes.

use super::labels::Labels;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, MOST, Point};
use crate::analysis::{FunnelLimits, MetaAnalysis};
use crate::format::{capitalised, grouped, significant, studies as count_of};
use crate::options::Choice;
use crate::plot::axis::Axis;
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
        Funnel { result: self, look: Look::new("funnel", self.number_format()), by: By::default() }
    }
}

impl Funnel<'_> {
    /// What studies stand at the height of, their standard errors where nothing is said.
    pub fn by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let limits = self.result.funnel_limits();
        let all = self.points();
        let points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        let (panel, width) = self.panel(&points, &limits);
        let theme = &self.look.theme;
        let mut nodes = self.regions(&panel, &limits);
        nodes.extend(panel.frame(theme.margin, theme));
        if let Some(y) = limits.y.filter(|y| panel.x.axis.holds(*y)) {
            nodes.extend(
                panel.path(&[[y, panel.y.axis.domain[0]], [y, panel.y.axis.domain[1]]], theme.reference),
            );
        }
        nodes.extend(self.pseudo(&panel, &limits));
        nodes.extend(studies::nodes(&points, &panel, theme.dot));
        nodes.extend(self.names(&points, &panel, &limits));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let said = Said {
            kind: "Funnel plot",
            description: self.description(&points, &limits),
            notes: self.notes(points.len(), all.len() - points.len(), &limits),
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

    fn panel(&self, points: &[Point], limits: &FunnelLimits) -> (Panel, f64) {
        let style = self.look.theme.axis_type;
        let heights = || points.iter().map(|point| point.at[1]);
        let side = |title: &str, edge| Side::of(heights(), edge, ROOM[1], style, title);
        let y = match self.by {
            By::StandardError => side("Standard error", Some(0.0)).reversed(),
            By::Size => side("Number of people", Some(0.0)),
        };
        let reach = if self.by == By::StandardError { limits.z * y.axis.domain[1] } else { 0.0 };
        let ends = limits.y.into_iter().flat_map(|y| [y - reach, y + reach]);
        let ends = ends.chain(points.iter().map(|point| point.at[0])).filter(|end| end.is_finite());
        let [mut low, mut high] =
            ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], end| [low.min(end), high.max(end)]);
        if low > high {
            (low, high) = (-1.0, 1.0);
        }
        let more = if high > low { 0.04 * (high - low) } else { 0.1 * low.abs().max(0.1) };
        let scale = self.result.scale();
        let axis = Axis::of_scale([low - more, high + more], scale, self.look.display, ROOM[0], style);
        let x = Side::new(axis, self.x_title());
        sheet::single(&self.look, ROOM, x, y)
    }

    /// `Proportion, % (logit scale)`.
    fn x_title(&self) -> String {
        x_title(self.result, &self.look)
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
        let ink = Ink { class: "mp-f", ..self.look.theme.rule };
        let ends = [-limits.z, limits.z].map(|z| [[middle, top], [middle + z * bottom, bottom]]);
        ends.iter().flat_map(|line| panel.path(line, ink)).collect()
    }

    /// The names of the studies outside the limits, the farthest first.
    fn names(&self, points: &[Point], panel: &Panel, limits: &FunnelLimits) -> Vec<Node> {
        let (Some(middle), By::StandardError) = (limits.y, self.by) else { return Vec::new() };
        let far = |point: &Point| (point.at[0] - middle).abs() / point.at[1];
        let mut outside: Vec<&Point> = points.iter().filter(|point| far(point) > limits.z).collect();
        if points.len() > MOST {
            return Vec::new();
        }
        outside.sort_by(|a, b| far(b).total_cmp(&far(a)));
        let marks = points.iter().map(|point| (panel.at(point.at), point.radius));
        // No name runs over the limits.
        let [_, bottom] = panel.y.axis.domain;
        let along = (0..=160).map(|step| f64::from(step) / 160.0 * bottom);
        let lines =
            along.flat_map(|se| [-limits.z, 0.0, limits.z].map(|z| (panel.at([middle + z * se, se]), 1.0)));
        let marks = marks.chain(lines);
        let mut labels = Labels::new(panel.area, marks, self.look.theme.note);
        let names = outside.into_iter().take(MOST_NAMES);
        names.filter_map(|point| labels.place(&point.shown(), panel.at(point.at), point.radius)).collect()
    }

    fn notes(&self, drawn: usize, left_out: usize, limits: &FunnelLimits) -> Vec<String> {
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
        text
    }
}

/// What an axis of the analysis scale shows: `Proportion, % (logit scale)`.
pub(super) fn x_title(result: &MetaAnalysis, look: &Look) -> String {
    let noun = capitalised(result.scale().noun());
    let unit = look.display.unit().unwrap_or_else(|| look.display.sign().to_string());
    let unit = if unit.is_empty() { unit } else { format!(", {unit}") };
    let scale = match (result.spec.input_scale, result.spec.measure) {
        (Some(scale), _) => scale.key(),
        (None, measure) => measure.key(),
    };
    if matches!(scale, "raw" | "identity") {
        format!("{noun}{unit}")
    } else {
        format!("{noun}{unit} ({scale} scale)")
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
