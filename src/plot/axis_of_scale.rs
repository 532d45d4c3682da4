//! Axes of the analysis scale: places are values on it, labels are what is shown for them.
//!
//! **The ticks.** Logarithms of ratios and values that are shown as they are have the ticks of their axes of estimates.
//! Elsewhere 50 %, 10, 90, 1, 99, 20, 80, 5, 95 … are tried in this order, and each gets a label where it touches none
//! that is there; of a range too narrow for two of them, even steps.

use super::axis::{Axis, STEPS, Spread, Step, Tick};
use super::figure::Type;
use crate::effect::Scale;
use crate::format::{NumberFormat, fixed};
use crate::numeric::elementary::powi;
use crate::options::InputScale;

/// Percentages by how much a label is wished for there.
const WISHED: [f64; 25] = [
    50.0, 10.0, 90.0, 1.0, 99.0, 20.0, 80.0, 5.0, 95.0, 30.0, 70.0, 40.0, 60.0, 2.0, 98.0, 0.1, 99.9, 0.5,
    99.5, 0.01, 99.99, 0.001, 0.0001, 0.0, 100.0,
];

impl Axis {
    /// The axis from `low` to `high`, `room` wide, of a scale, labelled with what is shown in this type.
    #[must_use]
    pub(super) fn of_scale(
        [low, high]: [f64; 2],
        scale: Scale,
        display: NumberFormat,
        room: f64,
        style: Type,
    ) -> Self {
        let spread = Spread { pooled: vec![low, high], ..Spread::default() };
        let mut axis = match scale {
            Scale::Generic(InputScale::Identity) => Self::of_estimates(&spread, None, room, style),
            Scale::Generic(InputScale::Log) => Self::of_ratios(&spread, None, room, style),
            _ => return Self::of_fractions([low, high], scale, display, room, style),
        };
        axis.domain = [low, high];
        axis.ticks.retain(|tick| low <= tick.value && tick.value <= high);
        axis
    }

    fn of_fractions(domain: [f64; 2], scale: Scale, display: NumberFormat, room: f64, style: Type) -> Self {
        let mut axis = Self { domain, ticks: Vec::new() };
        for percent in WISHED {
            axis.try_label(percent / 100.0, None, scale, display, room, style);
        }
        if axis.ticks.len() < 3 {
            axis.ticks.clear();
            let per = display.scale as f64;
            let [low, high] = domain.map(|y| scale.to_natural(y) * per);
            let mut step = Step::at_least((high - low).max(1e-9) / STEPS);
            if step.size() * 2.0 > high - low {
                step = Step::at_least((high - low).max(1e-9) / (2.0 * STEPS));
            }
            for index in (low / step.size()).floor() as i64..=(high / step.size()).ceil() as i64 {
                let value = index as f64 * step.size() / per;
                axis.try_label(value, Some(step.decimals()), scale, display, room, style);
            }
        }
        axis
    }

    /// Labels a fraction where it is on the axis and the label touches no other.
    fn try_label(
        &mut self,
        fraction: f64,
        decimals: Option<usize>,
        scale: Scale,
        display: NumberFormat,
        room: f64,
        style: Type,
    ) {
        let value = scale.from_natural(fraction);
        if !(0.0..=1.0).contains(&fraction) || !value.is_finite() || !self.holds(value) {
            return;
        }
        let label = label(fraction * display.scale as f64, decimals);
        let place = self.ticks.partition_point(|tick| tick.value < value);
        self.ticks.insert(place, Tick { value, label });
        if !self.fits(room, style) {
            self.ticks.remove(place);
        }
    }
}

/// A number with the decimals that it needs.
fn label(printed: f64, decimals: Option<usize>) -> String {
    let needs = |digits: &usize| {
        let shifted = printed * powi(10.0, *digits as i32);
        (shifted - shifted.round()).abs() < 1e-6
    };
    fixed(printed, decimals.or_else(|| (0..9).find(needs)).unwrap_or(9))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Transform;
    use crate::options::Measure;
    use crate::plot::theme::Theme;

    fn labels(measure: Measure, range: [f64; 2], display: NumberFormat) -> String {
        let scale = Scale::Proportion(Transform::new(measure));
        let axis = Axis::of_scale(range, scale, display, 400.0, Theme::DEFAULT.axis_type);
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn fractions_are_labelled_where_they_stand() {
        let percent = NumberFormat::default();
        assert_eq!(
            labels(Measure::Logit, [-6.0, 6.0], percent),
            "0.5 1 2 5 10 20 30 50 70 80 90 95 98 99 99.5"
        );
        assert_eq!(labels(Measure::Logit, [0.0, 0.1], percent), "50.0 50.5 51.0 51.5 52.0");
        assert_eq!(labels(Measure::Raw, [-0.2, 1.1], percent), "1 5 10 20 30 40 50 60 70 80 90 99");
        assert_eq!(
            labels(Measure::Logit, [-3.0, 3.0], NumberFormat::per(1)),
            "0.05 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 0.95"
        );
    }
}
