//! The drawing: where everything stands, and its marks.

use super::choices::{Choice, Level, choices, runs};
use super::marked::{Marked, marked};
use super::options::Options;
use crate::format::{NumberFormat, grouped};
use crate::plot::axis::{Axis, Scale};
use crate::plot::figure::{Anchor, Figure, Group, Ink, Node, Type};
use crate::plot::text::{shown, wrap};
use crate::plot::theme::Theme;
use crate::published::multiverse::{Multiverse, SpecificationResult};

/// The width of the curve and its height, in pixels.
const CURVE: [f64; 2] = [560.0, 210.0];
/// The height of a row of bars and the space between two choices, in pixels.
const ROW: [f64; 2] = [13.0, 7.0];
/// The height of a bar in its row, in pixels.
const BAR: f64 = 7.0;
/// The widest an interval and a bar are, and an estimate, in pixels, however few the specifications.
const WIDEST: [f64; 2] = [6.0, 9.0];
/// The narrowest an estimate is, in pixels, however many the specifications.
const NARROWEST: f64 = 1.0;
/// The height of the line of words over the curve that says which specifications are marked, in pixels.
const LANE: f64 = 14.0;
/// The radius of the mark of an estimate, in pixels.
const DOT: f64 = 4.0;
/// The largest unit of the figure, in pixels: ends are rounded to whole units.
const UNIT: f64 = 0.25;

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
    figure(all, options).to_svg()
}

/// The specification curve as a tree, for those who want to look into it.
#[must_use]
pub fn figure(all: &Multiverse, options: &Options) -> Figure {
    let sheet = Sheet::new(all, options);
    let mut nodes = sheet.head();
    nodes.extend(sheet.frame());
    nodes.extend(sheet.intervals());
    nodes.extend(sheet.estimates());
    nodes.extend(sheet.cut_ends());
    nodes.extend(sheet.bound());
    let (bars, below) = sheet.choices();
    nodes.extend(bars);
    nodes.extend(sheet.marks(below));
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
        width: (sheet.right() + sheet.theme.margin).ceil(),
        height,
        unit: sheet.unit,
        fonts: options.theme.fonts,
        paper: options.theme.paper,
        nodes,
    }
}

/// A straight line.
type Line = [[f64; 2]; 2];

/// Where everything stands, in units.
struct Sheet<'a> {
    all: &'a Multiverse,
    options: &'a Options,
    theme: Theme,
    /// The rows by their estimates.
    sorted: Vec<&'a SpecificationResult>,
    choices: Vec<Choice>,
    marked: Vec<Marked>,
    axis: Axis,
    /// CSS pixels in a unit.
    unit: f64,
    /// The width of a column, in whole units.
    column: f64,
    /// The left edge of the curve, and its upper one.
    left: f64,
    top: f64,
}

impl<'a> Sheet<'a> {
    fn new(all: &'a Multiverse, options: &'a Options) -> Self {
        let sorted = sorted(&all.rows);
        let choices = choices(all, &sorted);
        let pixels = CURVE[0] / sorted.len().max(1) as f64;
        let column = (pixels / UNIT).ceil();
        let unit = pixels / column;
        let theme = options.theme.scaled(1.0 / unit);
        let levels = choices.iter().flat_map(|choice| &choice.levels);
        let widest = levels.map(|level| theme.axis_type.width(&level.word)).fold(0.0, f64::max);
        let heads = choices.iter().map(|choice| theme.strong.width(choice.name)).fold(0.0, f64::max);
        let mut sheet = Self {
            all,
            options,
            theme,
            marked: options.asked.as_ref().map(|asked| marked(&sorted, asked)).unwrap_or_default(),
            sorted,
            choices,
            axis: axis(all, options.display),
            unit,
            column,
            left: 0.0,
            top: 0.0,
        };
        sheet.left = (2.0 * sheet.theme.margin + heads + widest + sheet.px(4.0)).ceil();
        sheet.top = sheet.below_title();
        sheet
    }

    /// A length of so many pixels, in whole units.
    fn px(&self, pixels: f64) -> f64 {
        (pixels / self.unit).round()
    }

    fn right(&self) -> f64 {
        self.left + self.column * self.sorted.len() as f64
    }

    fn bottom(&self) -> f64 {
        self.top + self.px(CURVE[1])
    }

    /// The lines of the title and their baselines.
    fn title(&self) -> Vec<(f64, String)> {
        let Type { size, face, .. } = self.theme.title;
        let title = shown(self.options.title.as_deref().unwrap_or("Specification curve"));
        let lines = wrap(&title, self.right() - self.theme.margin, size, face).into_iter();
        let lines = lines.filter(|line| !line.trim().is_empty()).enumerate();
        let baseline = |index: usize| self.theme.margin + size * (1.0 + self.theme.leading * index as f64);
        lines.map(|(index, line)| (baseline(index).round(), line.trim_end().to_string())).collect()
    }

    /// The upper edge of the curve: over it are the title, what its axis shows, and the words of what is marked.
    fn below_title(&self) -> f64 {
        let last = self.title().last().map(|(baseline, _)| baseline + self.theme.gap);
        let lanes = self.marked.len() as f64 * self.px(LANE);
        (last.unwrap_or(self.theme.margin) + self.theme.gap + lanes).round()
    }

    /// The height of the words over the axis: above those of what is marked.
    fn over_axis(&self) -> f64 {
        self.top - self.px(6.0) - self.marked.len() as f64 * self.px(LANE)
    }

    fn head(&self) -> Vec<Node> {
        let place = |y: f64| [self.theme.margin.round(), y];
        let title = self.title().into_iter();
        title.map(|(y, line)| Node::text(place(y), Anchor::Start, self.theme.title, line)).collect()
    }

    /// The axis on the left, its labels, and the line below.
    fn frame(&self) -> Vec<Node> {
        let (theme, corner) = (&self.theme, [self.left, self.bottom()]);
        let tick = theme.tick.round();
        let mut nodes = vec![
            Node::line([self.left, self.top], corner, theme.rule),
            Node::line(corner, [self.right(), self.bottom()], theme.rule),
        ];
        for label in &self.axis.ticks {
            let y = self.y(label.value);
            nodes.push(Node::line([self.left - tick, y], [self.left, y], theme.rule));
            let place = [self.left - tick - self.px(3.0), baseline(y, theme.axis_type)];
            nodes.push(Node::text(place, Anchor::End, theme.axis_type, &*label.label));
        }
        let unit = self.options.display.unit().unwrap_or_else(|| self.options.display.sign().to_string());
        let head = format!("pooled proportion{}{unit}", if unit.is_empty() { "" } else { ", " });
        let place = [self.left - tick, self.over_axis()];
        nodes.push(Node::text(place, Anchor::Start, theme.axis_type, head));
        nodes
    }

    /// Where a value is on the axis, in whole units.
    fn y(&self, value: f64) -> f64 {
        let [low, high] = self.axis.domain;
        let scale = Scale { domain: self.axis.domain, ends: [self.bottom(), self.top] };
        scale.at(value.clamp(low, high)).round()
    }

    /// The middle of a column.
    fn middle(&self, index: usize) -> f64 {
        self.left + (index as f64 + 0.5) * self.column
    }

    /// The width of an interval or a bar of one column.
    fn mark(&self) -> f64 {
        (0.7 * self.column).min(self.px(WIDEST[0]))
    }

    /// Every interval, as upright lines that can be seen one by one.
    fn intervals(&self) -> Option<Node> {
        let line = |(index, row): (usize, &&SpecificationResult)| {
            let x = self.middle(index);
            Some([[x, self.y(row.upper?)], [x, self.y(row.lower?)]])
        };
        let lines: Vec<Line> = self.sorted.iter().enumerate().filter_map(line).collect();
        let ink =
            Ink { class: "", fill: None, stroke: self.theme.square.fill, width: self.mark(), dash: None };
        (!lines.is_empty()).then_some(Node::Lines(lines, ink))
    }

    /// A short level line at 0 or 1 where a limit was cut off there.
    fn cut_ends(&self) -> Option<Node> {
        let half = 0.5 * self.mark().max(self.px(NARROWEST));
        let line = |index: usize, end: f64| {
            let x = self.middle(index);
            let y = self.y(end);
            [[(x - half).floor(), y], [(x + half).ceil(), y]]
        };
        let of_row = |(index, row): (usize, &&SpecificationResult)| {
            let [lower, upper] = row.is_clipped;
            [lower.then(|| line(index, 0.0)), upper.then(|| line(index, 1.0))]
        };
        let lines: Vec<Line> = self.sorted.iter().enumerate().flat_map(of_row).flatten().collect();
        let ink =
            Ink { class: "mp-x", fill: None, stroke: self.theme.arrow.fill, width: self.px(4.0), dash: None };
        (!lines.is_empty()).then_some(Node::Lines(lines, ink))
    }

    /// What was asked for and the default: a dot at the estimate, a line down to the choices, and words above.
    fn marks(&self, below: f64) -> Vec<Node> {
        let theme = &self.theme;
        let mut nodes = Vec::new();
        for (lane, marked) in self.marked.iter().enumerate() {
            let x = self.middle(marked.index).round();
            let lane = self.top - self.px(5.0) - lane as f64 * self.px(LANE);
            let row = self.sorted[marked.index];
            let value = self.options.display.with_sign(row.estimate);
            let words = format!("{}: {value}", marked.words);
            let half = 0.5 * theme.axis_type.width(&words);
            let middle = x.clamp(self.left + half, (self.right() - half).max(self.left + half)).round();
            nodes.push(Node::line([x, lane + self.px(2.0)], [x, below], theme.reference));
            nodes.push(Node::Circle {
                centre: [x, self.y(row.estimate)],
                radius: self.px(DOT),
                ink: theme.dot,
            });
            nodes.push(Node::text([middle, lane], Anchor::Middle, theme.axis_type, words));
        }
        nodes
    }

    /// Every estimate, as level lines that join to a curve; those with which the conclusion holds, where
    /// one is stated, apart from the others.
    fn estimates(&self) -> Vec<Node> {
        let conclusion = self.all.summary.conclusion.as_ref().map(|held| &held.conclusion);
        let holds =
            |row: &SpecificationResult| conclusion.and_then(|stated| row.bears_out(stated)) == Some(true);
        let marks: Vec<(bool, f64)> =
            self.sorted.iter().map(|row| (holds(row), self.y(row.estimate))).collect();
        let is_curve = self.column <= self.px(WIDEST[1]);
        let (mut others, mut held, mut first) = (Vec::new(), Vec::new(), 0);
        for run in marks.chunk_by(|mark, next| is_curve && mark == next) {
            let ends = [
                self.left + first as f64 * self.column,
                self.left + (first + run.len()) as f64 * self.column,
            ];
            let (holds, y) = run[0];
            let [from, to] = self.widened(ends);
            if holds { &mut held } else { &mut others }.push([[from, y], [to, y]]);
            first += run.len();
        }
        let theme = &self.theme;
        let usual =
            Ink { class: "mp-e", fill: None, stroke: theme.random.fill, width: self.px(3.0), dash: None };
        let kinds = [(others, usual), (held, theme.held)].into_iter();
        kinds.filter(|(lines, _)| !lines.is_empty()).map(|(lines, ink)| Node::Lines(lines, ink)).collect()
    }

    /// The ends of an estimate's mark: at least so wide that it is seen, and no wider than a mark should be.
    fn widened(&self, [from, to]: [f64; 2]) -> [f64; 2] {
        let (width, middle) = (to - from, 0.5 * (from + to));
        let limit = if self.column > self.px(WIDEST[1]) { self.px(WIDEST[1]) } else { f64::INFINITY };
        let half = 0.5 * width.max(self.px(NARROWEST)).min(limit);
        [(middle - half).floor(), (middle + half).ceil()]
    }

    /// The bound of the conclusion, as a dashed line with its words.
    fn bound(&self) -> Vec<Node> {
        let theme = &self.theme;
        let Some(held) = &self.all.summary.conclusion else { return Vec::new() };
        let y = self.y(held.conclusion.bound);
        let words = format!("{}: {} of {}", held.conclusion, grouped(held.holds), grouped(held.of));
        let place = [self.right(), self.over_axis()];
        vec![
            Node::line([self.left, y], [self.right(), y], theme.reference),
            Node::text(place, Anchor::End, theme.axis_type, words),
        ]
    }

    /// The rows of bars, and where they end.
    fn choices(&self) -> (Vec<Node>, f64) {
        let [row, space] = ROW.map(|height| self.px(height));
        let (mut heads, mut levels, mut y) = (Vec::new(), Vec::new(), self.bottom() + space);
        for choice in &self.choices {
            let place = [self.theme.margin.round(), baseline(y + 0.5 * row, self.theme.strong)];
            heads.push(Node::text(place, Anchor::Start, self.theme.strong, choice.name));
            for level in &choice.levels {
                levels.push(self.level(level, (y + 0.5 * row).round()));
                y += row;
            }
            y += space;
        }
        let title = "Which specifications make which choice".to_string();
        let id = "choices".to_string();
        heads.push(Node::Group(Group { id, title, children: levels, ..Group::default() }));
        (heads, y)
    }

    /// One value of one choice: its word, and a bar under each run of specifications that have it.
    fn level(&self, level: &Level, y: f64) -> Node {
        let style = self.theme.axis_type;
        let ink =
            Ink { class: "mp-v", fill: None, stroke: self.theme.arrow.fill, width: self.px(BAR), dash: None };
        let place = [self.left - self.px(6.0), baseline(y, style)];
        let mut children = vec![Node::text(place, Anchor::End, style, &*level.word)];
        let bars = self.bars(&level.has, y);
        if !bars.is_empty() {
            children.push(Node::Lines(bars, ink));
        }
        Node::Group(Group { title: self.level_title(level), children, ..Group::default() })
    }

    fn bars(&self, has: &[bool], y: f64) -> Vec<Line> {
        let column = |index: usize| self.left + index as f64 * self.column;
        // Where columns are wide enough to be seen one by one, so are the bars.
        if self.column - self.mark() >= self.px(1.0) {
            let half = (0.5 * self.mark()).round();
            let with = (0..has.len()).filter(|index| has[*index]).map(|index| self.middle(index).round());
            return with.map(|x| [[x - half, y], [x + half, y]]).collect();
        }
        runs(has).into_iter().map(|(first, last)| [[column(first), y], [column(last + 1), y]]).collect()
    }

    /// How many specifications have a value, and how far their estimates reach.
    fn level_title(&self, level: &Level) -> String {
        let estimates = || {
            let with = self.sorted.iter().zip(&level.has).filter(|(_, has)| **has);
            with.map(|(row, _)| row.estimate)
        };
        let display = self.options.display;
        let count = format!(
            "{}: {} of {}",
            level.word,
            grouped(estimates().count() as u64),
            grouped(level.has.len() as u64)
        );
        // They are in order.
        match (estimates().next(), estimates().next_back()) {
            (Some(low), Some(high)) => {
                format!("{count}, {} to {}", display.number(low), display.with_sign(high))
            }
            _ => count,
        }
    }

    /// What the figure shows, in words, and the height of the whole.
    fn notes(&self, below: f64) -> (Vec<Node>, f64) {
        let Type { size, face, .. } = self.theme.note;
        let holds = self.all.summary.conclusion.as_ref().is_some_and(|stated| stated.holds > 0);
        let held = if holds { ", thick and orange where the conclusion holds" } else { "" };
        let is_cut = self.sorted.iter().any(|row| row.is_clipped.contains(&true));
        let cut = if is_cut { ", a dark end where it was cut off at 0 or 1" } else { "" };
        let sentence = format!(
            "{} Each column is one specification: dark, its estimate{held}; light, its interval{cut}; below, its choices.",
            self.all.sentence_in(self.options.display)
        );
        let (mut y, mut nodes) = (below + size, Vec::new());
        for words in wrap(&sentence, self.right() - self.theme.margin, size, face) {
            let place = [self.theme.margin.round(), y.round()];
            nodes.push(Node::text(place, Anchor::Start, self.theme.note, words.trim_end()));
            y += self.theme.leading * size;
        }
        (nodes, (y + self.theme.margin - 0.5 * size).ceil())
    }
}

/// The baseline of a text whose capitals have their middle at this height, in whole units.
fn baseline(middle: f64, style: Type) -> f64 {
    (middle + 0.358 * style.size).round()
}

/// The rows by their estimates. Rows of the same estimate stand in the order of their choices and in the
/// reverse of it, by turns, so that more of the neighbours share a choice.
fn sorted(rows: &[SpecificationResult]) -> Vec<&SpecificationResult> {
    let mut sorted: Vec<&SpecificationResult> = rows.iter().collect();
    sorted.sort_by(|a, b| a.estimate.total_cmp(&b.estimate));
    let equal = sorted.chunk_by_mut(|a, b| a.estimate == b.estimate);
    equal.skip(1).step_by(2).for_each(<[&SpecificationResult]>::reverse);
    sorted
}

/// The axis: as far as the intervals reach, because what is compared are the specifications and not
/// their distance from 0.
fn axis(all: &Multiverse, display: NumberFormat) -> Axis {
    let summary = &all.summary;
    let ends = [Some(summary.estimate), summary.lower, summary.upper].into_iter().flatten().flatten();
    let bound = summary.conclusion.iter().map(|held| held.conclusion.bound);
    Axis::spanning(ends.chain(bound), display)
}
