//! One row of the figure: its words, and the numbers its marks are drawn from.

use super::bias::Judgement;
use crate::format::{NumberFormat, fixed, grouped};
use crate::options::Model;
use crate::plot::house_style::HouseStyle;

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
    /// Both in one text.
    pub events_of_total: String,
    /// The cells of the covariates that are shown.
    pub covariates: Vec<String>,
    /// The judgements of the domains of bias that are shown.
    pub bias: Vec<Judgement>,
    /// The proportion or estimate.
    pub effect: Effect,
    /// The weights in percent, of each model that is shown; empty where it has none.
    pub weights: Vec<String>,
    /// What is drawn.
    pub shape: Shape,
}

impl Row {
    /// A row of words alone.
    pub(super) fn words(kind: Kind, id: String, label: String) -> Self {
        Self {
            kind,
            id,
            title: label.clone(),
            data: Vec::new(),
            label,
            counts: None,
            events_of_total: String::new(),
            covariates: Vec::new(),
            bias: Vec::new(),
            effect: Effect::Blank,
            weights: Vec::new(),
            shape: Shape::None,
        }
    }

    /// With these counts.
    pub(super) fn counted(self, counts: Option<(u64, u64)>) -> Self {
        let Some((events, total)) = counts else { return self };
        let counts = [grouped(events), grouped(total)];
        Self { events_of_total: counts.join("/"), counts: Some(counts), ..self }
    }

    /// With numbers as a journal sets them.
    pub(super) fn set_in(&mut self, house: &HouseStyle) {
        let set = |text: &mut String| *text = house.number(text);
        self.counts.iter_mut().flatten().for_each(set);
        set(&mut self.events_of_total);
        for weight in self.weights.iter_mut().filter(|weight| !weight.is_empty()) {
            set(weight);
            weight.push_str(&house.weight_sign);
        }
        if let Effect::Numbers { estimate, interval } = &mut self.effect {
            estimate.iter_mut().chain(interval.iter_mut().flatten()).for_each(set);
        }
    }
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
