//! A result in a sentence of a running text, and what else stands in it.

use std::ops::Range;

use super::found_count::FoundCount;
use super::measured::Measured;
use crate::published::claim::{Claim, Field};

/// What is known of the place that a sentence stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::published) struct Surroundings {
    /// Whether it is a cell of a table.
    pub in_table: bool,
    /// Whether a percent sign stands above the cell.
    pub percent_above: bool,
}

/// A result in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::published) struct FoundResult {
    /// The bytes from its estimate to the end of its interval.
    pub range: Range<usize>,
    /// The bytes of the part of the sentence that is about it.
    pub region: Range<usize>,
    pub claim: Claim,
    /// The level of its interval, in percent.
    pub level: Option<String>,
    pub measured: Measured,
    pub is_credible: bool,
    /// Whether the sentence says that it is pooled, and that it is of a part of the studies.
    pub says_pooled: bool,
    pub says_part: bool,
    /// The words that say the latter.
    pub part_words: Vec<String>,
    /// What was not read of it, and why.
    pub left_out: Vec<String>,
}

/// Numbers that look like an interval and are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::published) struct FoundCitation {
    /// The bytes from the number before them to the last of them.
    pub range: Range<usize>,
    pub why: String,
}

/// What is read from a sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::published) struct SentenceReading {
    pub results: Vec<FoundResult>,
    pub counts: Vec<FoundCount>,
    /// Figures of heterogeneity and prediction, where there is no result: they belong to one before.
    pub further: Vec<(Field, Vec<String>)>,
    pub citations: Vec<FoundCitation>,
}
