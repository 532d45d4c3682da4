//! How wide the columns of a forest plot in text are.

use super::band::NO_INTERVAL;
use super::field::{Content, Field};
use super::row::{Effect, Row};
use super::table::Table;
use crate::plot::width::width;

/// The blanks between two columns.
pub(super) const GAP: usize = 2;
/// The widest that the names of studies get.
const WIDEST_LABEL: usize = 44;
/// The narrowest that they get before columns of numbers are left out.
const LEAST_LABEL: usize = 14;
/// The narrowest that they get before the axis is shortened.
const SHORTEST_LABEL: usize = 8;
/// The fewest and the most cells of an axis.
const CELLS: [usize; 2] = [15, 61];
/// The fewest cells of an axis where everything else has been left out.
const FEWEST_CELLS: usize = 5;
/// The cells for arrows beside the axis.
const ARROWS: usize = 2;

/// The columns, from the left.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub label: usize,
    /// Events and totals.
    pub counts: Option<[usize; 2]>,
    /// How many cells the axis has.
    pub cells: usize,
    /// Estimate, lower limit with its bracket, upper limit with its bracket.
    pub effect: [usize; 3],
    /// The limits with what is between them, or the words that stand for them.
    pub interval: usize,
    /// The column that holds estimate and interval.
    pub numbers: usize,
    /// The head of that column, in a line or two.
    pub effect_head: [String; 2],
    pub weights: Vec<Weight>,
    /// Whether a name is cut or a column is left out.
    pub is_cut: bool,
}

/// A column of weights.
#[derive(Debug, Clone)]
pub(super) struct Weight {
    pub head: [String; 2],
    pub of: Content,
    pub width: usize,
}

impl Columns {
    /// As wide as what is in them, in at most this many columns of the terminal.
    pub fn of(table: &Table, room: usize) -> Self {
        let full = Self::needed(table);
        let names = full.label;
        // The numbers of least use go first, and none as long as names and axis have the room they need at least.
        let mut tried = full.clone();
        let steps: [fn(&mut Self); 4] = [
            |_| {},
            |columns| drop(columns.weights.drain(..columns.weights.len().saturating_sub(1))),
            |columns| columns.weights.clear(),
            |columns| columns.counts = None,
        ];
        for step in steps {
            step(&mut tried);
            tried.label = names.max(tried.longest_without_counts(table));
            let least = tried.label.min(LEAST_LABEL) + CELLS[0] + ARROWS + tried.rest();
            if least <= room {
                break;
            }
        }
        let is_whole = tried.weights.len() == full.weights.len() && tried.counts == full.counts;
        let (wanted, left) = (tried.label, room.saturating_sub(tried.rest() + ARROWS));
        tried.cells = left.saturating_sub(wanted).clamp(CELLS[0], CELLS[1]);
        // Where everything else has been left out, names and axis share what is there.
        tried.cells = tried.cells.min(left.saturating_sub(wanted.min(SHORTEST_LABEL))).max(FEWEST_CELLS);
        tried.label = wanted.min(left.saturating_sub(tried.cells)).max(1);
        tried.is_cut = !is_whole || tried.label < wanted;
        tried
    }

    /// The widths of everything but the axis, whatever the room.
    fn needed(table: &Table) -> Self {
        let widest = |of: &dyn Fn(&Row) -> usize| table.rows.iter().map(of).max().unwrap_or(0);
        let [study, events, total] =
            [Content::Study, Content::Events, Content::Total].map(|of| table.head(of));
        let [study, events, total] = [&study, &events, &total].map(String::as_str);
        let count = |at: usize| widest(&|row| row.counts.as_ref().map_or(0, |counts| width(&counts[at])));
        let has_counts = table.rows.iter().any(|row| row.counts.is_some());
        let counts = has_counts.then(|| [count(0).max(width(events)), count(1).max(width(total))]);
        let named = |row: &Row| if row.counts.is_some() || counts.is_none() { width(&row.label) } else { 0 };
        let effect = [0, 1, 2].map(|part| widest(&|row| parts(&row.effect)[part]));
        let without = widest(&|row| without_interval(&row.effect));
        let interval = (effect[1] + " to ".len() + effect[2]).max(without);
        let of_numbers = effect[0] + 1 + interval;
        let effect_head = head(&table.head(Content::Effect), of_numbers);
        let numbers = effect_head.iter().map(|line| width(line)).fold(of_numbers, usize::max);
        Self {
            label: widest(&named).max(width(study)).min(WIDEST_LABEL),
            counts,
            cells: 0,
            effect,
            interval,
            numbers,
            effect_head,
            weights: weights(table),
            is_cut: false,
        }
    }

    /// How wide the names have to be for labels that may run across the counts.
    fn longest_without_counts(&self, table: &Table) -> usize {
        let longest = table.rows.iter().filter(|row| row.counts.is_none()).map(|row| width(&row.label)).max();
        longest.unwrap_or(0).min(WIDEST_LABEL + self.across()).saturating_sub(self.across())
    }

    /// The columns of counts, with the blanks before them.
    pub fn across(&self) -> usize {
        self.counts.map_or(0, |[events, total]| GAP + events + GAP + total)
    }

    /// The first cell of the plot.
    pub fn plot(&self) -> usize {
        self.label + self.across() + 1
    }

    /// All columns with the blanks between them.
    pub fn width(&self) -> usize {
        self.label + self.cells + ARROWS + self.rest()
    }

    /// The columns but for names and plot, and the blanks beside them.
    fn rest(&self) -> usize {
        self.across() + 2 + self.behind_plot()
    }

    /// The numbers and weights.
    pub fn behind_plot(&self) -> usize {
        self.numbers + self.weights.iter().map(|weight| GAP + weight.width).sum::<usize>()
    }
}

/// The widths of an estimate, a lower limit with its bracket and an upper limit with its bracket.
fn parts(effect: &Effect) -> [usize; 3] {
    let Effect::Numbers { estimate, interval } = effect else { return [0; 3] };
    let [lower, upper] =
        interval.as_ref().map_or([0; 2], |limits| limits.each_ref().map(|limit| width(limit) + 1));
    [estimate.as_deref().map_or(0, width), lower, upper]
}

fn without_interval(effect: &Effect) -> usize {
    if matches!(effect, Effect::Numbers { interval: None, .. }) { NO_INTERVAL.len() } else { 0 }
}

/// A head in one line, or in two where it is wider than what is below it.
fn head(text: &str, room: usize) -> [String; 2] {
    match text.split_once(" (") {
        Some((first, second)) if width(text) > room => [first.to_string(), format!("({second}")],
        _ => [String::new(), text.to_string()],
    }
}

/// A column for the weights of each model that has some.
fn weights(table: &Table) -> Vec<Weight> {
    let weight = |field: &Field| {
        let Content::Weight(_) = field.content else { return None };
        let widths = table.rows.iter().map(|row| row.cell(field.content).len() + "%".len());
        let [first, second] = [0, 1].map(|line| field.head.get(line).cloned().unwrap_or_default());
        // The signs of percent stand behind the numbers.
        let name = first.trim_end_matches(", %").to_owned();
        let model = second.trim_matches(['(', ')']).to_owned();
        let head = if model.is_empty() { [String::new(), name] } else { [name, model] };
        let width = head.iter().map(|line| width(line)).chain(widths).max().unwrap_or(0);
        Some(Weight { head, of: field.content, width })
    };
    table.fields.iter().flatten().filter_map(weight).collect()
}
