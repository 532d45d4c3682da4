//! Axes of estimates that are no proportions: as they are, or ratios by their logarithms.
//!
//! **The range.** It holds every estimate, the limits as far as three times the spread of the estimates (or the median
//! width of the studies' intervals, whichever is more) beyond them, and the value of no effect where that is no further
//! away. What lies beyond is cut by the caller, with an arrow and a note.
//!
//! **The ticks.** Steps of 1, 2 or 5 times a power of ten. On a logarithmic axis over more than a factor of five they
//! are 1, 2 and 5 times the powers of ten, and the powers alone where that is too many.

use super::axis::{Axis, STEPS, Spread, Step, Tick};
use super::figure::Type;
use crate::format::{fixed, significant};
use crate::numeric::elementary::{exp, ln, powi};

/// How far beyond the estimates the axis follows limits, in spreads of the estimates.
const REACH: f64 = 3.0;
/// A logarithmic axis over a smaller factor has even steps.
const EVEN: f64 = 5.0;

impl Axis {
    /// The axis of estimates as they are, `room` wide, labelled in this type.
    #[must_use]
    pub fn of_estimates(spread: &Spread, null: Option<f64>, room: f64, style: Type) -> Self {
        let [low, high] = spread.range(null);
        fitting(room, style, Step::at_least((high - low) / STEPS), |step| {
            even(low, high, step, |value| value)
        })
    }

    /// The axis of ratios; every value, and every place on the axis, is the logarithm of one.
    #[must_use]
    pub fn of_ratios(spread: &Spread, null: Option<f64>, room: f64, style: Type) -> Self {
        let [low, high] = spread.range(null);
        if high - low < ln(EVEN) {
            let (first, last) = (exp(low), exp(high));
            return fitting(room, style, Step::at_least((last - first) / STEPS), |step| {
                even(first, last, step, ln)
            });
        }
        let ladders = [&[1, 2, 5][..], &[1]].into_iter().map(|digits| by_decades(low, high, digits, 1));
        // Over hundreds of decades every second, fifth, tenth … of them has a label.
        let wide = [2, 5, 10, 20, 50, 100].into_iter().map(|stride| by_decades(low, high, &[1], stride));
        let mut axes = ladders.chain(wide);
        let fits = |axis: &Self| axis.ticks.len() <= 8 && axis.fits(room, style);
        axes.find(fits).unwrap_or_else(|| by_decades(low, high, &[1], 200))
    }
}

/// The axis with the smallest step from this one up whose labels do not touch.
fn fitting(room: f64, style: Type, mut step: Step, axis: impl Fn(Step) -> Axis) -> Axis {
    loop {
        let tried = axis(step);
        if tried.ticks.len() <= 2 || tried.fits(room, style) {
            return tried;
        }
        step = step.next();
    }
}

/// The multiples of `step` from the last at or below `low` to the first at or above `high`, each at its place. Where
/// nothing has a place there, the axis begins at `low` itself: 0 has no logarithm.
fn even(low: f64, high: f64, step: Step, place: impl Fn(f64) -> f64) -> Axis {
    let size = step.size();
    let first = (low / size + 1e-9).floor();
    let last = (high / size - 1e-9).ceil().max((low / size).floor() + 1.0).max(first + 1.0);
    let ticks = (first as i64..=last as i64).map(|index| index as f64 * size);
    let ticks: Vec<Tick> = ticks
        .filter(|value| place(*value).is_finite())
        .map(|value| Tick { value: place(value), label: fixed(value, step.decimals()) })
        .collect();
    let start = place(first * size);
    let start = if start.is_finite() { start } else { place(low) };
    Axis { domain: [start, place(last * size)], ticks }
}

/// Labels at these multiples of every `stride`-th power of ten, from the last at or below `low` to the first at or
/// above `high`, both logarithms.
fn by_decades(low: f64, high: f64, digits: &[u8], stride: usize) -> Axis {
    let decade = ln(10.0);
    // Whole strides, so that 1 has a label.
    let whole = |value: f64| (value / (decade * stride as f64)).floor() as i32 * stride as i32;
    let powers = (whole(low)..=whole(high) + stride as i32).step_by(stride);
    let tick = |power: i32, digit: u8| {
        let value = ln(f64::from(digit)) + f64::from(power) * decade;
        Tick { value, label: significant(f64::from(digit) * powi(10.0, power), 1) }
    };
    let all: Vec<Tick> =
        powers.flat_map(|power| digits.iter().map(move |digit| tick(power, *digit))).collect();
    let first = all.iter().rposition(|tick| tick.value <= low + 1e-9).unwrap_or(0);
    let last = all.iter().position(|tick| tick.value >= high - 1e-9).unwrap_or(all.len() - 1);
    let ticks = all[first..=last.max(first)].to_vec();
    Axis { domain: [ticks[0].value, ticks[ticks.len() - 1].value], ticks }
}

impl Spread {
    /// The range that has to be seen.
    fn range(&self, null: Option<f64>) -> [f64; 2] {
        let estimates = || self.pooled.iter().copied().chain(self.studies.iter().map(|study| study[0]));
        let [mut low, mut high] = ends(estimates());
        let mut widths: Vec<f64> = self.studies.iter().map(|study| study[2] - study[1]).collect();
        let middle = widths.len() / 2;
        let median = widths.get_mut(..).filter(|widths| !widths.is_empty());
        let median = median.map_or(0.0, |widths| *widths.select_nth_unstable_by(middle, f64::total_cmp).1);
        // A spread of 0 with intervals of no width: one value alone, which needs some room.
        let unit = (high - low).max(median).max(1e-14 * low.abs().max(high.abs()));
        let limits = self
            .pooled_limits
            .iter()
            .copied()
            .chain(self.studies.iter().flat_map(|study| [study[1], study[2]]));
        let [lower, upper] = ends(limits.chain(estimates()));
        let null = null.filter(|null| low - REACH * unit <= *null && *null <= high + REACH * unit);
        (low, high) = (low.min(lower.max(low - REACH * unit)), high.max(upper.min(high + REACH * unit)));
        if let Some(null) = null {
            (low, high) = (low.min(null), high.max(null));
        }
        if high - low < unit { [low - unit / 2.0, high + unit / 2.0] } else { [low, high] }
    }
}

/// The least and the largest of these values.
fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::theme::Theme;

    fn spread(pooled: [f64; 3], studies: &[[f64; 3]]) -> Spread {
        let [estimate, lower, upper] = pooled;
        Spread { pooled: vec![estimate], pooled_limits: vec![lower, upper], studies: studies.to_vec() }
    }

    fn labels(axis: &Axis) -> String {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    const ROOM: f64 = 260.0;
    const STYLE: Type = Theme::DEFAULT.axis_type;

    #[test]
    fn estimates_are_spanned_with_the_value_of_no_effect_where_it_is_near() {
        let near = spread([-0.4, -0.7, -0.1], &[[-0.5, -1.0, 0.0], [-0.3, -0.9, 0.3]]);
        let axis = Axis::of_estimates(&near, Some(0.0), ROOM, STYLE);
        assert_eq!((axis.domain, &*labels(&axis)), ([-1.0, 0.5], "−1.0 −0.5 0.0 0.5"));
        // The mean blood pressure of a group is not compared with 0.
        let far = spread([131.0, 128.0, 134.0], &[[130.0, 126.0, 134.0], [133.0, 129.0, 137.0]]);
        let axis = Axis::of_estimates(&far, Some(0.0), ROOM, STYLE);
        assert_eq!((axis.domain, &*labels(&axis)), ([126.0, 138.0], "126 128 130 132 134 136 138"));
    }

    #[test]
    fn ratios_stand_at_their_logarithms() {
        let wide = spread([0.5, 0.3, 0.9].map(ln), &[[0.1, 0.02, 0.6].map(ln), [1.2, 0.7, 2.1].map(ln)]);
        let axis = Axis::of_ratios(&wide, Some(0.0), ROOM, STYLE);
        assert_eq!(labels(&axis), "0.02 0.05 0.1 0.2 0.5 1 2 5");
        assert!((axis.domain[0] - ln(0.02)).abs() < 1e-12 && (axis.ticks[5].value).abs() < 1e-15);
        let narrow =
            spread([0.9, 0.8, 1.02].map(ln), &[[0.85, 0.7, 1.03].map(ln), [0.95, 0.8, 1.13].map(ln)]);
        let axis = Axis::of_ratios(&narrow, Some(0.0), ROOM, STYLE);
        assert_eq!(labels(&axis), "0.7 0.8 0.9 1.0 1.1 1.2");
    }

    #[test]
    fn any_values_have_an_axis_with_labels_that_do_not_touch() {
        let values = [-1e300, -1e9, -3.7, -1e-9, 0.0, 1e-12, 0.4, 2.0, 700.0, 1e15, 1e300];
        for low in values {
            for width in [0.0, 1e-9, 0.3, 5.0, 400.0, 1e12] {
                let study = [low, low - width, low + width];
                let all = spread([low + width / 3.0, low - width, low + 2.0 * width], &[study, study]);
                for axis in [
                    Axis::of_estimates(&all, Some(0.0), ROOM, STYLE),
                    // Logarithms of all that a double can be.
                    Axis::of_ratios(
                        &spread(
                            [low, low - width, low + width].map(|value| value.clamp(-708.0, 709.0)),
                            &[study.map(|value| value.clamp(-708.0, 709.0))],
                        ),
                        Some(0.0),
                        ROOM,
                        STYLE,
                    ),
                ] {
                    assert!(axis.domain[0] < axis.domain[1], "{low} {width}: {axis:?}");
                    assert!(axis.ticks.len() <= 2 || axis.fits(ROOM, STYLE), "{low} {width}: {axis:?}");
                    assert!(axis.ticks.len() <= 9, "{low} {width}: {axis:?}");
                }
            }
        }
    }
}
