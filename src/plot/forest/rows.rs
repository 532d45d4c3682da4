//! What stands in each row: words, and the numbers its marks are drawn from.

use super::{Options, summaries};
use crate::analysis::{MetaAnalysis, StudyRow};
use crate::data::Excluded;
use crate::format::{Display, capitalised, fixed};
use crate::options::Spec;
use crate::options::{Model, ZeroCells};
use crate::plot::ticks::{Axis, Spread};
use crate::plot::words::shown;

/// How many rows that were left out are listed.
const MOST_EXCLUDED: usize = 50;

/// The heads of the columns and every row, from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The head of the proportions.
    pub effect_head: String,
    /// The title of the axis.
    pub axis_title: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many studies have no row of their own.
    pub undrawn: usize,
    /// How many rows that were left out are not listed.
    pub unlisted: usize,
    /// Where the dashed line stands, a fraction.
    pub reference: f64,
}

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A study that was pooled.
    Study,
    /// A row that was left out.
    Excluded,
    /// Events and people of all studies.
    Total,
    /// A pooled value or its prediction interval.
    Pooled,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What kind of row it is.
    pub kind: Kind,
    /// Its id within the figure.
    pub id: String,
    /// What it says in a sentence.
    pub title: String,
    /// The numbers drawn, for programs: fractions with six significant digits.
    pub data: Vec<(&'static str, String)>,
    /// The study's name, or what is pooled.
    pub label: String,
    /// Events and total, where the row has them.
    pub counts: Option<[String; 2]>,
    /// The proportion.
    pub effect: Effect,
    /// The weight in percent; empty where it has none.
    pub weight: String,
    /// What is drawn.
    pub shape: Shape,
}

/// What stands in the column of proportions.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Nothing.
    Blank,
    /// An estimate and its interval, printed on the scale of the figure.
    Numbers {
        /// The estimate; a prediction has none.
        estimate: Option<String>,
        /// The limits, where they exist.
        interval: Option<[String; 2]>,
    },
    /// Why there are no numbers.
    Words(String),
}

/// What is drawn in a row; every number is a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Nothing.
    None,
    /// A square on an interval.
    Study {
        /// The centre of the square.
        estimate: f64,
        /// The ends of the line.
        limits: [f64; 2],
        /// The weight as a share of the heaviest study's.
        weight: f64,
    },
    /// A diamond; a tick where it has no limits.
    Diamond {
        /// Whose it is.
        model: Model,
        /// Where it is highest.
        estimate: f64,
        /// Its tips.
        limits: Option<[f64; 2]>,
    },
    /// A bar.
    Prediction([f64; 2]),
}

impl Table {
    /// The rows of an outcome.
    #[must_use]
    pub fn of(outcome: &MetaAnalysis, options: &Options) -> Self {
        let drawn = if outcome.k() <= options.most_rows { outcome.k() } else { 0 };
        let excluded: Vec<&Excluded> = left_out(outcome).collect();
        let listed = excluded.len().min(MOST_EXCLUDED);
        let heaviest = outcome.weights().iter().copied().fold(0.0, f64::max);
        let marked = marks_corrected(&outcome.spec);
        let mut rows = Vec::with_capacity(drawn + listed + 4);
        for (index, study) in outcome.rows().take(drawn).enumerate() {
            let weight = outcome.weights().get(index).copied();
            rows.push(study_row(index + 1, &study, weight, heaviest, marked, options.display));
        }
        for (index, row) in excluded.iter().take(listed).enumerate() {
            rows.push(excluded_row(index + 1, row, outcome));
        }
        rows.extend(summaries::rows(outcome, options.display));
        let level = outcome.spec.level;
        Self {
            effect_head: match options.display.unit() {
                Some(unit) => format!("{} ({level} CI)", capitalised(&unit)),
                None if options.display.sign().is_empty() => format!("Proportion ({level} CI)"),
                None => format!("Proportion, {} ({level} CI)", options.display.sign()),
            },
            axis_title: match options.display.unit() {
                Some(unit) => format!("Events {unit}"),
                None if options.display.sign().is_empty() => "Proportion".to_string(),
                None => format!("Proportion, {}", options.display.sign()),
            },
            rows,
            undrawn: outcome.k() - drawn,
            unlisted: excluded.len() - listed,
            reference: outcome.pooled().estimate,
        }
    }

    /// The axis that these rows need.
    #[must_use]
    pub fn axis(&self, options: &Options) -> Axis {
        let mut spread = Spread::default();
        for row in &self.rows {
            match row.shape {
                Shape::None => {}
                Shape::Study { estimate, limits: [lower, upper], .. } => {
                    spread.studies.push([estimate, lower, upper])
                }
                Shape::Diamond { estimate, limits, .. } => {
                    spread.pooled.push(estimate);
                    spread.pooled_limits.extend(limits.into_iter().flatten());
                }
                Shape::Prediction(limits) => spread.pooled_limits.extend(limits),
            }
        }
        Axis::of(&spread, options.display, options.theme.plot_width, options.theme.axis_type)
    }
}

/// The rows that were left out; not the table's own row of totals, for the figure has one.
pub fn left_out(outcome: &MetaAnalysis) -> impl Iterator<Item = &Excluded> {
    outcome.excluded.iter().filter(|row| row.reason != "totals row")
}

/// Whether corrected studies carry a mark: where the rule touches every study, a mark says nothing.
fn marks_corrected(spec: &Spec) -> bool {
    spec.zero_cells == ZeroCells::Only0
}

/// A number for programs, with six significant digits.
fn datum(value: f64) -> String {
    format!("{value:.5e}").parse().unwrap_or(value).to_string()
}

pub(super) fn percent(weight: f64) -> String {
    fixed(100.0 * weight, 1)
}

pub(super) fn numbers(
    display: Display,
    estimate: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
) -> Effect {
    Effect::Numbers {
        estimate: estimate.map(|value| display.number(value)),
        interval: lower.zip(upper).map(|(lower, upper)| [display.number(lower), display.number(upper)]),
    }
}

fn named(name: &str) -> String {
    let name = shown(name);
    if name.trim().is_empty() { "(no name)".to_string() } else { name.into_owned() }
}

fn study_row(
    number: usize,
    row: &StudyRow<'_>,
    weight: Option<f64>,
    heaviest: f64,
    marked: bool,
    display: Display,
) -> Row {
    let name = named(row.study);
    let interval = display.interval(Some(row.lower), Some(row.upper)).unwrap_or_default();
    let counts = row.events.zip(row.total);
    let of = counts.map_or_else(String::new, |(events, total)| format!("{events} of {total}, "));
    let mut title = format!("{name}: {of}{} ({interval})", display.proportion(row.shown()));
    if let Some(weight) = weight {
        title += &format!(", weight {}%", percent(weight));
    }
    let mut data = vec![("study", name.clone())];
    if let Some((events, total)) = counts {
        data.extend([("events", events.to_string()), ("total", total.to_string())]);
    }
    data.extend(data_of(Some(row.shown()), Some([row.lower, row.upper]), weight));
    Row {
        kind: Kind::Study,
        id: format!("s{number}"),
        title,
        data,
        label: if marked && row.corrected { format!("{name} †") } else { name },
        counts: counts.map(|(events, total)| [events.to_string(), total.to_string()]),
        effect: numbers(display, Some(row.shown()), Some(row.lower), Some(row.upper)),
        weight: weight.map(percent).unwrap_or_default(),
        shape: Shape::Study {
            estimate: row.shown(),
            limits: [row.lower, row.upper],
            weight: weight.filter(|_| heaviest > 0.0).map_or(1.0, |weight| weight / heaviest),
        },
    }
}

pub(super) fn data_of(
    estimate: Option<f64>,
    limits: Option<[f64; 2]>,
    weight: Option<f64>,
) -> Vec<(&'static str, String)> {
    let [lower, upper] = limits.map_or([None, None], |[lower, upper]| [Some(lower), Some(upper)]);
    let known = [("estimate", estimate), ("lower", lower), ("upper", upper), ("weight", weight)];
    known.into_iter().filter_map(|(name, value)| Some((name, datum(value?)))).collect()
}

fn excluded_row(number: usize, excluded: &Excluded, outcome: &MetaAnalysis) -> Row {
    let name = named(&excluded.study);
    let reason = format!("left out: {}", shown(&excluded.reason));
    // Studies without a finite estimate are still in the table, with their counts.
    let at = outcome.data.labels().binary_search_by_key(&excluded.line, |label| label.line).ok();
    let counts = at.and_then(|at| Some(outcome.data.counts()?[at]));
    Row {
        kind: Kind::Excluded,
        id: format!("x{number}"),
        title: format!("{name} (line {}): {reason}", excluded.line),
        data: vec![("study", name.clone())],
        label: name,
        counts: counts.map(|counts| [counts.events().to_string(), counts.total().to_string()]),
        effect: Effect::Words(reason),
        weight: String::new(),
        shape: Shape::None,
    }
}
