//! Reads the `[[claim]]`s of an analysis file.

use std::ops::Range;

use toml::de::DeValue;

use super::claim::{ClaimEntry, ClaimField, StudyClaim};
use super::claim_place::{Place, misplaced};
use super::file::AnalysisFile;
use super::line::Line;
use super::section::{Section, Text};
use crate::error::{Problem, nearest};

/// Reads every claim; the outcomes have been read.
pub(super) fn claims(file: &Section<'_>, read: &AnalysisFile, source: &mut Text<'_>) -> Vec<ClaimEntry> {
    file.tables("claim", source).iter().flat_map(|section| claim(section, read, source)).collect()
}

/// A claim, and one for each level of a subgroup and each coefficient that it has figures of.
fn claim(section: &Section<'_>, read: &AnalysisFile, source: &mut Text<'_>) -> Vec<ClaimEntry> {
    let entry = ClaimEntry {
        outcome: required(section, "outcome", "outcome = \"main\", the id of an [[outcome]]", source),
        source: required(
            section,
            "source",
            "say where it is printed: source = \"Guo 2020, abstract\"",
            source,
        ),
        subgroup: None,
        coefficient: None,
        fields: fields(section, Place::Claim, source),
        studies: section.tables("study", source).iter().map(|study| of_study(study, source)).collect(),
    };
    let known = || read.outcomes.iter().map(|outcome| outcome.id.as_str());
    if !entry.outcome.is_empty() && !known().any(|id| id == entry.outcome) {
        let all = known().collect::<Vec<_>>().join(", ");
        let help = match nearest(&entry.outcome, known()) {
            Some(id) => format!("did you mean '{id}'? outcomes: {all}"),
            None => format!("outcomes: {all}"),
        };
        let problem = Problem::new(format!(
            "a [[claim]] is about the outcome '{}', and there is none of this id",
            entry.outcome
        ));
        source.wrong(&place(section, "outcome"), problem.help(help));
    }
    let mut levels = of_levels(section, &entry, source);
    levels.extend(of_coefficients(section, &entry, source));
    // A key that was refused was meant as a claim.
    let says_no_more =
        section.table.iter().all(|(key, _)| Place::Claim.head().contains(&key.get_ref().as_ref()));
    if entry.fields.is_empty() && entry.studies.is_empty() && levels.is_empty() && says_no_more {
        let problem = Problem::new("a [[claim]] claims nothing");
        source.wrong(&section.at, problem.help("add what is printed, such as estimate = \"54.0%\""));
    }
    let own = (!entry.fields.is_empty() || !entry.studies.is_empty()).then_some(entry);
    own.into_iter().chain(levels).collect()
}

/// `subgroup."AT/AU".estimate = "58%"`: what is claimed about each level.
fn of_levels(section: &Section<'_>, entry: &ClaimEntry, source: &mut Text<'_>) -> Vec<ClaimEntry> {
    let mut levels = Vec::new();
    for level in section.named_tables("subgroup", source) {
        levels.push(ClaimEntry {
            outcome: entry.outcome.clone(),
            source: entry.source.clone(),
            fields: fields(&level, Place::Level, source),
            subgroup: Some(level.name),
            coefficient: None,
            studies: Vec::new(),
        });
    }
    levels
}

/// `coefficient.dose = "0.12"`: what is claimed about each coefficient of a meta-regression.
fn of_coefficients(section: &Section<'_>, entry: &ClaimEntry, source: &mut Text<'_>) -> Vec<ClaimEntry> {
    let Some(named) = section.table("coefficient", source) else { return Vec::new() };
    let claimed = |field: ClaimField| ClaimEntry {
        outcome: entry.outcome.clone(),
        source: entry.source.clone(),
        subgroup: None,
        fields: vec![ClaimField { key: "coefficient".to_string(), ..field.clone() }],
        coefficient: Some(field.key),
        studies: Vec::new(),
    };
    fields(&named, Place::Coefficients, source).into_iter().map(claimed).collect()
}

fn of_study(section: &Section<'_>, source: &mut Text<'_>) -> StudyClaim {
    let study = required(section, "study", "study = \"the name as in the table\"", source);
    StudyClaim { study, fields: fields(section, Place::Study, source) }
}

fn required(section: &Section<'_>, key: &str, help: &str, source: &mut Text<'_>) -> String {
    if section.get(key).is_none() {
        source.wrong(&section.at, Problem::new(format!("a {} has no {key}", section.name)).help(help));
    }
    section.text(key, source).unwrap_or_default()
}

fn place(section: &Section<'_>, key: &str) -> Range<usize> {
    section.get(key).map_or(section.at.clone(), toml::Spanned::span)
}

/// Every key but those of the head, which name what the others are about.
fn fields(section: &Section<'_>, place: Place, source: &mut Text<'_>) -> Vec<ClaimField> {
    let mut fields = Vec::new();
    for (key, value) in section.table {
        let key = key.get_ref().as_ref();
        if place.head().contains(&key) {
            continue;
        }
        if let Some(problem) = misplaced(section, place, key, value.get_ref()) {
            source.wrong(&value.span(), problem);
            continue;
        }
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let texts =
            items.into_iter().filter_map(|item| text(key, item.get_ref(), item.span(), source)).collect();
        fields.push(ClaimField { key: key.to_string(), texts, line: Line(source.line(&value.span())) });
    }
    fields
}

/// A string, or a whole number. A number with decimals is refused: TOML does not keep its last zeros.
fn text(key: &str, value: &DeValue<'_>, at: Range<usize>, source: &mut Text<'_>) -> Option<String> {
    let problem = match value {
        DeValue::String(text) if text.trim().is_empty() => {
            Problem::new(format!("'{key}' in a [[claim]] is empty"))
        }
        DeValue::String(text) => return Some(text.trim().to_string()),
        DeValue::Integer(number) if number.radix() == 10 => return Some(number.as_str().replace('_', "")),
        DeValue::Float(number) => Problem::new(format!(
            "{key} = {} in a [[claim]] is a number without its printed digits",
            number.as_str()
        ))
        .help(format!("put it in quotation marks, as it is printed: \"{}\"", number.as_str())),
        other => Problem::new(format!(
            "'{key}' in a [[claim]] must be a string, a whole number or a list of them, and here it is of type {}",
            other.type_str()
        )),
    };
    source.wrong(&at, problem);
    None
}
