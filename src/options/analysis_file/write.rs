//! An analysis file written down: `pool --print-spec`.

use std::fmt::Write;

use toml::Value;

use super::read::SCHEMA;
use super::{AnalysisFile, ClaimEntry, ClaimField, OutcomeEntry, Presentation, ReconstructEntry, Source};
use crate::options::Choice;
use crate::options::Filter;
use crate::options::{Request, Tau2};

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
    section("[analysis]", request(&file.analysis) + &presentation(file.presentation));
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
    text.push_str(&claimed(&entry.fields));
    for study in &entry.studies {
        text.push_str("\n[[claim.study]]\n");
        write_key(&mut text, "study", Some(string(&study.study)));
        text.push_str(&claimed(&study.fields));
    }
    text
}

fn claimed(fields: &[ClaimField]) -> String {
    let mut text = String::new();
    for field in fields {
        write_key(&mut text, &string_key(&field.key), strings(&field.texts));
    }
    text
}

/// A key as TOML writes it: bare where it can be.
fn string_key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if bare { key.to_string() } else { string(key) }
}

fn outcome(entry: &OutcomeEntry) -> String {
    let mut text = String::new();
    write_key(&mut text, "id", Some(string(&entry.id)));
    write_key(&mut text, "title", Some(string(&entry.title)));
    write_key(&mut text, "multiverse", entry.multiverse.then(|| "true".to_string()));
    write_key(&mut text, "conclusion", entry.conclusion.as_ref().map(|(text, _)| string(text)));
    write_key(&mut text, "reproduce", entry.reproduce.as_ref().map(|(text, _)| string(text)));
    text + &source(&entry.source) + &request(&entry.choices) + &presentation(entry.presentation)
}

fn reconstruct(entry: &ReconstructEntry) -> String {
    let mut text = String::new();
    write_key(&mut text, "id", Some(string(&entry.id)));
    write_key(&mut text, "title", Some(string(&entry.title)));
    write_key(&mut text, "claim", Some(string(&entry.claim.0)));
    write_key(&mut text, "without", strings(&entry.without));
    write_key(&mut text, "optional", strings(&entry.optional));
    write_key(&mut text, "each-left-out", entry.each_left_out.then(|| "true".to_string()));
    write_key(&mut text, "tries", Some(entry.tries.to_string()));
    text + &source(&entry.source) + &request(&entry.choices)
}

fn source(data: &Source) -> String {
    let mut text = String::new();
    write_key(&mut text, "file", data.file.as_deref().map(string));
    write_key(&mut text, "study", strings(&data.study));
    write_key(&mut text, "events", data.events.as_deref().map(string));
    write_key(&mut text, "percent", data.percent.as_deref().map(string));
    write_key(&mut text, "total", data.total.as_deref().map(string));
    write_key(&mut text, "decimal", data.decimal.map(|decimal| string(&decimal.sign().to_string())));
    write_key(&mut text, "outcome", data.outcome.as_deref().map(string));
    let filters: Vec<String> =
        data.filters.iter().map(|Filter { column, value }| format!("{column}={value}")).collect();
    write_key(&mut text, "where", (!filters.is_empty()).then(|| list(&filters)));
    text
}

fn request(choices: &Request) -> String {
    let mut text = String::new();
    write_choice(&mut text, choices.profile);
    write_choice(&mut text, choices.measure);
    write_choice(&mut text, choices.model);
    write_key(&mut text, "tau2", choices.tau2.map(tau2));
    write_choice(&mut text, choices.ci);
    write_choice(&mut text, choices.prediction);
    write_choice(&mut text, choices.tau2_ci);
    write_choice(&mut text, choices.i2);
    write_choice(&mut text, choices.study_ci);
    write_choice(&mut text, choices.zero_cells);
    write_key(&mut text, "zero-amount", choices.zero_amount.map(number));
    write_choice(&mut text, choices.back_transform);
    // With its sign: a level of 0.5 percent would otherwise read as 50.
    write_key(&mut text, "level", choices.level.map(|level| string(&level.to_string())));
    write_key(&mut text, "null", choices.null.map(number));
    write_key(&mut text, "cutoff", choices.cutoff.map(number));
    write_key(&mut text, "seed", choices.seed.map(|seed| seed.to_string()));
    text
}

fn presentation(presentation: Presentation) -> String {
    let mut text = String::new();
    write_key(&mut text, "scale", presentation.scale.map(|scale| scale.to_string()));
    write_key(&mut text, "digits", presentation.digits.map(|digits| digits.to_string()));
    text
}

fn write_choice<C: Choice>(text: &mut String, choice: Option<C>) {
    write_key(text, C::NAME, choice.map(|choice| string(choice.key())));
}

fn write_key(text: &mut String, key: &str, value: Option<String>) {
    if let Some(value) = value {
        // A string takes every write.
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn tau2(choice: Tau2) -> String {
    match choice {
        Tau2::Estimated(method) => string(method.key()),
        Tau2::Fixed(value) => number(value),
    }
}

fn number(value: f64) -> String {
    Value::Float(value).to_string()
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
