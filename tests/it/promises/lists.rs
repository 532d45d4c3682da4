//! The lists that are looked up: words, data sets, pages; and the numbers under every word.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::cases::{numbers_agree, split};
use crate::common::program::Bench;

const WORDS: &str = include_str!("../../promises/words.txt");
const NUMBERS: &str = include_str!("../../promises/numbers.txt");
const DATASETS: &str = include_str!("../../promises/datasets.txt");
const PAGES: &str = include_str!("../../promises/pages.txt");
const MIXED: &str = include_str!("../../promises/data/mixed.csv");

/// Where the values of `numbers.txt` stand in the result document, in their order.
const COLUMNS: [&str; 13] = [
    "/random/estimate",
    "/random/lower",
    "/random/upper",
    "/random/p",
    "/common/estimate",
    "/prediction/lower",
    "/prediction/upper",
    "/heterogeneity/tau2",
    "/heterogeneity/tau2_upper",
    "/heterogeneity/i2",
    "/heterogeneity/i2_upper",
    "/studies/1/lower",
    "/studies/1/upper",
];

/// The lines of a list, without empty ones and comments.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// Heads at the margin, and below each the indented lines that belong to it.
pub fn sections(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines(text) {
        match sections.last_mut() {
            Some((_, below)) if line.starts_with(' ') => below.push(line.trim()),
            _ => sections.push((line.trim(), Vec::new())),
        }
    }
    sections
}

#[test]
fn every_word_is_listed_and_understood_with_its_aliases() {
    let bench = Bench::with(&[]);
    let list: Value = serde_json::from_str(&bench.ends(0, &["list", "--format", "json"])).expect("JSON");
    assert_eq!(list["schema"], "metaprop/list/1");
    let empty = Vec::new();
    for (choice, words) in sections(WORDS) {
        let listed = list["choices"].as_array().expect("choices").iter().find(|row| row["choice"] == choice);
        let listed = listed.unwrap_or_else(|| panic!("{choice} is not listed"));
        assert!(listed["about"].as_str().is_some_and(|about| !about.is_empty()), "{choice}");
        for line in words {
            let mut names = line.split("  ");
            let key = names.next().expect("a key");
            let row = listed["words"].as_array().unwrap_or(&empty).iter().find(|row| row["key"] == key);
            let row = row.unwrap_or_else(|| panic!("{choice}: {key} is not listed"));
            for field in ["title", "formula", "source"] {
                assert!(row[field].as_str().is_some_and(|text| !text.is_empty()), "{choice} {key}: {field}");
            }
            for alias in names {
                let listed = row["aliases"].as_array().unwrap_or(&empty).iter().any(|other| other == alias);
                assert!(listed, "{choice} {key}: the alias {alias} is not listed");
                let of = |word: &str| chosen(&bench, choice, word);
                assert_eq!(of(alias), of(key), "{choice}: {alias} is not {key}");
                assert_eq!(
                    of(&alias.to_lowercase()),
                    of(key),
                    "{choice}: {alias} in lower case is not {key}"
                );
            }
        }
    }
}

/// The complete specification where this word is chosen.
fn chosen(bench: &Bench, choice: &str, word: &str) -> Value {
    let flag = format!("--{choice}");
    bench.json(0, &["pool", "counts.csv", &flag, word])["spec"].clone()
}

#[test]
fn every_word_gives_its_numbers() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    let mut wrong = Vec::new();
    let mut given = BTreeSet::new();
    for line in lines(NUMBERS) {
        let (options, values) = line.split_once("  :  ").expect("options and values");
        let options = split(options);
        given.insert(options[..2].join(" "));
        let arguments: Vec<&str> =
            ["pool", "mixed.csv"].into_iter().chain(options.iter().map(String::as_str)).collect();
        let document = bench.json(0, &arguments);
        let values: Vec<&str> = values.split("  ").collect();
        assert_eq!(values.len(), COLUMNS.len(), "{line}");
        for (column, value) in COLUMNS.iter().zip(values) {
            let got = document.pointer(column).unwrap_or(&Value::Null);
            let want: Value = serde_json::from_str(value).expect("a number");
            // Twelve digits are written down.
            if !numbers_agree(got, &want, 1e-11) {
                wrong.push(format!("{}: {column} is {got}, not {want}", options.join(" ")));
            }
        }
    }
    for (choice, words) in sections(WORDS) {
        for word in words {
            let option = format!("--{choice} {}", word.split("  ").next().unwrap_or_default());
            assert!(given.contains(&option), "numbers.txt has no line for {option}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_data_set_is_embedded_byte_for_byte() {
    let bench = Bench::with(&[]);
    for line in lines(DATASETS) {
        let (name, digest) = line.split_once("  ").expect("a name and a digest");
        let printed = Sha256::digest(bench.ends(0, &["data", name]));
        assert_eq!(printed.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), digest, "{name}");
        bench.ends(0, &["pool", &format!("@{name}"), "--quiet"]);
    }
}

#[test]
fn every_page_is_there_and_its_command_lines_are_taken() {
    let bench = Bench::with(&[]);
    for (page, commands) in sections(PAGES) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        assert!(path.metadata().is_ok_and(|file| file.len() > 500), "{page} is missing or empty");
        for command in commands {
            let words = split(command);
            assert_eq!(words[0], "metaprop", "{page}: {command}");
            // With --help the line is parsed and nothing is run.
            let arguments: Vec<&str> = words[1..].iter().map(String::as_str).chain(["--help"]).collect();
            bench.ends(0, &arguments);
        }
    }
}
