//! The `[[claim]]`s of an analysis file, as they were typed: keys and texts, each with its line.
//!
//! What the keys mean is known where claims are judged; here a claim only has to name an outcome of
//! the file, say where it was printed, and keep its digits.

use super::line::Line;

/// One claim: what a source prints about an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimEntry {
    /// The outcome's id.
    pub outcome: String,
    /// Where it was printed.
    pub source: String,
    /// The level of a subgroup that it is about: `subgroup."AT/AU".estimate`.
    pub subgroup: Option<String>,
    /// The coefficient of a meta-regression that it is about: `coefficient.dose`.
    pub coefficient: Option<String>,
    /// Every other key, by name.
    pub fields: Vec<ClaimField>,
    /// What is claimed about single studies: `[[claim.study]]`.
    pub studies: Vec<StudyClaim>,
}

/// What a claim prints about one study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudyClaim {
    /// The study's name.
    pub study: String,
    /// Every other key, by name.
    pub fields: Vec<ClaimField>,
}

/// One key of a claim and its texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimField {
    /// The key.
    pub key: String,
    /// The text, or the texts of a list.
    pub texts: Vec<String>,
    /// Where it stands.
    pub line: Line,
}
