//! The rows of subgroups: the studies of each in a block of its own, and what they come to.

use super::options::Options;
use super::row::{Effect, Kind, Row, Shape, data_of, numbers};
use crate::analysis::{MetaAnalysis, Subgroup, Subgroups};
use crate::format::{p_value, studies};
use crate::plot::heterogeneity::{Quantity, between, quantities};
use crate::plot::text::shown;

/// The studies in blocks, each below the name of its level and above what it comes to. Without rows for studies, the
/// names and what they come to.
pub(super) fn blocks(of: &Subgroups, studies: Vec<Row>, options: &Options) -> Vec<Row> {
    let mut studies: Vec<Option<Row>> = studies.into_iter().map(Some).collect();
    let mut rows = Vec::with_capacity(studies.len() + 3 * of.levels.len());
    for (level, number) in of.levels.iter().zip(1..) {
        let id = format!("g1-{number}");
        rows.push(heading(format!("{id}-name"), shown(&level.of.level).into_owned()));
        rows.extend(level.of.studies.iter().filter_map(|study| studies.get_mut(*study as usize)?.take()));
        rows.push(subtotal(
            &id,
            format!("Subtotal ({})", self::studies(level.of.studies.len())),
            level,
            options,
        ));
        rows.extend(remark(&id, level));
    }
    rows
}

/// What each level of a further column comes to.
pub(super) fn subtotals(of: &Subgroups, place: usize, options: &Options) -> Vec<Row> {
    let mut rows = vec![heading(format!("g{place}-name"), format!("By {}", shown(&of.column)))];
    for (level, number) in of.levels.iter().zip(1..) {
        let id = format!("g{place}-{number}");
        let label = format!("{} ({})", shown(&level.of.level), self::studies(level.of.studies.len()));
        rows.push(subtotal(&id, label, level, options));
    }
    rows
}

/// Whether the levels differ.
pub(super) fn test(of: &Subgroups, place: usize) -> Row {
    let words = match place {
        1 => between(of),
        _ => format!("By {}: {}", shown(&of.column), between(of)),
    };
    words_alone(Kind::Remark, format!("g{place}-test"), words)
}

fn heading(id: String, label: String) -> Row {
    words_alone(Kind::Heading, id, label)
}

fn words_alone(kind: Kind, id: String, label: String) -> Row {
    Row {
        kind,
        id,
        title: label.clone(),
        data: Vec::new(),
        label,
        counts: None,
        effect: Effect::Blank,
        weight: String::new(),
        weight_common: String::new(),
        shape: Shape::None,
    }
}

fn subtotal(id: &str, label: String, level: &Subgroup, options: &Options) -> Row {
    let Some(result) = &level.result else {
        let reason = level.reason.clone().unwrap_or_default();
        let row = words_alone(Kind::Remark, id.to_string(), label);
        return Row { effect: Effect::Words(shown(&reason).into_owned()), ..row };
    };
    let (pooled, display) = (result.pooled(), options.display);
    let [lower, upper] = pooled.shown_limits();
    let limits = lower.zip(upper).map(<[f64; 2]>::from);
    let interval =
        display.interval(lower, upper).map_or_else(String::new, |interval| format!(" ({interval})"));
    let name = shown(&level.of.level);
    Row {
        kind: Kind::Pooled,
        id: id.to_string(),
        title: format!("{name}: {}{interval}", display.with_sign(pooled.estimate)),
        data: data_of(Some(pooled.estimate), limits, None),
        label,
        counts: counts(result),
        effect: numbers(display, Some(pooled.estimate), lower, upper),
        weight: String::new(),
        weight_common: String::new(),
        shape: Shape::Diamond { model: result.spec.model, estimate: pooled.estimate, limits },
    }
}

fn counts(result: &MetaAnalysis) -> Option<[String; 2]> {
    result.sums().map(|(events, total)| [events.to_string(), total.to_string()])
}

/// How much the studies of a level differ.
fn remark(id: &str, level: &Subgroup) -> Option<Row> {
    let result = level.result.as_ref().filter(|result| result.k() > 1)?;
    let heterogeneity = &result.heterogeneity;
    let variances = quantities(heterogeneity);
    let of_interest = variances.iter().filter(|quantity| matches!(quantity.symbol, "τ²" | "ρ" | "I²"));
    let mut words: Vec<String> = of_interest.map(Quantity::equation).collect();
    words.extend(heterogeneity.test().map(|test| format!("p {}", p_value(test.p))));
    Some(words_alone(Kind::Remark, format!("{id}-heterogeneity"), words.join(", ")))
}
