//! What the figure says in words: the lines below it, and the sentence for those who cannot see it.

use super::marks::{is_clipped, is_light};
use super::options::Options;
use super::row::Shape;
use super::summary_rows::model_label;
use super::table::{Table, left_out, null_value};
use crate::analysis::MetaAnalysis;
use crate::format::{capitalised, grouped, p_value, studies};
use crate::model::{Heterogeneity, Prediction};
use crate::options::{Choice, Model, Spec, Tau2, ZeroCells};
use crate::plot::axis::Axis;
use crate::plot::heterogeneity::{Quantity, quantities, quantity};

/// The lines below the figure, the heterogeneity first.
#[must_use]
pub fn notes(result: &MetaAnalysis, options: &Options, table: &Table, axis: &Axis) -> Vec<String> {
    let mut notes = vec![heterogeneity(&result.heterogeneity, &result.spec), method(result)];
    notes.push(marks(result, options, table, axis));
    notes.extend(remarks(result, options, table, axis));
    notes
}

/// What was added to counts, what arrows mean, and what has no row.
#[must_use]
pub fn remarks(result: &MetaAnalysis, options: &Options, table: &Table, axis: &Axis) -> Vec<String> {
    let mut notes: Vec<String> = correction(result, table).into_iter().collect();
    notes.extend(arrows(table, axis));
    if table.undrawn > 0 {
        notes.push(format!(
            "The {} studies are not drawn one by one: a figure has rows for at most {}.",
            grouped(table.undrawn as u64),
            grouped(options.most_rows as u64)
        ));
    }
    if table.unlisted > 0 {
        notes.push(match table.unlisted {
            1 => "1 more row was left out and is not listed here.".to_string(),
            more => format!("{} more rows were left out and are not listed here.", grouped(more as u64)),
        });
    }
    notes
}

/// `Heterogeneity: τ² = 0.365, I² = 56.6% (12.9 to 88.0), Q = 29.79, df = 13, p = 0.005`.
#[must_use]
pub fn heterogeneity(h: &Heterogeneity, spec: &Spec) -> String {
    if h.df == 0 {
        return "Heterogeneity: not estimable from one study".to_string();
    }
    let quantities = quantities(h);
    let of = |symbol| quantity(&quantities, symbol);
    let given = if matches!(spec.tau2, Tau2::Fixed(_)) { " (given)" } else { "" };
    let mut parts = Vec::new();
    parts.extend(of("τ²").map(|tau2| tau2.equation() + given));
    parts.extend(of("I²").map(|i2| i2.equation() + &i2.limits_in_brackets("")));
    parts.extend(of("ρ").map(Quantity::equation));
    parts.extend(h.test().and_then(|test| {
        let statistic = of(test.symbol)?.equation();
        Some(format!("{statistic}, df = {}, p {}", grouped(h.df), p_value(test.p)))
    }));
    format!("Heterogeneity: {}", parts.join(", "))
}

/// The measure, the model, the intervals and their level.
pub(super) fn method(result: &MetaAnalysis) -> String {
    let spec = &result.spec;
    let pooled = spec.input_scale.map_or(spec.measure.title(), Choice::title);
    let mut line = format!("{}. {}", capitalised(pooled), capitalised(spec.model.title()));
    if let (Some(_), Tau2::Estimated(method)) = (result.heterogeneity.tau2, spec.tau2) {
        line += &format!(", τ² by {}", method.title());
    }
    line += &format!(". {} intervals: studies {}", spec.level, spec.study_ci.title());
    if result.pooled().lower.is_some() {
        let ci = if spec.model == Model::Common { "Wald (normal quantile)" } else { spec.ci.title() };
        line += &format!("; pooled {ci}");
    }
    if result.prediction.is_some() {
        line += &format!("; prediction {}", spec.prediction_word().title);
    }
    // The titles are typed with a hyphen; in print a minus is a minus, and stays with its numbers.
    line.replace("k - 1", "k\u{a0}−\u{a0}1").replace("k - 2", "k\u{a0}−\u{a0}2") + "."
}

/// What squares, diamonds, bars and the dashed line mean.
fn marks(result: &MetaAnalysis, options: &Options, table: &Table, axis: &Axis) -> String {
    let mut parts = Vec::new();
    let has = |is: fn(&Shape) -> bool| table.rows.iter().any(|row| is(&row.shape));
    if has(|shape| matches!(shape, Shape::Study { .. })) {
        let light = table.rows.iter().any(|row| is_light(&row.shape, &options.theme));
        let ticks =
            if light { format!(", a tick if under {} px", options.theme.least_side) } else { String::new() };
        parts.push(format!("squares: area proportional to weight{ticks}"));
    }
    parts.push("diamonds: pooled estimates with their intervals".to_string());
    if has(|shape| matches!(shape, Shape::Prediction(_))) {
        parts.push("bar: prediction interval".to_string());
    }
    parts.push("dashed line: pooled estimate".to_string());
    let null = null_value(result).filter(|_| table.null.is_some_and(|null| axis.holds(null)));
    parts.extend(null.map(|null| format!("solid line: {null}")));
    capitalised(&parts.join("; ")) + "."
}

/// What arrows mean, where there are any.
fn arrows(table: &Table, axis: &Axis) -> Option<String> {
    if !table.rows.iter().any(|row| is_clipped(&row.shape, axis.domain)) {
        return None;
    }
    let outside = |shape: &Shape| matches!(shape, Shape::Study { estimate, .. } if !axis.holds(*estimate));
    let estimates = if table.rows.iter().any(|row| outside(&row.shape)) {
        " Without a square, the estimate lies there too."
    } else {
        ""
    };
    Some(format!("Arrows: the interval goes on beyond the axis; its limits stand at the right.{estimates}"))
}

/// What was added to which studies.
fn correction(result: &MetaAnalysis, table: &Table) -> Option<String> {
    let spec = &result.spec;
    if !result.sizes.any_corrected() {
        return None;
    }
    let added = format!("{} was added to events and to non-events for pooling", spec.zero_amount);
    let shown = "proportions are those of the counts as they are";
    Some(match spec.zero_cells {
        ZeroCells::Only0 if table.undrawn > 0 => format!("Where none or all had the event, {added}."),
        ZeroCells::Only0 => format!("† None or all had the event: {added}; {shown}."),
        _ => format!("In every study {added}; {shown}."),
    })
}

/// What the figure shows, in sentences.
#[must_use]
pub fn description(result: &MetaAnalysis, options: &Options) -> String {
    let (display, spec, pooled) = (options.display, &result.spec, result.pooled());
    let mut text = format!("Forest plot of {}. ", studies(result.k()));
    text += &format!(
        "{}: the pooled {} is {}",
        model_label(spec.model, spec),
        result.scale.noun(),
        display.with_sign(pooled.estimate)
    );
    let [lower, upper] = pooled.shown_limits();
    if let Some(interval) = display.interval(lower, upper) {
        text += &format!(" ({} confidence interval {interval})", spec.level);
    }
    text += ". ";
    let predicted = result.prediction.as_ref().map_or([None; 2], Prediction::shown_limits);
    if let Some(interval) = display.interval(predicted[0], predicted[1]) {
        text += &format!("The {} prediction interval is {interval}. ", spec.level);
    }
    text += &format!("{}.", heterogeneity(&result.heterogeneity, spec));
    match left_out(result).count() {
        0 => {}
        1 => text += " One row was left out.",
        more => text += &format!(" {} rows were left out.", grouped(more as u64)),
    }
    text
}
