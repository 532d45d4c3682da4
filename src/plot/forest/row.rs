//! One row of the figure: its words, and the numbers its marks are drawn from.

use crate::format::{NumberFormat, fixed};
use crate::options::Model;

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A study that was pooled.
    Study,
    /// A row that was left out.
    Excluded,
    /// The name of a subgroup.
    Heading,
    /// What is said of a subgroup.
    Remark,
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
    /// The numbers drawn, for programs: fractions or estimates with six significant digits.
    pub data: Vec<(&'static str, String)>,
    /// The study's name, or what is pooled.
    pub label: String,
    /// Events and total, where the row has them.
    pub counts: Option<[String; 2]>,
    /// The proportion or estimate.
    pub effect: Effect,
    /// The weight in percent; empty where it has none.
    pub weight: String,
    /// The weight under the common effect in percent, where that of another model is beside it; the figure has no room
    /// for it, the text has.
    pub weight_common: String,
    /// What is drawn.
    pub shape: Shape,
}

/// What stands in the column of proportions or estimates.
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

/// What is drawn in a row; every number is a place on the axis: a fraction, an estimate, or the logarithm of a ratio.
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

impl Shape {
    /// The same shape with every place moved.
    pub(super) fn mapped(self, place: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::None => Self::None,
            Self::Study { estimate, limits, weight } => {
                Self::Study { estimate: place(estimate), limits: limits.map(place), weight }
            }
            Self::Diamond { model, estimate, limits } => Self::Diamond {
                model,
                estimate: place(estimate),
                limits: limits.map(|limits| limits.map(&place)),
            },
            Self::Prediction(limits) => Self::Prediction(limits.map(place)),
        }
    }
}

/// A number for programs, with six significant digits.
fn datum(value: f64) -> String {
    format!("{value:.5e}").parse().unwrap_or(value).to_string()
}

pub(super) fn percent(weight: f64) -> String {
    fixed(100.0 * weight, 1)
}

pub(super) fn numbers(
    display: NumberFormat,
    estimate: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
) -> Effect {
    Effect::Numbers {
        estimate: estimate.map(|value| display.number(value)),
        interval: lower.zip(upper).map(|(lower, upper)| [display.number(lower), display.number(upper)]),
    }
}

pub(super) fn data_of(
    estimate: Option<f64>,
    limits: Option<[f64; 2]>,
    weight: Option<f64>,
) -> Vec<(&'static str, String)> {
    let [lower, upper] = limits.map_or([None, None], |[lower, upper]| [Some(lower), Some(upper)]);
    let known = [("estimate", estimate), ("lower", lower), ("upper", upper), ("weight", weight)];
    let known = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
    known.filter(|(_, value)| value.is_finite()).map(|(name, value)| (name, datum(value))).collect()
}
