//! All specifications, and what they say together.

use std::ops::ControlFlow;

use serde::Serialize;

use super::row::Row;
use super::{ChoiceEffect, Conclusion, choice_effect};
use crate::analysis::{Statistic, fit};
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::{fixed, grouped};
use crate::model::{HeterogeneityField, SummaryField, Value};
use crate::options::Model;
use crate::options::Request;
use crate::published::claim::Claim;
use crate::published::claim::recomputed::Source;
use crate::published::reproduce::{Space, each, full};

/// Every specification, with what it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multiverse {
    /// How many there are.
    pub specifications: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Each of them, in the order of the choices.
    pub rows: Vec<Row>,
    /// What they say together.
    pub summary: Overview,
}

/// What all specifications say together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The least and the largest pooled proportion.
    pub estimate: [f64; 2],
    /// The middle one.
    pub median: f64,
    /// The least and the largest lower limit.
    pub lower: Option<[f64; 2]>,
    /// The least and the largest upper limit.
    pub upper: Option<[f64; 2]>,
    /// In how many of them the stated conclusion holds.
    pub conclusion: Option<Held>,
    /// How far each choice moves the estimate, the most first.
    pub sway: Vec<ChoiceEffect>,
    /// All of it in words.
    pub sentence: String,
}

/// In how many specifications a conclusion holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    /// As it was stated.
    pub conclusion: Conclusion,
    /// In how many it holds.
    pub holds: u64,
    /// Of how many: those that give the limit it is about.
    pub of: u64,
}

/// Pools a table under every defensible specification; explicit choices restrict them. `keep_going` is
/// told how many of those that need a full analysis are done, of how many, and stops it by saying false.
///
/// # Errors
///
/// [`Error::Usage`] where the explicit choices contradict each other; [`Error::Data`] where no
/// specification gives an estimate.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::multiverse::multiverse;
///
/// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let all = multiverse(&table, &Default::default(), Some("estimate < 60%".parse()?), |_, _| true)?;
/// assert!(all.specifications > 300);
/// let held = all.summary.conclusion.expect("it was asked for");
/// assert_eq!(held.holds, held.of);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn multiverse(
    table: &Dataset,
    explicit: &Request,
    conclusion: Option<Conclusion>,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Multiverse, Error> {
    // Nothing printed: one level, one prediction, one I² are enough.
    let space = Space::new(explicit, &Claim::default())?;
    let mut rows = Vec::new();
    let _ = each(&table.counted()?, &space, &Claim::default(), &mut |evaluation| {
        rows.push(row(evaluation));
        ControlFlow::Continue(())
    });
    let specs = full(explicit, &space);
    let mut stopped = false;
    for (index, spec) in specs.iter().enumerate() {
        if !keep_going(index, specs.len()) {
            stopped = true;
            break;
        }
        // A likelihood without a certified maximum gives no answer.
        rows.extend(fit(table, spec).ok().map(|result| row(&result)));
    }
    if rows.is_empty() {
        let problem = Problem::new("no specification gives an estimate on these studies");
        return Err(Error::Data(vec![
            problem.help("leave more choices open, such as the measure: arcsine needs no correction"),
        ]));
    }
    let summary = Overview::of(&rows, conclusion, stopped);
    Ok(Multiverse { specifications: rows.len() as u64, stopped, rows, summary })
}

fn row(source: &dyn Source) -> Row {
    let value = |statistic: Statistic| statistic.of(source).and_then(Value::number);
    let spec = source.spec().clone();
    let tau2 = value(Statistic::Heterogeneity(HeterogeneityField::Tau2));
    Row {
        estimate: value(Statistic::Pooled(SummaryField::Estimate)).unwrap_or(f64::NAN),
        lower: value(Statistic::Pooled(SummaryField::Lower)),
        upper: value(Statistic::Pooled(SummaryField::Upper)),
        tau2: tau2.filter(|_| spec.model != Model::Common),
        spec,
    }
}

impl Overview {
    fn of(rows: &[Row], conclusion: Option<Conclusion>, stopped: bool) -> Self {
        let mut estimates: Vec<f64> = rows.iter().map(|row| row.estimate).collect();
        estimates.sort_by(f64::total_cmp);
        let held = conclusion.map(|conclusion| {
            let verdicts: Vec<bool> = rows.iter().filter_map(|row| conclusion.holds(row)).collect();
            Held {
                conclusion,
                holds: verdicts.iter().filter(|holds| **holds).count() as u64,
                of: verdicts.len() as u64,
            }
        });
        let mut overview = Self {
            estimate: range(estimates.iter().copied()).unwrap_or([f64::NAN; 2]),
            median: median(&estimates),
            lower: range(rows.iter().filter_map(|row| row.lower)),
            upper: range(rows.iter().filter_map(|row| row.upper)),
            conclusion: held,
            sway: choice_effect::all(rows),
            sentence: String::new(),
        };
        let stop = if stopped { " It was stopped before its end." } else { "" };
        overview.sentence = overview.words(rows.len()) + stop;
        overview
    }

    fn words(&self, count: usize) -> String {
        let percent = |fraction: f64| format!("{}%", fixed(100.0 * fraction, 1));
        let mut text = format!(
            "Over {} specifications the pooled proportion runs from {} to {}",
            grouped(count as u64),
            percent(self.estimate[0]),
            percent(self.estimate[1])
        );
        if let (Some([least, _]), Some([_, most])) = (self.lower, self.upper) {
            text += &format!(" and the limits from {} to {}", percent(least), percent(most));
        }
        text += ".";
        if let Some(held) = &self.conclusion {
            text += &format!(
                " The conclusion \"{}\" holds in {} of {}.",
                held.conclusion,
                grouped(held.holds),
                grouped(held.of)
            );
        }
        if let Some(first) = self.sway.first() {
            text += &format!(
                " Among those by inverse variance the choice that moves the estimate most is {}: by {} points on average with the others held fixed, by {} at most.",
                first.choice,
                fixed(100.0 * first.mean, 1),
                fixed(100.0 * first.largest, 1)
            );
        }
        text
    }
}

/// Of values in ascending order: the middle one, or the mean of the two in the middle.
fn median(ascending: &[f64]) -> f64 {
    let half = ascending.len() / 2;
    match (ascending.len() % 2, ascending.get(half.saturating_sub(1)), ascending.get(half)) {
        (0, Some(below), Some(above)) => 0.5 * (below + above),
        (_, _, middle) => middle.copied().unwrap_or(f64::NAN),
    }
}

fn range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.fold(None, |range, value| match range {
        None => Some([value; 2]),
        Some([least, most]) => Some([least.min(value), most.max(value)]),
    })
}

impl Row {
    /// The specification in a line: `logit, random, dl, wald, only0`.
    ///
    /// ```
    /// # use metaprop::{Dataset, published::multiverse::multiverse};
    /// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?;
    /// let all = multiverse(&table, &Default::default(), None, |_, _| true)?;
    /// assert_eq!(all.rows[0].label(), "logit, random, dl, wald, only0");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn label(&self) -> String {
        super::words(&self.spec).into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[0.25, 0.5, 1.0]), 0.5);
        assert_eq!(median(&[0.0, 0.25, 0.5, 1.0]), 0.375);
        assert_eq!(median(&[0.25]), 0.25);
        assert!(median(&[]).is_nan());
    }
}
