//! Tables from and to Python by the Arrow PyCapsule interface: buffers are shared, nothing is copied.

use std::ffi::CStr;

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::SchemaRef;
use metaprop::Error;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// The name that the interface gives to a capsule with a stream.
const STREAM: &CStr = c"arrow_array_stream";

/// A table in the memory of the extension: anything that takes an Arrow stream can have it.
///
/// It is what `pyarrow.table(x)` and `polars.DataFrame(x)` are made from without copying.
#[pyclass(frozen, module = "metaprop._native")]
#[derive(Debug, Clone)]
pub struct ArrowTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl ArrowTable {
    /// A table of one batch.
    pub fn of(batch: RecordBatch) -> Self {
        Self { schema: batch.schema(), batches: vec![batch] }
    }

    /// The table of an object that has an Arrow stream.
    ///
    /// # Errors
    ///
    /// What the object raises, and [`Error::Data`] as an exception where its stream is no table.
    pub fn import(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds a valid stream, says the interface; moving it out leaves a released one.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        // A stream may run Python or wait for threads that do.
        let read = py.detach(move || -> Result<Self, arrow_schema::ArrowError> {
            let reader = RecordBatchStreamReader::try_new(stream)?;
            let schema = reader.schema();
            Ok(Self { schema, batches: reader.collect::<Result<_, _>>()? })
        });
        read.map_err(|error| {
            crate::errors::exception(
                py,
                &Error::data(format!("the Arrow stream is no table that can be read: {error}")),
            )
        })
    }

    /// The names and types of the columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows, some at a time.
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }
}

#[pymethods]
impl ArrowTable {
    /// The table as an Arrow stream.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A producer may give its own types where it cannot give those that were asked for.
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
