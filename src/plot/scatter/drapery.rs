//! The drapery plot: the p-value functions of the studies and of the pooled result.

use super::curve::{curves, held, straightened};
use super::effects;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{Kind, Point};
use crate::analysis::{Drapery, MetaAnalysis};
use crate::error::Error;
use crate::format::{grouped, studies as count_of};
use crate::plot::axis::{Axis, Tick};
use crate::plot::figure::{Anchor, Figure, Ink, Node};
use crate::plot::theme::Theme;

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [460.0, 340.0];
/// The p-values with a tick.
const TICKS: [(f64, &str); 8] = [
    (1.0, "1"),
    (0.5, "0.5"),
    (0.2, "0.2"),
    (0.1, "0.1"),
    (0.05, "0.05"),
    (0.01, "0.01"),
    (0.001, "0.001"),
    (0.0005, "0.0005"),
];
/// Those with a guide line, and the levels of the intervals that end there.
const GUIDES: [(f64, &str); 3] = [(0.05, "95%"), (0.01, "99%"), (0.001, "99.9%")];
/// So many studies have a curve: the most precise.
const MOST: usize = 1_000;
/// So many have curves of the full width.
const FEW: usize = 40;
/// How far beyond the estimates the axis follows limits, in spreads of the estimates.
const REACH: f64 = 0.6;

/// The drapery plot of a result, from [`MetaAnalysis::drapery`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct DraperyPlot<'a> {
    result: &'a MetaAnalysis,
    of: Drapery,
    look: Look,
}

looks!(DraperyPlot);

impl MetaAnalysis {
    /// The drapery plot: a curve a study and for the pooled values, whose ends at the height p are the limits at the level
    /// 1 − p. Heights are spaced by the normal quantile of p, so that small ones can be told apart.
    ///
    /// # Errors
    ///
    /// As [`drapery_curves`](Self::drapery_curves).
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// assert!(fit(&data, &Spec::default())?.drapery()?.svg().contains("<title>C: 21 of 66"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn drapery(&self) -> Result<DraperyPlot<'_>, Error> {
        let look = Look::new("drapery", self.number_format());
        Ok(DraperyPlot { result: self, of: self.drapery_curves()?, look })
    }
}

impl DraperyPlot<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let theme = &self.look.theme;
        let all = self.studies();
        let points: Vec<&Point> = all.iter().filter(|point| point.is_finite()).collect();
        let x = self.estimates(&points);
        let (panel, width) = sheet::single(&self.look, ROOM, x, self.p_values());
        let style = theme.axis_type;
        let room = GUIDES.iter().map(|(_, label)| style.width(label)).fold(0.0, f64::max) + 8.0;
        let mut nodes = self.region(&panel);
        let guide = Ink { class: "", width: 0.6, dash: Some([2.0, 2.0]), ..theme.rule };
        for (p, label) in GUIDES {
            let height = Drapery::quantile(p);
            let [low, high] = panel.x.axis.domain;
            nodes.extend(panel.path(&[[low, height], [high, height]], guide));
            let right = panel.area.x + panel.area.width;
            let at = [right + 4.0, panel.y(height) + 0.358 * style.size];
            nodes.push(Node::text(at.map(super::panel::hundredth), Anchor::Start, style, label));
        }
        nodes.extend(drawn(&points, &panel, theme));
        nodes.extend(curves(&self.of.z, &self.of.common, &panel, self.common_ink()));
        nodes.extend(curves(&self.of.z, &self.of.random, &panel, thick(theme)));
        nodes.extend(panel.frame(theme.margin, theme));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let said = Said {
            kind: "Drapery plot",
            description: self.description(points.len()),
            notes: self.notes(points.len(), all.len() - points.len()),
        };
        // The last label of the axis below may hang over its end as well.
        let wide = (panel.area.x + panel.area.width + room + theme.margin).max(width).ceil();
        sheet::figure(&self.look, wide, bottom, nodes, said)
    }

    /// Every study: its estimate and its standard error.
    fn studies(&self) -> Vec<Point> {
        let point = |(row, number): (crate::analysis::StudyRow<'_>, usize)| {
            let of = row.events.zip(row.total);
            let of = of.map_or_else(String::new, |(events, total)| format!("{events} of {total}, "));
            let words = format!("{of}{}", self.look.display.with_sign(row.shown()));
            Point { number, name: row.study.to_string(), at: [row.y, row.v.sqrt()], radius: 0.0, words }
        };
        self.result.rows().zip(1..).map(point).collect()
    }

    /// The axis below: every estimate, and limits as far as a part of their spread beyond them.
    fn estimates(&self, points: &[&Point]) -> Side {
        let pooled = self.result.pooled().y;
        let middles = || points.iter().map(|point| point.at[0]).chain(pooled);
        let [low, high] = ends(middles());
        let mut errors: Vec<f64> = points.iter().map(|point| point.at[1]).collect();
        errors.sort_by(f64::total_cmp);
        let median = errors.get(errors.len() / 2).copied().unwrap_or(0.0);
        let beyond = REACH * (high - low).max(4.0 * median);
        let of_studies =
            points.iter().flat_map(|point| [-1.0, 1.0].map(|side| point.at[0] + side * 3.3 * point.at[1]));
        let of_pooled =
            [&self.of.common, &self.of.random, &self.of.prediction].into_iter().flatten().flatten();
        let limits = of_studies.chain(of_pooled.flatten().copied()).filter(|limit| limit.is_finite());
        let limits = limits.map(|limit| limit.clamp(low - beyond, high + beyond));
        effects::axis(middles().chain(limits), 0.02, self.result, &self.look, ROOM[0])
    }

    /// The axis at the left: p-values at their quantiles, 1 at the top.
    fn p_values(&self) -> Side {
        let end = self.of.z.last().copied().unwrap_or(1.0);
        let ticks =
            TICKS.iter().map(|(p, label)| Tick { value: Drapery::quantile(*p), label: (*label).to_string() });
        let axis = Axis { domain: [0.0, end], ticks: ticks.filter(|tick| tick.value <= end).collect() };
        Side::new(axis, "p-value, spaced by its normal quantile").reversed()
    }

    /// The prediction intervals at every level, as a region.
    fn region(&self, panel: &Panel) -> Vec<Node> {
        let [low, high] = panel.x.axis.domain;
        let limits: Vec<([f64; 2], f64)> = self
            .of
            .prediction
            .iter()
            .zip(&self.of.z)
            .filter_map(|(limits, z)| Some(((*limits)?, *z)))
            .collect();
        let edge = |side: usize| {
            let line: Vec<[f64; 2]> = limits.iter().map(|(limits, z)| [limits[side], *z]).collect();
            straightened(held(&line, [low, high]).into_iter().map(|place| panel.at(place)).collect())
        };
        let points: Vec<[f64; 2]> = edge(0).into_iter().rev().chain(edge(1)).collect();
        if points.len() < 3 {
            return Vec::new();
        }
        vec![Node::Path { points, closed: true, ink: self.look.theme.shades[1] }]
    }

    /// The common effect is dashed where it is not the result.
    fn common_ink(&self) -> Ink {
        let ink = thick(&self.look.theme);
        if self.of.random.is_empty() {
            ink
        } else {
            Ink { class: "", dash: Some([6.0, 4.0]), width: 1.8, ..ink }
        }
    }

    fn notes(&self, drawn: usize, left_out: usize) -> Vec<String> {
        let model = if self.of.random.is_empty() { "common-effect" } else { "pooled" };
        let mut text = format!(
            "A curve is as wide at the height p as the interval at the level 1 − p; the lines at the right are three of these \
             levels. Thin: studies, as they are pooled. Thick: the {model} value."
        );
        if !self.of.random.is_empty() {
            text += " Dashed: the common effect.";
        }
        if !self.of.prediction.is_empty() {
            text += " Grey: where another study is predicted.";
        }
        let mut notes = vec![text];
        if self
            .of
            .common
            .iter()
            .chain(&self.of.random)
            .chain(self.of.prediction.iter().skip(1))
            .any(Option::is_none)
        {
            notes.push(
                "At some levels a pooled value has no interval: its curve is drawn where there is one."
                    .to_string(),
            );
        }
        if drawn > MOST {
            notes.push(format!(
                "{} studies: the {} most precise have a curve.",
                grouped(drawn as u64),
                grouped(MOST as u64)
            ));
        }
        notes.extend(super::studies::notes(0, left_out));
        notes
    }

    fn description(&self, drawn: usize) -> String {
        let (pooled, display) = (self.result.pooled(), self.look.display);
        let mut text = format!(
            "Drapery plot of {}: p-value functions of the studies and of the pooled {}, which is {}",
            count_of(drawn),
            self.result.scale().noun(),
            display.with_sign(pooled.estimate)
        );
        if let Some([lower, upper]) = pooled.limits() {
            let level = self.result.spec.level;
            text += &format!(" ({level} interval {} to {})", display.number(lower), display.with_sign(upper));
        }
        text + "."
    }
}

fn thick(theme: &Theme) -> Ink {
    Ink { class: "", width: 2.6, ..theme.curve }
}

fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let values = values.filter(|value| value.is_finite());
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)])
}

/// The curves of the studies: on this axis those of normal estimates are two straight lines each.
fn drawn(points: &[&Point], panel: &Panel, theme: &Theme) -> Vec<Node> {
    let [_, end] = panel.y.axis.domain;
    let (class, width) = if points.len() > FEW { ("mp-y1", 0.35) } else { ("mp-y2", 0.7) };
    let ink = Ink { class, fill: None, stroke: theme.square.fill, width, dash: None };
    let curve = |point: &Point| {
        let [y, se] = point.at;
        panel.path(&[[y - end * se, end], [y, 0.0], [y + end * se, end]], ink)
    };
    let mut precise = points.to_vec();
    precise.sort_by(|a, b| a.at[1].total_cmp(&b.at[1]));
    precise.truncate(MOST);
    precise.sort_by_key(|point| point.number);
    if precise.len() <= super::studies::MOST {
        let kind = Kind { class: "study", letter: 's' };
        return precise.into_iter().map(|point| point.group(kind, curve(point))).collect();
    }
    let paths = precise.into_iter().flat_map(curve);
    let lines = paths.filter_map(|node| match node {
        Node::Path { points, .. } => Some(points),
        _ => None,
    });
    let lines = lines.flat_map(|points| points.windows(2).map(|pair| [pair[0], pair[1]]).collect::<Vec<_>>());
    vec![Node::Lines(lines.collect(), ink)]
}
