//! Where an axis of proportions begins and ends, and where it is labelled.
//!
//! **The range.** An axis is 0 to 100 % unless everything on it is rare, or everything nearly
//! certain. *Rare* is measured by the largest estimate `a`: the pooled ones and the 90th percentile
//! of the studies'. The axis reaches to `a`, to the pooled and prediction limits as far as `6a`, and
//! to the studies' limits as far as `4a` or their median, whichever is more — or to all of them, if
//! twice that is enough. Where the reach is 40 % or less, the axis ends at the next round tick after
//! it. The same rule on the complements gives an axis that ends at 100 %. Whatever lies beyond is
//! cut by the caller, with an arrow and a note.
//!
//! **The ticks.** Steps of 1, 2 or 5 times a power of ten in the printed scale, the smallest that
//! makes at most six steps and whose labels, as measured, stay half an em apart.

use super::figure::Type;
use crate::format::{NumberFormat, fixed};

/// The widest reach, as a fraction, for which the axis is cut short.
const RARE: f64 = 0.4;
/// How many times the largest estimate the axis follows pooled and prediction limits.
const POOLED_REACH: f64 = 6.0;
/// How many times the largest estimate the axis follows the studies' limits.
const STUDY_REACH: f64 = 4.0;
/// How much longer the axis may become where that leaves nothing to cut.
const FORGIVEN: f64 = 2.0;
/// The most steps between labels.
pub(super) const STEPS: f64 = 6.0;

/// What has to be seen on an axis, as fractions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// Pooled estimates.
    pub pooled: Vec<f64>,
    /// Limits of the pooled estimates and of the prediction interval.
    pub pooled_limits: Vec<f64>,
    /// Estimate, lower and upper limit of each study.
    pub studies: Vec<[f64; 3]>,
}

/// A label on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where it stands, a fraction.
    pub value: f64,
    /// What it says.
    pub label: String,
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its ends: fractions, estimates, or logarithms of ratios.
    pub domain: [f64; 2],
    /// Its labels, from left to right.
    pub ticks: Vec<Tick>,
}

/// Where the values of an axis lie in the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The axis' ends, as fractions.
    pub domain: [f64; 2],
    /// Where they are: from left to right, or from the bottom up.
    pub ends: [f64; 2],
}

impl Scale {
    /// Where a value is.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let ([low, high], [first, last]) = (self.domain, self.ends);
        first + (value - low) / (high - low) * (last - first)
    }
}

impl Axis {
    /// The axis for these values, `room` wide, labelled on this scale in this type.
    #[must_use]
    pub fn of(spread: &Spread, display: NumberFormat, room: f64, style: Type) -> Self {
        let scale = display.scale as f64;
        let (rare, certain) = (spread.reach(|p| p), spread.reach(|p| 1.0 - p));
        let mut step = Step::at_least(rare.min(certain).min(1.0) * scale / STEPS);
        if rare.min(certain) > RARE {
            step = Step::at_least(scale / STEPS);
        }
        loop {
            let axis = if rare.min(certain) > RARE {
                Self::between(0.0, 1.0, step, scale)
            } else if rare <= certain {
                Self::between(0.0, step.round_up(rare * scale) / scale, step, scale)
            } else {
                Self::between(1.0 - step.round_up(certain * scale) / scale, 1.0, step, scale)
            };
            if axis.ticks.len() <= 2 || axis.fits(room, style) {
                return axis;
            }
            step = step.next();
        }
    }

    /// The axis that reaches as far as these values (fractions, of which there is one at least) and to the
    /// next label beyond: for what is compared with each other and not with 0.
    #[must_use]
    pub fn spanning(values: impl Iterator<Item = f64> + Clone, display: NumberFormat) -> Self {
        let scale = display.scale as f64;
        let (low, high) =
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max));
        let step = Step::at_least((high - low).max(1e-9) * scale / STEPS);
        let size = step.size();
        let (first, last) = ((low * scale / size + 1e-9).floor(), (high * scale / size - 1e-9).ceil());
        let top = last.max(first + 1.0) * size / scale;
        // No proportion is above 1, so no axis of them is.
        let top = if high <= 1.0 { top.min(1.0) } else { top };
        let ticks = (first as i64..=last as i64).map(|index| {
            let printed = index as f64 * size;
            Tick { value: printed / scale, label: fixed(printed, step.decimals()) }
        });
        Self {
            domain: [first * size / scale, top],
            ticks: ticks.filter(|tick| tick.value <= top + 1e-9).collect(),
        }
    }

    /// Labels at the multiples of `step` from `low` to `high`, both fractions.
    fn between(low: f64, high: f64, step: Step, scale: f64) -> Self {
        let (low, high) = (low.max(0.0), high.min(1.0));
        let size = step.size();
        let (first, last) = ((low * scale / size - 1e-6).ceil(), (high * scale / size + 1e-6).floor());
        let ticks = (first as i64..=last as i64).map(|index| {
            let printed = index as f64 * size;
            Tick { value: (printed / scale).clamp(low, high), label: fixed(printed, step.decimals()) }
        });
        Self { domain: [low, high], ticks: ticks.collect() }
    }

    /// Whether no label touches the next.
    pub(super) fn fits(&self, room: f64, style: Type) -> bool {
        let centre = |tick: &Tick| (tick.value - self.domain[0]) / (self.domain[1] - self.domain[0]) * room;
        self.ticks.windows(2).all(|pair| {
            let half_widths = (style.width(&pair[0].label) + style.width(&pair[1].label)) / 2.0;
            centre(&pair[1]) - centre(&pair[0]) >= half_widths + style.size / 2.0
        })
    }

    /// The same axis with these ends, and the labels that are between them; as many of them as fit beside each other.
    #[must_use]
    pub fn within(self, [low, high]: [f64; 2], room: f64, style: Type) -> Self {
        let slack = 1e-9 * (high - low);
        let ticks = self.ticks.into_iter();
        let ticks = ticks.filter(|tick| low - slack <= tick.value && tick.value <= high + slack).collect();
        let mut axis = Self { domain: [low, high], ticks };
        while axis.ticks.len() > 2 && !axis.fits(room, style) {
            axis.ticks = axis.ticks.into_iter().step_by(2).collect();
        }
        axis
    }

    /// Whether a fraction is on the axis.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.domain[0] <= value && value <= self.domain[1]
    }
}

impl Spread {
    /// How far from 0 the axis has to reach, seen through `view` (the value, or its complement).
    fn reach(&self, view: impl Fn(f64) -> f64) -> f64 {
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let estimates = percentile(self.studies.iter().map(|study| view(study[0])), 90);
        let anchor = largest(&mut self.pooled.iter().map(|p| view(*p))).max(estimates);
        let pooled = largest(&mut self.pooled_limits.iter().map(|p| view(*p)));
        let pooled = if anchor > 0.0 { pooled.min(POOLED_REACH * anchor) } else { pooled };
        let outer = || self.studies.iter().map(|study| view(study[1]).max(view(study[2])));
        let (most, all) = (percentile(outer(), 50).max(STUDY_REACH * anchor), largest(&mut outer()));
        let reach = anchor.max(pooled).max(if all <= FORGIVEN * most { all } else { most });
        // Nothing above 0: the whole range is the least surprising axis.
        if reach > 0.0 { reach } else { 1.0 }
    }
}

/// A percentile of these values by nearest rank; 0 where there are none.
fn percentile(values: impl Iterator<Item = f64>, percent: usize) -> f64 {
    let mut values: Vec<f64> = values.collect();
    let Some(rank) = (values.len() * percent).div_ceil(100).checked_sub(1) else { return 0.0 };
    *values.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// A step of the 1-2-5 ladder: `digit × 10^power`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    digit: u8,
    power: i32,
}

impl Step {
    /// The smallest step that is not below `size`, from 10⁻¹⁵ upwards.
    pub(super) fn at_least(size: f64) -> Self {
        let mut step = Self { digit: 1, power: -15 };
        while step.size() < size * (1.0 - 1e-9) {
            step = step.next();
        }
        step
    }

    pub(super) const fn next(self) -> Self {
        match self.digit {
            1 => Self { digit: 2, ..self },
            2 => Self { digit: 5, ..self },
            _ => Self { digit: 1, power: self.power + 1 },
        }
    }

    /// Powers of ten are exact only upwards, so a small step divides by one.
    pub(super) fn size(self) -> f64 {
        let power = (0..self.power.unsigned_abs()).fold(1.0, |power, _| 10.0 * power);
        if self.power < 0 { f64::from(self.digit) / power } else { f64::from(self.digit) * power }
    }

    /// The next multiple that is not below `value`, forgiving the last bits.
    fn round_up(self, value: f64) -> f64 {
        (value / self.size() - 1e-6).ceil().max(1.0) * self.size()
    }

    pub(super) fn decimals(self) -> usize {
        usize::try_from(-self.power).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::theme::Theme;

    fn axis(spread: &Spread, display: NumberFormat, room: f64) -> (Axis, Vec<String>) {
        let axis = Axis::of(spread, display, room, Theme::DEFAULT.axis_type);
        let labels = axis.ticks.iter().map(|tick| tick.label.clone()).collect();
        (axis, labels)
    }

    fn pooled(estimate: f64, lower: f64, upper: f64) -> Spread {
        Spread { pooled: vec![estimate], pooled_limits: vec![lower, upper], studies: Vec::new() }
    }

    #[test]
    fn the_default_is_the_whole_scale() {
        let whole = pooled(0.57, 0.48, 0.65);
        assert_eq!(axis(&whole, NumberFormat::default(), 260.0).1, ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(axis(&whole, NumberFormat::per(1), 260.0).1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(axis(&whole, NumberFormat::per(1000), 260.0).1, ["0", "200", "400", "600", "800", "1000"]);
    }

    #[test]
    fn a_rare_event_has_an_axis_of_its_own() {
        let rare = pooled(0.001, 0.0004, 0.0025);
        let labels = axis(&rare, NumberFormat::default(), 260.0).1;
        assert_eq!(labels, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
    }

    #[test]
    fn a_spanning_axis_reaches_as_far_as_its_values() {
        let spanning = |values: &[f64], display| {
            let axis = Axis::spanning(values.iter().copied(), display);
            let labels: Vec<String> = axis.ticks.into_iter().map(|tick| tick.label).collect();
            (axis.domain, labels.join(" "))
        };
        let percent = NumberFormat::default();
        assert_eq!(spanning(&[0.47, 0.205, 1.0], percent), ([0.2, 1.0], "20 40 60 80 100".to_string()));
        assert_eq!(spanning(&[0.5, 0.55], percent), ([0.5, 0.55], "50 51 52 53 54 55".to_string()));
        // One value alone, and one outside of what a proportion can be.
        let (domain, labels) = spanning(&[0.25], percent);
        assert!(
            domain[0] <= 0.25 && 0.25 < domain[1] && labels.starts_with("25.0000"),
            "{domain:?} {labels}"
        );
        assert_eq!(spanning(&[-0.27, 0.99], percent), ([-0.5, 1.0], "−50 0 50 100".to_string()));
        // Limits at 0 and at 100 % need no label beyond.
        assert_eq!(spanning(&[0.0, 1.0], percent), ([0.0, 1.0], "0 20 40 60 80 100".to_string()));
    }

    #[test]
    fn a_scale_goes_either_way() {
        let up = Scale { domain: [0.2, 1.0], ends: [300.0, 100.0] };
        assert_eq!([0.2, 0.6, 1.0].map(|value| up.at(value).round()), [300.0, 200.0, 100.0]);
    }

    #[test]
    fn the_nearly_certain_ends_at_the_top() {
        let (axis, labels) = axis(&pooled(0.97, 0.94, 0.985), NumberFormat::default(), 260.0);
        assert_eq!(
            (axis.domain, labels.first(), labels.last()),
            ([0.94, 1.0], Some(&"94".into()), Some(&"100".into()))
        );
    }

    #[test]
    fn an_outlier_is_cut_and_the_pooled_interval_is_not() {
        let mut spread = pooled(0.01, 0.005, 0.05);
        spread.studies = vec![[0.01, 0.0, 0.03]; 20];
        spread.studies.push([0.9, 0.6, 0.98]);
        let (axis, _) = axis(&spread, NumberFormat::default(), 260.0);
        assert_eq!(axis.domain, [0.0, 0.05]);
        assert!(!axis.holds(0.9));
    }

    #[test]
    fn labels_never_touch() {
        for scale in [1, 7, 100, 250, 1000, 100_000, 10_000_000] {
            for estimate in [0.0, 1e-7, 3e-4, 0.01, 0.099, 0.1, 0.39, 0.5, 0.8, 0.999, 1.0] {
                for room in [60.0, 120.0, 260.0] {
                    let (axis, labels) = axis(
                        &pooled(estimate, estimate * 0.5, (estimate * 1.7).min(1.0)),
                        NumberFormat::per(scale),
                        room,
                    );
                    assert!(axis.ticks.len() <= 2 || axis.fits(room, Theme::DEFAULT.axis_type), "{labels:?}");
                    assert!(
                        (2..=7).contains(&labels.len()),
                        "{labels:?} at {estimate} per {scale} on {room}"
                    );
                    assert!(axis.holds(estimate) && axis.domain[0] < axis.domain[1]);
                    if room == 260.0 {
                        assert!(labels.len() >= 3, "{labels:?} at {estimate} per {scale}");
                    }
                }
            }
        }
    }
}
