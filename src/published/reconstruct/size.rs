//! A number of studies or of people that is known within bounds, and what was found for one of them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Error, Problem};

/// Whole numbers from one to another, both of them included: `12..14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRange {
    /// The least.
    pub least: u64,
    /// The largest.
    pub most: u64,
}

impl CountRange {
    /// The numbers in order.
    pub fn numbers(self) -> impl Iterator<Item = u64> + Clone {
        self.least..=self.most
    }

    /// How many numbers it has, at most `u64::MAX`.
    pub(super) const fn count(self) -> u64 {
        (self.most - self.least).saturating_add(1)
    }
}

impl fmt::Display for CountRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.least, self.most)
    }
}

impl FromStr for CountRange {
    type Err = Error;

    /// ```
    /// use metaprop::published::reconstruct::CountRange;
    ///
    /// let range: CountRange = "12..14".parse()?;
    /// assert_eq!(range.numbers().collect::<Vec<_>>(), [12, 13, 14]);
    /// assert!("14..12".parse::<CountRange>().is_err() && "0..3".parse::<CountRange>().is_err());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    fn from_str(typed: &str) -> Result<Self, Error> {
        let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number > 0);
        let ends = typed.split_once("..").and_then(|(least, most)| number(least).zip(number(most)));
        match ends {
            Some((least, most)) if least <= most => Ok(Self { least, most }),
            _ => {
                let problem = Problem::new(format!("'{typed}' is not a range of whole numbers from 1 up"));
                Err(Error::Usage(vec![problem.help("write the least and the largest: 12..14")]))
            }
        }
    }
}

/// What was found for one number of studies and of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SizeResult {
    /// The number of studies.
    pub k: u64,
    /// The number of people.
    pub total: u64,
    /// How many different tables fit.
    pub found: u64,
    /// Whether every table of this size was examined or excluded by a bound: only then does `found` 0 mean that none
    /// exists.
    pub exhaustive: bool,
    /// How many tries the local search made.
    pub tries: u64,
}
