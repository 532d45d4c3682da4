//! One way to write every result down: as text, Markdown, JSON, and where it is a table as CSV.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::json;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::output_file;

/// A form in which a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Words and aligned columns, for a terminal.
    Text,
    /// The document with every number, a key a line.
    Json,
    /// The same document on one line.
    Jsonl,
    /// Rows for spreadsheets and scripts.
    Csv,
    /// `CommonMark` with the tables of GitHub.
    Markdown,
    /// A page that a browser opens from disk.
    Html,
    /// A figure.
    Svg,
    /// Rows for programs that work with tables; in builds with the feature `tables`.
    Parquet,
}

impl Format {
    /// The extension of its files, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Parquet => "parquet",
        }
    }

    /// The format among these that the extension of a file names, whatever its case.
    ///
    /// ```
    /// use metaprop::report::Format;
    /// let known = [Format::Json, Format::Markdown];
    /// assert_eq!(Format::of("result.JSON".as_ref(), &known), Some(Format::Json));
    /// assert_eq!(Format::of("result.html".as_ref(), &known), None);
    /// ```
    #[must_use]
    pub fn of(path: &Path, known: &[Self]) -> Option<Self> {
        let extension = extension(path);
        known.iter().copied().find(|format| format.extension() == extension)
    }

    /// The extensions of these formats, each with its dot: `.json .md .txt`.
    pub(crate) fn extensions(known: &[Self]) -> String {
        known.iter().map(|format| format!(".{}", format.extension())).collect::<Vec<_>>().join(" ")
    }
}

/// The extension of a file in lower case, without the dot; empty where there is none.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase()
}

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
    /// let error = result.save("result.docx").unwrap_err().to_string();
    /// assert!(error.contains("'.docx' is not a format that is written"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let written = Format::of(path, Self::FORMATS).and_then(|format| write(self, format, false));
        let text = written.ok_or_else(|| {
            let what =
                format!("{}: '.{}' is not a format that is written", format::path(path), extension(path));
            let help = format!("the extension decides: {}", Format::extensions(Self::FORMATS));
            Error::Usage(vec![Problem::new(what).help(help)])
        })?;
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
        Format::Html | Format::Svg | Format::Parquet => None,
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
