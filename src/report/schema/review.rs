//! The JSON Schemas of `check`, `grim`, `reproduce`, `multiverse` and `reconstruct`.

use serde_json::{Value, json};

use super::parts::{
    field, fraction, interval, list, nullable, number, object, text, titled, verdict, whole, yes_no,
};
use super::result::{advisory, excluded, outcomes, provenance, spec};
use super::scan::of_scan;
use crate::data::{Percentages, TableColumns};
use crate::printed::grim::Grim;
use crate::published::explain::QUANTITIES;
use crate::report::Document;
use crate::report::check::CheckReport;
use crate::report::explain::ExplainReport;
use crate::report::joint::JointReport;
use crate::report::multiverse::MultiverseReport;
use crate::report::reconstruct::ReconstructReport;
use crate::report::reproduce::ReproduceReport;
use crate::report::scan::ScanReport;
use crate::report::selftest::SelftestReport;

/// The schema of each document, by its name.
pub(super) fn all() -> [(&'static str, Value); 11] {
    [
        (SelftestReport::SCHEMA, of_selftest()),
        (Grim::SCHEMA, of_grim()),
        (Percentages::SCHEMA, of_percentages()),
        (TableColumns::SCHEMA, of_columns()),
        (CheckReport::SCHEMA, of_check()),
        (ScanReport::SCHEMA, of_scan()),
        (ReproduceReport::SCHEMA, of_reproduce()),
        (ReconstructReport::SCHEMA, of_reconstruct()),
        (JointReport::SCHEMA, of_reconstruct_joint()),
        (MultiverseReport::SCHEMA, of_multiverse()),
        (ExplainReport::SCHEMA, of_explain()),
    ]
}

fn rounding() -> Value {
    json!({ "enum": ["half-up", "half-even", "truncation", "no"], "description": "the first rule that gives the printed digits" })
}

fn of_explain() -> Value {
    let both = |side: fn() -> Value| object(json!({ "a": side(), "b": side() }));
    let value = |about: &str| nullable(number(about));
    let body = object(json!({
        "schema": { "const": ExplainReport::SCHEMA },
        "provenance": provenance(),
        "names": both(|| text("what the analysis is called")),
        "spec": both(spec),
        "differences": list(object(json!({
            "choice": text("a key of the spec"),
            "a": { "description": "its value in the first spec" },
            "b": { "description": "its value in the second spec" },
        }))),
        "conventions": list(object(json!({
            "convention": text("one that can be switched alone, or several that cannot be parted"),
            "a": text("what the first analysis does"),
            "b": text("what the second one does"),
        }))),
        "studies": list(whole("how many studies each of the two pools")),
        "analyses": whole("how many mixtures of the two were computed"),
        "gaps": list(object(json!({
            "quantity": { "enum": QUANTITIES.map(|(key, _)| key) },
            "a": value("of the first analysis"),
            "b": value("of the second one"),
            "gap": value("b - a; null where one does not exist, and for tau2 on two scales"),
            "shares": nullable(list(number("of the gap, by convention in the order above: Shapley's value; they add up to it"))),
        }))),
    }));
    titled(ExplainReport::SCHEMA, "Why two analyses of a table differ", body)
}

fn of_grim() -> Value {
    let share = || {
        nullable(object(json!({ "events": whole("the count"), "proportion": fraction("the count over n") })))
    };
    let body = object(json!({
        "schema": { "const": Grim::SCHEMA },
        "provenance": provenance(),
        "spec": { "type": "null", "description": "there is nothing to choose" },
        "percent": text("as it was printed"),
        "n": whole("the number of people"),
        "possible": yes_no("whether a count of n gives it"),
        "rounding": rounding(),
        "events": list(whole("a count that gives it; the first 1,000")),
        "ambiguity": whole("how many counts give it"),
        "rounded_up": yes_no("whether rounding up gives it where no rule does"),
        "says_nothing": yes_no("whether every percentage with these decimals is possible"),
        "passes_by_chance": fraction("how many of all percentages with these decimals are possible"),
        "nearest": object(json!({
            "below": share(),
            "above": share(),
            "n_smaller": nullable(whole("the nearest smaller n of which it is possible")),
            "n_larger": nullable(whole("the nearest larger n")),
        })),
    }));
    titled(Grim::SCHEMA, "Whether a percentage can come from n people", body)
}

fn of_percentages() -> Value {
    let row = object(json!({
        "study": text("its name"),
        "line": whole("its line in the file"),
        "percent": text("as it was printed"),
        "total": whole("the number of people"),
        "possible": yes_no("whether a count of the total gives it"),
        "rounding": rounding(),
        "events": nullable(interval("the first and the last count that give it")),
        "ambiguity": whole("how many counts give it"),
        "taken": nullable(whole("the count that an analysis takes: the one nearest to the printed value")),
        "sentence": text("the verdict in words"),
    }));
    let body = object(json!({
        "schema": { "const": Percentages::SCHEMA },
        "provenance": provenance(),
        "spec": { "type": "null", "description": "there is nothing to choose" },
        "column": text("the column of percentages"),
        "possible": whole("how many rows are possible"),
        "impossible": whole("how many are not"),
        "rows": list(row),
        "excluded": list(excluded()),
        "advisories": list(advisory()),
    }));
    titled(Percentages::SCHEMA, "What each percentage of a table can count", body)
}

fn of_columns() -> Value {
    let column = object(json!({
        "name": text("its name; empty where it has none"),
        "position": whole("its position, counted from 1"),
        "role": nullable(text("what it is read as; null where it is kept as it is")),
        "by": nullable(json!({ "enum": ["flag", "name", "content"], "description": "how it was found" })),
        "why": text("why it is read so, or not although its name is known"),
        "holds": text("what it holds, in a few words"),
        "values": whole("how many cells hold something"),
        "missing": whole("how many are missing"),
        "example": text("the first cell that holds something"),
    }));
    let body = object(json!({
        "schema": { "const": TableColumns::SCHEMA },
        "provenance": provenance(),
        "spec": { "type": "null", "description": "there is nothing to choose" },
        "rows": whole("how many rows are below the header"),
        "header_line": nullable(whole("the line of the header")),
        "delimiter": nullable(text("what stands between two cells of a text")),
        "encoding": nullable(text("the encoding of a text")),
        "decimal": text("the decimal mark"),
        "columns": list(column),
        "problems": list(text("why the table cannot be pooled as it is")),
    }));
    titled(TableColumns::SCHEMA, "What the columns of a table hold and are read as", body)
}

fn of_check() -> Value {
    let mut claim = object(json!({
        "outcome": text("the outcome's id"),
        "source": text("where it was printed"),
        "verdict": verdict(),
        "fields": list(field()),
    }));
    claim["properties"]["subgroup"] = text("the level of a subgroup that it is about");
    claim["properties"]["coefficient"] = text("the coefficient of a meta-regression that it is about");
    claim["properties"]["note"] = text("the reader's note in the analysis file");
    claim["properties"]["alone"] =
        json!({ "type": "object", "description": "what an interval says where there are no per-study data" });
    let body = object(json!({
        "schema": { "const": CheckReport::SCHEMA },
        "provenance": provenance(),
        "spec": outcomes(),
        "summary": object(json!({
            "holds": whole("claims that hold by rounding"),
            "holds_truncated": whole("claims that hold only where digits are cut off"),
            "holds_rounded_twice": whole("claims that hold only where a figure was rounded twice"),
            "holds_early_stop": whole("claims that hold only where a package's iteration stops"),
            "fails": whole("claims that do not hold"),
            "not_checkable": whole("claims that nothing could be held against"),
        })),
        "claims": list(claim),
        "advisories": list(advisory()),
    }));
    titled(CheckReport::SCHEMA, "Verdicts on the published claims of an analysis file", body)
}

/// A difference between the table and what was pooled, or between what was printed and what should have been: of the
/// first kind with the study and, where they differ, its counts; of the second with the figure.
fn edit() -> Value {
    let mut edit = object(json!({
        "edit": { "enum": ["left-out", "put-back", "recounted", "swapped", "twice", "transposed", "misprint"] },
    }));
    edit["properties"]["study"] = text("the row");
    edit["properties"]["events"] = whole("the events that were pooled");
    edit["properties"]["total"] = whole("the total that was pooled");
    edit["properties"]["field"] = text("the misprinted figure");
    edit["properties"]["printed"] = text("as it was printed");
    edit["properties"]["corrected"] = text("what should stand there");
    edit["properties"]["kind"] = json!({ "enum": ["digit", "transposed", "exchanged", "level", "unit"] });
    edit
}

/// A computation that differs from the specification's; an early stop has both values of τ².
fn computed() -> Value {
    let about = "the iteration for τ² stopped as metafor's does, or Freeman-Tukey values were taken back by sin²(y/2)";
    let mut computed = object(json!({
        "computation": { "enum": ["early-stop", "half-angle"], "description": about },
    }));
    computed["properties"]["tau2"] = number("where it stopped");
    computed["properties"]["converged"] = number("where it converges");
    computed
}

fn of_reproduce() -> Value {
    let range = |about: &str| nullable(interval(about));
    let best = object(json!({
        "fields_hold": whole("how many printed fields hold"),
        "distance": nullable(number("of the farthest field that does not hold, in steps of its last digit")),
        "fields": list(field()),
        "edits": list(edit()),
        "computed": nullable(computed()),
        "spec": spec(),
        "estimate": fraction("the pooled proportion"),
        "lower": nullable(fraction("its lower limit")),
        "upper": nullable(fraction("its upper limit")),
        "also": whole("how many more specifications give the same numbers"),
        "implausibility": number("minus the logarithm of the prior share of specification, edit and misprint: what the matches that explain every figure are ranked by"),
    }));
    let agreement = object(json!({
        "specifications": whole("how many give every printed field, on one reading of the data"),
        "estimate": interval("from the least to the greatest"),
        "lower": range("of the lower limit"),
        "upper": range("of the upper limit"),
        "i2": range("of I2, in percent"),
        "tau2": range("where all are on one scale"),
        "choices": { "type": "object", "additionalProperties": list(text("a word")) },
    }));
    let mut body = object(json!({
        "schema": { "const": ReproduceReport::SCHEMA },
        "provenance": provenance(),
        "spec": spec(),
        "printed": list(object(json!({ "field": text("its key"), "printed": text("as it was printed") }))),
        "slips": yes_no("whether the data were also tried with one error in one row undone"),
        "tried": whole("how many specifications were tried, over all readings"),
        "complete": whole("how many of them give every printed field"),
        "with_misprint": whole("how many more give every printed field but for a misprint"),
        "by_full_analysis": whole("how many of those are likelihood models, IVhet, or intervals and estimators that need a full analysis each"),
        "stopped": yes_no("whether the search was stopped before its end"),
        "matches": list(best),
        "agreement": nullable(agreement),
        "subsets": nullable(object(json!({
            "tried": whole("how many subsets were looked at, over all specifications"),
            "complete": whole("how many of them give every printed field"),
            "stopped": yes_no("whether the search was stopped before its end"),
            "matches": list(object(json!({
                "spec": spec(),
                "left_out": list(text("a study that was not pooled")),
                "k": whole("how many were"),
                "estimate": fraction("the pooled proportion"),
                "lower": nullable(fraction("its lower limit")),
                "upper": nullable(fraction("its upper limit")),
            }))),
        }))),
        "chance": nullable(object(json!({
            "replicates": whole("how many perturbed data sets were searched"),
            "as_good": whole("on how many of them a specification no less usual explains every printed field too"),
            "probability": fraction("(as_good + 1)/(replicates + 1)"),
            "seed": whole("of the perturbed data sets"),
        }))),
        "chance_missing": nullable(json!({
            "enum": ["no-match", "stopped", "not-asked", "subsets-alone", "full-models-alone"],
            "description": "why chance is null; null where it is given",
        })),
    }));
    body["properties"]["subgroup"] = object(json!({
        "column": text("a column of the table"),
        "level": text("the value whose studies alone were searched; the key is absent where all were"),
        "k": whole("how many studies these are"),
    }));
    titled(ReproduceReport::SCHEMA, "The specifications that give printed figures", body)
}

fn of_reconstruct() -> Value {
    let row = || {
        object(json!({
            "study": text("the study's name; a row that is not known is numbered"),
            "events": whole("people with the event"),
            "total": whole("people"),
            "known": yes_no("whether the row was known; all others were made up to fit"),
            "origin": text("what the row is, in words"),
        }))
    };
    let nearest = object(json!({
        "distance": nullable(number("the sum over the printed fields, in steps of their last digits; null where the table does not give one of them")),
        "estimate": fraction("the pooled proportion"),
        "lower": nullable(fraction("its lower limit")),
        "upper": nullable(fraction("its upper limit")),
        "tau2": nullable(number("the between-study variance")),
        "i2": nullable(number("in percent")),
        "rows": list(row()),
    }));
    let by_size = object(json!({
        "k": whole("a number of studies that was searched"),
        "total": whole("a number of people"),
        "found": whole("how many different tables were found"),
        "exhaustive": yes_no("whether every table of this size was looked at or ruled out"),
        "tries": whole("how often the local search started"),
    }));
    let table_size = object(json!({
        "k": whole("the number of studies of the table at this place"),
        "total": whole("its number of people"),
    }));
    let mut body = object(json!({
        "schema": { "const": ReconstructReport::SCHEMA },
        "provenance": provenance(),
        "printed": list(object(json!({ "field": text("its key"), "printed": text("as it was printed") }))),
        "known": list(provenance()),
        "found": whole("how many different tables were found, each confirmed by a full analysis"),
        "exhaustive": yes_no("whether every table within the bounds was looked at or ruled out: only then does found 0 mean that none exists"),
        "tries": whole("how often the local search started"),
        "seed": whole("of the local search"),
        "visited": whole("how many tables were looked at"),
        "space": nullable(number("how many tables there are within the bounds; null where they are too many to count")),
        "selections": nullable(interval("in how many ways the known rows can be taken, and how many of these a bound rules out")),
        "stopped": yes_no("whether the search was stopped before its end"),
        "spec": spec(),
        "nearest": nullable(nearest),
        "tables": list(list(row())),
        "common": nullable(json!({ "type": "object", "description": "the ranges over all tables found" })),
        "by_size": list(by_size),
        "table_sizes": list(table_size),
    }));
    let named = body["required"].as_array_mut();
    named.into_iter().for_each(|keys| keys.retain(|key| key != "by_size" && key != "table_sizes"));
    titled(ReconstructReport::SCHEMA, "Count tables that are consistent with a printed summary", body)
}

fn of_reconstruct_joint() -> Value {
    let row = || {
        object(json!({
            "study": text("the study's name; one that is not known is numbered"),
            "events": whole("people with the first outcome"),
            "also_events": whole("people with the second outcome"),
            "total": whole("people; at least the events of both"),
            "known": yes_no("whether the study was known; all others were made up to fit"),
            "known_events": list(yes_no("whether the events of the outcome were known")),
            "origin": text("what the row is, in words"),
        }))
    };
    let figures = object(json!({
        "estimate": fraction("the pooled proportion"),
        "lower": nullable(fraction("its lower limit")),
        "upper": nullable(fraction("its upper limit")),
    }));
    let nearest = object(json!({
        "distance": nullable(number("the sum over the printed fields of both outcomes, in steps of their last digits; null where the table does not give one of them")),
        "figures": list(figures),
        "rows": list(row()),
    }));
    let printed = || list(object(json!({ "field": text("its key"), "printed": text("as it was printed") })));
    let body = object(json!({
        "schema": { "const": JointReport::SCHEMA },
        "provenance": provenance(),
        "printed": printed(),
        "also_printed": printed(),
        "known": list(provenance()),
        "found": whole("how many different tables were found, each confirmed by a full analysis of both outcomes"),
        "exhaustive": yes_no("whether every choice of known studies was ruled out: only then does found 0 mean that none exists"),
        "tries": whole("how often the local search started"),
        "seed": whole("of the local search"),
        "visited": whole("how many tables were looked at"),
        "selections": nullable(interval("in how many ways the known studies can be taken, and how many of these the figures of one outcome alone rule out")),
        "stopped": yes_no("whether the search was stopped before its end"),
        "spec": spec(),
        "nearest": nullable(nearest),
        "tables": list(list(row())),
        "common": nullable(json!({ "type": "object", "description": "the ranges over all tables found" })),
    }));
    titled(
        JointReport::SCHEMA,
        "Count tables that are consistent with the printed figures of two outcomes",
        body,
    )
}

fn of_multiverse() -> Value {
    let range = |about: &str| nullable(interval(about));
    let row = object(json!({
        "spec": spec(),
        "estimate": fraction("the pooled proportion"),
        "lower": nullable(fraction("its lower limit")),
        "upper": nullable(fraction("its upper limit")),
        "tau2": nullable(number("the between-study variance")),
    }));
    let sway = object(json!({
        "choice": text("the choice"),
        "mean": number("the mean range of the estimate over its values, the others held fixed"),
        "largest": number("the largest such range"),
        "comparisons": whole("how many there are"),
    }));
    let summary = object(json!({
        "estimate": interval("from the least to the greatest"),
        "median": fraction("the middle estimate, or the mean of the two in the middle"),
        "lower": range("of the lower limit"),
        "upper": range("of the upper limit"),
        "conclusion": nullable(object(json!({
            "conclusion": text("as it was stated"),
            "holds": whole("in how many it holds"),
            "of": whole("of how many"),
        }))),
        "sway": list(sway),
        "sentence": text("all of it in words"),
    }));
    let body = object(json!({
        "schema": { "const": MultiverseReport::SCHEMA },
        "provenance": provenance(),
        "spec": spec(),
        "specifications": whole("how many there are"),
        "stopped": yes_no("whether it was stopped before its end"),
        "rows": list(row),
        "summary": summary,
    }));
    titled(MultiverseReport::SCHEMA, "Every defensible specification of one analysis", body)
}

fn of_selftest() -> Value {
    let row = object(json!({
        "statistic": text("what was compared"),
        "kind": { "enum": ["closed", "iterated", "quadrature"], "description": "how its values come about" },
        "values": whole("how many were compared"),
        "median": number("the digits that half of them reach, at most 16"),
        "worst": number("the digits that all of them reach"),
        "goal": number("the digits that all should reach"),
        "below": whole("how many do not"),
        "at": text("data set, path and choices of the worst"),
    }));
    let body = object(json!({
        "schema": { "const": SelftestReport::SCHEMA },
        "provenance": provenance(),
        "spec": { "type": "null", "description": "there is nothing to choose" },
        "datasets": whole("how many data sets"),
        "specifications": whole("how many specifications of them"),
        "values": whole("how many values"),
        "below": whole("how many have fewer digits than they should"),
        "digest": text("SHA-256 of every computed value, eight bytes a number"),
        "same_bits": yes_no("whether it is the certified one"),
        "statistics": list(row),
    }));
    titled(SelftestReport::SCHEMA, "The certified set recomputed", body)
}
