//! A result and a count of a manuscript, with their verdicts.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::about::About;
use super::part::ScannedPart;
use super::why::Why;
use crate::data::Place;
use crate::options::Level;
use crate::printed::Consistency;
use crate::published::claim::{Claim, Field, FieldVerdict, Verdict};

/// A result in a manuscript.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScannedResult {
    /// Where it stands.
    #[serde(flatten, serialize_with = "line_and_column")]
    pub place: Place,
    /// It and its interval, without mark-up.
    pub text: String,
    /// The sentence or row that it stands in, without mark-up.
    pub sentence: String,
    /// What was read of it.
    #[serde(serialize_with = "printed")]
    pub read: Claim,
    /// The level of its interval, where it is printed.
    pub level: Option<Level>,
    /// Whether the words say that it is pooled.
    pub says_pooled: bool,
    /// The outcome that it is about.
    pub outcome: Option<String>,
    /// How that was told.
    pub by: Option<About>,
    /// The part of the outcome that it is about; `None` for all its studies.
    pub part: Option<ScannedPart>,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why, where the fields alone do not say it.
    #[serde(serialize_with = "in_words")]
    pub reason: Option<Why>,
    /// The verdict on each figure that was held against something.
    pub fields: Vec<FieldVerdict>,
    /// What stands with it and was not read, and why.
    pub left_out: Vec<String>,
}

/// A count and the percentage that is printed with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScannedCount {
    /// Where it stands.
    #[serde(flatten, serialize_with = "line_and_column")]
    pub place: Place,
    /// As it stands there, without mark-up.
    pub text: String,
    /// The events.
    pub events: u64,
    /// Of how many.
    pub total: u64,
    /// The percentage, as it is printed.
    pub percent: String,
    /// Whether the count gives the percentage.
    pub possible: bool,
    /// The first rule of rounding under which it does.
    pub rounding: Consistency,
    /// What the count gives, and what would give the percentage.
    pub reason: String,
}

/// Numbers that look like an interval and were not read as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotRead {
    /// Where they stand.
    #[serde(flatten, serialize_with = "line_and_column")]
    pub place: Place,
    /// As they stand there, without mark-up.
    pub text: String,
    /// Why they were not read.
    pub reason: String,
}

fn line_and_column<S: Serializer>(place: &Place, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(2))?;
    map.serialize_entry("line", &place.line)?;
    map.serialize_entry("column", &place.column)?;
    map.end()
}

/// Each field as it is printed.
fn printed<S: Serializer>(read: &Claim, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    for entry in &read.entries {
        map.serialize_entry(entry.field.key(), &entry.printed.to_string())?;
    }
    map.end()
}

fn in_words<S: Serializer>(why: &Option<Why>, to: S) -> Result<S::Ok, S::Error> {
    why.as_ref().map(ToString::to_string).serialize(to)
}

impl ScannedResult {
    /// What was read, in words: `estimate = 54.0%, ci = 46.3% to 61.5%`.
    #[must_use]
    pub fn words(&self) -> String {
        let interval = self.read.two(Field::Ci);
        let one = |entry: &crate::published::claim::Entry| match (entry.field, &interval) {
            (Field::Lower, Some(pair)) => Some(format!("ci = {} to {}", pair.lower, pair.upper)),
            (Field::Upper, Some(_)) => None,
            (field, _) => Some(match entry.printed.two() {
                Some(pair) => format!("{} = {} to {}", field.key(), pair.lower, pair.upper),
                None => format!("{} = {}", field.key(), entry.printed),
            }),
        };
        self.read.entries.iter().filter_map(one).collect::<Vec<_>>().join(", ")
    }
}
