//! From the text of an analysis file to what it says, or to everything that is wrong with it.

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use super::file::{AnalysisFile, OutcomeEntry};
use super::line::Line;
use super::outcome_plot::OutcomePlot;
use super::read_claims::claims;
use super::read_reconstructions::reconstructions;
use super::section::{FOLDER_NAMES, Section, Text, is_folder_name};
use super::source::{data_source, source_keys};
use crate::error::{Error, Problem};
use crate::options::{Drawing, OptionSet, Parts, Presentation, Request};

/// The version of the format that is read and written.
pub(super) const SCHEMA: i64 = 1;

const TOP_KEYS: [&str; 7] = ["schema", "title", "data", "analysis", "outcome", "claim", "reconstruct"];
/// An analysis file may have this many outcomes.
const MOST_OUTCOMES: usize = 10_000;

/// What an outcome has of its own.
const OUTCOME_KEYS: [&str; 12] = [
    "id",
    "title",
    "multiverse",
    "conclusion",
    "reproduce",
    "mods",
    "sensitivity",
    "plots",
    "bias",
    "sources",
    "notes",
    "appendix",
];

/// What the analysis file in `text` says; `name` is what errors call it.
///
/// # Errors
///
/// [`Error::AnalysisFile`] with every problem, each with its line: text that is not TOML, unknown keys
/// with the nearest known one, values of the wrong type or outside their range, words that are not in
/// the vocabulary, choices that do not go together, ids that are not a plain folder name or that
/// occur twice.
///
/// ```
/// use metaprop::options::analysis_file::parse;
///
/// let error = parse("schema = 1\ntitel = \"x\"\n", "typo.toml").unwrap_err().to_string();
/// assert!(error.contains("typo.toml:2: unknown key 'titel'") && error.contains("did you mean 'title'?"));
/// ```
pub fn parse(text: &str, name: &str) -> Result<AnalysisFile, Error> {
    let mut source = Text::new(name, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            let at = error.span().unwrap_or_default();
            source.wrong(&at, Problem::new(format!("not TOML: {}", error.message())));
        }
        return Err(Error::AnalysisFile(source.into_problems()));
    }
    let file = top(&Section::new(table.get_ref(), "the file", 0..0), &mut source);
    if source.is_right() { Ok(file) } else { Err(Error::AnalysisFile(source.into_problems())) }
}

fn top(file: &Section<'_>, source: &mut Text<'_>) -> AnalysisFile {
    file.refuse_unknown(&[&TOP_KEYS], source);
    schema(file, source);
    let title = file.text("title", source);
    if title.is_none() && file.get("title").is_none() && !file.misspells("title", &TOP_KEYS) {
        source.wrong(
            &(0..0),
            Problem::new("'title' is missing").help("give the report a title: title = \"…\""),
        );
    }
    let mut read = AnalysisFile { title: title.unwrap_or_default(), ..AnalysisFile::default() };
    if let Some(data) = file.table("data", source) {
        data.refuse_unknown(&[&source_keys()], source);
        read.data = data_source(&data, source);
    }
    if let Some(analysis) = file.table("analysis", source) {
        let known = [Request::keys(), Presentation::keys(), Parts::keys(), Drawing::keys()];
        analysis.refuse_unknown(&known.each_ref().map(|keys| &keys[..]), source);
        read.analysis = analysis.options(source);
        read.presentation = analysis.options(source);
        read.parts = analysis.options(source);
        read.drawing = analysis.options(source);
    }
    outcomes(file, &mut read, source);
    read.claims = claims(file, &read, source);
    read.reconstructions = reconstructions(file, &read, source);
    read
}

fn schema(file: &Section<'_>, source: &mut Text<'_>) {
    let help = format!("the first line of the file is: schema = {SCHEMA}");
    let seen = file
        .get("schema")
        .map(|value| (value.span(), value.get_ref().as_integer().map(|number| number.as_str())));
    match seen {
        None => source.wrong(&(0..0), Problem::new("'schema' is missing").help(help)),
        Some((_, Some("1"))) => {}
        Some((at, _)) => {
            let typed = source.text.get(at.clone()).unwrap_or_default().to_string();
            source.wrong(
                &at,
                Problem::new(format!("schema = {typed} is not a version that can be read")).help(help),
            );
        }
    }
}

fn outcomes(file: &Section<'_>, read: &mut AnalysisFile, source: &mut Text<'_>) {
    let mut ids: HashMap<String, u64> = HashMap::new();
    let sections = file.tables("outcome", source);
    if sections.is_empty() && file.get("outcome").is_none() && !file.misspells("outcome", &TOP_KEYS) {
        let help = "an [[outcome]] has at least an id and the column of its events";
        source.wrong(&(0..0), Problem::new("there is no [[outcome]]").help(help));
    }
    if let Some(section) = sections.get(MOST_OUTCOMES) {
        let what = format!("there are {} outcomes, and at most {MOST_OUTCOMES} are read", sections.len());
        source.wrong(&section.at, Problem::new(what).help("give the others an analysis file of their own"));
        return;
    }
    for section in sections {
        let entry = outcome(&section, source);
        let line = source.line(&section.at);
        // Folders that differ in case alone are one folder on some systems.
        if let Some(first) = ids.insert(entry.id.to_lowercase(), line).filter(|_| !entry.id.is_empty()) {
            let what = format!("the id '{}' is already that of the outcome on line {first}", entry.id);
            source.wrong(&section.at, Problem::new(what).help("each outcome has a folder of its own"));
        }
        complete(&entry, read, &section, file, source);
        read.outcomes.push(entry);
    }
}

fn outcome(section: &Section<'_>, source: &mut Text<'_>) -> OutcomeEntry {
    let known = [
        &OUTCOME_KEYS[..],
        &source_keys(),
        &Request::keys(),
        &Presentation::keys(),
        &Parts::keys(),
        &Drawing::keys(),
    ];
    section.refuse_unknown(&known, source);
    let id = section.text("id", source);
    match (&id, section.get("id").map(toml::Spanned::span)) {
        (Some(id), Some(at)) if !is_folder_name(id) => {
            let what = format!("the id '{id}' is not a plain name of a folder");
            source.wrong(&at, Problem::new(what).help(FOLDER_NAMES));
        }
        (None, None) => source
            .wrong(&section.at, Problem::new("an [[outcome]] has no id").help("give it one: id = \"main\"")),
        _ => {}
    }
    let id = id.unwrap_or_default();
    if section.get("conclusion").is_some() && section.get("multiverse").is_none() {
        let problem = Problem::new(format!("'conclusion' of the outcome '{id}' is never looked at"));
        source.wrong(
            &section.at,
            problem.help("it is counted over every specification: add multiverse = true"),
        );
    }
    OutcomeEntry {
        title: section.text("title", source).unwrap_or_else(|| id.clone()),
        id,
        source: data_source(section, source),
        choices: section.options(source),
        presentation: section.options(source),
        parts: section.options(source),
        drawing: section.options(source),
        multiverse: section.flag("multiverse", source),
        conclusion: section.lined("conclusion", source),
        reproduce: section.lined("reproduce", source),
        mods: section
            .texts("mods", source)
            .into_iter()
            .map(|(formula, at)| (formula, Line(source.line(&at))))
            .collect(),
        sensitivity: section.flag("sensitivity", source),
        plots: plots(section, source),
        bias: section.flag("bias", source),
        sources: section.texts("sources", source).into_iter().map(|(column, _)| column).collect(),
        notes: section.texts("notes", source).into_iter().map(|(note, _)| note).collect(),
        appendix: section.flag("appendix", source),
    }
}

/// `plots = ["funnel", …]`: each figure once.
fn plots(section: &Section<'_>, source: &mut Text<'_>) -> Vec<(OutcomePlot, Line)> {
    let mut plots: Vec<(OutcomePlot, Line)> = Vec::new();
    for (word, at) in section.texts("plots", source) {
        match OutcomePlot::parse(&word) {
            Ok(plot) if plots.iter().any(|(known, _)| *known == plot) => {
                source.wrong(&at, Problem::new(format!("plots: '{word}' stands there twice")));
            }
            Ok(plot) => plots.push((plot, Line(source.line(&at)))),
            Err(error) => source.refuse(&at, error),
        }
    }
    let has_bubble = plots.iter().any(|(plot, _)| *plot == OutcomePlot::Bubble);
    if has_bubble && section.get("mods").is_none() {
        let at = section.get("plots").map_or(section.at.clone(), toml::Spanned::span);
        let problem = Problem::new("plots: 'bubble' is of a meta-regression, and the outcome has none");
        source.wrong(&at, problem.help("name its moderator: mods = [\"dose\"]"));
    }
    plots
}

/// What an outcome must have once the shared parts are taken into account.
fn complete(
    entry: &OutcomeEntry,
    read: &AnalysisFile,
    section: &Section<'_>,
    file: &Section<'_>,
    source: &mut Text<'_>,
) {
    let needs_data = !is_claimed_only(section, file, &entry.id);
    // What is there and could not be read has been said.
    let is_there = |key: &str| section.get(key).is_some() || file.has("data", key);
    let data = read.source(entry);
    if needs_data && data.file.is_none() && !is_there("file") {
        let what = format!("the outcome '{}' has no data", entry.id);
        source.wrong(
            &section.at,
            Problem::new(what).help("name a file in [data], or in the outcome: file = \"counts.csv\""),
        );
    }
    if needs_data && !data.read.names_values() && !VALUES.iter().any(|key| is_there(key)) {
        let what = format!("the outcome '{}' does not say which column has its events", entry.id);
        source.wrong(
            &section.at,
            Problem::new(what)
                .help("write events = \"the column's name\", or percent or estimate; without data of its own, give it a [[claim]]"),
        );
    }
    if data.read.has_estimates() {
        counts_needed(entry, section, source);
    }
    if let Err(Error::Usage(problems)) =
        read.choices(entry).resolve_for(&data.read, read.presentation(entry), &read.parts(entry))
    {
        let new: Vec<_> = problems.into_iter().filter(|problem| !source.has_said(&problem.what)).collect();
        for problem in new {
            // The first word of what is wrong with an option is its key.
            let key = problem.what.split(' ').next().unwrap_or_default();
            let at = section.get(key).map_or(section.at.clone(), toml::Spanned::span);
            source.wrong(&at, problem);
        }
    }
}

/// What an outcome of estimates cannot ask for.
fn counts_needed(entry: &OutcomeEntry, section: &Section<'_>, source: &mut Text<'_>) {
    let asked = [("multiverse", entry.multiverse), ("reproduce", entry.reproduce.is_some())];
    for (key, _) in asked.into_iter().filter(|(_, asked)| *asked) {
        let what =
            format!("{key} needs the counts of each study, and the outcome '{}' has estimates", entry.id);
        let at = section.get(key).map_or(section.at.clone(), toml::Spanned::span);
        source.wrong(&at, Problem::new(what).help("leave it out"));
    }
}

/// The keys that name what is pooled.
const VALUES: [&str; 3] = ["events", "percent", "estimate"];

/// Whether an outcome has no data, and a claim that is about it: neither the outcome nor `[data]`
/// names the events, and the outcome names no file of its own.
fn is_claimed_only(section: &Section<'_>, file: &Section<'_>, id: &str) -> bool {
    let has_data = VALUES.iter().chain(&["total", "file"]).any(|key| section.get(key).is_some())
        || VALUES.iter().any(|key| file.has("data", key));
    let is_about = |claim: &toml::Spanned<DeValue<'_>>| {
        claim.get_ref().get("outcome").and_then(|outcome| outcome.get_ref().as_str()) == Some(id)
    };
    let claims = file.get("claim").and_then(|claims| claims.get_ref().as_array());
    !has_data && claims.is_some_and(|claims| claims.iter().any(is_about))
}
