//! Pieces of a JSON Schema.

use serde_json::{Map, Value, json};

use crate::options::{Choice, Word};

/// A schema with its name and title.
pub(super) fn titled(name: &str, title: &str, body: Value) -> Value {
    let head =
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, "title": title });
    merge(head, body)
}

/// An object that has all of these keys, and may get more in a later release.
pub(super) fn object(properties: Value) -> Value {
    let required: Vec<Value> =
        properties.as_object().map(|keys| keys.keys().map(|key| json!(key)).collect()).unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A list of these.
pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn yes_no(about: &str) -> Value {
    json!({ "type": "boolean", "description": about })
}

pub(super) fn nullable(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub(super) fn word<C: Choice>() -> Value {
    words_of(C::ABOUT, C::WORDS)
}

pub(super) fn words_of(about: &str, words: &[Word]) -> Value {
    json!({ "enum": words.iter().map(|word| word.key).collect::<Vec<_>>(), "description": about })
}

pub(super) fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

pub(super) fn whole(about: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": about })
}

pub(super) fn number(about: &str) -> Value {
    json!({ "type": "number", "description": about })
}

pub(super) fn fraction(about: &str) -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": 1, "description": about })
}

/// A number as it is shown: a fraction of [0, 1] where proportions are pooled, else on the scale of the table.
pub(super) fn shown(about: &str) -> Value {
    number(&format!("{about}: a proportion, clipped to [0, 1], or on the scale of the table of estimates"))
}

pub(super) fn interval(about: &str) -> Value {
    json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2, "description": about })
}

pub(super) fn merge(head: Value, body: Value) -> Value {
    let entries = [head, body].into_iter().filter_map(|value| match value {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    Value::Object(entries.flatten().collect::<Map<_, _>>())
}

/// A verdict on a printed figure or a claim.
pub(super) fn verdict() -> Value {
    json!({ "enum": ["holds", "holds-truncated", "holds-rounded-twice", "holds-early-stop", "fails", "not-checkable"] })
}

/// A verdict on a printed field; `study` is there where the field is that of one study.
pub(super) fn field() -> Value {
    let mut field = object(json!({
        "field": text("its key"),
        "printed": text("as it was printed"),
        "recomputed": { "anyOf": [number("a fraction; I2 in percent"), interval("two limits"), { "type": "null" }] },
        "verdict": verdict(),
        "reason": nullable(text("why, in one sentence")),
    }));
    field["properties"]["study"] = text("whose it is; absent for the pooled result");
    field
}
