//! The axis of estimates: places on the analysis scale, labels as proportions or estimates are shown.

use super::look::Look;
use super::panel::Side;
use crate::analysis::MetaAnalysis;
use crate::format::capitalised;
use crate::options::Choice;
use crate::plot::axis::Axis;

/// The axis that reaches as far as these values, `room` long, with this part of their range beyond each end.
pub(super) fn axis(
    values: impl Iterator<Item = f64>,
    beyond: f64,
    result: &MetaAnalysis,
    look: &Look,
    room: f64,
) -> Side {
    let values = values.filter(|value| value.is_finite());
    let [low, high] = values
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
    let [low, high] = if low <= high { [low, high] } else { [-1.0, 1.0] };
    let more = if high > low { beyond * (high - low) } else { 0.1 * low.abs().max(0.1) };
    let domain = [low - more, high + more];
    let axis = Axis::of_scale(domain, result.scale(), look.display, room, look.theme.axis_type);
    Side::new(axis, title(result, look))
}

/// What such an axis shows: `Proportion, % (logit scale)`.
fn title(result: &MetaAnalysis, look: &Look) -> String {
    let noun = capitalised(result.scale().noun());
    let unit = look.display.unit().unwrap_or_else(|| look.display.sign().to_string());
    let unit = if unit.is_empty() { unit } else { format!(", {unit}") };
    let scale = match (result.spec.input_scale, result.spec.measure) {
        (Some(scale), _) => scale.key(),
        (None, measure) => measure.key(),
    };
    if matches!(scale, "raw" | "identity") {
        format!("{noun}{unit}")
    } else {
        format!("{noun}{unit} ({scale} scale)")
    }
}
