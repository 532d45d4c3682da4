//! The specification curve: every specification's estimate with its interval, sorted, and below it
//! which choices made it (Simonsohn, Simmons & Nelson 2020, doi:10.1038/s41562-020-0912-z).
//!
//! A column is a specification, a row below the curve is a value of a choice; runs of neighbouring
//! columns that share a value are one bar.

use crate::format::{Display, fixed, grouped, significant};
use crate::plot::figure::{Anchor, Figure, Group, Ink, Node, Rect, Text, Type};
use crate::plot::svg;
use crate::plot::theme::Theme;
use crate::plot::words::wrap;
use crate::published::multiverse::{CHOICES, Multiverse, Row, words};

/// What can be asked of a specification curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// A title over the figure.
    pub title: Option<String>,
    /// Per how many proportions are printed.
    pub display: Display,
    /// The id of the figure and the first part of every id in it.
    pub id: String,
    /// Colours and sizes.
    pub theme: Theme,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: None,
            display: Display::default(),
            id: "specification".to_string(),
            theme: Theme::DEFAULT,
        }
    }
}

/// The width of the curve and its height.
const CURVE: [f64; 2] = [560.0, 210.0];
/// The height of a row of dots, and the space between two choices.
const ROW: [f64; 2] = [13.0, 7.0];
/// The widest a mark is, however few the specifications.
const WIDEST: f64 = 6.0;

/// The specification curve as an SVG document.
///
/// ```
/// use metaprop::{Dataset, plot::specification, published::multiverse::multiverse};
///
/// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let all = multiverse(&table, &Default::default(), Some("lower > 50%".parse()?), |_, _| true)?;
/// let svg = specification::draw(&all, &specification::Options::default());
/// assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\"") && svg.contains("freeman-tukey"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn draw(all: &Multiverse, options: &Options) -> String {
    svg::write(&figure(all, options))
}

/// The specification curve as a tree, for those who want to look into it.
#[must_use]
pub fn figure(all: &Multiverse, options: &Options) -> Figure {
    let sheet = Sheet::new(all, options);
    let mut nodes = sheet.head();
    nodes.extend(sheet.frame());
    nodes.extend(sheet.columns());
    nodes.extend(sheet.bound());
    let (dots, below) = sheet.choices();
    nodes.extend(dots);
    let (notes, height) = sheet.notes(below);
    nodes.extend(notes);
    Figure {
        id: options.id.clone(),
        title: options.title.as_ref().map_or_else(
            || "Specification curve".to_string(),
            |title| format!("Specification curve: {title}"),
        ),
        description: all.summary.sentence.clone(),
        language: "en",
        width: sheet.left + CURVE[0] + options.theme.margin,
        height,
        fonts: options.theme.fonts,
        paper: options.theme.paper,
        nodes,
    }
}

/// Where everything stands.
struct Sheet<'a> {
    all: &'a Multiverse,
    options: &'a Options,
    /// The rows by their estimates.
    sorted: Vec<&'a Row>,
    axis: Axis,
    /// The left edge of the curve, and its upper one.
    left: f64,
    top: f64,
}

impl<'a> Sheet<'a> {
    fn new(all: &'a Multiverse, options: &'a Options) -> Self {
        let mut sorted: Vec<&Row> = all.rows.iter().collect();
        sorted.sort_by(|a, b| a.estimate.total_cmp(&b.estimate));
        let theme = &options.theme;
        let labels = levels(all).into_iter().flat_map(|(_, words)| words);
        let widest = labels.map(|word| theme.axis_type.width(&word)).fold(0.0, f64::max);
        let heads = CHOICES.iter().map(|choice| theme.strong.width(choice)).fold(0.0, f64::max);
        Self {
            all,
            options,
            sorted,
            axis: Axis::of(all, options.display),
            left: (2.0 * theme.margin + heads + widest + 4.0).ceil(),
            top: theme.margin
                + if options.title.is_some() { theme.title.size + 2.0 * theme.gap } else { theme.gap },
        }
    }

    fn head(&self) -> Vec<Node> {
        let theme = &self.options.theme;
        let title = self.options.title.iter().map(|title| {
            text(theme.margin, theme.margin + theme.title.size, Anchor::Start, theme.title, title)
        });
        title.collect()
    }

    /// The axis on the left, its labels, and the line below.
    fn frame(&self) -> Vec<Node> {
        let (theme, right) = (&self.options.theme, self.left + CURVE[0]);
        let bottom = self.top + CURVE[1];
        let mut nodes = vec![
            line([[self.left, self.top], [self.left, bottom]], theme.rule),
            line([[self.left, bottom], [right, bottom]], theme.rule),
        ];
        for (value, label) in &self.axis.ticks {
            let y = self.y(*value);
            nodes.push(line([[self.left - theme.tick, y], [self.left, y]], theme.rule));
            nodes.push(text(
                self.left - theme.tick - 3.0,
                y + 0.358 * theme.axis_type.size,
                Anchor::End,
                theme.axis_type,
                label,
            ));
        }
        let unit = self.options.display.unit().unwrap_or_else(|| self.options.display.sign().to_string());
        let head = format!("pooled proportion{}{unit}", if unit.is_empty() { "" } else { ", " });
        nodes.push(text(self.left - theme.tick, self.top - 6.0, Anchor::Start, theme.axis_type, &head));
        nodes
    }

    fn y(&self, value: f64) -> f64 {
        let [low, high] = self.axis.domain;
        self.top + CURVE[1] * (1.0 - ((value - low) / (high - low)).clamp(0.0, 1.0))
    }

    /// The width of a column, and of a mark in it.
    fn widths(&self) -> [f64; 2] {
        let column = CURVE[0] / self.sorted.len().max(1) as f64;
        [column, (0.7 * column).min(WIDEST)]
    }

    /// One group a specification: its interval and its estimate.
    fn columns(&self) -> Vec<Node> {
        let [column, mark] = self.widths();
        let theme = &self.options.theme;
        let group = |(index, row): (usize, &&Row)| {
            let middle = self.left + (index as f64 + 0.5) * column;
            let mut children = Vec::with_capacity(2);
            if let Some((lower, upper)) = row.lower.zip(row.upper) {
                let (top, bottom) = (self.y(upper), self.y(lower));
                children.push(Node::Rect(
                    Rect { x: middle - mark / 2.0, y: top, width: mark, height: bottom - top },
                    theme.square,
                ));
            }
            // As wide as the column, so that the estimates read as a curve, and never too thin to see.
            let wide = column.clamp(1.0, WIDEST + 3.0);
            children.push(Node::Rect(
                Rect { x: middle - wide / 2.0, y: self.y(row.estimate) - 1.0, width: wide, height: 2.0 },
                theme.random,
            ));
            Node::Group(Group {
                id: format!("s{}", index + 1),
                class: "specification",
                title: self.title(row),
                data: data(row),
                children,
            })
        };
        self.sorted.iter().enumerate().map(group).collect()
    }

    fn title(&self, row: &Row) -> String {
        let display = self.options.display;
        let interval = display
            .interval(row.lower, row.upper)
            .map_or_else(String::new, |interval| format!(" ({interval})"));
        format!("{}: {}{interval}", row.label(), display.proportion(row.estimate))
    }

    /// The bound of the conclusion, as a dashed line with its words.
    fn bound(&self) -> Vec<Node> {
        let theme = &self.options.theme;
        let Some(held) = &self.all.summary.conclusion else { return Vec::new() };
        let [low, high] = self.axis.domain;
        if !(low..=high).contains(&held.conclusion.bound) {
            return Vec::new();
        }
        let y = self.y(held.conclusion.bound);
        let right = self.left + CURVE[0];
        let words = format!("{}: {} of {}", held.conclusion, grouped(held.holds), grouped(held.of));
        vec![
            line([[self.left, y], [right, y]], theme.reference),
            text(right, self.top - 6.0, Anchor::End, theme.axis_type, &words),
        ]
    }

    /// The rows of dots, and where they end.
    fn choices(&self) -> (Vec<Node>, f64) {
        let theme = &self.options.theme;
        let (mut nodes, mut y) = (Vec::new(), self.top + CURVE[1] + ROW[1]);
        for (choice, levels) in levels(self.all) {
            let baseline = y + ROW[0] / 2.0 + 0.358 * theme.strong.size;
            nodes.push(text(theme.margin, baseline, Anchor::Start, theme.strong, CHOICES[choice]));
            for level in &levels {
                nodes.push(self.level(choice, level, y));
                y += ROW[0];
            }
            y += ROW[1];
        }
        (nodes, y)
    }

    /// One value of one choice: its word, and a bar under each run of specifications that have it.
    fn level(&self, choice: usize, level: &str, y: f64) -> Node {
        let theme = &self.options.theme;
        let has: Vec<bool> =
            self.sorted.iter().map(|row| words(&row.spec)[choice].as_deref() == Some(level)).collect();
        let baseline = y + ROW[0] / 2.0 + 0.358 * theme.axis_type.size;
        let mut children = vec![text(self.left - 6.0, baseline, Anchor::End, theme.axis_type, level)];
        let [column, mark] = self.widths();
        let spare = column - mark;
        for (first, last) in runs(&has) {
            // Where columns are wide enough to be told apart, so are the dots.
            let pieces =
                if spare >= 1.0 { (first..=last).map(|at| (at, at)).collect() } else { vec![(first, last)] };
            for (from, to) in pieces {
                let x = self.left + from as f64 * column + if spare >= 1.0 { spare / 2.0 } else { 0.0 };
                let width = if spare >= 1.0 { mark } else { (to - from + 1) as f64 * column };
                children.push(Node::Rect(Rect { x, y: y + 3.0, width, height: ROW[0] - 6.0 }, theme.arrow));
            }
        }
        let estimates = self.sorted.iter().zip(&has).filter(|(_, has)| **has).map(|(row, _)| row.estimate);
        let ends = estimates
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
        let display = self.options.display;
        let title = format!(
            "{} {level}: {} of {} specifications, estimates {} to {}",
            CHOICES[choice],
            has.iter().filter(|has| **has).count(),
            has.len(),
            display.number(ends[0]),
            display.proportion(ends[1])
        );
        Node::Group(Group {
            id: format!("c{choice}-{level}"),
            class: "level",
            title,
            data: Vec::new(),
            children,
        })
    }

    /// What the figure shows, in words, and the height of the whole.
    fn notes(&self, below: f64) -> (Vec<Node>, f64) {
        let theme = &self.options.theme;
        let marks =
            "Each column is one specification: dark, its estimate; light, its interval; below, its choices.";
        let sentence = format!("{} {marks}", self.all.summary.sentence);
        let room = self.left + CURVE[0] - theme.margin;
        let mut y = below + theme.note.size;
        let mut nodes = Vec::new();
        for words in wrap(&sentence, room, theme.note.size, theme.note.face) {
            nodes.push(text(theme.margin, y, Anchor::Start, theme.note, words));
            y += theme.leading * theme.note.size;
        }
        (nodes, (y + theme.margin - theme.note.size * 0.5).ceil())
    }
}

/// The choices that have more than one value, with their values in the order they are met.
fn levels(all: &Multiverse) -> Vec<(usize, Vec<String>)> {
    let mut levels: Vec<Vec<String>> = vec![Vec::new(); CHOICES.len()];
    for row in &all.rows {
        for (seen, word) in levels.iter_mut().zip(words(&row.spec)) {
            seen.extend(word.filter(|word| !seen.contains(word)));
        }
    }
    levels.into_iter().enumerate().filter(|(_, levels)| levels.len() > 1).collect()
}

/// First and last of every run of true.
fn runs(has: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in (0..has.len()).filter(|&at| has[at]) {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == at => run.1 = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

fn data(row: &Row) -> Vec<(&'static str, String)> {
    let limits = [("lower", row.lower), ("upper", row.upper)]
        .into_iter()
        .filter_map(|(name, limit)| Some((name, significant(limit?, 6))));
    std::iter::once(("estimate", significant(row.estimate, 6))).chain(limits).collect()
}

fn text(x: f64, y: f64, anchor: Anchor, style: Type, words: &str) -> Node {
    Node::Text(Text::line(x, y, anchor, style, words))
}

fn line(ends: [[f64; 2]; 2], ink: Ink) -> Node {
    Node::Path { points: ends.to_vec(), closed: false, ink }
}

/// The axis of proportions, upright: as far as the intervals reach, because what is compared are the
/// specifications and not the distance from 0.
struct Axis {
    domain: [f64; 2],
    ticks: Vec<(f64, String)>,
}

impl Axis {
    fn of(all: &Multiverse, display: Display) -> Self {
        let summary = &all.summary;
        let ends = [Some(summary.estimate), summary.lower, summary.upper];
        let bound = summary.conclusion.iter().map(|held| held.conclusion.bound);
        let values = || ends.iter().flatten().flatten().copied().chain(bound.clone());
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let scale = display.scale as f64;
        let (step, decimals) = step((high - low).max(1e-9) * scale / 6.0);
        let (first, last) = ((low * scale / step - 1e-9).floor(), (high * scale / step + 1e-9).ceil());
        let top = last.max(first + 1.0) * step / scale;
        // No proportion is above 1, so no axis of them is.
        let top = if high <= 1.0 { top.min(1.0) } else { top };
        let ticks = (first as i64..=last as i64)
            .map(|at| (at as f64 * step / scale, fixed(at as f64 * step, decimals)))
            .filter(|(value, _)| *value <= top + 1e-9);
        Self { domain: [first * step / scale, top], ticks: ticks.collect() }
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least so much, and its decimals.
fn step(least: f64) -> (f64, usize) {
    let mut power = 1e-9;
    for exponent in -9_i32..12 {
        if let Some(digit) = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= least * (1.0 - 1e-9)) {
            return (digit * power, usize::try_from(-exponent).unwrap_or(0));
        }
        power *= 10.0;
    }
    (power, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found() {
        assert_eq!(runs(&[true, true, false, true, false, false]), [(0, 1), (3, 3)]);
        assert!(runs(&[false]).is_empty());
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(step(3.3), (5.0, 0));
        assert_eq!(step(12.0), (20.0, 0));
        let (size, decimals) = step(0.013);
        assert!((size - 0.02).abs() < 1e-12 && decimals == 2);
    }
}
