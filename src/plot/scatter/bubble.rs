//! The bubble plot of a meta-regression: estimates against a moderator, with the fitted line and its band.

use super::effects;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, Point};
use crate::analysis::{FittedLine, MetaAnalysis, Regression};
use crate::error::{Error, Problem};
use crate::format::{significant, studies as count_of};
use crate::plot::figure::{Figure, Ink, Node};

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [440.0, 300.0];
/// The largest and the smallest radius, in pixels.
const RADII: [f64; 2] = [10.0, 1.5];

/// The bubble plot of a meta-regression, from [`Regression::bubble`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct Bubble<'a> {
    result: &'a MetaAnalysis,
    regression: &'a Regression,
    fitted: FittedLine,
    look: Look,
}

looks!(Bubble);

impl Regression {
    /// The bubble plot: each study's estimate against the first moderator that is a number; with that moderator alone,
    /// the fitted line and its band.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where no moderator is a number, and as [`MetaAnalysis::regress`]: the line is fitted to the
    /// studies of `of`.
    ///
    /// ```
    /// use metaprop::analysis::RegressionOptions;
    /// use metaprop::data::Covariates;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 38, 60), ("E", 17, 40)])?;
    /// let data = data.with_covariates(Covariates::new([("weeks", ["12", "12", "24", "52", "24"])])?)?;
    /// let result = fit(&data, &Spec::default())?;
    /// let regression = result.regress(&"weeks".parse()?, &RegressionOptions::default())?;
    /// assert!(regression.bubble(&result)?.svg().contains("weeks"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn bubble<'a>(&'a self, of: &'a MetaAnalysis) -> Result<Bubble<'a>, Error> {
        let Some(fitted) = of.fitted_line(&self.formula)? else {
            let problem = Problem::new("a bubble plot needs a moderator that is a number");
            return Err(Error::Usage(vec![problem.help("name a column of numbers: --mods dose")]));
        };
        let look = Look::new("bubble", of.number_format());
        Ok(Bubble { result: of, regression: self, fitted, look })
    }
}

impl Bubble<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let all = self.points();
        let mut points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        // The small ones stand in front.
        points.sort_by(|a, b| b.radius.total_cmp(&a.radius));
        let (panel, width) = self.panel(&points);
        let theme = &self.look.theme;
        let mut nodes = self.band(&panel);
        nodes.extend(panel.frame(theme.margin, theme));
        let ink = Ink { class: "mp-y", fill: theme.square.fill, ..theme.random };
        nodes.extend(studies::nodes(&points, &panel, Ink { width: 0.8, ..ink }));
        let line: Vec<[f64; 2]> = self.fitted.points.iter().map(|(x, value)| [*x, value.y]).collect();
        nodes.extend(panel.path(&line, theme.curve));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let left_out = all.len() - points.len() + self.regression.excluded.len();
        let said = Said {
            kind: "Bubble plot",
            description: self.description(points.len()),
            notes: self.notes(points.len(), left_out),
        };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    fn points(&self) -> Vec<Point> {
        let weights = self.result.weights();
        let heaviest = weights.iter().copied().fold(0.0, f64::max);
        let point = |(row, value): (&u32, &f64)| {
            let index = *row as usize;
            let study = self.result.row(index);
            let share = weights.get(index).filter(|_| heaviest > 0.0).map_or(0.1, |weight| weight / heaviest);
            let at = format!("{} = {}", self.fitted.moderator, significant(*value, 4));
            Point {
                number: index + 1,
                name: study.study.to_string(),
                at: [*value, study.y],
                radius: (RADII[0] * share.sqrt()).max(RADII[1]),
                words: format!("{}, {at}", self.look.display.with_sign(study.shown())),
            }
        };
        self.regression.rows.iter().zip(&self.fitted.values).map(point).collect()
    }

    fn panel(&self, points: &[Point]) -> (Panel, f64) {
        let style = self.look.theme.axis_type;
        let x = Side::of(
            points.iter().map(|point| point.at[0]),
            None,
            ROOM[0],
            style,
            shortened(&self.fitted.moderator),
        );
        let fitted = self.fitted.points.iter().map(|(_, value)| value.y);
        let estimates = points.iter().map(|point| point.at[1]).chain(fitted);
        sheet::single(&self.look, ROOM, x, effects::axis(estimates, 0.06, self.result, &self.look, ROOM[1]))
    }

    /// The confidence band of the line, cut at the upper and lower edge of the frame.
    fn band(&self, panel: &Panel) -> Vec<Node> {
        let [low, high] = panel.y.axis.domain;
        let line = self.fitted.points.iter();
        let limits: Vec<(f64, [f64; 2])> = line.filter_map(|(x, value)| Some((*x, value.ci_y?))).collect();
        let edge = |side: usize| {
            limits
                .iter()
                .map(move |(x, limits)| [*x, limits[side].clamp(low, high)])
                .map(|point| panel.at(point))
        };
        let points: Vec<[f64; 2]> = edge(1).chain(edge(0).rev()).collect();
        if points.len() < 4 {
            return Vec::new();
        }
        vec![Node::Path { points, closed: true, ink: self.look.theme.shades[0] }]
    }

    fn notes(&self, drawn: usize, left_out: usize) -> Vec<String> {
        let mut notes = vec![if self.fitted.points.is_empty() {
            "Circles: studies, the area proportional to the weight without moderators. The model has more than this moderator, \
             so there is no one line."
                .to_string()
        } else {
            format!(
                "Circles: studies, the area proportional to the weight without moderators. Line: the fitted value; grey: its {} \
                 confidence band.",
                self.result.spec.level
            )
        }];
        notes.extend(studies::notes(drawn, left_out));
        notes
    }

    fn description(&self, drawn: usize) -> String {
        let slope =
            self.regression.coefficients.iter().find(|coefficient| coefficient.term == self.fitted.moderator);
        let slope = slope.map_or_else(String::new, |slope| {
            format!(" The coefficient is {} on the analysis scale.", significant(slope.estimate, 3))
        });
        format!("Bubble plot of {}: estimates against {}.{slope}", count_of(drawn), self.fitted.moderator)
    }
}

/// A name that fits under the frame.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 40 { name.to_string() } else { name.chars().take(39).chain(['…']).collect() }
}
