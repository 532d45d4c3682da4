//! A file of a report, as bytes.

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it stands, from the folder of the report, with `/` between.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    pub(super) fn new(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), bytes: text.into_bytes() }
    }
}
