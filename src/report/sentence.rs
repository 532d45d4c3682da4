//! A result in plain words.

use super::results::share;
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, grouped, p_value, sanitize};
use crate::model::distribution::{Distribution, Shape};
use crate::model::{Heterogeneity, Prediction};
use crate::options::{Choice, Model, Shown};
use crate::plot::heterogeneity::{quantities, quantity};

/// The result in short: one sentence each on the pooled proportion,
/// the prediction and the heterogeneity, as far as they exist.
#[must_use]
pub fn summary(result: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> Vec<String> {
    let mut sentences = vec![pooled(result, display, shown)];
    sentences.extend(result.prediction.as_ref().and_then(|interval| prediction(interval, result, display)));
    sentences.extend(heterogeneity(result));
    sentences.extend(result.distribution.as_ref().map(|spread| distribution(spread, result, display)));
    sentences
}

fn distribution(spread: &Distribution, result: &MetaAnalysis, display: NumberFormat) -> String {
    let share = spread.cutoffs.iter().map(|cutoff| {
        let (above, limits) = share(cutoff);
        let limits = limits
            .map(|limits| format!(" ({} confidence interval {limits})", result.spec.level))
            .unwrap_or_default();
        format!("; {above} of them{limits} are estimated to lie above {}", display.exact(cutoff.cutoff))
    });
    let share: String = share.collect();
    if spread.shape == Shape::Point {
        let estimate = display.with_sign(spread.lower_5);
        let value = result.scale.true_value();
        return format!("As fitted, all studies have the same {value}, {estimate}{share}.");
    }
    let range = display.limits(Some(spread.lower_5), Some(spread.upper_95)).unwrap_or_default();
    format!(
        "The {}s of such studies are estimated to spread from {range} (5th to 95th percentile){share}.",
        result.scale.true_value()
    )
}

fn pooled(result: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> String {
    let unit = sanitize(shown.unit());
    let counts = result
        .sums()
        .map(|(events, total)| format!(" with {} events among {} {unit}", grouped(events), grouped(total)));
    let counts = counts.unwrap_or_default();
    let summary = result.pooled();
    let estimate = display.with_sign(summary.estimate);
    let [lower, upper] = summary.shown_limits();
    let interval = match display.limits(lower, upper) {
        Some(limits) => format!(" ({} confidence interval {limits})", result.spec.level),
        None if summary.has_no_width() => " (without an interval: all estimates are equal)".to_string(),
        None => String::new(),
    };
    match result.k() {
        1 if counts.is_empty() => format!("One study: {estimate}{interval}."),
        1 => format!("One study,{counts}: {estimate}{interval}."),
        k if result.spec.model == Model::ThreeLevel => {
            let (model, what) = (result.spec.model.title(), result.scale.noun());
            let rows = basis_of_rows(result, k);
            format!("Across {rows}, the pooled {what} is {estimate}{interval}, by a {model}.")
        }
        k => {
            let model = result.spec.model.title();
            let k = grouped(k as u64);
            let what = result.scale.noun();
            format!("Across {k} studies{counts}, the pooled {what} is {estimate}{interval}, by a {model}.")
        }
    }
}

/// `23 rows of 14 clusters by study, whose totals add up to 382 with 212 events`: rows of one cluster may count the same
/// people, so no number of people is said.
pub(super) fn basis_of_rows(result: &MetaAnalysis, k: usize) -> String {
    let counts = result.sums().map(|(events, total)| {
        format!(", whose totals add up to {} with {} events", grouped(total), grouped(events))
    });
    rows_in_clusters(result, k) + &counts.unwrap_or_default()
}

/// `23 rows of 14 clusters by study`.
pub(super) fn rows_in_clusters(result: &MetaAnalysis, k: usize) -> String {
    let clusters = result.data().clusters().map(|clusters| {
        let [all, _] = clusters.among(&result.sizes().study);
        let by = if clusters.column().is_empty() {
            String::new()
        } else {
            format!(" by {}", sanitize(clusters.column()))
        };
        format!(" of {} cluster{}{by}", grouped(all as u64), if all == 1 { "" } else { "s" })
    });
    let rows = if k == 1 { "row" } else { "rows" };
    format!("{} {rows}{}", grouped(k as u64), clusters.unwrap_or_default())
}

fn prediction(interval: &Prediction, result: &MetaAnalysis, display: NumberFormat) -> Option<String> {
    let [lower, upper] = interval.shown_limits();
    let limits = display.limits(lower, upper)?;
    Some(format!(
        "In a further study like these, the {} is expected to lie in the range {limits} ({} prediction interval).",
        result.scale.true_value(),
        result.spec.level
    ))
}

fn heterogeneity(result: &MetaAnalysis) -> Option<String> {
    let h = &result.heterogeneity;
    if h.df == 0 {
        return None;
    }
    let quantities = quantities(h);
    let of = |symbol| quantity(&quantities, symbol).map(|of| of.equation() + &of.limits_in_brackets(of.unit));
    let mut parts: Vec<String> = ["I²", "τ²", "τ² between clusters", "τ² within", "ρ"]
        .into_iter()
        .filter(|symbol| *symbol != "I²" || !h.i2_leaves_out())
        .filter_map(of)
        .collect();
    let degrees = if h.df == 1 { "1 degree".to_string() } else { format!("{} degrees", grouped(h.df)) };
    let test = h.test()?;
    let statistic = quantity(&quantities, test.symbol)?.equation();
    parts.push(format!("{statistic} on {degrees} of freedom, p {}", p_value(test.p)));
    // The interval of τ² in clusters is of two variances: the test says whether the rows differ at all.
    let by_test = result.spec.model == Model::ThreeLevel;
    let lead = if differ(h, test.p, by_test) {
        "The studies differ more than chance alone would have them"
    } else if h.tau2.and_then(|tau2| tau2.limits()) == Some([0.0; 2]) {
        "The studies differ no more than chance would have them"
    } else {
        "The studies do not clearly differ more than chance would have them"
    };
    Some(format!("{lead}: {}.", parts.join("; ")))
}

/// Whether the studies clearly differ: the interval of τ², or of ρ, excludes 0; without one, and where the test is
/// asked, the test does and the estimate is not 0.
fn differ(h: &Heterogeneity, p: f64, by_test: bool) -> bool {
    let lower = |lower: Option<f64>| lower.filter(|_| !by_test).map_or(p < 0.1, |lower| lower > 0.0);
    h.tau2.or(h.rho).is_some_and(|spread| spread.estimate > 0.0 && lower(spread.lower))
}
