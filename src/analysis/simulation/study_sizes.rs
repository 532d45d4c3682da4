//! How many people the studies of a simulation have.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::{Error, Problem};
use crate::numeric::random::Stream;

/// How many people the studies have: written `10..60` or `20,50,100`.
///
/// ```
/// use metaprop::analysis::StudySizes;
///
/// let sizes: StudySizes = "10..60".parse()?;
/// assert_eq!(sizes, StudySizes::Between { least: 10, most: 60 });
/// assert_eq!("20,50".parse::<StudySizes>()?.to_string(), "20,50");
/// assert!("60..10".parse::<StudySizes>().is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudySizes {
    /// Each study has a whole number from the least to the most, all equally likely, drawn anew in every repetition.
    Between {
        /// The least number of people.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// These, one study after the other, and from the first one again where there are more studies.
    Listed(Vec<u64>),
}

/// From here on a number of people is no whole number of a double.
const MOST: u64 = 1 << 53;

impl StudySizes {
    /// Why there are no such studies.
    pub(super) fn problem(&self) -> Option<Problem> {
        let possible = |n: &u64| (1..=MOST).contains(n);
        match self {
            Self::Between { least, most } if !(possible(least) && possible(most)) => {
                Some(wrong(&self.to_string(), &format!("a study has from 1 to {MOST} people")))
            }
            Self::Between { least, most } if least > most => {
                Some(wrong(&self.to_string(), "write the smaller number first"))
            }
            Self::Listed(sizes) if sizes.is_empty() => Some(wrong("", "give at least one number of people")),
            Self::Listed(sizes) => sizes
                .iter()
                .find(|n| !possible(n))
                .map(|n| wrong(&n.to_string(), &format!("a study has from 1 to {MOST} people"))),
            Self::Between { .. } => None,
        }
    }

    /// The number of people in this study, counted from 0.
    pub(super) fn of(&self, study: usize, stream: &mut Stream) -> u64 {
        match self {
            Self::Between { least, most } if least == most => *least,
            Self::Between { least, most } => least + stream.below(most - least + 1),
            Self::Listed(sizes) => sizes[study % sizes.len()],
        }
    }
}

fn wrong(typed: &str, help: &str) -> Problem {
    Problem::new(format!("n = '{typed}' is not how many people studies have")).help(help)
}

impl FromStr for StudySizes {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        let refused = || {
            let help = "write a range, 10..60, or the number of each study, 20,50,100";
            Error::Usage(vec![wrong(typed, help)])
        };
        let whole = |digits: &str| digits.trim().parse::<u64>().map_err(|_| refused());
        let sizes = match typed.split_once("..") {
            Some((least, most)) => Self::Between { least: whole(least)?, most: whole(most)? },
            None => Self::Listed(typed.split(',').map(whole).collect::<Result<_, _>>()?),
        };
        sizes.problem().map_or(Ok(sizes), |problem| Err(Error::Usage(vec![problem])))
    }
}

impl fmt::Display for StudySizes {
    /// As it is written: `10..60`, `20,50,100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between { least, most } => write!(f, "{least}..{most}"),
            Self::Listed(sizes) => {
                let sizes: Vec<String> = sizes.iter().map(u64::to_string).collect();
                f.write_str(&sizes.join(","))
            }
        }
    }
}

impl Serialize for StudySizes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_of_people_is_refused() {
        for typed in ["", "0", "10..", "..5", "5..4", "0..4", "3,0", "3,,4", "-1", "1.5", "9007199254740993"]
        {
            let error = typed.parse::<StudySizes>().unwrap_err().to_string();
            assert!(error.starts_with("n = '"), "{typed}: {error}");
        }
    }

    #[test]
    fn a_list_is_gone_through_again_and_a_range_is_drawn_from_both_ends_included() {
        let mut stream = Stream::new(1, 0);
        let listed: StudySizes = "20, 50".parse().unwrap();
        assert_eq!((0..3).map(|study| listed.of(study, &mut stream)).collect::<Vec<_>>(), [20, 50, 20]);
        let range: StudySizes = "3..5".parse().unwrap();
        let mut seen: Vec<u64> = (0..200).map(|study| range.of(study, &mut stream)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [3, 4, 5]);
    }
}
