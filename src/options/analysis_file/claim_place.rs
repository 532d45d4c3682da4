//! Where a figure stands in a `[[claim]]`, and what stands at the wrong place.

use toml::de::DeValue;

use super::section::{Section, is_bare};
use crate::error::{Problem, nearest, shown};

/// The table that a figure is a key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `[[claim]]`.
    Claim,
    /// `subgroup."LEVEL"`.
    Level,
    /// `coefficient`: every key is a name.
    Coefficients,
    /// `[[claim.study]]`.
    Study,
}

/// The tables of a claim.
const TABLES: [&str; 3] = ["coefficient", "subgroup", "study"];

impl Place {
    /// The keys that are no figures.
    pub fn head(self) -> &'static [&'static str] {
        match self {
            Self::Claim => &["outcome", "source", "study", "subgroup", "coefficient"],
            Self::Study => &["study"],
            Self::Level | Self::Coefficients => &[],
        }
    }
}

/// What is wrong with a key that is the misspelt name of a table, or that is of another result than its place.
pub(super) fn misplaced(
    section: &Section<'_>,
    place: Place,
    key: &str,
    value: &DeValue<'_>,
) -> Option<Problem> {
    if place == Place::Coefficients {
        return None;
    }
    if place == Place::Level && key.replace('_', "-") == "between-p" {
        let level = shown(&section.name);
        let what = format!("between_p is of a column of subgroups and not of its level '{level}'");
        return Some(
            Problem::new(what).help(format!("write it in the [[claim]] itself: between_p = {}", text(value))),
        );
    }
    let table =
        if TABLES[..2].contains(&key) { key } else { nearest(key, TABLES).filter(|_| is_table(value))? };
    let meant = meant(table, value);
    if place == Place::Claim {
        let what = format!("unknown key '{}' in a [[claim]]", dotted(key, value));
        return Some(Problem::new(what).help(format!("did you mean {meant}?")));
    }
    let (whose, above) = match place {
        Place::Study => ("of one study", ", above [[claim.study]]"),
        _ => ("of a level", ""),
    };
    let what = format!("'{}' is no figure {whose}", dotted(key, value));
    Some(Problem::new(what).help(format!("did you mean {meant}, in the [[claim]] itself{above}?")))
}

/// Whether it is a table, or a list with one.
fn is_table(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Array(items) => items.iter().any(|item| item.get_ref().is_table()),
        other => other.is_table(),
    }
}

/// The table as it is to be written, with the name that was typed in it.
fn meant(table: &str, value: &DeValue<'_>) -> String {
    match (table, first_key(value)) {
        ("study", _) => "[[claim.study]]".to_string(),
        ("subgroup", Some(level)) => format!("subgroup.{}.estimate", quoted(level)),
        ("subgroup", None) => "subgroup.\"LEVEL\".estimate".to_string(),
        (_, Some(name)) => format!("coefficient.{}", quoted(name)),
        _ => "coefficient.NAME".to_string(),
    }
}

fn dotted(key: &str, value: &DeValue<'_>) -> String {
    match first_key(value) {
        Some(name) => format!("{}.{}", shown(key), quoted(name)),
        None => shown(key).to_string(),
    }
}

fn first_key<'t>(value: &'t DeValue<'_>) -> Option<&'t str> {
    let DeValue::Table(table) = value else { return None };
    table.iter().next().map(|(key, _)| key.get_ref().as_ref())
}

/// As a key of TOML.
fn quoted(key: &str) -> String {
    if is_bare(key) { key.to_string() } else { format!("\"{}\"", shown(key)) }
}

fn text(value: &DeValue<'_>) -> String {
    format!("\"{}\"", value.as_str().map_or("0.03", str::trim))
}
