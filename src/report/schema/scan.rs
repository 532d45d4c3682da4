//! The JSON Schema of `scan`.

use serde_json::{Value, json};

use super::parts::{field, list, merge, nullable, number, object, text, titled, verdict, whole, yes_no};
use super::result::{advisory, outcomes, provenance};
use crate::report::Document;
use crate::report::scan::ScanReport;

/// The schema of `scan`.
pub(super) fn of_scan() -> Value {
    let as_printed = json!({
        "type": "object",
        "additionalProperties": text("as it is printed"),
        "description": "the fields that were read: estimate, lower, upper, k, total, i2 …",
    });
    let part = object(json!({
        "kind": { "enum": ["level", "without", "coefficient", "test"], "description": "a level of subgroups, all studies but one, a coefficient of a meta-regression, a test between subgroups" },
        "name": text("the level, the study that is left out, or the coefficient; of a test the column"),
        "column": nullable(text("the column of the subgroups")),
    }));
    let not_read = placed(json!({
        "text": text("as it stands there, without mark-up"),
        "reason": text("why it was not read"),
    }));
    let result = placed(json!({
        "text": text("the result and its interval, without mark-up"),
        "sentence": text("the sentence or row that it stands in, without mark-up, its first 400 characters"),
        "read": as_printed,
        "level": nullable(number("of its interval, in percent, where it is printed")),
        "says_pooled": yes_no("whether the words say that it is pooled"),
        "outcome": nullable(text("the id of the outcome that it is about")),
        "by": nullable(json!({ "enum": ["figures", "name", "size"], "description": "how that was told: by its estimate and limits, by the words, by its numbers of studies and people" })),
        "part": nullable(part),
        "verdict": verdict(),
        "reason": nullable(text("why, where the fields alone do not say it")),
        "fields": list(field()),
        "left_out": list(text("what stands with it and was not read, and why")),
    }));
    let count = placed(json!({
        "text": text("as it stands there, without mark-up"),
        "events": whole("the events"),
        "total": whole("of how many"),
        "percent": text("the percentage, as it is printed"),
        "possible": yes_no("whether the count gives the percentage"),
        "rounding": rounding_twice(),
        "reason": text("what the count gives, and what would give the percentage"),
    }));
    let body = object(json!({
        "schema": { "const": ScanReport::SCHEMA },
        "provenance": provenance(),
        "spec": outcomes(),
        "place": { "enum": ["line", "paragraph"], "description": "what the first number of a place counts" },
        "summary": object(json!({
            "holds": whole("results that hold, with or without a remark on how"),
            "fails": whole("results that do not hold"),
            "not_checkable": whole("results that nothing could be held against"),
            "possible": whole("counts whose percentage is theirs"),
            "impossible": whole("counts whose percentage is not"),
        })),
        "results": list(result),
        "counts": list(count),
        "not_read": list(not_read),
        "not_found": list(text("the id of an outcome that no result is about")),
        "advisories": list(advisory()),
    }));
    titled(ScanReport::SCHEMA, "The pooled results and counts of a manuscript, and whether they hold", body)
}

/// What stands at a place of a manuscript.
fn placed(properties: Value) -> Value {
    let place = json!({
        "line": whole("the line; in a document of Word the paragraph"),
        "column": whole("the character in it, from 1"),
    });
    object(merge(place, properties))
}

fn rounding_twice() -> Value {
    json!({ "enum": ["half-up", "half-even", "truncation", "rounded-twice", "no"], "description": "the first rule that gives the printed digits" })
}
