//! What is kept of the analysis of one of many groups: one row of numbers.

use super::MetaAnalysis;
use crate::advisory::Code;
use crate::error::{Error, Problem};

/// What is kept of the analysis of one group. What does not exist is `None`.
///
/// Proportions are fractions; `y`, `se` and `tau2` are on the scale of the analysis, `i2` is in percent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GroupRow {
    /// The values of the group, in the order of the columns that tell groups apart.
    pub values: Vec<String>,
    /// How many studies were pooled; `None` where there is an error.
    pub k: Option<usize>,
    /// All their events; `None` for estimates.
    pub events: Option<u64>,
    /// All their people; `None` for estimates.
    pub total: Option<u64>,
    /// The estimate of the model that was asked for.
    pub estimate: Option<f64>,
    /// Its lower confidence limit.
    pub lower: Option<f64>,
    /// Its upper confidence limit.
    pub upper: Option<f64>,
    /// The estimate on the scale of the analysis.
    pub y: Option<f64>,
    /// Its standard error there.
    pub se: Option<f64>,
    /// The variance between studies.
    pub tau2: Option<f64>,
    /// I², in percent.
    pub i2: Option<f64>,
    /// Cochran's Q.
    pub q: Option<f64>,
    /// The p-value of Q.
    pub p: Option<f64>,
    /// The lower prediction limit.
    pub prediction_lower: Option<f64>,
    /// The upper prediction limit.
    pub prediction_upper: Option<f64>,
    /// How many rows of the group were left out.
    pub excluded: usize,
    /// The remarks on the result, by their codes.
    pub advisories: Vec<Code>,
    /// Why the group could not be pooled, on one line.
    pub error: Option<String>,
}

impl GroupRow {
    /// Of a group with these values: its result, or why there is none, and how many of its rows were left out while they
    /// were read.
    ///
    /// ```
    /// use metaprop::analysis::GroupRow;
    /// use metaprop::{Dataset, Spec, fit};
    /// let pooled = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?, &Spec::default());
    /// let row = GroupRow::new(vec!["Chad".to_string()], &pooled, 0);
    /// assert_eq!((row.k, row.events, row.estimate), (Some(2), Some(17), Some(pooled?.pooled().estimate)));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn new(values: Vec<String>, pooled: &Result<MetaAnalysis, Error>, excluded: usize) -> Self {
        match pooled {
            Ok(result) => Self::of_result(values, result),
            Err(error) => Self { error: Some(on_one_line(error)), ..Self::without_result(values, excluded) },
        }
    }

    fn of_result(values: Vec<String>, result: &MetaAnalysis) -> Self {
        let (pooled, heterogeneity) = (result.pooled(), &result.heterogeneity);
        let (events, total) = result.sums().unzip();
        let [prediction_lower, prediction_upper] =
            result.prediction.as_ref().map_or([None; 2], |prediction| prediction.shown_limits());
        Self {
            k: Some(result.k()),
            events,
            total,
            estimate: finite(pooled.estimate),
            lower: pooled.lower,
            upper: pooled.upper,
            y: pooled.y,
            se: pooled.se,
            tau2: heterogeneity.tau2.map(|tau2| tau2.estimate),
            i2: heterogeneity.i2.map(|i2| i2.estimate),
            q: heterogeneity.cochran.map(|test| test.statistic),
            p: heterogeneity.cochran.map(|test| test.p),
            prediction_lower,
            prediction_upper,
            advisories: result.advisories.iter().map(|advisory| advisory.code).collect(),
            ..Self::without_result(values, result.excluded.len())
        }
    }

    fn without_result(values: Vec<String>, excluded: usize) -> Self {
        Self {
            values,
            k: None,
            events: None,
            total: None,
            estimate: None,
            lower: None,
            upper: None,
            y: None,
            se: None,
            tau2: None,
            i2: None,
            q: None,
            p: None,
            prediction_lower: None,
            prediction_upper: None,
            excluded,
            advisories: Vec::new(),
            error: None,
        }
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// How many problems of a group its error names; the others are counted.
const NAMED: usize = 3;

/// What an error says, on one line and without what to do about it.
fn on_one_line(error: &Error) -> String {
    let (Error::Data(problems) | Error::Usage(problems) | Error::AnalysisFile(problems)) = error else {
        return error.to_string();
    };
    let mut said: Vec<String> = problems.iter().take(NAMED).map(in_words).collect();
    if problems.len() > NAMED {
        said.push(format!("and {} more problems", problems.len() - NAMED));
    }
    said.join("; ")
}

/// `line 3, column 'events': 24 events are more than the total 20`
fn in_words(problem: &Problem) -> String {
    let line = problem.line.map(|line| format!("line {line}"));
    let column = problem.column.as_ref().map(|column| format!("column '{column}'"));
    let place: Vec<String> = line.into_iter().chain(column).collect();
    if place.is_empty() { problem.what.clone() } else { format!("{}: {}", place.join(", "), problem.what) }
}
