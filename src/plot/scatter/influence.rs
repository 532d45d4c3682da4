//! The influence panel: six numbers of each study over its number, with their cutoffs.

use super::look::{Look, looks};
use super::panel::{Panel, Side, hundredth};
use super::sheet::{self, Said};
use super::studies::{self, MOST, Point};
use crate::analysis::{Influence, StudyInfluence};
use crate::format::{NumberFormat, grouped, significant, studies as count_of};
use crate::plot::figure::{Figure, Group, Ink, Node, Rect};
use crate::plot::text::shown;

/// The size of a panel's frame, in pixels.
const ROOM: [f64; 2] = [280.0, 96.0];
/// The radius of a study's circle and of one beyond a cutoff, in pixels.
const RADII: [f64; 2] = [2.2, 3.8];
/// With so many studies at most the notes say which number is which.
const MOST_NAMED: usize = 40;

/// The influence panel, from [`Influence::plot`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct InfluencePlot<'a> {
    of: &'a Influence,
    look: Look,
}

looks!(InfluencePlot);

/// One number of each study: its name, where it is found, and its cutoffs.
struct Measure {
    name: &'static str,
    of: fn(&StudyInfluence) -> Option<f64>,
    cutoffs: Vec<f64>,
}

impl Influence {
    /// The panel: studentised residual, DFFITS, Cook's distance, covariance ratio, hat value and weight of each study.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let svg = fit(&data, &Spec::default())?.influence()?.plot().svg();
    /// assert!(svg.contains("DFFITS") && svg.contains("<title>C: "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn plot(&self) -> InfluencePlot<'_> {
        InfluencePlot { of: self, look: Look::new("influence", NumberFormat::default()) }
    }
}

impl InfluencePlot<'_> {
    fn measures(&self) -> [Measure; 6] {
        let cutoffs = &self.of.cutoffs;
        let measure = |name, of, cutoffs| Measure { name, of, cutoffs };
        [
            measure("Studentised deleted residual", |row| row.rstudent, vec![0.0]),
            measure("DFFITS", |row| row.dffits, vec![-cutoffs.dffits, cutoffs.dffits]),
            measure("Cook's distance", |row| row.cook, vec![cutoffs.cook]),
            measure("Covariance ratio", |row| row.cov_ratio, vec![1.0]),
            measure("Hat value", |row| row.hat, vec![cutoffs.hat]),
            measure("Weight, %", |row| row.weight.map(|weight| 100.0 * weight), Vec::new()),
        ]
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let theme = &self.look.theme;
        let measures = self.measures();
        let sides: Vec<[Side; 2]> = measures.iter().map(|measure| self.sides(measure)).collect();
        let left = sides.iter().map(|[_, y]| Panel::left(y, theme)).fold(0.0, f64::max);
        let column = left + ROOM[0] + theme.gap;
        let width = (2.0 * theme.margin + 2.0 * column).ceil();
        let (_, top) = sheet::head(&self.look, width);
        let row = Panel::above(theme) + ROOM[1] + Panel::below(theme);
        let panels: Vec<Panel> = sides
            .into_iter()
            .enumerate()
            .map(|(index, [x, y])| {
                let place = [(index % 2) as f64 * column, (index / 2) as f64 * row];
                let [x0, y0] = [theme.margin + left + place[0], top + Panel::above(theme) + place[1]];
                Panel { area: Rect { x: x0, y: y0, width: ROOM[0], height: ROOM[1] }, x, y }
            })
            .collect();
        let mut nodes = Vec::new();
        for (panel, measure) in panels.iter().zip(&measures) {
            let [low, high] = panel.x.axis.domain;
            for cutoff in &measure.cutoffs {
                nodes.extend(panel.path(&[[low, *cutoff], [high, *cutoff]], theme.reference));
            }
            nodes.extend(panel.frame(panel.area.x - left, theme));
            nodes.extend(self.joined(panel, measure));
        }
        nodes.extend(self.studies(&panels, &measures));
        let bottom = top + 3.0 * row;
        let said = Said { kind: "Influence plot", description: self.description(), notes: self.notes() };
        sheet::figure(&self.look, width, bottom, nodes, said)
    }

    fn sides(&self, measure: &Measure) -> [Side; 2] {
        let style = self.look.theme.axis_type;
        let k = self.of.rows.len() as f64;
        let mut x = Side::of([1.0, k].into_iter(), None, ROOM[0], style, "Study");
        x.axis.ticks.retain(|tick| tick.value.fract() == 0.0 && tick.value >= 1.0 && tick.value <= k);
        let values = self.of.rows.iter().filter_map(measure.of);
        // A cutoff far above every value would press them together.
        let largest = values.clone().map(f64::abs).fold(0.0, f64::max);
        let cutoffs = measure.cutoffs.iter().copied().filter(|cutoff| cutoff.abs() <= 4.0 * largest);
        let y = Side::of(values.chain(cutoffs), None, ROOM[1], style, measure.name);
        [x, y]
    }

    /// The line through the values.
    fn joined(&self, panel: &Panel, measure: &Measure) -> Vec<Node> {
        let points: Vec<[f64; 2]> = self
            .of
            .rows
            .iter()
            .zip(1..)
            .map(|(row, number)| [f64::from(number), (measure.of)(row).unwrap_or(f64::NAN)])
            .collect();
        if points.len() > MOST {
            let point = |at: &[f64; 2]| Point {
                number: 0,
                name: String::new(),
                at: *at,
                radius: RADII[0],
                words: String::new(),
            };
            let points: Vec<Point> = points.iter().map(point).filter(Point::is_finite).collect();
            return studies::nodes(&points, panel, self.look.theme.dot);
        }
        panel.path(&points, Ink { class: "mp-j", width: 0.8, ..self.look.theme.curve })
    }

    /// A group a study with its six circles; larger where the study is influential.
    fn studies(&self, panels: &[Panel], measures: &[Measure]) -> Vec<Node> {
        if self.of.rows.len() > MOST {
            return Vec::new();
        }
        let group = |(row, number): (&StudyInfluence, usize)| {
            let radius = RADII[usize::from(row.influential)];
            let circle = |(panel, measure): (&Panel, &Measure)| {
                let centre = panel.at([number as f64, (measure.of)(row)?]);
                centre[1].is_finite().then_some(Node::Circle {
                    centre,
                    radius: hundredth(radius),
                    ink: self.look.theme.dot,
                })
            };
            Node::Group(Group {
                id: format!("s{number}"),
                class: "study",
                title: title(row, measures),
                data: Vec::new(),
                children: panels.iter().zip(measures).filter_map(circle).collect(),
            })
        };
        self.of.rows.iter().zip(1..).map(group).collect()
    }

    fn influential(&self) -> Vec<String> {
        let rows = self.of.rows.iter().zip(1..).filter(|(row, _)| row.influential);
        rows.map(|(row, number): (_, usize)| format!("{number} {}", named(&row.study))).collect()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "Dashed: cutoffs of DFFITS, Cook's distance and hat value where values come near; 0 for residuals, 1 for the \
             covariance ratio. Large circles: a number of the study is beyond its cutoff."
                .to_string(),
        ];
        let influential = self.influential();
        match influential.len() {
            0 => notes.push("No study is beyond a cutoff.".to_string()),
            1..=MOST_NAMED => notes.push(format!("Beyond a cutoff: {}.", influential.join("; "))),
            more => notes.push(format!("Beyond a cutoff: {} studies.", grouped(more as u64))),
        }
        if self.of.rows.len() <= MOST_NAMED {
            let names: Vec<String> = self
                .of
                .rows
                .iter()
                .zip(1..)
                .map(|(row, number)| format!("{number} {}", named(&row.study)))
                .collect();
            notes.push(format!("Studies: {}.", names.join("; ")));
        } else if self.of.rows.len() > MOST {
            notes.extend(studies::notes(self.of.rows.len(), 0));
        }
        notes
    }

    fn description(&self) -> String {
        let influential = self.influential();
        let beyond = match influential.len() {
            0 => "No study is beyond a cutoff.".to_string(),
            more => format!("{} beyond a cutoff.", count_of(more)),
        };
        format!(
            "Six panels over {}: studentised deleted residual, DFFITS, Cook's distance, covariance ratio, hat value and \
             weight. {beyond}",
            count_of(self.of.rows.len())
        )
    }
}

fn named(name: &str) -> String {
    let name = shown(name);
    if name.trim().is_empty() { "(no name)".to_string() } else { name.into_owned() }
}

/// `C: Studentised deleted residual −2.1, DFFITS …`.
fn title(row: &StudyInfluence, measures: &[Measure]) -> String {
    let words = measures.iter().filter_map(|measure| {
        let value = (measure.of)(row).filter(|value| value.is_finite())?;
        Some(format!("{} {}", measure.name, significant(value, 3)))
    });
    format!("{}: {}", named(&row.study), words.collect::<Vec<_>>().join(", "))
}
