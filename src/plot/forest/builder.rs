//! A forest plot that is asked for step by step.

use std::path::Path;

use super::figure;
use super::options::Options;
use super::signs::Signs;
use super::text::TextPlot;
use crate::analysis::MetaAnalysis;
use crate::error::Error;
use crate::format::NumberFormat;
use crate::options::{AxisKind, Label, Page, Shown};
use crate::plot::appearance::Appearance;
use crate::plot::figure::Figure;
use crate::plot::theme::Theme;

/// The forest plot of a result, from [`MetaAnalysis::forest`]: say how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct Forest<'a> {
    /// The outcomes with their titles, which a figure of several shows.
    outcomes: Vec<(String, &'a MetaAnalysis)>,
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
        Forest { outcomes: vec![(String::new(), self)], options, signs: Signs::default() }
    }
}

impl<'a> Forest<'a> {
    /// The title of its outcome, which a figure of several shows.
    pub fn outcome(mut self, title: impl Into<String>) -> Self {
        self.outcomes[0].0 = title.into();
        self
    }

    /// Also this outcome, in a block of its own below.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let good = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)])?, &Spec::default())?;
    /// let partial = fit(&Dataset::proportions([("A", 2, 12), ("B", 3, 13)])?, &Spec::default())?;
    /// let svg = good.forest().outcome("Good").and("Partial", &partial).svg();
    /// assert!(svg.contains(">Good<") && svg.contains(">Partial<"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn and(mut self, title: impl Into<String>, result: &'a MetaAnalysis) -> Self {
        self.outcomes.push((title.into(), result));
        self
    }

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

    /// Everything that was asked of figures: theme, columns, axis and size.
    pub fn appearance(mut self, appearance: &Appearance) -> Self {
        let (drawing, options) = (appearance.drawing(), &mut self.options);
        options.theme = appearance.theme().clone();
        options.order = appearance.order().cloned();
        (options.covariates, options.bias) = (drawing.columns.clone(), drawing.risk_of_bias.clone());
        options.hidden = drawing.hide.clone();
        for label in &drawing.label {
            match label {
                Label::Axis(title) => options.axis_title = Some(title.clone()),
                Label::Head(column, head) => options.heads.push((*column, head.clone())),
            }
        }
        options.log_axis = drawing.axis == Some(AxisKind::Log);
        options.axis_limits = drawing.axis_limits.map(|limits| limits.ends);
        (options.width, options.compact) = (drawing.width, drawing.compact.is_some());
        self
    }

    /// Without the notes below the figure, but for the line on heterogeneity: they are its [`legend`](Self::legend).
    pub fn without_notes(mut self) -> Self {
        self.options.notes = false;
        self
    }

    /// What is said of the figure, in sentences: for the legend below it in print.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
    /// let legend = fit(&data, &Spec::default())?.forest().legend();
    /// assert!(legend[0].starts_with("Heterogeneity: τ² = "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn legend(&self) -> Vec<String> {
        figure::legend(&self.outcomes, &self.options)
    }

    /// The figure on pages, each with the heads, the axis and its number: one where everything fits.
    ///
    /// ```
    /// use metaprop::options::Page;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let names: Vec<String> = (0..120).map(|number| format!("Study {number}")).collect();
    /// let data = Dataset::proportions(names.iter().map(|name| (name.as_str(), 3, 10)))?;
    /// let pages = fit(&data, &Spec::default())?.forest().pages(Page::A4);
    /// assert_eq!(pages.len(), 3);
    /// assert!(pages[2].title.ends_with("(page 3 of 3)"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn pages(&self, page: Page) -> Vec<Figure> {
        figure::pages(&self.outcomes, &self.options, page.millimetres())
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
        TextPlot::new(&self.outcomes, &self.options, self.signs, width)
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        figure::of_several(&self.outcomes, &self.options)
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
