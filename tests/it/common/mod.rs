//! What several modules share.

pub mod page;
pub mod program;
pub mod reference;
pub mod source;
pub mod tokens;

use metaprop::model::{Heterogeneity, HeterogeneityField, Value};

/// A number on heterogeneity by its key in the result document.
pub fn number(heterogeneity: &Heterogeneity, key: &str) -> Option<f64> {
    let field = HeterogeneityField::DOCUMENT.iter().find(|field| field.key() == key).expect("a key");
    heterogeneity.get(*field).and_then(Value::number)
}
