//! One way to write every result down: as text, Markdown, JSON, and where it is a table as CSV.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::json;
use crate::error::Error;
use crate::io::output_file;
pub use crate::io::output_format::Format;

/// A result that is written down for people and for programs.
///
/// `Display` is its [`text`](Self::text) without colour, and `Serialize` is its JSON document, which names its
/// kind and version under `schema`.
///
/// ```
/// use metaprop::report::Document;
/// use metaprop::{Dataset, Spec, fit};
///
/// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13)])?;
/// let result = fit(&data, &Spec::default())?;
/// assert_eq!(result.to_string(), result.text(false));
/// assert!(result.json().starts_with("{\n  \"schema\": \"metaprop/1\","));
/// assert!(result.markdown().starts_with("# Pooled proportion\n"));
/// assert!(result.csv().unwrap().starts_with("row,study,"));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub trait Document: Serialize + fmt::Display + Sized {
    /// The kind and version of the JSON document: what stands under its key `schema`.
    const SCHEMA: &'static str;
    /// The formats that a file can have, in the order in which messages list them.
    const FORMATS: &'static [Format] = &[Format::Json, Format::Markdown, Format::Text];

    /// In words and aligned columns; with `color`, bold and dim by the codes of a terminal.
    fn text(&self, color: bool) -> String;

    /// As Markdown.
    fn markdown(&self) -> String;

    /// A row an entry, with every digit; `None` where the result is no table.
    fn csv(&self) -> Option<String> {
        None
    }

    /// The document, a key a line and an entry of its lists a line, with a line feed at the end.
    fn json(&self) -> String {
        json::text(self, json::Layout::Indented)
    }

    /// Writes the result into a file, in the format of its extension; the file is written whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the extension is none of [`FORMATS`](Self::FORMATS), and [`Error::File`] where the
    /// file cannot be written.
    ///
    /// ```
    /// use metaprop::report::Document;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let result = fit(&Dataset::read("@miller1978")?, &Spec::default())?;
    /// let file = folder.path().join("result.json");
    /// result.save(&file)?;
    /// assert_eq!(std::fs::read_to_string(file).unwrap(), result.json());
    /// let error = result.save("result.odt").unwrap_err().to_string();
    /// assert!(error.contains("'.odt' is not a format that is written"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let text = write(self, Format::of_file(path, Self::FORMATS)?, false).unwrap_or_default();
        output_file::write(path, |out| out.write_all(text.as_bytes()))
    }
}

/// The result in this format; `None` where it has no such form.
pub(crate) fn write(document: &impl Document, format: Format, color: bool) -> Option<String> {
    match format {
        Format::Text => Some(document.text(color)),
        Format::Json => Some(document.json()),
        Format::Jsonl => Some(json::text(document, json::Layout::Line)),
        Format::Csv => document.csv(),
        Format::Markdown => Some(document.markdown()),
        Format::Html | Format::Word | Format::Svg | Format::Png | Format::Pdf | Format::Parquet => None,
    }
}

/// `Display` of a type is its text.
macro_rules! displayed {
    ($document:ty) => {
        impl std::fmt::Display for $document {
            /// As [`Document::text`], without colour.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.text(false))
            }
        }
    };
}
pub(super) use displayed;
