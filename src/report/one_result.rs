//! One result for people to read: on a terminal, in Markdown, or as an HTML page.

use std::path::Path;

use super::document::{Document, Format, displayed};
use super::{csv, json};
use crate::analysis::MetaAnalysis;
use crate::error::Error;
use crate::format::NumberFormat;
use crate::io::output_file;
use crate::options::Shown;
use crate::plot::{Appearance, Signs};

/// A result as people read it, from [`MetaAnalysis::page`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is made until it is written: text, markdown, html or save"]
pub struct Page<'a> {
    pub(super) result: &'a MetaAnalysis,
    pub(super) title: Option<String>,
    pub(super) display: NumberFormat,
    pub(super) shown: Shown,
    pub(super) appearance: Appearance,
    pub(super) most: usize,
    pub(super) plot: Option<(usize, Signs)>,
}

/// How many studies the text lists where nothing is said.
pub(crate) const MOST_ROWS: usize = 40;

/// What a page can be saved as.
const FORMATS: [Format; 4] = [Format::Html, Format::Word, Format::Markdown, Format::Text];

impl MetaAnalysis {
    /// The result as people read it.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let page = result.page().title("Two series").display(NumberFormat::per(1000));
    /// assert!(page.markdown().starts_with("# Two series\n"));
    /// assert!(page.text(false).contains("Per 1,000"));
    /// assert!(page.html().contains("<h1>Two series</h1>"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn page(&self) -> Page<'_> {
        Page {
            result: self,
            title: None,
            display: self.number_format(),
            shown: Shown::of(&self.spec),
            appearance: Appearance::default(),
            most: MOST_ROWS,
            plot: None,
        }
    }
}

impl Document for MetaAnalysis {
    const SCHEMA: &'static str = json::SCHEMA;
    const FORMATS: &'static [Format] =
        &[Format::Json, Format::Jsonl, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        self.page().text(color)
    }

    fn markdown(&self) -> String {
        self.page().markdown()
    }

    fn csv(&self) -> Option<String> {
        Some(csv::text(self, csv::Rows::All))
    }
}

displayed!(MetaAnalysis);

impl<'a> Page<'a> {
    /// The result that it shows.
    #[cfg(feature = "cli")]
    pub(crate) const fn result(&self) -> &'a MetaAnalysis {
        self.result
    }

    /// Its title; the name of the data where nothing is said. The text on a terminal has none.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with_title(Some(title.into()))
    }

    /// Its title, or the name of the data.
    pub(crate) fn with_title(mut self, title: Option<String>) -> Self {
        self.title = title;
        self
    }

    /// Per how many proportions are written, and with how many decimals;
    /// [`number_format`](MetaAnalysis::number_format) where nothing is said.
    pub fn display(mut self, display: NumberFormat) -> Self {
        self.display = display;
        self
    }

    /// How its figure looks, where it has one.
    pub fn appearance(mut self, appearance: Appearance) -> Self {
        self.appearance = appearance;
        self
    }

    /// Which parts of the result are there, and what its totals count; [`Shown::of`] its spec where nothing is said.
    pub fn shown(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }

    /// How many studies the text on a terminal lists, 40 where nothing is said.
    pub fn most_rows(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// A forest plot in the place of the table of studies in the text, of at most this many columns: as
    /// [`Forest::text`](crate::plot::Forest::text), which has the numbers of that table too.
    ///
    /// ```
    /// use metaprop::plot::Signs;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13)])?, &Spec::default())?;
    /// assert!(result.page().plot(100, Signs::Unicode).text(false).contains('■'));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn plot(mut self, width: usize, signs: Signs) -> Self {
        self.plot = Some((width, signs));
        self
    }

    /// Writes the page into a file, in the format of its extension: `.html`, `.docx`, `.md` or `.txt`. The file is
    /// written whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the extension is none of these, and [`Error::File`] where the file cannot be
    /// written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let bytes = match Format::of_file(path, &FORMATS)? {
            Format::Html => self.html().into_bytes(),
            Format::Word => self.word()?,
            Format::Markdown => self.markdown().into_bytes(),
            _ => self.text(false).into_bytes(),
        };
        output_file::write(path, |out| out.write_all(&bytes))
    }
}
