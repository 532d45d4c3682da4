//! Columns that are not found: what there is in their place, and what to do.

use super::contents::Contents;
use super::roles::{EVENTS, PERCENT, Role, TOTAL, plain, says_another_scale, says_percent, says_time};
use super::text::quoted;
use crate::error::Problem;

/// Why a column is no total, and what to do.
pub(super) const OF_TIME: &str =
    "that is time under observation and no number of people, and rates are not proportions";
pub(super) const TO_POOL_RATES: &str = "name the column of all who could have the event: --total COL; events per time are pooled by other programs, such as metarate of R meta";

/// The problem where no column of events or of totals is found.
pub(super) fn missing(
    contents: Contents<'_>,
    [events, percent, totals]: [&[usize]; 3],
    percentages: bool,
) -> Problem {
    let header = contents.header;
    let time = (0..header.names.len()).find(|column| says_time(&header.names[*column]));
    let (what, role, flags) = match (events, percent, totals) {
        ([], [], _) if percentages => ("no column of percentages is".to_owned(), &PERCENT, "--percent COL"),
        ([], [], []) => (
            "no columns of events and totals are".to_owned(),
            &EVENTS,
            "--events COL --total COL, or --percent COL",
        ),
        ([], [], _) => ("no column of events is".to_owned(), &EVENTS, "--events COL or --percent COL"),
        (events, percent, _) => {
            let (what, column) = match (events, percent) {
                ([column, ..], _) => ("events", *column),
                (_, [column, ..]) => ("percentages", *column),
                _ => ("events", 0),
            };
            let what = format!("no column of totals beside the {what} ({}) is", header.quoted(column));
            (what, &TOTAL, "--total COL")
        }
    };
    let help = to_name(contents, role, flags, events.is_empty() && percent.is_empty());
    let mut what = format!("{what} found; the columns are {}", contents.list());
    let of_words =
        (0..header.names.len()).find(|column| header.is_of(*column, role) && contents.is_words(*column));
    if let Some(column) = of_words {
        let example = quoted(contents.example(column));
        what += &format!("; the column {} holds no number, but {example}", header.quoted(column));
    }
    if let Some(time) = time.filter(|_| totals.is_empty()) {
        what += &format!("; {}: {OF_TIME}", header.quoted(time));
    }
    header.problem(what).help(help)
}

/// What to name where a column is not found, and which of them it may be.
fn to_name(contents: Contents<'_>, role: &Role, flags: &str, no_counts: bool) -> String {
    let names = contents.header.names;
    if let [only] = names
        && only.contains(char::is_whitespace)
    {
        return "separate the columns with commas, semicolons or tabs".to_owned();
    }
    if is_on_its_side(contents) {
        return "the studies stand in columns: exchange rows and columns (in a spreadsheet copy, paste special, transpose)".to_owned();
    }
    let percentages = (0..names.len()).find(|column| {
        !contents.is_words(*column)
            && (says_percent(&names[*column]) || contents.looks_like_percentages(*column))
            && !says_another_scale(&names[*column])
    });
    if let Some(column) = percentages.filter(|_| no_counts) {
        let column = contents.header.quoted(column);
        return format!(
            "name what is missing: {flags} (the percentages may be {column}: --percent {column})"
        );
    }
    let both = (0..names.len()).find(|column| contents.has_totals(*column));
    if let Some(column) = both.filter(|_| no_counts) {
        let column = contents.header.quoted(column);
        return format!(
            "name what is missing: {flags} (events and totals may be in {column}: --events {column})"
        );
    }
    // `No event` and `Events per 1000` are none of the events.
    let is_other = |name: &str| {
        ["no ", "non", "without", "not "].iter().any(|word| name.to_lowercase().starts_with(word))
            || says_another_scale(name)
    };
    let similar = |name: &&String| {
        let mut known = role.names.iter().copied().flatten().filter(|known| known.len() > 3);
        !is_other(name) && known.any(|known| strsim::jaro_winkler(known, &plain(name)) > 0.88)
    };
    match names.iter().find(similar) {
        Some(name) => format!("name what is missing: {flags} (is it {}?)", quoted(name)),
        None => format!("name what is missing: {flags}"),
    }
}

/// Whether the first column has names for events and for totals, as that of a table on its side has.
fn is_on_its_side(contents: Contents<'_>) -> bool {
    let names: Vec<String> = contents.table.rows().take(MOST_NAMES).map(|row| plain(row.cell(0))).collect();
    let has = |role: &Role| names.iter().any(|name| role.has(name));
    has(&EVENTS) && has(&TOTAL)
}

/// So many rows of a table are looked at for names.
const MOST_NAMES: usize = 20;
