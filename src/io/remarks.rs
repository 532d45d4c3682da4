//! Remarks on single rows, each kind gathered into one advisory.

use crate::advisory::{Advisory, Code};
use crate::data::{Clusters, Counts, Labels};
use crate::printed::grim::of_counts;
use crate::printed::{Consistency, Printed};

/// How many rows a remark names; the others are counted.
const NAMED: usize = 50;

/// Rows of which the same is to be said.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    named: Vec<String>,
    more: usize,
}

impl Rows {
    /// Adds a row.
    pub(super) fn push(&mut self, name: &str, line: u32) {
        self.add(|| format!("'{name}' (line {line})"));
    }

    /// Adds a row and what is to be said of it.
    pub(super) fn say(&mut self, name: &str, line: u32, what: &str) {
        self.add(|| format!("{what} ('{name}', line {line})"));
    }

    fn add(&mut self, row: impl FnOnce() -> String) {
        if self.named.len() < NAMED {
            self.named.push(row());
        } else {
            self.more += 1;
        }
    }

    fn into_advisory(self, code: Code, lead: &str) -> Option<Advisory> {
        if self.named.is_empty() {
            return None;
        }
        let more = if self.more > 0 { format!("; and {} more", self.more) } else { String::new() };
        Some(Advisory::new(code, format!("{lead}: {}{more}", self.named.join("; "))))
    }

    /// That printed percentages are not those of the counts.
    pub(super) fn percent_mismatch(self) -> Option<Advisory> {
        self.into_advisory(Code::PercentMismatch, "percentages in the table that its counts do not give")
    }

    /// That rows without a name were given that of the row above.
    pub(super) fn names_continued(self) -> Option<Advisory> {
        let lead = "rows without a name, taken as going on from the row above";
        self.into_advisory(Code::NamesContinued, lead)
    }

    /// That rows have no name.
    pub(super) fn names_missing(self) -> Option<Advisory> {
        self.into_advisory(Code::StudiesNumbered, "rows without a name, called by their number")
    }

    /// That fractional events were rounded.
    pub(super) fn events_rounded(self) -> Option<Advisory> {
        self.into_advisory(Code::EventsRounded, "fractional events rounded half up")
    }
}

/// What a printed percentage and the counts beside it say, where they differ; a number without a sign may be a fraction
/// or a percentage.
pub(super) fn mismatch(printed: &Printed, counts: Counts) -> Option<String> {
    let (events, total) = (counts.events(), counts.total());
    let readings = [printed.clone(), printed.or_percent()];
    let differs = readings.iter().all(|printed| of_counts(printed, events, total) == Consistency::No);
    let percent = 100.0 * counts.proportion();
    differs.then(|| format!("{printed} is printed, and {events} of {total} is {percent:.2}%"))
}

/// That no column has names.
pub(super) fn studies_numbered() -> Advisory {
    Advisory::new(
        Code::StudiesNumbered,
        "no column of study names was found: the studies are numbered by their rows",
    )
}

/// That lines above the header were passed over.
pub(super) fn lines_above(lines: usize, header: u32) -> Advisory {
    let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    let message =
        format!("{lines} above the header on line {header} passed over: they are no row of the table");
    Advisory::new(Code::LinesSkipped, message)
}

/// That notes below the table were left out.
pub(super) fn notes_below(notes: usize) -> Advisory {
    let rows = if notes == 1 { "1 line of notes".to_owned() } else { format!("{notes} lines of notes") };
    Advisory::new(Code::LinesSkipped, format!("{rows} below the table left out: no row of it"))
}

/// Rows without a value in the column of the clusters.
pub(super) fn without_cluster(clusters: &Clusters, labels: &Labels) -> Option<Advisory> {
    let mut rows = Rows::default();
    for (_, label) in labels.iter().enumerate().filter(|(study, _)| clusters.name(*study).is_none()) {
        rows.push(label.name, label.line);
    }
    let column = clusters.column();
    rows.into_advisory(
        Code::ClusterMissing,
        &format!("without a value in '{column}', so each a cluster of its own"),
    )
}
