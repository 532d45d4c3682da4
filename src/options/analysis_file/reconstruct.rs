//! The `[[reconstruct]]`s of an analysis file: searches for tables that printed figures may have come from.

use super::line::Line;
use super::source::Source;
use crate::options::Request;

/// One search.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReconstructEntry {
    /// The folder of its files.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The outcome whose printed figures are meant.
    pub claim: (String, Line),
    /// Where the rows are that are known; rows of one name are readings of one study.
    pub source: Source,
    /// Of these, the studies that are not used.
    pub without: Vec<String>,
    /// The studies that may have been left out.
    pub optional: Vec<String>,
    /// Whether the search is repeated with each known study left out.
    pub each_left_out: bool,
    /// Whether the search is repeated with each known study as the only known one.
    pub each_alone: bool,
    /// The outcome whose printed figures the same tables have to give as well.
    pub also: Option<(String, Line)>,
    /// The column of its events; an empty cell is not known.
    pub also_events: Option<String>,
    /// Whether it stands in the appendix of the report.
    pub appendix: bool,
    /// The numbers of studies that are searched, in place of the claimed one: `12..14`.
    pub printed_k: Option<(String, Line)>,
    /// The numbers of people that are searched, in place of the claimed one.
    pub printed_total: Option<(String, Line)>,
    /// How often the local search starts anew.
    pub tries: u64,
    /// The specification that the figures were made with, as far as it is its own.
    pub choices: Request,
    /// Where it stands.
    pub line: Line,
}
