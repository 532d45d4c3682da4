//! Where everything stands, from measured text: columns as wide as what is in them, rows as high,
//! so that nothing can touch whatever the names and the numbers are.

use super::options::Options;
use super::row::{Effect, Kind, Row};
use super::table::Table;
use crate::plot::figure::Type;
use crate::plot::text::{balanced, shown, wrap};
use crate::plot::theme::Theme;

/// What stands for an interval that does not exist.
pub const NO_INTERVAL: &str = "(no interval)";

/// The measured figure; every length in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The width of the figure.
    pub width: f64,
    /// The height of the figure.
    pub height: f64,
    /// Where the columns stand.
    pub columns: Columns,
    /// The lines of the title and their baselines.
    pub title: Vec<Line>,
    /// The middle of the row of heads.
    pub head: f64,
    /// Where each row of the table stands.
    pub bands: Vec<Band>,
    /// The rules across the figure.
    pub rules: Vec<f64>,
    /// The axis.
    pub axis: f64,
    /// The baseline of the axis' title.
    pub axis_title: f64,
    /// The first of the lines below the figure.
    pub result: Vec<Line>,
    /// The other lines below the figure and their baselines.
    pub notes: Vec<Line>,
}

/// A line of words at its height.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The baseline.
    pub y: f64,
    /// The words.
    pub text: String,
}

/// A row's place and the lines its words are broken into.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its middle.
    pub middle: f64,
    /// The lines of its label.
    pub label: Vec<String>,
    /// The lines of what stands for its numbers.
    pub words: Vec<String>,
}

/// Where the columns stand, from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Columns {
    /// The left edge of the names.
    pub label: f64,
    /// The right edges of events and totals, where there are counts.
    pub counts: Option<[f64; 2]>,
    /// The ends of the axis.
    pub plot: [f64; 2],
    /// The left edge of what stands for numbers.
    pub words: f64,
    /// The right edges of estimate, lower limit and upper limit.
    pub effect: [f64; 3],
    /// The right edge of the weights.
    pub weight: f64,
}

/// How wide the columns are.
#[derive(Debug, Default)]
struct Widths {
    label: f64,
    /// Events and totals, where there are counts.
    counts: Option<[f64; 2]>,
    /// Estimate, lower limit with its bracket, upper limit with its bracket.
    effect: [f64; 3],
    /// The column that holds these.
    numbers: f64,
    weight: f64,
}

impl Layout {
    /// Measures a table and the notes below it.
    #[must_use]
    pub fn of(table: &Table, notes: &[String], options: &Options) -> Self {
        let theme = &options.theme;
        let mut widths = Widths::of(table, theme);
        let mut bands: Vec<Band> = table.rows.iter().map(|row| Band::of(row, &widths, theme)).collect();
        widths.label = widths.label.max(names(&bands, table, theme));
        let columns = widths.columns(theme);
        let width = (columns.weight + theme.margin).ceil();
        let room = width - 2.0 * theme.margin;

        let mut pen = theme.margin;
        let title = lines(
            options.title.as_deref().into_iter().map(shown),
            theme.title,
            theme.leading,
            room,
            &mut pen,
        );
        if !title.is_empty() {
            pen += 0.6 * theme.title.size;
        }
        let head = pen + theme.row / 2.0;
        pen += theme.row + 2.0;
        let rules = stack(&mut bands, &table.rows, &mut pen, theme);
        let axis = tenth(pen + 5.0);
        let axis_title = tenth(axis + theme.tick + 3.0 + (0.72 + 1.35) * theme.axis_type.size);
        pen = axis_title + 1.4 * theme.axis_type.size;
        let (first, rest) = notes.split_at(notes.len().min(1));
        let result = lines(first.iter().map(|note| shown(note)), theme.result, 1.5, room, &mut pen);
        let notes = lines(rest.iter().map(|note| shown(note)), theme.note, 1.3, room, &mut pen);
        let height = (pen + theme.margin - 0.3 * theme.note.size).ceil();
        Self { width, height, columns, title, head, bands, rules, axis, axis_title, result, notes }
    }
}

/// The width of the column of names, its head included.
fn names(bands: &[Band], table: &Table, theme: &Theme) -> f64 {
    let named = bands.iter().zip(&table.rows).filter(|(_, row)| row.kind != Kind::Pooled);
    let lines = named
        .flat_map(|(band, row)| band.label.iter().map(|line| label_type(row, theme).width(line.trim_end())));
    lines.fold(theme.strong.width(table.heads[0]), f64::max)
}

/// Puts rows below each other, moving `pen` from the rule under the heads to below the last row;
/// returns the rules.
fn stack(bands: &mut [Band], rows: &[Row], pen: &mut f64, theme: &Theme) -> Vec<f64> {
    let mut rules = vec![tenth(*pen)];
    *pen += 3.0;
    for (index, (band, row)) in bands.iter_mut().zip(rows).enumerate() {
        if row.kind == Kind::Total && index > 0 {
            rules.push(tenth(*pen + 3.0));
            *pen += 6.0;
        }
        let high = band.height(theme);
        band.middle = tenth(*pen + high / 2.0);
        *pen += high;
    }
    rules
}

/// Breaks texts into lines of this width, moving `pen` from above the first to below the last.
fn lines<'a>(
    texts: impl Iterator<Item = std::borrow::Cow<'a, str>>,
    style: Type,
    leading: f64,
    room: f64,
    pen: &mut f64,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for text in texts {
        for line in wrap(&text, room, style.size, style.face) {
            lines.push(Line { y: tenth(*pen + style.size), text: line.trim_end().to_string() });
            *pen += leading * style.size;
        }
    }
    lines
}

/// Heights in whole tenths of a pixel: shorter to write.
#[must_use]
pub fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// How the label of a row is set.
#[must_use]
pub fn label_type(row: &Row, theme: &Theme) -> Type {
    match row.kind {
        Kind::Study => theme.body,
        Kind::Excluded | Kind::Remark => theme.muted,
        Kind::Heading | Kind::Total | Kind::Pooled => theme.strong,
    }
}

impl Band {
    fn of(row: &Row, widths: &Widths, theme: &Theme) -> Self {
        let style = label_type(row, theme);
        let label = match row.kind {
            Kind::Study | Kind::Excluded | Kind::Heading | Kind::Remark => {
                broken(&row.label, theme.label_limit, style)
            }
            Kind::Total | Kind::Pooled => vec![row.label.clone()],
        };
        let words = match &row.effect {
            Effect::Words(words) => broken(words, widths.numbers + theme.gap + widths.weight, theme.muted),
            _ => Vec::new(),
        };
        Self { middle: 0.0, label, words }
    }

    fn height(&self, theme: &Theme) -> f64 {
        let lines = self.label.len().max(self.words.len()) as f64;
        theme.row + (lines - 1.0).max(0.0) * theme.leading * theme.body.size
    }
}

fn broken(text: &str, room: f64, style: Type) -> Vec<String> {
    balanced(text, room, style.size, style.face).into_iter().map(str::to_string).collect()
}

impl Widths {
    /// The widths of everything but the names, which are broken into lines first.
    fn of(table: &Table, theme: &Theme) -> Self {
        let [_, events, total, weight] = table.heads.map(|head| theme.strong.width(head));
        let counts = table.has_counts.then_some([events, total]);
        let mut widths = Self { counts, weight, ..Self::default() };
        let mut widest_label = 0.0_f64;
        let mut without_interval = 0.0_f64;
        for row in &table.rows {
            let style = label_type(row, theme);
            let wider = |known: &mut f64, text: &str| *known = known.max(style.width(text));
            if let (Some(known), Some(counts)) = (&mut widths.counts, &row.counts) {
                known.iter_mut().zip(counts).for_each(|(known, count)| wider(known, count));
            } else if row.kind == Kind::Pooled {
                wider(&mut widest_label, &row.label);
            }
            wider(&mut widths.weight, &row.weight);
            if let Effect::Numbers { estimate, interval } = &row.effect {
                wider(&mut widths.effect[0], estimate.as_deref().unwrap_or_default());
                match interval {
                    Some([lower, upper]) => {
                        wider(&mut widths.effect[1], &format!("({lower}"));
                        wider(&mut widths.effect[2], &format!("{upper})"));
                    }
                    None => wider(&mut without_interval, NO_INTERVAL),
                }
            }
        }
        // A pooled row has no counts, so its label may run across their columns.
        let of_counts = widths.counts.map_or(0.0, |[events, total]| 2.0 * theme.gap + events + total);
        widths.label = widest_label - of_counts;
        let [estimate, lower, upper] = widths.effect;
        let interval = (lower + theme.between() + upper).max(without_interval);
        // Three of the edges are moved to whole pixels.
        widths.numbers =
            (estimate + theme.space() + interval + 3.0).max(theme.strong.width(&table.effect_head));
        widths
    }

    /// Places the columns on whole pixels.
    fn columns(&self, theme: &Theme) -> Columns {
        let label = theme.margin;
        let counts = self.counts.map(|[events, total]| {
            let events = (label + self.label + theme.gap + events).ceil();
            [events, (events + theme.gap + total).ceil()]
        });
        let left = counts.map_or_else(|| (label + self.label).ceil(), |[_, total]| total) + theme.plot_gap;
        let plot = [left, left + theme.plot_width];
        let words = plot[1] + theme.plot_gap;
        let upper = (words + self.numbers).ceil();
        let lower = (upper - self.effect[2] - theme.between()).floor();
        // An interval in words can be wider than one in numbers.
        let estimate = (lower - self.effect[1]).min(upper - theme.strong.width(NO_INTERVAL)) - theme.space();
        let weight = (upper + theme.gap + self.weight).ceil();
        Columns { label, counts, plot, words, effect: [estimate.floor(), lower, upper], weight }
    }
}

impl Theme {
    /// The width of the space between the parts of `57.1 (48.6 to 65.2)`.
    #[must_use]
    pub fn space(&self) -> f64 {
        self.body.width(" ")
    }

    /// The width of what stands between two limits.
    fn between(&self) -> f64 {
        2.0 * self.space() + self.strong.width("to")
    }
}
