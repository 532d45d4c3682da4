//! Whether a percentage of n people is possible, and which counts give it.
//!
//! A percentage of n people is 100 x/n for a whole number x; whether such an x exists can be checked if the
//! percentage was printed with enough decimals (the GRIM test: Brown & Heathers 2017,
//! doi:10.1177/1948550616673876, for means of whole numbers). Everything here is whole-number arithmetic.

use std::ops::RangeInclusive;

use serde::Serialize;

use super::{Consistency, Printed, Ratio, Relation, Rule, Unit};
use crate::error::{Error, Problem};

/// The largest number of people: whole numbers up to 2⁵³ are exact as `f64`.
const LARGEST: u64 = 1 << 53;

/// At most this many counts are listed one by one.
const MAX_LISTED: usize = 1000;

/// The nearest n is searched up to this distance on either side.
const MAX_DISTANCE: u64 = 100_000;

/// Whether a printed percentage of n people is possible, and the possible percentages next to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Grim {
    /// The percentage as it was printed.
    pub percent: Printed,
    /// The number of people.
    pub n: u64,
    /// Whether some count gives it, under the rule in `rounding`.
    pub possible: bool,
    /// The first rule under which some count gives it.
    pub rounding: Consistency,
    /// The counts that give it under that rule, at most the first 1,000. More than one means that the count
    /// is ambiguous.
    pub events: Vec<u64>,
    /// How many counts give it.
    pub ambiguity: u64,
    /// Whether some count gives it by rounding away from zero, where no other rule does. It is mentioned, but
    /// the percentage still counts as impossible.
    pub rounded_up: bool,
    /// Whether n is so large that every percentage with these decimals is possible, so that the test cannot
    /// fail.
    pub says_nothing: bool,
    /// The fraction of the percentages from 0 to 100 with these decimals that are possible: the probability
    /// that an invented percentage passes.
    pub passes_by_chance: f64,
    /// The nearest counts and the nearest n.
    pub nearest: Nearest,
    /// The number as it was typed, where it had no sign and was taken as a percentage.
    pub unsigned: Option<Printed>,
}

/// The counts and numbers of people nearest to a printed percentage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Nearest {
    /// The largest count at or below the printed percentage.
    pub below: Option<Share>,
    /// The smallest count at or above it.
    pub above: Option<Share>,
    /// The nearest smaller n for which it is possible (rounded half up); `None` if there is none within
    /// 100,000.
    pub n_smaller: Option<u64>,
    /// The nearest larger n, likewise.
    pub n_larger: Option<u64>,
}

/// A count out of n.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Share {
    /// The count.
    pub events: u64,
    /// The total.
    #[serde(skip)]
    pub n: u64,
    /// The count divided by n, a fraction.
    pub proportion: f64,
}

impl Share {
    fn from_counts(events: u64, n: u64) -> Option<Self> {
        (events <= n && n > 0).then(|| Self { events, n, proportion: events as f64 / n as f64 })
    }

    /// The percentage cut off at this many decimals, with an ellipsis if more digits follow.
    ///
    /// ```
    /// let grim = metaprop::printed::grim::grim(&"33.8%".parse()?, 80)?;
    /// assert_eq!(grim.nearest.below.unwrap().percent(3), "33.750%");
    /// assert_eq!(grim.nearest.above.unwrap().percent(3), "35.000%");
    /// let grim = metaprop::printed::grim::grim(&"58.4%".parse()?, 90)?;
    /// assert_eq!(grim.nearest.below.unwrap().percent(2), "57.77…%");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn percent(&self, decimals: u32) -> String {
        let (n, power) = (u128::from(self.n), 10_u128.pow(decimals.min(15)));
        let scaled = u128::from(self.events) * 100 * power;
        let (digits, more) = (scaled / n, if scaled.is_multiple_of(n) { "" } else { "…" });
        let width = decimals.min(15) as usize;
        if width == 0 {
            format!("{digits}{more}%")
        } else {
            format!("{}.{:0width$}{more}%", digits / power, digits % power)
        }
    }
}

/// Tests whether a printed percentage, or fraction, of n people is possible.
///
/// # Errors
///
/// [`Error::Usage`] where n is 0 or above 2⁵³, or the percentage is approximate ("about 25%").
///
/// ```
/// use metaprop::printed::grim::grim;
///
/// let impossible = grim(&"58.4%".parse()?, 90)?;
/// assert!(!impossible.possible && impossible.events.is_empty());
/// assert_eq!((impossible.nearest.n_smaller, impossible.nearest.n_larger), (Some(89), Some(101)));
///
/// let tie = grim(&"33.8%".parse()?, 80)?; // 27/80 = 33.75 %
/// assert_eq!(tie.events, [27]);
///
/// assert!(grim(&"58.4%".parse()?, 1000)?.says_nothing);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn grim(percent: &Printed, n: u64) -> Result<Grim, Error> {
    let printed = percent.as_proportion();
    if n == 0 || n > LARGEST {
        return Err(Error::usage(format!("n = {n} is not a number of people from 1 to 2^53")));
    }
    if !printed.is_exact() {
        let problem = Problem::new(format!(
            "'{percent}' only says about how many, so it cannot be compared with counts"
        ));
        return Err(Error::Usage(vec![problem.help("give an exact percentage, such as 25.0%")]));
    }
    let rounding = Consistency::first(|rule| counts(&printed, n, rule).is_some());
    let found = rounding.rule().and_then(|rule| counts(&printed, n, rule));
    let ambiguity = found.as_ref().map_or(0, |counts| counts.end() - counts.start() + 1);
    Ok(Grim {
        percent: percent.clone(),
        n,
        possible: found.is_some(),
        rounding,
        ambiguity,
        events: found.into_iter().flatten().take(MAX_LISTED).collect(),
        rounded_up: rounding == Consistency::No && counts(&printed, n, Rule::Ceiling).is_some(),
        says_nothing: n >= printed.steps(),
        passes_by_chance: ((n as f64 + 1.0) / (printed.steps() as f64 + 1.0)).min(1.0),
        nearest: nearest(&printed, n),
        unsigned: None,
    })
}

/// As [`grim`], of a percentage whatever its size: a number without a sign is one, so that 0.5 is 0.5%.
///
/// # Errors
///
/// As [`grim`].
///
/// ```
/// use metaprop::printed::grim::grim_of_percentage;
/// let half = grim_of_percentage(&"0.5".parse()?, 200)?;
/// assert_eq!((half.percent.to_string(), half.events), ("0.5%".to_string(), vec![1]));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn grim_of_percentage(typed: &Printed, n: u64) -> Result<Grim, Error> {
    let unsigned = (typed.unit() == Unit::None).then(|| typed.clone());
    Ok(Grim { unsigned, ..grim(&typed.or_percent(), n)? })
}

/// The counts of n people whose percentage is printed so under a rule.
///
/// ```
/// use metaprop::printed::{grim::counts, Rule};
/// assert_eq!(counts(&"58%".parse()?, 90, Rule::HalfUp), Some(52..=52));
/// assert_eq!(counts(&"16%".parse()?, 300, Rule::HalfUp), Some(47..=49));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn counts(percent: &Printed, n: u64, rule: Rule) -> Option<RangeInclusive<u64>> {
    percent.as_proportion().bounds(rule).counts(n)
}

/// The counts that a printed percentage can stand for, and the one that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// The first rule under which some count gives it.
    pub rule: Rule,
    /// The smallest and the largest count that give it under that rule.
    pub counts: [u64; 2],
    /// The count whose percentage is nearest to the printed value; of two equally near, the larger.
    pub taken: u64,
}

impl Derived {
    /// How many counts give it.
    #[must_use]
    pub const fn ambiguity(&self) -> u64 {
        self.counts[1] - self.counts[0] + 1
    }
}

/// The counts of n people whose percentage is printed so, under the first rule that gives any; `None` where
/// the percentage is impossible, or is a bound such as "<5%".
///
/// ```
/// use metaprop::printed::grim::derive;
/// let sixteen = derive(&"16%".parse()?, 300).unwrap();
/// assert_eq!((sixteen.counts, sixteen.taken), ([47, 49], 48));
/// assert!(derive(&"58.4%".parse()?, 90).is_none() && derive(&"<5%".parse()?, 90).is_none());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn derive(percent: &Printed, n: u64) -> Option<Derived> {
    let printed = percent.as_proportion();
    if printed.relation() != Relation::Equal || n == 0 || n > LARGEST {
        return None;
    }
    let found = |rule: Rule| Some((rule, printed.bounds(rule).counts(n)?));
    let (rule, range) = Rule::TRIED.into_iter().find_map(found)?;
    // Under truncation the nearest may lie outside the range.
    let taken = nearest_count(percent, n).clamp(*range.start(), *range.end());
    Some(Derived { rule, counts: [*range.start(), *range.end()], taken })
}

/// The count of n people whose percentage is nearest to a printed one, whether it is printed so or not; of two equally
/// near, the larger.
///
/// ```
/// use metaprop::printed::grim::nearest_count;
/// assert_eq!(nearest_count(&"58.4%".parse()?, 90), 53);
/// assert_eq!(nearest_count(&"104%".parse()?, 90), 90);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn nearest_count(percent: &Printed, n: u64) -> u64 {
    let (numerator, denominator) = percent.as_proportion().value().parts();
    // ⌊value·n + ½⌋ in whole numbers.
    let doubled = 2 * i128::from(numerator) * i128::from(n) + i128::from(denominator);
    let nearest = doubled.div_euclid(2 * i128::from(denominator)).clamp(0, n.into());
    u64::try_from(nearest).unwrap_or(n)
}

fn nearest(printed: &Printed, n: u64) -> Nearest {
    let (numerator, denominator) = printed.value().parts();
    let product = i128::from(numerator) * i128::from(n);
    let floor = product.div_euclid(denominator.into());
    let ceiling = floor + i128::from(product.rem_euclid(denominator.into()) > 0);
    let share = |count: i128| u64::try_from(count).ok().and_then(|count| Share::from_counts(count, n));
    // No count of any n is above 100 % or below 0 %.
    let within = (0..=i128::from(denominator)).contains(&i128::from(numerator));
    let fits = |&n: &u64| counts(printed, n, Rule::HalfUp).is_some();
    let distance = if within { MAX_DISTANCE } else { 0 };
    Nearest {
        // Above 100 % the nearest count below is n; below 0 % the nearest above is 0.
        below: share(floor.min(n.into())),
        above: share(ceiling.max(0)),
        n_smaller: (n.saturating_sub(distance).max(1)..n).rev().find(fits),
        n_larger: (n + 1..=n + distance).find(fits),
    }
}

impl Grim {
    /// The result in one sentence.
    ///
    /// ```
    /// let say = |percent: &str, n| metaprop::printed::grim::grim(&percent.parse().unwrap(), n).unwrap().sentence();
    /// assert_eq!(say("58.4%", 90), "58.4% is not a plain count of 90: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%; it is possible of 89 and of 101");
    /// assert_eq!(say("33.8%", 80), "33.8% of 80 is 27, rounding half up");
    /// assert_eq!(say("16%", 125), "16% of 125 is 20, rounding half up; of 125 people every percentage with 0 decimals is possible, so this says nothing");
    /// ```
    #[must_use]
    pub fn sentence(&self) -> String {
        let head = format!("{} of {}", self.percent, self.n);
        let Some(rule) = self.rounding.rule() else {
            return format!(
                "{} is not a plain count of {}: {}",
                self.percent,
                self.n,
                self.nearest_possible()
            );
        };
        let events = match self.events.as_slice() {
            [one] => one.to_string(),
            [first, .., last] if self.ambiguity as usize == self.events.len() => {
                format!("any of {first} to {last}")
            }
            [first, ..] => format!("any of {} counts from {first}", self.ambiguity),
            [] => "no count".to_string(),
        };
        let nothing = format!(
            "; of {} people every percentage with {} decimals is possible, so this says nothing",
            self.n,
            self.decimals()
        );
        format!("{head} is {events}, {}{}", rule.title(), if self.says_nothing { &nothing } else { "" })
    }

    /// The decimals of the percentage, also if it was printed as a fraction.
    fn decimals(&self) -> u32 {
        match self.percent.unit() {
            Unit::None => self.percent.decimals().saturating_sub(2),
            Unit::Percent | Unit::Per(_) => self.percent.decimals(),
        }
    }

    fn nearest_possible(&self) -> String {
        let show = |share: &Share| {
            format!("{} of {} is {}", share.events, share.n, share.percent(self.decimals() + 1))
        };
        let mut near: Vec<String> =
            [self.nearest.below, self.nearest.above].iter().flatten().map(show).collect();
        near.dedup();
        let other = match (self.nearest.n_smaller, self.nearest.n_larger) {
            (Some(smaller), Some(larger)) => format!("; it is possible of {smaller} and of {larger}"),
            (Some(n), None) | (None, Some(n)) => format!("; it is possible of {n}"),
            (None, None) => String::new(),
        };
        let up = if self.rounded_up { "; rounded up, it is possible" } else { "" };
        format!("{}{other}{up}", near.join(", "))
    }
}

/// The first rule, if any, under which these counts give the printed percentage; exact.
///
/// ```
/// use metaprop::printed::{grim::of_counts, Consistency};
/// assert_eq!(of_counts(&"58.5%".parse()?, 38, 65), Consistency::HalfUp); // 58.46 %
/// assert_eq!(of_counts(&"58.4%".parse()?, 38, 65), Consistency::Truncation);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn of_counts(percent: &Printed, events: u64, n: u64) -> Consistency {
    let parts = (i64::try_from(events), i64::try_from(n));
    let (Ok(events), Ok(total)) = parts else { return Consistency::No };
    let Some(share) = Ratio::new(events, total) else { return Consistency::No };
    Consistency::first(|rule| percent.as_proportion().bounds(rule).contains(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(percent: &str, n: u64) -> Grim {
        grim(&percent.parse().unwrap(), n).unwrap()
    }

    #[test]
    fn counts_of_published_percentages() {
        for (percent, n, events) in [
            ("83.2%", 125, vec![104]),
            ("47.8%", 69, vec![33]),
            ("26.1%", 69, vec![18]),
            ("72.7%", 11, vec![8]),
            ("82%", 11, vec![9]),
            ("64%", 11, vec![7]),
            ("66.7%", 12, vec![8]),
            ("58.4%", 90, vec![]),
        ] {
            assert_eq!(check(percent, n).events, events, "{percent} of {n}");
        }
    }

    #[test]
    fn above_100_and_below_0_percent_is_impossible() {
        let over = check("101%", 50);
        assert!(!over.possible && over.nearest.above.is_none() && over.nearest.below.unwrap().events == 50);
        let below = check("-3%", 50);
        assert!(!below.possible && below.nearest.below.is_none() && below.nearest.above.unwrap().events == 0);
    }

    #[test]
    fn large_numbers_are_not_enumerated() {
        let large = check("50%", 1_000_000_000_000);
        assert!(large.says_nothing && large.ambiguity == 10_000_000_000 && large.events.len() == MAX_LISTED);
        assert!(!check("12.3456789%", 1000).says_nothing);
        assert!(grim(&"5%".parse().unwrap(), 0).is_err() && grim(&"~5%".parse().unwrap(), 10).is_err());
    }

    proptest! {
        #[test]
        fn every_true_percentage_passes(n in 1_u64..3000, part in 0.0_f64..=1.0, decimals in 0_usize..4) {
            let events = (part * n as f64) as u64;
            // Rounded in whole numbers: no tie is lost to binary fractions.
            let power = 10_u64.pow(decimals as u32);
            let steps = (2 * events * 100 * power + n) / (2 * n);
            let text = if decimals == 0 { format!("{steps}%") } else { format!("{}.{:0decimals$}%", steps / power, steps % power) };
            let found = check(&text, n);
            prop_assert!(found.rounding == Consistency::HalfUp && found.events.contains(&events), "{}", text);
        }

        #[test]
        fn with_large_n_every_percentage_is_possible(n in 1000_u64..5000, tenths in 0_u64..=1000) {
            let found = check(&format!("{}.{}%", tenths / 10, tenths % 10), n);
            prop_assert!(found.says_nothing && found.possible);
        }

        #[test]
        fn nearest_counts_are_adjacent(n in 1_u64..500, tenths in 0_u64..=1000) {
            let near = check(&format!("{}.{}%", tenths / 10, tenths % 10), n).nearest;
            let (below, above) = (near.below.unwrap().events, near.above.unwrap().events);
            prop_assert!(below * 1000 <= tenths * n && tenths * n <= above * 1000 && above - below <= 1);
        }
    }
}
