//! A result in plain words.

use super::results::share;
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, fixed, grouped, p_value, significant};
use crate::model::distribution::{Distribution, Shape};
use crate::model::{Component, Prediction};
use crate::options::Choice;

/// What came out, for a reader who reads nothing else: one sentence each on the pooled proportion,
/// the prediction and the heterogeneity, as far as they exist.
#[must_use]
pub fn summary(outcome: &MetaAnalysis, display: NumberFormat) -> Vec<String> {
    let mut sentences = vec![pooled(outcome, display)];
    sentences.extend(outcome.prediction.as_ref().map(|interval| prediction(interval, outcome, display)));
    sentences.extend(heterogeneity(outcome));
    sentences.extend(outcome.distribution.as_ref().map(|spread| distribution(spread, outcome, display)));
    sentences
}

fn distribution(spread: &Distribution, outcome: &MetaAnalysis, display: NumberFormat) -> String {
    let share = spread.cutoffs.iter().map(|cutoff| {
        let (above, limits) = share(cutoff);
        let limits = limits
            .map(|limits| format!(" ({} confidence interval {limits})", outcome.spec.level))
            .unwrap_or_default();
        format!("; {above} of them{limits} are estimated to lie above {}", display.exact(cutoff.cutoff))
    });
    let share: String = share.collect();
    if spread.shape == Shape::Point {
        let estimate = display.proportion(spread.lower_5);
        let value = outcome.scale.true_value();
        return format!("As fitted, all studies have the same {value}, {estimate}{share}.");
    }
    let range = display.limits(Some(spread.lower_5), Some(spread.upper_95)).unwrap_or_default();
    format!(
        "The {}s of such studies are estimated to spread from {range} (5th to 95th percentile){share}.",
        outcome.scale.true_value()
    )
}

fn pooled(outcome: &MetaAnalysis, display: NumberFormat) -> String {
    let counts = outcome
        .sums()
        .map(|(events, total)| format!(" with {} events among {} people", grouped(events), grouped(total)));
    let counts = counts.unwrap_or_default();
    let summary = outcome.pooled();
    let estimate = display.proportion(summary.estimate);
    let interval = display
        .limits(summary.lower, summary.upper)
        .map(|limits| format!(" ({} confidence interval {limits})", outcome.spec.level))
        .unwrap_or_default();
    match outcome.k() {
        1 if counts.is_empty() => format!("One study: {estimate}{interval}."),
        1 => format!("One study,{counts}: {estimate}{interval}."),
        k => {
            let model = outcome.spec.model.title();
            let k = grouped(k as u64);
            let what = outcome.scale.noun();
            format!("Across {k} studies{counts}, the pooled {what} is {estimate}{interval}, by a {model}.")
        }
    }
}

fn prediction(interval: &Prediction, outcome: &MetaAnalysis, display: NumberFormat) -> String {
    let limits = display.limits(Some(interval.lower), Some(interval.upper)).unwrap_or_default();
    format!(
        "In a further study like these, the {} is expected to lie in the range {limits} ({} prediction interval).",
        outcome.scale.true_value(),
        outcome.spec.level
    )
}

fn heterogeneity(outcome: &MetaAnalysis) -> Option<String> {
    let h = &outcome.heterogeneity;
    if h.df == 0 {
        return None;
    }
    let mut parts = Vec::with_capacity(3);
    parts.extend(
        h.i2.map(|i2| format!("I² = {}%{}", fixed(i2.estimate, 1), between(i2, "%", |x| fixed(x, 1)))),
    );
    parts.extend(h.tau2.map(|tau2| {
        format!("τ² = {}{}", significant(tau2.estimate, 3), between(tau2, "", |x| significant(x, 3)))
    }));
    let degrees = if h.df == 1 { "1 degree".to_string() } else { format!("{} degrees", grouped(h.df)) };
    let test = h.test()?;
    parts.push(format!(
        "{} = {} on {degrees} of freedom, p {}",
        test.symbol,
        fixed(test.statistic, 2),
        p_value(test.p)
    ));
    let lead = match (test.p < 0.1, h.tau2.map(|tau2| tau2.estimate)) {
        (true, _) => "The studies differ more than chance alone would have them",
        (false, Some(0.0)) => "The studies differ no more than chance would have them",
        (false, _) => "The studies do not clearly differ more than chance would have them",
    };
    Some(format!("{lead}: {}.", parts.join("; ")))
}

fn between(of: Component, unit: &str, write: impl Fn(f64) -> String) -> String {
    let limits =
        of.limits().map(|[lower, upper]| format!(" ({}{unit} to {}{unit})", write(lower), write(upper)));
    limits.unwrap_or_default()
}
