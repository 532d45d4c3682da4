//! A forest plot that is asked for step by step.

use std::path::Path;

use super::figure::figure;
use super::options::Options;
use super::signs::Signs;
use super::text::TextPlot;
use crate::analysis::MetaAnalysis;
use crate::error::Error;
use crate::format::NumberFormat;
use crate::options::Shown;
use crate::plot::figure::Figure;
use crate::plot::theme::Theme;

/// The forest plot of a result, from [`MetaAnalysis::forest`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct Forest<'a> {
    result: &'a MetaAnalysis,
    options: Options,
    signs: Signs,
}

impl MetaAnalysis {
    /// The forest plot: a row a study, the pooled values below, an axis of proportions.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta & co <2002>", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let svg = result.forest().title("Good response").svg();
    /// assert!(svg.starts_with("<svg ") && svg.contains("Beta &amp; co &lt;2002&gt;"));
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// result.forest().save(folder.path().join("forest.svg"))?;
    /// let error = result.forest().save("forest.bmp").unwrap_err().to_string();
    /// assert!(error.contains("the extension decides: .svg .png .pdf"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn forest(&self) -> Forest<'_> {
        let options = Options { display: self.number_format(), ..Options::default() };
        Forest { result: self, options, signs: Signs::default() }
    }
}

impl Forest<'_> {
    /// A title over the figure.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with_title(Some(title.into()))
    }

    /// A title over the figure, or none.
    pub(crate) fn with_title(mut self, title: Option<String>) -> Self {
        self.options.title = title;
        self
    }

    /// Per how many proportions are printed, and with how many decimals;
    /// [`number_format`](MetaAnalysis::number_format) where nothing is said.
    pub fn display(mut self, display: NumberFormat) -> Self {
        self.options.display = display;
        self
    }

    /// Which parts of the result are drawn, and what its totals count; [`Shown::of`] its spec where nothing is said.
    pub fn shown(mut self, shown: Shown) -> Self {
        (self.options.common, self.options.unit) = (shown.common, shown.unit);
        self
    }

    /// The id of the figure and the first part of every id in it, `forest` where nothing is said: a page with
    /// several figures needs one of its own for each.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.options.id = id.into();
        self
    }

    /// How many studies get a row, 500 where nothing is said. With more, the figure shows the pooled rows alone
    /// and says so.
    pub fn most_rows(mut self, most: usize) -> Self {
        self.options.most_rows = most;
        self
    }

    /// Colours and sizes.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.options.theme = theme;
        self
    }

    /// With which characters the plot is drawn as text; [`Signs::Unicode`] where nothing is said.
    pub fn signs(mut self, signs: Signs) -> Self {
        self.signs = signs;
        self
    }

    /// The plot as text of at most this many columns, 40 at least, each line ended: the same rows, axis and arrows as
    /// the figure, in characters.
    ///
    /// Names are cut where there is too little room, and then the weights and the counts are left out; estimates and
    /// intervals stay. With fewer than some 60 columns the end of a line may be cut, which its last character says.
    ///
    /// ```
    /// use metaprop::plot::Signs;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let text = result.forest().text(100);
    /// let row = text.lines().find(|line| line.starts_with("Gamma 2003")).unwrap();
    /// assert!(row.contains("──■──") && row.contains("31.8 (20.9 to 44.4)"), "{row}");
    /// assert!(result.forest().signs(Signs::Ascii).text(100).contains("--#--"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        self.text_plot(width).text()
    }

    /// Whether the text of this many columns has every name in full and every column of numbers.
    #[cfg(feature = "cli")]
    pub(crate) fn fits(&self, width: usize) -> bool {
        self.text_plot(width).is_whole()
    }

    /// The plot as text, in parts.
    pub(crate) fn text_plot(&self, width: usize) -> TextPlot<'_> {
        TextPlot::new(self.result, &self.options, self.signs, width)
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        figure(self.result, &self.options)
    }

    /// The figure as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        self.figure().to_svg()
    }

    /// Writes the figure into a file, in the format of its extension: `.svg`, `.png` or `.pdf`.
    ///
    /// # Errors
    ///
    /// As [`Figure::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.figure().save(path)
    }
}
