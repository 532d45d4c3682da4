//! A printed number: its digits, its decimals, its unit and its relation.

use std::fmt;

use super::{Bounds, Consistency, End, Ratio, Rule};

/// The unit after the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// No unit: a plain number, or a fraction.
    None,
    /// `%`.
    Percent,
    /// `per N`.
    Per(u64),
}

impl Unit {
    /// The number 1 expressed in this unit.
    pub(super) const fn scale(self) -> u64 {
        match self {
            Self::None => 1,
            Self::Percent => 100,
            Self::Per(n) => n,
        }
    }
}

/// The relation before the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// No sign, or `=`.
    Equal,
    /// `<`.
    Less,
    /// `≤`.
    AtMost,
    /// `>`.
    Greater,
    /// `≥`.
    AtLeast,
    /// `~`, "about": no exact bounds follow from the digits.
    About,
}

/// A number as it was printed.
///
/// ```
/// use metaprop::printed::{Consistency, Printed, Relation, Unit};
///
/// let printed = Printed::parse("54.0%")?;
/// assert_eq!((printed.mantissa(), printed.decimals(), printed.unit()), (540, 1, Unit::Percent));
/// assert_eq!(printed.consistency(0.5395), Consistency::HalfUp);
/// assert_eq!(printed.consistency(0.5409), Consistency::Truncation);
/// assert_eq!(printed.consistency(0.5394), Consistency::No);
///
/// assert_eq!(Printed::parse("<0.001")?.relation(), Relation::Less);
/// assert_eq!(Printed::parse("−1,234.50")?.mantissa(), -123_450);
/// assert!(Printed::parse("fifty").is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Printed {
    pub(super) text: Box<str>,
    pub(super) mantissa: i64,
    pub(super) decimals: u32,
    pub(super) unit: Unit,
    pub(super) relation: Relation,
}

impl Printed {
    /// The limit for the mantissa and for [`steps`](Self::steps), so that whole-number arithmetic on them
    /// does not overflow.
    pub(super) const LARGEST: u64 = 1_000_000_000_000_000_000;

    /// The digits without their decimal point: 540 for `54.0%`.
    #[must_use]
    pub const fn mantissa(&self) -> i64 {
        self.mantissa
    }

    /// The number of decimals.
    #[must_use]
    pub const fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The unit after the digits.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The relation before the digits.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        self.relation
    }

    /// Whether exact bounds follow from the digits: false for `~25%`.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        !matches!(self.relation, Relation::About)
    }

    /// The number itself; with a unit, as a fraction: 0.54 for `54.0%`.
    #[must_use]
    pub const fn value(&self) -> Ratio {
        self.at(self.mantissa, 1)
    }

    /// The number of steps of the last printed digit from 0 to 1, with this unit: 1,000 for `54.0%`.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        10_u64.pow(self.decimals) * self.unit.scale()
    }

    /// The same digits with this unit, if they were printed without one.
    #[must_use]
    pub fn or_unit(&self, unit: Unit) -> Self {
        let steps = 10_u64.pow(self.decimals).checked_mul(unit.scale());
        let fits = self.unit == Unit::None && steps.is_some_and(|steps| steps <= Self::LARGEST);
        Self { unit: if fits { unit } else { self.unit }, ..self.clone() }
    }

    /// The same digits as a percentage, if they were printed without a unit: `0.5` is `0.5%`.
    #[must_use]
    pub fn or_percent(&self) -> Self {
        let percent = self.or_unit(Unit::Percent);
        let text =
            if percent.unit == self.unit { self.text.clone() } else { format!("{}%", self.text).into() };
        Self { text, ..percent }
    }

    /// The number as a proportion: without a unit and above 1 it can only be a percentage.
    ///
    /// ```
    /// use metaprop::printed::{Printed, Unit};
    /// let unit = |text| Printed::parse(text).unwrap().as_proportion().unit();
    /// assert_eq!((unit("54.0"), unit("0.54"), unit("54.0%")), (Unit::Percent, Unit::None, Unit::Percent));
    /// ```
    #[must_use]
    pub fn as_proportion(&self) -> Self {
        let above_one = self.unit == Unit::None && self.mantissa.unsigned_abs() > self.steps();
        if above_one { self.or_unit(Unit::Percent) } else { self.clone() }
    }

    /// The interval of the numbers that are printed so under this rule.
    ///
    /// For `<0.001` it is all numbers below 0.001 under any rule; for `~25%` it is all numbers.
    #[must_use]
    pub const fn bounds(&self, rule: Rule) -> Bounds {
        let value = self.value();
        match self.relation {
            Relation::Equal => self.rounded(rule),
            Relation::Less => Bounds { upper: End::Open(value), ..Bounds::ALL },
            Relation::AtMost => Bounds { upper: End::Closed(value), ..Bounds::ALL },
            Relation::Greater => Bounds { lower: End::Open(value), ..Bounds::ALL },
            Relation::AtLeast => Bounds { lower: End::Closed(value), ..Bounds::ALL },
            Relation::About => Bounds::ALL,
        }
    }

    /// The ends of an interval that contains the bounds under every rule of [`Rule::TRIED`], as floats.
    #[must_use]
    pub fn widest(&self) -> [f64; 2] {
        let ([low, high], [cut_low, cut_high]) =
            (self.bounds(Rule::HalfUp).as_reals(), self.bounds(Rule::Truncation).as_reals());
        [low.min(cut_low), high.max(cut_high)]
    }

    /// The first rule, if any, under which this value is printed so.
    ///
    /// ```
    /// use metaprop::printed::{Consistency, Printed};
    /// // 7.247% is 7.25% with two decimals, and that is 7.3%.
    /// assert_eq!(Printed::parse("7.3%")?.consistency(0.07247), Consistency::RoundedTwice);
    /// assert_eq!(Printed::parse("7.3%")?.consistency(0.07244), Consistency::No);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn consistency(&self, value: f64) -> Consistency {
        let holds = |rule| self.bounds(rule).contains_computed(value);
        match Consistency::first(holds) {
            Consistency::No if holds(Rule::HalfUpTwice) => Consistency::RoundedTwice,
            first => first,
        }
    }

    const fn rounded(&self, rule: Rule) -> Bounds {
        let m = self.mantissa;
        let (below, above) = (self.at(2 * m - 1, 2), self.at(2 * m + 1, 2));
        match rule {
            // Halves away from zero: the end towards zero belongs to the printed number.
            Rule::HalfUp if m > 0 => Bounds { lower: End::Closed(below), upper: End::Open(above) },
            Rule::HalfUp if m < 0 => Bounds { lower: End::Open(below), upper: End::Closed(above) },
            Rule::HalfEven if m % 2 == 0 => Bounds { lower: End::Closed(below), upper: End::Closed(above) },
            Rule::HalfUp | Rule::HalfEven => Bounds { lower: End::Open(below), upper: End::Open(above) },
            Rule::Truncation => self.beyond(m >= 0, m <= 0),
            Rule::HalfUpTwice => self.rounded_twice(),
            Rule::Ceiling => self.between(m > 0, m < 0),
        }
    }

    /// With one digit more the numbers from m − 0.5 to m + 0.4 become m, and those are rounded from m − 0.55 up to
    /// below m + 0.45. Of a number so long that this overflows, the interval of one rounding.
    const fn rounded_twice(&self) -> Bounds {
        let m = self.mantissa;
        if m.unsigned_abs() > Self::LARGEST / 100 || self.steps() > Self::LARGEST / 100 {
            return self.rounded(Rule::HalfUp);
        }
        match m {
            0 => Bounds { lower: End::Open(self.at(-9, 20)), upper: End::Open(self.at(9, 20)) },
            1.. => Bounds {
                lower: End::Closed(self.at(20 * m - 11, 20)),
                upper: End::Open(self.at(20 * m + 9, 20)),
            },
            _ => Bounds {
                lower: End::Open(self.at(20 * m - 9, 20)),
                upper: End::Closed(self.at(20 * m + 11, 20)),
            },
        }
    }

    /// From the printed number to the next one up, down, or both; the end at the next number is open.
    const fn beyond(&self, up: bool, down: bool) -> Bounds {
        let (m, value) = (self.mantissa, self.value());
        Bounds {
            lower: if down { End::Open(self.at(m - 1, 1)) } else { End::Closed(value) },
            upper: if up { End::Open(self.at(m + 1, 1)) } else { End::Closed(value) },
        }
    }

    /// From the next printed number towards zero (open end) to this one.
    const fn between(&self, positive: bool, negative: bool) -> Bounds {
        let (m, value) = (self.mantissa, self.value());
        Bounds {
            lower: if positive { End::Open(self.at(m - 1, 1)) } else { End::Closed(value) },
            upper: if negative { End::Open(self.at(m + 1, 1)) } else { End::Closed(value) },
        }
    }

    /// `steps / (self.steps() parts)`. The parser keeps mantissa and steps below the limits of a ratio.
    const fn at(&self, steps: i64, parts: i64) -> Ratio {
        match Ratio::new(steps, self.steps() as i64 * parts) {
            Some(ratio) => ratio,
            None => unreachable!(),
        }
    }
}

impl fmt::Display for Printed {
    /// As it was printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for Printed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(text: &str, rule: Rule, numerator: i64, denominator: i64) -> bool {
        Printed::parse(text).unwrap().bounds(rule).contains(Ratio::new(numerator, denominator).unwrap())
    }

    #[test]
    fn half_up_and_half_even_differ_at_a_tie_after_an_even_digit() {
        // 27/80 = 33.75 % rounds to 33.8 % under both rules; 673/2000 = 33.65 % does not.
        assert!(under("33.8%", Rule::HalfUp, 27, 80) && under("33.8%", Rule::HalfEven, 27, 80));
        assert!(!under("33.7%", Rule::HalfUp, 27, 80) && !under("33.7%", Rule::HalfEven, 27, 80));
        assert!(under("33.7%", Rule::HalfUp, 673, 2000) && !under("33.7%", Rule::HalfEven, 673, 2000));
        assert!(under("33.6%", Rule::HalfEven, 673, 2000) && under("33.7%", Rule::Truncation, 27, 80));
    }

    #[test]
    fn negative_numbers_mirror_positive_ones() {
        for rule in [Rule::HalfUp, Rule::HalfEven, Rule::Truncation, Rule::Ceiling] {
            for numerator in -130..130 {
                assert_eq!(
                    under("0.5", rule, numerator, 200),
                    under("\u{2212}0.5", rule, -numerator, 200),
                    "{rule:?} {numerator}"
                );
            }
        }
    }

    #[test]
    fn every_number_has_exactly_one_printed_form_under_a_rule() {
        for rule in [Rule::HalfUp, Rule::HalfEven, Rule::Truncation, Rule::Ceiling] {
            for numerator in 0..=400 {
                let printed = (0..=10)
                    .filter(|tenth| under(&format!("{}.{}", tenth / 10, tenth % 10), rule, numerator, 400))
                    .count();
                assert_eq!(printed, 1, "{rule:?} {numerator}/400");
            }
        }
    }

    #[test]
    fn rounding_twice_is_rounding_to_one_digit_more_and_again() {
        let half_up = |value: i64, step: i64| (value.abs() + step / 2) / step * step * value.signum();
        for thousandths in -1300_i64..1300 {
            let twice = half_up(half_up(thousandths, 10), 100);
            for tenth in -13..=13_i64 {
                let text =
                    format!("{}{}.{}", if tenth < 0 { "-" } else { "" }, tenth.abs() / 10, tenth.abs() % 10);
                let printed = under(&text, Rule::HalfUpTwice, thousandths, 1000);
                assert_eq!(printed, twice == tenth * 100, "{text} {thousandths}");
            }
        }
    }

    #[test]
    fn a_computed_value_next_to_a_tie_counts_as_the_tie() {
        let printed = Printed::parse("0.3").unwrap();
        assert_eq!(printed.consistency(0.1 + 0.15), Consistency::HalfUp);
        assert_eq!(printed.consistency(0.25 * (1.0 - 1e-13)), Consistency::HalfUp);
        assert_eq!(printed.consistency(0.25 * (1.0 - 1e-11)), Consistency::RoundedTwice);
        assert_eq!(Printed::parse("0.2").unwrap().consistency(0.25 * (1.0 + 1e-13)), Consistency::HalfEven);
    }

    #[test]
    fn relations_bound_one_side() {
        assert_eq!(Printed::parse("<0.001").unwrap().consistency(0.000_999), Consistency::HalfUp);
        assert_eq!(Printed::parse("<0.001").unwrap().consistency(0.001), Consistency::No);
        assert_eq!(Printed::parse(">90%").unwrap().consistency(0.91), Consistency::HalfUp);
        assert_eq!(Printed::parse("≥90%").unwrap().consistency(0.9), Consistency::HalfUp);
    }
}
