//! One table of a TOML file, read key by key; every problem is kept with its line.

use std::ops::Range;

use memchr::memchr_iter;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::line::Line;
use crate::error::{Error, ManyProblems, Problem, SHOWN_PROBLEMS, nearest, shown};
use crate::options::{Many, OptionSet, Shape};

/// The text that is read, and what was found wrong with it.
pub(super) struct Text<'t> {
    pub name: &'t str,
    pub text: &'t str,
    /// Where lines end.
    ends: Vec<usize>,
    problems: ManyProblems,
}

impl<'t> Text<'t> {
    pub fn new(name: &'t str, text: &'t str) -> Self {
        let ends = memchr_iter(b'\n', text.as_bytes()).collect();
        Self { name, text, ends, problems: ManyProblems::default() }
    }

    /// The line of a place in the text, counted from 1.
    pub fn line(&self, at: &Range<usize>) -> u64 {
        1 + self.ends.partition_point(|end| *end < at.start) as u64
    }

    pub fn wrong(&mut self, at: &Range<usize>, problem: Problem) {
        self.wrong_with(at, || problem);
    }

    /// Adds a problem that is costly to put in words.
    pub fn wrong_with(&mut self, at: &Range<usize>, problem: impl FnOnce() -> Problem) {
        let (name, line) = (self.name, self.line(at));
        self.problems.push_with(|| problem().at(name, line));
    }

    /// Whether nothing was found wrong.
    pub fn is_right(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether this was found wrong.
    pub fn has_said(&self, what: &str) -> bool {
        self.problems.has_said(what)
    }

    /// What was found wrong, by line.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.in_order(self.name)
    }

    /// Keeps what an error says, with the place.
    pub fn refuse(&mut self, at: &Range<usize>, error: Error) {
        match error {
            Error::Usage(problems) => problems.into_iter().for_each(|problem| self.wrong(at, problem)),
            other => self.wrong(at, Problem::new(other.to_string())),
        }
    }
}

/// A table of the file and what it is called in messages.
pub(super) struct Section<'t> {
    pub table: &'t DeTable<'t>,
    pub name: String,
    pub at: Range<usize>,
}

impl<'t> Section<'t> {
    pub fn new(table: &'t DeTable<'t>, name: impl Into<String>, at: Range<usize>) -> Self {
        Self { table, name: name.into(), at }
    }

    pub fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether a table below this one has this key.
    pub fn has(&self, table: &str, key: &str) -> bool {
        self.get(table).and_then(|value| value.get_ref().get(key)).is_some()
    }

    /// Refuses every key that is not among `known`, with the nearest one that is.
    pub fn refuse_unknown(&self, known: &[&[&str]], source: &mut Text<'_>) {
        let known = || known.iter().flat_map(|keys| keys.iter().copied());
        for (key, _) in self.table {
            let typed = key.get_ref().as_ref();
            if known().any(|word| word == typed) {
                continue;
            }
            source.wrong_with(&key.span(), || self.unknown(typed, &known().collect::<Vec<_>>()));
        }
    }

    /// The problem of a key that is not among `known`.
    fn unknown(&self, typed: &str, known: &[&str]) -> Problem {
        let all = known.join(", ");
        let help = match nearest(typed, known.iter().copied()) {
            Some(word) => format!("did you mean '{word}'? known: {all}"),
            None => format!("known: {all}"),
        };
        Problem::new(format!("unknown key '{}' in {}", shown(typed), self.name)).help(help)
    }

    /// Whether a key that is not known was probably meant to be this one.
    pub fn misspells(&self, key: &str, known: &[&str]) -> bool {
        let typed = self.table.iter().map(|(typed, _)| typed.get_ref().as_ref());
        typed
            .filter(|typed| !known.contains(typed))
            .take(SHOWN_PROBLEMS)
            .any(|typed: &str| nearest(typed, known.iter().copied()) == Some(key))
    }

    /// A string.
    pub fn text(&self, key: &str, source: &mut Text<'_>) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => return Some(text.trim().to_string()),
            DeValue::String(_) => source.wrong(&value.span(), Problem::new(format!("'{key}' is empty"))),
            other => self.mistyped(key, "a string", other, value.span(), source),
        }
        None
    }

    /// A string, or a list of strings.
    pub fn texts(&self, key: &str, source: &mut Text<'_>) -> Vec<(String, Range<usize>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => texts.push((text.trim().to_string(), item.span())),
                other => self.mistyped(key, "a string or a list of strings", other, item.span(), source),
            }
        }
        texts
    }

    /// A string with its line.
    pub fn lined(&self, key: &str, source: &mut Text<'_>) -> Option<(String, Line)> {
        let line = Line(source.line(&self.get(key)?.span()));
        self.text(key, source).map(|text| (text, line))
    }

    /// True or false; false where nothing is said.
    pub fn flag(&self, key: &str, source: &mut Text<'_>) -> bool {
        let Some(value) = self.get(key) else { return false };
        match value.get_ref() {
            DeValue::Boolean(is) => *is,
            other => {
                self.mistyped(key, "true or false", other, value.span(), source);
                false
            }
        }
    }

    /// A value that may be written as a number or as a string, understood by `parse`.
    pub fn parsed<T>(
        &self,
        key: &str,
        source: &mut Text<'_>,
        parse: impl FnOnce(&str) -> Result<T, Error>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let typed = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().replace('_', ""),
            DeValue::Float(number) => number.as_str().replace('_', ""),
            other => {
                self.mistyped(key, "a string or a number", other, value.span(), source);
                return None;
            }
        };
        match parse(&typed) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                source.refuse(&value.span(), error);
                None
            }
        }
    }

    /// The options of one table of options; what is not among its keys is left to others.
    pub fn options<S: OptionSet>(&self, source: &mut Text<'_>) -> S {
        let mut set = S::default();
        for row in S::typed() {
            match (row.many, row.shape) {
                (Many::Joined | Many::List, _) => {
                    for (typed, at) in self.texts(row.key, source) {
                        (row.set)(&mut set, &typed).unwrap_or_else(|error| source.refuse(&at, error));
                    }
                }
                (Many::One, Shape::Switch) => {
                    if self.flag(row.key, source) {
                        // A switch takes this.
                        let _ = (row.set)(&mut set, "true");
                    }
                }
                (Many::One, Shape::Text | Shape::Order) => {
                    let at = self.get(row.key).map(Spanned::span).unwrap_or_default();
                    if let Some(typed) = self.text(row.key, source) {
                        (row.set)(&mut set, &typed).unwrap_or_else(|error| source.refuse(&at, error));
                    }
                }
                (Many::One, _) => {
                    self.parsed(row.key, source, |typed| (row.set)(&mut set, typed));
                }
            }
        }
        set
    }

    /// A table below this one; an empty one where there is none.
    pub fn table(&self, key: &str, source: &mut Text<'_>) -> Option<Section<'t>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => return Some(Section::new(table, format!("[{key}]"), value.span())),
            other => self.mistyped(key, "a table", other, value.span(), source),
        }
        None
    }

    /// The tables of a `[[list]]`.
    pub fn tables(&self, key: &str, source: &mut Text<'_>) -> Vec<Section<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.mistyped(key, "a list of tables", value.get_ref(), value.span(), source);
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section::new(table, format!("[[{key}]]"), item.span()))
                }
                other => self.mistyped(key, "a list of tables", other, item.span(), source),
            }
        }
        sections
    }

    /// The tables in a table, each called by its key.
    pub fn named_tables(&self, key: &str, source: &mut Text<'_>) -> Vec<Section<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(tables) = value.get_ref() else {
            self.mistyped(key, "a table of tables", value.get_ref(), value.span(), source);
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(tables.len());
        for (name, item) in tables {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section::new(table, name.get_ref().to_string(), item.span()))
                }
                other => self.mistyped(key, "a table of tables", other, item.span(), source),
            }
        }
        sections
    }

    fn mistyped(&self, key: &str, wanted: &str, seen: &DeValue<'_>, at: Range<usize>, source: &mut Text<'_>) {
        let what =
            format!("'{key}' in {} must be {wanted}, and here it is of type {}", self.name, seen.type_str());
        let help = match (key, wanted) {
            ("data" | "analysis", _) => Some(format!("write [{key}] on a line of its own")),
            ("subgroup", "a table of tables") => {
                Some("say of which level: subgroup.\"LEVEL\".estimate = \"54.0%\"".to_string())
            }
            ("coefficient", "a table") => Some("say which: coefficient.NAME = \"0.12\"".to_string()),
            ("outcome", _) => Some("write [[outcome]] on a line of its own".to_string()),
            (_, "a string") if !seen.is_array() && !seen.is_table() => {
                Some("put it in quotation marks".to_string())
            }
            _ => None,
        };
        source.wrong(&at, Problem { help, ..Problem::new(what) });
    }
}

/// What can be one.
pub(super) const FOLDER_NAMES: &str =
    "use letters, digits, - and _ alone, at most 64, and no name of a device (con, nul, com1 …)";

/// Whether an id can be the name of a folder anywhere: no path, no dot, no blank, no device of Windows.
pub(crate) fn is_folder_name(id: &str) -> bool {
    id.len() <= 64 && is_bare(id) && !is_device(id)
}

/// Whether TOML takes a key without quotation marks: letters, digits, `-` and `_`.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a name is that of a device on Windows, whatever its case: `con`, `NUL`, `com1` … are no folders there.
fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let numbered = |device: &str| {
        name.strip_prefix(device).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    };
    matches!(&*name, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}
