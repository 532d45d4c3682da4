//! What the figure says in words: the lines below it, and the sentence for those who cannot see it.

use super::bias::Judgement;
use super::marks::{is_clipped, is_light};
use super::options::Options;
use super::row::Shape;
use super::summary_rows::model_label;
use super::table::{Table, left_out, null_value};
use crate::analysis::MetaAnalysis;
use crate::format::{capitalised, grouped, p_value, studies};
use crate::model::Prediction;
use crate::options::{Choice, Model, Tau2, ZeroCells};
use crate::plot::axis::Axis;
use crate::plot::heterogeneity::{line, quantities, quantity};

/// The lines below the figure, the heterogeneity first.
#[must_use]
pub fn notes(result: &MetaAnalysis, options: &Options, table: &Table, axis: &Axis) -> Vec<String> {
    let own = || line(&result.heterogeneity, &result.spec);
    let mut notes = vec![in_house_style(result, options).unwrap_or_else(own), method(result)];
    notes.extend(below(&[result], options, table, axis));
    notes
}

/// The methods of several outcomes, once where they are the same.
#[must_use]
pub(super) fn methods(outcomes: &[(String, &MetaAnalysis)]) -> Vec<String> {
    let methods: Vec<String> = outcomes.iter().map(|(_, result)| method(result)).collect();
    if methods.iter().all(|method| *method == methods[0]) {
        return vec![methods[0].clone()];
    }
    outcomes.iter().zip(&methods).map(|((title, _), method)| format!("{title}: {method}")).collect()
}

/// The lines below a figure of several outcomes: the methods, once where they are the same.
#[must_use]
pub(super) fn notes_of_several(
    outcomes: &[(String, &MetaAnalysis)],
    options: &Options,
    table: &Table,
    axis: &Axis,
) -> Vec<String> {
    let mut notes = methods(outcomes);
    let results: Vec<&MetaAnalysis> = outcomes.iter().map(|(_, result)| *result).collect();
    notes.extend(below(&results, options, table, axis));
    notes
}

/// What marks and signs mean, and what is not drawn.
fn below(results: &[&MetaAnalysis], options: &Options, table: &Table, axis: &Axis) -> Vec<String> {
    let mut notes = vec![marks(results[0], options, table, axis)];
    notes.extend(judgements(table));
    notes.extend(remarks(results, options, table, axis));
    notes
}

/// What was added to counts, what arrows mean, and what has no row.
#[must_use]
pub fn remarks(results: &[&MetaAnalysis], options: &Options, table: &Table, axis: &Axis) -> Vec<String> {
    let mut notes: Vec<String> =
        results.iter().find_map(|result| correction(result, table)).into_iter().collect();
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

/// The line on heterogeneity as the theme has it; none where a quantity of it does not exist.
fn in_house_style(result: &MetaAnalysis, options: &Options) -> Option<String> {
    let (h, house) = (&result.heterogeneity, &options.theme.house);
    if house.heterogeneity.is_empty() || h.df == 0 {
        return None;
    }
    let quantities = quantities(h);
    let value = |symbol| quantity(&quantities, symbol).map(|quantity| house.number(&quantity.value));
    let test = h.test();
    let q = test.as_ref().and_then(|test| value(test.symbol));
    let p = test.as_ref().map(|test| house.p_value(&p_value(test.p)));
    let known = [
        ("{tau2}", value("τ²")),
        ("{i2}", value("I²")),
        ("{q}", q),
        ("{df}", Some(grouped(h.df))),
        ("{p}", p),
    ];
    let mut text = house.heterogeneity.to_string();
    for (place, value) in known {
        if text.contains(place) {
            let value = value?;
            // `P=0.005` where the theme leaves no space before it.
            text = text.replace(&format!(" {place}"), &format!(" {value}"));
            text = text.replace(place, &value.replace(' ', ""));
        }
    }
    Some(text)
}

/// What the signs of the risk of bias mean, those that are there.
fn judgements(table: &Table) -> Option<String> {
    let is_there = |judgement: &Judgement| table.rows.iter().any(|row| row.bias.contains(judgement));
    let words: Vec<String> = Judgement::ALL
        .into_iter()
        .filter(is_there)
        .map(|judgement| format!("{} {}", judgement.sign(), judgement.name()))
        .collect();
    (!words.is_empty()).then(|| format!("Risk of bias: {}.", words.join("; ")))
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
    if table.reference.is_some() {
        parts.push("dashed line: pooled estimate".to_string());
    }
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
    text += &format!("{}.", line(&result.heterogeneity, spec));
    match left_out(result).count() {
        0 => {}
        1 => text += " One row was left out.",
        more => text += &format!(" {} rows were left out.", grouped(more as u64)),
    }
    text
}
