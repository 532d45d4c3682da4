//! The native part of the Python package `metaprop`: what the library gives, as objects and texts.
//!
//! Words, figures and numbers are those of the library; what Python people expect of objects (attributes, pickling,
//! tables of the kind that came in) is in the Python files beside it.

mod arrow;
mod choices;
mod counts;
mod documents;
mod errors;
mod further;
mod group_keys;
mod groups;
mod pooled;
mod reviews;
mod table;
mod worker;

use pyo3::prelude::*;

/// The native module of the package metaprop.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<arrow::ArrowTable>()?;
    module.add_class::<documents::Documents>()?;
    module.add_class::<pooled::Pooled>()?;
    module.add_function(wrap_pyfunction!(pooled::pool, module)?)?;
    module.add_function(wrap_pyfunction!(further::further, module)?)?;
    module.add_function(wrap_pyfunction!(reviews::review, module)?)?;
    module.add_function(wrap_pyfunction!(groups::pool_groups, module)?)?;
    module.add_function(wrap_pyfunction!(choices::options, module)?)?;
    module.add_function(wrap_pyfunction!(table::data_sets, module)?)?;
    module.add_function(wrap_pyfunction!(worker::panic_for_tests, module)?)?;
    Ok(())
}
