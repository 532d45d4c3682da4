//! The JSON Schema of the documents: `metaprop list schemas`.

mod further;
mod parts;
mod result;
mod review;
mod scan;
mod simulation;

use serde_json::{Value, json};

use super::json::SCHEMA;

pub use result::result;

/// The schemas of every document, by the name that stands in its `schema`.
///
/// ```
/// let schemas = metaprop::report::schema::all();
/// assert_eq!(schemas["metaprop/1"]["properties"]["k"]["type"], "integer");
/// ```
#[must_use]
pub fn all() -> Value {
    let mut schemas = json!({ SCHEMA: result() });
    for (name, schema) in review::all().into_iter().chain(further::all()).chain(simulation::all()) {
        schemas[name] = schema;
    }
    schemas
}
