//! The forest plot as text: the rows, the axis and what is cut off are those of the figure, in cells of a terminal.

use super::band::NO_INTERVAL;
use super::caption;
use super::field::Content;
use super::options::Options;
use super::row::{Effect, Kind, Row, Shape};
use super::signs::{Set, Signs};
use super::table::{Table, null_value};
use super::text_columns::{Columns, GAP};
use super::text_marks::Cells;
use crate::analysis::MetaAnalysis;
use crate::format::capitalised;
use crate::options::Model;
use crate::plot::axis::Axis;
use crate::plot::heterogeneity;
use crate::plot::text::shown;
use crate::plot::theme::Theme;
use crate::plot::width::{cut_with, width};

/// The narrowest text: with less room, lines are this wide.
const NARROWEST: usize = 40;

/// A forest plot that is as wide as a terminal.
pub(crate) struct TextPlot<'a> {
    outcomes: &'a [(String, &'a MetaAnalysis)],
    options: Options,
    table: Table,
    axis: Axis,
    columns: Columns,
    set: Set,
    room: usize,
}

impl<'a> TextPlot<'a> {
    /// Of these outcomes; the text has its own columns and numbers, whatever the theme.
    pub fn new(
        outcomes: &'a [(String, &'a MetaAnalysis)],
        options: &Options,
        signs: Signs,
        room: usize,
    ) -> Self {
        let options = Options { theme: Theme::DEFAULT, ..options.clone() };
        let (table, room) = (Table::of_outcomes(outcomes, &options), room.max(NARROWEST));
        let axis = table.axis(&options, &options.theme, options.theme.plot_width);
        let columns = Columns::of(&table, room);
        Self { outcomes, options, table, axis, columns, set: signs.set(), room }
    }

    fn results(&self) -> Vec<&'a MetaAnalysis> {
        self.outcomes.iter().map(|(_, result)| *result).collect()
    }

    /// Whether every name and every column of numbers has its place.
    #[cfg(feature = "cli")]
    pub fn is_whole(&self) -> bool {
        !self.columns.is_cut
    }

    /// Title, plot and notes.
    pub fn text(&self) -> String {
        let title: Vec<String> = self.options.title.iter().map(|title| shown(title).into_owned()).collect();
        // Of several outcomes each has its line on heterogeneity in its block.
        let notes = match self.outcomes {
            [(_, result)] => {
                vec![heterogeneity::line(&result.heterogeneity, &result.spec), caption::method(result)]
            }
            several => caption::methods(several),
        };
        let blocks = [self.wrapped(&title), self.plot(), self.wrapped(&notes), self.remarks()];
        let blocks: Vec<String> =
            blocks.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n") + "\n").collect();
        blocks.join("\n")
    }

    /// Heads, rows and axis.
    pub fn plot(&self) -> Vec<String> {
        let rule = self.set.rule.to_string().repeat(self.columns.width());
        let mut lines = self.heads();
        lines.push(rule.clone());
        for (index, row) in self.table.rows.iter().enumerate() {
            if row.kind == Kind::Total && index > 0 {
                lines.push(rule.clone());
            }
            lines.extend(self.row(row));
        }
        lines.extend(self.axis());
        lines.into_iter().map(|line| self.cut(line.trim_end(), self.room)).collect()
    }

    /// What the signs mean, and what has to be said of the rows.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![self.legend()];
        remarks.extend(caption::remarks(&self.results(), &self.options, &self.table, &self.axis));
        self.wrapped(&remarks)
    }

    fn cells(&self) -> Cells<'_> {
        Cells::new(&self.axis, self.columns.cells, self.set)
    }

    fn heads(&self) -> Vec<String> {
        let columns = &self.columns;
        let [study, events, total] =
            [Content::Study, Content::Events, Content::Total].map(|of| self.table.head(of));
        let [study, events, total] = [&study, &events, &total].map(String::as_str);
        let lines = [0, 1].map(|line| {
            let words = if line == 1 { [study, events, total] } else { [""; 3] };
            let counts = columns.counts.map(|_| [words[1], words[2]]);
            let behind = right(&columns.effect_head[line], columns.numbers);
            let weights = columns.weights.iter().map(|weight| weight.head[line].as_str());
            self.line(words[0], counts, &" ".repeat(self.cells().width()), &(behind + &self.weights(weights)))
        });
        lines.into_iter().filter(|line| !line.trim().is_empty()).collect()
    }

    /// A row, and what of its words has no room in one line below it.
    fn row(&self, row: &Row) -> Vec<String> {
        let plot: String = self.cells().row(row, &self.table, &self.options.theme).iter().collect();
        let counts = row.counts.as_ref().map(|[events, total]| [events.as_str(), total.as_str()]);
        let counts = counts.filter(|_| self.columns.counts.is_some());
        let mut behind = match &row.effect {
            Effect::Blank => vec![" ".repeat(self.columns.numbers)],
            Effect::Words(words) => broken(&shown(words), self.columns.behind_plot()),
            Effect::Numbers { estimate, interval } => {
                vec![self.numbers(estimate.as_deref().unwrap_or_default(), interval.as_ref())]
            }
        };
        if !matches!(row.effect, Effect::Words(_)) {
            let percent = |weight: &str| if weight.is_empty() { String::new() } else { format!("{weight}%") };
            let weights: Vec<String> =
                self.columns.weights.iter().map(|weight| percent(row.cell(weight.of))).collect();
            behind[0] += &self.weights(weights.iter().map(String::as_str));
        }
        let below: String = self.cells().empty(&self.table).iter().collect();
        let mut lines = vec![self.line(&row.label, counts, &plot, &behind[0])];
        lines.extend(behind[1..].iter().map(|words| self.line("", None, &below, words)));
        lines
    }

    /// Columns beside each other. A label without counts may run across their columns.
    fn line(&self, label: &str, counts: Option<[&str; 2]>, plot: &str, behind: &str) -> String {
        let columns = &self.columns;
        let front = match (counts, columns.counts) {
            (Some([events, total]), Some([of_events, of_total])) => format!(
                "{}{}{}",
                left(&self.cut(label, columns.label), columns.label),
                right(events, GAP + of_events),
                right(total, GAP + of_total)
            ),
            _ => {
                let room = columns.label + columns.across();
                left(&self.cut(label, room), room)
            }
        };
        format!("{front} {plot} {behind}")
    }

    /// `57.1 (48.6 to 65.2)`, each part below its like.
    fn numbers(&self, estimate: &str, interval: Option<&[String; 2]>) -> String {
        let Columns { effect: [of_estimate, lower, upper], interval: of_interval, numbers, .. } =
            self.columns;
        let interval = match interval {
            Some(limits) => format!(
                "{} to {}",
                right(&format!("({}", limits[0]), lower),
                right(&format!("{})", limits[1]), upper)
            ),
            None => NO_INTERVAL.to_string(),
        };
        right(&format!("{} {}", right(estimate, of_estimate), right(&interval, of_interval)), numbers)
    }

    fn weights<'s>(&self, cells: impl Iterator<Item = &'s str>) -> String {
        self.columns.weights.iter().zip(cells).map(|(weight, cell)| right(cell, GAP + weight.width)).collect()
    }

    /// The axis, the labels of its ticks, and its title.
    fn axis(&self) -> [String; 3] {
        let (cells, offset) = (self.cells(), self.columns.plot());
        let axis = " ".repeat(offset) + &cells.axis().iter().collect::<String>();
        let mut labels = String::new();
        for (at, label) in cells.labels(offset, self.room) {
            labels += &" ".repeat(at.saturating_sub(width(&labels)));
            labels += label;
        }
        let title = self.cut(&self.table.axis_title, self.room);
        let middle = offset + cells.width() / 2;
        let start = middle.saturating_sub(width(&title) / 2).min(self.room - width(&title));
        [axis, labels, " ".repeat(start) + &title]
    }

    /// `■ ▪ studies by weight; ◀━◆━▶ pooled estimate with its interval; ┊ pooled estimate`.
    fn legend(&self) -> String {
        let set = &self.set;
        let drawn: Vec<char> = self.table.rows.iter().flat_map(|row| self.marked(row)).collect();
        let mut parts = Vec::new();
        let studies: Vec<String> =
            set.studies.iter().filter(|sign| drawn.contains(sign)).map(char::to_string).collect();
        if !studies.is_empty() {
            parts.push(format!("{} studies by weight", studies.join(" ")));
        }
        let has = |is: &dyn Fn(&Shape) -> bool| self.table.rows.iter().any(|row| is(&row.shape));
        let pooled = |is_common: bool| {
            has(&|shape| match shape {
                Shape::Diamond { model, limits: Some(_), .. } => (*model == Model::Common) == is_common,
                _ => false,
            })
        };
        for (signs, whose, is_common) in
            [(set.common, "common-effect estimate", true), (set.random, "pooled estimate", false)]
        {
            if pooled(is_common) {
                let sign: String = [signs.left, signs.estimate, signs.right].iter().collect();
                parts.push(format!("{sign} {whose} with its interval"));
            }
        }
        if has(&|shape| matches!(shape, Shape::Diamond { limits: None, .. })) {
            parts.push(format!("{} pooled estimate without an interval", set.point));
        }
        if has(&|shape| matches!(shape, Shape::Prediction(_))) {
            parts.push(format!("{} prediction interval", set.prediction.iter().collect::<String>()));
        }
        if self.table.reference.is_some() {
            parts.push(format!("{} pooled estimate", set.reference));
        }
        let null = null_value(self.outcomes[0].1).filter(|_| self.shows_null());
        parts.extend(null.map(|null| format!("{} {null}", set.null)));
        capitalised(&parts.join("; ")) + "."
    }

    /// Whether the value of no effect is on the axis, and in another cell than the pooled estimate.
    fn shows_null(&self) -> bool {
        self.cells().empty(&self.table).contains(&self.set.null)
    }

    /// The signs of a study's row.
    fn marked(&self, row: &Row) -> Vec<char> {
        if row.kind == Kind::Study {
            self.cells().row(row, &self.table, &self.options.theme)
        } else {
            Vec::new()
        }
    }

    fn wrapped(&self, texts: &[String]) -> Vec<String> {
        texts.iter().flat_map(|text| broken(&shown(text), self.room)).collect()
    }

    fn cut(&self, text: &str, room: usize) -> String {
        cut_with(text, room, self.set.cut)
    }
}

/// The text in lines no wider than `room`, broken between words, and inside a word where it does not fit on a line.
fn broken(text: &str, room: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if width(&line) + width(character.encode_utf8(&mut [0; 4])) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines
}

fn left(text: &str, room: usize) -> String {
    text.to_string() + &" ".repeat(room.saturating_sub(width(text)))
}

fn right(text: &str, room: usize) -> String {
    " ".repeat(room.saturating_sub(width(text))) + text
}
