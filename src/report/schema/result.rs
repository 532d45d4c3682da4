//! The JSON Schema of the result document.

use serde_json::{Map, Value, json};

use super::parts::{
    fraction, interval, list, merge, nullable, number, object, shown, text, whole, word, words_of,
};
use crate::advisory::Code;
use crate::analysis::Average;
use crate::options::{Choice, Model, PredictionMethod, Presence, Shape, Spec, SubgroupTau2};
use crate::report::json::SCHEMA;

/// The schema of the result document.
#[must_use]
pub fn result() -> Value {
    let schema = object(json!({
        "schema": { "const": SCHEMA },
        "provenance": provenance_of_table(),
        "spec": spec(),
        "k": whole("the number of studies pooled"),
        "events": nullable(whole("their events; null for estimates")),
        "total": nullable(whole("their people; null for estimates")),
        "crude": nullable(fraction("events over total; null for estimates")),
        "companions": { "type": "array", "items": companion(), "description": "exact models beside the pooled value, where a fifth or more of the studies have none (or all) of the events and an amount is added to them; else empty" },
        "studies": { "type": "array", "items": study() },
        "excluded": { "type": "array", "items": excluded() },
        "common": summary("the common-effect estimate; always the normal quantile", false),
        "random": nullable(summary("the estimate of the model that was asked for; null where that is common", true)),
        "prediction": nullable(prediction()),
        "heterogeneity": heterogeneity(),
        "distribution": nullable(distribution()),
        "subgroups": { "type": "array", "items": subgroup(), "description": "a result a level, where subgroups were asked for" },
        "between": nullable(between()),
        "tests_between": { "type": "array", "items": object(json!({
            "column": text("the column of the subgroups"),
            "subgroup_tau2": word::<SubgroupTau2>(),
            "between": nullable(between()),
        })), "description": "the test of each column; that of the first is under between too" },
        "convergence": convergence(),
        "advisories": { "type": "array", "items": advisory() },
    }));
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "The result of one meta-analysis",
        "description": "Proportions are fractions, and estimates given in place of counts are on the scale of their table; y, se, v and tau2 are on the analysis scale. What does not exist is null. Within this version, keys are only ever added.",
    });
    merge(head, schema)
}

/// The result of one level.
fn subgroup() -> Value {
    object(json!({
        "column": text("the column"),
        "level": text("the value in it, or (missing)"),
        "missing": { "type": "boolean", "description": "whether these are the studies without a value" },
        "studies": { "type": "array", "items": whole("its place among studies, counted from 0") },
        "k": whole("the number of studies"),
        "events": nullable(whole("their events; null for estimates")),
        "total": nullable(whole("their people; null for estimates")),
        "crude": nullable(fraction("events over total; null for estimates")),
        "common": nullable(summary("the common-effect estimate; null where there is no result", false)),
        "random": nullable(summary("the estimate of the model that was asked for", true)),
        "prediction": nullable(prediction()),
        "heterogeneity": nullable(heterogeneity()),
        "reason": nullable(text("why there is no result")),
    }))
}

/// The test between the levels of a column.
fn between() -> Value {
    let test = || {
        nullable(object(json!({
            "q": number("the statistic"),
            "df": whole("its degrees of freedom"),
            "p": fraction("P(chi-squared >= q)"),
        })))
    };
    object(json!({
        "q": number("sum of (y - mean)^2/se^2 over the levels, by the model that was asked for"),
        "df": whole("the number of levels with an estimate, less 1"),
        "p": fraction("P(chi-squared >= q)"),
        "common": test(),
        "likelihood_ratio": test(),
    }))
}

pub(super) fn provenance() -> Value {
    object(provenance_keys())
}

fn provenance_keys() -> Value {
    json!({
        "metaprop": text("the version of the program"),
        "data": nullable(text("the relative path as typed, else the file's name, '-' or '@NAME'")),
        "sha256": nullable(text("of the bytes that were read, in hexadecimal")),
    })
}

/// The provenance of a result: with what was read of the table.
pub(super) fn provenance_of_table() -> Value {
    object(merge(
        provenance_keys(),
        json!({
            "sheet": nullable(text("the sheet of a workbook")),
            "columns": nullable(columns()),
            "filters": { "type": "array", "items": text("a condition that rows had to meet, COL=VALUE") },
            "rows": object(json!({
                "read": whole("rows below the header, blank ones apart: the sum of the other three"),
                "used": whole("rows that were pooled"),
                "excluded": whole("rows in excluded"),
                "filtered": whole("rows that the filters left out"),
            })),
        }),
    ))
}

fn columns() -> Value {
    let mut columns = object(json!({
        "study": { "type": "array", "items": text("a column of the study's name; they are joined by a space") },
        "events": nullable(text("the column of events; null where they were derived from percentages, and for estimates")),
        "total": nullable(text("the column of totals; null for estimates")),
        "percent": nullable(text("the column of percentages that the events were derived from")),
    }));
    columns["properties"]["cluster"] = text("the column of the clusters; there where one was named");
    // There for estimates.
    columns["properties"]["estimate"] = text("the column of estimates");
    for (key, about) in [
        ("se", "the column of their standard errors"),
        ("variance", "the column of their variances"),
        ("lower", "the column of their lower limits"),
        ("upper", "the column of their upper limits"),
    ] {
        columns["properties"][key] = nullable(text(about));
    }
    columns
}

/// The outcomes of an analysis file, each with its choices.
pub(super) fn outcomes() -> Value {
    list(object(json!({
        "outcome": text("its id"),
        "title": text("what it is called"),
        "provenance": provenance(),
        "spec": nullable(spec()),
    })))
}

pub(super) fn spec() -> Value {
    let mut choices = Map::new();
    for row in Spec::CHOICES {
        let about = row.details.about;
        let schema = match row.option.shape {
            Shape::Word { about, words } => words_of(about, words),
            Shape::WordOrNumber { about, words, .. } => {
                json!({ "anyOf": [words_of(about, words), { "type": "number", "minimum": 0 }] })
            }
            Shape::Whole => whole(about),
            Shape::Text | Shape::Order => text(about),
            Shape::Switch => json!({ "type": "boolean", "description": about }),
            Shape::Sign(signs) => json!({ "enum": signs, "description": about }),
            Shape::Percent | Shape::Proportion | Shape::Number => number(about),
        };
        let schema = if row.presence == Presence::Optional { nullable(schema) } else { schema };
        choices.insert(row.option.field.into(), schema);
    }
    let mut conventions = object(json!({
        "log_denominator": { "enum": ["n+2a", "n+a"] },
        "raw_correction": { "enum": ["y-and-v", "v-only"] },
        "wilson_cc_ends": { "enum": ["zero-and-one", "equation"] },
        "iterated_tau2_se": {
            "enum": ["estimating-equation", "metafor"],
            "description": "the standard error of tau2 by dlit and sjit; where it is missing, that of the estimating equation",
        },
    }));
    let named = conventions["required"].as_array_mut();
    named.into_iter().for_each(|keys| keys.retain(|key| key != "iterated_tau2_se"));
    choices.insert("conventions".into(), conventions);
    let mut spec = object(Value::Object(choices));
    let omittable = |key: &Value| {
        let mut rows = Spec::CHOICES.iter().filter(|row| row.presence == Presence::Omittable);
        rows.any(|row| *key == row.option.field)
    };
    spec["required"].as_array_mut().into_iter().for_each(|keys| keys.retain(|key| !omittable(key)));
    // A spec with a choice that is not known cannot be run again, so it is refused.
    spec["additionalProperties"] = json!(false);
    spec
}

fn companion() -> Value {
    let mut companion = object(json!({
        "model": { "enum": [Model::Glmm.key(), Model::BetaBinomial.key()] },
        "of": { "enum": [Average::Median.word(), Average::Mean.word()], "description": "of the true proportions" },
        "estimate": nullable(fraction("the estimate; null where the model has none")),
        "lower": nullable(fraction("its lower limit")),
        "upper": nullable(fraction("its upper limit")),
    }));
    companion["properties"]["reason"] = text("why there is no estimate");
    companion
}

fn study() -> Value {
    let mut study = object(json!({
        "study": text("its name, as typed"),
        "line": whole("its line in the file, from 1"),
        "events": nullable(whole("people with the event; null for estimates")),
        "total": nullable(whole("people; null for estimates")),
        "proportion": nullable(fraction("events over total; null for estimates")),
        "lower": nullable(shown("the lower limit by study_ci; null where it is beyond every number")),
        "upper": nullable(shown("the upper limit")),
        "y": nullable(number("the estimate on the analysis scale; null where a likelihood model has none")),
        "v": nullable(number("its variance")),
        "corrected": { "type": "boolean", "description": "whether it was corrected for zero cells" },
        "weight_common": nullable(fraction("its weight in the common-effect model; they sum to 1")),
        "weight_random": nullable(fraction("its weight in the random-effects model; they sum to 1")),
    }));
    study["properties"]["cluster"] = text("its cluster; there where clusters were named and it has one");
    study["properties"]["estimate"] = number("as the table has it; there for estimates alone");
    study
}

pub(super) fn excluded() -> Value {
    object(json!({
        "study": text("the name in the row"),
        "line": whole("its line in the file, from 1"),
        "reason": text("why it was left out"),
        "total": nullable(whole("how many people it had, where that is known")),
    }))
}

pub(super) fn summary(about: &str, has_method: bool) -> Value {
    let mut summary = object(json!({
        "y": nullable(number("the pooled value on the analysis scale")),
        "se": nullable(number("its standard error")),
        "ci_y": nullable(interval("its interval on the analysis scale, never clipped")),
        "estimate": nullable(shown("the pooled value; null where it is beyond every number")),
        "lower": nullable(shown("its lower limit")),
        "upper": nullable(shown("its upper limit")),
        "statistic": nullable(number("of the test of y against the value at null")),
        "df": nullable(number("degrees of freedom of t; null for the normal")),
        "p": nullable(fraction("two-sided p-value of the test")),
        "log_likelihood": nullable(number("the (restricted) log-likelihood")),
        "aic": nullable(number("Akaike's criterion")),
        "bic": nullable(number("the Bayesian criterion")),
    }));
    if has_method {
        summary["properties"]["method"] = text("the model");
        summary["properties"]["population"] = object(json!({
            "estimate": fraction("the mean proportion over the population of studies, where the model gives it beside the median"),
            "lower": fraction("its lower limit"),
            "upper": fraction("its upper limit"),
        }));
        summary["required"].as_array_mut().into_iter().for_each(|keys| keys.insert(0, json!("method")));
    }
    summary["description"] = json!(about);
    summary
}

pub(super) fn prediction() -> Value {
    object(json!({
        "method": word::<PredictionMethod>(),
        "df": nullable(number("degrees of freedom of t; null for the normal")),
        "ci_y": nullable(interval("on the analysis scale, never clipped; null where a limit has no finite value there")),
        "lower": nullable(shown("the lower limit; null where it is beyond every number")),
        "upper": nullable(shown("the upper limit; null where it is beyond every number")),
    }))
}

pub(super) fn heterogeneity() -> Value {
    let estimate = |about: &str| nullable(number(about));
    let mut heterogeneity = object(json!({
        "q": estimate("Cochran's Q; null for a likelihood model"),
        "df": whole("k - 1"),
        "p": estimate("P(chi-squared >= Q)"),
        "tau2": estimate("the between-study variance"),
        "tau2_se": estimate("its standard error"),
        "tau2_lower": estimate("its lower limit"),
        "tau2_upper": estimate("its upper limit"),
        "i2": estimate("in percent"),
        "i2_lower": estimate("its lower limit"),
        "i2_upper": estimate("its upper limit"),
        "h2": estimate("1 + tau2/vt, or Q/df"),
        "q_wald": estimate("Wald test of a likelihood model; null where it leaves out studies, those with none or all of the events, but in the profiles metafor and meta"),
        "p_wald": estimate("its p-value"),
        "q_lrt": estimate("likelihood-ratio test of a likelihood model"),
        "p_lrt": estimate("its p-value"),
        "rho": estimate("intra-class correlation of a beta-binomial model"),
        "tau2_between": estimate("of a three-level model, the variance between clusters; tau2 is the sum of both"),
        "tau2_within": estimate("the variance of the rows within clusters"),
        "i2_between": estimate("100 tau2_between/(tau2 + vt), in percent"),
        "i2_within": estimate("100 tau2_within/(tau2 + vt), in percent"),
    }));
    // There for a likelihood model.
    for (key, about) in [
        ("tau2_between_lower", "the lower limit of its profile-likelihood interval"),
        ("tau2_between_upper", "its upper limit"),
        ("tau2_within_lower", "the lower limit of its profile-likelihood interval"),
        ("tau2_within_upper", "its upper limit"),
        ("rho_se", "the standard error of rho"),
        ("rho_lower", "the lower limit of its profile-likelihood interval"),
        ("rho_upper", "its upper limit"),
        ("q_zero", "likelihood ratio against tau2 = 0 or rho = 0"),
        ("p_zero", "its p-value, half the tail of chi-squared with 1 df"),
    ] {
        heterogeneity["properties"][key] = estimate(about);
    }
    heterogeneity
}

fn distribution() -> Value {
    let cutoff = object(json!({
        "cutoff": fraction("the proportion asked about"),
        "above": fraction("the share of the true proportions above it"),
        "lower": nullable(fraction("its lower limit; null where tau2 is 0")),
        "upper": nullable(fraction("its upper limit")),
        "method": nullable(json!({ "enum": ["probit-delta", "of-the-mean"], "description": "how the limits were made" })),
    }));
    let mut schema = object(json!({
        "shape": { "enum": ["normal", "beta", "point"], "description": "normal on the analysis scale, beta of the proportion, or no spread" },
        "percentiles_y": nullable(interval("the 5th and 95th percentile on the analysis scale, never clipped")),
        "lower_5": nullable(shown("the 5th percentile of the true values; null where it is beyond every number")),
        "upper_95": nullable(shown("the 95th percentile")),
        "cutoffs": { "type": "array", "items": cutoff },
    }));
    schema["description"] =
        json!("the true values as the random-effects model has them; null where it has none");
    schema
}

fn convergence() -> Value {
    object(json!({
        "algorithm": text("what ran"),
        "iterations": whole("how often; 0 for a closed form"),
        "tolerance": number("of the stopping rule; 0 for a closed form"),
        "status": { "enum": ["closed-form", "converged", "not-converged"] },
        "bracket": nullable(interval("tau2, or rho of a beta-binomial model, lies between these; null for a closed form")),
        "at_bracket": nullable(interval("the slope of the (profile) likelihood, or the estimating function, at both")),
        "alternatives": { "type": "array", "items": number("another local maximum of the likelihood") },
    }))
}

pub(super) fn advisory() -> Value {
    object(json!({
        "code": { "type": "string", "description": "such as few-studies; kinds are only ever added", "examples": [Code::FewStudies, Code::OutsideRange] },
        "message": text("one sentence"),
    }))
}
