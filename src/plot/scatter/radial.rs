//! The radial plot of Galbraith: standardised estimates against precision.

use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, Point};
use crate::analysis::{MetaAnalysis, Radial};
use crate::error::Error;
use crate::format::{significant, studies as count_of};
use crate::plot::figure::{Figure, Node};

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [440.0, 320.0];
/// The radius of a study's circle, in pixels.
const RADIUS: f64 = 3.6;

/// The radial plot of a result, from [`MetaAnalysis::radial`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct RadialPlot<'a> {
    result: &'a MetaAnalysis,
    radial: Radial,
    look: Look,
}

looks!(RadialPlot);

impl MetaAnalysis {
    /// The radial plot: each study's standardised estimate against its precision.
    ///
    /// # Errors
    ///
    /// As [`radial_points`](Self::radial_points).
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// assert!(fit(&data, &Spec::default())?.radial()?.svg().contains("<title>C: 31.8%"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn radial(&self) -> Result<RadialPlot<'_>, Error> {
        let look = Look::new("radial", self.number_format());
        Ok(RadialPlot { result: self, radial: self.radial_points()?, look })
    }
}

impl RadialPlot<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let all = self.points();
        let points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        let (theme, style) = (&self.look.theme, self.look.theme.axis_type);
        let x = points.iter().map(|point| point.at[0]);
        let x = Side::of(x, Some(0.0), ROOM[0], style, "Precision: 1/√(v + τ²)");
        let (slope, z, end) = (self.radial.y.unwrap_or(0.0), self.radial.z, x.axis.domain[1]);
        let band = [-z, z].map(|half| [[0.0, half], [end, slope * end + half]]);
        let reach = band.iter().flatten().map(|point| point[1]).chain([slope * end]);
        let y = points.iter().map(|point| point.at[1]).chain(reach);
        let y = Side::of(y, None, ROOM[1], style, "Estimate/√(v + τ²), on the analysis scale");
        let (panel, width) = sheet::single(&self.look, ROOM, x, y);
        let corners = [band[0][0], band[0][1], band[1][1], band[1][0]].map(|point| panel.at(point)).to_vec();
        let mut nodes = Vec::new();
        if self.radial.y.is_some() {
            nodes.push(Node::Path { points: corners, closed: true, ink: theme.shades[0] });
            nodes.extend(panel.path(&[[0.0, 0.0], [end, slope * end]], theme.reference));
        }
        nodes.extend(panel.frame(theme.margin, theme));
        nodes.extend(studies::nodes(&points, &panel, theme.dot));
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let mut notes = vec![format!(
            "A study's estimate is the slope of the line from the origin to it. Dashed: the pooled value; grey: {z} standard \
             errors around it, where {} of studies are expected.",
            self.result.spec.level,
            z = significant(z, 3)
        )];
        notes.extend(studies::notes(points.len(), all.len() - points.len()));
        sheet::figure(
            &self.look,
            width,
            bottom,
            nodes,
            Said {
                kind: "Radial plot",
                description: format!(
                    "Radial plot of {}: standardised estimates against precision. The pooled {} is {}.",
                    count_of(points.len()),
                    self.result.scale().noun(),
                    self.look.display.with_sign(self.result.pooled().estimate)
                ),
                notes,
            },
        )
    }

    fn points(&self) -> Vec<Point> {
        let places = self.radial.precision.iter().zip(&self.radial.standardised);
        let point = |(index, (x, y)): (usize, (&f64, &f64))| {
            let study = self.result.row(index);
            Point {
                number: index + 1,
                name: study.study.to_string(),
                at: [*x, *y],
                radius: RADIUS,
                words: format!(
                    "{}, precision {}",
                    self.look.display.with_sign(study.shown()),
                    significant(*x, 3)
                ),
            }
        };
        places.enumerate().map(point).collect()
    }
}
