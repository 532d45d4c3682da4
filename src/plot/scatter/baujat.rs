//! The Baujat plot: what each study adds to the heterogeneity, and how far it moves the result.

use super::labels::Labels;
use super::look::{Look, looks};
use super::panel::{Panel, Side};
use super::sheet::{self, Said};
use super::studies::{self, MOST, Point};
use crate::analysis::Baujat;
use crate::format::{NumberFormat, significant, studies as count_of};
use crate::plot::figure::{Figure, Node};

/// The size of the frame, in pixels.
const ROOM: [f64; 2] = [440.0, 300.0];
/// The radius of a study's circle, in pixels.
const RADIUS: f64 = 3.6;
/// A squared residual below this is one of rounding.
const ROUNDING: f64 = 1e-20;
/// So many studies have a name: those farthest from the origin.
const MOST_NAMES: usize = 12;

/// The Baujat plot, from [`Baujat::plot`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct BaujatPlot<'a> {
    of: &'a Baujat,
    look: Look,
}

looks!(BaujatPlot);

impl Baujat {
    /// The plot: each study's part of the heterogeneity against its influence, with the names of the farthest.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let svg = fit(&data, &Spec::default())?.baujat()?.plot().svg();
    /// assert!(svg.contains("<title>C: "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn plot(&self) -> BaujatPlot<'_> {
        BaujatPlot { of: self, look: Look::new("baujat", NumberFormat::default()) }
    }
}

impl BaujatPlot<'_> {
    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let all = self.points();
        let points: Vec<Point> = all.iter().filter(|point| point.is_finite()).cloned().collect();
        let agree = self.all_agree();
        // Where every point is at 0 the axes still have a length.
        let end = agree.then_some(1.0);
        let (theme, style) = (&self.look.theme, self.look.theme.axis_type);
        let side = |index: usize, title: &str| {
            Side::of(
                points.iter().map(|point| point.at[index]).chain(end),
                Some(0.0),
                ROOM[index],
                style,
                title,
            )
        };
        let x = side(0, "Contribution to the heterogeneity (squared Pearson residual)");
        let (panel, width) = sheet::single(&self.look, ROOM, x, side(1, "Influence on the pooled value"));
        let mut nodes = panel.frame(theme.margin, theme);
        nodes.extend(studies::nodes(&points, &panel, theme.dot));
        if !agree {
            nodes.extend(self.names(&points, &panel));
        }
        let bottom = panel.area.y + panel.area.height + Panel::below(theme);
        let mut notes = vec![if agree {
            agreement(points.len())
        } else {
            "Right: far from the pooled value for its precision. Up: the pooled value changes much without it. Named: the \
             farthest from the origin, where a name finds room."
                .to_string()
        }];
        notes.extend(studies::notes(points.len(), all.len() - points.len()));
        let said = Said { kind: "Baujat plot", description: self.description(&points), notes };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    /// Whether no study differs from the pooled value by more than rounding.
    fn all_agree(&self) -> bool {
        !self.of.rows.is_empty() && self.of.rows.iter().all(|row| row.heterogeneity < ROUNDING)
    }

    fn points(&self) -> Vec<Point> {
        let agree = self.all_agree();
        let rows = self.of.rows.iter().zip(1..);
        let point = |(row, number): (&crate::analysis::StudyInBaujat, usize)| {
            let influence = if agree { 0.0 } else { row.influence.unwrap_or(f64::NAN) };
            let heterogeneity = if agree { 0.0 } else { row.heterogeneity };
            Point {
                number,
                name: row.study.clone(),
                at: [heterogeneity, influence],
                radius: RADIUS,
                words: format!(
                    "heterogeneity {}, influence {}",
                    significant(heterogeneity, 3),
                    significant(influence, 3)
                ),
            }
        };
        rows.map(point).collect()
    }

    /// The points from the farthest, each axis measured by its own end.
    fn farthest<'p>(&self, points: &'p [Point], panel: &Panel) -> Vec<&'p Point> {
        let far = |point: &Point| {
            let [x, y] = [point.at[0] / panel.x.axis.domain[1], point.at[1] / panel.y.axis.domain[1]];
            x * x + y * y
        };
        let mut sorted: Vec<&Point> = points.iter().collect();
        sorted.sort_by(|a, b| far(b).total_cmp(&far(a)));
        sorted
    }

    fn names(&self, points: &[Point], panel: &Panel) -> Vec<Node> {
        if points.len() > MOST {
            return Vec::new();
        }
        let marks = points.iter().map(|point| (panel.at(point.at), point.radius));
        let mut labels = Labels::new(panel.area, marks, self.look.theme.note);
        let names = self.farthest(points, panel).into_iter().take(MOST_NAMES);
        names.filter_map(|point| labels.place(&point.shown(), panel.at(point.at), point.radius)).collect()
    }

    fn description(&self, points: &[Point]) -> String {
        let most = |index: usize| points.iter().max_by(|a, b| a.at[index].total_cmp(&b.at[index]));
        let mut text = format!("Baujat plot of {}.", count_of(points.len()));
        if self.all_agree() {
            return format!("{text} {}", agreement(points.len()));
        }
        if let Some((heterogeneous, influential)) = most(0).zip(most(1)) {
            text += &format!(
                " {} adds most to the heterogeneity; the pooled value changes most without {}.",
                heterogeneous.shown(),
                influential.shown()
            );
        }
        text
    }
}

/// What is said where all points are at the origin.
fn agreement(k: usize) -> String {
    let all = if k == 2 { "Both studies".to_string() } else { format!("All {}", count_of(k)) };
    format!("{all} agree: none adds to the heterogeneity, and the pooled value is the same without each.")
}

#[cfg(test)]
mod tests {
    use crate::{Dataset, Spec, fit};

    #[test]
    fn studies_that_agree_stand_at_the_origin_of_axes_with_a_length() {
        let data = Dataset::proportions([("A", 5, 15), ("B", 10, 30), ("C", 20, 60), ("D", 7, 21)]).unwrap();
        let svg = fit(&data, &Spec::default()).unwrap().baujat().unwrap().plot().svg();
        assert!(svg.contains("All 4 studies agree: none adds to the heterogeneity"), "{svg}");
        assert!(svg.contains("<title>D: heterogeneity 0"), "{svg}");
        assert!(svg.contains(">0.5<") && svg.contains(">1<") || svg.contains(">1.0<"), "{svg}");
    }
}
