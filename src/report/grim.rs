//! Whether a percentage can come from n people, as text, Markdown and a document.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::document::{Document, displayed};
use super::markdown::escaped;
use crate::data::Provenance;
use crate::format::{NumberFormat, sanitize};
use crate::printed::grim::Grim;

impl Serialize for Grim {
    /// The document `metaprop/grim/1`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut document = to.serialize_struct("Grim", 13)?;
        document.serialize_field("schema", Self::SCHEMA)?;
        document.serialize_field("provenance", &Provenance::default())?;
        // There is nothing to choose.
        document.serialize_field("spec", &None::<()>)?;
        document.serialize_field("percent", &self.percent)?;
        document.serialize_field("n", &self.n)?;
        document.serialize_field("possible", &self.possible)?;
        document.serialize_field("rounding", &self.rounding)?;
        document.serialize_field("events", &self.events)?;
        document.serialize_field("ambiguity", &self.ambiguity)?;
        document.serialize_field("rounded_up", &self.rounded_up)?;
        document.serialize_field("says_nothing", &self.says_nothing)?;
        document.serialize_field("passes_by_chance", &self.passes_by_chance)?;
        document.serialize_field("nearest", &self.nearest)?;
        document.end()
    }
}

impl Document for Grim {
    const SCHEMA: &'static str = "metaprop/grim/1";

    /// In sentences.
    fn text(&self, _color: bool) -> String {
        sentences(self).map(|sentence| format!("{}\n", sanitize(&sentence))).collect()
    }

    fn markdown(&self) -> String {
        let sentences: Vec<String> = sentences(self).map(|sentence| escaped(&sentence)).collect();
        format!("{}\n", sentences.join("\n\n"))
    }
}

displayed!(Grim);

fn sentences(grim: &Grim) -> impl Iterator<Item = String> {
    let chance = NumberFormat::default().with_sign(grim.passes_by_chance);
    let by_chance =
        format!("{chance} of all percentages with these decimals are possible for {} people", grim.n);
    let taken = grim.unsigned.as_ref();
    let taken = taken.map(|typed| format!("{typed} has no sign and is taken as {}.", grim.percent));
    let by_chance = (!grim.says_nothing).then(|| format!("{by_chance}."));
    taken.into_iter().chain([format!("{}.", grim.sentence())]).chain(by_chance)
}
