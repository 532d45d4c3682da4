//! The Doi plot: each study's normal quantile against its estimate, and the LFK index.

use super::effects;
use super::labels::Labels;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, MOST, Point};
use crate::analysis::{Doi, MetaAnalysis};
use crate::error::{Error, Problem};
use crate::format::{fixed, significant, studies as count_of};
use crate::options::Model;
use crate::plot::figure::{Figure, Node};
use crate::plot::lfk;

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [440.0, 320.0];
/// The radius of a study's circle, in pixels.
const RADIUS: f64 = 3.6;
/// So many studies have a name: those farthest from the tip.
const MOST_NAMES: usize = 12;
/// A joining line has no point nearer to the one before, in pixels.
const NEAREST: f64 = 1.0;

/// The Doi plot, from [`Doi::plot`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct DoiPlot<'a> {
    result: &'a MetaAnalysis,
    of: &'a Doi,
    look: Look,
}

looks!(DoiPlot);

impl Doi {
    /// The plot: |z| of each study against its estimate, 0 at the top, joined to two limbs about the tip.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there are no two limbs: one study, or estimates that are all the same; [`Error::Usage`] for a
    /// model of rows in clusters.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// assert!(result.doi().plot(&result)?.svg().contains("LFK index"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn plot<'a>(&'a self, of: &'a MetaAnalysis) -> Result<DoiPlot<'a>, Error> {
        if let Some(reason) = &self.reason {
            let problem = Problem::new(format!("a Doi plot: {reason}"));
            if of.spec.model == Model::ThreeLevel {
                return Err(Error::Usage(vec![problem.help("use model = random, on one row a study")]));
            }
            let problem = problem.at(of.data().provenance().data.clone(), None);
            return Err(Error::Data(vec![problem.help("it takes studies with different estimates")]));
        }
        Ok(DoiPlot { result: of, of: self, look: Look::new("doi", of.number_format()) })
    }
}

impl DoiPlot<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let all = self.points();
        let points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        let theme = &self.look.theme;
        let at = |index: usize| points.iter().map(move |point| point.at[index]);
        let x = effects::axis(at(0), 0.04, self.result, &self.look, ROOM[0]);
        let y = Side::of(at(1), Some(0.0), ROOM[1], theme.axis_type, "|z| of the rank of the estimate")
            .reversed();
        let (panel, width) = sheet::single(&self.look, ROOM, x, y);
        let mut nodes = panel.frame(theme.margin, theme);
        if let Some(tip) = self.of.tip_y.filter(|tip| panel.x.axis.holds(*tip)) {
            let [top, bottom] = panel.y.axis.domain;
            nodes.extend(panel.path(&[[tip, top], [tip, bottom]], theme.reference));
        }
        nodes.extend(limbs(&points, &panel, theme.curve));
        nodes.extend(studies::nodes(&points, &panel, theme.dot));
        nodes.extend(self.names(&points, &panel));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let said = Said {
            kind: "Doi plot",
            description: self.description(points.len()),
            notes: self.notes(points.len(), all.len() - points.len()),
        };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    fn points(&self) -> Vec<Point> {
        let point = |(point, number): (&crate::analysis::DoiPoint, usize)| Point {
            number,
            name: point.study.clone(),
            at: [point.y, point.z.abs()],
            radius: RADIUS,
            words: format!(
                "{}, z {}",
                self.look.display.with_sign(self.result.row(number - 1).shown()),
                significant(point.z, 3)
            ),
        };
        self.of.points.iter().zip(1..).map(point).collect()
    }

    /// The names of the studies at the ends of the limbs.
    fn names(&self, points: &[Point], panel: &Panel) -> Vec<Node> {
        if points.len() > MOST {
            return Vec::new();
        }
        let mut lines = vec![limb_places(points, panel)];
        lines.extend(self.of.tip_y.map(|tip| panel.y.axis.domain.map(|end| panel.at([tip, end])).to_vec()));
        let along = lines.iter().flat_map(|line| line.windows(2)).flat_map(|pair| between(pair[0], pair[1]));
        let marks = points.iter().map(|point| (panel.at(point.at), point.radius));
        let marks = marks.chain(along.map(|place| (place, 1.0)));
        let mut labels = Labels::new(panel.area, marks, self.look.theme.note);
        let mut farthest: Vec<&Point> = points.iter().collect();
        farthest.sort_by(|a, b| b.at[1].total_cmp(&a.at[1]));
        let names = farthest.into_iter().take(MOST_NAMES);
        names.filter_map(|point| labels.place(&point.shown(), panel.at(point.at), point.radius)).collect()
    }

    /// `LFK index 1.23: minor asymmetry, towards larger`.
    fn index(&self) -> String {
        let lfk = self.of.lfk.map_or_else(String::new, |lfk| fixed(lfk, 2));
        format!("LFK index {lfk}: {}", lfk::reading(self.of.lfk))
    }

    fn notes(&self, drawn: usize, left_out: usize) -> Vec<String> {
        let mut notes = vec![
            format!(
                "{}. Beyond ±1 minor, beyond ±2 major asymmetry, say its authors; it is no test, and how often it is beyond 1 \
                 by chance depends on the number and size of studies.",
                self.index()
            ),
            "Dashed: the study with the smallest |z|. Without asymmetry the two limbs reach as far and have as many studies. \
             Named: the ends of the limbs, where a name finds room."
                .to_string(),
        ];
        if self.result.spec.model.is_of_counts() {
            notes.push(
                "The model takes counts: estimates are on the scale of its measure, with 0.5 added where a study has none or \
                 all events."
                    .to_string(),
            );
        }
        notes.extend(studies::notes(drawn, left_out));
        notes
    }

    fn description(&self, drawn: usize) -> String {
        format!(
            "Doi plot of {}: normal quantiles of the ranks against estimates. {}.",
            count_of(drawn),
            self.index()
        )
    }
}

/// Places on a line, a pixel or two apart: no name runs over it.
fn between(from: [f64; 2], to: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let steps = (dx.abs().max(dy.abs()) / 2.0).ceil().max(1.0) as u32;
    (0..=steps).map(move |step| {
        let part = f64::from(step) / f64::from(steps);
        [from[0] + part * dx, from[1] + part * dy]
    })
}

/// The line from study to study in the order of their estimates.
fn limbs(points: &[Point], panel: &Panel, ink: crate::plot::figure::Ink) -> Option<Node> {
    let places = limb_places(points, panel);
    (places.len() > 1).then_some(Node::Path { points: places, closed: false, ink })
}

/// Where this line goes; of studies nearer than a pixel the first.
fn limb_places(points: &[Point], panel: &Panel) -> Vec<[f64; 2]> {
    let mut sorted: Vec<&Point> = points.iter().collect();
    sorted.sort_by(|a, b| a.at[0].total_cmp(&b.at[0]));
    let mut places: Vec<[f64; 2]> = Vec::new();
    for point in sorted {
        let place = panel.at(point.at);
        let is_near = |last: &[f64; 2]| (0..2).all(|axis| (last[axis] - place[axis]).abs() < NEAREST);
        if !places.last().is_some_and(is_near) {
            places.push(place);
        }
    }
    places
}
