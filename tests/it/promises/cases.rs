//! The runs of `tests/promises/cases/`: a command line and what must come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::Value;

use super::commands::{Flag, commands};
use super::documents::Schemas;
use super::lists::sections;
use super::shared::Shared;
use crate::common::program::Bench;

const KEYS: &str = include_str!("../../promises/analysis_keys.txt");

const FILES: [(&str, &str); 11] = [
    ("pool", include_str!("../../promises/cases/pool.toml")),
    ("reproduce", include_str!("../../promises/cases/reproduce.toml")),
    ("further", include_str!("../../promises/cases/further.toml")),
    ("scan", include_str!("../../promises/cases/scan.toml")),
    ("multiverse", include_str!("../../promises/cases/multiverse.toml")),
    ("reconstruct", include_str!("../../promises/cases/reconstruct.toml")),
    ("simulate", include_str!("../../promises/cases/simulate.toml")),
    ("grim", include_str!("../../promises/cases/grim.toml")),
    ("report", include_str!("../../promises/cases/report.toml")),
    ("rest", include_str!("../../promises/cases/rest.toml")),
    ("analysis_file", include_str!("../../promises/cases/analysis_file.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(default)]
    files: Vec<NamedFile>,
    case: Vec<Case>,
}

/// A file that several cases read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedFile {
    name: String,
    text: String,
}

/// One run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The flags, or the keys with their section, that it is about: without them something else comes out.
    #[serde(default)]
    of: Vec<String>,
    /// The same comes out without them.
    #[serde(default)]
    same: bool,
    /// It is not run without them.
    #[serde(default)]
    alone: bool,
    run: String,
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// The file in which `add` stands below the text, as `a.toml`.
    base: Option<String>,
    add: Option<String>,
    /// In place of `add` where the case is run without what it is about.
    without: Option<String>,
    /// Runs before.
    #[serde(default)]
    before: Vec<String>,
    /// Files that are written between those and the run.
    #[serde(default)]
    change: BTreeMap<String, String>,
    stdin: Option<String>,
    /// What standard output contains,
    #[serde(default)]
    stdout: Vec<String>,
    /// and does not contain.
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    stderr: Vec<String>,
    /// Values in the document on standard output, or in the file `document`, by their place: `*` is every item of a
    /// list, `#` its length. The word "null" is null.
    #[serde(default)]
    json: BTreeMap<String, Value>,
    document: Option<String>,
    /// Files that are written, and what they contain.
    #[serde(default)]
    written: BTreeMap<String, Vec<String>>,
}

/// Words of a command line; single quotes keep a word together.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quoted, mut any) = (String::new(), false, false);
    for character in line.chars() {
        match character {
            '\'' => (quoted, any) = (!quoted, true),
            ' ' if !quoted => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            other => word.push(other),
        }
    }
    assert!(!quoted, "an open quote: {line}");
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

/// What a run gave: exit code, standard output, standard error, and every file that there is afterwards.
#[derive(PartialEq)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Ran {
    pub fn new(bench: &Bench, arguments: &[String], stdin: Option<&str>) -> Self {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = bench.command(&arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut pipe = child.stdin.take().expect("a pipe");
        // A program that does not read its standard input closes it.
        let _ = pipe.write_all(stdin.unwrap_or_default().as_bytes());
        drop(pipe);
        let output = child.wait_with_output().expect("an end");
        let mut files = BTreeMap::new();
        collect(bench.path(), bench.path(), &mut files);
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
            files,
        }
    }

    /// The text of a file, or standard output.
    pub fn text(&self, file: Option<&str>) -> &str {
        let Some(name) = file else { return &self.stdout };
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("{name} was not written: {}", self.stderr));
        std::str::from_utf8(bytes).expect("UTF-8")
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

impl Case {
    /// The run, with these arguments and these lines below the base.
    fn ran(&self, shared: &[NamedFile], arguments: &[String], add: Option<&str>) -> Ran {
        let bench = Bench::with(&[]);
        shared.iter().for_each(|file| bench.file(&file.name, &file.text));
        self.files.iter().for_each(|(name, text)| bench.file(name, text));
        if let Some(base) = &self.base {
            bench.file("a.toml", format!("{}{}\n", bench.read(base), add.unwrap_or_default()));
        }
        for line in &self.before {
            let before = Ran::new(&bench, &split(line), None);
            assert_eq!(before.code, Some(0), "{line}: {}", before.stderr);
        }
        self.change.iter().for_each(|(name, text)| bench.file(name, text));
        Ran::new(&bench, arguments, self.stdin.as_deref())
    }

    /// Everything that is wrong with what came out.
    fn complaints(&self, ran: &Ran, schemas: &Schemas) -> Vec<String> {
        let mut wrong = Vec::new();
        if ran.code != Some(self.exit) {
            wrong.push(format!(
                "exit code {:?}, not {}; it says: {}",
                ran.code,
                self.exit,
                ran.stderr.trim()
            ));
        }
        let lacks = |text: &str, words: &[String], of: &str| -> Vec<String> {
            let lacking = words.iter().filter(|word| !text.contains(word.as_str()));
            lacking.map(|word| format!("{of} lacks {word:?}; it has:\n{text:.2000}")).collect()
        };
        wrong.extend(lacks(&ran.stdout, &self.stdout, "standard output"));
        wrong.extend(lacks(&ran.stderr, &self.stderr, "standard error"));
        let present = self.absent.iter().filter(|word| ran.stdout.contains(word.as_str()));
        wrong.extend(present.map(|word| format!("standard output has {word:?}")));
        if ran.stderr.contains("panicked") {
            wrong.push(format!("a panic: {}", ran.stderr));
        }
        for (name, words) in &self.written {
            match ran.files.get(name) {
                Some(bytes) => wrong.extend(lacks(&String::from_utf8_lossy(bytes), words, name)),
                None => wrong.push(format!("{name} is not written")),
            }
        }
        if !self.json.is_empty() {
            match serde_json::from_str::<Value>(ran.text(self.document.as_deref())) {
                Ok(document) => {
                    wrong.extend(self.json.iter().filter_map(|(at, want)| differs(&document, at, want)))
                }
                Err(error) => wrong.push(format!("no JSON: {error}")),
            }
        }
        let documents = ran.files.iter().filter(|(name, _)| name.ends_with(".json"));
        let texts = documents.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        for text in texts.chain([ran.stdout.clone()]) {
            if let Ok(document) = serde_json::from_str::<Value>(&text) {
                wrong.extend(schemas.complaints(&document));
            }
        }
        wrong
    }

    /// The run without what the case is about, where that makes a difference to the command line or the file.
    fn bare(&self, shared: &[NamedFile], flags: &[Flag]) -> Option<Ran> {
        if self.alone {
            return None;
        }
        let arguments = without(&split(&self.run), &self.of, flags);
        if self.base.is_some() {
            return Some(self.ran(shared, &arguments, self.without.as_deref()));
        }
        let about_flags = self.of.iter().any(|of| of.starts_with("--"));
        about_flags.then(|| self.ran(shared, &arguments, None))
    }
}

/// The command line without these flags and their values.
fn without(arguments: &[String], drop: &[String], flags: &[Flag]) -> Vec<String> {
    let mut left = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let flag = flags.iter().find(|flag| flag.long == *argument || flag.short.as_ref() == Some(argument));
        match flag {
            Some(flag) if drop.contains(&flag.long) => {
                if flag.value.is_some() {
                    rest.next();
                }
            }
            _ => left.push(argument.clone()),
        }
    }
    left
}

/// Whether two JSON values are the same number, as far as they were written down, or both null.
pub fn numbers_agree(got: &Value, want: &Value, relative: f64) -> bool {
    match (got.as_f64(), want.as_f64()) {
        (Some(got), Some(want)) => (got - want).abs() <= relative * want.abs(),
        (None, None) => got.is_null() && want.is_null(),
        _ => false,
    }
}

/// What is wrong at a place of a document.
fn differs(document: &Value, at: &str, want: &Value) -> Option<String> {
    let found = places(document, &at.split('/').skip(1).collect::<Vec<_>>());
    if found.is_empty() {
        return Some(format!("there is nothing at {at}"));
    }
    let wrong = found.iter().find(|value| !agrees(value, want));
    wrong.map(|value| format!("{at} is {value}, not {want}"))
}

fn agrees(got: &Value, want: &Value) -> bool {
    match want {
        Value::String(word) if word == "null" => got.is_null(),
        Value::Number(_) => numbers_agree(got, want, 1e-14),
        Value::Array(items) => got.as_array().is_some_and(|got| {
            got.len() == items.len() && got.iter().zip(items).all(|(got, want)| agrees(got, want))
        }),
        Value::Object(keys) => {
            keys.iter().all(|(key, want)| got.get(key).is_some_and(|got| agrees(got, want)))
        }
        _ => got == want,
    }
}

/// The values at a place, where `*` stands for every item of a list and `#` for its length.
pub fn places(value: &Value, at: &[&str]) -> Vec<Value> {
    match at {
        [] => vec![value.clone()],
        ["*", rest @ ..] => {
            value.as_array().into_iter().flatten().flat_map(|item| places(item, rest)).collect()
        }
        ["#"] => value.as_array().map(|items| Value::from(items.len())).into_iter().collect(),
        [key, rest @ ..] => {
            let below = match value {
                Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.get(key),
            };
            below.map(|value| places(value, rest)).unwrap_or_default()
        }
    }
}

fn case_files() -> impl Iterator<Item = (&'static str, CaseFile)> {
    FILES.iter().map(|(name, text)| {
        (*name, toml::from_str(text).unwrap_or_else(|error| panic!("cases/{name}.toml: {error}")))
    })
}

/// The command of a line: its first word, or two.
fn command_of(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    if words[0] == "plot" { words[..2].join(" ") } else { words[0].to_string() }
}

fn run_file(name: &str) {
    let (_, file) = case_files().find(|(other, _)| *other == name).expect("a file of cases");
    let schemas = Schemas::of_the_program();
    let commands = commands();
    let mut wrong = Vec::new();
    for case in &file.case {
        let mut complain = |what: String| wrong.push(format!("metaprop {}: {what}", case.run));
        let ran = case.ran(&file.files, &split(&case.run), case.add.as_deref());
        case.complaints(&ran, &schemas).into_iter().for_each(&mut complain);
        let flags = commands.iter().find(|command| command.name == command_of(&case.run));
        let flags = flags.map_or(&[][..], |command| &command.flags);
        if let Some(bare) = case.bare(&file.files, flags)
            && !case.of.is_empty()
            && (given(&ran) == given(&bare)) != case.same
        {
            complain(format!("the same without {:?} is {}", case.of, !case.same));
        }
    }
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a run gave apart from the files that it read.
fn given(ran: &Ran) -> (Option<i32>, &str, &str, BTreeMap<&String, &Vec<u8>>) {
    let files = ran.files.iter().filter(|(name, _)| !name.ends_with(".toml")).collect();
    (ran.code, &ran.stdout, &ran.stderr, files)
}

#[test]
fn pool() {
    run_file("pool");
}

#[test]
fn reproduce() {
    run_file("reproduce");
}

#[test]
fn what_goes_on_from_a_pooled_result() {
    run_file("further");
}

#[test]
fn scan() {
    run_file("scan");
}

#[test]
fn multiverse_and_plot() {
    run_file("multiverse");
}

#[test]
fn reconstruct() {
    run_file("reconstruct");
}

#[test]
fn simulate() {
    run_file("simulate");
}

#[test]
fn grim() {
    run_file("grim");
}

#[test]
fn report_and_check() {
    run_file("report");
}

#[test]
fn the_commands_about_the_program() {
    run_file("rest");
}

#[test]
fn the_keys_of_an_analysis_file() {
    run_file("analysis_file");
}

/// Nothing that is promised is without a run.
#[test]
fn every_flag_and_key_has_a_case() {
    let shared = Shared::read();
    let mut had: BTreeSet<String> = shared.covered();
    for (_, file) in case_files() {
        for case in &file.case {
            for of in &case.of {
                let of =
                    if of.starts_with("--") { format!("{} {of}", command_of(&case.run)) } else { of.clone() };
                had.insert(of);
            }
        }
    }
    let flags = commands().into_iter().flat_map(|command| {
        let flags = command.flags.into_iter().filter(|flag| !flag.ends_the_program());
        flags.map(|flag| format!("{} {}", command.name, flag.long)).collect::<Vec<_>>()
    });
    let keys = sections(KEYS).into_iter().flat_map(|(section, below)| {
        let keys = below.into_iter().flat_map(|line| line.split("  "));
        keys.map(|key| format!("{section} {key}")).collect::<Vec<_>>()
    });
    let promised: BTreeSet<String> = flags.chain(keys).collect();
    let missing: Vec<&String> = promised.difference(&had).collect();
    assert!(missing.is_empty(), "without a case: {missing:#?}");
    let unknown: Vec<&String> = had.difference(&promised).collect();
    assert!(unknown.is_empty(), "cases about what is not in the lists: {unknown:#?}");
}
