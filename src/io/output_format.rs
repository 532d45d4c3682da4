//! The formats that results and figures are written in; the extension of a file decides which.

use std::path::Path;

use crate::error::{Error, Problem};
use crate::format;

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
    /// A document of Word.
    Word,
    /// A figure of shapes and text, for browsers and for programs that draw.
    Svg,
    /// A figure of pixels; feature `images`.
    Png,
    /// A figure on a page of its size, with its fonts; feature `images`.
    Pdf,
    /// Rows for programs that work with tables; feature `tables`.
    Parquet,
}

/// The formats of a figure.
pub(crate) const FIGURES: [Format; 3] = [Format::Svg, Format::Png, Format::Pdf];

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
            Self::Word => "docx",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
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

    /// The format of a file that is to be written, among these; what is wrong with its extension otherwise.
    pub(crate) fn of_output(path: &Path, known: &[Self]) -> Result<Self, Problem> {
        match Self::of(path, known) {
            Some(format) => format.drawn_here().map(|()| format).map_err(|wrong| Problem {
                what: format!("{}: {}", format::path(path), wrong.what),
                ..wrong
            }),
            None => {
                let what =
                    format!("{}: '.{}' is not a format that is written", format::path(path), extension(path));
                Err(Problem::new(what).help(format!("the extension decides: {}", Self::extensions(known))))
            }
        }
    }

    /// As [`of_output`](Self::of_output), for what stops at the first problem.
    pub(crate) fn of_file(path: &Path, known: &[Self]) -> Result<Self, Error> {
        Self::of_output(path, known).map_err(|problem| Error::Usage(vec![problem]))
    }

    /// Whether this build writes the format: PNG and PDF need the feature `images`.
    pub(crate) fn drawn_here(self) -> Result<(), Problem> {
        if cfg!(feature = "images") || !matches!(self, Self::Png | Self::Pdf) {
            return Ok(());
        }
        let what = format!("builds without the feature 'images' write no .{}", self.extension());
        Err(Problem::new(what).help(
            "install the program with it: cargo install metaprop --features images; or write an .svg file",
        ))
    }

    /// Whether it is that of a figure.
    #[cfg(feature = "cli")]
    pub(crate) fn is_of_a_figure(&self) -> bool {
        FIGURES.contains(self)
    }

    /// The extensions of these formats, each with its dot: `.json .md .txt`.
    fn extensions(known: &[Self]) -> String {
        known.iter().map(|format| format!(".{}", format.extension())).collect::<Vec<_>>().join(" ")
    }
}

/// The extension of a file in lower case, without the dot; empty where there is none.
fn extension(path: &Path) -> String {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase()
}
