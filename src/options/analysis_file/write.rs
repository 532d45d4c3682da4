//! An analysis file written down: `pool --print-spec`.

use std::fmt::Write;

use toml::Value;

use super::read::SCHEMA;
use super::section::is_bare;
use super::source::{FILE, Source};
use super::{AnalysisFile, ClaimEntry, ClaimField, OutcomeEntry, ReconstructEntry};
use crate::options::{Many, OptionSet, Typed};

/// The file that [`parse`](super::parse) reads back to the same [`AnalysisFile`].
///
/// ```
/// use metaprop::options::analysis_file::{parse, to_toml};
///
/// let file = parse("schema = 1\ntitle = \"T\"\n[data]\nfile = \"x.csv\"\n[[outcome]]\nid = \"a\"\nevents = \"e\"\n", "a.toml")?;
/// assert_eq!(parse(&to_toml(&file), "again.toml")?, file);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn to_toml(file: &AnalysisFile) -> String {
    let mut text = format!("schema = {SCHEMA}\n");
    write_key(&mut text, "title", Some(string(&file.title)));
    let mut section = |heading: &str, entries: String| {
        if !entries.is_empty() {
            text.push_str(&format!("\n{heading}\n{entries}"));
        }
    };
    section("[data]", source(&file.data));
    section(
        "[analysis]",
        options(&file.analysis)
            + &options(&file.presentation)
            + &options(&file.parts)
            + &options(&file.drawing),
    );
    for entry in &file.outcomes {
        section("[[outcome]]", outcome(entry));
    }
    for entry in &file.claims {
        section("[[claim]]", claim(entry));
    }
    for entry in &file.reconstructions {
        section("[[reconstruct]]", reconstruct(entry));
    }
    text
}

fn claim(entry: &ClaimEntry) -> String {
    let mut text = String::new();
    write_key(&mut text, "outcome", Some(string(&entry.outcome)));
    write_key(&mut text, "source", Some(string(&entry.source)));
    let level = entry.subgroup.as_ref().map(|level| format!("subgroup.{}.", string_key(level)));
    match &entry.coefficient {
        // The name of the coefficient stands in the place of the field.
        Some(name) => entry.fields.iter().for_each(|field| {
            write_key(&mut text, &format!("coefficient.{}", string_key(name)), strings(&field.texts));
        }),
        None => text.push_str(&claimed(&entry.fields, level.as_deref().unwrap_or_default())),
    }
    for study in &entry.studies {
        text.push_str("\n[[claim.study]]\n");
        write_key(&mut text, "study", Some(string(&study.study)));
        text.push_str(&claimed(&study.fields, ""));
    }
    text
}

/// The figures, each key behind what it belongs to.
fn claimed(fields: &[ClaimField], of: &str) -> String {
    let mut text = String::new();
    for field in fields {
        write_key(&mut text, &format!("{of}{}", string_key(&field.key)), strings(&field.texts));
    }
    text
}

/// A key as TOML writes it: bare where it can be.
fn string_key(key: &str) -> String {
    if is_bare(key) { key.to_string() } else { string(key) }
}

fn outcome(entry: &OutcomeEntry) -> String {
    let mut text = String::new();
    write_key(&mut text, "id", Some(string(&entry.id)));
    write_key(&mut text, "title", Some(string(&entry.title)));
    write_key(&mut text, "multiverse", entry.multiverse.then(|| "true".to_string()));
    write_key(&mut text, "conclusion", entry.conclusion.as_ref().map(|(text, _)| string(text)));
    write_key(&mut text, "reproduce", entry.reproduce.as_ref().map(|(text, _)| string(text)));
    let mods: Vec<String> = entry.mods.iter().map(|(formula, _)| formula.clone()).collect();
    write_key(&mut text, "mods", strings(&mods));
    write_key(&mut text, "sensitivity", entry.sensitivity.then(|| "true".to_string()));
    let plots: Vec<String> = entry.plots.iter().map(|(plot, _)| plot.key().to_string()).collect();
    write_key(&mut text, "plots", strings(&plots));
    write_key(&mut text, "bias", entry.bias.then(|| "true".to_string()));
    write_key(&mut text, "sources", strings(&entry.sources));
    write_key(&mut text, "notes", strings(&entry.notes));
    write_key(&mut text, "appendix", entry.appendix.then(|| "true".to_string()));
    text + &source(&entry.source)
        + &options(&entry.choices)
        + &options(&entry.presentation)
        + &options(&entry.parts)
}

fn reconstruct(entry: &ReconstructEntry) -> String {
    let mut text = String::new();
    write_key(&mut text, "id", Some(string(&entry.id)));
    write_key(&mut text, "title", Some(string(&entry.title)));
    write_key(&mut text, "claim", Some(string(&entry.claim.0)));
    write_key(&mut text, "without", strings(&entry.without));
    write_key(&mut text, "optional", strings(&entry.optional));
    write_key(&mut text, "each-left-out", entry.each_left_out.then(|| "true".to_string()));
    write_key(&mut text, "each-alone", entry.each_alone.then(|| "true".to_string()));
    write_key(&mut text, "also", entry.also.as_ref().map(|(id, _)| string(id)));
    write_key(&mut text, "also-events", entry.also_events.as_deref().map(string));
    write_key(&mut text, "appendix", entry.appendix.then(|| "true".to_string()));
    write_key(&mut text, "tries", Some(entry.tries.to_string()));
    text + &source(&entry.source) + &options(&entry.choices)
}

fn source(data: &Source) -> String {
    let mut text = String::new();
    write_key(&mut text, FILE, data.file.as_deref().map(string));
    text + &options(&data.read)
}

/// The keys of one table of options.
fn options<S: OptionSet>(set: &S) -> String {
    let mut text = String::new();
    for row in S::typed() {
        let values: Vec<String> = (row.get)(set).iter().map(value).collect();
        let written = match (row.many, &values[..]) {
            (_, []) => None,
            (Many::One | Many::Joined, [one]) => Some(one.clone()),
            _ => Some(format!("[{}]", values.join(", "))),
        };
        write_key(&mut text, row.key, written);
    }
    text
}

/// A value as TOML writes it.
fn value(typed: &Typed) -> String {
    match typed {
        Typed::Number(value) => Value::Float(*value).to_string(),
        Typed::Whole(value) => value.to_string(),
        Typed::Yes => "true".to_string(),
        Typed::Word(_) | Typed::Text(_) | Typed::Percent(_) => string(&typed.to_string()),
    }
}

fn write_key(text: &mut String, key: &str, value: Option<String>) {
    if let Some(value) = value {
        // A string takes every write.
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn string(text: &str) -> String {
    Value::String(text.to_string()).to_string()
}

/// One string where there is one, else a list.
fn strings(texts: &[String]) -> Option<String> {
    match texts {
        [] => None,
        [one] => Some(string(one)),
        several => Some(list(several)),
    }
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| string(text)).collect::<Vec<_>>().join(", "))
}
