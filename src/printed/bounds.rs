//! An interval of numbers whose ends are ratios, open or closed.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use super::Ratio;

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The interval is unbounded on this side.
    Unbounded,
    /// The end belongs to the interval.
    Closed(Ratio),
    /// The end does not belong to the interval.
    Open(Ratio),
}

impl End {
    /// The number at the end; `None` if unbounded.
    #[must_use]
    pub const fn at(self) -> Option<Ratio> {
        match self {
            Self::Unbounded => None,
            Self::Closed(ratio) | Self::Open(ratio) => Some(ratio),
        }
    }

    /// Whether a number is on the inner side of this end: `inward` is `Greater` where it lies further inside
    /// than the end, `Equal` where it is at the end.
    const fn admits(self, inward: Ordering) -> bool {
        match (self, inward) {
            (Self::Unbounded, _) | (_, Ordering::Greater) | (Self::Closed(_), Ordering::Equal) => true,
            (_, Ordering::Less) | (Self::Open(_), Ordering::Equal) => false,
        }
    }
}

/// The numbers between two ends.
///
/// ```
/// use metaprop::printed::{Printed, Ratio, Rule};
/// let bounds = Printed::parse("33.8%")?.bounds(Rule::HalfUp);
/// assert!(bounds.contains(Ratio::new(27, 80).unwrap())); // 33.75 %, a tie that rounds up
/// assert!(bounds.contains_computed(27.0 / 80.0));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The lower end.
    pub lower: End,
    /// The upper end.
    pub upper: End,
}

impl Bounds {
    /// Every number.
    pub const ALL: Self = Self { lower: End::Unbounded, upper: End::Unbounded };

    /// Whether the ratio lies inside.
    #[must_use]
    pub fn contains(&self, ratio: Ratio) -> bool {
        let below = self.lower.at().map_or(Ordering::Greater, |end| ratio.cmp(&end));
        let above = self.upper.at().map_or(Ordering::Greater, |end| end.cmp(&ratio));
        self.lower.admits(below) && self.upper.admits(above)
    }

    /// Whether a computed value lies inside; within [`COMPUTED`](super::ratio::COMPUTED) of an end it counts
    /// as the end. False for NaN.
    #[must_use]
    pub fn contains_computed(&self, value: f64) -> bool {
        let side = |end: End| end.at().map_or(Some(Ordering::Greater), |end| end.cmp_computed(value));
        let upper = if self.upper == End::Unbounded {
            Some(Ordering::Greater)
        } else {
            side(self.upper).map(Ordering::reverse)
        };
        match (side(self.lower), upper) {
            (Some(below), Some(above)) => {
                !value.is_nan() && self.lower.admits(below) && self.upper.admits(above)
            }
            _ => false,
        }
    }

    /// Whether some number lies in both intervals.
    ///
    /// ```
    /// use metaprop::printed::{Printed, Rule};
    /// let half_up = |text| Printed::parse(text).unwrap().bounds(Rule::HalfUp);
    /// assert!(half_up("54%").overlaps(&half_up("0.5350")));
    /// assert!(!half_up("54%").overlaps(&half_up("0.5349")));
    /// ```
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        meets(self.lower, other.upper) && meets(other.lower, self.upper)
    }

    /// The ends as floats; infinite where unbounded.
    #[must_use]
    pub fn as_reals(&self) -> [f64; 2] {
        let real = |end: End, none: f64| end.at().map_or(none, Ratio::to_real);
        [real(self.lower, f64::NEG_INFINITY), real(self.upper, f64::INFINITY)]
    }

    /// The counts x of `n` for which x/n lies inside; `None` if there are none. Whole-number arithmetic, so
    /// the cost does not depend on `n`.
    ///
    /// ```
    /// use metaprop::printed::{Printed, Rule};
    /// let counts = |percent, n| Printed::parse(percent).unwrap().bounds(Rule::HalfUp).counts(n);
    /// assert_eq!(counts("66.7%", 12), Some(8..=8));
    /// assert_eq!(counts("58.4%", 90), None);
    /// assert_eq!(counts("50%", 1_000_000_000_000), Some(495_000_000_000..=504_999_999_999));
    /// ```
    #[must_use]
    pub fn counts(&self, n: u64) -> Option<RangeInclusive<u64>> {
        let n = i128::from(n);
        let scaled = |ratio: Ratio| {
            let (numerator, denominator) = ratio.parts();
            let product = i128::from(numerator) * n;
            (product.div_euclid(denominator.into()), product.rem_euclid(denominator.into()) > 0)
        };
        let first = match self.lower {
            End::Unbounded => 0,
            End::Closed(ratio) => scaled(ratio).0 + i128::from(scaled(ratio).1),
            End::Open(ratio) => scaled(ratio).0 + 1,
        };
        let last = match self.upper {
            End::Unbounded => n,
            End::Closed(ratio) => scaled(ratio).0,
            End::Open(ratio) => scaled(ratio).0 - i128::from(!scaled(ratio).1),
        };
        let (first, last) = (u64::try_from(first.max(0)).ok()?, u64::try_from(last.min(n)).ok()?);
        (first <= last).then_some(first..=last)
    }
}

/// Whether some number lies above this lower end and below this upper end.
fn meets(lower: End, upper: End) -> bool {
    match (lower.at(), upper.at()) {
        (Some(low), Some(high)) => match low.cmp(&high) {
            Ordering::Less => true,
            Ordering::Equal => matches!((lower, upper), (End::Closed(_), End::Closed(_))),
            Ordering::Greater => false,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn end() -> impl Strategy<Value = End> {
        (0_u8..5, -20_i64..120, 1_i64..40).prop_map(|(kind, numerator, denominator)| {
            let ratio = Ratio::new(numerator, denominator).unwrap();
            match kind {
                0 => End::Unbounded,
                1 | 2 => End::Closed(ratio),
                _ => End::Open(ratio),
            }
        })
    }

    proptest! {
        #[test]
        fn counts_are_the_proportions_inside(lower in end(), upper in end(), n in 1_u64..60) {
            let bounds = Bounds { lower, upper };
            let inside: Vec<u64> = (0..=n).filter(|&x| bounds.contains(Ratio::new(x as i64, n as i64).unwrap())).collect();
            let counts: Vec<u64> = bounds.counts(n).into_iter().flatten().collect();
            prop_assert_eq!(inside, counts);
        }

        #[test]
        fn exact_floats_and_ratios_agree(lower in end(), upper in end(), m in -64_i64..256) {
            // Sixty-fourths are exact floats.
            let bounds = Bounds { lower, upper };
            let exact = bounds.contains(Ratio::new(m, 64).unwrap());
            prop_assert_eq!(bounds.contains_computed(m as f64 / 64.0), exact);
        }
    }
}
