//! The rows of subgroups: the studies of each in a block of its own, and what they come to.

use super::options::Options;
use super::row::{Effect, Kind, Row, Shape, data_of, numbers, percent};
use super::study_rows;
use crate::analysis::{MetaAnalysis, Subgroup, Subgroups};
use crate::format::{p_value, studies};
use crate::options::Model;
use crate::plot::heterogeneity::{Quantity, between, quantities};
use crate::plot::text::shown;

/// The studies in blocks, each below the name of its level and above what it comes to. Without rows for studies, the
/// names and what they come to.
pub(super) fn blocks(
    of: &Subgroups,
    studies: Vec<Row>,
    whole: &MetaAnalysis,
    models: &[Model],
    options: &Options,
) -> Vec<Row> {
    let mut places = vec![0; if options.order.is_some() { whole.k() } else { 0 }];
    for (place, study) in study_rows::order(whole, options).into_iter().flatten().enumerate() {
        places[study as usize] = place;
    }
    let mut studies: Vec<Option<Row>> = studies.into_iter().map(Some).collect();
    let mut rows = Vec::with_capacity(studies.len() + 3 * of.levels.len());
    for (level, number) in of.levels.iter().zip(1..) {
        let id = format!("g1-{number}");
        rows.push(heading(format!("{id}-name"), shown(&level.of.level).into_owned()));
        let mut within = level.of.studies.clone();
        within.sort_by_key(|study| places.get(*study as usize));
        rows.extend(within.iter().filter_map(|study| studies.get_mut(*study as usize)?.take()));
        let label = format!("Subtotal ({})", self::studies(level.of.studies.len()));
        let row = subtotal(&id, label, level, options);
        rows.push(Row { weights: shares(level, whole, models), ..row });
        rows.extend(remark(&id, level));
    }
    rows
}

/// What each level of a further column comes to.
pub(super) fn subtotals(
    of: &Subgroups,
    place: usize,
    whole: &MetaAnalysis,
    models: &[Model],
    options: &Options,
) -> Vec<Row> {
    let mut rows = vec![heading(format!("g{place}-name"), format!("By {}", shown(&of.column)))];
    for (level, number) in of.levels.iter().zip(1..) {
        let id = format!("g{place}-{number}");
        let label = format!("{} ({})", shown(&level.of.level), self::studies(level.of.studies.len()));
        let row = subtotal(&id, label, level, options);
        rows.push(Row { weights: shares(level, whole, models), ..row });
    }
    rows
}

/// Whether the levels differ.
pub(super) fn test(of: &Subgroups, place: usize) -> Row {
    let words = match place {
        1 => between(of),
        _ => format!("By {}: {}", shown(&of.column), between(of)),
    };
    Row::words(Kind::Remark, format!("g{place}-test"), words)
}

fn heading(id: String, label: String) -> Row {
    Row::words(Kind::Heading, id, label)
}

fn subtotal(id: &str, label: String, level: &Subgroup, options: &Options) -> Row {
    let Some(result) = &level.result else {
        let reason = level.reason.clone().unwrap_or_default();
        let row = Row::words(Kind::Remark, id.to_string(), label);
        return Row { effect: Effect::Words(shown(&reason).into_owned()), ..row };
    };
    let (pooled, display) = (result.pooled(), options.display);
    let [lower, upper] = pooled.shown_limits();
    let limits = lower.zip(upper).map(<[f64; 2]>::from);
    let interval =
        display.interval(lower, upper).map_or_else(String::new, |interval| format!(" ({interval})"));
    let name = shown(&level.of.level);
    Row {
        title: format!("{name}: {}{interval}", display.with_sign(pooled.estimate)),
        data: data_of(Some(pooled.estimate), limits, None),
        effect: numbers(display, Some(pooled.estimate), lower, upper),
        shape: Shape::Diamond { model: result.spec.model, estimate: pooled.estimate, limits },
        ..Row::words(Kind::Pooled, id.to_string(), label)
    }
    .counted(result.sums())
}

/// What the studies of a level weigh together in the pooled values of all.
fn shares(level: &Subgroup, whole: &MetaAnalysis, models: &[Model]) -> Vec<String> {
    let share = |model: &Model| {
        let weights = whole.weights_of(*model);
        let own = level.of.studies.iter().filter_map(|study| weights.get(*study as usize));
        percent(own.sum::<f64>())
    };
    models.iter().map(share).collect()
}

/// How much the studies of a level differ.
fn remark(id: &str, level: &Subgroup) -> Option<Row> {
    let result = level.result.as_ref().filter(|result| result.k() > 1)?;
    let heterogeneity = &result.heterogeneity;
    let variances = quantities(heterogeneity);
    let of_interest = variances.iter().filter(|quantity| matches!(quantity.symbol, "τ²" | "ρ" | "I²"));
    let mut words: Vec<String> = of_interest.map(Quantity::equation).collect();
    words.extend(heterogeneity.test().map(|test| format!("p {}", p_value(test.p))));
    Some(Row::words(Kind::Remark, format!("{id}-heterogeneity"), words.join(", ")))
}
