//! Whether a document follows its JSON Schema.

use serde_json::Value;

/// The part of JSON Schema that the schema uses; keys that it does not know are wrong here, though
/// readers must allow them.
pub fn validate(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<String>) {
    if let Some(options) = schema["anyOf"].as_array() {
        let fits = |option: &&Value| {
            let mut problems = Vec::new();
            validate(option, value, path, &mut problems);
            problems.is_empty()
        };
        if !options.iter().any(|option| fits(&option)) {
            wrong.push(format!("{path}: {value} fits nothing of {}", schema["anyOf"]));
        }
        return;
    }
    let right = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        Some("null") => value.is_null(),
        _ => {
            schema["enum"].as_array().is_some_and(|words| words.contains(value)) || schema["const"] == *value
        }
    };
    if !right {
        wrong.push(format!("{path}: {value} is not {schema}"));
    }
    for (limit, below) in [("minimum", true), ("maximum", false)] {
        let (limit, number) = (schema[limit].as_f64(), value.as_f64());
        let outside = limit
            .zip(number)
            .is_some_and(|(limit, number)| if below { number < limit } else { number > limit });
        if outside {
            wrong.push(format!("{path}: {value} is out of range"));
        }
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(key).is_none() {
            wrong.push(format!("{path}: no {key}"));
        }
    }
    for (key, below) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(key) {
            Some(schema) => validate(schema, below, &format!("{path}.{key}"), wrong),
            None => wrong.push(format!("{path}: {key} is not in the schema")),
        }
    }
    for (index, below) in value.as_array().into_iter().flatten().enumerate() {
        validate(&schema["items"], below, &format!("{path}[{index}]"), wrong);
    }
}
