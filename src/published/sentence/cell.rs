//! What a cell of a table holds, and what its header says that it is.

use super::token::{Number, Token, tokens};
use crate::published::claim::Field;

/// The field that a header names; `Ci` for a column of intervals alone.
pub(in crate::published) fn cell_field(header: &str) -> Option<Field> {
    let tokens = tokens(header);
    let words: Vec<&str> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let rows: [(Field, &[&str]); 8] = [
        (Field::I2, &["i2"]),
        (Field::Tau2, &["tau2"]),
        (Field::Prediction, &["prediction", "predictive", "pi"]),
        (
            Field::Estimate,
            &["proportion", "prevalence", "rate", "estimate", "incidence", "pooled", "effect", "es"],
        ),
        (Field::Ci, &["ci", "confidence", "interval"]),
        (Field::K, &["k", "studies", "trials", "cohorts", "series"]),
        (Field::Total, &["n", "patients", "participants", "people", "sample"]),
        (Field::Q, &["q"]),
    ];
    let both = has(&["studies", "trials", "k"]) && has(&["patients", "participants", "n"]);
    let found = rows.into_iter().find(|(_, known)| has(known)).map(|(field, _)| field)?;
    (!(both && matches!(found, Field::K | Field::Total))).then_some(found)
}

/// Whether a header names a spread, a test or a weight: what is no estimate, whatever interval follows it.
pub(in crate::published) fn is_no_estimate(header: &str) -> bool {
    let words = header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.map(str::to_lowercase);
    words.any(|word| {
        ["se", "sd", "error", "deviation", "p", "t", "z", "df", "weight"].contains(&word.as_str())
    })
}

/// Whether a percent sign stands in a header by itself, and not behind the level of an interval.
pub(in crate::published) fn has_percent_sign(header: &str) -> bool {
    tokens(header).iter().any(|token| match token {
        Token::Sign('%') => true,
        Token::Word(word) => matches!(word.as_str(), "percent" | "percentage" | "pct"),
        _ => false,
    })
}

fn numbers(cell: &str) -> Vec<Number> {
    let number = |token| match token {
        Token::Number(number) => Some(number),
        _ => None,
    };
    tokens(cell).into_iter().filter_map(number).collect()
}

/// The number of a cell that has one alone.
pub(in crate::published) fn single_number(cell: &str) -> Option<String> {
    let words = tokens(cell).iter().filter(|token| matches!(token, Token::Word(_))).count();
    match &numbers(cell)[..] {
        [one] if words == 0 => Some(one.with_unit_of(one)),
        _ => None,
    }
}

/// The two limits of a cell that has two numbers.
pub(in crate::published) fn limits_in(cell: &str) -> Option<[String; 2]> {
    match &numbers(cell)[..] {
        [lower, upper] => Some([lower.with_unit_of(upper), upper.with_unit_of(upper)]),
        _ => None,
    }
}
