//! The results of all specifications, summarised.

use serde::Serialize;

use super::choice_effect::{ChoiceEffect, choice_effects};
use super::{Conclusion, SpecificationResult};
use crate::format::{NumberFormat, counted, grouped};

/// The results of all specifications, summarised.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// The least and the largest pooled proportion.
    pub estimate: [f64; 2],
    /// The median pooled proportion.
    pub median: f64,
    /// The least and the largest lower limit.
    pub lower: Option<[f64; 2]>,
    /// The least and the largest upper limit.
    pub upper: Option<[f64; 2]>,
    /// In how many specifications the stated conclusion holds.
    pub conclusion: Option<ConclusionCount>,
    /// How far each choice moves the estimate, the largest mean effect first.
    #[serde(rename = "sway")]
    pub choice_effects: Vec<ChoiceEffect>,
    /// The overview in sentences.
    pub sentence: String,
}

/// In how many specifications a conclusion holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ConclusionCount {
    /// The conclusion.
    pub conclusion: Conclusion,
    /// In how many it holds.
    pub holds: u64,
    /// How many give the limit or estimate that it is about.
    pub of: u64,
}

impl ConclusionCount {
    fn new(conclusion: Conclusion, rows: &[SpecificationResult]) -> Self {
        let outcomes: Vec<bool> = rows.iter().filter_map(|row| row.bears_out(&conclusion)).collect();
        Self {
            conclusion,
            holds: outcomes.iter().filter(|holds| **holds).count() as u64,
            of: outcomes.len() as u64,
        }
    }
}

impl Overview {
    pub(super) fn new(rows: &[SpecificationResult], conclusion: Option<Conclusion>, stopped: bool) -> Self {
        let mut estimates: Vec<f64> = rows.iter().map(|row| row.estimate).collect();
        estimates.sort_by(f64::total_cmp);
        let mut overview = Self {
            estimate: range(estimates.iter().copied()).unwrap_or([f64::NAN; 2]),
            median: median(&estimates),
            lower: range(rows.iter().filter_map(|row| row.lower)),
            upper: range(rows.iter().filter_map(|row| row.upper)),
            conclusion: conclusion.map(|conclusion| ConclusionCount::new(conclusion, rows)),
            choice_effects: choice_effects(rows),
            sentence: String::new(),
        };
        overview.sentence = overview.sentence_in(overview.number_format(), rows.len(), stopped);
        overview
    }

    /// How proportions are written where nothing else is said: as the median and all limits ask for.
    pub(super) fn number_format(&self) -> NumberFormat {
        let limits = self.lower.zip(self.upper).map(|([least, _], [_, most])| [least, most]);
        NumberFormat::of_proportion(self.median, limits)
    }

    /// The overview in sentences, with proportions written so.
    pub(super) fn sentence_in(&self, display: NumberFormat, specifications: usize, stopped: bool) -> String {
        let points = display.unit().unwrap_or_else(|| "points".to_string());
        let range = |least, most| display.limits(Some(least), Some(most)).unwrap_or_default();
        let mut text = format!(
            "Over {} the pooled proportion runs from {}",
            counted(specifications as u64, "specification", "specifications"),
            range(self.estimate[0], self.estimate[1])
        );
        if let (Some([least, _]), Some([_, most])) = (self.lower, self.upper) {
            text += &format!(" and the limits from {}", range(least, most));
        }
        text += ".";
        if let Some(count) = &self.conclusion {
            text += &format!(
                " The conclusion \"{}\" holds in {} of {}.",
                count.conclusion,
                grouped(count.holds),
                grouped(count.of)
            );
        }
        if let Some(first) = self.choice_effects.first() {
            text += &format!(
                " Among those by inverse variance the choice that moves the estimate most is {}: by {} {points} on average with the others held fixed, by {} at most.",
                first.choice,
                display.number(first.mean),
                display.number(first.largest)
            );
        }
        if stopped {
            text += " It was stopped before its end.";
        }
        text
    }
}

/// The median of values in ascending order; NaN of none.
fn median(ascending: &[f64]) -> f64 {
    let half = ascending.len() / 2;
    match (ascending.len() % 2, ascending.get(half.saturating_sub(1)), ascending.get(half)) {
        (0, Some(below), Some(above)) => 0.5 * (below + above),
        (_, _, middle) => middle.copied().unwrap_or(f64::NAN),
    }
}

/// The least and the largest value; `None` of none.
fn range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.fold(None, |range, value| match range {
        None => Some([value; 2]),
        Some([least, most]) => Some([least.min(value), most.max(value)]),
    })
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() {
        assert_eq!(median(&[0.25, 0.5, 1.0]), 0.5);
        assert_eq!(median(&[0.0, 0.25, 0.5, 1.0]), 0.375);
        assert_eq!(median(&[0.25]), 0.25);
        assert!(median(&[]).is_nan());
    }
}
