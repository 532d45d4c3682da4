//! The pooled values, their tests, and how much the studies differ, as tables.

use super::table::{Align, Row, Table};
use crate::analysis::{Companion, MetaAnalysis};
use crate::format::{NumberFormat, capitalised, degrees, fixed, p_value, sanitize, significant};
use crate::model::{Cutoff, Prediction, Summary};
use crate::options::{Choice, Model, Shown};
use crate::plot::heterogeneity::quantities;

/// What the common-effect and the random-effects row are called.
#[must_use]
pub fn model_titles(result: &MetaAnalysis) -> [String; 2] {
    [Model::Common, result.spec.model].map(|model| capitalised(model.title()))
}

/// The pooled values with their tests.
#[must_use]
pub fn pooled(result: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> Table {
    let interval = format!("{} CI", result.spec.level);
    let test = test_title(result, display);
    let columns = [
        ("", Align::Left),
        ("Estimate", Align::Right),
        (interval.as_str(), Align::Interval),
        (test.as_str(), Align::Left),
        ("On the analysis scale", Align::Left),
    ];
    let mut table = Table::new(format!("Pooled {}", result.scale.noun()), &columns);
    let [common, random] = model_titles(result);
    if shown.common {
        table.body.push(summary(common, &result.common, display));
    }
    table.body.extend(result.random.as_ref().map(|pooled| summary(random, pooled, display)));
    if let Some(last) = table.body.last_mut() {
        last.strong = true;
    }
    if let Some(prediction) = &result.prediction {
        let interval = predicted(prediction, display);
        let quantile = prediction
            .df
            .map_or("normal quantile".to_string(), |df| format!("t quantile, df {}", degrees(df)));
        table.push(["Prediction interval".to_string(), String::new(), interval, String::new(), quantile]);
    }
    for [label, value, limits] in beside(result, display) {
        table.push([label, value, limits, String::new(), String::new()]);
    }
    if !shown.test {
        table.remove_column(TEST);
    }
    table
}

/// Where the test stands among the columns of the pooled values.
const TEST: usize = 3;

fn summary(title: String, summary: &Summary, display: NumberFormat) -> Row {
    let scale = [("y", summary.y), ("se", summary.se)].into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| value.is_finite())?;
        Some(format!("{name} {}", significant(value, 4)))
    });
    let scale: Vec<String> = scale.collect();
    Row::new(vec![
        title,
        display.with_sign(summary.estimate),
        limits(summary, display),
        test(summary).unwrap_or_else(|| NONE.to_string()),
        scale.join(", "),
    ])
}

/// What stands where there is no number.
pub const NONE: &str = "–";

/// What stands for limits that are one value.
pub(super) const NO_INTERVAL: &str = "no interval";

/// The interval of a pooled value in a cell.
pub(super) fn limits(summary: &Summary, display: NumberFormat) -> String {
    let [lower, upper] = summary.shown_limits();
    let instead = if summary.has_no_width() { NO_INTERVAL } else { NONE };
    display.interval(lower, upper).unwrap_or_else(|| instead.to_string())
}

/// The prediction interval in a cell.
pub(super) fn predicted(prediction: &Prediction, display: NumberFormat) -> String {
    let [lower, upper] = prediction.shown_limits();
    display.interval(lower, upper).unwrap_or_else(|| NO_INTERVAL.to_string())
}

/// What the test compares with: `Test of 50%`, `Test of 500 per 1,000`, or `Test of 1` for a ratio.
#[must_use]
pub fn test_title(result: &MetaAnalysis, display: NumberFormat) -> String {
    format!("Test of {}", display.exact(result.scale.shown_null(result.spec.null)))
}

/// The test of a pooled value against the null value: `t 1.21, df 13, p = 0.25`.
#[must_use]
pub fn test(summary: &Summary) -> Option<String> {
    let p = format!("p {}", p_value(summary.p?));
    let statistic = summary.statistic.map(|statistic| match summary.df {
        Some(df) => format!("t {}, df {}, ", fixed(statistic, 2), degrees(df)),
        None => format!("z {}, ", fixed(statistic, 2)),
    });
    Some(statistic.unwrap_or_default() + &p)
}

/// What stands beside the pooled value: of a median of true proportions their mean, and of sparse data the crude
/// proportion and the exact models. Each is what it is, its value and its limits.
pub(super) fn beside(result: &MetaAnalysis, display: NumberFormat) -> Vec<[String; 3]> {
    let companions = result.companions();
    let crude = result.crude().filter(|_| !companions.is_empty());
    let crude = crude.map(|crude| ["Crude proportion".to_string(), display.with_sign(crude), String::new()]);
    let row = |companion: &Companion| {
        let title = capitalised(companion.model.title());
        let label = format!("{title}: {} of the true proportions", companion.of.word());
        match &companion.fitted {
            Ok(fitted) => {
                let limits = display.interval(fitted.lower, fitted.upper).unwrap_or_default();
                [label, display.with_sign(fitted.estimate), limits]
            }
            Err(reason) => [format!("{label} ({})", sanitize(reason)), NONE.to_string(), String::new()],
        }
    };
    let mean = result.pooled().population.map(|mean| {
        let limits = display.interval(Some(mean.lower), Some(mean.upper)).unwrap_or_default();
        let label = "The estimate is the median of the true proportions; their mean is".to_string();
        [label, display.with_sign(mean.estimate), limits]
    });
    mean.into_iter().chain(crude).chain(companions.iter().map(row)).collect()
}

/// How much the studies differ.
#[must_use]
pub fn heterogeneity(result: &MetaAnalysis, display: NumberFormat) -> Table {
    let interval = format!("{} CI", result.spec.level);
    let columns =
        [("", Align::Left), ("Value", Align::Right), (interval.as_str(), Align::Right), ("", Align::Left)];
    let mut table = Table::new("Heterogeneity", &columns);
    for line in quantities(&result.heterogeneity) {
        let unit = line.unit;
        let limits = line.limits.map(|[lower, upper]| format!("{lower}{unit} to {upper}{unit}"));
        table.push([
            line.symbol.to_string(),
            line.value + unit,
            limits.unwrap_or_default(),
            line.remark.unwrap_or_default(),
        ]);
    }
    let of = format!("{}s", capitalised(result.scale.true_value()));
    for [label, value, limits] in distribution(result, display) {
        let label = if label == SPREAD { format!("{of}, {label}") } else { label };
        table.push([label, value, limits, String::new()]);
    }
    table
}

/// The range that the distribution of true proportions or effects is shown by.
const SPREAD: &str = "5th to 95th percentile";

/// The true proportions or effects: their spread, and the share above a cut-off, each with its limits or none.
pub(super) fn distribution(result: &MetaAnalysis, display: NumberFormat) -> Vec<[String; 3]> {
    let Some(distribution) = &result.distribution else { return Vec::new() };
    let spread = display.limits(Some(distribution.lower_5), Some(distribution.upper_95));
    let mut rows = vec![[SPREAD.to_string(), spread.unwrap_or_default(), String::new()]];
    rows.extend(distribution.cutoffs.iter().map(|cutoff| {
        let (above, limits) = share(cutoff);
        [format!("Share above {}", display.exact(cutoff.cutoff)), above, limits.unwrap_or_default()]
    }));
    rows
}

/// A share of true proportions with its limits: always in percent, whatever proportions are printed in.
pub(super) fn share(cutoff: &Cutoff) -> (String, Option<String>) {
    let percent = |share: f64| NumberFormat::default().with_sign(share);
    let limits = cutoff.lower.zip(cutoff.upper);
    (percent(cutoff.above), limits.map(|(lower, upper)| format!("{} to {}", percent(lower), percent(upper))))
}
