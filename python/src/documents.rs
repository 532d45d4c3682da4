//! A result as the documents that the program makes of it.

use metaprop::plot::Figure;
use metaprop::report::Document;
use pyo3::prelude::*;

/// What is shown of a result: its document, and the same for people.
#[pyclass(frozen, get_all, module = "metaprop._native")]
#[derive(Debug, Clone)]
pub struct Documents {
    /// The document, as `--format json` prints it.
    pub json: String,
    /// As the program prints it.
    pub text: String,
    /// As Markdown.
    pub markdown: String,
    /// Its rows, where it is a table.
    pub csv: Option<String>,
    /// Its figure as SVG, where it has one.
    pub svg: Option<String>,
    /// How printed figures were read, where a sentence had them.
    pub reading: Option<String>,
}

impl Documents {
    /// Of a report and its figure.
    pub fn of(report: &impl Document, figure: Option<Figure>) -> Self {
        Self {
            json: report.json(),
            text: report.text(false),
            markdown: report.markdown(),
            csv: report.csv(),
            svg: figure.map(|figure| figure.to_svg()),
            reading: None,
        }
    }
}

/// A figure or a page with the title that was given, where one was.
macro_rules! titled {
    ($of:expr, $title:expr) => {
        match $title {
            Some(title) => $of.title(title),
            None => $of,
        }
    };
}
pub(crate) use titled;
