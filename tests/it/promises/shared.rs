//! The options that several commands and sections share: each is given to each, with and without.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::cases::{Ran, numbers_agree, split};
use crate::common::program::Bench;

const SHARED: &str = include_str!("../../promises/shared.toml");

/// The tables that the options are tried on.
const DATA: [(&str, &str); 9] = [
    ("named.csv", include_str!("../../promises/data/named.csv")),
    ("hits.csv", include_str!("../../promises/data/hits.csv")),
    ("total.csv", include_str!("../../promises/data/total.csv")),
    ("percent.csv", include_str!("../../promises/data/percent.csv")),
    ("decimal.csv", include_str!("../../promises/data/decimal.csv")),
    ("na.csv", include_str!("../../promises/data/na.csv")),
    ("fraction.csv", include_str!("../../promises/data/fraction.csv")),
    ("above.csv", include_str!("../../promises/data/above.csv")),
    ("long.csv", include_str!("../../promises/data/long.csv")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    place: Vec<Place>,
    table: Vec<TableOption>,
    choice: Vec<ChoiceOption>,
}

/// A command, or a section of an analysis file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    of: String,
    run: String,
    /// Choices that keep a search short.
    #[serde(default)]
    narrow: BTreeMap<String, String>,
    /// Whether its document has a specification.
    #[serde(default)]
    spec: bool,
    #[serde(default)]
    tables_only: bool,
    #[serde(default)]
    choices_only: bool,
    /// The file with the document; else it is on standard output.
    document: Option<String>,
    /// The analysis file.
    file: Option<String>,
}

/// An option that says which columns and rows of a table are meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableOption {
    of: String,
    data: String,
    columns: String,
    flags: String,
    keys: String,
    bad_flags: String,
    bad_keys: String,
    said: String,
    #[serde(default)]
    same_at: Vec<String>,
}

/// An option that says how studies are pooled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceOption {
    of: String,
    value: String,
    is: Option<Value>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    at: Option<Vec<String>>,
    /// It is tried without the choices that keep a search short.
    #[serde(default)]
    wide: bool,
    #[serde(default)]
    same_at: Vec<String>,
}

impl Shared {
    pub fn read() -> Self {
        toml::from_str(SHARED).unwrap_or_else(|error| panic!("shared.toml: {error}"))
    }

    /// Every flag and key that is tried.
    pub fn covered(&self) -> BTreeSet<String> {
        let of = |place: &Place, option: &str| {
            let hyphens = if place.file.is_some() { "" } else { "--" };
            format!("{} {hyphens}{option}", place.of)
        };
        let tables = self.tables().map(|(place, option)| of(place, &option.of));
        tables.chain(self.choices().map(|(place, option)| of(place, &option.of))).collect()
    }

    fn tables(&self) -> impl Iterator<Item = (&Place, &TableOption)> {
        let places = self.place.iter().filter(|place| !place.choices_only);
        places.flat_map(|place| self.table.iter().map(move |option| (place, option)))
    }

    fn choices(&self) -> impl Iterator<Item = (&Place, &ChoiceOption)> {
        let places = self.place.iter().filter(|place| !place.tables_only);
        let all = places.flat_map(|place| self.choice.iter().map(move |option| (place, option)));
        all.filter(|(place, option)| option.at.as_ref().is_none_or(|at| at.contains(&place.of)))
    }
}

impl Place {
    /// The run with these flags, or with these lines in the file.
    fn ran(&self, data: &str, columns: &str, flags: &str, keys: &str) -> Ran {
        let bench = Bench::with(&DATA);
        let mut line = self.run.replace("{data}", data);
        match &self.file {
            Some(file) => {
                let text = file.replace("{data}", data).replace("{columns}", columns).replace("# here", keys);
                bench.file("a.toml", text);
            }
            None => line = format!("{line} {flags}"),
        }
        Ran::new(&bench, &split(&line), None)
    }

    /// What was asked for and came out, without the specification and without the texts about the file itself.
    fn result(&self, ran: &Ran) -> String {
        match serde_json::from_str::<Value>(ran.text(self.document.as_deref())) {
            Ok(mut document) => {
                forget_specifications(&mut document);
                document.to_string()
            }
            Err(_) => ran.text(self.document.as_deref()).to_string(),
        }
    }
}

fn forget_specifications(value: &mut Value) {
    match value {
        Value::Object(keys) => {
            keys.remove("spec");
            keys.values_mut().for_each(forget_specifications);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_specifications),
        _ => {}
    }
}

fn as_flags(choices: &BTreeMap<String, String>) -> String {
    choices.iter().map(|(of, value)| format!(" --{of} {value}")).collect()
}

/// A line of TOML.
fn key(of: &str, value: &str) -> String {
    if value.parse::<f64>().is_ok() { format!("{of} = {value}\n") } else { format!("{of} = \"{value}\"\n") }
}

#[test]
fn every_place_takes_every_option_of_a_table() {
    let shared = Shared::read();
    let mut wrong = Vec::new();
    for (place, option) in shared.tables() {
        let mut complain = |what: String| wrong.push(format!("{} {}: {what}", place.of, option.of));
        let narrow = as_flags(&place.narrow);
        let ran = |flags: &str, keys: &str| {
            place.ran(&option.data, &option.columns, &format!("{narrow} {flags}"), keys)
        };
        let with = ran(&option.flags, &option.keys);
        if !matches!(with.code, Some(0 | 1)) {
            complain(format!("exit code {:?}: {}", with.code, with.stderr));
            continue;
        }
        let bare = ran("", "");
        let same = bare.code == with.code && place.result(&bare) == place.result(&with);
        if same != option.same_at.contains(&place.of) {
            complain(format!("with and without it: the same result is {same}"));
        }
        let bad = ran(&option.bad_flags, &option.bad_keys);
        if !matches!(bad.code, Some(2 | 3)) || !bad.stderr.contains(&option.said) {
            complain(format!("a wrong value: exit code {:?}, {}", bad.code, bad.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_place_takes_every_choice() {
    let shared = Shared::read();
    let mut wrong = Vec::new();
    for (place, option) in shared.choices() {
        let mut complain = |what: String| wrong.push(format!("{} {}: {what}", place.of, option.of));
        let mut beside = if option.wide { BTreeMap::new() } else { place.narrow.clone() };
        beside.extend(option.with.clone());
        beside.remove(&option.of);
        let flags = as_flags(&beside);
        let keys: String = beside.iter().map(|(of, value)| key(of, value)).collect();
        let columns = "events = \"events\"\ntotal = \"total\"";
        let bare = place.ran("counts.csv", columns, &flags, &keys);
        let made = place.ran(
            "counts.csv",
            columns,
            &format!("{flags} --{} {}", option.of, option.value),
            &(keys + &key(&option.of, &option.value)),
        );
        if !matches!(made.code, Some(0 | 1)) {
            complain(format!("exit code {:?}: {}", made.code, made.stderr));
            continue;
        }
        if place.result(&bare) == place.result(&made) && !option.same_at.contains(&place.of) {
            complain("the same result with and without it".to_string());
        }
        if place.spec {
            let document: Value =
                serde_json::from_str(made.text(place.document.as_deref())).expect("a document");
            let got = &document["spec"][option.of.replace('-', "_")];
            let want = option.is.clone().unwrap_or_else(|| Value::from(option.value.clone()));
            if !numbers_agree(got, &want, 0.0) && *got != want {
                complain(format!("the specification has {got}, not {want}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
