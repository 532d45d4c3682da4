//! The errors of the library as exceptions of the package.

use metaprop::{Error, Problem};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

pyo3::import_exception!(metaprop._errors, MetapropError);
pyo3::import_exception!(metaprop._errors, UsageError);
pyo3::import_exception!(metaprop._errors, DataError);
pyo3::import_exception!(metaprop._errors, ConvergenceError);
pyo3::import_exception!(metaprop._errors, FileError);
pyo3::import_exception!(metaprop._errors, InternalError);

/// The exception of an error, with the message that the program prints.
pub fn exception(py: Python<'_>, error: &Error) -> PyErr {
    let message = error.to_string();
    let (raised, problems) = match error {
        Error::Usage(problems) | Error::AnalysisFile(problems) => {
            (UsageError::new_err(message), &problems[..])
        }
        Error::Data(problems) => (DataError::new_err(message), &problems[..]),
        Error::NoConvergence(_) => (ConvergenceError::new_err(message), &[][..]),
        Error::File { .. } => (FileError::new_err(message), &[][..]),
        _ => (MetapropError::new_err(message), &[][..]),
    };
    // Without the list the message says the same.
    if let Ok(list) = listed(py, problems) {
        let _ = raised.value(py).setattr("problems", list);
    }
    raised
}

/// A usage error of this package itself.
pub fn usage(what: impl Into<String>, help: impl Into<String>) -> Error {
    Error::Usage(vec![Problem::new(what).help(help)])
}

fn listed<'py>(py: Python<'py>, problems: &[Problem]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for problem in problems {
        let entry = PyDict::new(py);
        entry.set_item("line", problem.line)?;
        entry.set_item("column", &problem.column)?;
        entry.set_item("what", &problem.what)?;
        entry.set_item("help", &problem.help)?;
        list.append(entry)?;
    }
    Ok(list)
}
