//! Reads the `[[reconstruct]]`s of an analysis file.

use super::file::AnalysisFile;
use super::line::Line;
use super::reconstruct::ReconstructEntry;
use super::section::{FOLDER_NAMES, Section, Text, is_folder_name};
use super::source::{data_source, source_keys};
use crate::error::{Error, Problem};
use crate::options::{OptionSet, Request};

/// How often a search starts anew, unless the section says otherwise.
const TRIES: u64 = 200;

const OWN_KEYS: [&str; 13] = [
    "id",
    "title",
    "claim",
    "also",
    "also-events",
    "without",
    "optional",
    "each-left-out",
    "each-alone",
    "appendix",
    "printed-k",
    "printed-total",
    "tries",
];

/// Reads every section; outcomes and claims have been read.
pub(super) fn reconstructions(
    file: &Section<'_>,
    read: &AnalysisFile,
    source: &mut Text<'_>,
) -> Vec<ReconstructEntry> {
    let sections = file.tables("reconstruct", source);
    let mut entries: Vec<ReconstructEntry> = Vec::new();
    for section in &sections {
        let entry = entry(section, source);
        let taken = |id: &str| id.eq_ignore_ascii_case(&entry.id);
        if read.outcomes.iter().any(|of| taken(&of.id)) || entries.iter().any(|of| taken(&of.id)) {
            let problem = Problem::new(format!("the id '{}' is already taken", entry.id));
            source.wrong(&section.at, problem.help("each has a folder of its own"));
        }
        complete(section, &entry, read, source);
        entries.push(entry);
    }
    entries
}

fn entry(section: &Section<'_>, source: &mut Text<'_>) -> ReconstructEntry {
    section.refuse_unknown(&[&OWN_KEYS, &source_keys(), &Request::keys()], source);
    let id = section.text("id", source).unwrap_or_default();
    if !is_folder_name(&id) {
        let problem =
            Problem::new(format!("the id '{id}' of a [[reconstruct]] is not a plain name of a folder"));
        source.wrong(&section.at, problem.help(FOLDER_NAMES));
    }
    let names = |key: &str, source: &mut Text<'_>| -> Vec<String> {
        section.texts(key, source).into_iter().map(|(name, _)| name).collect()
    };
    let tries = section.parsed("tries", source, |typed| match typed.parse::<u64>() {
        Ok(tries) if tries > 0 => Ok(tries),
        _ => Err(Error::usage(format!("tries = {typed} is not a whole number from 1 up"))),
    });
    ReconstructEntry {
        title: section.text("title", source).unwrap_or_else(|| id.clone()),
        id,
        claim: section.lined("claim", source).unwrap_or_default(),
        source: data_source(section, source),
        without: names("without", source),
        optional: names("optional", source),
        each_left_out: section.flag("each-left-out", source),
        each_alone: section.flag("each-alone", source),
        also: section.lined("also", source),
        also_events: section.text("also-events", source),
        appendix: section.flag("appendix", source),
        printed_k: section.lined("printed-k", source),
        printed_total: section.lined("printed-total", source),
        tries: tries.unwrap_or(TRIES),
        choices: section.options(source),
        line: Line(source.line(&section.at)),
    }
}

/// What a section must have once the shared parts are taken into account.
fn complete(section: &Section<'_>, entry: &ReconstructEntry, read: &AnalysisFile, source: &mut Text<'_>) {
    let mut wrong =
        |what: String, help: &str| source.wrong(&section.at, Problem::new(what).help(help.to_string()));
    if !read.claims.iter().any(|claim| claim.outcome == entry.claim.0) {
        wrong(
            "a [[reconstruct]] does not say whose printed figures it is about".to_string(),
            "write claim = \"the id of an outcome that has a [[claim]]\"",
        );
    }
    let is_claimed = |id: &str| read.claims.iter().any(|claim| claim.outcome == id);
    match (&entry.also, &entry.also_events) {
        (Some((also, _)), _) if !is_claimed(also) => wrong(
            format!(
                "nothing is claimed about the outcome '{also}', whose figures the tables have to give as well"
            ),
            "write also = \"the id of an outcome that has a [[claim]]\"",
        ),
        (Some(_), None) => wrong(
            "a [[reconstruct]] with 'also' does not say which column has the events of that outcome"
                .to_string(),
            "write also-events = \"the column's name\"",
        ),
        (None, Some(_)) => wrong(
            "'also-events' of a [[reconstruct]] is never looked at".to_string(),
            "it is the column of a second outcome: add also = \"the id of an outcome\"",
        ),
        _ => {}
    }
    if entry.also.is_some() && (entry.printed_k.is_some() || entry.printed_total.is_some()) {
        wrong(
            "two outcomes at once are searched for one k and total".to_string(),
            "leave printed-k and printed-total out, or also",
        );
    }
    if entry.source.file.is_none() && read.data.file.is_none() {
        wrong(
            "a [[reconstruct]] has no rows that are known".to_string(),
            "name their file: file = \"rows.csv\"",
        );
    }
    if entry.source.read.has_estimates() {
        wrong("a [[reconstruct]] is of counts".to_string(), "leave estimate and its precision out");
    }
    if let Err(Error::Usage(problems)) = entry.choices.or(read.analysis).resolve() {
        problems.into_iter().for_each(|problem| source.wrong(&section.at, problem));
    }
}
