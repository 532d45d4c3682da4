//! Every key of the documents in `tests/promises/schemas.txt`, and documents held against their schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lists::lines;
use crate::common::program::Bench;

const SCHEMAS: &str = include_str!("../../promises/schemas.txt");

/// The JSON Schemas that the program prints, by the name of the document.
pub struct Schemas(Value);

/// A place in a document: whether it is required, and the types, words and constants that it can be.
#[derive(Debug, Default, PartialEq)]
struct Entry {
    required: bool,
    kinds: BTreeSet<String>,
}

impl Schemas {
    pub fn of_the_program() -> Self {
        Self(serde_json::from_str(&Bench::with(&[]).ends(0, &["list", "schemas"])).expect("JSON"))
    }

    /// What in a document is not as its schema says; nothing of a document without a schema.
    pub fn complaints(&self, document: &Value) -> Vec<String> {
        let Some(name) = document.get("schema").and_then(Value::as_str) else { return Vec::new() };
        let mut wrong = Vec::new();
        if let Some(schema) = self.0.get(name) {
            hold(schema, document, name, &mut wrong);
        }
        wrong
    }

    /// The names of the documents that have a schema.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.as_object().expect("schemas").keys().cloned().collect()
    }

    fn entries(&self) -> BTreeMap<String, Entry> {
        let mut entries = BTreeMap::new();
        for (name, schema) in self.0.as_object().expect("schemas") {
            collect(schema, name, true, &mut entries);
        }
        entries
    }
}

/// The schema itself and, where it is one of several, each of them.
fn alternatives(schema: &Value) -> Vec<&Value> {
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(several) => several.iter().flat_map(alternatives).chain([schema]).collect(),
        None => vec![schema],
    }
}

fn collect(schema: &Value, at: &str, required: bool, entries: &mut BTreeMap<String, Entry>) {
    let entry: &mut Entry = entries.entry(at.to_string()).or_default();
    entry.required |= required;
    for schema in alternatives(schema) {
        entry.kinds.extend(kinds(schema));
    }
    for schema in alternatives(schema) {
        for (key, below) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let required =
                schema["required"].as_array().is_some_and(|keys| keys.iter().any(|other| other == key));
            collect(below, &format!("{at}/{key}"), required, entries);
        }
        if let Some(items) = schema.get("items") {
            collect(items, &format!("{at}/*"), true, entries);
        }
    }
}

/// Types as they are called, words in quotes, a constant after an equals sign.
fn kinds(schema: &Value) -> Vec<String> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let several = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let mut kinds = Vec::new();
    if let Some(types) = schema.get("type") {
        kinds.extend(several(types).iter().map(plain));
    }
    if let Some(words) = schema.get("enum") {
        kinds.extend(several(words).iter().map(|word| format!("\"{}\"", plain(word))));
    }
    if let Some(constant) = schema.get("const") {
        kinds.push(format!("={}", plain(constant)));
    }
    kinds
}

/// Every key is in the schema, every required key is there, and values are of the types that it says.
fn hold(schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let fits = |schema: &&Value| {
        let kinds = kinds(schema);
        kinds.is_empty() || kinds.iter().any(|kind| is(kind, value))
    };
    let several = schema.get("anyOf").is_some();
    let Some(schema) =
        alternatives(schema).into_iter().find(|one| (!several || one.get("anyOf").is_none()) && fits(one))
    else {
        wrong.push(format!("{at} is {value:.200}, which its schema does not allow"));
        return;
    };
    if let (Some(keys), Some(properties)) = (value.as_object(), schema.get("properties")) {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !keys.contains_key(key) {
                wrong.push(format!("{at}/{key} is missing"));
            }
        }
        for (key, value) in keys {
            match properties.get(key) {
                Some(below) => hold(below, value, &format!("{at}/{key}"), wrong),
                None => wrong.push(format!("{at}/{key} is not in the schema")),
            }
        }
    }
    if let (Some(items), Some(below)) = (value.as_array(), schema.get("items")) {
        items.iter().for_each(|item| hold(below, item, &format!("{at}/*"), wrong));
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        constant if constant.starts_with('=') => value.as_str() == Some(&constant[1..]),
        word => value.as_str() == Some(word.trim_matches('"')),
    }
}

/// The list, with the keys of a specification and of a provenance put in wherever they stand.
fn promised() -> Vec<(String, Entry)> {
    let rows: Vec<(&str, Entry, Vec<&str>)> = lines(SCHEMAS)
        .map(|line| {
            let mut parts = line.split("  ");
            let at = parts.next().expect("a place");
            let required = parts.next().expect("required or optional") == "required";
            let kinds = words(parts.next().unwrap_or_default());
            (at, Entry { required, kinds }, parts.collect())
        })
        .collect();
    let mut all = Vec::new();
    for (at, entry, blocks) in rows.iter().filter(|(at, ..)| !at.starts_with('{')) {
        all.push(((*at).to_string(), Entry { required: entry.required, kinds: entry.kinds.clone() }));
        for (inner, entry, _) in
            rows.iter().filter(|(inner, ..)| blocks.iter().any(|block| inner.starts_with(block)))
        {
            let key = inner.split_once('}').expect("a block").1;
            all.push((format!("{at}{key}"), Entry { required: entry.required, kinds: entry.kinds.clone() }));
        }
    }
    all
}

/// Words apart by spaces; those in quotes have none.
fn words(kinds: &str) -> BTreeSet<String> {
    kinds.split(' ').filter(|kind| !kind.is_empty()).map(str::to_string).collect()
}

#[test]
fn every_key_of_every_document_is_in_its_schema() {
    let now = Schemas::of_the_program().entries();
    let promised = promised();
    assert_eq!(promised.len(), 834);
    let mut wrong = Vec::new();
    for (at, entry) in promised {
        let Some(today) = now.get(&at) else {
            wrong.push(format!("{at} is gone"));
            continue;
        };
        if entry.required && !today.required {
            wrong.push(format!("{at} is no longer required"));
        }
        let gone: Vec<&String> = entry.kinds.difference(&today.kinds).collect();
        if !gone.is_empty() {
            wrong.push(format!("{at} can no longer be {gone:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_document_that_is_not_as_its_schema_says_is_noticed() {
    let schemas = Schemas::of_the_program();
    let good = Bench::with(&[]).json(0, &["pool", "counts.csv"]);
    assert_eq!(schemas.complaints(&good), Vec::<String>::new());
    for (at, value, said) in [
        ("/spec/measure", Value::from("logarithm"), "metaprop/1/spec/measure is"),
        ("/studies/0/total", Value::from("twelve"), "metaprop/1/studies/*/total is"),
        ("/random/p", Value::from(true), "metaprop/1/random/p is"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(at).expect("the place") = value;
        let wrong = schemas.complaints(&bad);
        assert!(wrong.len() == 1 && wrong[0].starts_with(said), "{at}: {wrong:?}");
    }
    let mut bad = good.clone();
    let study = bad.pointer_mut("/studies/0").and_then(Value::as_object_mut).expect("a study");
    study.remove("line");
    study.insert("extra".to_string(), Value::Null);
    assert_eq!(
        schemas.complaints(&bad),
        ["metaprop/1/studies/*/line is missing", "metaprop/1/studies/*/extra is not in the schema"]
    );
}
