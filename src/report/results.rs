//! The pooled values, their tests, and how much the studies differ: as tables and as short lines.

use super::table::{Align, Row, Table};
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, capitalised, degrees, fixed, grouped, p_value, significant};
use crate::model::{Component, Cutoff, Heterogeneity, Summary};
use crate::options::{Choice, Model};

/// What the common-effect and the random-effects row are called.
#[must_use]
pub fn model_titles(outcome: &MetaAnalysis) -> [String; 2] {
    [Model::Common, outcome.spec.model].map(|model| capitalised(model.title()))
}

/// The pooled values with their tests.
#[must_use]
pub fn pooled(outcome: &MetaAnalysis, display: NumberFormat) -> Table {
    let interval = format!("{} CI", outcome.spec.level);
    let test = test_title(outcome, display);
    let columns = [
        ("", Align::Left),
        ("Estimate", Align::Right),
        (interval.as_str(), Align::Interval),
        (test.as_str(), Align::Left),
        ("On the analysis scale", Align::Left),
    ];
    let mut table = Table::new(format!("Pooled {}", outcome.scale.noun()), &columns);
    let [common, random] = model_titles(outcome);
    table.body.push(summary(common, &outcome.common, display));
    table.body.extend(outcome.random.as_ref().map(|pooled| summary(random, pooled, display)));
    if let Some(last) = table.body.last_mut() {
        last.strong = true;
    }
    if let Some(prediction) = &outcome.prediction {
        let interval = display.interval(Some(prediction.lower), Some(prediction.upper)).unwrap_or_default();
        let quantile = prediction
            .df
            .map_or("normal quantile".to_string(), |df| format!("t quantile, df {}", degrees(df)));
        table.push(["Prediction interval".to_string(), String::new(), interval, String::new(), quantile]);
    }
    table
}

fn summary(title: String, summary: &Summary, display: NumberFormat) -> Row {
    let scale = [("y", summary.y), ("se", summary.se)].into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| value.is_finite())?;
        Some(format!("{name} {}", significant(value, 4)))
    });
    let scale: Vec<String> = scale.collect();
    Row::new(vec![
        title,
        display.proportion(summary.estimate),
        display.interval(summary.lower, summary.upper).unwrap_or_else(|| NONE.to_string()),
        test(summary).unwrap_or_else(|| NONE.to_string()),
        scale.join(", "),
    ])
}

/// What stands where there is no number.
pub const NONE: &str = "–";

/// What the test compares with: `Test of 50%`, `Test of 500 per 1,000`, or `Test of 1` for a ratio.
#[must_use]
pub fn test_title(outcome: &MetaAnalysis, display: NumberFormat) -> String {
    format!("Test of {}", display.exact(outcome.scale.shown_null(outcome.spec.null)))
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

/// How much the studies differ.
#[must_use]
pub fn heterogeneity(outcome: &MetaAnalysis, display: NumberFormat) -> Table {
    let interval = format!("{} CI", outcome.spec.level);
    let columns =
        [("", Align::Left), ("Value", Align::Right), (interval.as_str(), Align::Right), ("", Align::Left)];
    let mut table = Table::new("Heterogeneity", &columns);
    for line in lines(&outcome.heterogeneity) {
        let unit = line.unit;
        let limits = line.limits.map(|[lower, upper]| format!("{lower}{unit} to {upper}{unit}"));
        table.push([
            line.symbol.to_string(),
            line.value + unit,
            limits.unwrap_or_default(),
            line.remark.unwrap_or_default(),
        ]);
    }
    let of = format!("{}s", capitalised(outcome.scale.true_value()));
    for [label, value, limits] in distribution(outcome, display) {
        let label = if label == SPREAD { format!("{of}, {label}") } else { label };
        table.push([label, value, limits, String::new()]);
    }
    table
}

/// The range that the distribution of true proportions or effects is shown by.
const SPREAD: &str = "5th to 95th percentile";

/// The true proportions or effects: their spread, and the share above a cut-off, each with its limits or none.
pub(super) fn distribution(outcome: &MetaAnalysis, display: NumberFormat) -> Vec<[String; 3]> {
    let Some(distribution) = &outcome.distribution else { return Vec::new() };
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
    let percent = |share: f64| NumberFormat::default().proportion(share);
    let limits = cutoff.lower.zip(cutoff.upper);
    (percent(cutoff.above), limits.map(|(lower, upper)| format!("{} to {}", percent(lower), percent(upper))))
}

/// One quantity of heterogeneity, rounded.
pub(super) struct Line {
    pub symbol: &'static str,
    pub value: String,
    pub unit: &'static str,
    pub limits: Option<[String; 2]>,
    pub remark: Option<String>,
}

impl Line {
    /// On one line: `τ² 0.524 (0.120 to 2.31)`.
    pub fn in_words(&self) -> String {
        let unit = self.unit;
        let limits = self.limits.as_ref().map(|[lower, upper]| format!(" ({lower}{unit} to {upper}{unit})"));
        let remark = self.remark.as_ref().map(|remark| format!(", {remark}"));
        format!(
            "{} {}{unit}{}{}",
            self.symbol,
            self.value,
            limits.unwrap_or_default(),
            remark.unwrap_or_default()
        )
    }
}

/// The likelihood ratio against a model without heterogeneity, by the name of what is 0 there.
const fn zero(h: &Heterogeneity) -> &'static str {
    if h.rho.is_some() { "LR of ρ = 0" } else { "LR of τ² = 0" }
}

/// τ², I², H² and Q: each where it exists.
pub(super) fn lines(h: &Heterogeneity) -> Vec<Line> {
    let three = |value: f64| significant(value, 3);
    let both = |of: Option<Component>, write: &dyn Fn(f64) -> String| Some(of?.limits()?.map(write));
    let standard_error = |of: Option<Component>| of?.se.map(|se| format!("se {}", three(se)));
    let percent = |value: f64| fixed(value, 1);
    let mut lines = Vec::with_capacity(4);
    let mut push = |symbol, value: Option<String>, unit, limits, remark| {
        lines.extend(value.map(|value| Line { symbol, value, unit, limits, remark }));
    };
    let estimate = |of: Option<Component>| of.map(|of| of.estimate);
    push("τ²", estimate(h.tau2).map(three), "", both(h.tau2, &three), standard_error(h.tau2));
    push("I²", estimate(h.i2).map(percent), "%", both(h.i2, &percent), None);
    push("H²", h.h2.map(three), "", None, None);
    push("ρ", estimate(h.rho).map(three), "", both(h.rho, &three), standard_error(h.rho));
    if let Some(test) = h.test() {
        let remark = format!("df {}, p {}", grouped(h.df), p_value(test.p));
        push(test.symbol, Some(fixed(test.statistic, 2)), "", None, Some(remark));
    }
    let p = h.against_zero.map(|test| format!("p {}", p_value(test.p)));
    push(zero(h), h.against_zero.map(|test| fixed(test.statistic, 2)), "", None, p);
    lines
}
