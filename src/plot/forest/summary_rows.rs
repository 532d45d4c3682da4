//! The rows below the studies: totals, pooled estimates, the prediction interval, and their names.

use super::options::Options;
use super::row::{Effect, Kind, Row, Shape, data_of, numbers, percent};
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, capitalised, grouped, sanitize, studies};
use crate::model::{Prediction, Summary};
use crate::options::{Choice, Ci, Model, Spec, Tau2};

/// Totals, pooled estimates and the prediction interval, from the top.
#[must_use]
pub fn all(result: &MetaAnalysis, options: &Options) -> Vec<Row> {
    let display = options.display;
    let mut rows = vec![total_row(result, options.unit.as_deref())];
    if options.common {
        rows.push(summary_row(Model::Common, &result.common, result, display));
    }
    rows.extend(result.random.as_ref().map(|random| summary_row(result.spec.model, random, result, display)));
    rows.extend(
        result.prediction.as_ref().and_then(|prediction| prediction_row(prediction, &result.spec, display)),
    );
    rows
}

fn total_row(result: &MetaAnalysis, unit: Option<&str>) -> Row {
    let sums = result.sums();
    let counts = sums.map(|(events, total)| [events.to_string(), total.to_string()]);
    let unit = unit.map(|unit| format!(" {}", sanitize(unit))).unwrap_or_default();
    let of = sums.map_or_else(String::new, |(events, total)| format!(": {events} of {total}{unit}"));
    let label = match sums {
        Some((_, total)) if !unit.is_empty() => {
            format!("Total ({}, {}{unit})", studies(result.k()), grouped(total))
        }
        _ => format!("Total ({})", studies(result.k())),
    };
    Row {
        kind: Kind::Total,
        id: "total".to_string(),
        title: format!("{label}{of}"),
        data: counts
            .iter()
            .flat_map(|[events, total]| [("events", events.clone()), ("total", total.clone())])
            .collect(),
        label,
        counts,
        effect: Effect::Blank,
        weight: String::new(),
        weight_common: String::new(),
        shape: Shape::None,
    }
}

fn summary_row(model: Model, summary: &Summary, result: &MetaAnalysis, display: NumberFormat) -> Row {
    let label = model_label(model, &result.spec);
    let [lower, upper] = summary.shown_limits();
    let limits = lower.zip(upper).map(<[f64; 2]>::from);
    let interval =
        display.interval(lower, upper).map_or_else(String::new, |interval| format!(" ({interval})"));
    Row {
        kind: Kind::Pooled,
        id: model.key().to_string(),
        title: format!("{label}: {}{interval}", display.with_sign(summary.estimate)),
        data: data_of(Some(summary.estimate), limits, None),
        label,
        counts: None,
        effect: numbers(display, Some(summary.estimate), lower, upper),
        weight: if model == result.spec.model { percent(1.0) } else { String::new() },
        weight_common: if model == Model::Common { percent(1.0) } else { String::new() },
        shape: Shape::Diamond { model, estimate: summary.estimate, limits },
    }
}

/// None where its limits are one value, which is no interval.
fn prediction_row(prediction: &Prediction, spec: &Spec, display: NumberFormat) -> Option<Row> {
    let [lower, upper] = prediction.shown_limits();
    let (lower, upper) = lower.zip(upper)?;
    let label = "Prediction interval".to_string();
    let interval = display.interval(Some(lower), Some(upper)).unwrap_or_default();
    Some(Row {
        kind: Kind::Pooled,
        id: "prediction".to_string(),
        title: format!("{} prediction interval: {interval}{}", spec.level, display.sign()),
        data: data_of(None, Some([lower, upper]), None),
        label,
        counts: None,
        effect: numbers(display, None, Some(lower), Some(upper)),
        weight: String::new(),
        weight_common: String::new(),
        shape: Shape::Prediction([lower, upper]),
    })
}

/// What the model is called in its row: `Random-effects model (REML, Hartung-Knapp)`.
#[must_use]
pub fn model_label(model: Model, spec: &Spec) -> String {
    let name = capitalised(model.title());
    match model {
        Model::Common => name,
        // A likelihood model has one way to be fitted.
        Model::Glmm | Model::BetaBinomial => format!("{name} ({})", ci_name(spec.ci)),
        _ => format!("{name} ({}, {})", tau2_name(spec.tau2), ci_name(spec.ci)),
    }
}

fn tau2_name(tau2: Tau2) -> String {
    match tau2 {
        Tau2::Estimated(method) => method.key().to_uppercase(),
        Tau2::Fixed(value) => format!("τ² = {value}"),
    }
}

/// The interval's name in a label; its full title stands in the notes.
fn ci_name(ci: Ci) -> &'static str {
    match ci {
        Ci::Hk => "Hartung-Knapp",
        Ci::HkFloor => "Hartung-Knapp, floored",
        Ci::T => "t",
        other => other.title().split(" (").next().unwrap_or_default(),
    }
}
