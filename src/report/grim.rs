//! Whether a percentage can come from n people, as text, Markdown and a document.

use serde::Serialize;

use super::json::{self, Provenance};
use super::markdown::escaped;
use crate::data;
use crate::format::{Display, sanitize};
use crate::printed::grim::Grim;

/// The name and version of the document.
pub const SCHEMA: &str = "metaprop/grim/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    /// There is nothing to choose.
    spec: Option<()>,
    #[serde(flatten)]
    grim: &'a Grim,
}

/// The document.
#[must_use]
pub fn json(grim: &Grim) -> String {
    let none = data::Provenance::default();
    json::document(&Document { schema: SCHEMA, provenance: Provenance::new(&none), spec: None, grim })
}

/// In words.
#[must_use]
pub fn text(grim: &Grim) -> String {
    sentences(grim).map(|sentence| format!("{}\n", sanitize(&sentence))).collect()
}

/// In Markdown.
#[must_use]
pub fn markdown(grim: &Grim) -> String {
    let sentences: Vec<String> = sentences(grim).map(|sentence| escaped(&sentence)).collect();
    format!("{}\n", sentences.join("\n\n"))
}

fn sentences(grim: &Grim) -> impl Iterator<Item = String> {
    let chance = Display::default().proportion(grim.passes_by_chance);
    let by_chance =
        format!("{chance} of all percentages with these decimals are possible for {} people", grim.n);
    [format!("{}.", grim.sentence()), format!("{by_chance}.")].into_iter().take(if grim.says_nothing {
        1
    } else {
        2
    })
}
