//! What a report about a printed figure opens with: what was printed, what is there to recompute it from, what that
//! gives, what is shown about the rest, and what would settle it.

use serde::Serialize;

use crate::analysis::MetaAnalysis;
use crate::format::{counted, grouped, sanitize};
use crate::published::claim::{Claim, Field};
use crate::published::multiverse::choice_keys;
use crate::published::reconstruct::{KnownRow, Reconstruction};

/// The opening of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Opening {
    /// Where the figure is printed.
    pub source: String,
    /// The estimate as printed.
    pub estimate: String,
    /// The interval as printed.
    pub interval: String,
    /// Studies and people as printed.
    pub basis: String,
    /// What became of it, in a few words.
    pub verdict: String,
    /// The sentences.
    pub sentences: Vec<String>,
}

/// What was computed about a printed figure whose studies are not in the report.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What is printed: at least the estimate with its interval.
    pub printed: &'a Claim,
    /// What the totals count.
    pub unit: &'a str,
    /// Series that were pooled in its place, and how many specifications were tried on them and give the figures.
    pub pooled: Option<(&'a MetaAnalysis, [u64; 2])>,
    /// The search for tables with all known rows, and those with one left out.
    pub searched: Option<&'a Searched>,
}

/// A search for tables with all known rows in, and one more for each row left out.
#[derive(Debug, Clone)]
pub struct Searched {
    /// The known rows.
    pub known: Vec<KnownRow>,
    /// With all of them in.
    pub all: Reconstruction,
    /// With one left out, where that was asked for.
    pub left_out: Vec<(KnownRow, Reconstruction)>,
}

impl Opening {
    /// The opening; `None` where no estimate with an interval, k and total are printed.
    #[must_use]
    pub fn of(evidence: Evidence<'_>) -> Option<Self> {
        let Evidence { printed, unit, .. } = evidence;
        let estimate = printed.one(Field::Estimate)?.to_string();
        let interval = printed.two(Field::Ci)?.to_string();
        let [k, total] = [printed.count(Field::K)?, printed.count(Field::Total)?];
        let basis = format!("{}, {} {unit}", counted(k, "study", "studies"), grouped(total));
        let known_why = printed.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let mut sentences = vec![
            format!("Printed in {}: {estimate} ({interval}), from {basis}.", printed.source),
            format!(
                "The counts of its {} are not in this report{known_why}.",
                counted(k, "study", "studies")
            ),
        ];
        sentences.extend(evidence.pooled.map(|(pooled, tried)| sourced(pooled, tried, unit)));
        sentences.extend(evidence.searched.map(|searched| shown(searched, [k, total], unit)));
        sentences.push(format!(
            "What would settle it is the table itself: the events and the {unit} of each of the {} studies.",
            grouped(k)
        ));
        Some(Self {
            source: clean(&printed.source),
            estimate: clean(&estimate),
            interval: clean(&interval),
            basis: clean(&basis),
            verdict: verdict(evidence),
            sentences: sentences.iter().map(|sentence| clean(sentence)).collect(),
        })
    }
}

fn clean(text: &str) -> String {
    sanitize(text).into_owned()
}

fn verdict(evidence: Evidence<'_>) -> String {
    match evidence.pooled {
        Some((pooled, [tried, 0])) => format!(
            "not recomputed: none of {} specifications of {} sourced series gives it",
            grouped(tried),
            pooled.k()
        ),
        Some((pooled, [tried, complete])) => format!(
            "given by {} of {} specifications of {} sourced series",
            grouped(complete),
            grouped(tried),
            pooled.k()
        ),
        None => "cannot be recomputed: the studies are not in this report".to_string(),
    }
}

/// What the sourced series give.
fn sourced(pooled: &MetaAnalysis, [tried, complete]: [u64; 2], unit: &str) -> String {
    let display = pooled.number_format();
    let summary = pooled.pooled();
    let [lower, upper] = summary.shown_limits();
    let limits = display.limits(lower, upper).map(|limits| format!(" ({limits})")).unwrap_or_default();
    let counts =
        pooled.sums().map(|(events, total)| format!(" ({} of {} {unit})", grouped(events), grouped(total)));
    let give = match complete {
        0 => format!("none of {} specifications that were tried on them gives", grouped(tried)),
        some => {
            format!("{} of {} specifications that were tried on them give", grouped(some), grouped(tried))
        }
    };
    format!(
        "The {} series whose counts are sourced{} pool to {}{limits}, and {give} the printed figures.",
        pooled.k(),
        counts.unwrap_or_default(),
        display.with_sign(summary.estimate)
    )
}

/// What is shown about a table with the known rows in it.
fn shown(searched: &Searched, [k, total]: [u64; 2], unit: &str) -> String {
    let Searched { known, all, left_out } = searched;
    let table = format!("table of {} studies and {} {unit}", grouped(k), grouped(total));
    let rows = known.len();
    let reading = if known.iter().any(|row| row.readings.len() > 1) { " in any reading" } else { "" };
    let with_all = match (all.found, all.exhaustive) {
        (0, true) => format!(
            "It is proved that no {table} with all {rows} of them{reading} gives the printed figures when it is pooled as here ({}), whatever the other studies are",
            choice_keys(&all.spec).into_iter().flatten().collect::<Vec<_>>().join(", ")
        ),
        (0, false) => format!(
            "No {table} with all {rows} of them{reading} was found to give the printed figures, which does not show that none exists"
        ),
        _ => format!("There are {table}s with all {rows} of them that give the printed figures"),
    };
    if left_out.is_empty() {
        return format!("{with_all}.");
    }
    let named = |wanted: &dyn Fn(&Reconstruction) -> bool| -> Vec<String> {
        let rows = left_out.iter().filter(|(_, found)| wanted(found));
        rows.map(|(row, _)| format!("{} ({})", row.study, counts_of(row))).collect()
    };
    let proved = named(&|found| found.found == 0 && found.exhaustive);
    let (found, open) =
        (named(&|found| found.found > 0), named(&|found| found.found == 0 && !found.exhaustive));
    let mut parts = vec![with_all];
    if !proved.is_empty() {
        parts.push(format!(
            "nor does one with a single one of them left out, for {} of the {rows}",
            proved.len()
        ));
    }
    if !found.is_empty() {
        parts.push(format!("tables were found without {}", found.join(", without ")));
    }
    if !open.is_empty() {
        parts.push(format!("none was found, and nothing is shown, without {}", open.join(", without ")));
    }
    format!("{}.", parts.join("; "))
}

/// The readings of a row: `38/65 or 52/90`.
pub(super) fn counts_of(row: &KnownRow) -> String {
    let readings = row.readings.iter().map(|counts| format!("{}/{}", counts.events(), counts.total()));
    readings.collect::<Vec<_>>().join(" or ")
}
